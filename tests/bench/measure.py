"""How the benchmarks measure: two things in turns, within one run, so that a noisy machine is noisy to both."""

import os
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import mean, median
from time import perf_counter, process_time
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
GOUJI = str(Path(sys.executable).with_name("gouji"))
"""The installed command, which is what a user starts."""

# Installing compiles the modules; a tree checked out must be allowed to keep what it compiled as well.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

# ru_maxrss would start from the size of this process, which a child shares until it becomes another program.
_PEAK = """
import sys
from gouji_checks.cli import main
main(sys.argv[1:])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
"""


class Spent(NamedTuple):
    """Seconds of processor time, user and system, and on the clock."""

    cpu: float
    wall: float


class Pair(NamedTuple):
    """Seconds that two things took in turns, each as often as the other."""

    ours: list[float]
    theirs: list[float]

    @property
    def ratio(self) -> float:
        """The median of the ratios of each turn."""
        return median(mine / other for mine, other in zip(self.ours, self.theirs, strict=True))

    @property
    def pooled(self) -> "Pair":
        """The means as a single turn, for work whose cost comes in lumps (collecting garbage)."""
        return Pair([mean(self.ours)], [mean(self.theirs)])

    def row(self, name: str) -> list[str]:
        """The medians of both in ms, and the ratio."""
        return [name, f"{median(self.ours) * 1000:.2f}", f"{median(self.theirs) * 1000:.2f}", f"{self.ratio:.2f}"]


def in_turns(rounds: int, ours: Callable[[int], float], theirs: Callable[[int], float]) -> Pair:
    """Both so many times, called with the number of the turn; which goes first changes every time."""
    pair = Pair([], [])
    for number in range(rounds):
        turns = [(pair.ours, ours), (pair.theirs, theirs)]
        for times, work in reversed(turns) if number % 2 else turns:
            times.append(work(number))
    return pair


def cpu(work: Callable[[], object], each: int = 1) -> float:
    """The processor time that something takes in this process, divided by how many files it was for."""
    started = process_time()
    work()
    return (process_time() - started) / each


def in_processes(rounds: int, ours: Sequence[str], theirs: Sequence[str]) -> tuple[Pair, Pair]:
    """Two commands run in turns: their processor time, and their time on the clock."""
    wall = Pair([], [])

    def runner(command: Sequence[str], walls: list[float]) -> Callable[[int], float]:
        run(command)

        def turn(_: int) -> float:
            spent = run(command)
            walls.append(spent.wall)
            return spent.cpu

        return turn

    return in_turns(rounds, runner(ours, wall.ours), runner(theirs, wall.theirs)), wall


def run(*commands: Sequence[str], expected: Collection[int] = (0,)) -> Spent:
    """What these commands take, all started at once, with the processes that they start; raises RuntimeError where one
    ends with another exit code than expected."""
    before, started = getrusage(RUSAGE_CHILDREN), perf_counter()
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=_ENVIRONMENT) for command in commands]
    codes = [process.wait() for process in running]
    wall, after = perf_counter() - started, getrusage(RUSAGE_CHILDREN)
    if not set(codes) <= set(expected):
        raise RuntimeError(f"a command failed: {commands}")
    return Spent(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


def peak(arguments: Sequence[str]) -> float:
    """The most memory that a gouji command with these arguments holds, in MB."""
    command = [sys.executable, "-c", _PEAK, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=_ENVIRONMENT)
    return int(done.stderr.split()[-1]) / 1024
