"""A workbook that was given out and has come back: whose it is, and which template it was."""

from typing import NamedTuple

from gouji_checks.altered import AlteredCell, SheetChange, changed_cells, changed_sheets
from gouji_checks.book import Book, label_cell
from gouji_checks.evaluate import Evaluation
from gouji_checks.finding import Address
from gouji_checks.fingerprint import fingerprint
from gouji_checks.stamps import Stamp, stamps
from gouji_templates import __version__


class Returned(NamedTuple):
    """A stamped workbook: what its first sheet says, what its file's properties say, and how it was altered."""

    book: Book
    sheet: Stamp
    file: Stamp
    stamp: Stamp
    """What it was when it was given out; the first sheet speaks where the properties are lost."""
    fingerprint: str
    """Of the form and relations that this check goes by."""
    cells: tuple[AlteredCell, ...]
    sheets: tuple[SheetChange, ...]


def recognise(book: Book, evaluation: Evaluation) -> Returned:
    """A stamped workbook, examined. Its formulas are known only of the template that is given out today."""
    sheet, file = stamps(book)
    stamp = Stamp(*(mine or other for mine, other in zip(file, sheet, strict=True)))
    catalogue = evaluation.system.catalogue
    current = fingerprint(catalogue)
    cells: tuple[AlteredCell, ...] = ()
    sheets: tuple[SheetChange, ...] = ()
    if book.workbook.xml is not None and (stamp.version, stamp.fingerprint) == (__version__, current):
        cells, sheets = tuple(changed_cells(book, evaluation)), tuple(changed_sheets(book, catalogue))
    return Returned(book, sheet, file, stamp, current, cells, sheets)


def info_cell(book: Book, field: str) -> str:
    """The cell of the first sheet beside this label; its first cell where the label is gone."""
    return label_cell(book, field) or str(Address(book.form.info_sheet, 0, 0))
