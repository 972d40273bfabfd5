"""部门一览 and 问题清单 read from 汇总.xlsx: every column, the sums under a filter, who counts and who does not."""

import json
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from tests import bureau, two_years
from tests.bureau import Department
from tests.command import run
from tests.mixed import COMPARABLE, LONG, TOTAL, Made, Row, rows_of, sheet
from tests.office import Office
from tests.summaries import summed

FIGURES = ("收入总计", "支出总计", "“三公”经费", "机关运行经费")
COUNTS = ("错误", "提示", "未核验")
STATUS = {"clean": "没有错误", "findings": "有错误"}


def test_every_column_says_what_the_json_says(mixed_summary: Made) -> None:
    output, told = mixed_summary
    headings = {column["heading"]: column["name"] for column in told["columns"]}
    rows = rows_of(output)
    reasons = {one["file"]: one["kind"] for one in told["left_out"]}

    assert len(told["departments"]) == 8
    for one in told["departments"]:
        row = rows[one["file"]]
        said = {heading: one[name] for heading, name in headings.items() if heading not in ("年度", "不计入合计")}
        amounts = {
            heading: f"{row[heading]:.2f}"
            for heading in said
            if heading not in COUNTS and isinstance(row[heading], float | int)
        }
        shown = {heading: str(row[heading]) for heading in said} | amounts
        assert shown == {heading: str(value) for heading, value in said.items()} | {"状态": STATUS[one["status"]]}
        left = reasons.get(one["file"])
        assert row["汇总"] == (f"未计入：{left}" if left else "已计入")
        assert {*row} - {*said} == {"汇总", *(f"{heading}（有上年数的）" for heading in FIGURES)}


def test_unchecked_relations_and_the_workbooks_own_version_are_told(
    mixed_summary: Made, capsys: pytest.CaptureFixture[str]
) -> None:
    output, told = mixed_summary
    second, third = told["departments"][1:3]
    capsys.readouterr()
    file, last = output.parent / "上交" / Department(2).file, output.parent / "上年"
    run("check", file, "--prior", last, "--format", "json")
    open_ = json.loads(capsys.readouterr().out)["files"][0]["ledger"]["not_checked"]

    assert third["unchecked"] == sum(one["instances"] for one in open_) > len(open_)
    assert second["version"] == "0.1.9"


def test_who_counts_stands_above_the_sums_and_who_does_not_below(mixed_summary: Made) -> None:
    output, told = mixed_summary
    order = list(rows_of(output))
    files = [one["file"] for one in mixed_summary.counted]
    others = {Path(one["file"]).name: one["not_counted"] for one in told["departments"] if one["not_counted"]}

    assert others == {Department(5).file: "重复", "又一份.xlsx": "重复", "去年的.xlsx": "年度不同"}
    assert order[:7] == [*files, TOTAL, COMPARABLE]
    assert {Path(file).name for file in order[-3:]} == {*others}
    first = [str(row[0]) for row in sheet(output, "部门一览").iter_rows(max_col=1, values_only=True)]
    assert "不计入合计：重复 2 个、年度不同 1 个" in first
    assert "不计入合计和排名的：重复 2 个、年度不同 1 个" in first[1]
    assert sheet(output, "部门一览").auto_filter.ref.endswith(str(3 + len(files)))


def both(rows: list[Row], name: str) -> list[Row]:
    return [row for row in rows if row[name] != "" and row[f"{name}_before"] != ""]


def sums_of(rows: list[Row], told: dict[str, Any]) -> dict[str, dict[str, float | str]]:
    """What the two rows of sums have to say of these departments, by heading."""
    names = {column["heading"]: column["name"] for column in told["columns"]}
    total: dict[str, float | str] = {
        heading: round(sum(float(row[name] or 0) for row in rows), 2)
        for heading, name in names.items()
        if name in ("errors", "warnings", "unchecked", *told["total"]["sums"])
    }
    among: dict[str, float | str] = {}
    for heading in FIGURES:
        name = names[heading]
        known = both(rows, name)
        alike = len(known) == sum(row[name] != "" for row in rows) == sum(row[f"{name}_before"] != "" for row in rows)
        for part, word in (("", ""), ("_before", "上年"), ("_change", "增减额")):
            over = round(sum(float(row[name + part]) for row in known), 2)
            among[heading + word] = over if known else ""
            if part:
                total[heading + word] = over if known and alike else ""
    return {TOTAL: total, COMPARABLE: among}


