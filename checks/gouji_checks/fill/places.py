"""Where a table's wanted lines go: into the rows there are, into blank ones, or into new ones."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from gouji_checks.book import Figures
from gouji_checks.edit.references import Insert
from gouji_checks.fill.plan import Target
from gouji_checks.line_keys import keys_of
from gouji_checks.skeleton import PROJECT, TOTAL, UNIT
from gouji_templates.content import Line
from gouji_templates.wording import fold


class LinePlace(NamedTuple):
    """A wanted line (its number) and the row it goes into: one that has its key (`old`, its number among the rows
    read), a blank one at `line`, or (`new`) one to be put in front of `line`.

    A row that is not wanted is a place without a number.
    """

    line: int
    number: int | None
    old: int | None
    new: bool = False


def places_of(figures: Figures, lines: Sequence[Line], target: Target) -> tuple[list[LinePlace], list[Insert]]:
    """The places of a block's lines, and the rows to be inserted for them."""
    part = figures.part
    keys = keys_of(part.side.block, list(lines))
    numbers = [number for number, key in enumerate(keys) if key]
    wanted = [(key[0], key[1], line.labels[-1]) for key, line in zip(keys, lines, strict=True) if key]
    read = [(row.key, row.level, row.project) for row in part.rows]
    units = max(sum(level == UNIT for _, level, _ in rows) for rows in (wanted, read))
    known = {identity: number for number, identity in enumerate(_identities(read, units))}
    matched = [known.get(identity) for identity in _identities(wanted, units)]
    found, inserts = _put(figures, numbers, matched, target)
    unwanted = sorted(set(range(len(part.rows))).difference(old for old in matched if old is not None))
    return [*found, *(LinePlace(part.rows[old].line, None, old) for old in unwanted)], inserts


def _identities(rows: list[tuple[str, str, str]], units: int) -> list[Hashable]:
    """What tells rows (key, level, project) apart: the budget unit they stand under where there are several, and for
    rows that are the same in everything which of them it is."""
    unit = ""
    seen: Counter[Hashable] = Counter()
    found: list[Hashable] = []
    for key, level, project in rows:
        name = UNIT if level == UNIT and units < 2 else fold(key)
        if level in (TOTAL, UNIT):
            unit = name if level == UNIT else ""
        identity = (unit if units > 1 else "", name, fold(project) if level == PROJECT else "")
        seen[identity] += 1
        found.append((identity, seen[identity]))
    return found


def _put(
    figures: Figures, numbers: list[int], matched: list[int | None], target: Target
) -> tuple[list[LinePlace], list[Insert]]:
    """Each line in its row; one without goes behind the line before it, into a blank row or a new one."""
    rows, home = figures.part.rows, figures.home
    own = {row.line for part in home.skeleton.parts for row in part.rows}
    first = min((row.line for row in rows), default=home.skeleton.head.first_row)
    last = first - 1
    places: list[LinePlace] = []
    inserts: list[Insert] = []
    for number, old in zip(numbers, matched, strict=True):
        if old is not None:
            places.append(LinePlace(rows[old].line, number, old))
            # A total at the foot is no place to go on from.
            if rows[old].level != TOTAL or rows[old].line == first:
                last = rows[old].line
        elif last + 1 not in own and target.free(home, last + 1):
            last += 1
            own.add(last)
            places.append(LinePlace(last, number, None))
        else:
            inserts.append(Insert(home.sheet.name, last + 1, last + 1 in own or not rows))
            places.append(LinePlace(last + 1, number, None, new=True))
    return places, inserts
