"""对比 where last year's figures stand on the sheet 上年预算数, or come from a workbook that is open beside it."""

from pathlib import Path

import openpyxl
import xlwings as xw

from gouji_addin.buttons import clear_marks, compare
from gouji_addin.results import COMPARED, NAME
from gouji_checks.check import check
from gouji_checks.compare.prior_sheet import from_sheet
from gouji_checks.compare.reading import prior_of, this_year
from gouji_checks.source import FileSource, Workbook
from gouji_templates.content import COMPARISONS, PRIOR
from tests.clicks import everything, noon, opened, saved, saved_with_formulas
from tests.comparison_verdicts import disagreements
from tests.edits import the_published
from tests.fills import FORM, values_only
from tests.office import Office
from tests.test_compare_button import PUBLISHED_FILE, beside, on_sheets, said, told
from tests.year_before import OUTSIDE, Rows, amounts, prior_rows, row_of, with_sheet

INCOME, ITEMS = "收入预算", "一般公共预算支出（按科目）"
SHOWN = COMPARISONS[1]


def typed(rows: Rows, path: Path, of: Workbook | None = None) -> Path:
    """A workbook without comparison sheets, last year's figures typed on a sheet like this."""
    return values_only(with_sheet(rows, of=of), path)


def of_last_year(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """What a file's own sheet says of last year."""
    found = from_sheet(this_year(str(path), FORM))
    return amounts(found) if found else {}


def at_once(book: xw.Book) -> dict[str, object]:
    """All that a click that was stopped must leave alone."""
    return everything(book) | {"shown": book.sheets.active.name}


def stopped(book: xw.Book) -> None:
    before = at_once(book)
    compare(book, noon)
    assert at_once(book) == before


# ── the template ──


def test_the_blank_sheet_is_filled_and_nothing_else_touched(template: Path, last: Path, tmp_path: Path) -> None:
    excel, book = opened(template)
    excel.open(last)
    before = everything(book)

    compare(book, noon)

    path = saved(book, tmp_path / "存.xlsx")
    published = prior_of(this_year(str(PUBLISHED_FILE), FORM), str(last))
    assert published
    assert of_last_year(path) == amounts(published)
    assert {name for name, part in everything(book).items() if part != before[name]} == {PRIOR}
    assert book.sheets.active.name == SHOWN
    rows = {row[1]: row for row in book.sheets[PRIOR].used_range.value}
    assert rows["单位资金"][2:] == [float(OUTSIDE), None, None, "上年工作簿 上年.xlsx 表2!N7"]
    assert told(excel).startswith(f"已从“上年.xlsx”填入“{PRIOR}” 35 行，来源写在各行。\n")
    assert excel.writes.total() < 20


def test_the_live_sheets_follow(template: Path, last: Path, office: Office, tmp_path: Path) -> None:
    _, book = beside(template, last)

    (path,) = office.convert([saved_with_formulas(book, tmp_path / "存.xlsx")], tmp_path)

    assert disagreements(FileSource(str(path)).read()) == []
    assert on_sheets(path) == said(path, last)


def test_a_second_click_finds_nothing_to_fill(template: Path, last: Path) -> None:
    excel, book = beside(template, last)
    before = everything(book)
    excel.messages.clear()
    excel.writes.clear()

    compare(book, noon)

    assert everything(book) == before
    assert not excel.writes
    assert "填入" not in told(excel)


def test_what_was_typed_stays_and_what_differs_is_told(template: Path, last: Path, tmp_path: Path) -> None:
    book_ = openpyxl.load_workbook(template)
    sheet = book_[PRIOR]
    rows = {str(row[1].value): row for row in sheet.iter_rows()}
    rows["单位资金"][2].value, rows["单位资金"][5].value = 95.0, "公开文本"
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == ITEMS)
    # A code between blank rows, its parts left open.
    sheet.cell(top + 3, 1, "2011350")
    sheet.cell(top + 3, 3, 57.04)
    for column, value in ((1, "2011301"), (3, 392.45), (4, 392.0)):
        sheet.cell(top + 4, column, value)
    sheet.cell(top + 5, 1, "2080505")
    book_.save(tmp_path / "填.xlsx")

    excel, book = beside(tmp_path / "填.xlsx", last)

    found = book.sheets[PRIOR].used_range.value
    assert next(row for row in found if row[1] == "单位资金")[2:] == [95.0, None, None, "公开文本"]
    assert "“单位资金”的上年数，“上年预算数”填的是 95.00，上年工作簿是 93.00" in told(excel)
    start = next(number for number, row in enumerate(found) if row[0] == ITEMS) + 1
    assert [row[0] for row in found[start : start + 6]] == [
        *("2011399", "2080501", "2011350", "2011301", "2080505", None)
    ]
    assert found[start + 2][2:] == [57.04, 57.04, 0.0, None]
    assert found[start + 3][2:] == [392.45, 392.0, 0.0, None]
    assert found[start + 4][2:] == [47.38, 47.38, 0.0, "上年工作簿 上年.xlsx 表5!E17"]