def compare(found: dict[str, Row], expected: dict[str, dict[str, float | str]]) -> None:
    for label, sums in expected.items():
        for heading, amount in sums.items():
            wanted = pytest.approx(amount, abs=0.001) if amount != "" else ""
            assert found[label][heading] == wanted, (label, heading)
    among = found[COMPARABLE]
    for heading in FIGURES:
        if among[heading] != "":
            change = among[f"{heading}增减额"]
            assert among[heading] - among[f"{heading}上年"] == pytest.approx(change, abs=0.001)


def test_sums_compare_like_with_like_and_count_nobody_twice(mixed_summary: Made) -> None:
    output, told = mixed_summary
    expected = sums_of(mixed_summary.counted, told)

    assert expected[TOTAL]["收入总计上年"] == ""
    assert expected[COMPARABLE]["收入总计"] != expected[TOTAL]["收入总计"]
    compare(rows_of(output), expected)
    formulas = ZipFile(output).read("xl/worksheets/sheet1.xml").decode()
    assert "SUBTOTAL(" in formulas
    assert not re.search(r"OFFSET|INDIRECT|NOW\(", formulas)


@pytest.mark.parametrize(
    "hidden", [(), (2,), (2, 3), (0, 1, 4), (0, 1, 3, 4)], ids=["none", "the one without", "2", "3", "all but one"]
)
def test_sums_follow_the_filter(hidden: tuple[int, ...], mixed_summary: Made, tmp_path: Path, office: Office) -> None:
    output, told = mixed_summary
    book = openpyxl.load_workbook(output)
    for number in hidden:
        book["部门一览"].row_dimensions[4 + number].hidden = True
    book.save(tmp_path / "筛选.xlsx")

    _, _, headings, *rows = office.open(tmp_path / "筛选.xlsx").values()["部门一览"]

    found = [dict(zip(map(str, headings), row, strict=True)) for row in rows]
    shown = [row for number, row in enumerate(mixed_summary.counted) if number not in hidden]
    compare({str(row["部门"]): row for row in found if not row["文件"]}, sums_of(shown, told))


def test_growth_from_zero_is_explained_where_there_is_any(mixed_summary: Made, tmp_path: Path) -> None:
    output, told = mixed_summary
    said = "上年为零、本年有数的，增长率按 100.00% 列示"
    alone = tmp_path / "上交"
    alone.mkdir()
    bureau.write([Department(0)], alone)
    _, without = summed(alone)

    first = told["departments"][0]
    assert (first["three_public_before"], first["three_public_rate"]) == ("0.00", "100.00")
    assert said in str(sheet(output, "部门一览")["A2"].value)
    assert said not in str(sheet(without, "部门一览")["A2"].value)


def test_findings_on_other_sheets_are_listed_under_the_sheets_names(tmp_path: Path) -> None:
    folder = tmp_path / "上交"
    folder.mkdir()
    # Last year is known, no reason given.
    (folder / "甲.xlsx").write_bytes(two_years.built())

    _, output = summed(folder)

    found = {(row[1], str(row[2]).split("!")[0]) for row in sheet(output, "问题清单").iter_rows(2, values_only=True)}
    assert ("三公经费对比", "三公经费对比") in found
    assert all(table for table, place in found if place != "None")


def test_long_names_and_reasons_are_whole_on_the_departments_sheet(mixed_summary: Made) -> None:
    output, _ = mixed_summary
    found = sheet(output, "部门一览")

    names = {str(name): number for number, (name,) in enumerate(found.iter_rows(4, None, 2, 2, values_only=True), 4)}
    lines = {name: found.row_dimensions[number].height or 15 for name, number in names.items()}
    assert lines[LONG] > lines[Department(0).name]
    assert lines[LONG] // 13 * found.column_dimensions["B"].width >= 2 * len(LONG)
