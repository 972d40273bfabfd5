"""Lists of departments as finance bureaus keep them, and what was given out to one."""

import csv
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
import xlwt

from gouji_templates.manifest import NAME
from tests.command import run

Rows = Sequence[Sequence[object]]

HEAD = ("部门名称", "部门编码", "单位性质")
LIST: list[tuple[object, ...]] = [
    HEAD,
    ("某某市教育局", "001", "行政单位"),
    ("某某市第一中学（本级）", "002001", "事业单位"),
    ("某某市供销合作社", "", "参照公务员法管理的事业单位"),
]
FILES = [
    "001_某某市教育局_2025年部门预算公开表.xlsx",
    "002001_某某市第一中学（本级）_2025年部门预算公开表.xlsx",
    "某某市供销合作社_2025年部门预算公开表.xlsx",
]


def as_csv(path: Path, rows: Rows, encoding: str = "utf-8", separator: str = ",") -> Path:
    path = path.with_suffix(".csv")
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def as_xlsx(path: Path, rows: Rows) -> Path:
    path = path.with_suffix(".xlsx")
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "请按此名单发放")
        sheet = book.add_worksheet("名单")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    return path


def as_xls(path: Path, rows: Rows) -> Path:
    path = path.with_suffix(".xls")
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    book.save(str(path))
    return path


def copied(folder: Path, to: Path) -> Path:
    to.mkdir()
    for path in folder.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
    return to


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def manifest(folder: Path) -> list[dict[str, str]]:
    with (folder / NAME).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def distributed(folder: Path) -> Path:
    """A folder in this one with the workbooks of the three departments."""
    assert run("distribute", as_csv(folder / "名单", LIST), "-o", folder / "发") == 0
    return folder / "发"
