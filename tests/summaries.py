"""gouji summary run on a folder of invented departments, and what it writes read again."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji_checks.cli import main
from gouji_templates import workbook
from gouji_templates.content import Content
from tests import bureau
from tests.bureau import FORM, Department

Printed = pytest.CaptureFixture[str]


def three(place: Path) -> Path:
    """A folder in this one with three departments, the last with an error."""
    folder = place / "上交"
    folder.mkdir()
    bureau.write([Department(0), Department(1), Department(2, broken=True)], folder)
    return folder


def run(*arguments: object) -> int:
    """The exit code, whether returned or raised by the argument parser."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as end:
        return int(end.code or 0)


def summed(folder: Path, *more: object) -> tuple[int, Path]:
    """The exit code of a summary of the folder, and the workbook."""
    output = folder.parent / "汇总.xlsx"
    return run("summary", folder, "-o", output, "--cache", folder.parent / "缓存", *more), output


def told(folder: Path, printed: Printed, *more: object) -> dict[str, Any]:
    """The summary of the folder as JSON."""
    printed.readouterr()
    summed(folder, "--format", "json", *more)
    found: dict[str, Any] = json.loads(printed.readouterr().out)
    return found


def column(path: Path, sheet: str, number: int) -> list[object]:
    """The values of a column that are not blank."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [row[number] for row in rows if len(row) > number and row[number] not in (None, "")]


def put(folder: Path, content: Content, file: str) -> Path:
    path = folder / file
    workbook.write(path, FORM, content)
    return path
