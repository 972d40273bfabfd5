"""Changes to the cells of an open workbook, and the few patches in which they are written."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from gouji_addin.held import Held
from gouji_checks.finding import Address


class Change(NamedTuple):
    """A cell (from 0), what it holds and what it is to hold."""

    sheet: str
    row: int
    column: int
    old: Held
    new: Held

    @property
    def address(self) -> str:
        return str(Address(self.sheet, self.row, self.column))

    @property
    def back(self) -> "Change":
        """The change that undoes it."""
        return self._replace(old=self.new, new=self.old)


class NewRows(NamedTuple):
    """Rows put in front of a row of the sheet, counted from 0; they look like it, or (`below` false) like the one
    above."""

    sheet: str
    before: int
    height: int
    below: bool

    @property
    def area(self) -> str:
        """The rows as Excel names them."""
        return f"{self.before + 1}:{self.before + self.height}"


class Patch(NamedTuple):
    """Changes side by side and one above the other on a sheet, row by row; all to formulas, or all to values."""

    rows: tuple[tuple[Change, ...], ...]

    @property
    def first(self) -> Change:
        return self.rows[0][0]


def patches(changes: Iterable[Change]) -> list[Patch]:
    """The changes in as few patches as going along rows and then down gives."""
    open_patches: dict[tuple[str, int, int, bool], list[tuple[Change, ...]]] = {}
    done: list[list[tuple[Change, ...]]] = []
    for run in _runs(changes):
        first = run[0]
        key = first.sheet, first.column, len(run), first.new.is_formula
        above = open_patches.get(key)
        if above and above[-1][0].row == first.row - 1:
            above.append(run)
        else:
            open_patches[key] = [run]
            done.append(open_patches[key])
    return [Patch(tuple(rows)) for rows in done]


def _runs(changes: Iterable[Change]) -> Iterator[tuple[Change, ...]]:
    """Changes of one row without a gap, and of one kind."""
    ordered = sorted(changes, key=lambda change: change[:3])
    numbered = enumerate(ordered)
    for _, run in groupby(numbered, lambda one: (*one[1][:2], one[1].column - one[0], one[1].new.is_formula)):
        yield tuple(change for _, change in run)
