"""The constraints over a workbook's cells: every relation laid out over the rows that are there.

A cell is a number: blocks follow each other, rows within a block, columns within a row. Rows that a table lacks but
another table has ("virtual" rows) get cells as well, blank ones, so that a row left out can be named. A constraint is
two tuples of signed cells, `cell` for plus and `cell + size` for minus.
"""

from collections.abc import Callable
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from gouji_checks.cells import Layout, Shape, lay_out, parents_of
from gouji_checks.finding import Unchecked
from gouji_checks.formula import Formula, Term
from gouji_checks.relation import Catalogue, Relation
from gouji_checks.skeleton import PROJECT, TOTAL
from gouji_templates.form import LEVELS, Block

Cells = tuple[int, ...]


Getter = Callable[[list[int]], tuple[int, ...]]


class Guard(NamedTuple):
    """A precondition: the sum of these signed cells is, or is not, zero."""

    cells: Cells
    wants_zero: bool


class Choice(NamedTuple):
    """What hangs on one guarded sum: the constraints that need it to be zero, and those that need it not to be."""

    getter: Getter
    need_zero: list[int]
    need_other: list[int]


class Constraint(NamedTuple):
    """One relation over one row: left (=, ≤, ≥) right; `key` is the row, `column` the column of a 每栏 relation."""

    relation: Relation
    key: str
    column: str
    left: Cells
    right: Cells
    guard: Guard | None


class Reach(NamedTuple):
    """Where a term of a formula leads: the rows of its block by key, or the rows it names, and how to get to a cell."""

    rows: dict[str, list[int]]
    named: list[int] | None
    start: int
    width: int
    every_column: bool


class UnresolvedError(Exception):
    """A reference to a table, column or total row that the workbook does not have."""


