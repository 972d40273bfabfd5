"""Drives one LibreOffice for tests/office.py: a request per line on standard input, an answer per line on standard
output, both JSON.

Runs under the system's Python, because only that one has LibreOffice's `uno`. Rows and columns count from 0.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

uno: Any = import_module("uno")

VALUE, DATE, STRING, FORMULA = 1, 2, 4, 16
"""com.sun.star.sheet.CellFlags: what clearing a cell takes away, notes and formats left."""

ERROR = 4
"""com.sun.star.sheet.FormulaResult."""

TEXT = 256
"""com.sun.star.util.NumberFormat."""

SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="UseDocumentOOoLockFile" oor:op="fuse"><value>false</value></prop>
<prop oor:name="UseDocumentSystemFileLocking" oor:op="fuse"><value>false</value></prop>
</item></oor:items>
"""
"""No lock files: they would stand beside what is opened, and one that a dead LibreOffice left would bar the file."""

START = 60
"""Seconds in which LibreOffice must answer."""


class Server:
    """One LibreOffice with at most one document open for editing."""

    def __init__(self, soffice: str, profile: str) -> None:
        self.profile = Path(profile)
        self.process, self.desktop = _start(soffice, self.profile)
        self.document: Any = None
        self.path = ""
        self.moved = False

    def open(self, path: str) -> None:
        """The document to edit; it takes the place of the one before."""
        self._close()
        self.path, self.document, self.moved = path, self._load(path), False
        # Protection without a password only guides: whoever wants to type over a formula lifts it.
        for sheet in self.document.Sheets:
            if sheet.isProtected():
                sheet.unprotect("")
        self.document.enableAutomaticCalculation(False)
        self.document.UndoManager.clear()
        self.document.calculateAll()

    def apply(self, edits: list[list[Any]]) -> None:
        """One edit after the other, then everything is calculated anew."""
        for kind, name, *rest in edits:
            _EDITS[kind](self.document, self.document.Sheets.getByName(name), *rest)
            self.moved = self.moved or kind == "Move"
        self.document.calculateAll()

    def revert(self) -> None:
        """The document as it was opened."""
        undo = self.document.UndoManager
        # LibreOffice 7.4 takes a move back with other references than there were.
        if self.moved:
            self.open(self.path)
        elif undo.isUndoPossible():
            while undo.isUndoPossible():
                undo.undo()
            undo.clear()
            self.document.calculateAll()

    def values(self) -> dict[str, list[list[Any]]]:
        """Every sheet's values from A1: numbers, texts, "" where blank, an error as its text."""
        return {sheet.Name: _values(sheet) for sheet in self.document.Sheets}

    def hidden(self) -> list[str]:
        """The names of the sheets nobody sees."""
        return [sheet.Name for sheet in self.document.Sheets if not sheet.IsVisible]

    def computed(self) -> dict[str, list[tuple[int, int, int, int]]]:
        """By sheet the areas (first row and column, last row and column) that hold nothing but formulas."""
        found = {}
        for sheet in self.document.Sheets:
            areas = sheet.queryContentCells(FORMULA).RangeAddresses
            found[sheet.Name] = [(a.StartRow, a.StartColumn, a.EndRow, a.EndColumn) for a in areas]
        return found

    def formulas(self, sheet: str, area: str) -> list[list[str]]:
        """What stands in an area like B2:C9, formulas as such."""
        cells = self.document.Sheets.getByName(sheet).getCellRangeByName(area)
        return [list(row) for row in cells.getFormulaArray()]

    def names(self) -> dict[str, str]:
        """The workbook's defined names and what they stand for."""
        return {name.Name: name.Content for name in self.document.NamedRanges}

    def save(self, path: str) -> None:
        """The open document with its edits, as .xlsx."""
        _store(self.document, path, "Calc MS Excel 2007 XML")

    def convert(self, source: str, target: str, kind: str) -> None:
        """A file recalculated and written as another one; `kind` is LibreOffice's name for the format."""
        document = self._load(source)
        try:
            document.calculateAll()
            _store(document, target, kind)
        finally:
            document.close(True)

    def alive(self) -> bool:
        """Whether LibreOffice still answers."""
        try:
            return bool(self.desktop.ImplementationName)
        except Exception:
            return False

    def stop(self) -> None:
        """Ends LibreOffice, by force with this whole group of processes if it does not end by itself."""
        with suppress(Exception):
            self._close()
        with suppress(Exception):
            self.desktop.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(0, signal.SIGKILL)

    def _load(self, path: str) -> Any:
        document = self.desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, _options(Hidden=True))
        if document is None or not hasattr(document, "Sheets"):
            raise ValueError(f"LibreOffice cannot open {path} as a workbook")
        return document

    def _close(self) -> None:
        if self.document is not None:
            self.document.close(True)
            self.document = None


