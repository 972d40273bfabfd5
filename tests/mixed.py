"""A folder with departments of every kind, summed up, and what the workbook then holds."""

import json
import shutil
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from gouji_templates.content import CODE, UNIT_KIND, VERSION, Content
from tests import bureau
from tests.bureau import Department
from tests.returned import set_info
from tests.summaries import put, summed

TOTAL, COMPARABLE = "合计（随筛选变化）", "其中有上年数的"
"""The rows of sums."""

LONG = "克孜勒苏柯尔克孜自治州阿合奇县哈拉奇乡人民政府农业（畜牧业）发展服务中心"

Row = dict[str, Any]


def this_year(number: int) -> Content:
    """The third has a long name, and as a 事业单位 no 机关运行经费."""
    made = bureau.content(Department(number))
    info: dict[str, str | int] = {CODE: Department(number).code, UNIT_KIND: "事业单位"}
    return made._replace(department=LONG, info=info) if number == 3 else made


def year_before(place: Path, number: int) -> None:
    """Last year's 机关运行经费 is known of all, 三公 of the first was nothing."""
    whose, figures = this_year(number), bureau.content(Department(number + 10))
    lines = figures.lines
    if not number:
        nothing = [line._replace(figures=tuple(None for _ in line.figures)) for line in lines["表10"]]
        lines = lines | {"表10": nothing}
    info: dict[str, str | int] = {CODE: Department(number).code, UNIT_KIND: bureau.KIND}
    put(place, figures._replace(year=2024, department=whose.department, info=info, lines=lines), f"{number}.xlsx")


def mixed(place: Path) -> tuple[Path, Path]:
    """A folder with departments of every kind, and one with the workbooks of last year of most of them."""
    now, last = place / "上交", place / "上年"
    now.mkdir()
    last.mkdir()
    bureau.write([Department(number, broken=number >= 4) for number in range(6)], now)
    for number in (0, 1, 3, 4, 5):
        year_before(last, number)
    old = now / Department(1).file
    old.write_bytes(set_info(old.read_bytes(), VERSION, "0.1.9"))
    unclear = openpyxl.load_workbook(now / Department(2).file)
    for row in (9, 10):
        unclear["表3"].cell(row, 5).value = "约"
    unclear.save(now / Department(2).file)
    put(now, this_year(3), Department(3).file)
    shutil.copy(now / Department(5).file, now / "又一份.xlsx")
    put(now, bureau.content(Department(6))._replace(year=2024), "去年的.xlsx")
    return now, last


class Made(NamedTuple):
    """The summary of the mixed folder, and what it said as JSON."""

    output: Path
    told: dict[str, Any]

    @property
    def counted(self) -> list[Row]:
        """The departments that count."""
        return [one for one in self.told["departments"] if not one["not_counted"]]


def made_in(place: Path) -> Made:
    now, last = mixed(place)
    printed = StringIO()
    with redirect_stdout(printed):
        _, output = summed(now, "--prior", last, "--format", "json")
    return Made(output, json.loads(printed.getvalue()))


def sheet(path: Path, name: str) -> Worksheet:
    """A sheet with its values; read only."""
    found: Worksheet = _values(path)[name]
    return found


@cache
def _values(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


@cache
def rows_of(path: Path) -> dict[str, Row]:
    """部门一览 by the file, or what stands for the department where there is none; blanks are empty texts."""
    headings, *rows = sheet(path, "部门一览").iter_rows(min_row=3, values_only=True)
    named = [{str(k): "" if v is None else v for k, v in zip(headings, row, strict=True)} for row in rows]
    return {str(row["文件"] or row["部门"]): row for row in named}
