"""The relations that must hold: those a form implies by its sums, and those a catalogue declares between tables."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from gouji_checks.formula import CHILDREN, EVERY_COLUMN, Formula, FormulaError, parse
from gouji_templates.form import CODED, DEFAULT_FORM, Block, Form, FormError
from gouji_templates.form import load as load_form

RELATIONS = Path(__file__).parent / "relations"
SEVERITIES = ("error", "warning", "info")

_KEYS = frozenset({"id", "title", "formula", "severity", "when", "fills", "basis", "advice"})
_SUM_BASIS = "由表样的栏目关系得出"
_ROLL_UP_BASIS = "预算法第三十二条：支出按功能分类分为类、款、项，按经济性质分类分为类、款"


class Relation(NamedTuple):
    """One relation of the catalogue.

    `when` is its precondition, a formula with = or ≠ that must be true of the figures for the relation to apply;
    `fills` says that its left side is derived from its right side.
    """

    id: str
    title: str
    formula: Formula
    severity: str
    when: Formula | None
    fills: bool
    basis: str
    advice: str


class Catalogue(NamedTuple):
    """A form and every relation over it, in the order in which they are reported."""

    form: Form
    relations: tuple[Relation, ...]
    declared: tuple[str, str] = ("", "")
    """The form and the file of relations as they were asked for; nothing for a part of another catalogue."""

    # As with a form: one catalogue is one object.
    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def declaration(name: str, relations: str = "") -> Path:
    """The file that declares the relations of a form: the one given, or the one shipped for it.

    Raises FormError if there is no such form.
    """
    return Path(relations) if relations else RELATIONS / f"{load_form(name).id}.toml"


@lru_cache(maxsize=8)
def load(name: str = DEFAULT_FORM, relations: str = "") -> Catalogue:
    """The form's own sums and the relations declared for it (a .toml of that name, or the file given).

    Raises FormError or FormulaError naming the file, the relation and the line at fault.
    """
    form = load_form(name)
    path = declaration(name, relations)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FormError(f"找不到勾稽关系文件“{path.name}”") from error
    declared = parse_file(text, path.name, form)
    catalogue = Catalogue(form, (*form_relations(form), *declared), (name, relations))
    _check_fills(catalogue, declared, path.name)
    return catalogue


def form_relations(form: Form) -> list[Relation]:
    """The sums a form implies: H for sums across a row, Z for sums down a column, numbered by table and place."""
    found: list[Relation] = []
    for table in form.tables:
        number = table.id.removeprefix("表")
        down = 0
        for block in table.blocks:
            for index, column in enumerate(block.columns, 1):
                if column.sum:
                    parts = " + ".join(f"{block.name}[每行].{part}" for part in column.sum)
                    found.append(
                        _sum(
                            f"H{number}.{index}",
                            f"{table.id}“{column.heading[-1]}”等于其各栏之和",
                            f"{block.name}[每行].{column.name} = {parts}",
                            form,
                            "核对该行各栏数字，合计栏应为各栏之和",
                        )
                    )
            for formula, title in _down(block):
                down += 1
                advice = "核对该行的下级各行，有无漏列、重列或填错"
                found.append(_sum(f"Z{number}.{down}", title, formula, form, advice))
    return found


def _down(block: Block) -> list[tuple[str, str]]:
    """The formulas and titles of a block's sums down its columns."""
    table = block.name
    if block.kind in CODED or block.kind == "items":
        name = "合计" if block.kind == "items" else "总计、类、款"
        text = f"{table}[每上级].{EVERY_COLUMN} = {table}[{CHILDREN}].{EVERY_COLUMN}"
        return [(text, f"{table}{name}等于下级各行之和")]
    specs = block.specs
    return [
        (
            f"{table}[{spec.id}].{EVERY_COLUMN} = "
            + " + ".join(f"{table}[{part}].{EVERY_COLUMN}" for part in spec.sum),
            f"{table}“{spec.label.replace(' ', '')}”等于其各项之和",
        )
        for spec in specs
        if spec.sum
    ]


def _sum(id: str, title: str, formula: str, form: Form, advice: str) -> Relation:
    basis = _ROLL_UP_BASIS if CHILDREN in formula else _SUM_BASIS
    return Relation(id, title, parse(formula, form), "error", None, True, basis, advice)