class System:
    """Every constraint over one shape of workbook; it holds no figures, so workbooks of the same shape share it."""

    def __init__(self, catalogue: Catalogue, shape: Shape) -> None:
        self.catalogue = catalogue
        self._present = {name: columns for name, _, columns in shape}
        self.layouts = lay_out(catalogue, shape)
        self.size = sum(len(layout.keys) * layout.width for layout in self.layouts.values())
        self.block_of = [
            number
            for number, layout in enumerate(self.layouts.values())
            for _ in range(len(layout.keys) * layout.width)
        ]
        """For each cell the number of its block."""
        self._order = tuple(self.layouts.values())
        self._index()
        self.constraints: list[Constraint] = []
        self.unresolved: list[Unchecked] = []
        for relation in catalogue.relations:
            try:
                self.constraints += self._expand(relation)
            except UnresolvedError as reason:
                self.unresolved.append(Unchecked(relation.id, str(reason), 1))
        # Cell 2 × size is always blank: it makes every getter return a tuple.
        blank = 2 * self.size
        self.getters = [
            _getter((*c.left, *[negate(cell, self.size) for cell in c.right]), blank) for c in self.constraints
        ]
        expanded = {constraint.relation.id for constraint in self.constraints}
        expanded |= {item.rule for item in self.unresolved}
        self.silent = len(catalogue.relations) - len(expanded)
        """Relations that have no row to apply to."""
        self.guards: dict[Cells, Choice] = {}
        for i, constraint in enumerate(self.constraints):
            if guard := constraint.guard:
                choice = self.guards.setdefault(guard.cells, Choice(_getter(guard.cells, blank), [], []))
                (choice.need_zero if guard.wants_zero else choice.need_other).append(i)

    def _index(self) -> None:
        """By block: the cells of rows by key, the parent of each row, and the rows below each parent."""
        self._rows: dict[str, dict[str, list[int]]] = {}
        self._children: dict[str, dict[int, list[int]]] = {}
        self._totals: dict[str, frozenset[str]] = {}
        self.parent: dict[tuple[str, int], int] = {}
        for name, layout in self.layouts.items():
            self._rows[name] = _rows_of(layout)
            self._totals[name] = layout.block.required
            children: dict[int, list[int]] = {}
            self._children[name] = children
            for number, parent in enumerate(parents_of(layout)):
                if parent is not None:
                    children.setdefault(parent, []).append(number)
                    self.parent[name, number] = parent

    def _expand(self, relation: Relation) -> list[Constraint]:
        formula = relation.formula
        terms = (*formula.left, *formula.right)
        for term in (*terms, *(relation.when.left if relation.when else ())):
            self._require(term)
        if formula.each == "每上级":
            return self._roll_up(relation)
        when = relation.when
        left = [self._reach(term) for term in formula.left]
        right = [self._reach(term) for term in formula.right]
        guarding = [self._reach(term) for term in when.left] if when else []
        block = terms[0].block
        columns = [0]
        names = [""] * len(block.columns)
        if terms[0].column is None:
            columns = [i for i, there in enumerate(self._present[block.name]) if there]
            names = [column.name for column in block.columns]
        headless = next((term.block.table for term in terms if self._lacks_total(term.block)), "")
        found: list[Constraint] = []
        for key in self._domain(formula):
            if headless and key == TOTAL:
                self.unresolved.append(Unchecked(relation.id, f"{headless}没有“{TOTAL}”行", 1))
                continue
            for column in columns:
                sides = _cells(left, key, column), _cells(right, key, column)
                if sides[0] or sides[1]:
                    guard = Guard(_cells(guarding, key, column), when.operator == "=") if when else None
                    found.append(Constraint(relation, key, names[column], *sides, guard))
        return found

    def _roll_up(self, relation: Relation) -> list[Constraint]:
        block = relation.formula.left[0].block
        layout = self.layouts[block.name]
        there = self._present[block.name]
        return [
            Constraint(
                relation,
                layout.keys[parent],
                column.name,
                (layout.base + parent * layout.width + index,),
                tuple([layout.base + child * layout.width + index for child in children]),
                None,
            )
            for parent, children in self._children[block.name].items()
            for index, column in enumerate(block.columns)
            if there[index]
        ]

    def _require(self, term: Term) -> None:
        block = term.block
        layout = self.layouts.get(block.name)
        if layout is None:
            raise UnresolvedError(f"没有找到{block.table}")
        if term.column is not None and not self._present[block.name][term.column]:
            raise UnresolvedError(f"{block.table}没有找到“{block.columns[term.column].heading[-1]}”栏")
        if term.row in self._totals[block.name] and self._lacks_total(block, term.row):
            raise UnresolvedError(f"{block.table}没有“{term.row}”行")

    def _lacks_total(self, block: Block, total: str = TOTAL) -> bool:
        """Whether a block lists rows but not this total; one that lists nothing has none either, and counts as zero."""
        return total not in self._rows[block.name] and bool(self.layouts[block.name].keys)

    def _domain(self, formula: Formula) -> list[str]:
        if not formula.each:
            return [""]
        keys: dict[str, None] = {}
        for term in (*formula.left, *formula.right):
            if term.row == formula.each:
                keys |= dict.fromkeys(self._keys(term.block, formula.each))
        return list(keys)

    def _keys(self, block: Block, each: str) -> list[str]:
        layout = self.layouts[block.name]
        if each == "每行":
            if block.kind == "projects":
                # Rows of this kind share codes: each is known by its number.
                return [f"#{number}" for number in range(len(layout.keys))]
            return list(layout.keys)
        wanted = each[1:]
        levels = (wanted, PROJECT) if wanted == LEVELS[-1] else (wanted,)
        return [key for key, level in zip(layout.keys, layout.levels, strict=True) if level in levels]

    def _reach(self, term: Term) -> Reach:
        layout = self.layouts[term.block.name]
        rows = self._rows[term.block.name]
        minus = 0 if term.sign > 0 else self.size
        return Reach(
            rows,
            None if term.row[:1] == "每" else rows.get(term.row, []),
            layout.base + (term.column or 0) + minus,
            layout.width,
            term.column is None,
        )

    @cached_property
    def touching(self) -> list[list[tuple[int, int]]]:
        """For each cell the constraints it stands in and its coefficient in left − right."""
        found: list[list[tuple[int, int]]] = [[] for _ in range(self.size)]
        for i in range(len(self.constraints)):
            for cell, sign in self.terms(i):
                found[cell].append((i, sign))
        return found

    @cached_property
    def presumed(self) -> dict[int, Cells]:
        """By constraint with a precondition, the further cells this looks at: what they find to be zero as printed may
        stand for some money as well."""
        found: dict[int, Cells] = {}
        for i, constraint in enumerate(self.constraints):
            if constraint.guard:
                own = {cell % self.size for cell in (*constraint.left, *constraint.right)}
                found[i] = tuple([cell for cell in constraint.guard.cells if cell % self.size not in own])
        return found

    def terms(self, number: int) -> list[tuple[int, int]]:
        """A constraint's cells, without their signs, and their coefficients in left − right."""
        size = self.size
        left, right = self.constraints[number].left, self.constraints[number].right
        found = [(cell, 1) if cell < size else (cell - size, -1) for cell in left]
        return found + [(cell, -1) if cell < size else (cell - size, 1) for cell in right]

    @cached_property
    def guarding(self) -> dict[int, list[int]]:
        """For each cell the constraints whose precondition looks at it."""
        found: dict[int, list[int]] = {}
        for i, constraint in enumerate(self.constraints):
            for cell in constraint.guard.cells if constraint.guard else ():
                found.setdefault(cell % self.size, []).append(i)
        return found

    def cell(self, block: str, row: int, column: int) -> int:
        """The number of a figure's cell."""
        layout = self.layouts[block]
        return layout.base + row * layout.width + column

    def place(self, cell: int) -> tuple[Layout, int, int]:
        """A cell's block, row number and column number."""
        layout = self._order[self.block_of[cell]]
        row, column = divmod(cell - layout.base, layout.width)
        return layout, row, column


def _rows_of(layout: Layout) -> dict[str, list[int]]:
    """Row numbers by key. In 表7 a code means its projects, for a 项 with projects may also have a row of its own above
    them, and every row goes by its number as well, for codes repeat."""
    rows: dict[str, list[int]] = {}
    for number, key in enumerate(layout.keys):
        rows.setdefault(key, []).append(number)
    if layout.block.kind == "projects":
        for key, numbers in rows.items():
            rows[key] = [number for number in numbers if layout.levels[number] == PROJECT] or numbers
        rows |= {f"#{number}": [number] for number in range(len(layout.keys))}
    return rows


def _cells(reaches: list[Reach], key: str, column: int) -> Cells:
    """The signed cells that terms lead to for this key."""
    return tuple(
        [
            reach.start + number * reach.width + (column if reach.every_column else 0)
            for reach in reaches
            for number in (reach.rows.get(key, ()) if reach.named is None else reach.named)
        ]
    )


def _getter(cells: Cells, blank: int) -> Getter:
    """Takes these cells out of a vector in one call; the blank cell makes a tuple of a single one."""
    return itemgetter(*cells) if len(cells) > 1 else itemgetter(*cells, blank, blank)


def negate(cell: int, size: int) -> int:
    """The same cell with the other sign."""
    return cell - size if cell >= size else cell + size
