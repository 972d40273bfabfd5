"""The sheets 收支对比 and 三公经费对比 that an earlier click, or somebody, put into the workbook, brought up to date by
their headings."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import NamedTuple

from gouji_addin.cells import Cells
from gouji_addin.change import Change
from gouji_addin.compared import NOTE, Line, Page
from gouji_addin.held import BLANK, Held, number, text
from gouji_addin.message import Stopped
from gouji_checks.compare.sections import CODE, FIGURES, HEADINGS, ITEM, NOW, REASON, Listed, read_sections
from gouji_checks.headings import HEAD_ROWS
from gouji_checks.live.comparison_values import ShownLine
from gouji_checks.source import Sheet
from gouji_templates.form import Form, Group
from gouji_templates.per_head import per_head
from gouji_templates.wording import fold


class Updated(NamedTuple):
    """What brings a sheet up to date, which rows (from 0) that were blank get a code, and a sentence without its full
    stop for each reason whose line is gone."""

    changes: tuple[Change, ...]
    new_rows: tuple[int, ...]
    gone: tuple[str, ...]


def listed(sheet: Sheet, form: Form) -> Listed:
    """A sheet that compares; raises Stopped where it does not have its headings."""
    found = read_sections(sheet, form, HEADINGS, NOW)
    if found is None:
        raise Stopped(f"工作表“{sheet.name}”里没有找到“{ITEM}”“{NOW}”两栏。请恢复表头，或者给它改名，再点按钮。")
    return found


def is_live(cells: Cells, found: Listed) -> bool:
    """Whether formulas give this year's figures, and so all that follows from them."""
    return any(cells.held(found.sheet.name, entry.row, found.columns[NOW]).is_formula for entry in found.entries)


def updated(cells: Cells, found: Listed, page: Page, form: Form) -> Updated:
    """The sheet brought up to date. Formulas stay, and so do reasons, each with its line; a line that was taken off
    stays off.

    Raises Stopped where codes have come that there is no room for.
    """
    work = _Updating(cells, found)
    for group, lines in page.groups:
        if group.codes:
            work.codes(group, lines)
        else:
            named = {line.id: line for line in lines}
            for entry in found.entries:
                if entry.group.id == group.id:
                    work.line(entry.row, named[entry.id])
    work.per_head({one.label: number(float(one.value)) for one in page.per_head}, [one.label for one in per_head(form)])
    work.note(page.note)
    return Updated(tuple(work.changes), tuple(work.new_rows), tuple(work.gone))


def followed(cells: Cells, found: Listed, shown: Mapping[str, Sequence[ShownLine]]) -> tuple[Change, ...]:
    """The reasons of a live sheet moved along with their codes, which its formulas are about to list as in `shown`, by
    the id of their group."""
    work = _Updating(cells, found)
    for group in {entry.group.id: entry.group for entry in found.entries}.values():
        if group.codes and {CODE, REASON} <= set(found.columns):
            work.reasons(group, [line.id for line in shown[group.id]])
    return tuple(work.changes)


class _Updating:
    def __init__(self, cells: Cells, found: Listed) -> None:
        self.cells = cells
        self.found = found
        self.name = found.sheet.name
        self.changes: list[Change] = []
        self.new_rows: list[int] = []
        self.gone: list[str] = []

    def line(self, row: int, line: Line) -> None:
        for heading in FIGURES:
            self._put(row, heading, line.cells[heading])

    def codes(self, group: Group, lines: tuple[Line, ...]) -> None:
        """The section written anew from its heading on: its codes come and go."""
        top = self.found.tops.get(group.id)
        if top is None:
            return
        entries = [entry for entry in self.found.entries if entry.group.id == group.id]
        own = {entry.row for entry in entries}
        room = self._room(top, own, len(lines))
        if room < len(lines):
            missing = len(lines) - room
            raise Stopped(f"“{self.name}”的“{group.title}”下面还差 {missing} 个空行。请在这一部分插入空行，再点按钮。")
        for row, line in enumerate(lines, top + 1):
            self._put(row, CODE, text(line.code))
            self._put(row, ITEM, text(line.label))
            self.line(row, line)
            self._put(row, REASON, text(line.reason))
        self.new_rows += [row for row in range(top + 1, top + 1 + len(lines)) if row not in own]
        for row in sorted(row for row in own if row > top + len(lines)):
            for heading in HEADINGS:
                self._put(row, heading, BLANK)
        kept = {line.code for line in lines}
        for entry in entries:
            if entry.id not in kept and (reason := entry.cells.get(REASON)):
                self.gone.append(f"“{self.name}”不再有 {entry.id} {entry.name}，这一行原来写的增减原因是“{reason}”")

    def _room(self, top: int, own: set[int], wanted: int) -> int:
        """How many rows below a heading are the section's or blank, as far as any are wanted."""
        for row in count(top + 1):
            is_blank = all(value == "" for value in self.cells.values(self.name, row))
            if row > top + wanted or not (row in own or is_blank):
                return row - top - 1
        raise AssertionError

    def reasons(self, group: Group, codes: list[str]) -> None:
        """Each reason beside its code. All stay where they are where a code has no row or no longer comes, or its row
        has a reason that belongs to none: the sheet itself marks what is then misplaced."""
        entries = [entry for entry in self.found.entries if entry.group.id == group.id]
        own, top = {entry.row for entry in entries}, min(entry.row for entry in entries)
        column = self.found.columns[REASON]
        given = {entry.id: self.cells.held(self.name, entry.row, column) for entry in entries}
        rows = range(top, top + len(codes))
        free = all(
            self.cells.held(self.name, row, self.found.columns[CODE]).is_formula
            and (row in own or self.cells.held(self.name, row, column) == BLANK)
            for row in rows
        )
        if free and set(given) <= set(codes):
            for row, code in zip(rows, codes, strict=True):
                self._put(row, REASON, given.get(code, BLANK))

    def per_head(self, figures: dict[str, Held], labels: list[str]) -> None:
        """Figures by their labels; those that can no longer be told go."""
        wanted = {fold(label): figures.get(label, BLANK) for label in labels}
        lines = {entry.row for entry in self.found.entries}
        for row, said in self._column(ITEM):
            if row not in lines and fold(said) in wanted:
                self._put(row, NOW, wanted[fold(said)])

    def note(self, note: str) -> None:
        """The line above the headings, where it still stands."""
        beginning = NOTE.partition("，")[0]
        for row, values in enumerate(self.found.sheet.rows[:HEAD_ROWS]):
            for column, value in enumerate(values):
                if isinstance(value, str) and value.startswith(beginning):
                    self._change(row, column, text(note))

    def _column(self, heading: str) -> list[tuple[int, str]]:
        place = self.found.columns[heading]
        return [
            (row, said) for row, values in enumerate(self.found.sheet.rows) if isinstance(said := values[place], str)
        ]

    def _put(self, row: int, heading: str, new: Held) -> None:
        if heading in self.found.columns:
            self._change(row, self.found.columns[heading], new)

    def _change(self, row: int, column: int, new: Held) -> None:
        old = self.cells.held(self.name, row, column)
        if old != new and not old.is_formula:
            self.changes.append(Change(self.name, row, column, old, new))
