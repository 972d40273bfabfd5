"""What 对比 enters on the sheet 上年预算数: the figures of last year's workbook, wherever none was typed."""

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

from gouji_addin.cells import Cells
from gouji_addin.change import Change
from gouji_addin.held import Held, number, text
from gouji_addin.message import Stopped
from gouji_checks.amount import FEN
from gouji_checks.compare.prior import Figure, Key, Prior
from gouji_checks.compare.sections import BEFORE, CODE, ITEM, ORIGIN, Entry, Listed, part_names
from gouji_checks.source import Sheet
from gouji_templates.classification import official_name
from gouji_templates.form import Form, Group

_NO_LINE = "“{sheet}”里没有{group}的“{line}”行，上年工作簿的数填不进去。请按模板补上这一行，再点按钮。"
_NO_ROWS = "“{sheet}”的空行不够，“{group}”还差 {missing} 行。请在这一部分插入空行，再点按钮。"


class Entered(NamedTuple):
    """What is to be written, for how many lines, and the sheet as it will be."""

    changes: tuple[Change, ...]
    lines: int
    sheet: Sheet


def entered(cells: Cells, listed: Listed, typed: Prior | None, published: Prior, form: Form) -> Entered:
    """Last year's workbook entered on the sheet `listed`, of which `typed` is what it says so far.

    Raises Stopped where a figure has no place.
    """
    work = _Entering(cells, listed, typed, form)
    for group in form.comparison.groups if form.comparison else ():
        work.enter(group, {id: figure for (one, id), figure in sorted(published.figures.items()) if one == group.id})
    return Entered(tuple(work.changes), work.lines, _changed(listed.sheet, work.changes))


class _Entering:
    def __init__(self, cells: Cells, listed: Listed, typed: Prior | None, form: Form) -> None:
        self.cells = cells
        self.listed = listed
        self.name = listed.sheet.name
        self.typed = typed
        self.fen = FEN[listed.unit(form)]
        self.changes: list[Change] = []
        self.lines = 0
        self.places: dict[Key, list[Entry]] = {}
        for entry in listed.entries:
            self.places.setdefault((entry.group.id, entry.id), []).append(entry)

    def enter(self, group: Group, figures: dict[str, Figure]) -> None:
        """The figures of a group by line or code."""
        homeless: dict[str, Figure] = {}
        for id, figure in figures.items():
            places = self.places.get((group.id, id), [])
            if len(places) == 1:
                self._beside(group, places[0], figure)
            elif not places and any(figure.amounts):
                homeless[id] = figure
        if not homeless:
            return
        if not group.codes or CODE not in self.listed.columns or group.id not in self.listed.tops:
            id = next(iter(homeless))
            label = next((line.label for line in group.lines if line.id == id), id)
            raise Stopped(_NO_LINE.format(sheet=self.name, group=group.title, line=label))
        rows = self._open_rows(group)
        for done, (code, figure) in enumerate(homeless.items()):
            row = next(rows, None)
            if row is None:
                missing = len(homeless) - done
                raise Stopped(_NO_ROWS.format(sheet=self.name, group=group.title, missing=missing))
            self._put(row, CODE, text(code))
            if not self._held(row, ITEM).is_formula:
                name = figure.name or official_name(group.codes.classification or "", code) or ""
                self._put(row, ITEM, text(name))
            self._figures(group, row, figure)

    def _beside(self, group: Group, entry: Entry, figure: Figure) -> None:
        """A line that is there: its figures if it has none, else parts left open of the same total."""
        key = (group.id, entry.id)
        typed = self.typed.figures.get(key) if self.typed else None
        if typed is not None:
            if typed.amounts[0] == figure.amounts[0]:
                self._parts(group, entry.row, figure)
        elif not (self.typed and key in self.typed.unread):
            self._figures(group, entry.row, figure)

    def _figures(self, group: Group, row: int, figure: Figure) -> None:
        self._amount(row, BEFORE, figure.amounts[0])
        self._parts(group, row, figure)
        # What it said was said of a figure that is no longer there.
        self._put(row, ORIGIN, text(figure.origin))
        self.lines += 1

    def _parts(self, group: Group, row: int, figure: Figure) -> None:
        for heading, amount in zip(part_names(group), figure.amounts[1:], strict=True):
            self._amount(row, heading, amount)

    def _amount(self, row: int, heading: str, amount: int | None) -> None:
        """An amount in a cell that shows nothing."""
        column = self.listed.columns.get(heading)
        if amount is not None and column is not None and self._value(row, column) == "":
            self._put(row, heading, number(amount / self.fen))

    def _put(self, row: int, heading: str, new: Held) -> None:
        column = self.listed.columns.get(heading)
        if column is not None and (old := self._held(row, heading)) != new:
            self.changes.append(Change(self.name, row, column, old, new))

    def _held(self, row: int, heading: str) -> Held:
        return self.cells.held(self.name, row, self.listed.columns[heading])

    def _value(self, row: int, column: int) -> object:
        values = self.cells.values(self.name, row)
        return values[column] if column < len(values) else ""

    def _open_rows(self, group: Group) -> Iterator[int]:
        """The blank rows of a section by code from its top; below the sheet's last section there is no end to them,
        unless it is the template's, in which they are counted."""
        top = self.listed.tops[group.id]
        height = len(self.cells.texts(self.name))
        end = min((one for one in self.listed.tops.values() if one > top), default=None)
        if end is None and any(self._held(row, ITEM).is_formula for row in range(top + 1, height)):
            end = height
        for row in count(top + 1):
            if end is not None and row >= end:
                return
            if all(value == "" for value in self.cells.values(self.name, row)):
                yield row


def _changed(sheet: Sheet, changes: list[Change]) -> Sheet:
    """The sheet with these changes, as it would be read again."""
    rows = [list(row) for row in sheet.rows]
    width = max([len(row) for row in rows] + [change.column + 1 for change in changes])
    rows += [[] for _ in range(max([change.row + 1 for change in changes], default=0) - len(rows))]
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    for change in changes:
        given = change.new.given
        rows[change.row][change.column] = change.new.text if isinstance(given, str) else given
    return sheet._replace(rows=rows)
