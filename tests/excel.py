"""An Excel for tests: an engine of openpyxl under the real xlwings, which counts the calls that reach the workbook.

It gives values in the manner of Excel's own engine, with all its peculiarities, or in that of the remote one. Whatever
it leaves out raises NotImplementedError, as a member does that the remote engine lacks.
"""

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import xlwings as xw
from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes

Place = tuple[int, int]
"""Row and column, from 1."""

_KNOWN = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
}
"""Excel's errors by number, as far as xlwings knows them."""

_NEWER = {
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}
_NUMBERS = {text: number for number, text in (_KNOWN | _NEWER).items()}
_SCODE = -2146828288
"""What COM adds to the number of an error."""

_MONEY = re.compile(r"[¥￥$€](?!-)|\[\$[^-\]]")


class Manner(NamedTuple):
    """How an engine gives a cell's value and a sheet's visibility."""

    name: str
    value: Callable[[object, str, bool], object]
    """Of what openpyxl read, the number format, and whether it is an error."""
    visible: Callable[[str], object]
    """Of what openpyxl calls the state."""


def _com_value(value: object, number_format: str, error: bool) -> object:
    if error:
        return _SCODE + _NUMBERS[str(value)]
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return round(Decimal(repr(value)), 4) if _MONEY.search(number_format) else float(value)
    return _moment(value)


def _remote_value(value: object, _: str, error: bool) -> object:
    if error:
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return "" if value is None else _moment(value)


def _moment(value: object) -> object:
    """To Excel a time of day is a moment of its day zero, and a date the moment at which it begins."""
    return datetime.datetime.combine(datetime.date(1899, 12, 30), value) if isinstance(value, datetime.time) else value


COM = Manner("COM", _com_value, {"visible": -1, "hidden": 0, "veryHidden": 2}.__getitem__)
REMOTE = Manner("remote", _remote_value, lambda state: state == "visible")


class Excel:
    """A running Excel: opens workbooks, and counts by sheet how often the values of a range were read and written."""

    def __init__(self, manner: Manner = COM) -> None:
        self.manner = manner
        self.reads: Counter[str] = Counter()
        self.writes: Counter[str] = Counter()
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

    @staticmethod
    def clean_value_data(
        data: Any, _dates: object, empty: object, _numbers: object, errors: bool
    ) -> list[list[object]]:
        """As xlwings does for Excel: errors become their texts or nothing, newer ones stay numbers."""

        def clean(value: object) -> object:
            if value in ("", None):
                return empty
            if isinstance(value, int) and value - _SCODE in _KNOWN:
                return _KNOWN[value - _SCODE] if errors else None
            return value

        return [[clean(value) for value in row] for row in data]


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
        self._sheets = _Sheets([_Sheet(self, sheet) for sheet in content.worksheets])

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


class _Sheets(base_classes.Sheets):
    def __init__(self, sheets: list["_Sheet"]) -> None:
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
        self.sheet.excel.writes[self.sheet.name] += 1
        for line, row in enumerate(data, self.row):
            for column, value in enumerate(row, self.column):
                cell = self.sheet.content.cell(line, column)
                # Excel lets a merged cell keep its first value and forgets the others.
                if isinstance(cell, Cell):
                    cell.value = None if value == "" else value

    def _value(self, place: Place) -> object:
        # Worksheet.cell would make the cell, and the used range grow.
        cell = self.sheet.content._cells.get(place)
        given = self.sheet.excel.manner.value
        return given(None, "", False) if cell is None else given(cell.value, cell.number_format, cell.data_type == "e")
