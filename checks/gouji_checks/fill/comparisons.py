"""What the sheets that compare with last year show before anybody has recalculated them."""

from decimal import Decimal

from gouji_checks.book import Book
from gouji_checks.edit.insertion import SheetEdit
from gouji_checks.edit.sheet import SheetXml, Value
from gouji_checks.live import comparison_marks as marks
from gouji_checks.live import comparison_sheet as columns
from gouji_checks.live.comparison_values import BLANK_LINE, ShownLine, Values, values
from gouji_checks.source import Sheet
from gouji_templates.content import COMPARISONS
from gouji_templates.form import Comparison


def bring_up_to_date(edit: SheetEdit, book: Book) -> None:
    """Gives the formulas of the sheets the values that they will come to."""
    comparison = book.form.comparison
    sheets = [sheet for sheet in book.others if sheet.name in COMPARISONS]
    if comparison is None or not sheets:
        return
    found = values(book)
    for sheet in sheets:
        _update(edit.sheet(sheet.name), sheet, book, comparison, found)


def _update(xml: SheetXml, sheet: Sheet, book: Book, comparison: Comparison, found: Values) -> None:
    groups = [group for group in comparison.groups if group.sheet == sheet.name]
    new: dict[tuple[int, int], Value] = {}
    formulas = list(xml.formulas())
    last = max([line for line, _, _ in formulas], default=0)
    rows: dict[str, dict[int, tuple[ShownLine | None, str]]] = {group.id: {} for group in groups}
    for line, group, index in columns.lines_on(sheet.rows, groups, last):
        if group is None:
            label = sheet.rows[line][columns.LABEL] if line < len(sheet.rows) else ""
            each = found.per_head.get(str(label), "")
            new[line, columns.AMOUNT] = Decimal(each) if each else ""
            continue
        lines = found.groups[group.id]
        there = lines[index] if index < len(lines) else None
        rows[group.id][line] = there, _reason(sheet, line)
        shown = there or BLANK_LINE
        new |= {(line, column): value for column, value in columns.shown_cells(shown, book.form).items()}
        if group.codes:
            new |= {(line, columns.ID): shown.id, (line, columns.LABEL): shown.label}
    text = columns.growth_note(comparison) if columns.grows_from_zero(groups, found) else ""
    marked = [marks.marked(group, rows[group.id], found.printed) for group in groups if rows[group.id]]
    for one in marked:
        new |= {(line, columns.MARKS.mark): mark for line, mark in enumerate(one.shown, one.first)}
    for line, column, cell in formulas:
        if (line, column) in new:
            xml.cache(line, column, new[line, column])
        elif column == columns.ID and marks.TO_WRITE in cell.formula:
            xml.cache(line, column, marks.sentence(marked))
        elif column == columns.ID and "COUNTIFS(" in cell.formula:
            xml.cache(line, column, text)


def _reason(sheet: Sheet, line: int) -> str:
    """The 增减原因 in a row, which may lie below what could be read."""
    row = sheet.rows[line] if line < len(sheet.rows) else []
    said = row[columns.MARKS.reason] if columns.MARKS.reason < len(row) else ""
    return said.strip() if isinstance(said, str) else ""
