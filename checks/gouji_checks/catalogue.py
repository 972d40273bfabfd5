"""The rule list, from the same declarations that are checked: as text, Markdown or JSON."""

import re
from typing import Any, NamedTuple

from gouji_checks.finding import SEVERITY_WORDS
from gouji_checks.relation import Catalogue
from gouji_checks.rules import BOOK_RULES, TEXT_RULES
from gouji_checks.rules.comparison import RULES as COMPARISON_RULES
from gouji_checks.rules.template import RULES as TEMPLATE_RULES

FAMILIES = {
    "B": "工作簿与表样",
    "T": "发出的模板",
    "N": "数字",
    "C": "科目",
    "H": "表内：行内各栏",
    "Z": "表内：上下级汇总",
    "X": "表间",
    "S": "“三公”经费",
    "P": "经济分类的归属",
    "E": "功能分类与经济分类",
    "D": "与上年对比",
}
"""What the letter of a rule's number means, in the order of the list."""


class Entry(NamedTuple):
    """One line of the catalogue; `formula` and `when` are empty for a rule that formulas can't say."""

    id: str
    title: str
    severity: str
    formula: str
    when: str
    fills: bool
    basis: str
    advice: str
    page: str


def entries(catalogue: Catalogue) -> list[Entry]:
    """Every rule and relation that is checked, by family."""
    found = [
        Entry(rule.id, rule.title, rule.severity, "", "", False, rule.basis, rule.advice, _page(rule.page))
        for rule in (*BOOK_RULES, *TEXT_RULES, *TEMPLATE_RULES, *COMPARISON_RULES)
    ]
    found += [
        Entry(
            relation.id,
            relation.title,
            relation.severity,
            relation.formula.text,
            relation.when.text if relation.when else "",
            relation.fills,
            relation.basis,
            relation.advice,
            "",
        )
        for relation in catalogue.relations
    ]
    order = [*FAMILIES, *dict.fromkeys(entry.id[0] for entry in found)]
    return sorted(found, key=lambda entry: (order.index(entry.id[0]), *map(int, re.findall(r"\d+", entry.id))))


def _page(docstring: str) -> str:
    return "\n".join(line.strip() for line in docstring.splitlines()).strip()


def as_text(found: list[Entry]) -> str:
    """One line for each entry, under its family; a single entry in full."""
    if len(found) == 1:
        return _full(found[0])
    lines: list[str] = []
    family = ""
    for entry in found:
        if entry.id[0] != family:
            family = entry.id[0]
            lines += ["", f"{FAMILIES.get(family, '其他')}（{family}）"]
        lines.append(f"  {entry.id:<6} {SEVERITY_WORDS[entry.severity]}  {entry.title}")
        if entry.formula:
            lines.append(f"               {entry.formula}")
        if entry.when:
            lines.append(f"               前置条件：{entry.when}")
    return "\n".join(lines).strip() + f"\n\n共 {len(found)} 条。gouji rules 编号 可看一条的详情。\n"


def _full(entry: Entry) -> str:
    rows = [
        ("级别", SEVERITY_WORDS[entry.severity]),
        ("关系", entry.formula),
        ("前置条件", entry.when),
        ("带入", "左边由右边带入" if entry.fills else ""),
        ("依据", entry.basis),
        ("办法", entry.advice),
    ]
    lines = [f"{entry.id} {entry.title}", *[f"  {name}：{value}" for name, value in rows if value]]
    return "\n".join([*lines, *(["", entry.page] if entry.page else [])]) + "\n"


def as_markdown(found: list[Entry]) -> str:
    """A table for each family."""
    lines: list[str] = []
    family = ""
    for entry in found:
        if entry.id[0] != family:
            family = entry.id[0]
            lines += [
                "",
                f"## {FAMILIES.get(family, '其他')}",
                "",
                "| 编号 | 级别 | 名称 | 关系 | 前置条件 | 依据 | 办法 |",
                "|---|---|---|---|---|---|---|",
            ]
        cells = [
            entry.id,
            SEVERITY_WORDS[entry.severity],
            entry.title,
            entry.formula,
            entry.when,
            entry.basis,
            entry.advice,
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines).strip() + "\n"


def as_objects(found: list[Entry]) -> list[dict[str, Any]]:
    """For JSON."""
    return [entry._asdict() for entry in found]
