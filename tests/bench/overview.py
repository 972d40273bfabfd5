"""What a summary of a thousand departments costs, against checking the same folder."""

import json
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests import bureau
from tests.bench.measure import GOUJI, peak, run
from tests.bench.tables import print_table, print_verdict
from tests.bench.workbooks import linked

DEPARTMENTS = 1000
STEPS = (250, 500, 1000)
BROKEN_EVERY = 25
ROUNDS = 3

# A broken department is a finding, and no failure of the command.
_WRONG = (0, 1)


def report() -> None:
    """Measure and print it beside what was promised."""
    with TemporaryDirectory(prefix="gouji-bench-") as place:
        folder = Path(place, "上交")
        folder.mkdir()
        paths = bureau.write(bureau.bureau(DEPARTMENTS, BROKEN_EVERY), folder)
        _ties(folder, Path(place))
        _time(folder, Path(place))
        _memory(paths, Path(place))


def _ties(folder: Path, place: Path) -> None:
    """Whether the tables over all departments are the sums of theirs, and pass the check."""
    import subprocess

    output = place / "汇总.xlsx"
    command = [GOUJI, "summary", str(folder), "-o", str(output), "--no-cache", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)["total"]
    differing = [name for name, amount in found["sums"].items() if found["tables"][name] not in (amount, "")]
    print_verdict("main figures other than the sums of the departments'", "0", str(len(differing)), not differing)
    checked = subprocess.run([GOUJI, "check", str(output)], capture_output=True, text=True, check=False)
    print_verdict("errors in the tables over all departments", "0", checked.stdout.strip()[:60], not checked.returncode)


def _time(folder: Path, place: Path) -> None:
    """In turns, since the machine's mood changes; the medians count."""
    turns = []
    for number in range(ROUNDS):
        cache = str(place / f"缓存{number}")
        summary = [GOUJI, "summary", str(folder), "-o", str(place / "汇总.xlsx"), "--cache", cache]
        commands = ([GOUJI, "check", str(folder)], summary, summary)
        turns.append([run(command, expected=_WRONG).wall for command in commands])
    check, first, second = (median(column) for column in zip(*turns, strict=True))
    print_table(
        f"Summary of {DEPARTMENTS} departments, seconds on the clock, medians of {ROUNDS}",
        ("", "gouji check", "summary", "again, with the cache"),
        [["seconds", f"{check:.2f}", f"{first:.2f}", f"{second:.2f}"]],
    )
    print_verdict("summary against check", "≤ 2.00", f"{first / check:.2f}", first <= 2 * check)
    print_verdict("second run against the first", "≤ 0.20", f"{second / first:.2f}", second <= 0.2 * first)


def _memory(paths: list[str], place: Path) -> None:
    sizes = []
    for count in STEPS:
        with linked(paths[:count]) as folder:
            output = str(place / "汇总.xlsx")
            sizes.append(peak(["summary", folder, "-o", output, "--no-cache", "--jobs", "1"]))
    print_table(
        "Peak memory in MB, by the number of departments",
        ("", *map(str, STEPS)),
        [["gouji summary", *(f"{size:.1f}" for size in sizes)]],
    )
    growth = (sizes[-1] - sizes[0]) * 1024 / (STEPS[-1] - STEPS[0])
    print_verdict("memory, for each department more, KB", "≤ 50", f"{growth:.1f}", growth <= 50)
