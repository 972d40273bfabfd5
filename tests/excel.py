"""An Excel for tests: an engine of openpyxl under the real xlwings, which counts the calls that reach the workbook.

It gives values in the manner of Excel's own engine, with all its peculiarities, or in that of the remote one. Whatever
it leaves out raises NotImplementedError, as a member does that the remote engine lacks.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

import openpyxl
import xlwings as xw
from xlwings import base_classes

from tests.excel_formats import Refused
from tests.excel_formulas import Formulas
from tests.excel_manner import COM, REMOTE, Manner, clean
from tests.excel_objects import LETTERS, AppObject, BookObject, Links
from tests.excel_sheets import Sheets

__all__ = ["COM", "REMOTE", "Excel", "Manner"]


class Excel:
    """A running Excel: opens workbooks, and counts by sheet how often it was read and, in whatever way, written."""

    def __init__(self, manner: Manner = COM) -> None:
        self.manner = manner
        self.reads: Counter[str] = Counter()
        self.writes: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        """How often its own objects were asked what is hidden on a sheet, or under "" about the workbook."""
        self.calculation = "automatic"
        self.calculated = 0
        """How often it was told to calculate everything."""
        self.messages: list[tuple[str, str]] = []
        """Title and text of every message box."""
        self.answers: list[str] = []
        """The buttons that will be pressed in message boxes with a choice, in order."""
        self.reference_style = LETTERS
        """How cells are named all over Excel."""
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

    def question(self, sheet: str) -> None:
        """Of one of its own objects."""
        self.asked[sheet] += 1

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
    def api(self) -> AppObject:
        if self.engine.excel.manner != COM:
            raise NotImplementedError
        return AppObject(self.engine.excel.reference_style)

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
        self._open: dict[str, Book] = {}

    def __iter__(self) -> Iterator["Book"]:
        return iter(self._open.values())

    def __call__(self, name_or_index: str) -> "Book":
        return self._open[name_or_index]

    def open(self, fullname: str, *_: object) -> "Book":
        book = Book(self, Path(fullname))
        return self._open.setdefault(book.name, book)


class Book(base_classes.Book):
    def __init__(self, books: _Books, path: Path) -> None:
        self._books = books
        self._path = path
        content = openpyxl.load_workbook(path, data_only=True, keep_vba=path.suffix == ".xlsm")
        self.content = content
        self.links = Links(path, content)
        self.formulas = Formulas(path, content)
        self.shared = False
        """Whether several may change it at once, as in Excel of old."""
        self._sheets = Sheets(self)

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
    def sheets(self) -> Sheets:
        return self._sheets

    @property
    def api(self) -> object:
        excel = self.app.engine.excel
        if excel.manner != COM:
            raise NotImplementedError
        return BookObject(self.content, self.links, self.shared, partial(excel.question, ""))

    def activate(self) -> None:
        """No other is open in front of it."""

    def restructure(self) -> None:
        """Before a sheet is added or deleted."""
        if self.content.security and self.content.security.lockStructure:
            raise Refused
