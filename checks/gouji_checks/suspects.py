"""Which change explains what fails: the smallest set of changes that repairs every relation and breaks none.

First cells typed over, the cheapest to try: the best one is taken, then the next, as long as each breaks nothing. If
that does not explain everything, the search starts again with every kind of change and keeps several explanations
side by side (a beam), scored by what they leave failing and how many changes they need.
"""

from typing import NamedTuple

from gouji_checks.amount import COUNT
from gouji_checks.candidates import cell_votes, entered_votes, entered_wrong, typed_over
from gouji_checks.evaluate import Evaluation
from gouji_checks.rows import structural
from gouji_checks.state import Change, Effect, State
from gouji_templates.form import CODED

BEAM = 6
BRANCHES = 5
MOST_FAILING = 400
"""The beam is as wide as this divided by the relations that fail, at most."""
CELLS_TRIED = 14
MOST_CHANGES = 12
MOST_EQUALS = 4
"""So many equally good explanations are listed."""
PRICE = 0.6
"""What one more change costs, in failing relations: a change must explain more than it assumes."""


class Guess(NamedTuple):
    """A change of the explanation, the failing constraints it touches, and the equally good ones."""

    change: Change
    repairs: frozenset[int]
    alternatives: tuple[Change, ...]


class Ranked(NamedTuple):
    """A change with its effect in some state, ordered by how well it explains."""

    gain: float
    merit: tuple[float, ...]
    change: Change
    effect: Effect


def explain(evaluation: Evaluation) -> list[Guess]:
    """The changes that together explain an evaluation's failures, likeliest first; none if nothing fails."""
    start = State(evaluation)
    if not start.failing:
        return []
    state = start.copy()
    if not _clean_descent(state):
        state = _search(start)
    elif len(state.changes) > 1:
        state = _with_whole_row(start, state)
    return _guesses(start, state)


def _with_whole_row(start: State, cells: State) -> State:
    """Where one change to a row or table does what several of the cells do, the explanation with it instead."""
    for item in _ranked(start, structural(start))[:BRANCHES]:
        done = {index for index in item.effect.totals if index in start.failing}
        served = [
            change
            for change in cells.changes
            if {index for index in start.effect(change).totals if index in start.failing} <= done
        ]
        if item.effect.broken or len(served) < 2:
            continue
        state = start.copy()
        state.apply(item.change, item.effect)
        if _clean_descent(state) and len(state.changes) < len(cells.changes):
            return state
    return cells


def _clean_descent(state: State) -> bool:
    """Take single cells as long as they break nothing; True when that explains everything."""
    for _ in range(MOST_CHANGES):
        if not state.failing:
            return True
        best = next(iter(_rank(state, cells_only=True)), None)
        if best is None or best.effect.broken or best.effect.repaired < 1:
            return False
        state.apply(best.change, best.effect)
    return not state.failing


