"""What a change does to the relations, counted plainly from the constraints, not by the program's evaluation."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from gouji_checks.system import Constraint
from tests.bench.sample import Amount, Amounts, Sample

Signature = frozenset[tuple[str, int, Fraction]]
"""How a change moves every equation and precondition it touches, up to a factor."""


class Effects:
    """The relations of a sample as they see changes of its cells."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._constraints = sample.system.constraints
        self._size = sample.system.size

    def reaching(self, cell: int) -> int:
        """How many error-level relations a cell stands in, not counting those whose precondition is false."""
        return sum(self._is_error(constraint) and self._applies(constraint, {}) for constraint in self._standing(cell))

    def above_allowance(self, changes: Amounts) -> bool:
        """Whether a change moves some error-level relation by more than rounding explains."""
        moved = {cell: (new or 0) - (self._sample.amounts[cell] or 0) for cell, new in changes.items()}
        return any(
            self._exceeds(self._constraints[index], shift, changes)
            for index, shift in self._shifts(moved).items()
            if self._is_error(self._constraints[index]) and self._applies(self._constraints[index], changes)
        )

    def signature(self, factors: Mapping[int, int]) -> tuple[Signature, int]:
        """The direction and the factor in which cells that move together move the equations and preconditions."""
        shifts = [
            ("relation", index, shift)
            for index, shift in self._shifts(factors).items()
            if shift and self._operator(index) == "="
        ]
        shifts += [("precondition", *item) for item in self._guard_shifts(factors).items()]
        shifts.sort()
        if not shifts:
            return frozenset(), 1
        factor = shifts[0][2]
        return frozenset((what, index, Fraction(shift, factor)) for what, index, shift in shifts), factor

    def keeps_bounds(self, changes: Amounts) -> bool:
        """Whether no ≤ or ≥ relation over these cells is out by more than rounding."""
        touched = {index for cell in changes for index, _ in self._sample.system.touching[cell]}
        return not any(
            self._exceeds(self._constraints[index], 0, changes)
            for index in touched
            if self._operator(index) != "=" and self._applies(self._constraints[index], changes)
        )

    def _shifts(self, moved: Mapping[int, int]) -> dict[int, int]:
        shifts: dict[int, int] = {}
        for cell, amount in moved.items():
            for index, sign in self._sample.system.touching[cell]:
                shifts[index] = shifts.get(index, 0) + sign * amount
        return shifts

    def _guard_shifts(self, moved: Mapping[int, int]) -> dict[int, int]:
        return {
            index: shift
            for index, constraint in enumerate(self._constraints)
            if constraint.guard and (shift := self._sum(constraint.guard.cells, moved))
        }

    def _operator(self, index: int) -> str:
        return self._constraints[index].relation.formula.operator

    def _standing(self, cell: int) -> list[Constraint]:
        return [self._constraints[index] for index, _ in self._sample.system.touching[cell]]

    def _is_error(self, constraint: Constraint) -> bool:
        return constraint.relation.severity == "error"

    def _applies(self, constraint: Constraint, changes: Amounts) -> bool:
        guard = constraint.guard
        return guard is None or (self._sum(guard.cells, self._now(guard.cells, changes)) == 0) == guard.wants_zero

    def _exceeds(self, constraint: Constraint, shift: int, changes: Amounts) -> bool:
        """A copy must be exact, anything else may be out by 0.005 for each printed figure."""
        cells = {cell % self._size for cell in (*constraint.left, *constraint.right)}
        printed = sum(changes.get(cell, self._before(cell)) is not None for cell in cells)
        allowed = printed if printed > 2 else 0
        operator = constraint.relation.formula.operator
        if operator == "=":
            return 2 * abs(shift) > allowed
        now = self._now([*constraint.left, *constraint.right], changes)
        gap = self._sum(constraint.left, now) - self._sum(constraint.right, now)
        return 2 * (gap if operator == "≤" else -gap) > allowed

    def _before(self, cell: int) -> Amount:
        # A row that the table lacks is blank.
        return self._sample.amounts.get(cell)

    def _now(self, cells: Iterable[int], changes: Amounts) -> dict[int, int]:
        return {cell: changes.get(cell, self._before(cell)) or 0 for cell in (signed % self._size for signed in cells)}

    def _sum(self, cells: Iterable[int], amounts: Mapping[int, int]) -> int:
        return sum(amounts.get(cell % self._size, 0) * (1 if cell < self._size else -1) for cell in cells)
