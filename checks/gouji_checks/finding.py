"""What a check has to say: findings with a place, and the account of every relation instance."""

from functools import lru_cache
from typing import NamedTuple

SEVERITY_WORDS = {"error": "错误", "warning": "提示", "info": "说明"}


class Address(NamedTuple):
    """A cell, row and column counted from 0; prints as 表5!F9."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        return f"{self.sheet}!{column_letters(self.column)}{self.row + 1}"


@lru_cache(maxsize=512)
def column_letters(column: int) -> str:
    """A (0) … Z (25), AA (26) …"""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Suspect(NamedTuple):
    """A change that would repair what fails: the cell, what it is, its amount now and as it should be (万元).

    `kind` is cell (typed over), entered (an entered figure that others are derived from), row (a row left out),
    code (a row under a wrong code; the value is the right one), extra (a row too many), swap (two rows exchanged),
    column (a figure in the wrong column) or unit (a table in another unit).
    """

    kind: str
    cell: str
    title: str
    stated: str
    value: str
    hint: str


class Finding(NamedTuple):
    """One thing that is wrong or worth knowing; the first cell is where to look. Figures are texts in 万元."""

    rule: str
    severity: str
    cells: tuple[str, ...]
    message: str
    stated: str = ""
    expected: str = ""
    difference: str = ""
    allowed: str = ""
    advice: str = ""
    suspects: tuple[Suspect, ...] = ()

    @property
    def cell(self) -> str:
        """Where to look first, or nothing for a finding about the whole file."""
        return self.cells[0] if self.cells else ""


class Unchecked(NamedTuple):
    """A relation, or some rows of it, that could not be checked, and why."""

    rule: str
    reason: str
    instances: int


class Ledger(NamedTuple):
    """How every relation instance ended: 相符, 尾差, 不符, 未核验 (with reasons), 不适用."""

    agreed: int
    rounding: int
    failed: int
    not_checked: tuple[Unchecked, ...]
    not_applicable: int
