"""What it costs to give a template to a thousand departments, against writing the bytes of one as often."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from gouji_checks.fingerprint import fingerprint
from gouji_checks.live.template import build
from gouji_checks.relation import load
from gouji_templates.distribute import Department, distribute, file_of, issue
from tests.bench.measure import GOUJI, Pair, in_turns, peak, run
from tests.bench.tables import print_table, print_verdict

DEPARTMENTS = 1000
STEPS = (250, 500, 1000)
BLOCK = 50
"""Departments at a time, so that both see the machine in the same mood."""

MOST_MS = 10
"""What was asked for, for a department after the first."""


def report() -> None:
    """Measure and print it beside what was promised."""
    _each()
    _command()
    _memory()


def _each() -> None:
    catalogue = load()
    form = catalogue.form
    started = perf_counter()
    made = issue(form, form.year, fingerprint(catalogue), partial(build, catalogue))
    one = made.copies.make(*_department(0)[:3])
    first = perf_counter() - started
    with TemporaryDirectory(prefix="gouji-bench-") as place:

        def ours(number: int) -> float:
            some = [_department(number * BLOCK + step) for step in range(BLOCK)]
            began = perf_counter()
            distribute(some, folder("ours", number), made)
            return (perf_counter() - began) / BLOCK

        def theirs(number: int) -> float:
            names = [file_of(_department(number * BLOCK + step), form.year) for step in range(BLOCK)]
            into = folder("theirs", number)
            began = perf_counter()
            for name in names:
                (into / name).write_bytes(one)
            return (perf_counter() - began) / BLOCK

        def folder(name: str, number: int) -> Path:
            path = Path(place, f"{name}{number}")
            path.mkdir()
            return path

        pair: Pair = in_turns(DEPARTMENTS // BLOCK, ours, theirs)
    print_table(
        f"Distribution: time on the clock for each department after the first, {len(one) / 1024:.0f} KB each, against "
        "writing the bytes of one template",
        ("", "ours, ms", "theirs, ms", "ratio"),
        [pair.row(f"{DEPARTMENTS} departments")],
    )
    print(f"  the first department, for which the template is built: {first * 1000:.0f} ms")
    each = median(pair.ours) * 1000
    print_verdict("a department after the first, ms", f"≤ {MOST_MS}", f"{each:.2f}", each <= MOST_MS)


def _command() -> None:
    with _listed(DEPARTMENTS) as (path, folder):
        fresh = run([GOUJI, "distribute", path, "-o", folder]).wall
        again = run([GOUJI, "distribute", path, "-o", folder]).wall
    print(f"  the whole command for {DEPARTMENTS} departments: {fresh:.2f} s; again, nothing to do: {again:.2f} s")


def _memory() -> None:
    sizes = []
    for count in STEPS:
        with _listed(count) as (path, folder):
            sizes.append(peak(["distribute", path, "-o", folder]))
    print_table(
        "Peak memory in MB, by the number of departments",
        ("", *map(str, STEPS)),
        [["gouji distribute", *(f"{size:.1f}" for size in sizes)]],
    )
    growth = sizes[-1] / sizes[0]
    print_verdict(f"memory, {STEPS[-1]} against {STEPS[0]} departments", "≤ 1.05", f"{growth:.2f}", growth <= 1.05)


@contextmanager
def _listed(count: int) -> Iterator[tuple[str, str]]:
    """A list of so many departments, and a folder that is not there yet; removed afterwards."""
    with TemporaryDirectory(prefix="gouji-bench-") as place:
        path = Path(place, "名单.csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(("部门名称", "部门编码", "单位性质"))
            lines.writerows(_department(number)[:3] for number in range(count))
        yield str(path), str(Path(place, "发放"))


def _department(number: int) -> Department:
    return Department(f"某某自治州第{number + 1}部门", f"{number + 1:06d}", "行政单位", "", number + 2)
