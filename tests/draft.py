"""A workbook's tables while edits of them are thought up: which rows stand where, and what an edit does to them."""

import random
from typing import NamedTuple

from gouji_templates.content import name_index
from gouji_templates.form import CODED, Block, Form, Table
from gouji_templates.layout import Layout, lay_out
from tests.office import Copy, Delete, Edit, Insert, Move, Put, Type, Values


class Line(NamedTuple):
    """A row of a block as it stands; nothing in any text where it is blank."""

    row: int
    code: str
    name: str
    project: str

    @property
    def title(self) -> str:
        """The row as it is told."""
        return f"第 {self.row + 1} 行 {self.code} {self.project or self.name}".strip()


class Place(NamedTuple):
    """A block on its sheet."""

    table: Table
    block: Block
    layout: Layout

    def figure(self, index: int) -> int:
        """The sheet column of a figure."""
        return self.layout.figure_column(self.block, index)

    @property
    def label(self) -> int:
        """The sheet column of the first label."""
        return self.layout.lefts[self.block.name]

    @property
    def growing(self) -> bool:
        """Whether departments write its rows themselves."""
        return self.block.kind in CODED or self.block.kind == "items"


_SENTENCE = "为空表"
"""What tells the sentence of an empty table."""


class Draft:
    """The workbook's values while changes are thought up: every edit shows in the next one's rows."""

    def __init__(self, form: Form, values: Values, chance: random.Random) -> None:
        self.chance = chance
        self.places = [Place(table, block, lay_out(table)) for table in form.tables for block in table.blocks]
        self.sheets = {table.id: [list(row) for row in values[table.id]] for table in form.tables}
        for table in form.tables:
            if table.empty:
                # The row of the sentence is no open row, though it shows nothing while there are figures.
                self.sheets[table.id][-1][0] = _SENTENCE

    def lines(self, place: Place) -> list[Line]:
        """The block's rows, blank ones among them, down to the last that says something."""
        names = place.label + name_index(place.block)
        found: list[Line] = []
        for row, cells in enumerate(self.sheets[place.table.id]):
            texts = [str(cell).strip() for cell in cells[place.label : place.figure(0)]]
            if row < place.layout.first_row or _SENTENCE in "".join(texts):
                continue
            name, project, *_ = (*texts[names - place.label :], "")
            found.append(Line(row, "".join(texts[: names - place.label]), name, project))
        while found and not any(found[-1][1:]):
            found.pop()
        return found

    def leaves(self, place: Place) -> list[Line]:
        """The rows whose figures are entered."""
        block, lines = place.block, self.lines(place)
        total = block.total.label if block.total else ""
        if block.kind in ("functional", "economic"):
            return [line for line in lines if len(line.code) == CODED[block.kind][-1]]
        if block.kind == "projects":
            return [line for line in lines if line.project]
        if block.kind == "items":
            return [line for line in lines if line.name and line.name != total]
        entered = {spec.label for spec in block.rows if not spec.sum and not spec.derived and not block.derived}
        return [line for line in lines if line.name in entered]

    def blank_rows(self, place: Place) -> list[int]:
        """The open rows: those between and behind the lines that say nothing, as far as the sheet is laid out."""
        said = {line.row for line in self.lines(place) if any(line[1:])}
        rows = self.sheets[place.table.id]
        return [
            row
            for row in range(place.layout.first_row + 1, min(len(rows), max(said, default=0) + 4))
            if row not in said and not any(str(cell).strip() for cell in rows[row])
        ]

    def amount_at(self, place: Place, row: int, index: int) -> float:
        """The figure in a cell, 0 where there is none."""
        cells = self.sheets[place.table.id][row]
        value = cells[place.figure(index)] if place.figure(index) < len(cells) else ""
        return value if isinstance(value, float) else 0.0


def made(sheets: Values, edit: Edit) -> None:
    """Does to the values what the edit does to the workbook, formulas left aside."""
    rows = sheets[edit.sheet]
    blank: list[object] = [""] * max(map(len, rows))
    match edit:
        case Put(_, row, column, value) | Type(_, row, column, value):
            while len(rows) <= row:
                rows.append(list(blank))
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = "" if value is None else value
        case Insert(_, row, size):
            rows[row:row] = [list(blank) for _ in range(size)]
        case Delete(_, row, size):
            del rows[row : row + size]
        case Copy(_, row, size, to):
            rows[to:to] = [list(line) for line in rows[row : row + size]]
        case Move(_, row, size, to):
            moved = rows[row : row + size]
            rows[to:to] = moved
            start = row + size if to <= row else row
            del rows[start : start + size]
