"""The buttons where Excel would let a change go wrong, or half-way only: one sentence, and nothing is changed."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.chart import BarChart, Reference
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.filters import AutoFilter, FilterColumn
from openpyxl.worksheet.table import Table

from gouji_addin.buttons import clear_marks, compare, fill, restore, validate
from gouji_addin.conditions import lettered, unfiltered, unshared
from gouji_addin.results import NAME
from gouji_templates.content import PRIOR, UNDO
from samples.build import SAMPLE, SAMPLES
from tests.clicks import clicked, everything, noon, opened
from tests.excel import REMOTE, Excel
from tests.excel_objects import NUMBERS
from tests.excel_parts import content, shape
from tests.test_compare_button_prior import INCOME, typed
from tests.year_before import prior_rows, row_of

FILTERED = "工作表“{}”正在筛选，请在“数据”里点“清除”，再点按钮。"
SHARED = "这是共享工作簿，写不进结果。请在“审阅”的“共享工作簿”里取消共享，再点按钮。"
NUMBERED = "Excel 的列标现在是数字，结果里的单元格地址对不上。请在“文件”→“选项”→“公式”里去掉“R1C1 引用样式”，再点按钮。"


def said(excel: Excel) -> list[str]:
    return [text for _, text in excel.messages]


# ── a filter in force ──


def filtered(book: xw.Book, name: str, by_table: bool = False) -> None:
    """All but the first line of a table, from its fourth row on, filtered out."""
    sheet = content(book)[name]
    area, asked = f"A8:E{sheet.max_row}", [FilterColumn(colId=0)]
    if by_table:
        table = Table(displayName="筛", ref=area)
        table.autoFilter = AutoFilter(ref=area, filterColumn=asked)
        sheet.add_table(table)
    else:
        sheet.auto_filter.ref, sheet.auto_filter.filterColumn = area, asked
    for row in range(10, sheet.max_row + 1):
        sheet.row_dimensions[row].hidden = True


def test_excel_puts_the_first_value_into_every_cell_that_a_filter_shows() -> None:
    _, book = opened(SAMPLES / SAMPLE)
    filtered(book, "表5")
    hidden = content(book)["表5"]["E10"].value

    book.sheets["表5"].range((8, 5), (10, 5)).value = [[1.0], [2.0], [3.0]]

    assert [content(book)["表5"].cell(row, 5).value for row in (8, 9, 10)] == [1.0, 1.0, hidden]


@pytest.mark.parametrize("by_table", [False, True], ids=["sheet", "table"])
def test_a_filter_stops_the_filling(leaves: Path, by_table: bool) -> None:
    excel, book = opened(leaves)
    filtered(book, "表5", by_table)
    before = everything(book)

    fill(book, noon)

    assert said(excel) == [FILTERED.format("表5")]
    assert everything(book) == before
    assert not excel.writes


def test_buttons_to_filter_and_rows_hidden_by_hand_do_not(leaves: Path) -> None:
    _, plain = clicked(leaves)
    excel, book = opened(leaves)
    filtered(book, "表5")
    content(book)["表5"].auto_filter.filterColumn = []

    fill(book, noon)

    assert not excel.messages
    assert everything(book)["表5"] == everything(plain)["表5"]


def test_a_filter_stops_the_way_back(leaves: Path) -> None:
    excel, book = clicked(leaves)
    filtered(book, "表3")
    before = everything(book)

    restore(book)

    assert said(excel) == [FILTERED.format("表3")]
    assert everything(book) == before


def test_a_filter_stops_the_comparison(last: Path, tmp_path: Path) -> None:
    rows = prior_rows()
    rows[row_of(rows, INCOME, "单位资金")][2] = ""
    excel, book = opened(typed(rows, tmp_path / "本年.xlsx"))
    excel.open(last)
    filtered(book, PRIOR)

    compare(book, noon)

    assert said(excel) == [FILTERED.format(PRIOR)]
    assert not excel.writes


def test_a_filter_does_not_stop_the_check() -> None:
    excel, book = opened(SAMPLES / SAMPLE)
    filtered(book, "表5")

    validate(book, noon)
    clear_marks(book)

    assert not excel.messages


# ── columns named by numbers ──


@pytest.mark.parametrize("button", [validate, fill, compare])
def test_columns_named_by_numbers_stop_what_lists_cells(button: Callable[..., None]) -> None:
    excel, book = opened(SAMPLES / SAMPLE)
    excel.reference_style = NUMBERS

    button(book, noon)

    assert said(excel) == [NUMBERED]
    assert not excel.writes


def test_they_do_not_stop_what_takes_away(leaves: Path) -> None:
    excel, book = opened(leaves)
    before = shape(book)
    fill(book, noon)
    excel.reference_style = NUMBERS

    restore(book)
    clear_marks(book)

    assert not excel.messages
    assert shape(book) == before


# ── a workbook that several may change ──


@pytest.mark.parametrize("button", [validate, fill, compare, restore, clear_marks])
def test_a_shared_workbook_stops_every_button_that_changes_it(button: Callable[..., None]) -> None:
    excel, book = opened(SAMPLES / SAMPLE)
    validate(book, noon)
    excel.writes.clear()
    book.impl.shared = True

    button(book)

    assert said(excel) == [SHARED]
    assert not excel.writes


def test_an_engine_that_tells_none_of_it_is_not_stopped_by_it() -> None:
    excel = Excel(REMOTE)
    book = excel.open(SAMPLES / SAMPLE)
    book.impl.shared, excel.reference_style = True, NUMBERS
    filtered(book, "表5")

    unshared(book)
    lettered(book.app)
    unfiltered(book.sheets)


# ── sheets of charts ──


def chart_first(book: Workbook) -> None:
    chart = BarChart()
    chart.add_data(Reference(book["表5"], min_col=5, min_row=8, max_row=12))
    book.create_chartsheet("图", 0).add_chart(chart)


def with_chart(tmp_path: Path, state: str) -> Path:
    """A chart in front of the tables, and behind them a sheet that is hidden."""
    book = openpyxl.load_workbook(SAMPLES / SAMPLE)
    chart_first(book)
    book.create_sheet("底稿").sheet_state = state
    book.save(tmp_path / "图.xlsx")
    return tmp_path / "图.xlsx"


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_with_charts_new_sheets_stand_behind_all_that_are_shown(tmp_path: Path, state: str) -> None:
    excel, book = opened(with_chart(tmp_path, state))
    before = content(book).sheetnames

    validate(book, noon)

    assert not excel.messages
    assert content(book).sheetnames == [*before[:-1], NAME, "底稿"]
    clear_marks(book)
    assert content(book).sheetnames == before


def test_with_charts_and_none_hidden_they_stand_last(leaves: Path) -> None:
    saved = openpyxl.load_workbook(leaves)
    chart_first(saved)
    saved.save(leaves)
    excel, book = opened(leaves)
    before = content(book).sheetnames

    fill(book, noon)

    assert not excel.messages
    assert content(book).sheetnames == [*before, NAME, UNDO]
    assert content(book)[UNDO].sheet_state == "veryHidden"
