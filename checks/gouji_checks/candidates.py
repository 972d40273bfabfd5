"""The single figures that could explain what fails: a cell typed over, or an entered one with all that follows it."""

from functools import lru_cache

from gouji_checks.amount import COUNT, pack
from gouji_checks.state import Change, State
from gouji_checks.system import System

Votes = dict[tuple[int, int], float]
"""How strongly failing constraints ask for (cell, new amount in 分): one each, and more for those of few figures, which
leave less to rounding."""


def cell_votes(state: State) -> Votes:
    """For every cell of a failing constraint, the amounts that would satisfy it exactly."""
    votes: Votes = {}
    system = state.system
    for index, residual in state.failing.items():
        terms = system.terms(index)
        weight = _weight(terms)
        for cell, sign in terms:
            fen = state.amount(cell) // COUNT - residual * sign
            if fen >= 0:
                votes[cell, fen] = votes.get((cell, fen), 0.0) + weight
    return votes


def _weight(terms: list[tuple[int, int]]) -> float:
    return 1 + 0.5 / len(terms)


def typed_over(cell: int, fen: int) -> Change:
    """One cell holding another amount; nothing where the amount is zero."""
    return Change("cell", cell, ((cell, pack(fen or None)),))


class Flow:
    """How entered figures run into derived ones inside the workbook, by the relations that define cells."""

    def __init__(self, system: System) -> None:
        self.feeds: dict[int, list[tuple[int, int]]] = {}
        self.sources: dict[int, list[int]] = {}
        for number, constraint in enumerate(system.constraints):
            if not constraint.relation.fills or len(constraint.left) != 1:
                continue
            derived = constraint.left[0]
            if derived in self.sources:
                # Where a derived row crosses a derived column one sum defines the cell, the other checks it.
                continue
            self.sources[derived] = []
            for cell, sign in system.terms(number)[1:]:
                self.feeds.setdefault(cell, []).append((derived, -sign))
                self.sources[derived].append(cell)
        self._down: dict[int, dict[int, int]] = {}
        self._up: dict[int, frozenset[int]] = {}

    def downstream(self, cell: int) -> dict[int, int]:
        """Every cell that follows this one, itself included, with how much it moves."""
        known = self._down.get(cell)
        if known is None:
            known = {cell: 1}
            for derived, sign in self.feeds.get(cell, ()):
                for further, factor in self.downstream(derived).items():
                    known[further] = known.get(further, 0) + sign * factor
            self._down[cell] = known
        return known

    def entered(self, cell: int) -> frozenset[int]:
        """The entered figures that this cell is made of (itself, if it is entered)."""
        known = self._up.get(cell)
        if known is None:
            parts = self.sources.get(cell)
            known = frozenset({cell}) if parts is None else frozenset().union(*map(self.entered, parts))
            self._up[cell] = known
        return known


@lru_cache(maxsize=8)
def flow_of(system: System) -> Flow:
    """The flow of a system, worked out once."""
    return Flow(system)


def entered_votes(state: State) -> Votes:
    """As `cell_votes`, for entered figures together with all that derives from them."""
    votes: Votes = {}
    system = state.system
    flow = flow_of(system)
    for index, residual in state.failing.items():
        terms = system.terms(index)
        weight = _weight(terms)
        signs: dict[int, int] = {}
        for cell, sign in terms:
            signs[cell] = signs.get(cell, 0) + sign
        leaves = {leaf for cell in signs for leaf in flow.entered(cell)}
        for leaf in leaves:
            down = flow.downstream(leaf)
            if len(down) == 1:
                continue
            factor = sum(sign * down.get(cell, 0) for cell, sign in signs.items())
            if factor and residual % factor == 0:
                fen = state.amount(leaf) // COUNT - residual // factor
                if fen >= 0:
                    votes[leaf, fen] = votes.get((leaf, fen), 0.0) + weight
    return votes


def entered_wrong(state: State, cell: int, fen: int) -> Change:
    """An entered figure corrected, and with it everything that follows it."""
    shift = fen - state.amount(cell) // COUNT
    amounts = []
    for further, factor in flow_of(state.system).downstream(cell).items():
        new = state.amount(further) // COUNT + factor * shift
        amounts.append((further, pack(new or None)))
    layout, row, _ = state.system.place(cell)
    return Change("entered" if row < layout.real else "row", cell, tuple(amounts))
