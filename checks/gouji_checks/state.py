"""A workbook's constraints under trial: cells are changed, and what that repairs and breaks is counted."""

from typing import NamedTuple

from gouji_checks.amount import COUNT
from gouji_checks.evaluate import Evaluation, satisfied

WEIGHT = {"error": 1.0, "warning": 0.3, "info": 0.1}


class Change(NamedTuple):
    """Cells and the packed amounts they would hold instead; `cell` is the one to name.

    `kind` is one of those that finding.Suspect explains.
    """

    kind: str
    cell: int
    amounts: tuple[tuple[int, int], ...]


class Effect(NamedTuple):
    """What a change does: weights of constraints repaired and broken, how many become exact, the 尾差 (分) it leaves in
    the equations it touches, and the new totals."""

    repaired: float
    broken: float
    exact: int
    left_over: int
    totals: dict[int, int]


class State:
    """Amounts and constraint totals after some changes; the evaluation itself is never touched."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        system = self.system = evaluation.system
        self.changes: list[Change] = []
        self.packed: dict[int, int] = {}
        self.totals: dict[int, int] = {}
        self.grain = max(evaluation.steps, default=0)
        self.failing = {outcome.number: outcome.residual for outcome in evaluation.outcomes if outcome.failed}
        self.weights = [WEIGHT[relation.severity] for relation in system.relation_of]

    def copy(self) -> "State":
        """The same state, to be changed independently."""
        other = object.__new__(State)
        other.__dict__.update(self.__dict__)
        other.changes = list(self.changes)
        other.packed = dict(self.packed)
        other.totals = dict(self.totals)
        other.failing = dict(self.failing)
        return other

    def amount(self, cell: int) -> int:
        """A cell's packed amount now."""
        known = self.packed.get(cell)
        return self.evaluation.vector[cell] if known is None else known

    def total(self, index: int) -> int:
        """A constraint's packed sum now."""
        known = self.totals.get(index)
        if known is None:
            # Changes made so far wrote every total they touched, so this one still has its first value.
            known = self.system.sums.one(index, self.evaluation.vector)
        return known

    def fails(self, index: int, total: int) -> bool:
        """Whether a constraint with this sum is out by more than rounding."""
        residual = total // COUNT
        if satisfied(self.system.relation_of[index], residual):
            return False
        printed = total % COUNT
        for cell in self.system.presumed(index):
            printed += self.amount(cell % self.system.size) != 0
        return printed <= 2 or 2 * abs(residual) > printed * self.grain

    def active(self, index: int, amounts: dict[int, int]) -> bool:
        """Whether a constraint's precondition holds with these amounts on top of the present ones."""
        guard = self.system.constraints[index].guard
        if guard is None:
            return True
        size = self.system.size
        total = 0
        for cell in guard.cells:
            plain = cell % size
            packed = amounts.get(plain)
            fen = (self.amount(plain) if packed is None else packed) // COUNT
            total += fen if cell < size else -fen
        return (total == 0) == guard.wants_zero

    def effect(self, change: Change) -> Effect:
        """What a change would repair and break here."""
        touching = self.system.touching
        unknown = self.evaluation.unknown
        failing = self.failing
        shifts: dict[int, int] = {}
        for cell, packed in change.amounts:
            now = self.amount(cell)
            if packed == now:
                continue
            plus = packed - now
            minus = (2 - packed if packed else 0) - (2 - now if now else 0)
            for index, sign in touching[cell]:
                shifts[index] = shifts.get(index, 0) + (plus if sign > 0 else minus)
        amounts = dict(change.amounts)
        guarding = self.system.guarding
        for cell in amounts:
            for index in guarding.get(cell, ()):
                shifts.setdefault(index, 0)
        repaired = broken = 0.0
        exact = left_over = 0
        totals: dict[int, int] = {}
        for index, shift in shifts.items():
            if index in unknown:
                continue
            total = totals[index] = self.total(index) + shift
            bad = self.fails(index, total) and self.active(index, amounts)
            if bad:
                if index not in failing:
                    broken += self.weights[index]
                continue
            residual = total // COUNT
            if residual and self.system.relation_of[index].formula.operator == "=":
                left_over += abs(residual)
            if index in failing:
                repaired += self.weights[index]
                exact += residual == 0
        return Effect(repaired, broken, exact, left_over, totals)

    def apply(self, change: Change, effect: Effect) -> None:
        """Make a change."""
        self.changes.append(change)
        amounts = dict(change.amounts)
        self.packed.update(amounts)
        self.totals.update(effect.totals)
        for index, total in effect.totals.items():
            if self.fails(index, total) and self.active(index, {}):
                self.failing[index] = total // COUNT
            else:
                self.failing.pop(index, None)

    @property
    def burden(self) -> float:
        """The weight of what still fails."""
        return sum(self.weights[index] for index in self.failing)
