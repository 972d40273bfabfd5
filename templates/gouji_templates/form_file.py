"""Reading a form from its TOML file: every mistake is named by table and line."""

import re
import tomllib
from typing import Any

from gouji_templates import comparison_file
from gouji_templates.classification import load as load_classification
from gouji_templates.form import (
    CODED,
    Block,
    Column,
    Form,
    FormError,
    Funding,
    Label,
    OtherForm,
    RowSpec,
    Spending,
    Table,
)
from gouji_templates.form_place import Place
from gouji_templates.wording import fold

_KINDS = frozenset({"fixed", "classes", "items", *CODED})


def parse(text: str, file: str) -> Form:
    """The form declared in this text; raises FormError naming file, line and table."""
    place = Place(text, file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = re.search(r"at line (\d+)", str(error))
        line = said[1] if said else len(place.lines)
        raise FormError(f"{file} 第{line}行：不是正确的 TOML（{error}）") from error
    classes = place.texts("form", data, "classes")
    for code in classes:
        if code not in load_classification("functional"):
            raise place.error(f"功能分类中没有 {code}", f'"{code}"')
    funding, spending = _funding(place, data), _spending(place, data)
    tags = frozenset(
        [tag for source in funding for tag in (source.name, *source.tags)]
        + [tag for kind in spending for tag in (kind.name, *kind.tags)]
    )
    tables: list[Table] = []
    for item in place.take("form", data, "table", list):
        tables.append(_table(place, item, classes, tags, tables))
    place.table, place.here = "", 0
    kinds = place.texts("form", data, "unit_kinds")
    return Form(
        id=place.take("form", data, "id", str),
        title=place.take("form", data, "title", str),
        year=place.take("form", data, "year", int),
        unit=place.take("form", data, "unit", str),
        decimals=place.take("form", data, "decimals", int),
        department_line=place.take("form", data, "department_line", str),
        unit_line=place.take("form", data, "unit_line", str),
        info_sheet=place.take("form", data, "info_sheet", str),
        unit_kinds=kinds,
        tables=tuple(tables),
        blocks=tuple(block for table in tables for block in table.blocks),
        other_forms=tuple(
            OtherForm(
                place.take("other_form", other, "name", str),
                place.texts("other_form", other, "titles"),
                place.take("other_form", other, "without", str, ""),
            )
            for other in place.items("form", data, "other_form", [])
        ),
        funding=funding,
        spending=spending,
        comparison=comparison_file.read(place, data, tables, kinds),
    )


def _funding(place: Place, data: Any) -> tuple[Funding, ...]:
    found = [
        Funding(
            place.take("funding", item, "name", str),
            place.texts("funding", item, "aliases", []),
            place.texts("funding", item, "tags", []),
        )
        for item in place.items("form", data, "funding", [])
    ]
    _check_once(place, "资金来源", [(each.name, (each.name, *each.aliases)) for each in found])
    return tuple(found)


def _spending(place: Place, data: Any) -> tuple[Spending, ...]:
    found: list[Spending] = []
    for item in place.items("form", data, "spending", []):
        found.append(
            Spending(
                place.take("spending", item, "name", str),
                place.texts("spending", item, "beginnings"),
                place.texts("spending", item, "tags", []),
                place.texts("spending", item, "classes"),
                place.take("spending", item, "item", str, ""),
            )
        )
        for code in found[-1].classes:
            if len(code) != 3 or code not in load_classification("economic"):
                raise place.error(f"经济分类中没有 {code} 这一类", f'"{code}"')
    _check_once(place, "支出类型", [(each.name, each.beginnings) for each in found])
    return tuple(found)


def _check_once(place: Place, what: str, items: list[tuple[str, tuple[str, ...]]]) -> None:
    """What is written for a thing must not be written for another."""
    meant: dict[str, str] = {}
    for name, texts in items:
        for text in texts:
            if meant.setdefault(fold(text), name) != name:
                raise place.error(f"{what}“{text}”重复", f'"{text}"', 2)


def _table(place: Place, data: Any, classes: tuple[str, ...], tags: frozenset[str], others: list[Table]) -> Table:
    place.table = str(data.get("id", "")) if isinstance(data, dict) else ""
    place.go_to(f'id = "{place.table}"' if place.table else "[[table]]")
    table = Table(
        id=place.take("table", data, "id", str),
        title=place.take("table", data, "title", str),
        aliases=place.texts("table", data, "aliases", []),
        ruler=place.take("table", data, "ruler", bool, True),
        empty=place.take("table", data, "empty", str, ""),
        blocks=(),
    )
    if any(table.id == other.id for other in others):
        raise place.error("表的编号重复")
    blocks: list[Block] = []
    for item in place.take("table", data, "block", list):
        place.here += 1
        place.go_to("[[table.block]]")
        blocks.append(_block(place, table.id, item, classes, tags))
        if [block.id for block in blocks].count(blocks[-1].id) > 1:
            raise place.error("一张表有两个栏区时，每个栏区要有不同的 id", f'id = "{blocks[-1].id}"')
    ids = [row.id for block in blocks for row in block.specs]
    for id in ids:
        if ids.count(id) > 1:
            raise place.error(f"行的编号“{id}”重复", f'id = "{id}"')
    return table._replace(blocks=tuple(blocks))


def _block(place: Place, table: str, data: Any, classes: tuple[str, ...], tags: frozenset[str]) -> Block:
    kind = place.take("block", data, "rows", str)
    if kind not in _KINDS:
        raise place.error(f"不认识的行类型“{kind}”", f'rows = "{kind}"')
    labels = tuple(
        Label(
            place.take("label", item, "name", str),
            place.texts("label", item, "heading"),
            float(place.take("label", item, "width", int, 12)),
        )
        for item in place.items("block", data, "labels")
    )
    columns = tuple(
        Column(
            place.take("column", item, "name", str),
            place.texts("column", item, "heading"),
            float(place.take("column", item, "width", int, 12)),
            place.texts("column", item, "sum", []),
            place.take("column", item, "derived", bool, False),
            _takes(place, "column", item, tags),
        )
        for item in place.items("block", data, "columns")
    )
    rows = tuple(_row(place, item, tags) for item in place.items("block", data, "row", []))
    total = _total(place, data["total"], tags) if "total" in data else None
    if kind == "classes":
        names = load_classification("functional")
        rows = tuple(RowSpec(code, f"{code} {names[code].name}", (), False, False) for code in classes)
        if total:
            total = total._replace(sum=classes)
    elif (kind == "fixed") != bool(rows):
        raise place.error("固定行的栏区（rows = fixed）要列出各行，其他栏区不列", f'rows = "{kind}"')
    id = place.take("block", data, "id", str, "")
    block = Block(
        id,
        table,
        kind,
        labels,
        columns,
        rows,
        total,
        place.take("block", data, "derived", bool, False),
        table + id,
        _takes(place, "block", data, tags),
    )
    _check_sums(place, block)
    if tags:
        _check_taken(place, block)
    return block


def _takes(place: Place, kind: str, data: Any, tags: frozenset[str]) -> tuple[str, ...]:
    takes = place.texts(kind, data, "takes", [])
    for tag in takes:
        if tag not in tags and tag not in load_classification("economic"):
            raise place.error(f"没有哪种明细是“{tag}”：应为资金来源、支出类型或它们的标记、经济分类编码", f'"{tag}"')
    return takes


def _row(place: Place, data: Any, tags: frozenset[str]) -> RowSpec:
    return RowSpec(
        place.take("row", data, "id", str),
        place.take("row", data, "label", str),
        place.texts("row", data, "sum", []),
        place.take("row", data, "derived", bool, False),
        place.take("row", data, "required", bool, False),
        _takes(place, "row", data, tags),
    )


def _total(place: Place, data: Any, tags: frozenset[str]) -> RowSpec:
    back = place.here
    place.go_to("total = ")
    total = _row(place, data, tags)
    place.here = back
    return total


def _check_sums(place: Place, block: Block) -> None:
    if not block.columns or not block.labels:
        raise place.error("栏区至少要有一个文字栏和一个数字栏")
    rows = block.specs
    for what, mark, items in (
        ("栏", "name", [(column.name, column.sum, column.derived) for column in block.columns]),
        ("行", "id", [(row.id, row.sum, row.derived) for row in rows]),
    ):
        parts = {name: set(sums) for name, sums, _ in items}
        for name, sums, derived in items:
            own = f'{mark} = "{name}"'
            if [other for other, _, _ in items].count(name) > 1:
                raise place.error(f"{what}“{name}”重复", own, 2)
            if sums and derived:
                raise place.error(f"{what}“{name}”既是合计又标为由其他表带入", own)
            for part in sums:
                if part not in parts:
                    raise place.error(f"{what}“{name}”的合计中有不存在的“{part}”", own)
            if name in _reach(parts, name):
                raise place.error(f"{what}“{name}”绕回来合计了自己", own)


def _check_taken(place: Place, block: Block) -> None:
    """Where line items are declared, each must find its way: among several columns or rows, all but sums say what
    they take."""
    columns = [column for column in block.columns if not column.sum]
    if len(columns) > 1:
        for column in columns:
            if not column.takes:
                raise place.error(f"栏“{column.name}”没有说明取哪些明细（takes）", f'name = "{column.name}"')
    if block.kind == "fixed":
        for row in block.specs:
            if not row.sum and not row.takes:
                raise place.error(f"行“{row.id}”没有说明取哪些明细（takes）", f'id = "{row.id}"')


def _reach(parts: dict[str, set[str]], start: str) -> set[str]:
    """Everything that `start` is made of, through any number of sums."""
    seen: set[str] = set()
    todo = list(parts[start])
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo.extend(parts.get(name, ()))
    return seen
