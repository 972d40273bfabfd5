"""What a click on 校验 costs, from the start of RunPython's process to the results, against the gouji check process.

The process is started by the very command line of our VBA, and works on the Excel for tests. What that Excel does is
not counted, for Excel itself is another process, in which the workbook is already open: importing openpyxl, loading the
workbook and every call that reaches the engine are timed by the process itself (tests/replay/sitecustomize.py) and
taken off. A module of Python's own that openpyxl imports before the check would need it is taken off with them.
"""

from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.measure import GOUJI, Pair, Spent, in_turns, run
from tests.bench.sample import PATH
from tests.bench.tables import print_table, print_verdict
from tests.run_python import replay

ROUNDS = 31


def report() -> None:
    """Measure clicks and commands in turns and print them beside what was promised."""
    wall = Pair([], [])
    with TemporaryDirectory() as folder:
        processor = in_turns(
            ROUNDS,
            _kept(wall.ours, lambda: _click(Path(folder))),
            _kept(wall.theirs, lambda: run([GOUJI, "check", str(PATH)])),
        )
    rows = [processor.row("user and system time"), wall.row("on the clock")]
    title = "A click on 校验 of the sample, Excel's own part taken off, against gouji check, whole processes"
    print_table(title, ("", "click, ms", "check, ms", "ratio"), rows)
    for name, pair in (("a click, processor", processor), ("a click, clock", wall)):
        print_verdict(name, "≤ 3.00", f"{pair.ratio:.2f}", pair.ratio <= 3)


def _kept(walls: list[float], work: Callable[[], Spent]) -> Callable[[int], float]:
    """The processor time of some work, whose time on the clock is kept; the first run is not counted."""
    work()

    def turn(_: int) -> float:
        spent = work()
        walls.append(spent.wall)
        return spent.cpu

    return turn


def _click(folder: Path) -> Spent:
    before, started = getrusage(RUSAGE_CHILDREN), perf_counter()
    done = replay("validate", PATH, folder)
    wall, after = perf_counter() - started, getrusage(RUSAGE_CHILDREN)
    if done.code or done.messages:
        raise RuntimeError(f"the click failed: {done}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(cpu - done.spent["cpu"], wall - done.spent["wall"])
