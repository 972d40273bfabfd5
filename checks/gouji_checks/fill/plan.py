"""What has to change in a workbook, independent of files and of Excel.

Rows count from 0. Those of an insert are places before anything is inserted, all others places afterwards.
"""

from decimal import Decimal
from typing import NamedTuple, Protocol

from gouji_checks.book import TableSheet
from gouji_checks.edit.references import Insert
from gouji_checks.finding import Address

EMPTY_TABLE = "为空表"
"""What every empty-table sentence says."""


class FigureCell(NamedTuple):
    """A figure cell of a table: what it is to hold, in the sheet's unit, and how it read before ("" for blank).

    `follows` says that a formula over the wanted figures gives just this, so that one that is there may stay.
    """

    sheet: str
    row: int
    column: int
    value: Decimal | None
    old: str
    changed: bool
    follows: bool

    @property
    def address(self) -> str:
        return str(Address(self.sheet, self.row, self.column))

    @property
    def new(self) -> str:
        """The wanted figure as it is printed, with more than two decimals only when it has them."""
        if self.value is None:
            return ""
        return f"{self.value:.2f}" if self.value == round(self.value, 2) else f"{self.value:f}"


class LabelCell(NamedTuple):
    """A text cell: of a row that is added or lacks a name, or of the empty-table sentence.

    `follows` says that the template's formulas give just this text.
    """

    sheet: str
    row: int
    column: int
    value: str | float
    follows: bool


class RowNote(NamedTuple):
    """A row that something was done to; `title` is its code and name."""

    sheet: str
    row: int
    title: str


class Plan(NamedTuple):
    """Everything to be done, in this order: `inserts`, then the cells."""

    inserts: tuple[Insert, ...] = ()
    labels: tuple[LabelCell, ...] = ()
    figures: tuple[FigureCell, ...] = ()
    added: tuple[RowNote, ...] = ()
    """Rows that the tables did not have."""
    emptied: tuple[RowNote, ...] = ()
    """Rows that the line items do not know: they stay, without their figures."""
    sentences: tuple[tuple[str, str], ...] = ()
    """By sheet what a formula with its empty-table sentence comes to; nothing where the table has figures."""
    notes: tuple[str, ...] = ()
    """What could not be done, in Chinese."""

    @property
    def changes(self) -> list[FigureCell]:
        """The figure cells that do not hold what they are to hold."""
        return [figure for figure in self.figures if figure.changed]


class Target(Protocol):
    """A workbook that a plan is for: a file, or one that is open in Excel."""

    def free(self, home: TableSheet, line: int) -> bool:
        """Whether a row is a blank row of this table, to be written into."""
