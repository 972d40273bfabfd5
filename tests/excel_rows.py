"""Rows put into a sheet of the Excel for tests and taken out again, and what speaks of the rows below moved along."""

from copy import copy
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.merge import MergedCellRange
from openpyxl.worksheet.worksheet import Worksheet

from gouji_checks.edit.references import Insert, Shift
from tests.excel_formulas import Formulas


class Closed(Shift):
    """Where the rows of a sheet go when some of them, counted from 0, are taken out."""

    def __init__(self, first: int, count: int) -> None:
        super().__init__([])
        self._first, self._count = first, count

    def line(self, line: int) -> int:
        """The new place of a row; of one that is gone, that of the next."""
        return line if line < self._first else max(line - self._count, self._first)


def insert(sheet: Worksheet, formulas: Formulas, first: int, count: int, above: bool) -> None:
    """Put blank rows in front of a row, counted from 1, that look like the one above them or the one below."""
    shift = Shift([Insert(sheet.title, first - 1, False)] * count)
    sheet.insert_rows(first, count)
    _follow(sheet, formulas, shift)
    model = first - 1 if above else first + count
    for row in range(first, first + count):
        sheet.row_dimensions[row].height = sheet.row_dimensions[model].height
        for column in range(1, sheet.max_column + 1):
            if (model, column) in sheet._cells:
                new: Any = sheet.cell(row, column)
                like: Any = sheet._cells[model, column]
                new._style = copy(like._style)
    for area in sheet.merged_cells.ranges:
        for row, column in area.cells:
            if first <= row < first + count:
                sheet._cells[row, column] = MergedCell(sheet, row, column)


def delete(sheet: Worksheet, formulas: Formulas, first: int, count: int) -> None:
    """Take out rows, the first counted from 1."""
    for place in [place for place in formulas.of(sheet) if first <= place[0] < first + count]:
        del formulas.of(sheet)[place]
    sheet.delete_rows(first, count)
    _follow(sheet, formulas, Closed(first - 1, count))


def _follow(sheet: Worksheet, formulas: Formulas, shift: Shift) -> None:
    name = sheet.title
    for host, found in formulas.every().items():
        moved = {place: "=" + shift.formula(text[1:], host.title, name) for place, text in found.items()}
        found.clear()
        for (row, column), text in moved.items():
            found[shift.line(row - 1) + 1 if host is sheet else row, column] = text
    heights = {row: found.height for row, found in sheet.row_dimensions.items() if found.height is not None}
    for row in heights:
        sheet.row_dimensions[row].height = None
    for row, height in heights.items():
        sheet.row_dimensions[shift.line(row - 1) + 1].height = height
    sheet.merged_cells.ranges = {MergedCellRange(sheet, shift.area(one.coord)) for one in sheet.merged_cells.ranges}
    formats = ConditionalFormattingList()
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            rule.formula = [shift.formula(str(one), name, name) for one in rule.formula]
            formats.add(" ".join(shift.area(one) for one in str(area.sqref).split()), rule)
    sheet.conditional_formatting = formats
    for validation in sheet.data_validations.dataValidation:
        validation.sqref = MultiCellRange(" ".join(shift.area(one) for one in str(validation.sqref).split()))
    book = sheet.parent
    assert book is not None
    for defined in book.defined_names.values():
        defined.attr_text = shift.formula(defined.attr_text, "", name)
