"""The changes that could explain what fails: a cell typed over, a wrong entered figure, a row left out, and others."""

from collections import Counter
from functools import lru_cache

from gouji_checks.amount import COUNT, pack
from gouji_checks.state import Change, State
from gouji_checks.system import Layout, System, negate

Votes = Counter[tuple[int, int]]
"""How many failing constraints ask for (cell, new amount in 分)."""


def cell_votes(state: State) -> Votes:
    """For every cell of a failing constraint, the amounts that would satisfy it exactly."""
    votes: Votes = Counter()
    system = state.system
    size = system.size
    for index, residual in state.failing.items():
        constraint = system.constraints[index]
        for cells, sign in ((constraint.left, 1), (constraint.right, -1)):
            for cell in cells:
                plain, own = (cell, sign) if cell < size else (cell - size, -sign)
                fen = state.amount(plain) // COUNT - residual * own
                if fen >= 0:
                    votes[plain, fen] += 1
    return votes


def typed_over(cell: int, fen: int) -> Change:
    """One cell holding another amount; nothing where the amount is zero."""
    return Change("cell", cell, ((cell, pack(fen or None)),))


class Flow:
    """How entered figures run into derived ones inside the workbook, by the relations that define cells."""

    def __init__(self, system: System) -> None:
        self.feeds: dict[int, list[tuple[int, int]]] = {}
        self.sources: dict[int, list[int]] = {}
        size = system.size
        for constraint in system.constraints:
            if not constraint.relation.fills or len(constraint.left) != 1:
                continue
            derived = constraint.left[0]
            if derived in self.sources:
                # Where a derived row crosses a derived column one sum defines the cell, the other checks it.
                continue
            self.sources[derived] = []
            for cell in constraint.right:
                plain, sign = (cell, 1) if cell < size else (cell - size, -1)
                self.feeds.setdefault(plain, []).append((derived, sign))
                self.sources[derived].append(plain)
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


@lru_cache(maxsize=32)
def flow_of(system: System) -> Flow:
    """The flow of a system, worked out once."""
    return Flow(system)


def entered_votes(state: State) -> Votes:
    """As `cell_votes`, for entered figures together with all that derives from them."""
    votes: Votes = Counter()
    system = state.system
    flow = flow_of(system)
    size = system.size
    for index, residual in state.failing.items():
        constraint = system.constraints[index]
        signs: dict[int, int] = {}
        for cell in (*constraint.left, *[negate(cell, size) for cell in constraint.right]):
            plain = cell % size
            signs[plain] = signs.get(plain, 0) + (1 if cell < size else -1)
        leaves = {leaf for cell in signs for leaf in flow.entered(cell)}
        for leaf in leaves:
            down = flow.downstream(leaf)
            if len(down) == 1:
                continue
            factor = sum(sign * down.get(cell, 0) for cell, sign in signs.items())
            if factor and residual % factor == 0:
                fen = state.amount(leaf) // COUNT - residual // factor
                if fen >= 0:
                    votes[leaf, fen] += 1
    return votes


def entered_wrong(state: State, cell: int, fen: int) -> Change:
    """An entered figure corrected, and with it everything that follows it."""
    shift = fen - state.amount(cell) // COUNT
    amounts = []
    for further, factor in flow_of(state.system).downstream(cell).items():
        new = state.amount(further) // COUNT + factor * shift
        amounts.append((further, pack(new or None)))
    return Change("entered", cell, tuple(amounts))


def structural(state: State) -> list[Change]:
    """Changes to whole rows and tables: left out, under another code, too many, in the wrong column or unit."""
    touched: dict[str, set[int]] = {}
    for index in state.failing:
        constraint = state.system.constraints[index]
        for cell in (*constraint.left, *constraint.right):
            layout, row, _ = state.system.place(cell % state.system.size)
            touched.setdefault(layout.block.name, set()).add(row)
    votes = cell_votes(state)
    changes: list[Change] = []
    for name, numbers in touched.items():
        layout = state.system.layouts[name]
        absent = [row for row in numbers if row >= layout.real]
        present = [row for row in numbers if row < layout.real]
        changes += [change for row in absent if (change := _row_left_out(layout, row, votes))]
        for row in present:
            if layout.keys[row][:1].isdigit():
                changes.append(_emptied("extra", state, layout, row))
                changes += [
                    _recoded(state, layout, row, other)
                    for other in absent
                    if len(layout.keys[other]) == len(layout.keys[row])
                ]
            changes += _exchanges(state, layout, row)
        changes += _other_unit(state, layout)
    return changes


def _cells(layout: Layout, row: int) -> range:
    start = layout.base + row * layout.width
    return range(start, start + layout.width)


def _row_left_out(layout: Layout, row: int, votes: Votes) -> Change | None:
    """A row that other tables have: in each column the amount most failing constraints ask for."""
    amounts: list[tuple[int, int]] = []
    for cell in _cells(layout, row):
        wanted = [(count, fen) for (place, fen), count in votes.items() if place == cell and fen]
        if wanted:
            amounts.append((cell, pack(max(wanted)[1])))
    return Change("row", amounts[0][0], tuple(amounts)) if len(amounts) > 1 else None


def _emptied(kind: str, state: State, layout: Layout, row: int) -> Change:
    cells = _cells(layout, row)
    first = next((cell for cell in cells if state.amount(cell)), cells[0])
    return Change(kind, first, tuple((cell, 0) for cell in cells))


def _recoded(state: State, layout: Layout, row: int, other: int) -> Change:
    """A row's figures belong under another code, one that this table lacks."""
    emptied = _emptied("code", state, layout, row)
    moved = zip(_cells(layout, other), _cells(layout, row), strict=True)
    return emptied._replace(amounts=(*emptied.amounts, *((new, state.amount(old)) for new, old in moved)))


def _exchanges(state: State, layout: Layout, row: int) -> list[Change]:
    """A figure that stands in the neighbouring blank column of its row."""
    cells = [cell for cell in _cells(layout, row) if not layout.block.columns[cell - _cells(layout, row)[0]].sum]
    return [
        Change("column", full, ((full, 0), (blank, state.amount(full))))
        for full in cells
        if state.amount(full)
        for blank in cells
        if not state.amount(blank)
    ]


def _other_unit(state: State, layout: Layout) -> list[Change]:
    """A whole block typed in 元 under a heading that says 万元."""
    start, stop = layout.base, layout.base + layout.real * layout.width
    amounts = [(cell, packed) for cell in range(start, stop) if (packed := state.amount(cell))]
    if len(amounts) < 3 or any(packed // COUNT % 10_000 for _, packed in amounts):
        return []
    return [Change("unit", amounts[0][0], tuple((cell, pack(packed // COUNT // 10_000)) for cell, packed in amounts))]
