"""The changes to whole rows and tables that could explain what fails: left out, misplaced, exchanged, in 元.

Each is proposed only where what failing constraints ask of single cells already points that way, so that in a workbook
with many errors few are tried.
"""

from gouji_checks.amount import COUNT, pack
from gouji_checks.candidates import Votes, cell_votes
from gouji_checks.cells import Layout
from gouji_checks.state import Change, State

Wishes = dict[int, dict[int, float]]
"""For each cell the amounts (分) that failing constraints ask for, with the weight of the asking."""

Place = tuple[Layout, int]


def structural(state: State) -> list[Change]:
    """Rows left out, under a wrong code, too many or exchanged, figures in a wrong column, tables in another unit."""
    wishes, rows = _wishes(state, cell_votes(state))
    absent = [place for place in rows if place[1] >= place[0].real]
    present = [place for place in rows if place[1] < place[0].real]
    changes = [change for place in absent if (change := _left_out(place, wishes))]
    for place in present:
        if _unwanted(state, place, wishes):
            changes.append(_emptied("extra", state, place))
            changes += [change for other in absent if (change := _recoded(state, place, other, wishes))]
        changes += _misplaced(state, place, wishes)
    changes += _swapped(state, present, wishes)
    for layout in {place[0].block.name: place[0] for place in present}.values():
        changes += _other_unit(state, layout, wishes)
    return changes


def _wishes(state: State, votes: Votes) -> tuple[Wishes, list[Place]]:
    """The votes by cell, and the rows that have any."""
    wishes: Wishes = {}
    rows: dict[tuple[str, int], Place] = {}
    for (cell, fen), weight in votes.items():
        if cell not in wishes:
            layout, row, _ = state.system.place(cell)
            rows[layout.block.name, row] = (layout, row)
        wishes.setdefault(cell, {})[fen] = weight
    return wishes, list(rows.values())


def _cells(place: Place) -> range:
    layout, row = place
    start = layout.base + row * layout.width
    return range(start, start + layout.width)


def _left_out(place: Place, wishes: Wishes) -> Change | None:
    """A row that other tables have: in each column the amount most constraints ask for."""
    best: dict[int, tuple[float, int]] = {}
    for cell in _cells(place):
        wanted = [(weight, fen) for fen, weight in wishes.get(cell, {}).items() if fen]
        if wanted:
            best[cell] = max(wanted)
    if len(best) == 2:
        # One entered figure and its total: the surer of the two wishes serves both.
        best = dict.fromkeys(best, max(best.values()))
    if len(best) < 2:
        return None
    return Change("row", min(best), tuple([(cell, pack(fen)) for cell, (_, fen) in best.items()]))


def _unwanted(state: State, place: Place, wishes: Wishes) -> bool:
    """Whether the constraints would rather have a coded row without its figures, in two columns at least."""
    layout, row = place
    if not layout.keys[row][:1].isdigit():
        return False
    return sum(state.amount(cell) > 1 and 0 in wishes.get(cell, {}) for cell in _cells(place)) > 1


def _emptied(kind: str, state: State, place: Place) -> Change:
    cells = _cells(place)
    first = next((cell for cell in cells if state.amount(cell)), cells[0])
    return Change(kind, first, tuple([(cell, 0) for cell in cells]))


def _recoded(state: State, place: Place, other: Place, wishes: Wishes) -> Change | None:
    """A row's figures belong under another code, one that this table lacks."""
    if place[0] is not other[0] or len(place[0].keys[place[1]]) != len(other[0].keys[other[1]]):
        return None
    pairs = list(zip(_cells(other), _cells(place), strict=True))
    if not any(state.amount(old) and state.amount(old) // COUNT in wishes.get(new, {}) for new, old in pairs):
        return None
    emptied = _emptied("code", state, place)
    return emptied._replace(amounts=(*emptied.amounts, *[(new, state.amount(old)) for new, old in pairs]))


def _misplaced(state: State, place: Place, wishes: Wishes) -> list[Change]:
    """A figure that belongs in a blank column of its row."""
    layout = place[0]
    cells = [cell for index, cell in enumerate(_cells(place)) if not layout.block.columns[index].sum]
    return [
        Change("column", full, ((full, 0), (blank, state.amount(full))))
        for full in cells
        if state.amount(full) and 0 in wishes.get(full, {})
        for blank in cells
        if not state.amount(blank) and state.amount(full) // COUNT in wishes.get(blank, {})
    ]


def _swapped(state: State, places: list[Place], wishes: Wishes) -> list[Change]:
    """Two rows under one parent whose figures were exchanged: each asks for what the other holds."""
    parent = state.system.parent
    groups: dict[tuple[str, int], list[Place]] = {}
    for layout, row in places:
        above = parent.get((layout.block.name, row))
        if above is not None:
            groups.setdefault((layout.block.name, above), []).append((layout, row))
    changes: list[Change] = []
    for group in groups.values():
        for number, one in enumerate(group):
            for other in group[number + 1 :]:
                pairs = list(zip(_cells(one), _cells(other), strict=True))
                if any(
                    state.amount(a) != state.amount(b)
                    and state.amount(b) // COUNT in wishes.get(a, {})
                    and state.amount(a) // COUNT in wishes.get(b, {})
                    for a, b in pairs
                ):
                    amounts = [(a, state.amount(b)) for a, b in pairs] + [(b, state.amount(a)) for a, b in pairs]
                    changes.append(Change("swap", pairs[0][0], tuple(amounts)))
    return changes


def _other_unit(state: State, layout: Layout, wishes: Wishes) -> list[Change]:
    """A whole block typed in 元 under a heading that says 万元."""
    cells = range(layout.base, layout.base + layout.real * layout.width)
    asked = sum(state.amount(cell) // COUNT in [fen * 10_000 for fen in wishes.get(cell, {}) if fen] for cell in cells)
    amounts = [(cell, packed) for cell in cells if (packed := state.amount(cell))]
    if asked < 3 or any(packed // COUNT % 10_000 for _, packed in amounts):
        return []
    return [Change("unit", amounts[0][0], tuple([(cell, pack(packed // COUNT // 10_000)) for cell, packed in amounts]))]
