"""What the checks find of the errors put into the published sample, as tables."""

from collections.abc import Iterable, Iterator, Sized
from time import perf_counter

from tests.bench.mutations import (
    Several,
    Summary,
    Trial,
    reach_by_table,
    run_clean,
    run_followed,
    run_several,
    run_singles,
    unreached,
)
from tests.bench.sample import KINDS, sample
from tests.bench.tables import print_list, print_table, print_verdict, share

PAIRS, FIVES = 500, 100


def report() -> None:
    """Run all mutations and print what came of them."""
    started = perf_counter()
    _reach()
    singles = run_singles()
    _singles(singles)
    followed = run_followed()
    _followed(followed)
    pairs, fives = run_several(2, PAIRS), run_several(5, FIVES)
    _several(pairs, fives)
    _verdicts(singles, followed, pairs, fives)
    print(
        f"\n{len(singles.trials) + len(followed.trials) + PAIRS + FIVES} workbooks in {perf_counter() - started:.1f} s"
    )


def _reach() -> None:
    rows = [
        [table, counts.total(), counts["≥ 2"], counts["1"], counts["0"]] for table, counts in reach_by_table().items()
    ]
    rows += [[f"{table} (an empty table: its sentence, no row)", 0, 0, 0, 0] for table in sample().unlisted]
    print_table(
        "Figure cells of the published sample, by how many error-level relations reach them",
        ("table", "cells", "≥ 2", "1", "0"),
        rows,
    )
    print_list("Cells that no relation reaches:", unreached())


def _singles(summary: Summary) -> None:
    def row(name: tuple[str, str], trials: list[Trial]) -> list[object]:
        cells: list[object] = [*name, len(trials), sum(not trial.detectable for trial in trials)]
        for least, most in ((2, 1_000_000), (1, 1)):
            own = [t for t in trials if t.detectable and least <= t.reach <= most]
            cells += [len(own), sum(t.detected for t in own), sum(t.first for t in own)]
        return cells

    print_table(
        "One cell typed over. First: the true cell with its true value is what the report names, and all it names",
        (
            "table",
            "change",
            "all",
            "within rounding",
            "≥ 2 relations",
            "detected",
            "first",
            "1 relation",
            "detected",
            "first",
        ),
        [row(*group) for group in _grouped(summary)],
    )
    print_list(
        "True cell not first:",
        [
            f"{t.story}{' [the truth is listed]' if t.listed else ''}{_twins(t)}"
            for t in summary.trials
            if t.detectable and not t.first
        ],
    )


def _followed(summary: Summary) -> None:
    def row(name: tuple[str, str], trials: list[Trial]) -> list[object]:
        shown = [trial for trial in trials if trial.detected]
        return [
            *name,
            len(trials),
            len(trials) - len(shown),
            sum(t.reach == 1 for t in shown),
            sum(t.reach >= 2 for t in shown),
            sum(t.first for t in shown),
            sum(t.twins > 0 for t in shown),
            sum(t.twin_first for t in shown),
            sum(t.listed and not t.first for t in shown),
            sum(not t.first and not t.twin_first for t in shown),
        ]

    print_table(
        "One entered figure changed, all that derives from it following. Equals: other entered figures that repair "
        "every relation as well",
        (
            "table",
            "change",
            "all",
            "nothing fails",
            "1 fails",
            "≥ 2 fail",
            "first",
            "has equals",
            "equal first",
            "listed",
            "missed",
        ),
        [row(*group) for group in _grouped(summary)],
    )
    unseen = dict.fromkeys(trial.cell for trial in summary.trials if not trial.detected)
    print_list("Changes that nothing contradicts, since all that could follows:", list(unseen))
    print_list(
        "Neither the truth nor an equal first:",
        [
            t.story + (" [the cell is right]" if t.cell_first else "")
            for t in summary.trials
            if t.detected and not t.first and not t.twin_first
        ],
    )


def _several(*runs: Several) -> None:
    for run, count in zip(runs, ("Pairs", "Fives"), strict=True):
        print_list(f"{count}, {run.times} seeded: {run.named} all named, {run.exact} exactly; the others:", run.misses)


def _verdicts(singles: Summary, followed: Summary, pairs: Several, fives: Several) -> None:
    print("\nVerdicts")
    clean = run_clean()
    print_verdict("error-level findings on the sample as published", "none", str(len(clean)), not clean)
    both = [trial for trial in (*singles.trials, *followed.trials) if trial.detectable]
    detected = [trial for trial in both if trial.detected]
    print_verdict(f"detected, {len(both)} changes above rounding", "100 %", *_at_least(1, detected, both))
    for name, trials in (
        ("true cell first, one typed over, ≥ 2 relations reach it", singles.reached()),
        ("true cell first, followed, ≥ 2 fail, no equals", [t for t in followed.reached() if not t.twins]),
    ):
        first = [trial for trial in trials if trial.first]
        print_verdict(f"{name}, {len(trials)} changes", "≥ 99 %", *_at_least(0.99, first, trials))
    shown = [trial for trial in followed.trials if trial.detected]
    print(
        f"          followed, all {len(shown)} detected: the truth first {_percent(t.first for t in shown)}, "
        f"it or an equal {_percent(t.first or t.twin_first for t in shown)}, "
        f"listed {_percent(t.listed for t in shown)}, with equals {_percent(t.twins > 0 for t in shown)}"
    )
    print_verdict(f"both named, {PAIRS} pairs", "≥ 98 %", *_at_least(0.98, range(pairs.named), range(PAIRS)))
    print_verdict(f"exactly the five, {FIVES} fives", "≥ 90 %", *_at_least(0.9, range(fives.exact), range(FIVES)))


def _at_least(bar: float, part: Sized, whole: Sized) -> tuple[str, bool]:
    return share(len(part), len(whole)), len(part) >= bar * len(whole)


def _percent(hits: Iterable[bool]) -> str:
    counted = list(hits)
    return share(sum(counted), len(counted))


def _grouped(summary: Summary) -> Iterator[tuple[tuple[str, str], list[Trial]]]:
    """By table and kind, then by kind over all tables, then all."""
    groups: dict[tuple[str, str], list[Trial]] = {}
    for trial in summary.trials:
        groups.setdefault((trial.table, trial.kind), []).append(trial)
    yield from sorted(groups.items(), key=lambda group: (int(group[0][0][1:]), KINDS.index(group[0][1])))
    for kind in KINDS:
        yield ("all", kind), [trial for trial in summary.trials if trial.kind == kind]
    yield ("all", "all"), list(summary.trials)


def _twins(trial: Trial) -> str:
    return f" [{trial.twins} equal]" if trial.twins else ""
