"""What the sheets that check show before anybody has recalculated them: brought up to date with the tables."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji_checks.book import Book, read_book
from gouji_checks.edit.insertion import SheetEdit
from gouji_checks.edit.parts import FileParts
from gouji_checks.edit.sheet import Value
from gouji_checks.evaluate import Evaluation, evaluate
from gouji_checks.relation import Catalogue
from gouji_checks.source import Rows, read_package
from gouji_templates.content import RELATIONS
from gouji_templates.results import AGREED, IDLE

if TYPE_CHECKING:
    from gouji_checks.live.summary import RelationLine


def with_verdicts(data: bytes, catalogue: Catalogue) -> bytes:
    """The file, its formulas on 勾稽关系 and beside the tables showing what they will come to."""
    workbook = read_package(data)
    rows = next((sheet.rows for sheet in workbook.sheets if sheet.name == RELATIONS), None)
    if rows is None:
        return data
    # Only a template has the sheet, and only then is what writes it needed.
    from gouji_checks.fill.comparisons import bring_up_to_date
    from gouji_checks.live.summary import lines

    book = read_book(workbook, catalogue.form)
    evaluation = evaluate(catalogue, book)
    parts = FileParts(data)
    edit = SheetEdit(parts)
    sheet = edit.sheet(RELATIONS)
    for line, column, value in _relations(rows, lines(book, evaluation)):
        if sheet.cell(line, column).formula:
            sheet.cache(line, column, value)
    _mark(edit, book, evaluation)
    bring_up_to_date(edit, book)
    edit.close()
    return parts.packed()


def _relations(rows: Rows, said: Mapping[str, "RelationLine"]) -> Iterator[tuple[int, int, Value]]:
    """Row, column and value of what 勾稽关系 shows, wherever its lines have been sorted to."""
    from gouji_checks.live import relation_sheet as columns
    from gouji_checks.live.summary import headline

    for number in range(columns.FIRST_LINE):
        yield number, 0, headline(list(said.values()))
    filled = any(line.result != IDLE for line in said.values())
    for number, row in enumerate(rows[columns.FIRST_LINE :], columns.FIRST_LINE):
        line = said.get(str(row[columns.ID]))
        if line is None and filled and row[columns.RESULT] == IDLE:
            # A line about what no relation can see, which says nothing as long as there are no figures.
            yield number, columns.RESULT, AGREED
        if line:
            yield number, columns.WHERE, line.where
            amounts = (line.left, line.right, line.difference, line.allowed)
            for column, amount in enumerate(amounts, columns.LEFT):
                yield number, column, Decimal(amount) if amount else ""
            yield number, columns.RESULT, line.result
            yield number, columns.LINK, line.address


def _mark(edit: SheetEdit, book: Book, evaluation: Evaluation) -> None:
    """What stands beside each row of the coded tables."""
    from gouji_checks.live.marks import is_marked, marks_of

    marks = marks_of(book, evaluation)
    for name, figures in book.figures.items():
        if not is_marked(figures.part.side.block):
            continue
        sheet = edit.sheet(figures.home.sheet.name)
        last = max(column for column in figures.part.side.columns if column is not None)
        for line, column, cell in list(sheet.formulas()):
            if column > last and f"{name}_标记" in cell.formula:
                sheet.cache(line, column, marks.get((name, line), ""))
