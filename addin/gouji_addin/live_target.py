"""An open workbook as what a plan is for: what its cells hold, and what the plan comes to, cell by cell."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import groupby
from typing import NamedTuple

import xlwings as xw

from gouji_addin.cells import Cells
from gouji_addin.change import Change, NewRows
from gouji_addin.held import BLANK, Held, formula, number, text
from gouji_addin.seen import is_lined, is_merged
from gouji_checks.book import TableSheet
from gouji_checks.edit.references import Shift, reaches_over, translated
from gouji_checks.fill.owners import Placed, Template, owners
from gouji_checks.fill.plan import EMPTY_TABLE, FigureCell, LabelCell, Plan
from gouji_checks.fill.target import columns_of
from gouji_checks.source import Workbook
from gouji_templates.form import Form

Place = tuple[str, int, int]
"""Sheet, row and column, from 0."""


class Witness(NamedTuple):
    """A cell that tells a row that is changed from any other."""

    sheet: str
    row: int
    column: int
    holds: Held


class Stages(NamedTuple):
    """What carries out a plan: changes of rows that are there, the rows put in from the bottom up, then changes of
    these and all formulas.

    `early` counts rows as they are, `late` and `changes`, which are both together, as they will be.
    """

    early: tuple[Change, ...]
    inserts: tuple[NewRows, ...]
    late: tuple[Change, ...]
    changes: tuple[Change, ...]
    new_rows: tuple[tuple[str, int], ...]
    witnesses: tuple[Witness, ...]
    notes: tuple[str, ...]
    """What the workbook's owner should look at, in Chinese."""


class LiveTarget:
    """A workbook that is open in Excel and has been read."""

    def __init__(self, book: xw.Book, workbook: Workbook, form: Form) -> None:
        self._book = book
        self.cells = Cells(book, workbook)
        self.template = Template(form)

    def free(self, home: TableSheet, line: int) -> bool:
        """Whether a row is a blank row of this table: lines are drawn in it, and it holds nothing but the template's
        formulas."""
        name = home.sheet.name
        written = self.cells.texts(name)
        if line >= len(written) or any(value != "" for value in self.cells.values(name, line)):
            return False
        if any(one and not self.template.wrote(one.removeprefix("=")) for one in written[line]):
            return False
        columns = columns_of(home)
        first = line + 1, columns.start + 1
        sheet = self._book.sheets[name]
        return is_lined(sheet.range(first)) and not is_merged(sheet.range(first, (line + 1, columns.stop)))

    def disagreeing(self, plan: Plan) -> list[FigureCell]:
        """The figures of a plan in whose place another one was typed."""
        places = _Places(self, plan)
        return [figure for figure in plan.changes if places.held((figure.sheet, figure.row, figure.column)).is_entered]

    def stages(self, plan: Plan, kept: Collection[FigureCell] = ()) -> Stages:
        """How to carry out a plan but for the figures that are to stay as they were typed."""
        return _Worker(self, plan, kept).stages()


class _Places:
    """The cells of a workbook by where they will be."""

    def __init__(self, target: LiveTarget, plan: Plan) -> None:
        self.cells = target.cells
        inserts = {insert.sheet for insert in plan.inserts}
        self.shifts = {name: Shift(one for one in plan.inserts if one.sheet == name) for name in inserts}
        self._new = {name: [line for line, _ in shift.new_lines()] for name, shift in self.shifts.items()}

    def old_row(self, sheet: str, row: int) -> int | None:
        """Where a row is now; None for one that is not there yet."""
        new = self._new.get(sheet, [])
        return None if row in new else row - sum(one < row for one in new)

    def held(self, place: Place) -> Held:
        """What a cell holds, a formula as it will read once the rows are in."""
        sheet, row, column = place
        line = self.old_row(sheet, row)
        found = BLANK if line is None else self.cells.held(sheet, line, column)
        return formula(self.moved(found.text.removeprefix("="), sheet)) if found.is_formula else found

    def moved(self, written: str, host: str) -> str:
        """A formula of a sheet as it will read."""
        for sheet, shift in self.shifts.items():
            written = shift.formula(written, host, sheet)
        return written

    def formulas(self, sheet: str) -> dict[tuple[int, int], str]:
        """The formulas of a sheet, by where they will be."""
        shift = self.shifts.get(sheet, Shift([]))
        return {
            (shift.line(line), column): self.moved(written.removeprefix("="), sheet)
            for line, row in enumerate(self.cells.texts(sheet))
            for column, written in enumerate(row)
            if written.startswith("=") and self.cells.held(sheet, line, column).is_formula
        }


