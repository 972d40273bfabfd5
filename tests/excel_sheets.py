"""The sheets of the Excel for tests."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes

from tests.excel_formats import Refused, Tables
from tests.excel_formulas import Place
from tests.excel_manner import COM
from tests.excel_protection import SheetObject
from tests.excel_range import LAST_COLUMN, Range

if TYPE_CHECKING:
    from tests.excel import Book


class Sheets(base_classes.Sheets):
    """The worksheets; others, such as those of charts, stand between them."""

    def __init__(self, book: "Book") -> None:
        self._book = book
        self._found: dict[Worksheet, Sheet] = {}

    def __call__(self, name_or_index: str | int) -> "Sheet":
        found = [sheet for i, sheet in enumerate(self, 1) if name_or_index in (i, sheet.name)]
        if not found:
            raise KeyError(name_or_index)
        return found[0]

    def __len__(self) -> int:
        return len(self._book.content.worksheets)

    def __iter__(self) -> Iterator["Sheet"]:
        return map(self._of, self._book.content.worksheets)

    def _of(self, content: Worksheet) -> "Sheet":
        return self._found.setdefault(content, Sheet(self._book, content))

    def add(self, before: "Sheet | None" = None, after: "Sheet | None" = None, name: str = "") -> "Sheet":
        """As xlwings has Excel do it: behind which sheet is told by its place among all, where among the worksheets
        alone, and it is named in the end."""
        if before is after:
            raise NotImplementedError
        self._book.restructure()
        self._book.app.engine.excel.written(name)
        if before:
            new = self._add(before)
        elif after and self._book.app.engine.excel.manner != COM:
            new = self._of(self._book.content.create_sheet(None, after.index))
        elif after and after.index < len(self):
            new = self._add(self(after.index + 1))
        elif after:
            new = self._add(after)
            *_, previous, last = self
            last.move(previous)
            self(len(self)).activate()
        new.name = name
        return new

    def _add(self, before: "Sheet") -> "Sheet":
        """As Excel does it."""
        new = self._of(self._book.content.create_sheet(None, before.index - 1))
        new.activate()
        return new

    @property
    def active(self) -> "Sheet":
        """What is shown may be a chart."""
        return self._of(self._book.content.active)  # type: ignore[arg-type]

    def remove(self, sheet: "Sheet") -> None:
        """Its neighbour is shown if it was. One that is very hidden does not go, nor any while several may change the
        workbook."""
        self._book.restructure()
        if sheet.content.sheet_state == "veryHidden" or self._book.shared:
            raise Refused
        sheet.written()
        there, shown = list(self), self.active
        place = there.index(sheet)
        self._book.content.remove(sheet.content)
        neighbours = [*there[place + 1 :], *reversed(there[:place])]
        next(one for one in [shown, *neighbours] if one != sheet and one.content.sheet_state == "visible").activate()


class Sheet(base_classes.Sheet):
    def __init__(self, book: "Book", content: Worksheet) -> None:
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
    def index(self) -> int:
        """Its place, from 1, among all sheets."""
        every: list[object] = self._book.content._sheets  # type: ignore[attr-defined]
        return every.index(self.content) + 1

    @property
    def book(self) -> "Book":
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

    def move(self, before: "Sheet", *_: object) -> None:
        """Excel moves no sheet that is very hidden."""
        if self.content.sheet_state == "veryHidden":
            raise Refused
        self._book.content.move_sheet(self.content, before.index - self.index)

    def delete(self) -> None:
        """As xlwings does it: Excel is not to ask, and where it refuses it is left so."""
        app = self._book.app
        app.display_alerts = False
        self._book.sheets.remove(self)
        app.display_alerts = True

    @property
    def tables(self) -> Tables:
        return Tables(self.content, self.furnish)

    def written(self) -> None:
        self.excel.written(self.name)

    def furnish(self) -> None:
        """Before tables or conditional formats change: none do while several may change the workbook."""
        if self._book.shared:
            raise Refused
        self.written()

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
