"""尾差 of many departments: what is left of it in the tables over all of them is put where it is seen least.

A department may round each figure by itself, so that a table of 款 misses its total by a hundredth or two. Over a
thousand departments that is more than rounding explains, and the tables would not tie. A difference is then put to the
largest entered figure that settles it and unsettles nothing, and named; never more than the departments' own 尾差 come
to.
"""

from collections.abc import Mapping
from typing import NamedTuple

from gouji_checks.amount import COUNT
from gouji_checks.book import Book
from gouji_checks.evaluate import evaluate
from gouji_checks.relation import Catalogue
from gouji_checks.system import System

_MOST_ROUNDS = 200

Weights = dict[int, int]
"""By cell with an entered figure, how often it counts."""


class Shift(NamedTuple):
    """An entered figure that takes up a difference: its block, row (key) and column, its cell, and by how many 分."""

    block: str
    key: str
    column: int
    cell: str
    fen: int


def shifts(catalogue: Catalogue, book: Book, most: int) -> list[Shift]:
    """What to add to which entered figures, no more than `most` 分 each, for a book whose derived figures are sums."""
    evaluation = evaluate(catalogue, book)
    system = evaluation.system
    amounts = {cell: packed // COUNT for cell, packed in enumerate(evaluation.vector[: system.size]) if packed}
    equations = [
        number
        for number in range(len(system.constraints))
        if number not in evaluation.inactive and _must_be_equal(system, number)
    ]
    differing = {outcome.number: outcome for outcome in evaluation.outcomes if outcome.number in set(equations)}
    failing = {number: each.residual for number, each in differing.items() if abs(each.residual) <= most}
    if not any(outcome.failed for outcome in differing.values()):
        return []
    parts = _Parts(system)
    weights = {number: parts.of(number) for number in equations}
    touched: dict[int, list[int]] = {}
    for number, cells in weights.items():
        for cell in cells:
            touched.setdefault(cell, []).append(number)
    found: dict[int, int] = {}
    for _ in range(_MOST_ROUNDS):
        best = _best(failing, weights, touched, amounts)
        if best is None:
            break
        cell, fen = best
        found[cell] = found.get(cell, 0) + fen
        amounts[cell] += fen
        for number in touched[cell]:
            failing[number] = failing.get(number, 0) + weights[number][cell] * fen
            if not failing[number]:
                del failing[number]
    return [_shift(system, book, cell, fen) for cell, fen in sorted(found.items()) if fen]


def _must_be_equal(system: System, number: int) -> bool:
    """Whether a constraint is an equation that must hold."""
    relation = system.constraints[number].relation
    return relation.formula.operator == "=" and relation.severity == "error"


def _best(
    failing: Mapping[int, int],
    weights: Mapping[int, Weights],
    touched: Mapping[int, list[int]],
    amounts: dict[int, int],
) -> tuple[int, int] | None:
    """The entered figure that settles most at once, the largest of several, and by how much; None if none helps."""
    best: tuple[int, int, int, int] | None = None
    for number, residual in failing.items():
        for cell, weight in weights[number].items():
            fen = -residual // weight if weight and residual % weight == 0 else 0
            if not fen or amounts.get(cell, 0) + fen <= 0 or cell not in amounts:
                continue
            gain = sum(_gain(failing.get(other, 0), weights[other][cell] * fen) for other in touched[cell])
            if gain > 0 and (best is None or (gain, amounts[cell], -cell) > best[:3]):
                best = (gain, amounts[cell], -cell, fen)
    return (-best[2], best[3]) if best else None


def _gain(before: int, shift: int) -> int:
    """Whether a difference goes (1), comes (-1) or stays."""
    return (before != 0) - (before + shift != 0)


class _Parts:
    """What every cell and constraint comes to in entered figures."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._known: dict[int, Weights] = {}
        self._made: dict[int, tuple[int, ...]] = {}
        for constraint in system.constraints:
            if constraint.relation.fills and len(constraint.left) == 1:
                self._made.setdefault(constraint.left[0], constraint.right)

    def of(self, number: int) -> Weights:
        """The entered figures of a constraint, left minus right."""
        constraint = self._system.constraints[number]
        found: Weights = {}
        for sign, cells in ((1, constraint.left), (-1, constraint.right)):
            for cell in cells:
                self._add(found, cell, sign)
        return {cell: weight for cell, weight in found.items() if weight}

    def _add(self, found: Weights, signed: int, sign: int) -> None:
        size = self._system.size
        sign = sign if signed < size else -sign
        for source, weight in self._cell(signed % size).items():
            found[source] = found.get(source, 0) + sign * weight

    def _cell(self, cell: int) -> Weights:
        if cell not in self._known:
            # Set first: declared relations may run in a circle.
            self._known[cell] = {}
            found: Weights = {} if self._has_parts(cell) else {cell: 1}
            for part in self._made.get(cell, ()) if not found else ():
                self._add(found, part, 1)
            self._known[cell] = found
        return self._known[cell]

    def _has_parts(self, cell: int) -> bool:
        """A row with nothing below it but what might have been left out is entered itself."""
        return any(self._is_real(part % self._system.size) for part in self._made.get(cell, ()))

    def _is_real(self, cell: int) -> bool:
        layout, row, _ = self._system.place(cell)
        return row < layout.real


def _shift(system: System, book: Book, cell: int, fen: int) -> Shift:
    layout, row, column = system.place(cell)
    figures = book.figures[layout.block.name]
    return Shift(layout.block.name, layout.keys[row], column, str(figures.address(row, column)), fen)
