"""The constraints over a workbook's cells: every relation laid out over the rows that are there.

A cell is a number: blocks follow each other, rows within a block, columns within a row. Rows that a table lacks but
another table has ("virtual" rows) get cells as well, blank ones, so that a row left out can be named. A constraint is
two tuples of signed cells, `cell` for plus and `cell + size` for minus.
"""

from functools import cached_property
from itertools import count
from typing import NamedTuple

from gouji_checks.cells import Layout, Shape, lay_out, parents_of
from gouji_checks.finding import Unchecked
from gouji_checks.reach import Reaches, UnresolvedError
from gouji_checks.relation import Catalogue, Relation
from gouji_checks.skeleton import TOTAL
from gouji_checks.sums import Layers, Sums

Cells = tuple[int, ...]


class Guard(NamedTuple):
    """A precondition: the sum of these signed cells is, or is not, zero."""

    cells: Cells
    wants_zero: bool


class Constraint(NamedTuple):
    """One relation over one row: left (=, ≤, ≥) right; `key` is the row, `column` the column of a 每栏 relation."""

    relation: Relation
    key: str
    column: str
    left: Cells
    right: Cells
    guard: Guard | None


class System:
    """Every constraint over one shape of workbook; it holds no figures, so workbooks of the same shape share it.

    Most workbooks have a shape of their own, and of most constraints nothing is asked but whether they hold: what is
    laid out at once is the cells of all of them, a relation at a time, and the rest when it is wanted.
    """

    def __init__(self, catalogue: Catalogue, shape: Shape) -> None:
        self.catalogue = catalogue
        self.layouts = lay_out(catalogue, shape)
        self.size = sum(len(layout.keys) * layout.width for layout in self.layouts.values())
        self._order = tuple(self.layouts.values())
        self._reaches = Reaches(catalogue, shape, self.layouts, self.size)
        self._parents = {name: parents_of(layout) for name, layout in self.layouts.items()}
        self.relation_of: list[Relation] = []
        """For each constraint its relation."""
        self._keys_of: list[str] = []
        self._columns: list[str] = []
        self._lefts: list[int] = []
        """For each constraint how many of its cells are to the left."""
        self.sums = Sums()
        """For each constraint left − right; a cell from 2 × size on is that of a row which is not there."""
        self.conditions = Sums()
        self.wants_zero: list[bool] = []
        """For each condition whether it is that the sum is zero, or that it is not."""
        self.guarded: dict[int, int] = {}
        """For each constraint with a precondition the number of this among the conditions."""
        self._made: dict[int, Constraint] = {}
        self.unresolved: list[Unchecked] = []
        self.silent = 0
        """Relations that have no row to apply to."""
        for relation in catalogue.relations:
            before = len(self.relation_of) + len(self.unresolved)
            try:
                self._expand(relation)
            except UnresolvedError as reason:
                self.unresolved.append(Unchecked(relation.id, str(reason), 1))
            self.silent += len(self.relation_of) + len(self.unresolved) == before

    def _expand(self, relation: Relation) -> None:
        formula, when, reaches = relation.formula, relation.when, self._reaches
        left = [reaches.of(term, term.sign) for term in formula.left]
        right = [reaches.of(term, -term.sign) for term in formula.right]
        guarding = [reaches.of(term, term.sign) for term in when.left] if when else []
        if formula.each == "每上级":
            self._roll_up(relation)
            return
        runs, lacking = reaches.runs(relation)
        if lacking:
            self.unresolved.append(Unchecked(relation.id, f"{lacking}没有“{TOTAL}”行", 1))
        for run in runs:
            plus = reaches.layers(left, run)
            layers = plus + reaches.layers(right, run)
            if not layers:
                continue
            number = len(self.relation_of)
            self._add(relation, run.keys, run.columns, len(plus), layers)
            if when:
                self.guarded |= zip(range(number, len(self.relation_of)), count(len(self.conditions)))
                self.conditions.add(reaches.layers(guarding, run), len(run.keys))
                self.wants_zero += [when.operator == "="] * len(run.keys)

    def _roll_up(self, relation: Relation) -> None:
        block = relation.formula.left[0].block
        layout = self.layouts[block.name]
        columns, names = self._reaches.columns(block)
        minus = [self.size + column for column in columns]
        starts = layout.starts
        children: dict[int, list[int]] = {}
        for start, parent in zip(starts, self._parents[block.name], strict=True):
            if parent is not None:
                children.setdefault(parent, []).append(start)
        for parent, below in children.items():
            layers = [[starts[parent] + column for column in columns]]
            layers += [[start + column for column in minus] for start in below]
            self._add(relation, [layout.keys[parent]] * len(columns), names, 1, layers)

    def _add(self, relation: Relation, keys: list[str], columns: list[str], left: int, layers: Layers) -> None:
        """A constraint of the relation for every key and its column; the first layers are its left side."""
        self.relation_of += [relation] * len(keys)
        self._keys_of += keys
        self._columns += columns
        self._lefts += [left] * len(keys)
        self.sums.add(layers, len(keys))

    @cached_property
    def constraints(self) -> list[Constraint]:
        """All constraints, for those who look at more than a few."""
        return [self.constraint(number) for number in range(len(self.relation_of))]

    def constraint(self, number: int) -> Constraint:
        """The constraint of this number."""
        known = self._made.get(number)
        if known is None:
            known = self._made[number] = self._make(number)
        return known

    def _make(self, number: int) -> Constraint:
        cells, split = self.sums[number], self._lefts[number]
        left, right = self._there(cells[:split]), self._there(cells[split:])
        guard = None
        if number in self.guarded:
            condition = self.guarded[number]
            guard = Guard(self._there(self.conditions[condition]), self.wants_zero[condition])
        minus = tuple([negate(cell, self.size) for cell in right])
        return Constraint(self.relation_of[number], self._keys_of[number], self._columns[number], left, minus, guard)

    def _there(self, cells: list[int]) -> Cells:
        """These cells without those of rows that are not there."""
        return tuple([cell for cell in cells if cell < 2 * self.size])

    def presumed(self, number: int) -> Cells:
        """The further cells that a constraint's precondition looks at: what it finds to be zero as printed may stand
        for some money as well."""
        if number not in self.guarded:
            return ()
        own = {cell % self.size for cell in self._there(self.sums[number])}
        condition = self._there(self.conditions[self.guarded[number]])
        return tuple([cell for cell in condition if cell % self.size not in own])

    def terms(self, number: int) -> list[tuple[int, int]]:
        """A constraint's cells, without their signs, and their coefficients in left − right."""
        size = self.size
        return [(cell, 1) if cell < size else (cell - size, -1) for cell in self._there(self.sums[number])]

    @cached_property
    def touching(self) -> list[list[tuple[int, int]]]:
        """For each cell the constraints it stands in and its coefficient in left − right."""
        size = self.size
        # A cell has one list for both its signs; the last is that of rows which are not there.
        signed: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        signed += [*signed, []]
        for number in range(len(self.relation_of)):
            plus, minus = (number, 1), (number, -1)
            for cell in self.sums[number]:
                signed[cell].append(plus if cell < size else minus)
        return signed[:size]

    @cached_property
    def guarding(self) -> dict[int, list[int]]:
        """For each cell the constraints whose precondition looks at it."""
        found: dict[int, list[int]] = {}
        for number, condition in self.guarded.items():
            for cell in self._there(self.conditions[condition]):
                found.setdefault(cell % self.size, []).append(number)
        return found

    @cached_property
    def parent(self) -> dict[tuple[str, int], int]:
        """For each row, by block and number, the row it rolls up into."""
        return {
            (name, number): parent
            for name, parents in self._parents.items()
            for number, parent in enumerate(parents)
            if parent is not None
        }

    @cached_property
    def block_of(self) -> list[int]:
        """For each cell the number of its block."""
        sizes = [len(layout.keys) * layout.width for layout in self._order]
        return [number for number, size in enumerate(sizes) for _ in range(size)]

    def cell(self, block: str, row: int, column: int) -> int:
        """The number of a figure's cell."""
        layout = self.layouts[block]
        return layout.base + row * layout.width + column

    def place(self, cell: int) -> tuple[Layout, int, int]:
        """A cell's block, row number and column number."""
        layout = self._order[self.block_of[cell]]
        row, column = divmod(cell - layout.base, layout.width)
        return layout, row, column


def negate(cell: int, size: int) -> int:
    """The same cell with the other sign."""
    return cell - size if cell >= size else cell + size
