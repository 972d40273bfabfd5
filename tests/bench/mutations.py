"""Which errors put into the published sample are detected, and whether the true cell is named."""

import random
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from tests.bench.effect import Effects, Signature
from tests.bench.sample import Amounts, Named, draw, listed_by, named_by, sample, slips


class Trial(NamedTuple):
    """One change and what the check made of it.

    `reach` is how many error-level relations could show it. `twins` is how many other changes of the same kind would
    repair every relation just as well: no arithmetic tells them from the truth.
    """

    table: str
    kind: str
    cell: str
    reach: int
    detectable: bool
    detected: bool
    first: bool
    cell_first: bool
    twin_first: bool
    listed: bool
    twins: int
    story: str


class Summary(NamedTuple):
    """The trials of a run."""

    trials: tuple[Trial, ...]

    @property
    def undetected(self) -> list[Trial]:
        """Changes above the rounding allowance that no error-level finding shows."""
        return [trial for trial in self.trials if trial.detectable and not trial.detected]

    def reached(self, least: int = 2, most: int = 1_000_000) -> list[Trial]:
        """The detectable changes that so many relations could show."""
        return [trial for trial in self.trials if trial.detectable and least <= trial.reach <= most]

    @property
    def first_share(self) -> float:
        """How often the true cell is named with its true value, alone, where two or more relations could show it."""
        reached = self.reached()
        return sum(trial.first for trial in reached) / len(reached)


class Several(NamedTuple):
    """Runs with several errors at once: in how many all were named, in how many exactly those."""

    times: int
    named: int
    exact: int
    misses: tuple[str, ...]


def run_singles(step: int = 1, start: int = 0) -> Summary:
    """Every cell (or every so-many-th) typed over in every way."""
    base, effects = sample(), _effects()
    cells = list(base.places)[start::step]
    return Summary(
        tuple(
            _trial(cell, kind, {cell: amount}, effects.reaching(cell))
            for cell in cells
            for kind, amount in slips(base.amounts[cell])
        )
    )


def run_followed(step: int = 1) -> Summary:
    """Every entered cell (or every so-many-th) changed in every way, what derives from it following."""
    base = sample()
    return Summary(
        tuple(
            _trial(cell, kind, changes, None)
            for cell in list(base.entered)[::step]
            for kind, amount in slips(base.amounts[cell])
            if (changes := base.followed(cell, amount)) is not None
        )
    )


def run_several(count: int, times: int, seed: int = 2025) -> Several:
    """So many cells at once, each reached by two or more relations, typed over at random."""
    base = sample()
    cells = reached_twice()
    source = random.Random(seed)
    named = exact = 0
    misses = []
    for _ in range(times):
        changes = draw(source, cells, count, base.amounts)
        truth = {base.named(cell, base.amounts[cell]) for cell in changes}
        found = named_by(base.check(changes))
        named += truth <= set(found)
        exact += truth == set(found)
        if truth != set(found):
            misses.append(f"{_told(changes)} → {_answers(found)}")
    return Several(times, named, exact, tuple(misses))


def run_clean() -> list[str]:
    """The rules behind error-level findings on the unchanged sample."""
    return [finding.rule for finding in sample().failures(sample().check({}))]


def reached_twice() -> list[int]:
    """The cells that two or more error-level relations look at."""
    return [cell for cell in sample().places if _effects().reaching(cell) >= 2]


def unreached() -> list[str]:
    """Figure cells that no error-level relation looks at."""
    return [sample().title(cell) for cell in sample().places if not _effects().reaching(cell)]


def reach_by_table() -> dict[str, Counter[str]]:
    """For each table how many of its cells two or more, one or no error-level relation reaches."""
    found: dict[str, Counter[str]] = {}
    for cell in sample().places:
        reach = _effects().reaching(cell)
        found.setdefault(sample().table(cell), Counter())["≥ 2" if reach >= 2 else str(reach)] += 1
    return found


@cache
def _effects() -> Effects:
    return Effects(sample())


def _trial(cell: int, kind: str, changes: Amounts, reach: int | None) -> Trial:
    """Check one change; without a given reach it is counted by what fails."""
    base = sample()
    report = base.check(changes)
    failures = base.failures(report)
    found = named_by(report)
    truth = base.named(cell, base.amounts[cell])
    twins = list(_twins(cell, changes))
    return Trial(
        base.table(cell),
        kind,
        base.title(cell),
        len(failures) if reach is None else reach,
        _effects().above_allowance(changes),
        bool(failures),
        found == [truth],
        [named.cell for named in found] == [truth.cell],
        len(found) == 1 and found[0] in twins,
        truth in listed_by(report),
        len(twins),
        f"{_told({cell: changes[cell]})} ({kind}) → {_answers(found)}",
    )


def _twins(cell: int, changes: Amounts) -> Iterator[Named]:
    """The other cells whose correction would undo the change in every relation, with their corrected amounts."""
    base = sample()
    is_followed = len(changes) > 1
    signature, factor = _signature(cell, is_followed)
    for other, other_factor in _classes(is_followed)[signature]:
        shift, rest = divmod(((changes[cell] or 0) - (base.amounts[cell] or 0)) * factor, other_factor)
        if other == cell or rest:
            continue
        # Correcting the twin takes away what the change put in.
        corrected = {
            part: (changes.get(part, base.amounts[part]) or 0) - by * shift
            for part, by in _moved(other, is_followed).items()
        }
        end = {**changes, **{part: amount or None for part, amount in corrected.items()}}
        if min(corrected.values()) >= 0 and _effects().keeps_bounds(end):
            yield base.named(other, end[other])


def _moved(cell: int, is_followed: bool) -> dict[int, int]:
    return sample().entered[cell] if is_followed else {cell: 1}


@cache
def _signature(cell: int, is_followed: bool) -> tuple[Signature, int]:
    return _effects().signature(_moved(cell, is_followed))


@cache
def _classes(is_followed: bool) -> dict[Signature, list[tuple[int, int]]]:
    """Cells by what a change of theirs does, with the factor in which it does it."""
    found: dict[Signature, list[tuple[int, int]]] = {}
    for cell in sample().entered if is_followed else sample().places:
        signature, factor = _signature(cell, is_followed)
        found.setdefault(signature, []).append((cell, factor))
    return found


def _told(changes: Amounts) -> str:
    base = sample()
    return "; ".join(
        f"{base.title(cell)} {_words(base.named(cell, base.amounts[cell]).value)} typed as "
        f"{_words(base.named(cell, amount).value)}"
        for cell, amount in changes.items()
    )


def _answers(found: list[Named]) -> str:
    return ", ".join(f"{named.cell} should be {_words(named.value)}" for named in found) or "nothing named"


def _words(value: str) -> str:
    return value or "blank"
