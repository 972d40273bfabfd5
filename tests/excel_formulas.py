"""The formulas of cells in the Excel for tests, which shows what they came to when the workbook was saved.

It calculates nothing: a formula that is put into a cell shows nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_excel, to_excel
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Place = tuple[int, int]
"""Row and column, from 1."""

_LINK = "=HYPERLINK("
"""openpyxl holds our links itself: what they show can be told from them."""


class Formulas:
    """The formulas of an open workbook, by sheet and place; read from its file when they are first asked for."""

    def __init__(self, path: Path, content: Workbook) -> None:
        self._path = path
        self._named = {sheet.title: sheet for sheet in content.worksheets}
        self._found: dict[Worksheet, dict[Place, str]] | None = None

    def of(self, sheet: Worksheet) -> dict[Place, str]:
        """Those of a sheet; of one that was added there are none."""
        return self.every().setdefault(sheet, {})

    def every(self) -> dict[Worksheet, dict[Place, str]]:
        """Those of all sheets."""
        if self._found is None:
            written = openpyxl.load_workbook(self._path)
            self._found = {sheet: _formulas(written[name]) for name, sheet in self._named.items()}
        return self._found

    @contextmanager
    def shown(self) -> Iterator[None]:
        """The workbook with its formulas in place of what they show, as it is saved."""
        instead: list[tuple[Any, object, str]] = []
        for sheet, formulas in self.every().items():
            for place, text in formulas.items():
                cell = sheet.cell(*place)
                instead.append((cell, cell.value, cell.data_type))
                cell.value = text
        yield
        for cell, value, kind in instead:
            cell.value, cell.data_type = value, kind


def _formulas(sheet: Worksheet) -> dict[Place, str]:
    return {
        place: str(getattr(cell.value, "text", cell.value))
        for place, cell in sheet._cells.items()
        if cell.data_type == "f"
    }


def text_of(cell: Any) -> str:
    """What the formula bar shows for a cell without a formula."""
    value = None if cell is None else cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date | datetime | time):
        value = to_excel(value)  # type: ignore[no-untyped-call]
    return f"{value:.15g}" if isinstance(value, int | float) else str(value)


def put(sheet: Worksheet, formulas: dict[Place, str], place: Place, value: object) -> None:
    """Write a value as Excel takes it: a text that begins with = is a formula, one after an apostrophe a text whatever
    it looks like, and so is all in a cell with the format of texts; a merged cell keeps its first value and forgets the
    others."""
    if value == "" and place not in sheet._cells:
        # Worksheet.cell would make the cell, and the used range grow.
        return
    cell = sheet.cell(*place)
    if not isinstance(cell, Cell):
        return
    formulas.pop(place, None)
    if cell.number_format == "@" and value != "" and not str(value).startswith("'"):
        value = f"'{value:.15g}" if isinstance(value, float) else f"'{value}"
    if isinstance(value, str) and value.startswith("=") and not value.startswith(_LINK):
        formulas[place] = value
        value = ""
    text = isinstance(value, str) and value.startswith("'")
    if isinstance(value, float) and is_date_format(cell.number_format):
        value = from_excel(value)
    cell.value = None if value == "" else str(value)[1:] if text else value  # type: ignore[assignment]
    if text:
        cell.data_type = "s"
