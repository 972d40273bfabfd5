"""What 撤销填充 does to an open workbook: every cell that still holds what 填充 wrote gets back what it held before."""

from collections.abc import Collection
from contextlib import suppress
from typing import NamedTuple

import xlwings as xw

from gouji_addin import undo
from gouji_addin.beforehand import may_go, ready
from gouji_addin.cells import Cells
from gouji_addin.change import Change, NewRows
from gouji_addin.message import Stopped, tell
from gouji_addin.refused import refused
from gouji_addin.results import FILLED, NAME
from gouji_addin.sheets import delete, title
from gouji_addin.source import BookSource
from gouji_addin.undo import Undoable
from gouji_addin.writing import Writing
from gouji_checks.finding import Address
from gouji_checks.source import Workbook

_NAMED = 5
"""So many of the cells left alone are named; the rest are counted."""


RowPlace = tuple[str, int]
"""A sheet and a row of it, from 0."""


class LeftAlone(NamedTuple):
    """A cell that is left alone, or a row."""

    sheet: str
    row: int
    column: int | None = None

    def said(self, deleted: Collection[RowPlace]) -> str:
        """Where it is once these rows are deleted."""
        row = self.row - sum(sheet == self.sheet and one < self.row for sheet, one in deleted)
        return f"{self.sheet} 第{row + 1}行" if self.column is None else str(Address(self.sheet, row, self.column))


class Return(NamedTuple):
    """The way back: changes, the new rows that hold nothing else, and what is to be left alone."""

    changes: list[Change]
    rows: list[RowPlace]
    left: list[LeftAlone]


def restore_book(book: xw.Book) -> None:
    """The workbook as it was before the last 填充, what was altered since left alone and said.

    Raises Stopped, with everything as it was, where there is nothing to take back or Excel takes no change.
    """
    everything = BookSource(book).read()
    workbook = ready(book, everything, lists=False)
    found = undo.kept(everything)
    if found is None:
        raise Stopped("没有可以撤销的填充：还没有填充过，或者已经撤销了。")
    if _is_listed(everything):
        may_go(book.app, everything)
    back = _back(Cells(book, workbook), undo.parsed(found))
    touched = [change.sheet for change in back.changes] + [sheet for sheet, _ in back.rows]
    with Writing(book, touched) as writing:
        writing.unprotected(sheet for sheet, _ in back.rows)
        try:
            writing.change(back.changes)
            _drop_list(book, everything)
            undo.drop(book)
        except Exception:
            writing.put_back()
            raise
        deleted = _delete(writing, back.rows)
    left = [*back.left, *(LeftAlone(*row) for row in back.rows if row not in deleted)]
    if left:
        named = "、".join(one.said(deleted) for one in left[:_NAMED])
        more = f"等 {len(left)} 处" if len(left) > _NAMED else ""
        tell(book.app, f"其余已经恢复；{named}{more}在填充以后又有改动，没有动，请核对。")


def _back(cells: Cells, kept: Undoable) -> Return:
    """The way back from what the cells hold now."""
    there = set(cells.sheets)
    moved = {one[:2] for one in kept.witnesses if one.sheet in there and cells.held(*one[:3]) != one.holds}
    changes: list[Change] = []
    left: list[LeftAlone] = []
    for change in kept.changes:
        now = cells.held(*change[:3]) if change.sheet in there else None
        if now == change.new and change[:2] not in moved:
            changes.append(change.back)
        elif now != change.old or change[:2] in moved:
            left.append(LeftAlone(*change[:3]))
    going = {change[:3] for change in changes}
    rows: list[RowPlace] = []
    for sheet, row in kept.new_rows:
        if sheet in there and all(
            (sheet, row, column) in going or not cells.held(sheet, row, column).is_entered
            for column in range(cells.width(sheet))
        ):
            rows.append((sheet, row))
        else:
            left.append(LeftAlone(sheet, row))
    return Return(changes, rows, left)


def _delete(writing: Writing, rows: list[RowPlace]) -> set[RowPlace]:
    """Take the new rows away, from the bottom; which of them went. Those that Excel keeps stay blank."""
    deleted: set[RowPlace] = set()
    for sheet, row in sorted(rows, reverse=True):
        with suppress(Exception):
            writing.delete(NewRows(sheet, row, 1, below=False))
            deleted.add((sheet, row))
    return deleted


def _is_listed(workbook: Workbook) -> bool:
    return any(sheet.name == NAME and title(sheet) == FILLED for sheet in workbook.sheets)


def _drop_list(book: xw.Book, workbook: Workbook) -> None:
    """Take away the list of what was filled in; that of a 校验 since then stays."""
    if _is_listed(workbook):
        with refused(f"删不掉“{NAME}”", book):
            delete(book.sheets[NAME])
