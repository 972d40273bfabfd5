"""What spending comes to for a person or a vehicle (人均, 单车): which cell is divided by which count of 基本信息."""

from typing import NamedTuple

from gouji_templates.content import STAFF, VEHICLES
from gouji_templates.form import Block, Comparison, Form, Group

IN_POST = STAFF[1]
RUNNING = "公务用车运行"
"""The line with what the vehicles cost to run."""


class Division(NamedTuple):
    """An amount of this year's tables divided by a count; the quotient is in 元 with two decimals."""

    label: str
    basis: str
    """The division in words."""
    block: Block
    row: str
    column: int
    counted: str
    """The line of 基本信息 with the count."""


def per_head(form: Form) -> tuple[Division, ...]:
    """人均公用经费, “三公”经费人均 and 单车运行费, as far as the form compares what they divide."""
    if form.comparison is None:
        return ()
    at = form.comparison.operating
    found = [Division("人均公用经费", f"公用经费 ÷ {IN_POST}", at.block, at.row, at.column, IN_POST)]
    for group in form.comparison.groups:
        for line in group.lines:
            if group.id == form.comparison.no_growth and line.id == group.whole and line.block:
                basis = f"{line.label} ÷ {IN_POST}"
                found.append(Division("“三公”经费人均", basis, line.block, line.row, line.column, IN_POST))
            elif line.id == RUNNING and line.block:
                basis = f"{line.label} ÷ {VEHICLES}"
                found.append(Division("单车运行费", basis, line.block, line.row, line.column, VEHICLES))
    return tuple(found)


def line_at(comparison: Comparison, one: Division) -> tuple[Group, int] | None:
    """The group and the position of the line that compares the cell, if any does."""
    at = (one.block, one.row, one.column)
    places = ((group, i) for group in comparison.groups for i, line in enumerate(group.lines) if line[2:5] == at)
    return next(places, None)
