"""Another layout, another file format: read as the same disclosure. Another form: refused by name."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from gouji_checks.check import Report, check
from gouji_checks.source import FileSource, MemorySource, Unreadable, Workbook
from gouji_templates.layout import Layout
from samples.build import SAMPLE, SAMPLES
from tests.edits import changed, coded_rows, projection, report, tally, the_published
from tests.layouts import LAYOUTS, TABLES, Rows, blank_as, each_table, lines, renamed


def assert_same(found: Report, as_in: Report, warnings: set[str]) -> None:
    """No error, these warnings, and every relation ends as in the other report."""
    assert projection(found, "error") == []
    assert {rule for _, rule in projection(found, "warning")} == warnings | {"N07"}
    assert tally(found) == tally(as_in)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_another_layout_is_read_as_the_same_disclosure(layout: str) -> None:
    change, warnings = LAYOUTS[layout]

    assert_same(report(each_table(change)), report(the_published()), warnings)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_another_layout_under_other_sheet_names_is_read_as_the_same(layout: str) -> None:
    change, warnings = LAYOUTS[layout]

    assert_same(report(renamed(each_table(change))), report(the_published()), warnings)


@settings(deadline=None)
@given(st.data())
def test_codes_in_another_order_bring_only_a_warning(data: st.DataObject) -> None:
    def shuffle(layout: Layout, rows: Rows) -> Rows:
        if layout.table.blocks[0].kind not in ("functional", "economic"):
            return rows
        taken = [number for _, number in coded_rows(layout.table)]
        for number, row in zip(taken, data.draw(st.permutations([rows[n] for n in taken])), strict=True):
            rows[number] = row
        return rows

    found = report(each_table(shuffle))

    assert projection(found, "error") == []
    assert {rule for _, rule in projection(found, "warning")} <= {"C04", "N07"}
    assert tally(found) == tally(report(the_published()))


FAULTS = (
    "表5[2011301].基本支出 = 338.93",
    "表2[208].总计 = 153.57",
    "表10[公务接待].一般公共预算 = 2.00",
    "表1[其他收入].预算数 = 见附件",
    "改名称 表3[2150805] = 其他",
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(TABLES)), st.lists(st.integers(0, 35), max_size=6)))
def test_blank_rows_change_nothing_but_addresses(blanks: dict[str, list[int]]) -> None:
    faulty = changed(*FAULTS)
    origin: dict[tuple[str, int], int] = {}

    def insert(layout: Layout, rows: Rows) -> Rows:
        found: Rows = []
        for number, row in enumerate(rows):
            found += [blank_as(rows)] * blanks.get(layout.table.id, []).count(number - layout.first_row)
            found.append(row)
            origin[layout.table.id, len(found)] = number + 1
        return found

    def back(address: re.Match[str]) -> str:
        return f"{address[1]}!{address[2]}{origin[address[1], int(address[3])]}"

    found = repr(report(each_table(insert, of=faulty)).findings)

    assert re.sub(r"(表\d+)!([A-Z]+)(\d+)", back, found) == repr(report(faulty).findings)


def test_sheet_with_foreign_headings_is_named_and_the_rest_is_checked() -> None:
    found = report(changed("改表头 表10"))

    assert [cell for cell, rule in projection(found, "error") if rule == "B02"] == ["表10!A1"]
    assert tally(found)[0] > 300


def of_2023(workbook: Workbook) -> Workbook:
    """The ten tables of 2023, whose titles speak of a unit, not of a department."""
    older = each_table(lines(lambda text: text.replace("部门", "单位")), of=workbook)
    return older._replace(sheets=[sheet for sheet in older.sheets if sheet.name in TABLES and sheet.name != "表11"])


FINAL_ACCOUNTS: dict[str, Rows] = {
    "GK01": [
        ["收入支出决算总表"],
        ["公开01表"],
        ["部门：克州工业和信息化局", "", "", "", "", "金额单位：万元"],
        ["收入", "", "", "支出", "", ""],
        ["项目", "行次", "决算数", "项目", "行次", "决算数"],
        ["栏次", "", 1.0, "栏次", "", 2.0],
        ["一、一般公共预算财政拨款收入", 1.0, 701.2, "一、一般公共服务支出", 32.0, 652.73],
    ],
    "GK03": [
        ["支出决算表"],
        ["公开03表"],
        ["部门：克州工业和信息化局", "", "", "", "", "", "", "金额单位：万元"],
        ["项目", "", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出"],
        ["科目代码", "科目名称", "", "", "", "", "", ""],
        ["栏次", "", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        ["2011301", "行政运行", 552.83, 339.83, 213.0, "", "", ""],
    ],
    "GK05": [
        ["一般公共预算财政拨款支出决算表"],
        ["公开05表"],
        ["部门：克州工业和信息化局", "", "", "", "金额单位：万元"],
        ["项目", "", "本年支出", "", ""],
        ["科目代码", "科目名称", "小计", "基本支出", "项目支出"],
        ["栏次", "", 1.0, 2.0, 3.0],
        ["2011301", "行政运行", 352.83, 339.83, 13.0],
    ],
}
PAYROLL: dict[str, Rows] = {
    "Sheet1": [["2025年3月工资表"], ["姓名", "基本工资", "津贴", "合计"], ["甲", 3200.0, 1800.0, 5000.0]]
}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (MemorySource(of_2023(the_published())), "新疆2023年单位预算公开表"),
        (MemorySource(renamed(of_2023(the_published()))), "新疆2023年单位预算公开表"),
        (MemorySource(FINAL_ACCOUNTS), "部门决算公开表"),
        (MemorySource(PAYROLL), "没有找到"),
        (MemorySource({"Sheet1": []}), "没有找到"),
    ],
    ids=["2023", "2023 under other sheet names", "final accounts", "payroll", "blank"],
)
def test_another_form_is_refused_by_name(source: MemorySource, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        check(source)


def by_openpyxl(folder: Path) -> Path:
    workbook = load_workbook(SAMPLES / SAMPLE, data_only=True)
    workbook.save(folder / SAMPLE)
    return folder / SAMPLE


def by_soffice(folder: Path) -> Path:
    if shutil.which("soffice") is None and not os.environ.get("CI"):
        pytest.skip("LibreOffice is not installed")
    # Values only: LibreOffice writes 0 for a formula with a text that it has not calculated itself.
    values = str(by_openpyxl(folder))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xls:MS Excel 97", "--outdir", str(folder), values]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / SAMPLE).with_suffix(".xls")


def by_name(folder: Path) -> Path:
    return Path(shutil.copy(SAMPLES / SAMPLE, (folder / SAMPLE).with_suffix(".xlsm")))


@pytest.mark.parametrize("save", [by_soffice, by_openpyxl, by_name])
def test_another_file_format_gives_the_same_findings(save: Callable[[Path], Path], tmp_path: Path) -> None:
    found = check(FileSource(str(save(tmp_path))))

    assert found.findings == check(FileSource(str(SAMPLES / SAMPLE))).findings
    assert tally(found) == tally(report(the_published()))
