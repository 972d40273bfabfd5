"""The disclosure's tables made from line items: every figure is the exact sum of its line items, rounded once.

A figure is rounded half up to the last printed digit. A sum is rounded from its exact amount, not added up from printed
parts: where the parts were each rounded it may differ from theirs, by the 尾差 that a check allows for. A cell is
printed where at least one line item belongs to it, even if it rounds to 0.00; every other cell is blank.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from gouji_checks.amount import step
from gouji_checks.detail import Detail, LineItem
from gouji_templates.classification import Codes
from gouji_templates.content import Content, Line, line_of
from gouji_templates.form import CODED, Block, Form
from gouji_templates.wording import fold

Amounts = dict[str, int]
"""分 by the name of an entered column."""

Path = tuple[str, ...]
"""A row by the steps that lead to it from the total: a code each, a unit before them, a project behind. Sorting gives
the rows in their order, each above the rows that add to it."""

_CODE = 7
"""Digits of the longest code; what follows in a step is the number of a project."""


class _Order:
    """Names in the order in which they first occur, each as it was first spelled, width and spaces aside."""

    def __init__(self, names: Iterable[str]) -> None:
        spelled: dict[str, str] = {}
        for name in names:
            spelled.setdefault(fold(name), name)
        self._names = list(spelled.values())
        self._ranks = {folded: f"{rank:06d}" for rank, folded in enumerate(spelled)}

    def rank(self, name: str) -> str:
        """The name's number, as text that sorts."""
        return self._ranks[fold(name)]

    def name(self, rank: str) -> str:
        return self._names[int(rank)]


class _Names(NamedTuple):
    """The names that rows go by besides codes: budget units, projects, and the rows of carried-over money."""

    units: _Order
    projects: _Order
    items: _Order
    codes: Codes


class _Place(NamedTuple):
    """Where the line items of one kind go in a block: to which column and, if they are known beforehand, rows."""

    column: str
    rows: tuple[str, ...]


def tables(detail: Detail, form: Form, department: str, year: int) -> Content:
    """Every block's lines; a table of nothing but zeros is left to its empty-table sentence, where it has one."""
    entries = [entry._replace(unit=entry.unit or department) for entry in detail.entries]
    names = _Names(
        units=_Order(entry.unit for entry in entries),
        projects=_Order(entry.project for entry in entries),
        items=_Order([*(each.item for each in form.spending), *(entry.project for entry in entries)]),
        codes=detail.codes,
    )
    lines = {block.name: _lines(block, form, entries, names) for block in form.blocks}
    filled = {block.table for block in form.blocks if any(map(_has_figure, lines[block.name]))}
    empty = frozenset(table.id for table in form.tables if table.empty and table.id not in filled)
    kept = {block.name: lines[block.name] for block in form.blocks if block.table not in empty}
    return Content(department, year, {}, kept, empty)


def _has_figure(line: Line) -> bool:
    return any(line.figures)


def _lines(block: Block, form: Form, entries: list[LineItem], names: _Names) -> list[Line]:
    """The block's lines, in the order in which they are printed."""
    rows: dict[Path, Amounts] = {}
    places: dict[tuple[str, str, str], _Place | None] = {}
    for entry in entries:
        key = (entry.funding.name, entry.spending.name, entry.economic)
        if key not in places:
            places[key] = _place(block, entry)
        place = places[key]
        if place:
            for path in _paths(block, entry, place, names):
                amounts = rows.setdefault(path, {})
                amounts[place.column] = amounts.get(place.column, 0) + entry.fen
    if block.rows:
        return _known(block, form, rows)
    return [_printed(block, form, _line(block, path, names), rows.get(path, {})) for path in sorted({(), *rows})]


def _place(block: Block, entry: LineItem) -> _Place | None:
    """Where line items like this one go, or None: by what the block, its columns and its rows take."""
    tags = {entry.funding.name, *entry.funding.tags, entry.spending.name, *entry.spending.tags}
    tags |= {entry.economic, entry.economic[:3]}
    columns = [column.name for column in block.columns if not column.sum and tags.issuperset(column.takes)]
    if not columns or not tags.issuperset(block.takes):
        return None
    specs = block.specs
    return _Place(columns[0], tuple(spec.id for spec in specs if not spec.sum and tags.issuperset(spec.takes)))


def _paths(block: Block, entry: LineItem, place: _Place, names: _Names) -> list[Path]:
    """The rows to which a line item adds: the known ones it was placed in, or its own and all above it."""
    if block.kind == "fixed":
        return [(row,) for row in place.rows]
    code = entry.economic if block.classification == "economic" else entry.code
    if block.kind == "classes":
        return [(code[: CODED["functional"][0]],)]
    if block.kind == "items":
        path: Path = (names.items.rank(entry.spending.item or entry.project),)
    else:
        path = tuple([code[:length] for length in CODED[block.kind]])
        if block.kind == "projects":
            path = (names.units.rank(entry.unit), *path[:-1], path[-1] + names.projects.rank(entry.project))
    return [path[:end] for end in range(len(path) + 1)]


def _line(block: Block, path: Path, names: _Names) -> Line:
    """An open row's line, with its texts and without figures."""
    if not path:
        return line_of(block, block.total.label if block.total else "")
    if block.kind == "items":
        return line_of(block, names.items.name(path[-1]))
    if block.kind == "projects" and len(path) == 1:
        return line_of(block, names.units.name(path[-1]))
    code, project = path[-1][:_CODE], path[-1][_CODE:]
    name = names.codes[block.classification or ""][code].name
    return line_of(block, name, code, names.projects.name(project) if project else "")


def _known(block: Block, form: Form, rows: Mapping[Path, Amounts]) -> list[Line]:
    """The lines of a block whose rows are known beforehand; its sums are added up from exact amounts."""
    specs = block.specs
    sums = {spec.id: spec.sum for spec in specs}
    lines = []
    for spec in specs:
        amounts: Amounts = {}
        for leaf in _leaves(sums, spec.id):
            for column, fen in rows.get((leaf,), {}).items():
                amounts[column] = amounts.get(column, 0) + fen
        lines.append(_printed(block, form, line_of(block, spec.label), amounts))
    return lines


def _printed(block: Block, form: Form, line: Line, amounts: Amounts) -> Line:
    """The line with its figures, each rounded from what belongs to it."""
    sums = {column.name: column.sum for column in block.columns}
    figures: list[Decimal | None] = []
    for column in sums:
        parts = [amounts[leaf] for leaf in _leaves(sums, column) if leaf in amounts]
        figures.append(_rounded(sum(parts), form) if parts else None)
    return line._replace(figures=tuple(figures))


def _leaves(sums: Mapping[str, tuple[str, ...]], name: str) -> list[str]:
    """What a row or a column is made of in the end: itself, where it is no sum."""
    if not sums[name]:
        return [name]
    return [leaf for part in sums[name] for leaf in _leaves(sums, part)]


def _rounded(fen: int, form: Form) -> Decimal:
    """An amount as the form prints it, half a unit of the last digit rounded up."""
    unit = step(form.unit, form.decimals)
    return Decimal((2 * fen + unit) // (2 * unit)).scaleb(-form.decimals)
