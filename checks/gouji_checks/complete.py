"""Derived figures computed from entered ones, and the 类, 款 and 总计 rows that they stand in.

A derived figure is the sum of its sources, each as printed, rounded half up to the last printed digit; it is blank when
all of them are. The template's own formulas follow the same rule.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from gouji_checks.amount import FEN, step
from gouji_checks.cells import Shape
from gouji_checks.line_keys import Keys, keys_of, with_missing
from gouji_checks.relation import Catalogue
from gouji_checks.system import System
from gouji_templates.content import Content, Line
from gouji_templates.form import Form

Amounts = list[int | None]
"""An amount in 分 for every cell of a system, None where blank."""

Steps = Mapping[str, int]
"""For each block the last digit its figures are printed with, in 分, where that is not the form's own."""


class Derivation(NamedTuple):
    """How the derived cells of a system follow from others: each cell's sources with their signs, those that others
    need first."""

    system: System
    sources: dict[int, tuple[tuple[int, int], ...]]


class Laid(NamedTuple):
    """A content's figures in the cells of its system; `grains` are the last digits they are printed with, in 分, and
    `numbers` the rows of each block's lines, None for a blank one."""

    derivation: Derivation
    amounts: Amounts
    grains: list[int]
    numbers: dict[str, list[int | None]]


def complete(catalogue: Catalogue, content: Content, steps: Steps | None = None) -> Content:
    """The content with every derived figure computed anew and every missing 类, 款 and 总计 row made.

    Rows that are there keep their order; one that is made stands before the first row it adds up. A 类 or 款 without
    anything below it keeps its figures.
    """
    lines, made = with_missing(catalogue, content.lines)
    laid = lay(catalogue, lines, steps or {})
    for cell in laid.derivation.sources:
        laid.amounts[cell] = derived(laid, cell)
    full = {name: _filled(catalogue.form, laid, name, rows) for name, rows in lines.items()}
    kept = {
        name: [line for number, line in enumerate(rows) if number not in made[name] or _says_something(line)]
        for name, rows in full.items()
    }
    return content._replace(lines=kept)


def lay(catalogue: Catalogue, lines: Mapping[str, list[Line]], steps: Steps) -> Laid:
    """These lines' figures in the cells of the system they make."""
    form = catalogue.form
    shape: list[tuple[str, tuple[tuple[str, str], ...], tuple[bool, ...]]] = []
    numbers: dict[str, list[int | None]] = {}
    for block in form.blocks:
        if block.name in lines:
            keys = keys_of(block, lines[block.name])
            numbers[block.name] = _numbered(keys)
            shape.append((block.name, tuple([key for key in keys if key]), (True,) * len(block.columns)))
    derivation = derivation_of(catalogue, tuple(shape))
    system = derivation.system
    amounts: Amounts = [None] * system.size
    grain = step(form.unit, form.decimals)
    for name, rows in numbers.items():
        for row, line in zip(rows, lines[name], strict=True):
            if row is not None:
                first = system.cell(name, row, 0)
                amounts[first : first + len(line.figures)] = [to_fen(figure, form) for figure in line.figures]
    grains = [steps.get(name, grain) for name in system.layouts]
    return Laid(derivation, amounts, [grains[number] for number in system.block_of], numbers)


def derived(laid: Laid, cell: int) -> int | None:
    """What a derived cell comes to by what its sources hold now."""
    printed = [
        sign * amount for source, sign in laid.derivation.sources[cell] if (amount := laid.amounts[source]) is not None
    ]
    return _half_up(sum(printed), laid.grains[cell]) if printed else None


def _half_up(fen: int, grain: int) -> int:
    """Rounded to the grain, a half away from zero, as ROUND does."""
    size = (2 * abs(fen) + grain) // (2 * grain) * grain
    return size if fen >= 0 else -size


@lru_cache(maxsize=8)
def derivation_of(catalogue: Catalogue, shape: Shape) -> Derivation:
    """The derivation over one shape of workbook, by the relations that fill cells."""
    system = System(_filling(catalogue), shape)
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    for number, constraint in enumerate(system.constraints):
        cell = constraint.left[0] if len(constraint.left) == 1 else None
        # Where a derived row crosses a derived column one sum defines the cell, the other checks it.
        if cell is None or cell in found:
            continue
        terms = tuple([(source, -sign) for source, sign in system.terms(number)[1:]])
        if constraint.relation.formula.each == "每上级":
            # A row with nothing below it but what might have been left out is a leaf.
            terms = tuple([term for term in terms if _is_real(system, term[0])])
            if not terms:
                continue
        found[cell] = terms
    return Derivation(system, _in_order(found))


@lru_cache(maxsize=8)
def _filling(catalogue: Catalogue) -> Catalogue:
    return Catalogue(catalogue.form, tuple([relation for relation in catalogue.relations if relation.fills]))


def _is_real(system: System, cell: int) -> bool:
    layout, row, _ = system.place(cell)
    return row < layout.real


def _in_order(found: dict[int, tuple[tuple[int, int], ...]]) -> dict[int, tuple[tuple[int, int], ...]]:
    """The same with every cell behind the derived ones it is made of."""
    ordered: dict[int, tuple[tuple[int, int], ...]] = {}
    begun: set[int] = set()
    for cell in found:
        waiting = [cell]
        while waiting:
            last = waiting[-1]
            begun.add(last)
            # Declared relations may run in a circle; whichever cell closes it is taken as it stands.
            first = [source for source, _ in found[last] if source in found and source not in begun]
            waiting += first
            if not first:
                waiting.pop()
                ordered.setdefault(last, found[last])
    return ordered


def _numbered(keys: Keys) -> list[int | None]:
    numbers: list[int | None] = []
    count = 0
    for key in keys:
        numbers.append(count if key else None)
        count += key is not None
    return numbers


def _filled(form: Form, laid: Laid, name: str, rows: list[Line]) -> list[Line]:
    filled: list[Line] = []
    for number, line in zip(laid.numbers[name], rows, strict=True):
        if number is not None:
            first = laid.derivation.system.cell(name, number, 0)
            fen = laid.amounts[first : first + len(line.figures)]
            line = line._replace(figures=tuple([to_figure(one, form) for one in fen]))
        filled.append(line)
    return filled


def _says_something(line: Line) -> bool:
    return any(figure is not None for figure in line.figures)


def to_fen(figure: Decimal | None, form: Form) -> int | None:
    """A figure in the form's unit as 分."""
    return None if figure is None else int(figure * FEN[form.unit])


def to_figure(fen: int | None, form: Form) -> Decimal | None:
    """分 as a figure in the form's unit."""
    return None if fen is None else Decimal(fen) / FEN[form.unit]
