"""Worker processes end with the command that started them, even where it is killed and can't tell them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from multiprocessing import get_all_start_methods
from pathlib import Path

import pytest

from gouji_checks.batch import CHUNK
from tests import bureau
from tests.bureau import Department

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no process can be killed so there")

FILES = 10 * CHUNK
PATIENCE = 20.0
"""Seconds: a machine with much to do is slow."""

PROGRAM = """import multiprocessing, sys
from gouji_checks.cli import main
if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    main(sys.argv[2:])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workbooks for two processes, which say more than a pipe holds that nobody empties."""
    place = tmp_path_factory.mktemp("上交")
    (first,) = bureau.write([Department(0, broken=True)], place)
    for number in range(1, FILES):
        os.link(first, place / f"{number}.xlsx")
    return place


@pytest.fixture
def started() -> Iterator[set[int]]:
    """Processes that a test starts, ended if it leaves any."""
    processes: set[int] = set()
    yield processes
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def running() -> dict[int, int]:
    """The parent of every process; those that have ended and whose parent does not know yet are left out."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in listed.splitlines())
    return {int(process): int(parent) for process, parent, state in rows if not state.startswith("Z")}


def below(process: int) -> set[int]:
    """The processes that this one started, and those that they started."""
    found, new = set[int](), {process}
    parents = running()
    while new := {child for child, parent in parents.items() if parent in new}:
        found |= new
    return found


def left_of(processes: Iterable[int]) -> set[int]:
    """Those that have still not ended when patience runs out."""
    end = time.monotonic() + PATIENCE
    while (left := running().keys() & set(processes)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


@pytest.mark.parametrize("method", get_all_start_methods())
def test_workers_end_with_a_command_that_is_killed(
    method: str, folder: Path, started: set[int], tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    arguments = [sys.executable, str(program), method, "check", str(folder), "--format", "json", "--jobs", "2"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as command:
        started.add(command.pid)
        assert command.stdout is not None
        # That much comes out when the workers have given the first results; then the pipe fills.
        assert len(command.stdout.read(10_000)) == 10_000
        workers = below(command.pid)
        started |= workers
        assert len(workers) >= 2
        assert command.poll() is None
        command.kill()

    assert left_of(workers) == set()
