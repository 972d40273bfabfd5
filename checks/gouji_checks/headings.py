"""Which table a sheet holds and which of its columns is which: found by titles and headings, never by place."""

import re
from functools import lru_cache
from typing import NamedTuple

from gouji_checks.source import Rows
from gouji_templates.form import Block, Form, Table
from gouji_templates.wording import fold

HEAD_ROWS = 15
"""How far down a title, a unit line and the headings are looked for."""

_CODE = re.compile(r"\d{3}(?:\d\d){0,2}(?![\d年])")
"""How a row of a coded table begins; not a title such as 2025年…"""

RULER_SIGNS = frozenset({"※", "栏次"})
"""What the 栏次 row shows under a label column."""

Headings = tuple[tuple[object, ...], ...]
Lines = tuple[tuple[int, int, str], ...]
"""Texts with their row and column, from 0."""


class Side(NamedTuple):
    """A block found on a sheet: its label columns [start, stop) and where each figure column is (None = not found)."""

    block: Block
    start: int
    stop: int
    columns: tuple[int | None, ...]


class Match(NamedTuple):
    """How well a sheet's headings are those of a table: the share of figure columns found, and where they are."""

    score: float
    sides: tuple[Side, ...]


class Head:
    """The top of a sheet: its text lines, the heading rows, the row where data begin (all 0-based), and every table
    whose headings these resemble, by id."""

    def __init__(self, lines: Lines, headings: Headings, first_row: int, matches: dict[str, Match]) -> None:
        self.lines = lines
        self.headings = headings
        self.first_row = first_row
        self.matches = matches


class Line(NamedTuple):
    """A row near the top: `kind` is blank, ruler, unit, data, few (a title or a short heading) or many texts."""

    kind: str
    texts: tuple[tuple[int, str], ...]


def read_head(rows: Rows, form: Form) -> Head:
    """Split a sheet into its lines above the headings, the headings, and what follows."""
    lines: list[tuple[int, int, str]] = []
    start, end = 0, None
    ruler: tuple[object, ...] = ()
    top: list[tuple[object, ...]] = []
    for number, cells in enumerate(rows[:HEAD_ROWS]):
        row = tuple(cells)
        top.append(row)
        kind, texts = _read_line(row, form)
        if kind == "ruler":
            end, ruler = number + 1, row
            break
        if kind == "data":
            end = number
            break
        if kind == "unit":
            start = number + 1
        if kind == "unit" or (kind == "few" and number < 8):
            lines += [(number, column, text) for column, text in texts]
    last = len(top) if end is None else end - (1 if ruler else 0)
    if start == 0:
        # No unit line: the headings begin at the first row with several texts.
        start = next((i for i, row in enumerate(top[:last]) if sum(c != "" for c in row) > 2), last)
    return _head(form, tuple(lines), tuple(top[start:last]), len(top) if end is None else end, ruler)


@lru_cache(maxsize=4096)
def _read_line(row: tuple[object, ...], form: Form) -> Line:
    """What a row near the top is; the same rows come back in every workbook made from the same template."""
    marks, unit_marks = _marks(form)
    if "※" in row or _is_ruler(row):
        return Line("ruler", ())
    cells = [(column, cell) for column, cell in enumerate(row) if cell != "" and cell is not None]
    if not cells:
        return Line("blank", ())
    texts = tuple([(column, cell) for column, cell in cells if isinstance(cell, str)])
    column, first = cells[0]
    folded = fold(first) if isinstance(first, str) else ""
    if len(cells) <= 3 and any(fold(text).startswith(unit_marks) for _, text in texts):
        return Line("unit", texts)
    if (
        "为空表" in folded
        or (column <= 1 and (folded in marks or _CODE.match(folded)))
        or any(is_figure(cell) for _, cell in cells)
    ):
        return Line("data", ())
    return Line("few" if len(cells) <= 2 else "many", texts)


def _is_ruler(row: tuple[object, ...]) -> bool:
    """A 栏次 row without ※: nothing but 1, 2, 3 …"""
    numbers = [cell for cell in row if cell not in ("", None, "栏次")]
    if len(numbers) < 3:
        return False
    return all(_number(cell) == wanted for wanted, cell in enumerate(numbers, 1))


