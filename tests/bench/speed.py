"""What checking costs, each figure a ratio to something measured beside it."""

import random
import sys
from collections.abc import Callable, Sequence
from statistics import median

from python_calamine import CalamineWorkbook

from gouji_checks.batch import check_files
from gouji_checks.book import read_book
from gouji_checks.check import check_book
from gouji_checks.report import text
from gouji_checks.single import Options, Result, check_file
from gouji_checks.source import FileSource
from gouji_templates.form import DEFAULT_FORM
from tests.bench.measure import GOUJI, Pair, cpu, in_processes, in_turns, peak, run
from tests.bench.mutations import reached_twice
from tests.bench.sample import PATH, draw, sample
from tests.bench.tables import print_table, print_verdict
from tests.bench.workbooks import copies, erroneous, linked, variants

FILES = 1000
STEPS = (250, 500, 1000)
BLOCK = 20
"""Files read, then checked, at a time, so that both see the machine in the same mood."""

OPTIONS = Options(DEFAULT_FORM)
HEADINGS = ("", "ours, ms", "theirs, ms", "ratio")


def report() -> None:
    """Measure everything and print it beside what was promised."""
    _start_up()
    # In this order, since what different workbooks leave in the caches is work for the garbage collector afterwards.
    _stages()
    _five_errors()
    with copies(FILES) as same, variants(FILES) as different:
        _throughput(same, different)
        _memory(same, different)
        _processes(same, different)


def _start_up() -> None:
    opened = f"import openpyxl; openpyxl.load_workbook({str(PATH)!r})"
    processor, wall = in_processes(31, [GOUJI, "check", str(PATH)], [sys.executable, "-c", opened])
    print_table(
        "Start-up: gouji check of the sample against python -c 'import openpyxl; load_workbook', whole processes",
        HEADINGS,
        [processor.row("user and system time"), wall.row("on the clock")],
    )
    for name, pair in (("start-up, processor", processor), ("start-up, clock", wall)):
        print_verdict(name, "≤ 0.50 (aim 0.35)", f"{pair.ratio:.2f}", pair.ratio <= 0.5)


def _throughput(same: list[str], different: list[str]) -> None:
    _check([str(PATH)])
    pairs = {f"{FILES} copies": _against_calamine(same), f"{FILES} different workbooks": _against_calamine(different)}
    print_table(
        "Throughput: processor time for each workbook, checked against read with python-calamine alone, one process",
        HEADINGS,
        [pair.row(name) for name, pair in pairs.items()],
    )
    for name, pair in pairs.items():
        print_verdict(f"throughput, {name}", "≤ 2.00 (aim 1.50)", f"{pair.ratio:.2f}", pair.ratio <= 2)


def _against_calamine(paths: list[str]) -> Pair:
    blocks = [paths[start : start + BLOCK] for start in range(0, len(paths), BLOCK)]
    return in_turns(
        len(blocks),
        lambda number: cpu(lambda: _check(blocks[number]), BLOCK),
        lambda number: cpu(lambda: _read(blocks[number]), BLOCK),
    ).pooled


def _read(paths: Sequence[str]) -> None:
    """All that python-calamine has to do for these files."""
    for path in paths:
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def _check(paths: Sequence[str]) -> None:
    faulty = [result for result in check_files(paths, OPTIONS, jobs=1) if result.status != "clean"]
    assert not faulty, _words(faulty)


def _words(results: list[Result]) -> str:
    return "\n".join(result.words for result in results)


