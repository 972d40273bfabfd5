"""Which cells a workbook's blocks have: the rows that are there, and those that might have been left out."""

from functools import lru_cache
from typing import NamedTuple

from gouji_checks.relation import Catalogue
from gouji_checks.skeleton import ITEM, PROJECT, TOTAL, UNIT
from gouji_templates.form import CODED, LEVELS, Block

Shape = tuple[tuple[str, tuple[tuple[str, str], ...], tuple[bool, ...]], ...]
"""For each block found: its name, its rows' keys and levels, and which of its columns are there."""


class Layout(NamedTuple):
    """A block's place among the cells; rows from `real` on are virtual."""

    block: Block
    base: int
    keys: tuple[str, ...]
    levels: tuple[str, ...]
    real: int
    width: int
    under: dict[int, int]
    """For a virtual row of 表6 or 表7 the row it would roll up into."""

    @property
    def starts(self) -> range:
        """The first cell of every row."""
        return range(self.base, self.base + len(self.keys) * self.width, self.width)


def lay_out(catalogue: Catalogue, shape: Shape) -> dict[str, Layout]:
    """Every block of a workbook with its rows, those it might have left out included, one behind the other."""
    blocks = {block.name: block for block in catalogue.form.blocks}
    layouts: dict[str, Layout] = {}
    wanted: dict[str, str] = {}
    for name, rows, _ in shape:
        if blocks[name].kind == "functional":
            wanted |= {key: level for key, level in rows if level in LEVELS}
    base = 0
    for name, rows, _ in shape:
        block = blocks[name]
        keys = [key for key, _ in rows]
        levels = [level for _, level in rows]
        absent = _absent(catalogue, block, rows, wanted)
        under = {len(rows) + i: parent for i, (_, _, parent) in enumerate(absent) if parent is not None}
        keys += [key for key, _, _ in absent]
        levels += [level for _, level, _ in absent]
        layout = Layout(block, base, tuple(keys), tuple(levels), len(rows), len(block.columns), under)
        layouts[name] = layout
        base += len(keys) * layout.width
    return layouts


def _absent(
    catalogue: Catalogue, block: Block, rows: tuple[tuple[str, str], ...], wanted: dict[str, str]
) -> list[tuple[str, str, int | None]]:
    """The rows a block might have left out, with their level and the row they belong under, if that is no code."""
    have = {key for key, _ in rows}
    if block.kind in ("fixed", "classes"):
        level = "类" if block.kind == "classes" else ITEM
        return [(spec.id, level, None) for spec in block.rows if spec.id not in have and not spec.required]
    if not any(level in LEVELS for _, level in rows):
        # An empty table lists nothing; its rows have not been left out.
        return []
    if block.kind == "functional":
        return [(key, wanted[key], None) for key in sorted(wanted) if key not in have]
    if block.kind == "projects":
        codes = {key for key, level in wanted.items() if level == LEVELS[-1]} | {k for k, _ in rows if len(k) == 7}
        return [
            (code, PROJECT, number)
            for number, (key, level) in enumerate(rows)
            if level == LEVELS[1]
            for code in sorted(codes)
            if code.startswith(key)
        ]
    if block.kind == "economic":
        named = sorted(key for key in _named_codes(catalogue)[block.name] if key not in have and key[:3] in have)
        unnamed = [(f"{key}**", LEVELS[1], number) for number, (key, _) in enumerate(rows) if len(key) == 3]
        return [*((key, LEVELS[1], None) for key in named), *unnamed]
    return []


@lru_cache(maxsize=8)
def _named_codes(catalogue: Catalogue) -> dict[str, set[str]]:
    """By block the codes that relations speak of one by one."""
    found: dict[str, set[str]] = {block.name: set() for block in catalogue.form.blocks}
    formulas = [relation.formula for relation in catalogue.relations]
    for term in [term for formula in formulas for term in (*formula.left, *formula.right)]:
        if term.row.isdigit() and len(term.row) == 5:
            found[term.block.name].add(term.row)
    return found


def rows_of(layout: Layout) -> dict[str, list[int]]:
    """The cells that rows begin with, by key. In 表7 a code means its projects, for a 项 with projects may also have a
    row of its own above them, and every row goes by its number as well, for codes repeat."""
    rows: dict[str, list[int]] = {}
    for key, start in zip(layout.keys, layout.starts, strict=True):
        rows.setdefault(key, []).append(start)
    if layout.block.kind == "projects":
        projects: dict[str, list[int]] = {}
        for key, level, start in zip(layout.keys, layout.levels, layout.starts, strict=True):
            if level == PROJECT:
                projects.setdefault(key, []).append(start)
        rows |= projects
        rows |= {f"#{number}": [start] for number, start in enumerate(layout.starts)}
    return rows


def parents_of(layout: Layout) -> list[int | None]:
    """For each row the row it rolls up into: the nearest shorter code that is there, else the total."""
    kind = layout.block.kind
    if kind not in CODED and kind != "items":
        return [None] * len(layout.keys)
    if kind == "projects":
        return _project_parents(layout)
    by_key = {key: number for number, key in reversed(list(enumerate(layout.keys)))}
    total = by_key.get(TOTAL, by_key.get("合计"))
    lengths = CODED.get(kind, ())[::-1]
    parents: list[int | None] = []
    for number, key in enumerate(layout.keys):
        above = total if number != total else None
        for length in lengths:
            if length < len(key) and key[:length] in by_key:
                above = by_key[key[:length]]
                break
        parents.append(layout.under.get(number, above))
    return parents


def _project_parents(layout: Layout) -> list[int | None]:
    """表7: units under the total, 类 under their unit, 款 under 类, projects under 项, 款 or what there is."""
    parents: list[int | None] = []
    total = next((number for number, level in enumerate(layout.levels) if level == TOTAL), None)
    unit: int | None = None
    open_rows: dict[str, int] = {}
    for number, (key, level) in enumerate(zip(layout.keys, layout.levels, strict=True)):
        if number >= layout.real:
            parents.append(layout.under[number])
        elif level == TOTAL:
            unit, open_rows = None, {}
            parents.append(None)
        elif level == UNIT:
            unit, open_rows = number, {}
            parents.append(total)
        else:
            above = [open_rows.get(key[:length]) for length in CODED["projects"] if length < len(key)]
            if level == PROJECT:
                above.append(open_rows.get(key))
            top = unit if unit is not None else total
            parents.append(next((parent for parent in reversed(above) if parent is not None), top))
            if level != PROJECT:
                open_rows[key] = number
    return parents
