"""gouji summary run on a folder of invented departments, and what it writes read again."""

import json
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji_templates import workbook
from gouji_templates.content import Content
from tests import bureau
from tests.bureau import FORM, Department
from tests.command import run

Printed = pytest.CaptureFixture[str]


def three(place: Path) -> Path:
    """A folder in this one with three departments, the last with an error."""
    folder = place / "上交"
    folder.mkdir()
    bureau.write([Department(0), Department(1), Department(2, broken=True)], folder)
    return folder


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


def before(folder: Path, number: int, ahead: int, file: str = "") -> Path:
    """A department's workbook of last year, its figures those of the department that many numbers ahead."""
    whose, figures = bureau.content(Department(number)), bureau.content(Department(number + ahead))
    content = figures._replace(year=2024, department=whose.department, info=whose.info)
    return put(folder, content, file or f"{number}.xlsx")


def nameless(folder: Path, *names: bytes) -> list[Path]:
    """Places whose names are no UTF-8; skips where the file system takes none."""
    places = [folder / os.fsdecode(name) for name in names]
    try:
        for place in places:
            place.write_bytes(b"")
            place.unlink()
    except OSError:
        pytest.skip("this file system takes no such name")
    return places
