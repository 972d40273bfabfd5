"""校验 and 清除标记 on an open workbook: the findings of the command line on a sheet, and everything gone again."""

from inspect import signature
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import xlwings as xw
from openpyxl.workbook.protection import WorkbookProtection

from gouji_addin import buttons
from gouji_addin.buttons import clear_marks, validate
from gouji_addin.results import NAME
from gouji_addin.ribbon_check import RIBBON
from samples.build import SAMPLE, SAMPLES
from samples.faults import faults
from tests.clicks import noon, opened, told, told_by_the_command_line, told_by_the_sheet
from tests.excel import REMOTE, Excel
from tests.excel_parts import content, formats, shape
from tests.workbooks import EVERY_WORKBOOK

FAULTY = faults()[0].workbook


@EVERY_WORKBOOK
def test_the_sheet_lists_the_findings_of_the_command_line(path: Path) -> None:
    excel, book = opened(path)

    validate(book, noon)

    assert told_by_the_sheet(book) == told_by_the_command_line(path)
    assert not excel.messages
    assert [sheet.name for sheet in book.sheets][-1] == book.sheets.active.name == NAME


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


def with_findings(tmp_path: Path, wrong: int) -> Path:
    """The published workbook with this many of its figures wrong."""
    book = openpyxl.load_workbook(SAMPLES / SAMPLE, data_only=True)
    cells = [cell for sheet in book for row in sheet.iter_rows(8, 40) for cell in row if isinstance(cell.value, float)]
    for cell in cells[:wrong]:
        cell.value = f"{cell.value}元整"
    book.save(tmp_path / f"{wrong}.xlsx")
    return tmp_path / f"{wrong}.xlsx"


def test_every_sheet_is_read_once_and_no_call_grows_with_what_is_found(tmp_path: Path) -> None:
    """Beside the one read of its values each sheet is asked whether rows are hidden, and whether columns are; of the
    workbook, whether it has links or macros."""
    writes, found = [], []
    for wrong in (0, 3, 300):
        excel, book = opened(with_findings(tmp_path, wrong))
        names = [sheet.name for sheet in book.sheets]

        validate(book, noon)

        assert dict(excel.reads) == dict.fromkeys(names, 1)
        assert dict(excel.asked) == {"": 5, **dict.fromkeys(names, 2)}
        writes.append(dict(excel.writes))
        found.append([row["级别"] for row in told(book)].count("错误"))
    assert found[0] == 0
    assert 0 < found[1] < 20
    assert found[2] > 200
    assert writes[0] == writes[1] == writes[2]


def test_a_second_check_reads_the_results_of_the_first_and_no_sheet_twice() -> None:
    excel, book = opened(FAULTY)
    validate(book, noon)
    excel.reads.clear()

    validate(book, noon)

    assert dict(excel.reads) == {sheet.name: 1 for sheet in book.sheets}


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

    assert [text for _, text in excel.messages] == ["新建不了工作表，请撤销工作簿保护，再点按钮。"]
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

    validate(book, noon)

    assert [text for _, text in excel.messages if text.startswith("没有完成，程序出了错。")]
    assert not excel.writes


@pytest.mark.parametrize("tag", sorted({one.get("tag", "") for one in ElementTree.parse(RIBBON).iter()} - {""}))
def test_every_tag_of_the_ribbon_names_a_button_that_runs_without_arguments(tag: str) -> None:
    button = getattr(buttons, tag)

    assert button.__module__ == buttons.__name__
    signature(button).bind()
