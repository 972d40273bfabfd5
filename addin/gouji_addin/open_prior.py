"""Last year's workbook among those that are open beside this year's."""

from typing import NamedTuple

import xlwings as xw

from gouji_addin.message import Stopped
from gouji_addin.source import BookSource
from gouji_checks.book import read_book
from gouji_checks.compare.prior import Prior, Whose, from_workbook
from gouji_checks.source import Unreadable
from gouji_templates.form import Form


class Beside(NamedTuple):
    """What the one that fits says, if any does, and a sentence for each that does not."""

    prior: Prior | None
    refused: tuple[str, ...]


def open_prior(book: xw.Book, this: Whose, form: Form) -> Beside:
    """What last year's workbook of the same department says; raises Stopped where more than one is open."""
    fitting: list[Prior] = []
    refused: list[str] = []
    for other in book.app.books:
        if other.name == book.name:
            continue
        try:
            fitting.append(from_workbook(read_book(BookSource(other).read(), form), this, other.name))
        except Unreadable as error:
            refused.append(str(error))
    if len(fitting) > 1:
        names = "、".join(f"“{one.file}”" for one in fitting)
        raise Stopped(f"打开着的本部门上年工作簿不止一个：{names}。请只留一个，关掉其他的，再点按钮。")
    return Beside(fitting[0] if fitting else None, tuple(refused))
