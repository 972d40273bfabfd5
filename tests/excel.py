"""An Excel for tests: an engine of openpyxl under the real xlwings, which counts the calls that reach the workbook.

It gives values in the manner of Excel's own engine, with all its peculiarities, or in that of the remote one. Whatever
it leaves out raises NotImplementedError, as a member does that the remote engine lacks.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import xlwings as xw
from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes

from tests.excel_formats import Formats, Refused, fill
from tests.excel_manner import COM, REMOTE, Manner, clean, shown

__all__ = ["COM", "REMOTE", "Excel", "Manner"]

Place = tuple[int, int]
"""Row and column, from 1."""


class Excel:
    """A running Excel: opens workbooks, and counts by sheet how often it was read and, in whatever way, written."""

    def __init__(self, manner: Manner = COM) -> None:
        self.manner = manner
        self.reads: Counter[str] = Counter()
        self.writes: Counter[str] = Counter()
        self.messages: list[tuple[str, str]] = []
        """Title and text of every message box."""
        self.active = ""
        """The name of the sheet last added: Excel shows it at once."""
        self.engine = xw.Engine(impl=_Engine(self))

    def open(self, path: Path) -> xw.Book:
        app = self.engine.apps.active
        assert app is not None
        return app.books.open(str(path))


class _Engine:
    name = "openpyxl"
    # By its type xlwings decides how a workbook is opened; a remote engine would want it as JSON.
    type = "desktop"

    def __init__(self, excel: Excel) -> None:
        self.excel = excel
        self.apps = _Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: object, _: object) -> object:
        return "" if value is None else value

    clean_value_data = staticmethod(clean)


class _Apps(base_classes.Apps):
    def __init__(self, engine: _Engine) -> None:
        self._only = _App(engine)

    def __iter__(self) -> Iterator["_App"]:
        yield self._only


class _App(base_classes.App):
    def __init__(self, engine: _Engine) -> None:
        self.engine = engine
        self._books = _Books(self)

    @property
    def pid(self) -> int:
        return 1

    @property
    def books(self) -> "_Books":
        return self._books

    def alert(self, prompt: str, title: str, *_: object) -> None:
        self.engine.excel.messages.append((title, prompt))


class _Books(base_classes.Books):
    def __init__(self, app: _App) -> None:
        self.app = app
        self._open: dict[str, _Book] = {}

    def __call__(self, name_or_index: str) -> "_Book":
        return self._open[name_or_index]

    def open(self, fullname: str, *_: object) -> "_Book":
        book = _Book(self, Path(fullname))
        return self._open.setdefault(book.name, book)


class _Book(base_classes.Book):
    def __init__(self, books: _Books, path: Path) -> None:
        self._books = books
        self._path = path
        content = openpyxl.load_workbook(path, data_only=True)
        self.content = content
        self._sheets = _Sheets(self, [_Sheet(self, sheet) for sheet in content.worksheets])

    @property
    def name(self) -> str:
        return self._path.name

    @property
    def fullname(self) -> str:
        return str(self._path)

    @property
    def app(self) -> _App:
        return self._books.app

    @property
    def sheets(self) -> "_Sheets":
        return self._sheets

    def restructure(self) -> None:
        """Before a sheet is added or deleted."""
        if self.content.security and self.content.security.lockStructure:
            raise Refused


class _Sheets(base_classes.Sheets):
    def __init__(self, book: _Book, sheets: list["_Sheet"]) -> None:
        self._book = book
        self._sheets = sheets

    def __call__(self, name_or_index: str | int) -> "_Sheet":
        found = [sheet for i, sheet in enumerate(self._sheets, 1) if name_or_index in (i, sheet.name)]
        if not found:
            raise KeyError(name_or_index)
        return found[0]

    def __len__(self) -> int:
        return len(self._sheets)

    def __iter__(self) -> Iterator["_Sheet"]:
        return iter(self._sheets)

    def add(self, before: "_Sheet | None" = None, after: "_Sheet | None" = None, name: str = "") -> "_Sheet":
        if before or not after:
            raise NotImplementedError
        self._book.restructure()
        place = self._sheets.index(after) + 1
        self._sheets.insert(place, _Sheet(self._book, self._book.content.create_sheet(name, place)))
        self._sheets[place].written()
        self._book.app.engine.excel.active = name
        return self._sheets[place]

    def remove(self, sheet: "_Sheet") -> None:
        self._book.restructure()
        sheet.written()
        self._book.content.remove(sheet.content)
        self._sheets.remove(sheet)


class _Sheet(base_classes.Sheet):
    def __init__(self, book: _Book, content: Worksheet) -> None:
        self._book = book
        self.content = content
        self.excel = book.app.engine.excel

    @property
    def name(self) -> str:
        return self.content.title

    @name.setter
    def name(self, value: str) -> None:
        self.content.title = value

    @property
    def book(self) -> _Book:
        return self._book

    @property
    def visible(self) -> object:
        return self.excel.manner.visible(self.content.sheet_state)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.content.sheet_state = "visible" if value else "hidden"

    def delete(self) -> None:
        self._book.sheets.remove(self)

    def written(self) -> None:
        self.excel.writes[self.name] += 1

    @property
    def used_range(self) -> "_Range":
        left, top, right, bottom = range_boundaries(self.content.dimensions)
        return _Range(self, (top or 1, left or 1), (bottom or 1, right or 1))

    def range(self, arg1: "Place | _Range", arg2: "Place | _Range | None" = None) -> "_Range":
        first = arg1 if isinstance(arg1, _Range) else _Range(self, arg1, arg1)
        if arg2 is None:
            return first
        last = arg2 if isinstance(arg2, _Range) else _Range(self, arg2, arg2)
        return _Range(self, first.first, last.last)


class _Range(base_classes.Range):
    def __init__(self, sheet: _Sheet, first: Place, last: Place) -> None:
        self.sheet = sheet
        self.first, self.last = first, last

    @property
    def api(self) -> object:
        return self.sheet.content

    @property
    def row(self) -> int:
        return self.first[0]

    @property
    def column(self) -> int:
        return self.first[1]

    @property
    def shape(self) -> Place:
        return self.last[0] - self.row + 1, self.last[1] - self.column + 1

    def __call__(self, arg1: int, arg2: int = 1) -> "_Range":
        place = self.row + arg1 - 1, self.column + arg2 - 1
        return _Range(self.sheet, place, place)

    @property
    def raw_value(self) -> object:
        """A scalar for one cell, as Excel gives it, rows otherwise."""
        self.sheet.excel.reads[self.sheet.name] += 1
        columns = range(self.column, self.last[1] + 1)
        rows = [[self._value((row, column)) for column in columns] for row in range(self.row, self.last[0] + 1)]
        return rows[0][0] if self.shape == (1, 1) else rows

    @raw_value.setter
    def raw_value(self, data: list[list[Any]]) -> None:
        self.sheet.written()
        for line, row in enumerate(data, self.row):
            for column, value in enumerate(row, self.column):
                cell = self.sheet.content.cell(line, column)
                # Excel lets a merged cell keep its first value and forgets the others.
                if isinstance(cell, Cell):
                    # What follows an apostrophe is a text whatever it looks like.
                    text = isinstance(value, str) and value.startswith("'")
                    cell.value = None if value == "" else value[1:] if text else value
                    if text:
                        cell.data_type = "s"

    def _set_number_format(self, value: str) -> None:
        self.sheet.written()
        for cell in self._cells():
            cell.number_format = value

    number_format = property(fset=_set_number_format)

    def _set_color(self, value: str) -> None:
        self.sheet.written()
        for cell in self._cells():
            cell.fill = fill(value)

    color = property(fset=_set_color)

    def autofit(self, axis: str | None = None) -> None:
        if axis != "c":
            raise NotImplementedError
        self.sheet.written()
        for column in range(self.column, self.last[1] + 1):
            cells = [self.sheet.content.cell(row, column).value for row in range(self.row, self.last[0] + 1)]
            width = max(len(str(value or "")) for value in cells)
            self.sheet.content.column_dimensions[get_column_letter(column)].width = width

    @property
    def conditional_formats(self) -> Formats:
        left, right = get_column_letter(self.column), get_column_letter(self.last[1])
        area = f"{left}{self.row}:{right}{self.last[0]}"
        return Formats(self.sheet.content, area, self.sheet.excel.manner == COM, self.sheet.written)

    def _cells(self) -> Iterator[Any]:
        places = self.sheet.content.iter_rows(self.row, self.last[0], self.column, self.last[1])
        return (cell for row in places for cell in row)

    def _value(self, place: Place) -> object:
        # Worksheet.cell would make the cell, and the used range grow.
        cell = self.sheet.content._cells.get(place)
        given = self.sheet.excel.manner.value
        return given(None, "", False) if cell is None else given(shown(cell), cell.number_format, cell.data_type == "e")
