"""How a person is told, in one Chinese sentence, why a button did nothing."""

from collections.abc import Iterator
from typing import Protocol

_TITLE = "预算公开"

BUSY = "Excel 正在编辑单元格或开着对话框，请按回车结束编辑、关掉对话框，再点按钮。"

GONE = "找不到这个按钮要处理的工作簿，可能刚刚关闭或改了名。请打开工作簿，再点按钮。"

# RPC_E_CALL_REJECTED, RPC_E_SERVERCALL_RETRYLATER and VBA_E_IGNORE.
_BUSY = {-2147418111, -2147417846, -2146777998}
# RPC_E_DISCONNECTED, CO_E_OBJNOTCONNECTED and RPC_S_SERVER_UNAVAILABLE.
_GONE = {-2147417848, -2147220995, -2147023174}


class Stopped(Exception):  # noqa: N818
    """A button can't do what it is for; str() is one Chinese sentence: what is in the way and what to do."""


class Unexplained(Stopped):
    """Excel refused, and what it said is no help but to whoever looks into it."""


class Declined(Exception):  # noqa: N818
    """The person has said no to a question: nothing is to be done, and nothing to be said."""


def half_done(error: Exception, what: str, advice: str) -> Stopped:
    """What is raised where an error left cells changed that could not be put back: why, which for a fault of ours is
    just what did not come about, and what to do now."""
    reason = error if isinstance(error, Stopped) else Unexplained(what)
    return type(reason)(f"{reason}有的格没有能恢复，{advice}")


class Asking(Protocol):
    """What an xlwings App offers for a question; the remote engine returns nothing."""

    def alert(self, prompt: str, title: str, buttons: str, mode: str) -> str | None: ...


class Alerting(Protocol):
    """What an xlwings App offers for a message, Excel's own engine and the remote one alike."""

    def alert(self, prompt: str, title: str) -> object: ...


def tell(app: Alerting, sentence: str) -> None:
    """A message box of Excel's; the button has failed only for the person, not for RunPython, which would show a
    traceback."""
    app.alert(sentence, _TITLE)


def ask(app: Asking, question: str, buttons: str) -> str:
    """The button that was pressed, of those that xlwings knows by a name such as yes_no; nothing where it can't be
    known."""
    return app.alert(question, _TITLE, buttons, "info") or ""


def is_busy(error: BaseException) -> bool:
    """Whether Excel refused a call because a cell is being edited or a dialogue is open."""
    return not _BUSY.isdisjoint(_numbers(error)) or type(error).__name__ == "ExcelBusyError"


def is_gone(error: BaseException) -> bool:
    """Whether the workbook, or Excel, was closed before the call."""
    return not _GONE.isdisjoint(_numbers(error))


def _numbers(error: BaseException) -> Iterator[int]:
    """Of an error and those behind it, which xlwings may have hidden. COM's errors hold their number first; where Excel
    itself raised one, its own number is the last of the third part."""
    for part in error.args:
        yield from (one for one in (part if isinstance(part, tuple) else (part,)) if isinstance(one, int))
    behind = error.__cause__ or error.__context__
    if behind:
        yield from _numbers(behind)