def _processes(same: list[str], different: list[str]) -> None:
    """One command with two processes against one, beside what the machine gives two commands that share nothing.

    The quickest of three each: others at work on the machine only ever take away from the second processor.
    """
    title = "Two processes: gouji check --jobs 1, --jobs 2, and two commands at once with half the files each"
    rows = []
    verdicts = []
    for name, paths in (("copies", same), ("different workbooks", different)):
        half = len(paths) // 2
        halves = [_command(1, paths[:half]), _command(1, paths[half:])]
        turns = [(run(_command(1, paths)), run(_command(2, paths)), run(*halves)) for _ in range(3)]
        one, two, apart = (min(spent.wall for spent in column) for column in zip(*turns, strict=True))
        extra = median(turn[1].cpu / turn[0].cpu for turn in turns)
        rows.append([name, *(f"{t:.2f}" for t in (one, two, apart, one / two, one / apart, extra))])
        # On a machine without a second processor to give, the clock says nothing of ours.
        met = one / two >= 1.7 or (None if one / apart < 1.8 else False)
        verdicts.append((f"two processes, {name} (the machine gives {one / apart:.2f})", f"{one / two:.2f}", met))
    headings = ("", "one, s", "two, s", "halves, s", "one : two", "one : halves", "processor time, two : one")
    print_table(title, headings, rows)
    for what, measured, met in verdicts:
        print_verdict(what, "≥ 1.70", measured, met)


def _command(jobs: int, paths: Sequence[str]) -> list[str]:
    return [GOUJI, "check", "--jobs", str(jobs), *paths]


def _memory(same: list[str], different: list[str]) -> None:
    rows = {
        name: [_peak(paths[:count]) for count in STEPS]
        for name, paths in (("copies", same), ("different workbooks", different))
    }
    print_table(
        "Peak memory in MB, by the number of files",
        ("", *map(str, STEPS)),
        [[name, *(f"{size:.1f}" for size in sizes)] for name, sizes in rows.items()],
    )
    for name, sizes in rows.items():
        growth = sizes[-1] / sizes[0]
        print_verdict(f"memory, {STEPS[-1]} against {STEPS[0]} {name}", "≤ 1.05", f"{growth:.2f}", growth <= 1.05)


def _peak(paths: Sequence[str]) -> float:
    with linked(paths) as folder:
        return peak(["check", "--jobs", "1", folder])


def _stages() -> None:
    """Where the time of one file goes, every part set against reading it with python-calamine alone."""
    base = sample()
    path = str(PATH)
    found = check_book(base.book, base.catalogue, base.codes)
    stages: dict[str, Callable[[], object]] = {
        "read the file": lambda: FileSource(path).read(),
        "find tables and figures": lambda: read_book(base.workbook, base.catalogue.form),
        "check the figures": lambda: check_book(base.book, base.catalogue, base.codes),
        "put it into words": lambda: text(path, found),
        "all of it": lambda: check_file(path, OPTIONS),
    }
    rows = [_against_reading(stage, path).row(name) for name, stage in stages.items()]
    print_table("Where the time of a warm file goes, against python-calamine alone", HEADINGS, rows)


def _against_reading(stage: Callable[[], object], path: str) -> Pair:
    stage()
    return in_turns(100, lambda _: cpu(stage), lambda _: cpu(lambda: _read([path])))


def _five_errors() -> None:
    base = sample()
    source = random.Random(5)
    changes = [draw(source, reached_twice(), 5, base.amounts) for _ in range(20)]
    books = [read_book(base.changed(amounts), base.catalogue.form) for amounts in changes]
    clean = base.book
    rounds = 15 * len(changes)
    with erroneous(changes) as paths:
        pairs = {
            "figures only": in_turns(
                rounds,
                lambda number: cpu(lambda: check_book(books[number % len(books)], base.catalogue, base.codes)),
                lambda _: cpu(lambda: check_book(clean, base.catalogue, base.codes)),
            ),
            "reading and words included": in_turns(
                rounds,
                lambda number: cpu(lambda: check_file(paths[number % len(paths)], OPTIONS)),
                lambda _: cpu(lambda: check_file(str(PATH), OPTIONS)),
            ),
        }
    print_table(
        f"Five errors against none, processor time, {len(changes)} workbooks",
        ("", "five, ms", "none, ms", "ratio"),
        [pair.row(name) for name, pair in pairs.items()],
    )
    worst = max(
        median(pairs["reading and words included"].ours[number :: len(changes)]) for number in range(len(changes))
    )
    print(f"  the slowest of the {len(changes)}: {worst * 1000:.2f} ms")
    ratio = pairs["reading and words included"].ratio
    print_verdict("five errors, reading included", "≤ 2.00", f"{ratio:.2f}", ratio <= 2)
