"""What surrounds every button: whatever stops it, the person is told in one Chinese sentence."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import xlwings as xw

from gouji_addin.log import record
from gouji_addin.message import BUSY, GONE, Declined, Stopped, Unexplained, is_busy, is_gone, tell
from gouji_checks.source import Unreadable

_FAULT = "没有完成，程序出了错。"
_LOGGED = "详情记在 {path}，请把这个文件发给维护人员。"
_NOT_LOGGED = "请保存工作簿、重新打开 Excel 再试。"


@contextmanager
def told(book: xw.Book | None = None) -> Iterator[xw.Book]:
    """The workbook that a button is for, the one that called if none is given.

    A reason to stop becomes a message box. So does anything else, a fault of ours. The traceback of a fault, and of the
    error behind a reason, goes to the log.
    Raises SystemExit with the sentence if Excel can't show a message box, for RunPython to show it, and without
    one after telling that the workbook is gone.
    """
    found = book or _caller()
    try:
        yield found
    except Declined:
        return
    except Exception as error:
        _tell(found, _sentence(error, found))


def _caller() -> xw.Book:
    try:
        return xw.Book.caller()
    except Exception as error:
        _tell(None, BUSY if is_busy(error) else GONE)
        sys.exit()


def _sentence(error: Exception, book: xw.Book) -> str:
    if isinstance(error, Stopped):
        kept = _recorded(error, book) if error.__cause__ else None
        return str(error) + (_LOGGED.format(path=kept) if kept and isinstance(error, Unexplained) else "")
    if isinstance(error, Unreadable):
        return str(error)
    if is_busy(error):
        return BUSY
    if is_gone(error):
        return GONE
    path = _recorded(error, book)
    return _FAULT + (_LOGGED.format(path=path) if path else _NOT_LOGGED)


def _recorded(error: Exception, book: xw.Book) -> Path | None:
    # The traceback begins here; the button is who stands inside.
    trace = error.__traceback__ and error.__traceback__.tb_next
    return record(error, trace.tb_frame.f_code.co_name if trace else "", _name(book))


def _name(book: xw.Book) -> str:
    try:
        return str(book.name)
    except Exception:
        return "closed meanwhile"


def _tell(book: xw.Book | None, sentence: str) -> None:
    """By the Excel that holds the workbook, or if that can't be asked, by the one in front."""
    places: list[Callable[[], xw.App | None]] = [lambda: book.app if book else None, lambda: xw.apps.active]
    for excel in places:
        with suppress(Exception):
            app = excel()
            if app is not None:
                return tell(app, sentence)
    raise SystemExit(sentence)
