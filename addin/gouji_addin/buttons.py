"""What the buttons of the ribbon do: each tag names a function here, which RunPython calls without arguments."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import xlwings as xw

from gouji_addin.beforehand import may_go, ready
from gouji_addin.frame import told
from gouji_addin.results import results
from gouji_addin.sheets import OURS, remove, write
from gouji_addin.source import BookSource
from gouji_checks.check import check
from gouji_checks.source import MemorySource


def validate(book: xw.Book | None = None, clock: Callable[[], datetime] = datetime.now) -> None:
    """校验: the findings of the command line, on a sheet of the workbook and marked in its tables."""
    with told(book) as book:
        workbook = BookSource(book).read()
        ready(book, workbook)
        may_go(book.app, workbook)
        # Of the sheets that we add a check knows by their names what to say.
        write(book, results(book.name, check(MemorySource(workbook)), clock()))


def clear_marks(book: xw.Book | None = None) -> None:
    """清除标记: the workbook as it was before 校验, and, asked first, without what 填充 keeps hidden in it."""
    from gouji_addin.undo import drop_if_told

    with told(book) as book:
        # Whatever else has become too large to be read.
        workbook = BookSource(book, only=OURS).read()
        ready(book, workbook, lists=False)
        may_go(book.app, workbook)
        remove(book)
        drop_if_told(book, workbook)


def fill(book: xw.Book | None = None, clock: Callable[[], datetime] = datetime.now) -> None:
    """填充: derived figures, or all tables from the line items, as the command line's fill gives them."""
    from gouji_addin.filling import fill_book

    with told(book) as book:
        fill_book(book, clock())


def restore(book: xw.Book | None = None) -> None:
    """撤销填充: the workbook as it was before the last 填充."""
    from gouji_addin.restoring import restore_book

    with told(book) as book:
        restore_book(book)


def compare(book: xw.Book | None = None, clock: Callable[[], datetime] = datetime.now) -> None:
    """对比: this year against last year on the workbook's sheets, as the command line's compare gives it."""
    from gouji_addin.comparing import compare_book

    with told(book) as book:
        compare_book(book, clock())


def new_template(book: xw.Book | None = None, folder: Path | None = None) -> None:
    """新建模板: a blank template in this folder, else among the user's documents, opened beside the workbook."""
    from gouji_addin.new_template import documents, open_new

    with told(book) as book:
        open_new(book.app, folder or documents())


def help(book: xw.Book | None = None, open_page: Callable[[Path], bool] | None = None) -> None:
    """帮助: the page that explains the add-in, opened in the browser or by what is given."""
    from gouji_addin.help_page import show

    with told(book):
        show(open_page)