def parse_file(text: str, file: str, form: Form) -> list[Relation]:
    """The relations declared in this text, checked and resolved against the form."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormError(f"{file}：不是正确的 TOML：{error}") from error
    found: list[Relation] = []
    items = data.get("relation", [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise FormError(f"{file}：每条关系应写作 [[relation]]")
    for number, item in enumerate(items):
        try:
            found.append(_relation(item, form))
            if [relation.id for relation in found].count(found[-1].id) > 1:
                raise ValueError("编号重复")
        except (FormulaError, KeyError, ValueError) as error:
            where = f"{file} 第{_line(text, number)}行 {item.get('id', '（没有 id）')}"
            kind = FormulaError if isinstance(error, FormulaError) else FormError
            raise kind(f"{where}：{error.args[0]}") from error
    return found


def _line(text: str, number: int) -> int:
    """The line of a relation's id, or where it begins; both counted from 1, relations from 0."""
    lines = [line.strip() for line in text.splitlines()]
    starts = [*[i for i, line in enumerate(lines) if line == "[[relation]]"], len(lines)]
    begin, end = (starts[min(place, len(starts) - 1)] for place in (number, number + 1))
    return next((i for i in range(begin, end) if lines[i].startswith("id =")), begin) + 1


def _relation(item: dict[str, Any], form: Form) -> Relation:
    for key in item:
        if key not in _KEYS:
            raise ValueError(f"不认识的键“{key}”")
    for key in ("id", "title", "formula", "severity", "basis", "advice"):
        if not isinstance(item.get(key), str) or not item[key]:
            raise ValueError(f"缺少“{key}”")
    if not isinstance(item.get("when", ""), str) or not isinstance(item.get("fills", False), bool):
        raise ValueError("when 应为文字，fills 应为 true 或 false")
    if item["severity"] not in SEVERITIES:
        raise ValueError(f"severity 只能是 {'、'.join(SEVERITIES)}")
    formula = parse(item["formula"], form)
    if formula.operator == "≠":
        raise FormulaError("关系式只能用 =、≤、≥")
    when = parse(item["when"], form) if "when" in item else None
    if when is not None and (when.operator not in "=≠" or when.right or when.each not in ("", formula.each)):
        raise FormulaError(f"前置条件“{when.text}”应写作 … = 0 或 … ≠ 0，范围与关系式相同")
    fills = item.get("fills", False)
    if fills and (formula.operator != "=" or len(formula.left) != 1):
        raise FormulaError("fills = true 的关系式，左边应只有一项并用 =")
    return Relation(item["id"], item["title"], formula, item["severity"], when, fills, item["basis"], item["advice"])


def _check_fills(catalogue: Catalogue, declared: list[Relation], file: str) -> None:
    """Every cell the form calls derived is filled by one relation, and no entered one is."""
    filled: dict[tuple[str, str, int | None], str] = {}
    for relation in catalogue.relations:
        if not relation.fills:
            continue
        left = relation.formula.left[0]
        key = (left.block.name, left.row, left.column)
        if key in filled:
            raise FormError(f"{file} {relation.id}：{left.text} 已由 {filled[key]} 带入")
        filled[key] = relation.id
        if relation in declared and not _declared(left):
            raise FormError(f"{file} {relation.id}：表样没有把 {left.text} 标为由其他表带入（derived）")
    for block in catalogue.form.blocks:
        for what, row, column in _derived(block):
            if not any(
                name == block.name and row in (None, each) and column in (None, index) for name, each, index in filled
            ):
                raise FormError(f"{file}：{block.name}的{what}标为由其他表带入，但没有 fills = true 的关系式")


def _declared(term: Any) -> bool:
    block: Block = term.block
    specs = block.specs
    return (
        block.derived
        or (term.column is not None and block.columns[term.column].derived)
        or any(spec.id == term.row and spec.derived for spec in specs)
    )


def _derived(block: Block) -> list[tuple[str, str | None, int | None]]:
    """What a block says is filled from elsewhere: its wording, and the row or column that a relation must fill."""
    found: list[tuple[str, str | None, int | None]] = []
    if block.derived:
        found += [(f"“{c.name}”栏", None, i) for i, c in enumerate(block.columns) if not c.sum]
    found += [(f"“{c.name}”栏", None, i) for i, c in enumerate(block.columns) if c.derived]
    specs = block.specs
    found += [(f"“{spec.label}”行", spec.id, None) for spec in specs if spec.derived]
    return found
