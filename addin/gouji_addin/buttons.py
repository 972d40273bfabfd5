"""What the buttons of the ribbon do: each tag names a function here, which RunPython calls without arguments."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import xlwings as xw

from gouji_addin.message import Stopped, tell
from gouji_addin.results import results
from gouji_addin.sheets import remove, without_results, write
from gouji_addin.source import BookSource
from gouji_checks.check import check
from gouji_checks.source import MemorySource, Unreadable


def validate(book: xw.Book | None = None, clock: Callable[[], datetime] = datetime.now) -> None:
    """校验: the findings of the command line, on a sheet of the workbook and marked in its tables."""
    book = book or xw.Book.caller()
    with _told(book):
        workbook = without_results(BookSource(book).read())
        write(book, results(book.name, check(MemorySource(workbook)), clock()))


def clear_marks(book: xw.Book | None = None) -> None:
    """清除标记: the workbook as it was before 校验."""
    book = book or xw.Book.caller()
    with _told(book):
        without_results(BookSource(book).read())
        remove(book)


@contextmanager
def _told(book: xw.Book) -> Iterator[None]:
    """A reason to stop becomes a message box; anything else is a fault of ours and goes on to RunPython."""
    try:
        yield
    except (Stopped, Unreadable) as error:
        tell(book.app, str(error))