class _Worker:
    """A plan being turned into changes."""

    def __init__(self, target: LiveTarget, plan: Plan, kept: Collection[FigureCell]) -> None:
        self.plan = plan
        self.kept = frozenset(kept)
        self.template = target.template
        self.cells = target.cells
        self.places = _Places(target, plan)
        self.new: dict[Place, Held] = {}
        self._formulas: dict[str, dict[tuple[int, int], str]] = {}

    def stages(self) -> Stages:
        """The changes, which follow what FileTarget does to a file."""
        for name in dict.fromkeys(row.sheet for row in self.plan.added):
            self._copy(name)
            self._lend(name, [row.row for row in self.plan.added if row.sheet == name])
        found = owners(self.plan, self.template, self._over)
        for figure in found.figures:
            self._put(figure)
        for label in self.plan.labels:
            self._label(label)
        for figure in self.plan.figures:
            if figure not in self.kept:
                self._figure(figure)
        changes = [Change(*place, self.places.held(place), new) for place, new in self.new.items()]
        return self._sorted([change for change in changes if change.old != change.new], found.notes)

    def _sorted(self, changes: list[Change], notes: tuple[str, ...]) -> Stages:
        early: list[Change] = []
        late: list[Change] = []
        for change in changes:
            line = self.places.old_row(change.sheet, change.row)
            if line is None or change.new.is_formula:
                late.append(change)
            else:
                early.append(change._replace(row=line, old=self.cells.held(change.sheet, line, change.column)))
        inserts = [
            NewRows(sheet, before, len(list(rows)), below)
            for (sheet, before, below), rows in groupby(self.plan.inserts)
        ]
        rows = [(name, line) for name, shift in self.places.shifts.items() for line, _ in shift.new_lines()]
        witnesses = tuple(self._witnesses(changes))
        return Stages(
            tuple(early), tuple(reversed(inserts)), tuple(late), tuple(changes), tuple(rows), witnesses, notes
        )

    def _witnesses(self, changes: list[Change]) -> Iterator[Witness]:
        """What is typed in the changed rows besides figures: their codes and names."""
        not_labels = {change[:3] for change in changes}
        not_labels |= {(figure.sheet, figure.row, figure.column) for figure in self.plan.figures}
        for name, row in dict.fromkeys(change[:2] for change in changes):
            line = self.places.old_row(name, row)
            for column in range(self.cells.width(name)) if line is not None else ():
                there = self.places.held((name, row, column))
                if there.is_entered and (name, row, column) not in not_labels:
                    yield Witness(name, row, column, there)

    def _formulas_of(self, sheet: str) -> dict[tuple[int, int], str]:
        if sheet not in self._formulas:
            self._formulas[sheet] = self.places.formulas(sheet)
        return self._formulas[sheet]

    def _copy(self, name: str) -> None:
        """Give rows that are put in the formulas of those that they look like."""
        formulas = self._formulas_of(name)
        shift = self.places.shifts.get(name, Shift([]))
        for line, insert in shift.new_lines():
            like = shift.line(insert.before) if insert.below else line - 1
            for column, written in [(column, one) for (row, column), one in formulas.items() if row == like]:
                self._lay(name, line, column, translated(written, line - like))

    def _lend(self, name: str, lines: list[int]) -> None:
        """Give added rows the formulas that the template's rows share, where they have none."""
        formulas = self._formulas_of(name)
        columns: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        for (line, column), written in sorted(formulas.items(), reverse=True):
            columns[column].append((line, written))
        for column, upwards in columns.items():
            shared = self.template.shared(upwards)
            for line in lines if shared else ():
                if (line, column) not in formulas and shared:
                    self._lay(name, line, column, shared.at(line))

    def _lay(self, name: str, line: int, column: int, written: str) -> None:
        self._formulas_of(name)[line, column] = written
        self.new[name, line, column] = formula(written)

    def _over(self, name: str, lines: Collection[int]) -> Iterator[Placed]:
        for host in self.cells.sheets:
            for (line, column), written in self._formulas_of(host).items():
                if reaches_over(written, host, name, lines):
                    yield host, line, column, written

    def _put(self, figure: FigureCell) -> None:
        value = BLANK if figure.value is None else number(float(figure.value))
        self.new[figure.sheet, figure.row, figure.column] = value

    def _label(self, label: LabelCell) -> None:
        written = self._formulas_of(label.sheet).get((label.row, label.column), "")
        if not (written and label.follows and (self.template.wrote(written) or EMPTY_TABLE in written)):
            value = label.value
            self.new[label.sheet, label.row, label.column] = text(value) if isinstance(value, str) else number(value)

    def _figure(self, figure: FigureCell) -> None:
        """Figures are written over whatever is wrong, over the template's formulas only where these would give another
        figure; a formula of the owner's that gives the right one stays."""
        written = self._formulas_of(figure.sheet).get((figure.row, figure.column), "")
        ours = bool(written) and self.template.wrote(written)
        if (figure.changed and not (ours and figure.follows)) or (ours and not figure.follows):
            self._put(figure)
