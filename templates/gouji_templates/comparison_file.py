"""Reading from a form's TOML file what is compared with last year."""

from typing import Any

from gouji_templates.content import OPERATING
from gouji_templates.form import Block, ComparedLine, Comparison, Group, Operating, Table
from gouji_templates.form_place import Place


def read(place: Place, data: Any, tables: list[Table], kinds: tuple[str, ...]) -> Comparison | None:
    """The comparison that the form declares, if any; raises FormError naming the line at fault."""
    if "comparison" not in data:
        return None
    declared = place.take("form", data, "comparison", dict)
    place.go_to("[comparison]")
    groups = []
    operating = _operating(place, place.take("comparison", declared, "operating", dict), tables, kinds)
    for item in place.take("comparison", declared, "group", list):
        place.here += 1
        place.go_to("[[comparison.group]]")
        groups.append(_group(place, item, tables))
        if [group.id for group in groups].count(groups[-1].id) > 1:
            raise place.error(f"对比的组“{groups[-1].id}”重复", f'id = "{groups[-1].id}"')
    place.go_to("[comparison]")
    no_growth = place.take("comparison", declared, "no_growth", str, "")
    if no_growth and no_growth not in [group.id for group in groups]:
        raise place.error(f"没有“{no_growth}”这一组对比", "no_growth")
    return Comparison(
        tuple(groups),
        operating,
        place.take("comparison", declared, "from_zero", str, ""),
        place.take("comparison", declared, "notable_rate", int, 0),
        place.take("comparison", declared, "notable_amount", int, 0),
        no_growth,
    )


def _operating(place: Place, data: Any, tables: list[Table], kinds: tuple[str, ...]) -> Operating:
    block, row, column = _at(place, place.texts("operating", data, "at"), tables)
    found = Operating(block, row, column, *(place.texts("operating", data, key, []) for key in ("all", "part")))
    for kind in (*found.all, *found.part):
        if kind not in kinds:
            raise place.error(f"没有“{kind}”这种单位性质", f'"{kind}"')
    return found


def _group(place: Place, data: Any, tables: list[Table]) -> Group:
    lines = tuple(_line(place, item, tables) for item in place.items("group", data, "line", []))
    codes = place.texts("group", data, "codes", [])
    block, columns = _codes(place, codes, tables) if codes else (None, ())
    group = Group(
        place.take("group", data, "id", str),
        place.take("group", data, "title", str),
        place.take("group", data, "sheet", str),
        place.take("group", data, "whole", str, ""),
        lines,
        block,
        columns,
    )
    ids = [line.id for line in lines]
    for part in (*([group.whole] if group.whole else []), *(part for line in lines for part in line.sum)):
        if part not in ids:
            raise place.error(f"这一组里没有“{part}”", f'"{part}"')
    for id in ids:
        if ids.count(id) > 1:
            raise place.error(f"“{id}”重复", f'id = "{id}"', 2)
    if bool(lines) == bool(codes):
        raise place.error("一组对比或者列出各行（line），或者按科目（codes）")
    return group


def _line(place: Place, data: Any, tables: list[Table]) -> ComparedLine:
    id = place.take("line", data, "id", str)
    at = place.texts("line", data, "at", [])
    if not at and id != OPERATING:
        raise place.error(f"“{id}”没有说明取哪一格（at）", f'id = "{id}"')
    block, row, column = _at(place, at, tables) if at else (None, "", 0)
    return ComparedLine(
        id, place.take("line", data, "label", str, id), block, row, column, place.texts("line", data, "sum", [])
    )


def _at(place: Place, at: tuple[str, ...], tables: list[Table]) -> tuple[Block, str, int]:
    """The block, the row and the column that three texts name."""
    if len(at) != 3:
        raise place.error("at 应为三个文字：表、行、栏", '"' + '", "'.join(at))
    name, row, column = at
    for block in _blocks(tables, name):
        index = block.column(column)
        if index is not None and any(spec.id == row for spec in block.specs):
            return block, row, index
    raise place.error(f"没有 {name}[{row}].{column} 这一格", f'"{name}"')


def _codes(place: Place, codes: tuple[str, ...], tables: list[Table]) -> tuple[Block, tuple[int, ...]]:
    name, *columns = codes
    for block in _blocks(tables, name):
        found = [block.column(column) for column in columns]
        if block.kind == "functional" and found and None not in found:
            return block, tuple(index for index in found if index is not None)
    raise place.error(f"{name}不是按功能分类科目列示的表，或没有其中的栏", f'"{name}"')


def _blocks(tables: list[Table], name: str) -> list[Block]:
    return [block for table in tables for block in table.blocks if name in (block.table, block.name)]