def test_sheets_that_lost_their_formulas_are_brought_up_to_date(template: Path, last: Path, tmp_path: Path) -> None:
    path = values_only(FileSource(str(template)).read(), tmp_path / "数值.xlsx")

    _, book = beside(path, last)

    again = saved(book, tmp_path / "存.xlsx")
    assert disagreements(FileSource(str(again)).read()) == []


# ── a sheet that was typed ──


def wrong(path: Path) -> list[str]:
    """The errors among a file's findings about the comparison."""
    return [f"{one.rule} {one.cell} {one.message}" for one in check(FileSource(str(path))).findings
            if one.rule in ("D05", "D06")]  # fmt: skip


def test_typed_figures_need_no_other_workbook(tmp_path: Path) -> None:
    path = typed(prior_rows(), tmp_path / "本年.xlsx")
    wanted = said(path)

    _, book = beside(path)

    again = saved(book, tmp_path / "存.xlsx")
    assert on_sheets(again) == wanted
    assert wrong(again) == []


def test_sheets_are_added_beside_a_sheet_that_is_filled_up(last: Path, tmp_path: Path) -> None:
    rows = prior_rows()
    rows[row_of(rows, INCOME, "单位资金")][2] = ""
    rows[2:3] = [["编码", "项目", "说明", "上年预算数", "其中：基本支出", "来源", "其中：项目支出"]]
    rows[3:] = [[*row[:2], "", row[2], row[3], "", row[4]] for row in rows[3:] if row[0] not in ("2080505", "2011399")]
    path = typed(rows, tmp_path / "本年.xlsx")

    _, book = beside(path, last)

    again = saved(book, tmp_path / "存.xlsx")
    assert on_sheets(again) == said(path, last)
    assert of_last_year(again)["一般公共预算科目", "2011399"] == ("8.00", "0.00", "8.00")
    assert wrong(again) == []


def test_a_renamed_code_is_one_line_as_in_the_template(tmp_path: Path) -> None:
    rows = [*prior_rows(), ["2210106", "", 1.0, 1.0, 0.0, ""]]
    of = the_published()
    for sheet in of.sheets:
        for row in sheet.rows if sheet.name == "表5" else ():
            if row[:3] == ["221", "02", "01"]:
                row[1:3] = ["01", "11"]
    excel, book = beside(typed(rows, tmp_path / "本年.xlsx", of))

    again = saved(book, tmp_path / "存.xlsx")
    assert ("一般公共预算科目", "2210106") not in on_sheets(again)
    assert on_sheets(again)["一般公共预算科目", "2210111"][:2] == ("43.03", "1.00")
    assert said(again)["一般公共预算科目", "2210111"][:2] == ("43.03", "1.00")
    assert wrong(again) == []
    assert "2210106 并入本年的 2210111" in told(excel)


def test_a_figure_without_a_place_stops_the_click(last: Path, tmp_path: Path) -> None:
    rows = prior_rows()
    del rows[row_of(rows, INCOME, "单位资金")]
    excel, book = opened(typed(rows, tmp_path / "本年.xlsx"))
    excel.open(last)

    stopped(book)

    assert told(excel) == (
        "“上年预算数”里没有收入预算的“单位资金”行，上年工作簿的数填不进去。请按模板补上这一行，再点按钮。"
    )


def test_too_few_open_rows_stop_the_click(template: Path, last: Path, tmp_path: Path) -> None:
    full = openpyxl.load_workbook(template)
    sheet = full[PRIOR]
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == ITEMS)
    for row in range(top + 1, sheet.max_row - 2):
        sheet.cell(row, 1, f"{2990000 + row}")
    full.save(tmp_path / "满.xlsx")
    excel, book = opened(tmp_path / "满.xlsx")
    excel.open(last)

    stopped(book)

    assert told(excel) == f"“上年预算数”的空行不够，“{ITEMS}”还差 2 行。请在这一部分插入空行，再点按钮。"


# ── much to be said ──


def test_many_notes_are_listed_on_a_sheet_that_goes_with_the_marks(template: Path, last: Path, tmp_path: Path) -> None:
    wrong_ = openpyxl.load_workbook(template)
    for row in wrong_[PRIOR].iter_rows():
        if row[1].value in ("单位资金", "公务接待费", "人员经费", "其中：人员经费", "项目支出", "收入合计"):
            row[2].value = 1.0
    wrong_.save(tmp_path / "错.xlsx")

    excel, book = beside(tmp_path / "错.xlsx", last)

    rows = book.sheets[NAME].used_range.options(empty="").value
    assert rows[0][0] == COMPARED
    listed = [row for row in rows if row[0] == "上年数不一致"]
    assert ["上年数不一致", f"{PRIOR}!C14", "“单位资金”"] in [[*row[:2], row[2][:6]] for row in listed]
    assert len(listed) == 6
    assert f"条需要核对的说明，列在“{NAME}”表。" in told(excel)
    assert book.sheets.active.name == SHOWN

    clear_marks(book)

    assert NAME not in [sheet.name for sheet in book.sheets]


def test_clearing_the_marks_leaves_the_comparison(last: Path) -> None:
    _, book = beside(PUBLISHED_FILE, last)
    before = everything(book)

    clear_marks(book)

    assert everything(book) == before
