"""What a workbook needs to compute and check itself; who knows the relations supplies it."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from xlsxwriter.workbook import Workbook

from gouji_templates.form import Block
from gouji_templates.styles import Styles


class Blank(str):
    """The cached result of a formula that shows nothing: XlsxWriter takes an ordinary "" for a formula that was never
    calculated, and so would every reader."""

    __slots__ = ()

    def __eq__(self, _: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0


BLANK = Blank()


class Spot(NamedTuple):
    """A figure's cell and what stands around it; rows and columns of the sheet count from 0."""

    block: Block
    id: str
    """The id of a row known beforehand, the total's among them; nothing for an open row."""
    column: int
    """The figure's place among the block's columns."""
    row: int
    left: int
    """The sheet column of the block's first figure."""
    top: int
    """The row just above the lines."""
    rows: Mapping[str, int]
    """The rows known beforehand, by id."""
    reach: int
    """How many rows the block's names reach over."""


class Live(Protocol):
    """The formulas of derived cells, and the sheets that check."""

    def formula(self, spot: Spot) -> str:
        """The formula of a figure's cell; nothing if it is entered whatever its row."""

    def mark(self, block: Block, row: int, top: int) -> tuple[str, str]:
        """The formula beside a line that says which relation fails there, and what it shows now; nothing if the
        block has no such column."""

    def write_sheets(self, book: Workbook, styles: Styles, reaches: Mapping[str, int]) -> None:
        """Adds the sheets that check."""
