"""The ranges of the Excel for tests."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from openpyxl.styles import Alignment
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from xlwings import base_classes

from tests.excel_filters import left_out
from tests.excel_formats import Borders, Font, Formats, Refused, fill, fit_columns, fit_rows
from tests.excel_formulas import Place, put, text_of
from tests.excel_manner import COM, REMOTE, shown
from tests.excel_objects import RangeObject
from tests.excel_rows import delete, insert

if TYPE_CHECKING:
    from tests.excel_sheets import Sheet

LAST_COLUMN = 16_384


class Range(base_classes.Range):
    def __init__(self, sheet: "Sheet", first: Place, last: Place) -> None:
        self.sheet = sheet
        self.first, self.last = first, last

    @property
    def api(self) -> object:
        """The remote engine gives what it was sent; xlwings asks only whether there is something."""
        excel = self.sheet.excel
        if excel.manner != COM:
            return ("",)
        rows, columns = range(self.row, self.last[0] + 1), range(self.column, self.last[1] + 1)
        return RangeObject(self.sheet.content, rows, columns, partial(excel.question, self.sheet.name))

    @property
    def row(self) -> int:
        return self.first[0]

    @property
    def column(self) -> int:
        return self.first[1]

    @property
    def shape(self) -> Place:
        return self.last[0] - self.row + 1, self.last[1] - self.column + 1

    def __call__(self, arg1: int, arg2: int = 1) -> "Range":
        place = self.row + arg1 - 1, self.column + arg2 - 1
        return Range(self.sheet, place, place)

    @property
    def raw_value(self) -> object:
        """A scalar for one cell, as Excel gives it, rows otherwise."""
        self.sheet.excel.reads[self.sheet.name] += 1
        columns = range(self.column, self.last[1] + 1)
        rows = [[self._value((row, column)) for column in columns] for row in range(self.row, self.last[0] + 1)]
        return rows[0][0] if self.shape == (1, 1) else rows

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self._write(data)

    def _write(self, data: Any) -> None:
        """Rows, or what goes into each of the cells. Where a filter leaves some of them out, Excel puts the first value
        into each of those that are shown."""
        if not isinstance(data, list):
            data = [[data] * self.shape[1]] * self.shape[0]
        self.sheet.change(range(self.row, self.last[0] + 1), range(self.column, self.last[1] + 1))
        hidden = left_out(self.sheet.content) if self.shape != (1, 1) else set()
        if not hidden.isdisjoint(range(self.row, self.last[0] + 1)):
            data = [[data[0][0]] * self.shape[1]] * self.shape[0]
        for line, row in enumerate(data, self.row):
            for column, value in enumerate(row, self.column):
                value = self.sheet.book.links.stored(value) if isinstance(value, str) else value
                if line not in hidden:
                    put(self.sheet.content, self.sheet.formulas, (line, column), value)

    @property
    def formula(self) -> object:
        """What the formula bar shows: a text for one cell, rows of them otherwise."""
        if self.sheet.excel.manner == REMOTE:
            raise NotImplementedError
        self.sheet.excel.reads[self.sheet.name] += 1
        found, cells, shown = self.sheet.formulas, self.sheet.content._cells, self.sheet.book.links.shown
        columns = range(self.column, self.last[1] + 1)
        rows = [
            tuple([shown(found.get((row, column), "")) or text_of(cells.get((row, column))) for column in columns])
            for row in range(self.row, self.last[0] + 1)
        ]
        return rows[0][0] if self.shape == (1, 1) else tuple(rows)

    @formula.setter
    def formula(self, data: Any) -> None:
        self._write(data)

    @property
    def merge_cells(self) -> bool | None:
        area = CellRange(min_row=self.row, min_col=self.column, max_row=self.last[0], max_col=self.last[1])
        merged = [one for one in self.sheet.content.merged_cells.ranges if not area.isdisjoint(one)]
        return any(one.issuperset(area) for one in merged) or (None if merged else False)

    @property
    def borders(self) -> Borders:
        return Borders(self.sheet.content.cell(*self.first))

    def insert(self, shift: str = "", copy_origin: str = "") -> None:
        """Whole rows only."""
        protection = self.sheet.content.protection
        if protection.sheet and protection.insertRows:
            raise Refused
        self.sheet.written()
        above = copy_origin == "format_from_left_or_above"
        insert(self.sheet.content, self.sheet.book.formulas, self.row, self._whole_rows(shift == "down"), above)

    def delete(self, shift: str = "") -> None:
        """Whole rows only; of a protected sheet Excel deletes none with a locked cell."""
        protection, rows = self.sheet.content.protection, self.sheet.content.iter_rows(self.row, self.last[0])
        if protection.sheet and (protection.deleteRows or any(cell.protection.locked for row in rows for cell in row)):
            raise Refused
        self.sheet.written()
        delete(self.sheet.content, self.sheet.book.formulas, self.row, self._whole_rows(shift == "up"))

    def _whole_rows(self, known: bool) -> int:
        if not known or self.last[1] != LAST_COLUMN:
            raise NotImplementedError
        return self.shape[0]

    def _number_format(self) -> str | None:
        """Nothing where the cells differ."""
        columns, cells = range(self.column, self.last[1] + 1), self.sheet.content._cells
        places = [(row, column) for row in range(self.row, self.last[0] + 1) for column in columns]
        found = {cells[place].number_format if place in cells else "General" for place in places}
        return found.pop() if len(found) == 1 else None

    def _set_number_format(self, value: str) -> None:
        self.sheet.written()
        for cell in self._cells():
            cell.number_format = value

    number_format = property(_number_format, _set_number_format)

    def _set_color(self, value: str) -> None:
        self.sheet.written()
        for cell in self._cells():
            cell.fill = fill(value)

    color = property(fset=_set_color)

    def _set_wrap_text(self, value: bool) -> None:
        self.sheet.written()
        for cell in self._cells():
            cell.alignment = Alignment(wrap_text=value)

    wrap_text = property(fset=_set_wrap_text)

    @property
    def font(self) -> Font:
        return Font(self._cells, self.sheet.written)

    def autofit(self, axis: str | None = None) -> None:
        self.sheet.written()
        fit = {"c": fit_columns, "r": fit_rows}
        if axis not in fit:
            raise NotImplementedError
        fit[axis](self.sheet.content, self.row, self.column, *self.last)

    @property
    def conditional_formats(self) -> Formats:
        left, right = get_column_letter(self.column), get_column_letter(self.last[1])
        area = f"{left}{self.row}:{right}{self.last[0]}"
        return Formats(self.sheet, area)

    def _cells(self) -> Iterator[Any]:
        places = self.sheet.content.iter_rows(self.row, self.last[0], self.column, self.last[1])
        return (cell for row in places for cell in row)

    def _value(self, place: Place) -> object:
        # Worksheet.cell would make the cell, and the used range grow.
        cell = self.sheet.content._cells.get(place)
        given = self.sheet.excel.manner.value
        return given(None, "", False) if cell is None else given(shown(cell), cell.number_format, cell.data_type == "e")
