"""An Excel for tests: an engine of openpyxl under the real xlwings, which counts the calls that reach the workbook.

It gives values in the manner of Excel's own engine, with all its peculiarities, or in that of the remote one. Whatever
it leaves out raises NotImplementedError, as a member does that the remote engine lacks.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

import openpyxl
import xlwings as xw
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes

from tests.excel_formats import Refused, Tables
from tests.excel_formulas import Formulas, Place
from tests.excel_manner import COM, REMOTE, Manner, clean
from tests.excel_protection import SheetObject
from tests.excel_range import LAST_COLUMN, Range

__all__ = ["COM", "REMOTE", "Excel", "Manner"]


class Excel:
    """A running Excel: opens workbooks, and counts by sheet how often it was read and, in whatever way, written."""

    def __init__(self, manner: Manner = COM) -> None:
        self.manner = manner
        self.reads: Counter[str] = Counter()
        self.writes: Counter[str] = Counter()
        self.calculation = "automatic"
        self.calculated = 0
        """How often it was told to calculate everything."""
        self.messages: list[tuple[str, str]] = []
        """Title and text of every message box."""
        self.answers: list[str] = []
        """The buttons that will be pressed in message boxes with a choice, in order."""
        self.refused: Collection[int] = ()
        """Which writes Excel refuses, counted from 1."""
        self.engine = xw.Engine(impl=_Engine(self))
        # xlwings asks the active engine whether an Excel that is to show a sheet is in front.
        self.engine.activate()

    def written(self, sheet: str) -> None:
        """Before anything is written on a sheet."""
        self.writes[sheet] += 1
        if self.writes.total() in self.refused:
            raise Refused

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
    display_alerts = True

    def __init__(self, engine: _Engine) -> None:
        self.engine = engine
        self._books = _Books(self)

    @property
    def pid(self) -> int:
        return 1

    @property
    def books(self) -> "_Books":
        return self._books

    @property
    def version(self) -> str:
        return "16.0"

    @property
    def calculation(self) -> str:
        return self.engine.excel.calculation

    @calculation.setter
    def calculation(self, value: str) -> None:
        self.engine.excel.calculation = value

    def calculate(self) -> None:
        if self.engine.excel.manner == REMOTE:
            raise NotImplementedError
        self.engine.excel.calculated += 1

    def activate(self, *_: object, **__: object) -> None:
        """No other is running."""

    def alert(self, prompt: str, title: str, buttons: str, mode: str | None, _: object) -> str | None:
        """Excel's own engine knows but two modes."""
        excel = self.engine.excel
        if mode not in (None, "info", "critical"):
            raise KeyError(mode)
        excel.messages.append((title, prompt))
        if excel.manner == REMOTE:
            return None
        return "ok" if buttons == "ok" else excel.answers.pop(0)


class _Books(base_classes.Books):
    def __init__(self, app: _App) -> None:
        self.app = app
        self._open: dict[str, _Book] = {}

    def __iter__(self) -> Iterator["_Book"]:
        return iter(self._open.values())

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
        self.formulas = Formulas(path, content)
        self._sheets = _Sheets(self, [Sheet(self, sheet) for sheet in content.worksheets])

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

    def activate(self) -> None:
        """No other is open in front of it."""

    def restructure(self) -> None:
        """Before a sheet is added or deleted."""
        if self.content.security and self.content.security.lockStructure:
            raise Refused


class _Sheets(base_classes.Sheets):
    def __init__(self, book: _Book, sheets: list["Sheet"]) -> None:
        self._book = book
        self._sheets = sheets

    def __call__(self, name_or_index: str | int) -> "Sheet":
        found = [sheet for i, sheet in enumerate(self._sheets, 1) if name_or_index in (i, sheet.name)]
        if not found:
            raise KeyError(name_or_index)
        return found[0]

    def __len__(self) -> int:
        return len(self._sheets)

    def __iter__(self) -> Iterator["Sheet"]:
        return iter(self._sheets)

    def add(self, before: "Sheet | None" = None, after: "Sheet | None" = None, name: str = "") -> "Sheet":
        if before or not after:
            raise NotImplementedError
        self._book.restructure()
        place = self._sheets.index(after) + 1
        self._book.app.engine.excel.written(name)
        self._sheets.insert(place, Sheet(self._book, self._book.content.create_sheet(name, place)))
        self._sheets[place].activate()
        return self._sheets[place]

    @property
    def active(self) -> "Sheet":
        return next(sheet for sheet in self._sheets if sheet.content == self._book.content.active)

    def remove(self, sheet: "Sheet") -> None:
        """Its neighbour is shown if it was. One that is very hidden does not go."""
        self._book.restructure()
        if sheet.content.sheet_state == "veryHidden":
            raise Refused
        sheet.written()
        place, shown = self._sheets.index(sheet), self.active
        self._book.content.remove(sheet.content)
        self._sheets.remove(sheet)
        neighbours = [*self._sheets[place:], *reversed(self._sheets[:place])]
        next(one for one in [shown, *neighbours] if one != sheet and one.content.sheet_state == "visible").activate()


class Sheet(base_classes.Sheet):
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
    def visible(self, value: int) -> None:
        self._book.restructure()
        self.excel.written(self.name)
        self.content.sheet_state = self.excel.manner.state(value)

    @property
    def api(self) -> object:
        if self.excel.manner != COM:
            raise NotImplementedError
        return SheetObject(self.content)

    def activate(self) -> None:
        self._book.content.active = self.content

    def delete(self) -> None:
        """As xlwings does it: Excel is not to ask, and where it refuses it is left so."""
        app = self._book.app
        app.display_alerts = False
        self._book.sheets.remove(self)
        app.display_alerts = True

    @property
    def tables(self) -> Tables:
        return Tables(self.content, self.written)

    def written(self) -> None:
        self.excel.written(self.name)

    def change(self, rows: range, columns: range) -> None:
        """Before cells are written: a protected sheet takes only those that are not locked."""
        if self.content.protection.sheet:
            # Worksheet.cell would make the cell; one that is not there is locked.
            cells = [self.content._cells.get((row, column)) for row in rows for column in columns]
            if any(cell is None or cell.protection.locked for cell in cells):
                raise Refused
        self.written()

    @property
    def formulas(self) -> dict[Place, str]:
        return self._book.formulas.of(self.content)

    @property
    def used_range(self) -> "Range":
        left, top, right, bottom = range_boundaries(self.content.dimensions)
        return Range(self, (top or 1, left or 1), (bottom or 1, right or 1))

    def range(self, arg1: "str | Place | Range", arg2: "Place | Range | None" = None) -> "Range":
        if isinstance(arg1, str):
            left, top, right, bottom = range_boundaries(arg1)
            return Range(self, (top or 1, left or 1), (bottom or 1, right or LAST_COLUMN))
        first = arg1 if isinstance(arg1, Range) else Range(self, arg1, arg1)
        if arg2 is None:
            return first
        last = arg2 if isinstance(arg2, Range) else Range(self, arg2, arg2)
        return Range(self, first.first, last.last)
