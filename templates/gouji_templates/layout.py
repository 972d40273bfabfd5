"""Where the parts of a table stand on its sheet: the one place that turns a form into rows and columns."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from gouji_templates.content import Line, is_total, total_first
from gouji_templates.form import Block, Column, Label, Table

NUMBER_ROW, TITLE_ROW, DEPARTMENT_ROW, HEADING_ROW = range(4)

RULER_SIGN = "※"
"""What the 栏次 row shows under a label column; figure columns are numbered."""

AMONG = "其中："
PAST_AMONG = 2
"""How far the lines below one that begins so are set in, for their names to stand below its name."""

# What a spreadsheet keeps together when it wraps: a bracket does not part from what it holds.
_WORD = re.compile(r"[（(“〔]*(?:[A-Za-z0-9.,%-]+|.)[）)”〕，。；：、]*")


class Span(NamedTuple):
    """A heading and the cells it covers, counted from 0."""

    text: str
    top: int
    left: int
    bottom: int
    right: int


class Layout(NamedTuple):
    """The sheet of a table; its rows and columns are counted from 0."""

    table: Table
    lefts: dict[str, int]
    widths: tuple[float, ...]
    headings: tuple[Span, ...]

    @property
    def last_column(self) -> int:
        return len(self.widths) - 1

    @property
    def ruler_row(self) -> int | None:
        """The 栏次 row, where the table has one."""
        return HEADING_ROW + self.table.depth if self.table.ruler else None

    @property
    def first_row(self) -> int:
        """The first row below the headings and the ruler."""
        return HEADING_ROW + self.table.depth + self.table.ruler

    def figure_column(self, block: Block, index: int = 0) -> int:
        """The sheet column of the block's figures: of the first one unless told."""
        return self.lefts[block.name] + len(block.labels) + index


def lay_out(table: Table) -> Layout:
    """The places of a table's blocks, side by side, and of their headings."""
    parts: list[Label | Column] = []
    lefts: dict[str, int] = {}
    for block in table.blocks:
        lefts[block.name] = len(parts)
        parts.extend(block.labels)
        parts.extend(block.columns)
    return Layout(
        table,
        lefts,
        tuple(part.width for part in parts),
        _spans([part.heading for part in parts], table.depth),
    )


def line_rows(layout: Layout, lines: Mapping[str, Sequence[Line]]) -> dict[str, tuple[int, ...]]:
    """The sheet row of every line, by block; totals that stand below all meet on the table's last row."""
    blocks = layout.table.blocks
    height = max(len(lines.get(block.name, ())) for block in blocks)
    rows: dict[str, tuple[int, ...]] = {}
    for block in blocks:
        given = lines.get(block.name, ())
        offsets = list(range(len(given)))
        if given and not total_first(block) and is_total(block, given[-1]):
            offsets[-1] = height - 1
        rows[block.name] = tuple(layout.first_row + offset for offset in offsets)
    return rows


def indents(block: Block) -> dict[str, int]:
    """How far each fixed row is set in: a step for every sum it is part of, and past 其中： below it."""
    labels = {row.id: row.label for row in block.rows}
    parents = {part: row for row in block.rows for part in row.sum}
    steps: dict[str, int] = {}
    for id, label in labels.items():
        steps[label] = 0
        parent = parents.get(id)
        if parent and labels[parent.sum[0]].startswith(AMONG) and not label.startswith(AMONG):
            steps[label] = PAST_AMONG
        while parent:
            steps[label] += 1
            parent = parents.get(parent.id)
    return steps


def text_width(text: str) -> int:
    """The room a text takes in units of column width: two for a Chinese sign, one for a Latin one."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def wrapped(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width."""
    lines, used = 1, 0
    for word in map(text_width, _WORD.findall(text)):
        # A cell keeps about one unit of its width for itself.
        if used and used + word > width - 1:
            lines, used = lines + 1, 0
        used += word
    return lines


def tallest(cells: Iterable[object], widths: Iterable[float]) -> int:
    """How many lines the cells of a row take in columns of these widths; what is no text takes one."""
    lines = [wrapped(cell, width) for cell, width in zip(cells, widths, strict=False) if isinstance(cell, str)]
    return max(lines, default=1)


def _spans(headings: Sequence[tuple[str, ...]], depth: int) -> tuple[Span, ...]:
    """Equal parents that stand side by side share one heading; the lowest one reaches down to the data."""
    spans: list[Span] = []
    for level in range(depth):
        keys = [(heading[: level + 1], i if len(heading) <= level + 1 else None) for i, heading in enumerate(headings)]
        for (path, leaf), group in groupby(range(len(keys)), key=keys.__getitem__):
            columns = list(group)
            if len(path) == level + 1:
                bottom = level if leaf is None else depth - 1
                spans.append(Span(path[level], HEADING_ROW + level, columns[0], HEADING_ROW + bottom, columns[-1]))
    return tuple(spans)
