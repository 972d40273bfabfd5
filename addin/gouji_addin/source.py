"""An open workbook as a source: what the command line reads from a file, read from Excel through xlwings."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal

import xlwings as xw

from gouji_addin.examined import examined
from gouji_checks.refusal import MOST_COLUMNS, MOST_ROWS, Refusal, beyond
from gouji_checks.source import MOST_CELLS, Rows, Sheet, Unreadable, Workbook

VISIBLE = -1, 1
"""Excel's xlSheetVisible, and the remote engine's True; a very hidden sheet is 2 to Excel, which is no less true."""

# xlwings names the seven errors of old and hands the newer ones on as Excel's numbers.
_NEWER_ERRORS = {
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!",
    -2146826240: "#UNKNOWN!",
    -2146826239: "#FIELD!",
    -2146826238: "#CALC!",
}

_DAY_ZERO = date(1899, 12, 30)
"""The date that Excel gives a time of day."""


class BookSource:
    """A workbook that is open in Excel; the values of each of its worksheets are read in one call.

    Its formulas are all calculated: Excel sees to that when it opens a file, and `read` where the user does it by hand.
    Neither its XML nor the properties of its file can be had. `only` names the sheets of which the values are wanted,
    and nothing else.
    """

    def __init__(self, book: xw.Book, only: Collection[str] | None = None) -> None:
        self._book = book
        self._only = only

    def read(self) -> Workbook:
        if self._only is None:
            _calculate(self._book.app)
        try:
            if self._only is not None:
                return Workbook(_sheets([sheet for sheet in self._book.sheets if sheet.name in self._only]))
            sheets = list(self._book.sheets)
            return examined(self._book, sheets, _sheets(sheets))
        except Refusal as refusal:
            raise Unreadable(f"{self._book.name}：{refusal}。") from refusal


def _calculate(app: xw.App) -> None:
    """Brings the formulas up to date where the user has Excel calculate by hand; a server can't."""
    with suppress(NotImplementedError):
        if app.calculation == "manual":
            app.calculate()


def _sheets(sheets: Iterable[xw.Sheet]) -> list[Sheet]:
    """What stands on the sheets, once it is known that none is too large."""
    areas = [(sheet, *corner(sheet)) for sheet in sheets]
    for sheet, height, width in areas:
        if height > MOST_ROWS or width > MOST_COLUMNS:
            raise Refusal(beyond(f"工作表“{sheet.name}”", height - 1, width - 1))
    if sum(height * width for _, height, width in areas) > MOST_CELLS:
        raise Refusal(f"各表用到的区域合计超过 {MOST_CELLS // 10_000} 万格，请删去表格以外的行和列后另存")
    return [Sheet(sheet.name, _rows(sheet, height, width), sheet.visible in VISIBLE) for sheet, height, width in areas]


def corner(sheet: xw.Sheet) -> tuple[int, int]:
    """The last row and column, from 1, of what Excel takes to be used, formats without content included."""
    used = sheet.used_range
    height, width = used.shape
    return used.row + height - 1, used.column + width - 1


def _rows(sheet: xw.Sheet, height: int, width: int) -> Rows:
    """The values from A1 to the last that is not blank."""
    area = sheet.range((1, 1), (height, width)).options(ndim=2, empty="", err_to_str=True)
    rows = [[_value(cell) for cell in row] for row in area.value]
    bottom = max((line + 1 for line, row in enumerate(rows) if row.count("") < len(row)), default=0)
    right = max((_length(row) for row in rows[:bottom]), default=0)
    return [row[:right] for row in rows[:bottom]]


def _length(row: list[object]) -> int:
    return next((place for place in range(len(row), 0, -1) if row[place - 1] != ""), 0)


def _value(value: object) -> object:
    """A value as it would come from a file: Excel's own engine gives decimals for amounts of money and a date and time
    for either, the remote one whole numbers as they are."""
    if isinstance(value, str | float | bool):
        return value
    if isinstance(value, int):
        return _NEWER_ERRORS.get(value) or float(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        if value.date() == _DAY_ZERO:
            return value.time()
        return value.date() if value.time() == time() else value
    return value
