"""Formulas in a workbook's tables: which of them the template wrote, and what becomes of its owner's when rows are
added."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from gouji_checks.edit.references import names_in, translated
from gouji_checks.fill.plan import EMPTY_TABLE, FigureCell, Plan
from gouji_checks.finding import Address
from gouji_templates.content import OTHER_SHEETS
from gouji_templates.form import Form

_SUM_ACROSS = re.compile(r"IF\(COUNT\((.+)\)=0,\"\",ROUND\(SUM\(\1\),\d\)\)")

_MOST_NAMED = 5
"""So many cells are named; the rest are counted."""

_FAR = 100_000
"""Formulas are compared as they would read in this row: none of their references then falls off the sheet."""

Placed = tuple[str, int, int, str]
"""Sheet, row, column and text (without =) of a formula."""


class Template:
    """What the template of a form writes into cells."""

    def __init__(self, form: Form) -> None:
        self._prefixes = tuple([f"{block.name}_" for block in form.blocks])

    def wrote(self, formula: str) -> bool:
        """Whether the template wrote this formula: a sum across, or one that names a table's columns or another of its
        sheets."""
        return (
            _SUM_ACROSS.fullmatch(formula) is not None
            or any(name.startswith(self._prefixes) for name in names_in(formula))
            or any(name in formula for name in OTHER_SHEETS)
        )

    def shared(self, column: Iterable[tuple[int, str]]) -> "Shared | None":
        """The formula that the lowest rows of a column share, given its rows and formulas from the bottom; None if it
        is in one row only, as the total's is."""
        seen: set[str] = set()
        for line, formula in column:
            if formula and self.wrote(formula):
                shape = translated(formula, _FAR - line)
                if shape in seen:
                    return Shared(shape)
                seen.add(shape)
        return None


class Shared(NamedTuple):
    """A formula as it would read far down."""

    shape: str

    def at(self, line: int) -> str:
        """The formula as it reads in a row."""
        return translated(self.shape, line - _FAR)


class Owners(NamedTuple):
    """The owner's formulas that rows are added to: the figures that take their place, and what to say, in Chinese."""

    figures: tuple[FigureCell, ...]
    notes: tuple[str, ...]


def owners(plan: Plan, template: Template, over: Callable[[str, Collection[int]], Iterable[Placed]]) -> Owners:
    """The owner's formulas over rows that are added: their sums would count what 类 and 款 rows repeat. Those of
    derived figures give way to the figure; others stay, and are said.

    `over` gives the formulas that reach over any of these rows of a sheet, rows being places in the end.
    """
    figures = {(figure.sheet, figure.row, figure.column): figure for figure in plan.figures}
    replaced: list[FigureCell] = []
    notes: list[str] = []
    doubtful: list[str] = []
    for name in dict.fromkeys(added.sheet for added in plan.added):
        lines = {added.row for added in plan.added if added.sheet == name}
        for host, line, column, formula in over(name, lines):
            figure = figures.get((host, line, column))
            if template.wrote(formula) or EMPTY_TABLE in formula:
                continue
            if figure is None:
                doubtful.append(str(Address(host, line, column)))
            else:
                replaced.append(figure)
                notes.append(f"{figure.address} 的公式 ={formula} 会把新增的行重复计入，已改为数值")
    if doubtful:
        more = f"等 {len(doubtful)} 处" if len(doubtful) > _MOST_NAMED else " "
        said = "、".join(doubtful[:_MOST_NAMED])
        notes.append(f"{said}{more}的公式所指的范围里新增了行，请核对是否还要这样算")
    return Owners(tuple(replaced), tuple(notes))
