"""The hidden sheet 勾稽计算 as it is written: one column after another, each named or pointed to from elsewhere.

A column's formula is the same in every row, so it is stored once and shared, as spreadsheet programs do themselves.
"""

from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji_templates.content import CALCULATION

_HEADING_ROW = 2
START = 4
"""The spreadsheet row (from 1) above the first, which stays blank: the first row looks there for what is above it."""

FIRST = START + 1

NUMBER = f"$A{FIRST}"
"""The cell with the number of the row, from 1, as the formulas of the first row name it."""


class Area(NamedTuple):
    """A run of cells down one column of the sheet."""

    letter: str
    length: int

    @property
    def cell(self) -> str:
        """The cell of the same row, for a formula that stands beside it."""
        return f"${self.letter}{FIRST}"

    @property
    def here(self) -> str:
        """The cells as formulas on the same sheet refer to them."""
        return f"${self.letter}${FIRST}:${self.letter}${FIRST + self.length - 1}"

    @property
    def there(self) -> str:
        """The cells as formulas on other sheets refer to them."""
        return f"{quote_sheetname(CALCULATION)}!{self.here}"

    @property
    def above(self) -> str:
        """The cells above this row's, for a formula that stands in the same row."""
        return f"${self.letter}${START}:${self.letter}{START}"

    @property
    def until(self) -> str:
        """The cells down to this row, for a formula that stands in the same row."""
        return f"${self.letter}${FIRST}:{self.cell}"

    def at(self, number: int) -> str:
        """The cell of row `number` (from 1) as any sheet refers to it."""
        return f"{quote_sheetname(CALCULATION)}!${self.letter}${FIRST + number - 1}"


class Grid:
    """Adds columns of formulas to the sheet."""

    def __init__(self, book: Workbook, look: Format, longest: int) -> None:
        self._book = book
        self._sheet: Worksheet = book.add_worksheet(CALCULATION)
        self._look = look
        self._column = 1
        self._sheet.write_string(0, 0, "本表由“勾稽关系”使用，不必填写，请勿改动。", look)
        for number in range(1, longest + 1):
            self._sheet.write_number(FIRST + number - 2, 0, number)

    def add(self, heading: str, length: int, formula: str, name: str = "") -> Area:
        """A column whose formula is given as it stands in the first row; under a name of the workbook if it has one."""
        area = Area(xl_col_to_name(self._column), length)
        self._sheet.write_string(_HEADING_ROW - 1, self._column, heading, self._look)
        if name:
            self._book.define_name(name, f"={area.there}")
        self._sheet.write_shared(FIRST - 1, self._column, length, formula)
        self._column += 1
        return area

    def add_each(self, heading: str, formulas: list[str]) -> Area:
        """A column of formulas that are not alike."""
        area = Area(xl_col_to_name(self._column), len(formulas))
        self._sheet.write_string(_HEADING_ROW - 1, self._column, heading, self._look)
        for row, formula in enumerate(formulas, FIRST - 1):
            self._sheet.write_shared(row, self._column, 1, formula)
        self._column += 1
        return area

    @property
    def before(self) -> str:
        """The cell above in the column that is added next, for formulas that go on from the row above."""
        return f"${xl_col_to_name(self._column)}{START}"

    def finish(self) -> None:
        """Hides the sheet and keeps it from being typed over."""
        self._sheet.hide()
        self._sheet.protect()
