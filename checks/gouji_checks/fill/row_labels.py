"""How a sheet writes the labels of its rows, so that a row that is added reads like the others."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from gouji_checks.line_keys import code_of
from gouji_checks.skeleton import Part, Row
from gouji_checks.source import Rows
from gouji_templates.content import Line, name_index
from gouji_templates.form import CODED, Block
from gouji_templates.wording import fold

Labels = dict[int, str | float]
"""What stands in the label cells of a row, by sheet column from 0."""

Spelling = Callable[[list[str]], list[str]]
"""The code's cells, given its parts."""

_SPELLINGS: tuple[tuple[Spelling, str | None], ...] = (
    (lambda parts: parts, None),
    (lambda parts: ["".join(parts)], None),
    (lambda parts: ["-".join(parts)], None),
    (lambda parts: ["".join(parts)], ""),
    (lambda parts: ["".join(parts)], " "),
)
"""The ways to write a code, and what stands between it and the name where they share a cell."""

_ENOUGH = 20
"""So many rows show how a table is written."""


class RowWriting(NamedTuple):
    """How the rows of a table are written: the code's spelling, what joins it to the name (None where that has a cell
    of its own), the columns (from 0) where the code begins, of the name and of the project, and those whose codes are
    numbers."""

    block: Block
    spell: Spelling
    joint: str | None
    code: int
    name: int
    project: int
    numbers: frozenset[int]

    def labels(self, line: Line) -> Labels:
        """A line's label cells."""
        name = line.labels[name_index(self.block)]
        found: Labels = {}
        if code := code_of(self.block, line):
            cells = self.coded(code, name)
            found = {column: self._typed(column, text) for column, text in cells.items()}
        if self.name not in found and name:
            found[self.name] = name
        if self.block.kind == "projects" and line.labels[-1]:
            found[self.project] = line.labels[-1]
        return found

    def coded(self, code: str, name: str) -> dict[int, str]:
        """The cells of a code, with its name where they share one."""
        cells = self.spell(_parts(self.block, code))
        if self.joint is not None:
            cells = [cells[0] + self.joint + name]
        return dict(enumerate(cells, self.code))

    def _typed(self, column: int, part: str) -> str | float:
        return float(part) if column in self.numbers and part.isdigit() else part


def writing_of(part: Part, rows: Rows) -> RowWriting:
    """The writing that most of a table's rows share; the form's own where there are none to go by."""
    block, start, stop = part.side.block, part.side.start, part.side.stop
    place = start + name_index(block) if stop - start >= len(block.labels) else max(stop - 1, start)
    usual = RowWriting(block, *_SPELLINGS[0], start, place, stop - 1, frozenset())
    if block.kind not in CODED:
        named = [
            column for row in part.rows for column in range(start, stop) if _same(rows[row.line][column], row.name)
        ]
        return usual._replace(name=named[0] if named else start)
    if stop - start < len(block.labels):
        spell, joint = _SPELLINGS[1 if stop - start > 1 else 4]
        usual = usual._replace(spell=spell, joint=joint, name=min(start + 1, stop - 1))
    shown = [row for row in part.rows if code_of_row(block, row)][:_ENOUGH]
    best = max(_candidates(usual, start, stop), key=lambda writing: _agreement(writing, shown, rows), default=usual)
    if not shown or not _agreement(best, shown, rows):
        best = usual
    projects = [column for row in shown for column in range(start, stop) if _same(rows[row.line][column], row.project)]
    numbers = frozenset(
        column for column in range(start, stop) if any(isinstance(rows[row.line][column], float) for row in shown)
    )
    return best._replace(project=projects[0] if projects else best.project, numbers=numbers)


def code_of_row(block: Block, row: Row) -> str:
    """A row's code, nothing for a total or a budget unit."""
    return row.key if block.kind in CODED and row.key.isdigit() and len(row.key) in CODED[block.kind] else ""


def _candidates(usual: RowWriting, start: int, stop: int) -> list[RowWriting]:
    return [
        usual._replace(spell=spell, joint=joint, code=code, name=name)
        for spell, joint in _SPELLINGS
        for code in range(start, stop)
        for name in (range(code, stop) if joint is None else (code,))
    ]


def _agreement(writing: RowWriting, shown: list[Row], rows: Rows) -> int:
    """How many label cells of these rows are written this way."""
    agreed = 0
    for row in shown:
        cells = writing.coded(row.key, row.name)
        cells.setdefault(writing.name, row.name)
        found = rows[row.line]
        agreed += sum(column < len(found) and _same(found[column], text) for column, text in cells.items())
    return agreed


def _parts(block: Block, code: str) -> list[str]:
    levels = [0, *(length for length in CODED[block.kind] if length <= len(code))]
    return [code[start:end] for start, end in pairwise(levels)]


def _same(cell: object, text: str) -> bool:
    if not text:
        return False
    if isinstance(cell, float):
        return text.isdigit() and float(text) == cell
    return fold(str(cell)) == fold(text)
