"""What the cells of an open workbook hold."""

import xlwings as xw

from gouji_addin.held import Held, held
from gouji_addin.seen import Texts, texts
from gouji_addin.source import corner
from gouji_checks.source import Workbook


class Cells:
    """The cells of a workbook whose values have been read.

    The formulas of a sheet are read in one call, when they are first asked for.
    """

    def __init__(self, book: xw.Book, workbook: Workbook) -> None:
        self._book = book
        self._rows = {sheet.name: sheet.rows for sheet in workbook.sheets}
        self._texts: dict[str, Texts] = {}

    @property
    def sheets(self) -> list[str]:
        return list(self._rows)

    def texts(self, sheet: str) -> Texts:
        """What the formula bar shows for each cell of a sheet."""
        if sheet not in self._texts:
            there = self._book.sheets[sheet]
            self._texts[sheet] = texts(there.range((1, 1), corner(there)))
        return self._texts[sheet]

    def width(self, sheet: str) -> int:
        """How many columns of a sheet are in use."""
        return len(self.texts(sheet)[0])

    def values(self, sheet: str, row: int) -> list[object]:
        """The values of a row, from 0, without the blank cells at its end."""
        rows = self._rows[sheet]
        return rows[row] if row < len(rows) else []

    def held(self, sheet: str, row: int, column: int) -> Held:
        """What a cell holds."""
        values, written = self.values(sheet, row), self.texts(sheet)
        value = values[column] if column < len(values) else ""
        return held(value, written[row][column] if row < len(written) and column < len(written[row]) else "")
