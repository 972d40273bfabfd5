"""Reading a form from its TOML file: every mistake is named by table and line."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from gouji_templates.classification import load as load_classification
from gouji_templates.form import CODED, Block, Column, Form, FormError, Label, OtherForm, RowSpec, Table

_KINDS = frozenset({"fixed", "classes", "items", *CODED})
_KEYS = {
    "form": "id title year unit decimals department_line unit_line info_sheet unit_kinds classes other_form table",
    "table": "id title aliases ruler empty block",
    "block": "id rows derived total labels columns row",
    "label": "name heading width",
    "column": "name heading width sum derived",
    "row": "id label sum derived required",
    "other_form": "name titles without",
}
_KNOWN_KEYS = {kind: frozenset(keys.split()) for kind, keys in _KEYS.items()}


class _Place:
    """Where in the file the parser stands, so that a mistake can be given a line."""

    def __init__(self, text: str, file: str) -> None:
        self.lines = text.splitlines()
        self.file = file
        self.table = ""
        self.here = 0
        """The line at which the part being read begins, counted from 0."""

    def find(self, mark: str, start: int) -> int | None:
        """The first line with this text from there on."""
        return next((i for i in range(start, len(self.lines)) if mark in self.lines[i]), None)

    def go_to(self, mark: str) -> None:
        """Move on to the next line with this text; stay where there is none."""
        line = self.find(mark, self.here)
        self.here = self.here if line is None else line

    def error(self, message: str, mark: str = "", nth: int = 1) -> FormError:
        """A mistake at the first, second … line with this text from here on; without such a line, here."""
        line: int | None = self.here - 1
        for _ in range(nth):
            line = None if line is None else self.find(mark, line + 1)
        where = f"{self.file} 第{(self.here if line is None else line) + 1}行"
        return FormError(f"{where}{f' {self.table}' if self.table else ''}：{message}")

    def items(self, kind: str, data: Any, key: str, default: Any = None) -> Iterator[Any]:
        """The items of a list, each read at the line where it begins."""
        found = self.take(kind, data, key, list, default)
        back = self.here
        if found:
            self.go_to(f"{key} = [")
        for item in found:
            self.here = min(self.here + 1, len(self.lines) - 1)
            names = [f'{mark} = "{item[mark]}"' for mark in ("id", "name") if isinstance(item, dict) and mark in item]
            self.go_to(names[0] if names else "")
            yield item
        self.here = back

    def take(self, kind: str, data: Any, key: str, expected: type, default: Any = None) -> Any:
        """A value of the right type, or the default; without either, a mistake."""
        if not isinstance(data, dict):
            raise self.error(f"{kind} 应为一组键值")
        for name in data:
            if name not in _KNOWN_KEYS[kind]:
                raise self.error(f"{kind} 中有不认识的键“{name}”", f"{name} =")
        value = data.get(key, default)
        if value is None:
            raise self.error(f"{kind} 缺少“{key}”")
        if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
            raise self.error(f"“{key}”的类型不对：{value!r}", key)
        return value

    def texts(self, kind: str, data: Any, key: str, default: Any = None) -> tuple[str, ...]:
        values = self.take(kind, data, key, list, default)
        if not all(isinstance(value, str) for value in values):
            raise self.error(f"“{key}”应为一组文字", key)
        return tuple(values)


def parse(text: str, file: str) -> Form:
    """The form declared in this text; raises FormError naming file, line and table."""
    place = _Place(text, file)
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
    tables: list[Table] = []
    for item in place.take("form", data, "table", list):
        tables.append(_table(place, item, classes, tables))
    place.table, place.here = "", 0
    return Form(
        id=place.take("form", data, "id", str),
        title=place.take("form", data, "title", str),
        year=place.take("form", data, "year", int),
        unit=place.take("form", data, "unit", str),
        decimals=place.take("form", data, "decimals", int),
        department_line=place.take("form", data, "department_line", str),
        unit_line=place.take("form", data, "unit_line", str),
        info_sheet=place.take("form", data, "info_sheet", str),
        unit_kinds=place.texts("form", data, "unit_kinds"),
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
    )


def _table(place: _Place, data: Any, classes: tuple[str, ...], others: list[Table]) -> Table:
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
        blocks.append(_block(place, table.id, item, classes))
        if [block.id for block in blocks].count(blocks[-1].id) > 1:
            raise place.error("一张表有两个栏区时，每个栏区要有不同的 id", f'id = "{blocks[-1].id}"')
    ids = [row.id for block in blocks for row in (*block.rows, *([block.total] if block.total else []))]
    for id in ids:
        if ids.count(id) > 1:
            raise place.error(f"行的编号“{id}”重复", f'id = "{id}"')
    return table._replace(blocks=tuple(blocks))


def _block(place: _Place, table: str, data: Any, classes: tuple[str, ...]) -> Block:
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
        )
        for item in place.items("block", data, "columns")
    )
    rows = tuple(_row(place, item) for item in place.items("block", data, "row", []))
    total = _total(place, data["total"]) if "total" in data else None
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
    )
    _check_sums(place, block)
    return block


def _row(place: _Place, data: Any) -> RowSpec:
    return RowSpec(
        place.take("row", data, "id", str),
        place.take("row", data, "label", str),
        place.texts("row", data, "sum", []),
        place.take("row", data, "derived", bool, False),
        place.take("row", data, "required", bool, False),
    )


def _total(place: _Place, data: Any) -> RowSpec:
    back = place.here
    place.go_to("total = ")
    total = _row(place, data)
    place.here = back
    return total


def _check_sums(place: _Place, block: Block) -> None:
    if not block.columns or not block.labels:
        raise place.error("栏区至少要有一个文字栏和一个数字栏")
    rows = (*block.rows, *([block.total] if block.total else []))
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