def _start(soffice: str, profile: Path) -> tuple["subprocess.Popen[bytes]", Any]:
    """LibreOffice with a profile and a pipe of its own, and its desktop."""
    user = profile / "user"
    user.mkdir()
    (user / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    pipe = f"gouji{profile.name}".replace("_", "")
    process = subprocess.Popen(
        [
            soffice,
            f"-env:UserInstallation={uno.systemPathToFileUrl(str(profile))}",
            f"--accept=pipe,name={pipe};urp;",
            *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
        ],
        stdin=subprocess.DEVNULL,
        # Standard output is for answers.
        stdout=sys.stderr,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + START
    while True:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return process, remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except Exception as error:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"LibreOffice did not start within {START} s") from error
            time.sleep(0.05)


def _options(**options: object) -> tuple[Any, ...]:
    found = []
    for name, value in options.items():
        option = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        option.Name, option.Value = name, value
        found.append(option)
    return tuple(found)


def _store(document: Any, path: str, kind: str) -> None:
    document.storeToURL(uno.systemPathToFileUrl(path), _options(FilterName=kind))


def _values(sheet: Any) -> list[list[Any]]:
    end = _end(sheet)
    rows = [list(row) for row in sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()]
    for area in sheet.queryFormulaCells(ERROR).RangeAddresses:
        for row in range(area.StartRow, area.EndRow + 1):
            for column in range(area.StartColumn, area.EndColumn + 1):
                rows[row][column] = sheet.getCellByPosition(column, row).String
    return rows


def _put(_: Any, sheet: Any, row: int, column: int, value: float | str | None) -> None:
    cell = sheet.getCellByPosition(column, row)
    if value is None:
        cell.clearContents(VALUE | DATE | STRING | FORMULA)
    elif isinstance(value, str):
        cell.String = value
    else:
        cell.Value = value


def _type(document: Any, sheet: Any, row: int, column: int, text: str) -> None:
    """As from the keyboard: a cell formatted as text takes every sign, another one makes numbers and formulas."""
    cell = sheet.getCellByPosition(column, row)
    if document.NumberFormats.getByKey(cell.NumberFormat).Type & TEXT:
        cell.String = text
    else:
        cell.Formula = text


def _insert(_: Any, sheet: Any, row: int, size: int) -> None:
    sheet.Rows.insertByIndex(row, size)


def _delete(_: Any, sheet: Any, row: int, size: int) -> None:
    sheet.Rows.removeByIndex(row, size)


def _copy(_: Any, sheet: Any, row: int, size: int, to: int) -> None:
    """Blank rows inserted above row `to`, the copied ones put into them."""
    sheet.Rows.insertByIndex(to, size)
    start = row + size if to <= row else row
    sheet.copyRange(sheet.getCellByPosition(0, to).CellAddress, _rows(sheet, start, size))


def _move(_: Any, sheet: Any, row: int, size: int, to: int) -> None:
    """Rows cut and inserted above row `to`: what referred to them follows."""
    sheet.Rows.insertByIndex(to, size)
    start = row + size if to <= row else row
    sheet.moveRange(sheet.getCellByPosition(0, to).CellAddress, _rows(sheet, start, size))
    sheet.Rows.removeByIndex(start, size)


def _rows(sheet: Any, start: int, size: int) -> Any:
    """Whole rows, as far as anything stands in the sheet."""
    return sheet.getCellRangeByPosition(0, start, _end(sheet).EndColumn, start + size - 1).RangeAddress


def _end(sheet: Any) -> Any:
    """The last cell in use."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    return cursor.RangeAddress


_EDITS: dict[str, Callable[..., None]] = {
    "Put": _put,
    "Type": _type,
    "Insert": _insert,
    "Delete": _delete,
    "Copy": _copy,
    "Move": _move,
}


def _serve(server: Server) -> None:
    for request in sys.stdin:
        try:
            name, *given = json.loads(request)
            answer = {"result": getattr(server, name)(*given)}
        except Exception as error:
            # A LibreOffice that is gone answers no further request: the client is to start another one.
            if not server.alive():
                raise
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    office = Server(*sys.argv[1:])
    try:
        print(json.dumps({"result": None}), flush=True)
        _serve(office)
    finally:
        office.stop()
