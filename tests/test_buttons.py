"""校验 and 清除标记 on an open workbook: the findings of the command line on a sheet, and everything gone again."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from gouji_addin.buttons import clear_marks, validate
from gouji_addin.results import HEADINGS, NAME
from gouji_checks.single import Options, check_file
from gouji_templates.form import DEFAULT_FORM
from samples.build import SAMPLE, SAMPLES
from samples.faults import faults
from tests.excel import REMOTE, Excel

TEMPLATE = SAMPLES.parent / "templates" / "预算公开表-2025.xlsx"
WORKBOOKS = [SAMPLES / SAMPLE, *(fault.workbook for fault in faults()), TEMPLATE]
FAULTY = faults()[0].workbook
HIDDEN = "14-隐藏行有数"
"""Rule B14 sees its hidden rows; an open workbook does not tell them."""
WORDS = {"error": "错误", "warning": "提示", "info": "说明"}

EVERY_WORKBOOK = pytest.mark.parametrize("path", WORKBOOKS, ids=[path.stem for path in WORKBOOKS])


def noon() -> datetime:
    return datetime(2025, 3, 1, 12)


def opened(path: Path) -> tuple[Excel, xw.Book]:
    excel = Excel()
    return excel, excel.open(path)


def content(book: xw.Book) -> openpyxl.Workbook:
    found = book.impl.content
    assert isinstance(found, openpyxl.Workbook)
    return found


def told(book: xw.Book) -> list[dict[str, object]]:
    """The rows below the headings, by heading."""
    rows = book.sheets[NAME].used_range.options(empty="").value
    start = rows.index(list(HEADINGS)) + 1
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows[start:]]


@cache
def told_by_the_command_line(path: Path) -> Counter[tuple[str, ...]]:
    findings = json.loads(check_file(str(path), Options(DEFAULT_FORM, format="json")).words)["findings"]
    return Counter(
        (
            *(WORDS[one["severity"]], one["rule"], f"{one['sheet']}!{one['cell']}" if one["cell"] else ""),
            *(one[key] for key in ("message", "stated", "expected", "difference", "advice")),
            *((one["suspects"][0]["cell"], one["suspects"][0]["value"]) if one["suspects"] else ("", "")),
        )
        for one in findings
        if not (path.stem == HIDDEN and one["rule"] == "B14")
    )


def printed(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


@EVERY_WORKBOOK
def test_the_sheet_lists_the_findings_of_the_command_line(path: Path) -> None:
    excel, book = opened(path)

    validate(book, noon)

    columns = ("级别", "规则", "单元格", "说明", "现为", "应为", "差额", "办法", "疑似单元格", "疑似应为")
    rows = [row for row in told(book) if row["级别"] in WORDS.values()]
    assert Counter(tuple(printed(row[name]) for name in columns) for row in rows) == told_by_the_command_line(path)
    assert not excel.messages
    assert [sheet.name for sheet in book.sheets][-1] == excel.active == NAME


def shape(book: xw.Book) -> dict[str, object]:
    """Everything a person could see of the workbook, sheet by sheet."""
    return {
        sheet.title: [sheet.sheet_state, sheet.dimensions, *cells(sheet), *formats(sheet)] for sheet in content(book)
    }


def cells(sheet: Worksheet) -> Iterator[object]:
    for row in sheet.iter_rows():
        for cell in row:
            yield cell.coordinate, cell.value, cell.data_type, cell.number_format, cell.fill.fgColor.rgb


def formats(sheet: Worksheet) -> Iterator[object]:
    found = [(rule.priority, str(area.sqref), rule) for area in sheet.conditional_formatting for rule in area.rules]
    for _, area, rule in sorted(found, key=lambda one: one[:2]):
        yield area, rule.type, rule.formula, rule.dxf and rule.dxf.fill and rule.dxf.fill.fgColor.rgb


@EVERY_WORKBOOK
def test_checking_twice_gives_the_same_workbook_and_clearing_the_one_there_was(path: Path) -> None:
    _, book = opened(path)
    before = shape(book)

    validate(book, noon)
    once = shape(book)
    validate(book, noon)
    twice = shape(book)
    clear_marks(book)

    assert once == twice != before
    assert shape(book) == before


def test_the_time_is_on_the_sheet() -> None:
    _, book = opened(FAULTY)

    validate(book, noon)

    assert "时间：2025-03-01 12:00:00" in [row[0] for row in book.sheets[NAME].used_range.value]


def test_the_sheet_itself_is_not_checked() -> None:
    _, book = opened(FAULTY)
    validate(book, noon)
    first = told(book)
    # A hidden sheet would be a finding.
    book.sheets[NAME].visible = False

    validate(book, noon)

    assert told(book) == first


def own_formats(tmp_path: Path) -> Path:
    """A workbook whose own formats overlap ours."""
    book = openpyxl.load_workbook(FAULTY)
    sheet = book["表5"]
    sheet["B3"].fill = PatternFill("solid", fgColor="00FF00")
    green = DifferentialStyle(fill=PatternFill("solid", bgColor="00FF00"))
    sheet.conditional_formatting.add("A1:C9", Rule("expression", dxf=green, formula=["$A1>ROW()"]))
    sheet.conditional_formatting.add("E8:G20", Rule("cellIs", dxf=green, operator="lessThan", formula=["0"]))
    book.save(tmp_path / "自.xlsx")
    return tmp_path / "自.xlsx"


def test_the_users_own_fills_and_formats_stay(tmp_path: Path) -> None:
    _, book = opened(own_formats(tmp_path))
    before = shape(book)

    validate(book, noon)
    marked = list(formats(content(book)["表5"]))
    clear_marks(book)

    assert len(marked) == 5
    assert marked[2:] == list(formats(content(book)["表5"]))
    assert shape(book) == before


def test_marks_go_even_if_their_sheet_is_gone_and_a_table_was_renamed() -> None:
    _, book = opened(FAULTY)
    before = list(shape(book).values())
    validate(book, noon)
    book.sheets[NAME].delete()
    book.sheets["表5"].name = "支出"

    clear_marks(book)

    assert list(shape(book).values()) == before


def test_every_sheet_is_read_once_and_the_number_of_writes_does_not_depend_on_what_is_found() -> None:
    written = set()
    found = set()
    for fault in faults():
        excel, book = opened(fault.workbook)
        names = [sheet.name for sheet in book.sheets]
        validate(book, noon)
        assert dict(excel.reads) == dict.fromkeys(names, 1)
        if len([name for name in names if name.startswith("表")]) == 11:
            written.add(excel.writes.total())
            found.add(len(told(book)))
    assert len(written) == 1
    assert max(found) - min(found) >= 20


def protected(tmp_path: Path, formats: bool) -> Path:
    book = openpyxl.load_workbook(FAULTY)
    book["表5"].protection.sheet = True
    book["表5"].protection.formatCells = not formats
    book.save(tmp_path / "护.xlsx")
    return tmp_path / "护.xlsx"


def test_a_protected_table_stops_the_check_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    excel, book = opened(protected(tmp_path, formats=False))
    before = shape(book)

    validate(book, noon)

    assert excel.messages == [("预算公开", "工作表“表5”加不上标记，请撤销工作表保护，再点按钮。")]
    assert shape(book) == before


def test_a_protected_table_that_may_be_formatted_is_marked(tmp_path: Path) -> None:
    excel, book = opened(protected(tmp_path, formats=True))

    validate(book, noon)

    assert not excel.messages
    assert len([one for one in formats(content(book)["表5"]) if NAME in str(one)]) == 2


def test_a_protected_workbook_takes_no_sheet(tmp_path: Path) -> None:
    saved = openpyxl.load_workbook(FAULTY)
    saved.security = WorkbookProtection(lockStructure=True)
    saved.save(tmp_path / "护.xlsx")
    excel, book = opened(tmp_path / "护.xlsx")
    before = shape(book)

    validate(book, noon)

    assert [text for _, text in excel.messages] == [
        "新建不了工作表，请撤销工作簿保护（或先按回车结束编辑），再点按钮。"
    ]
    assert shape(book) == before


@pytest.mark.parametrize("button", [validate, clear_marks])
def test_a_sheet_of_that_name_that_is_not_ours_is_left_alone(tmp_path: Path, button: object) -> None:
    saved = openpyxl.load_workbook(FAULTY)
    saved.create_sheet(NAME)["A1"] = "我的"
    saved.save(tmp_path / "名.xlsx")
    excel, book = opened(tmp_path / "名.xlsx")
    before = shape(book)
    assert callable(button)

    button(book)

    assert [text for _, text in excel.messages] == ["工作簿里已有一张自己的“校验结果”工作表，请先改名，再点按钮。"]
    assert shape(book) == before


def test_a_workbook_without_our_tables_is_told_so_and_nothing_is_written(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    excel, book = opened(tmp_path / "空.xlsx")

    validate(book, noon)

    assert [text.partition("中的任何一张表")[2] for _, text in excel.messages] == ["，请核对文件是否选错"]
    assert not excel.writes


def test_clearing_a_workbook_that_was_not_checked_changes_nothing() -> None:
    excel, book = opened(FAULTY)

    clear_marks(book)

    assert not excel.messages
    assert not excel.writes


def test_the_workbook_that_called_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    _, book = opened(FAULTY)
    monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)

    validate()
    assert NAME in [sheet.name for sheet in book.sheets]

    clear_marks()
    assert NAME not in [sheet.name for sheet in book.sheets]


def test_an_engine_that_does_not_tell_formats_changes_nothing() -> None:
    excel = Excel(REMOTE)
    book = excel.open(FAULTY)

    with pytest.raises(NotImplementedError):
        validate(book, noon)

    assert not excel.writes
