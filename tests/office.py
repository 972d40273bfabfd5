"""LibreOffice as the second calculation engine: opens a workbook, edits it as a user would, recalculates, reads."""

import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from gouji_checks.source import Sheet, Workbook

SYSTEM_PYTHON = "/usr/bin/python3"
"""Debian's own Python has LibreOffice's `uno`; the one the tests run under has not."""

_SERVER = Path(__file__).with_name("office_server.py")
_XLSX = "Calc MS Excel 2007 XML"
_PDF = "calc_pdf_Export"

START = 90
"""Seconds for LibreOffice to start: a first start makes its profile."""

ANSWER = 60
"""Seconds for one answer."""


class OfficeError(Exception):
    """LibreOffice refused, died or did not answer in time."""


class Put(NamedTuple):
    """A cell's content replaced: a number, a text that stays text, or None for nothing."""

    sheet: str
    row: int
    column: int
    value: float | str | None


class Type(NamedTuple):
    """Typed at the keyboard: what a cell formatted as text keeps, another one reads as a number or a formula."""

    sheet: str
    row: int
    column: int
    text: str


class Insert(NamedTuple):
    """Blank rows inserted above a row."""

    sheet: str
    row: int
    size: int = 1


class Delete(NamedTuple):
    """Rows deleted."""

    sheet: str
    row: int
    size: int = 1


class Copy(NamedTuple):
    """Rows copied and inserted above row `to`."""

    sheet: str
    row: int
    size: int
    to: int


class Move(NamedTuple):
    """Rows cut and inserted above row `to`, counted before they are cut."""

    sheet: str
    row: int
    size: int
    to: int


Edit = Put | Type | Insert | Delete | Copy | Move
"""What a user does to a workbook; rows and columns count from 0."""

Values = dict[str, list[list[object]]]
"""Each sheet's rows from A1: numbers, texts, "" where blank, an error as its text."""


class Document:
    """The workbook open in LibreOffice; opening another one ends it."""

    def __init__(self, office: "Office", path: Path) -> None:
        self._office = office
        self._path = path
        self._generation = office.generation

    def apply(self, edits: Iterable[Edit]) -> None:
        """The edits one after the other, then a full recalculation."""
        self._ask("apply", [[type(edit).__name__, *edit] for edit in edits])

    def values(self) -> Values:
        """Every sheet as it shows now."""
        found: Values = self._ask("values")
        return found

    def workbook(self) -> Workbook:
        """The same for a check, which also asks which sheets are hidden."""
        hidden = self._ask("hidden")
        return Workbook([Sheet(name, rows, name not in hidden) for name, rows in self.values().items()])

    def computed(self) -> dict[str, set[tuple[int, int]]]:
        """By sheet the cells (row, column) that hold a formula."""
        found: dict[str, list[list[int]]] = self._ask("computed")
        return {
            sheet: {
                (row, column)
                for top, left, bottom, right in areas
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
            }
            for sheet, areas in found.items()
        }

    def formulas(self, sheet: str, area: str) -> list[list[str]]:
        """What stands in an area like B2:C9, formulas as LibreOffice writes them."""
        found: list[list[str]] = self._ask("formulas", sheet, area)
        return found

    def names(self) -> dict[str, str]:
        """The defined names and what they stand for, as LibreOffice writes it."""
        found: dict[str, str] = self._ask("names")
        return found

    def revert(self) -> None:
        """The workbook as it was opened."""
        self._ask("revert")

    def save(self, path: Path) -> None:
        """The workbook with its edits, as .xlsx."""
        self._ask("save", str(path.resolve()))

    def _ask(self, name: str, *given: object) -> Any:
        if self._generation != self._office.generation:
            raise OfficeError(f"{self._path.name} is no longer open: another workbook was opened, or LibreOffice ended")
        return self._office.ask(name, *given)


class Office:
    """A LibreOffice with its own profile, started when first needed and again after it has died."""

    def __init__(self) -> None:
        self.generation = 0
        """Counts the documents opened and the processes ended."""
        self._process: subprocess.Popen[bytes] | None = None
        self._profile: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def open(self, path: Path) -> Document:
        """The workbook recalculated and free to be edited, its protection lifted; the file stays as it is."""
        self.generation += 1
        self.ask("open", str(path.resolve()))
        return Document(self, path)

    def convert(self, paths: Sequence[Path], folder: Path) -> list[Path]:
        """Each workbook recalculated and saved as .xlsx under its own name."""
        return [self._write(path, folder / f"{path.stem}.xlsx", _XLSX) for path in paths]

    def pdf(self, path: Path, folder: Path) -> Path:
        """The workbook as it prints."""
        return self._write(path, folder / f"{path.stem}.pdf", _PDF)

    def close(self, patience: float = 20) -> None:
        """Ends LibreOffice: with its own consent within so many seconds, else by force."""
        self.generation += 1
        if self._process is not None:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            with suppress(OSError):
                self._process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
            # The server and LibreOffice are one group, so that no process is left behind.
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process.stdout.close()
            self._process = None
        if self._profile is not None:
            self._profile.cleanup()
            self._profile = None

    def ask(self, name: str, *given: object) -> Any:
        """What the server answers; OfficeError if it refuses, dies or takes too long."""
        process = self._running()
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps([name, *given]).encode() + b"\n")
            process.stdin.flush()
        return self._answer(process, name, ANSWER)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is None:
            # A profile that cannot be deleted at once, because a process still ends, is no failure.
            self._profile = tempfile.TemporaryDirectory(prefix="gouji", ignore_cleanup_errors=True)
            with self._log.open("wb") as log:
                self._process = subprocess.Popen(
                    [SYSTEM_PYTHON, str(_SERVER), "soffice", self._profile.name],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=os.environ | {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
                    start_new_session=True,
                )
            self._answer(self._process, "start", START)
        return self._process

    @property
    def group(self) -> int | None:
        """The group of its processes, while there are any."""
        return self._process.pid if self._process else None

    @property
    def profile(self) -> Path | None:
        """The folder of its settings, while it runs."""
        return Path(self._profile.name) if self._profile else None

    @property
    def _log(self) -> Path:
        assert self._profile is not None
        return Path(self._profile.name, "stderr.log")

    def _answer(self, process: "subprocess.Popen[bytes]", name: str, seconds: float) -> Any:
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            ready = selector.select(seconds)
        # The server writes an answer in one go, so the rest of a line is not far behind its beginning.
        line = process.stdout.readline() if ready else b""
        if not line:
            why = "ended" if ready else f"did not answer within {seconds:.0f} s"
            said = self._log.read_text(errors="replace")[-2000:]
            self.close(patience=0)
            raise OfficeError(f"LibreOffice {why} at {name}\n{said}")
        answer = json.loads(line)
        if "error" in answer:
            raise OfficeError(f"{name}: {answer['error']}")
        return answer["result"]

    def _write(self, source: Path, target: Path, kind: str) -> Path:
        self.ask("convert", str(source.resolve()), str(target.resolve()), kind)
        return target


def filled(rows: list[list[object]]) -> dict[tuple[int, int], object]:
    """What stands in a sheet by row and column: two engines may differ in how far a sheet goes on blank."""
    return {(i, j): cell for i, row in enumerate(rows) for j, cell in enumerate(row) if cell != ""}


def missing() -> str:
    """What LibreOffice needs and this machine lacks."""
    if shutil.which("soffice") is None:
        return "LibreOffice (soffice) is missing: apt-get install libreoffice-calc"
    try:
        subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return f"{SYSTEM_PYTHON} has no uno: apt-get install python3-uno"
    return ""
