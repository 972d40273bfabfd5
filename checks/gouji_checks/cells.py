"""Which cells a workbook's blocks have: the rows that are there, and those that might have been left out."""

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
        named = sorted(key for key in _named_codes(catalogue, block) if key not in have and key[:3] in have)
        unnamed = [(f"{key}**", LEVELS[1], number) for number, (key, _) in enumerate(rows) if len(key) == 3]
        return [*((key, LEVELS[1], None) for key in named), *unnamed]
    return []


def _named_codes(catalogue: Catalogue, block: Block) -> set[str]:
    """The codes of a block that relations speak of one by one."""
    formulas = [relation.formula for relation in catalogue.relations]
    terms = [term for formula in formulas for term in (*formula.left, *formula.right)]
    return {term.row for term in terms if term.block.name == block.name and term.row.isdigit() and len(term.row) == 5}


def parents_of(layout: Layout) -> list[int | None]:
    """For each row the row it rolls up into: the nearest shorter code that is there, else the total."""
    kind = layout.block.kind
    if kind not in CODED and kind != "items":
        return [None] * len(layout.keys)
    if kind == "projects":
        return _project_parents(layout)
    by_key = {key: number for number, key in reversed(list(enumerate(layout.keys)))}
    total = by_key.get(TOTAL, by_key.get("合计"))
    parents: list[int | None] = []
    for number, key in enumerate(layout.keys):
        if number == total:
            parents.append(None)
            continue
        above = [by_key.get(key[:length]) for length in CODED.get(kind, ()) if length < len(key)]
        known = layout.under.get(number)
        parents.append(
            next((parent for parent in reversed(above) if parent is not None), total) if known is None else known
        )
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