def _number(cell: object) -> float | None:
    if isinstance(cell, float | int):
        return float(cell)
    if isinstance(cell, str) and fold(cell).isdigit():
        return float(fold(cell))
    return None


@lru_cache(maxsize=8)
def _marks(form: Form) -> tuple[frozenset[str], tuple[str, ...]]:
    """The labels that begin a data row, and how the line above the headings begins, folded."""
    labels = {"总计", "合计"}
    for block in form.blocks:
        labels |= {fold(spec.label) for spec in block.rows}
        if block.total:
            labels.add(fold(block.total.label))
    return frozenset(labels), (
        form.department_line,
        f"{form.unit_line}:",
        "编制单位",
        "部门名称",
        "填报单位",
        "金额单位",
    )


def is_figure(cell: object) -> bool:
    """Whether a cell holds an amount rather than words: a number, or a text of digits with a decimal point."""
    if isinstance(cell, str):
        text = fold(cell)
        return "." in text and text.replace(",", "").replace(".", "").isdigit()
    return isinstance(cell, float | int) and not isinstance(cell, bool)


# One for each top that reads differently, so that what is known of a top is found by identity.
@lru_cache(maxsize=512)
def _head(form: Form, lines: Lines, headings: Headings, first_row: int, ruler: tuple[object, ...]) -> Head:
    return Head(lines, headings, first_row, _match(form, headings, ruler))


@lru_cache(maxsize=256)
def _match(form: Form, headings: Headings, ruler: tuple[object, ...]) -> dict[str, Match]:
    paths = _paths(headings)
    found: dict[str, Match] = {}
    for table in form.tables:
        result = _match_table(table, paths, ruler)
        if result.score >= 0.5:
            found[table.id] = result
    return found


def _paths(headings: Headings) -> list[tuple[str, ...]]:
    """Each column's headings from top to bottom, parents repeated over the columns they span."""
    width = max((len(row) for row in headings), default=0)
    paths: list[tuple[str, ...]] = [()] * width
    for row in headings:
        before: tuple[str, ...] | None = None
        text = ""
        for column in range(width):
            cell = row[column] if column < len(row) else ""
            parent = paths[column]
            if cell not in ("", None):
                text = fold(str(cell))
            elif parent != before:
                text = ""
            before = parent
            if text and parent[-1:] != (text,):
                paths[column] = (*parent, text)
    return paths


def _match_table(table: Table, paths: list[tuple[str, ...]], ruler: tuple[object, ...]) -> Match:
    taken: set[int] = set()
    sides: list[Side] = []
    wanted = found = 0.0
    number = named = 0
    edge = 0
    for block in table.blocks:
        columns: list[int | None] = []
        for column in block.columns:
            number += 1
            heading = tuple(map(fold, column.heading))
            place, quality = _find(paths, heading, taken)
            named += place is not None
            if place is None and table.ruler:
                place, quality = _by_ruler(ruler, number, taken), 0.6
            if place is not None:
                taken.add(place)
                found += quality
            wanted += 1
            columns.append(place)
        known = [place for place in columns if place is not None]
        stop = min(known) if known else edge
        sides.append(Side(block, edge, stop, tuple(columns)))
        edge = max(known) + 1 if known else edge
    # Numbers alone fit every table: they only help where most headings are there.
    return Match(found / wanted if 2 * named >= wanted else 0.0, tuple(sides))


def _find(paths: list[tuple[str, ...]], heading: tuple[str, ...], taken: set[int]) -> tuple[int | None, float]:
    """The first free column under this heading, and how sure that is."""
    partial: int | None = None
    leaf: list[int] = []
    for place, path in enumerate(paths):
        if place in taken or not path:
            continue
        if path == heading:
            return place, 1.0
        if path[-1] == heading[-1]:
            leaf.append(place)
            if partial is None and (set(path[:-1]) & set(heading[:-1])):
                partial = place
    if partial is not None:
        return partial, 0.9
    return (leaf[0], 0.7) if leaf else (None, 0.0)


def _by_ruler(ruler: tuple[object, ...], number: int, taken: set[int]) -> int | None:
    return next((i for i, cell in enumerate(ruler) if i not in taken and _number(cell) == number), None)
