"""How every constraint of a system ends for one workbook: 相符, 尾差, 不符, 未核验 or 不适用."""

from functools import lru_cache
from typing import NamedTuple

from gouji_checks.amount import COUNT, COUNT_BITS
from gouji_checks.book import Book
from gouji_checks.cells import Shape
from gouji_checks.finding import Ledger, Unchecked
from gouji_checks.relation import Catalogue, Relation
from gouji_checks.system import Cells, Constraint, System


class Outcome(NamedTuple):
    """One constraint that does not hold exactly: left − right in 分, and the allowance, doubled to stay whole."""

    number: int
    residual: int
    allowed2: int

    @property
    def failed(self) -> bool:
        """Whether the difference is more than rounding explains."""
        return 2 * abs(self.residual) > self.allowed2


class Evaluation(NamedTuple):
    """A workbook's figures in its system, and what came of every constraint."""

    system: System
    vector: list[int]
    """The packed amounts, then all of them with the other sign, then a blank: what signed cells point into."""
    steps: tuple[int, ...]
    outcomes: tuple[Outcome, ...]
    unknown: frozenset[int]
    """Constraints that touch a cell nobody can read."""
    inactive: frozenset[int]
    """Constraints whose precondition is not met."""
    ledger: Ledger


def system_for(catalogue: Catalogue, book: Book) -> System:
    """The constraints over this workbook's rows and columns."""
    shape = tuple([(name, figures.part.keys, figures.part.present) for name, figures in book.figures.items()])
    return _system(catalogue, shape)


@lru_cache(maxsize=8)
def _system(catalogue: Catalogue, shape: Shape) -> System:
    return System(catalogue, shape)


def fill_in(system: System, book: Book) -> list[int]:
    """The workbook's packed figures in the system's order of cells, virtual rows blank."""
    packed: list[int] = []
    for name, layout in system.layouts.items():
        own = book.figures[name].packed
        packed += own
        packed += [0] * (len(layout.keys) * layout.width - len(own))
    return packed


def evaluate(catalogue: Catalogue, book: Book) -> Evaluation:
    """Every constraint's outcome for a workbook."""
    system = system_for(catalogue, book)
    packed = fill_in(system, book)
    steps = tuple([book.figures[name].step for name in system.layouts])
    vector = [*packed, *[2 - one if one else 0 for one in packed], 0]
    sums = system.sums.of(vector)
    inactive = _ruled_out(system, vector)
    unknown = _unknown(system, book)
    outcomes = [
        outcome
        for i, total in enumerate(sums)
        if total >> COUNT_BITS
        and i not in inactive
        and i not in unknown
        and (outcome := judge(i, total, vector, system, steps)) is not None
    ]
    # What has no figure at all, and what a precondition rules out, does not apply.
    idle = len(inactive - unknown) + sums.count(0)
    idle -= sum([sums[i] == 0 for i in inactive | unknown])
    failed = sum([outcome.failed for outcome in outcomes])
    ledger = Ledger(
        agreed=len(sums) - len(outcomes) - idle - len(unknown),
        rounding=len(outcomes) - failed,
        failed=failed,
        not_checked=(*system.unresolved, *_reasons(system, book, unknown)),
        not_applicable=idle + system.silent,
    )
    return Evaluation(system, vector, steps, tuple(outcomes), unknown, inactive, ledger)


def judge(index: int, total: int, vector: list[int], system: System, steps: tuple[int, ...]) -> Outcome | None:
    """What a non-zero sum means; None where an inequality holds."""
    residual = total // COUNT
    if satisfied(system.relation_of[index], residual):
        return None
    return Outcome(index, residual, allowance2(index, vector, system, steps))


def satisfied(relation: Relation, residual: int) -> bool:
    """Whether left − right is what the relation's sign asks for, rounding left aside."""
    operator = relation.formula.operator
    return residual == 0 or (operator == "≤" and residual < 0) or (operator == "≥" and residual > 0)


def allowance2(number: int, vector: list[int], system: System, steps: tuple[int, ...]) -> int:
    """Twice the difference that rounding may leave, in 分: half a printed unit for each printed figure.

    Two printed figures in the same unit are a copy: they are roundings of one amount and must agree exactly, and a
    single one that should be nothing must be nothing. A figure that a precondition finds to be zero as printed may
    stand for some money as well.
    """
    cells = (*system.sums[number], *system.presumed(number))
    printed = [cell for cell in cells if vector[cell]]
    grains = [steps[system.block_of[cell % system.size]] for cell in printed]
    if len(grains) <= 2 and len(set(grains)) <= 1:
        return 0
    return sum(grains)


def _ruled_out(system: System, vector: list[int]) -> frozenset[int]:
    """The constraints whose precondition is not met."""
    return frozenset(
        [
            number
            for number, wants, total in zip(
                system.guarded, system.wants_zero, system.conditions.of(vector), strict=True
            )
            if (total // COUNT == 0) != wants
        ]
    )


def _unknown(system: System, book: Book) -> frozenset[int]:
    if not book.unreadable:
        return frozenset()
    cells = {system.cell(name, row, column) for name, row, column in book.unreadable}
    touched = {i for cell in cells for i, _ in system.touching[cell]}
    return frozenset(touched | {i for cell in cells for i in system.guarding.get(cell, ())})


def _reasons(system: System, book: Book, unknown: frozenset[int]) -> list[Unchecked]:
    """Why constraints were left out, one line for each relation, naming the cells nobody can read."""
    if not unknown:
        return []
    cells_by_rule: dict[str, tuple[set[int], set[str]]] = {}
    names = {system.cell(*place): str(book.figures[place[0]].address(*place[1:])) for place in book.unreadable}
    for i in sorted(unknown):
        constraint = system.constraints[i]
        indexes, cells = cells_by_rule.setdefault(constraint.relation.id, (set(), set()))
        indexes.add(i)
        for cell in all_cells(constraint):
            plain = cell % system.size
            if plain in names:
                cells.add(names[plain])
    return [
        Unchecked(rule, f"{'、'.join(sorted(cells))} 的数字无法识别", len(indexes))
        for rule, (indexes, cells) in cells_by_rule.items()
    ]


def all_cells(constraint: Constraint) -> Cells:
    """Every signed cell a constraint looks at, its precondition's included."""
    return (*constraint.left, *constraint.right, *(constraint.guard.cells if constraint.guard else ()))
