"""How a person is told, in one Chinese sentence, why a button did nothing."""

from typing import Protocol

_TITLE = "预算公开"


class Stopped(Exception):  # noqa: N818
    """A button can't do what it is for; str() is one Chinese sentence: what is in the way and what to do."""


class Alerting(Protocol):
    """What an xlwings App offers for it, Excel's own engine and the remote one alike."""

    def alert(self, prompt: str, title: str) -> object: ...


def tell(app: Alerting, sentence: str) -> None:
    """A message box of Excel's; the button has failed only for the person, not for RunPython, which would show a
    traceback."""
    app.alert(sentence, _TITLE)
