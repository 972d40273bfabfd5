"""What the lines above a table say: which table it is, whose, for which year, in which unit."""

import re
from functools import lru_cache

from gouji_templates.form import Form
from gouji_templates.wording import fold

Lines = tuple[tuple[int, int, str], ...]
"""Texts with their row and column, from 0."""

_UNIT = re.compile(r"单位[:;]?\(?(亿元|万元|千元|元)")
_DEPARTMENT = re.compile(r"(?:编制部门|编制单位|部门名称|单位名称|部门|填报单位)(?:\(单位\))?:(.*?)(?:单位:.*)?$")
_YEAR = re.compile(r"(20\d\d)年")


@lru_cache(maxsize=4096)
def speaks_of(form: Form, sheet: str, lines: Lines) -> dict[str, float]:
    """Which tables a sheet's name and title lines speak of, with a weight."""
    weights: dict[str, float] = {}
    name = fold(sheet)
    texts = [fold(text) for _, _, text in lines]
    number = re.search(r"表?0*(\d+)", name)
    for id, titles in _titles(form):
        weight = 0.0
        if any(text.endswith(title) or text.split("年")[-1] == title for text in texts for title in titles):
            weight += 1.0
        if id in texts:
            weight += 0.3
        if any(title in name for title in titles):
            weight += 0.5
        elif name.startswith("表") and number and f"表{number[1]}" == id:
            weight += 0.4
        if weight:
            weights[id] = weight
    return weights


@lru_cache(maxsize=8)
def _titles(form: Form) -> list[tuple[str, list[str]]]:
    """Each table with its titles, folded."""
    return [(table.id, [fold(title) for title in (table.title, *table.aliases)]) for table in form.tables]


def unit_of(lines: Lines) -> str:
    """The unit a sheet gives its figures in, or nothing."""
    for _, _, text in lines:
        if found := _UNIT.search(fold(text)):
            return found[1]
    return ""


def department_of(lines: Lines) -> str:
    """The department a sheet says it belongs to, or nothing."""
    for place, (_, _, text) in enumerate(lines):
        folded = fold(text)
        if found := _DEPARTMENT.match(folded):
            # The name may stand in the next cell.
            name = found[1] or (fold(lines[place + 1][2]) if place + 1 < len(lines) else "")
            if name and not name.startswith("单位:"):
                return name
    return ""


def years_in(text: str) -> tuple[str, ...]:
    """The years that a text such as 2025年部门收入总体情况表 speaks of."""
    return tuple(_YEAR.findall(fold(text)))
