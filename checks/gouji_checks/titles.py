"""What the lines above a table say: which table it is, whose, for which year, in which unit."""

import re
from functools import lru_cache

from gouji_checks.headings import Lines
from gouji_templates.form import Form
from gouji_templates.wording import fold

_UNIT = re.compile(r"单位[:;]?\(?(亿元|万元|千元|元)")
_DEPARTMENT = re.compile(r"(?:编制部门|编制单位|部门名称|单位名称|部门|填报单位)(?:\(单位\))?:(.*?)(?:单位:.*)?$")
_YEAR = re.compile(r"(20\d\d)年")


@lru_cache(maxsize=4096)
def speaks_of(form: Form, sheet: str, lines: Lines) -> dict[str, float]:
    """Which tables a sheet's name and title lines speak of, with a weight."""
    weights = dict(_sheet_speaks_of(form, sheet))
    texts = {fold(text) for _, _, text in lines}
    for id in {id for text in texts for id in _titled(form, text)}:
        weights[id] = weights.get(id, 0.0) + 1.0
    for table in form.tables:
        if table.id in texts:
            weights[table.id] = weights.get(table.id, 0.0) + 0.3
    return weights


@lru_cache(maxsize=1024)
def _sheet_speaks_of(form: Form, sheet: str) -> dict[str, float]:
    name = fold(sheet)
    number = re.search(r"表?0*(\d+)", name)
    weights: dict[str, float] = {}
    for table in form.tables:
        if any(fold(title) in name for title in (table.title, *table.aliases)):
            weights[table.id] = 0.5
        elif name.startswith("表") and number and f"表{number[1]}" == table.id:
            weights[table.id] = 0.4
    return weights


@lru_cache(maxsize=1024)
def _titled(form: Form, text: str) -> frozenset[str]:
    """The tables whose title a folded text is, whatever stands before it: the year, the department."""
    return frozenset(
        [
            table.id
            for table in form.tables
            if any(text.endswith(fold(title)) for title in (table.title, *table.aliases))
        ]
    )


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
