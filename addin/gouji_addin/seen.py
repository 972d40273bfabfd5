"""What only Excel's own engine tells of a sheet: its formulas, lines around cells, merged cells, formats of texts.

The remote engine raises NotImplementedError, before anything is changed.
"""

from collections.abc import Sequence
from typing import Protocol

Texts = list[list[str]]
"""As the formula bar shows cells, from A1: formulas with their =, numbers as texts, "" for blank."""


TEXT_FORMAT = "@"
"""In a cell with this format Excel makes a text of whatever is put into it, formulas too."""


class Border(Protocol):
    """One side of a cell."""

    @property
    def line_style(self) -> str | None: ...


class Borders(Protocol):
    """The sides of a cell."""

    def __getitem__(self, side: str) -> Border: ...


class CellRange(Protocol):
    """A range, as far as needed here."""

    @property
    def formula(self) -> str | Sequence[str] | Sequence[Sequence[str]]: ...

    @property
    def merge_cells(self) -> bool | None: ...

    @property
    def number_format(self) -> str | None: ...

    @property
    def borders(self) -> Borders: ...


def texts(area: CellRange) -> Texts:
    """What the formula bar shows for each cell, read in one call."""
    found = area.formula
    if isinstance(found, str):
        return [[found]]
    return [[row] if isinstance(row, str) else list(row) for row in found]


def is_lined(cell: CellRange) -> bool:
    """Whether a line is drawn below a cell, as in the rows of a table."""
    return cell.borders["edge_bottom"].line_style not in (None, "none")


def is_merged(area: CellRange) -> bool:
    """Whether any of these cells is merged; Excel says neither yes nor no where only some are."""
    return area.merge_cells is not False


def may_be_for_texts(area: CellRange) -> bool:
    """Whether these cells, or some of them, may have the format of texts; Excel names none for cells that differ."""
    return area.number_format in (TEXT_FORMAT, None)