def _search(start: State) -> State:
    """The best explanation with every kind of change, by a beam over partial explanations."""
    # A workbook that is wrong nearly everywhere has no small explanation; it is not worth waiting for.
    width = max(1, min(BEAM, MOST_FAILING // len(start.failing)))
    beam = [start]
    best = start
    seen: set[frozenset[Change]] = set()
    for _ in range(MOST_CHANGES):
        grown: list[tuple[float, State]] = []
        for state in beam:
            for ranked in _rank(state, cells_only=False)[: min(BRANCHES, width)]:
                key = frozenset((*state.changes, ranked.change))
                if key in seen:
                    continue
                seen.add(key)
                further = state.copy()
                further.apply(ranked.change, ranked.effect)
                grown.append((_cost(further), further))
        if not grown:
            break
        grown.sort(key=lambda pair: pair[0])
        beam = [state for _, state in grown[:width]]
        if _cost(beam[0]) < _cost(best):
            best = beam[0]
        if not beam[0].failing:
            break
    return best


def _cost(state: State) -> float:
    return state.burden + PRICE * len(state.changes)


def _rank(state: State, *, cells_only: bool) -> list[Ranked]:
    """The changes worth making here, best first."""
    changes: list[Change] = []
    votes = cell_votes(state)
    changes += [typed_over(cell, fen) for cell, fen in sorted(votes, key=votes.__getitem__, reverse=True)[:CELLS_TRIED]]
    if not cells_only:
        changes += structural(state)
        entered = entered_votes(state)
        top = max(entered.values(), default=0.0)
        changes += [entered_wrong(state, cell, fen) for (cell, fen), count in entered.items() if count >= top - 1]
    return _ranked(state, changes, even=not cells_only)


def _ranked(state: State, changes: list[Change], *, even: bool = False) -> list[Ranked]:
    """Those that repair more than they break; `even` admits as much, for one of two errors that hide each other."""
    ranked: list[Ranked] = []
    for change in changes:
        if any(packed < 0 for _, packed in change.amounts):
            continue
        effect = state.effect(change)
        gain = effect.repaired - effect.broken
        if effect.repaired and (gain > 0 or (even and gain == 0)):
            ranked.append(Ranked(gain, merit(state, change, effect), change, effect))
    ranked.sort(key=lambda item: (item.gain, *item.merit), reverse=True)
    return ranked


_KIND = {
    "cell": 0.0,
    "unit": 0.0,
    "row": -0.1,
    "code": -0.1,
    "entered": -0.2,
    "swap": -0.1,
    "column": -0.3,
    "extra": -0.4,
}


def merit(state: State, change: Change, effect: Effect) -> tuple[float, ...]:
    """What decides between changes that explain as much: a familiar slip, exactness, a figure rather than a blank."""
    before = state.amount(change.cell)
    after = dict(change.amounts)[change.cell]
    # A lone figure in an unused column is likelier one too many; a blank in a used one likelier an omission.
    used = _column_used(state, change.cell)
    return (
        -effect.broken,
        float(slip(before // COUNT, after // COUNT) != ""),
        float(effect.exact),
        -float(effect.left_over) if change.kind == "cell" else 0.0,
        float(not after and not used),
        _presence(state, change.cell, before),
        _KIND[change.kind],
        float(used),
        float(change.cell if change.kind == "extra" else -change.cell),
    )


def _presence(state: State, cell: int, before: int) -> float:
    """How likely the cell is the slip, by what stands there: a listed row without any figure, a figure, a blank."""
    if before:
        return 1.0
    layout, row, column = state.system.place(cell)
    start = cell - column
    listed = row < layout.real and not any(state.amount(other) for other in range(start, start + layout.width))
    return 2.0 if listed and layout.block.kind in CODED else 0.0


def _column_used(state: State, cell: int) -> bool:
    """Whether the cell's column holds other figures."""
    layout, _, column = state.system.place(cell)
    first = layout.base + column
    return any(
        state.amount(other)
        for other in range(first, first + len(layout.keys) * layout.width, layout.width)
        if other != cell
    )


def slip(before: int, after: int) -> str:
    """The slip of the hand that turns `after` into `before` (amounts in 分), in the reviewer's words, or nothing."""
    if before == after or not before or not after:
        return ""
    if before == after * 10_000:
        return "像是按元填列"
    for power in (10, 100, 1000):
        if power in (before / after, after / before):
            return "像是小数点错位"
    old, new = str(before // 10_000), str(after // 10_000)
    if len(old) == len(new) and sorted(old) == sorted(new):
        return "像是数字颠倒"
    return ""


def _guesses(start: State, end: State) -> list[Guess]:
    """Each change of the explanation with what it touches of what failed, and its equals."""
    guesses: list[Guess] = []
    for change in end.changes:
        effect = start.effect(change)
        repairs = frozenset(index for index in effect.totals if index in start.failing)
        guesses.append(Guess(change, repairs, _alternatives(start, end, change)))
    guesses.sort(key=lambda guess: -len(guess.repairs))
    return guesses


def _alternatives(start: State, end: State, change: Change) -> tuple[Change, ...]:
    """Other changes that would do as well as this one, the rest of the explanation standing."""
    if change.kind not in ("cell", "entered"):
        return ()
    state = start.copy()
    for other in end.changes:
        if other is not change:
            state.apply(other, state.effect(other))
    if not state.failing:
        return ()
    done = state.effect(change)
    ranked = _rank(state, cells_only=change.kind == "cell")
    equals = [
        item
        for item in ranked
        if item.change != change and item.gain >= done.repaired - done.broken and item.effect.broken == done.broken
    ]
    if _is_slip(start, change):
        # Nobody would look at a blank when a figure that is there shows a familiar slip.
        equals = [item for item in equals if _is_slip(start, item.change)]
    return tuple([item.change for item in equals[:MOST_EQUALS]])


def _is_slip(state: State, change: Change) -> bool:
    return slip(state.amount(change.cell) // COUNT, dict(change.amounts)[change.cell] // COUNT) != ""
