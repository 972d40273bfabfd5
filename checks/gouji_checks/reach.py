"""Where the terms of formulas lead in one shape of workbook: to cells, for many rows at a time."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from gouji_checks.cells import Layout, Shape, rows_of
from gouji_checks.formula import Term
from gouji_checks.relation import Catalogue, Relation
from gouji_checks.skeleton import PROJECT, TOTAL
from gouji_templates.form import LEVELS, Block

Reach = tuple[str, list[int] | None, int]
"""Where a term of a formula leads: its block, the rows there that it names (None: those that a key has), given by the
cell they begin with, and how many cells from there the figure is, its sign included."""


class Run(NamedTuple):
    """Rows one behind the other that a relation looks at in the same way, each with its key and column.

    `rows` by block: the first row of every key, the second of every key, and so on; `offsets` what the column adds.
    """

    keys: list[str]
    columns: list[str]
    offsets: list[int]
    rows: dict[str, list[list[int]]]


class UnresolvedError(Exception):
    """A reference to a table, column or total row that the workbook does not have."""


class Quantified(NamedTuple):
    """The blocks of a relation, with their tables; those whose rows its quantifier speaks of, and those that only its
    precondition looks at."""

    blocks: tuple[tuple[str, str], ...]
    spoken: tuple[str, ...]
    further: tuple[str, ...]


@lru_cache(maxsize=8)
def _quantified(catalogue: Catalogue) -> dict[str, Quantified]:
    """By relation what its quantifier is about."""
    found = {}
    for relation in catalogue.relations:
        each, terms = relation.formula.each, relation.formula.left + relation.formula.right
        guarding = relation.when.left if relation.when else ()
        spoken = dict.fromkeys([term.block.name for term in terms if term.row == each])
        further = dict.fromkeys([term.block.name for term in guarding if term.row == each]).keys() - spoken
        blocks = dict.fromkeys([(term.block.name, term.block.table) for term in terms])
        found[relation.id] = Quantified(tuple(blocks), tuple(spoken), tuple(sorted(further)))
    return found


class Reaches:
    """Every block's rows by key and the columns it has; `size` cells further is the same cell with the other sign."""

    def __init__(self, catalogue: Catalogue, shape: Shape, layouts: dict[str, Layout], size: int) -> None:
        self._layouts = layouts
        self._size = size
        self._columns = {name: columns for name, _, columns in shape}
        self._rows = {name: rows_of(layout) for name, layout in layouts.items()}
        self._headless = {name for name, rows in self._rows.items() if rows and TOTAL not in rows}
        """The blocks that list rows but no total; one that lists nothing has none either, and counts as zero."""
        self._quantified = _quantified(catalogue)
        self._runs: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Run]] = {}

    def columns(self, block: Block) -> tuple[list[int], list[str]]:
        """The columns that a block has, and their names."""
        there = [i for i, found in enumerate(self._columns[block.name]) if found]
        return there, [block.columns[i].name for i in there]

    def of(self, term: Term, sign: int) -> Reach:
        """Where a term leads; raises UnresolvedError where the workbook lacks what it speaks of."""
        _, block, row, column = term
        name = block.name
        shift = 0 if sign > 0 else self._size
        rows = self._rows.get(name)
        if rows is None:
            raise UnresolvedError(f"没有找到{block.table}")
        if column is not None:
            if not self._columns[name][column]:
                raise UnresolvedError(f"{block.table}没有找到“{block.columns[column].heading[-1]}”栏")
            shift += column
        if row[0] == "每":
            return name, None, shift
        named = rows.get(row)
        if named is None:
            if row in block.required and rows:
                raise UnresolvedError(f"{block.table}没有“{row}”行")
            return name, [], shift
        return name, named, shift

    def runs(self, relation: Relation) -> tuple[list[Run], str]:
        """The rows that a relation looks at, and the table that lacks the total it speaks of among them."""
        each, first = relation.formula.each, (relation.formula.left + relation.formula.right)[0]
        runs, lacking = self._runs_of_each(relation) if each else ([_ONCE], "")
        if first.column is None:
            columns, names = self.columns(first.block)
            runs = [_spread(run, columns, names) for run in runs]
        return runs, lacking

    def _runs_of_each(self, relation: Relation) -> tuple[list[Run], str]:
        each, quantified = relation.formula.each, self._quantified[relation.id]
        known = (each, quantified.spoken, quantified.further)
        runs = self._runs.get(known)
        if runs is None:
            keys = list(dict.fromkeys([key for name in quantified.spoken for key in self._keys(name, each)]))
            runs = self._runs[known] = self._in_runs(keys, quantified)
        headless = [table for name, table in quantified.blocks if name in self._headless]
        if not headless or not any(TOTAL in run.keys for run in runs):
            return runs, ""
        return self._in_runs([key for run in runs for key in run.keys if key != TOTAL], quantified), headless[0]

    def _in_runs(self, keys: list[str], quantified: Quantified) -> list[Run]:
        """The keys with their rows in each block."""
        blocks = [name for name in quantified.spoken + quantified.further if self._rows[name]]
        found = {name: [self._rows[name].get(key, _NOWHERE) for key in keys] for name in blocks}
        counts = list(zip(*[map(len, starts) for starts in found.values()], strict=True))
        edges = [number for number, (one, other) in enumerate(pairwise(counts), 1) if one != other]
        runs = []
        for start, stop in pairwise([0, *edges, len(keys)]) if keys else ():
            rows = {
                name: [[starts[number] for starts in own[start:stop]] for number in range(count)]
                for (name, own), count in zip(found.items(), counts[start], strict=True)
            }
            runs.append(Run(keys[start:stop], [""] * (stop - start), [0] * (stop - start), rows))
        return runs

    def _keys(self, name: str, each: str) -> Sequence[str]:
        """The rows of a block that a quantifier speaks of."""
        layout = self._layouts[name]
        if each == "每行":
            if layout.block.kind == "projects":
                # Rows of this kind share codes: each is known by its number.
                return [f"#{number}" for number in range(len(layout.keys))]
            return layout.keys
        wanted = each[1:]
        levels = (wanted, PROJECT) if wanted == LEVELS[-1] else (wanted,)
        return [key for key, level in zip(layout.keys, layout.levels, strict=True) if level in levels]

    def layers(self, reaches: list[Reach], run: Run) -> list[list[int]]:
        """The signed cells that terms lead to: a layer for each term and row, in it a cell for every place of the run,
        2 × size where there is none."""
        nothing = 2 * self._size
        layers: list[list[int]] = []
        for block, named, shift in reaches:
            if named is None:
                layers += [[nothing if at < 0 else at + shift for at in starts] for starts in run.rows.get(block, ())]
            else:
                layers += [[start + shift + offset for offset in run.offsets] for start in named]
        return layers


_ONCE = Run([""], [""], [0], {})
"""A relation between rows that it names."""

_NOWHERE = [-1]
"""What a block has of a key that others have and it does not."""


def _spread(run: Run, columns: list[int], names: list[str]) -> Run:
    """A run over each of these columns in turn."""
    rows = {
        name: [[start if start < 0 else start + column for start in layer for column in columns] for layer in layers]
        for name, layers in run.rows.items()
    }
    return Run([key for key in run.keys for _ in columns], names * len(run.keys), columns * len(run.keys), rows)
