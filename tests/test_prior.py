"""Last year's figures as typed on the sheet 上年预算数, and the sheets that compare read back."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gouji_checks.compare.carried import carried
from gouji_checks.compare.comparison import compare
from gouji_checks.compare.prior import whose
from gouji_checks.compare.prior_sheet import from_sheet
from gouji_checks.compare.reading import last_year
from gouji_checks.compare.report import text
from gouji_checks.compare.sections import Listed, read_sections
from gouji_checks.live import template
from gouji_checks.source import FileSource
from gouji_templates.content import COMPARISONS, PRIOR
from samples.build import SAMPLE, SAMPLES, published
from tests.year_before import (
    CATALOGUE,
    CODES,
    FORM,
    Rows,
    amounts,
    entered,
    prior_rows,
    read,
    row_of,
    saved,
    sheet_of,
    with_sheet,
)

PUBLISHED = SAMPLES / SAMPLE
INCOME, ITEMS = "收入预算", "一般公共预算支出（按科目）"
BY_CODE = "一般公共预算科目"


def test_typed_sheet_is_read_line_by_line() -> None:
    found = entered()

    assert found["收入", "一般公共预算"] == ("603.81",)
    assert found["机关运行经费", "机关运行经费"] == ("28.74",)
    assert found[BY_CODE, "2011301"] == ("392.45", "392.45", "0.00")
    assert found[BY_CODE, "2011399"] == ("8.00", "0.00", "8.00")
    assert ("收入", "政府性基金") not in found


def test_a_workbook_without_the_sheet_says_nothing() -> None:
    assert from_sheet(read(FileSource(str(PUBLISHED)).read())) is None
    assert from_sheet(read(with_sheet([["", ""]]))) is None


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        pytest.param("603.81", "603.81", id="a number as text"),
        pytest.param("６０３．８１", "603.81", id="full width"),
        pytest.param(" 1,603.81 ", "1603.81", id="thousands and spaces"),
        pytest.param(603.81, "603.81", id="a number"),
        pytest.param("-", "0.00", id="a dash"),
        pytest.param("无", "0.00", id="nothing, in words"),
        pytest.param(0.0, "0.00", id="zero"),
    ],
)
def test_figures_are_read_however_they_are_typed(typed: object, amount: str) -> None:
    rows = prior_rows()
    rows[row_of(rows, INCOME, "一般公共预算")][2] = typed

    assert amounts(sheet_of(rows))["收入", "一般公共预算"] == (amount,)


@pytest.mark.parametrize("typed", ["六百", "#REF!", "12.3.4"])
def test_what_is_no_figure_is_named_and_leaves_the_comparison(typed: str) -> None:
    rows = prior_rows()
    rows[row_of(rows, INCOME, "一般公共预算")][2] = typed

    found = compare(read(with_sheet(rows)))

    one = next(one for one in found.lines if (one.group, one.id) == ("收入", "一般公共预算"))
    assert (one.before, one.change, one.rate) == (None, None, "")
    assert f"{PRIOR}!C6 的“{typed}”不是金额，没有采用；请改成数字" in found.notes


def test_blank_lines_of_a_filled_group_are_zero() -> None:
    found = compare(read(with_sheet(prior_rows())))

    one = next(one for one in found.lines if (one.group, one.id) == ("收入", "政府性基金"))
    assert (one.before, one.change, one.rate) == (0, 0, "0.00")


def test_a_total_left_blank_above_its_parts_is_pointed_out() -> None:
    rows = prior_rows()
    rows[row_of(rows, "支出预算", "支出合计")][2] = ""

    assert sheet_of(rows).notes == (
        "“上年预算数”的“支出合计”（支出预算）空着，按 0.00 对比，而其各分项合计 696.81，请补填",
    )


def moved(rows: Rows) -> Rows:
    """Columns in another order, and one more between them."""
    return [[row[5], row[2], "备忘", row[0], row[1], row[4], row[3]] for row in rows]


def with_more_rows(rows: Rows) -> Rows:
    """Blank rows and remarks between the lines."""
    between: list[object] = [""] * 6
    return [more for row in rows for more in (row, between)]


def numbered(rows: Rows) -> Rows:
    """Sections with numbers, lines with spaces before them."""
    titles = [group.title for group in FORM.comparison.groups] if FORM.comparison else []
    titled: Rows = [
        [f"三、{row[0]}" if row[0] in titles else row[0], f"　{row[1]}" if row[1] else "", *row[2:]] for row in rows
    ]
    return titled


def by_code_first(rows: Rows) -> Rows:
    start = row_of(rows, ITEMS)
    return [*rows[:3], *rows[start:], *rows[3:start]]


def in_pieces(rows: Rows) -> Rows:
    """Codes as 类, 款 and 项 in one cell, or as numbers."""
    found: Rows = [list(row) for row in rows]
    for place, code in enumerate(CODES):
        row = found[row_of(rows, ITEMS, code)]
        row[0] = f"{code[:3]} {code[3:5]} {code[5:]}" if place % 2 else float(code)
    return found


@pytest.mark.parametrize("change", [moved, with_more_rows, numbered, by_code_first, in_pieces])
def test_the_sheet_is_read_by_its_headings_and_words(change: object) -> None:
    assert callable(change)

    assert amounts(sheet_of(change(prior_rows()))) == entered()


def test_a_sheet_whose_name_was_changed_is_still_found() -> None:
    assert amounts(sheet_of(prior_rows(), "2024上年预算数")) == entered()


def test_amounts_in_yuan_are_converted() -> None:
    rows = prior_rows()
    rows[1][3] = "上年：2024 年   单位：元"
    for row in rows[3:]:
        row[2:5] = [round(one * 10_000, 2) if isinstance(one, float) else one for one in row[2:5]]

    assert amounts(sheet_of(rows)) == entered()


def test_a_sheet_without_its_headings_is_not_used() -> None:
    found = sheet_of([[PRIOR], *[row[:3] for row in prior_rows()[3:]]])

    assert found.figures == {}
    assert found.notes == ("工作表“上年预算数”没有找到“项目”“上年预算数”两栏，没有采用；请按模板恢复表头",)


def test_a_sheet_of_an_earlier_year_is_pointed_out() -> None:
    rows = prior_rows()
    rows[1][3] = "上年：2023 年   单位：万元"

    assert sheet_of(rows).notes == ("“上年预算数”写的是2023年，2025年的上年是2024年，请核对是不是往年的数",)


def test_rows_that_belong_nowhere_are_named() -> None:
    rows = [*prior_rows(), ["20113", "", 7.0, "", "", ""], ["", "其他支出", 5.0, "", "", ""]]

    found = sheet_of(rows)

    above, stray = found.notes
    assert above == f"“上年预算数”第{len(rows) - 1}行的科目 20113 是 7.00，其下各科目合计 457.49，按各科目对比，请核对"
    assert stray == f"“上年预算数”第{len(rows)}行“其他支出”不是表样中的行或没有科目编码，没有采用"
    # A 款 whose 项 stand there as well is their sum and nothing more.
    assert amounts(found) == entered()


def test_a_line_written_twice_counts_once_and_is_named() -> None:
    rows = prior_rows()
    place = row_of(rows, INCOME, "单位资金")
    rows.insert(place + 1, ["", "单位资金", 5.0, "", "", ""])

    found = sheet_of(rows)

    assert amounts(found) == entered()
    assert found.notes == (f"“上年预算数”第{place + 2}行“单位资金”不是表样中的行或没有科目编码，没有采用",)


def test_a_code_written_twice_is_added_up_and_said() -> None:
    rows = [*prior_rows(), ["2011399", "", 1.0, 0.0, 1.0, ""]]

    found = sheet_of(rows)

    assert amounts(found)[BY_CODE, "2011399"] == ("9.00", "0.00", "9.00")
    assert [note for note in found.notes if "2011399" in note and "已加在一起" in note]


@pytest.mark.parametrize("code", ["201", "20113", "20113O1"])
def test_a_code_above_others_that_says_something_else_is_pointed_out(code: str) -> None:
    found = sheet_of([*prior_rows(), [code, "", 2.0, 2.0, 0.0, ""]])

    assert amounts(found) == entered()
    assert any(f"的科目 {code[:5]} 是 2.00" in note and "457.49" in note for note in found.notes)


def test_a_code_above_others_that_is_their_sum_needs_no_word() -> None:
    assert sheet_of([*prior_rows(), ["201", "", 457.49, "", "", ""]]).notes == sheet_of(prior_rows()).notes


def test_a_second_sheet_is_named_and_not_used() -> None:
    first = with_sheet(prior_rows(), f"{PRIOR}(1)")
    other = prior_rows()
    other[row_of(other, INCOME, "单位资金")][2] = 5.0

    found = from_sheet(read(with_sheet(other, f"{PRIOR}(2)", first)))

    assert found
    assert amounts(found) == entered()
    assert any(f"“{PRIOR}(2)”，没有采用" in note for note in found.notes)


def test_a_code_with_only_its_total_has_no_parts() -> None:
    rows = [*prior_rows(), ["2130104", "", 12.0, "", "", "上年公开文本"]]

    figure = sheet_of(rows).figures[BY_CODE, "2130104"]

    assert (figure.amounts[1:], figure.origin) == ((None, None), "上年公开文本")


def test_what_the_template_writes_is_read_back(tmp_path: Path) -> None:
    """The template's own sheet, filled from last year's workbook, gives what the workbook gives."""
    prior = last_year(str(saved(tmp_path)), whose(read(FileSource(str(PUBLISHED)).read())), FORM)
    content = published(FORM)._replace(prior=carried(prior, FORM))
    (tmp_path / "本年.xlsx").write_bytes(template.build(CATALOGUE, content))

    found = from_sheet(read(FileSource(str(tmp_path / "本年.xlsx")).read()))

    assert found is not None
    assert found.notes == ()
    assert amounts(found) == amounts(prior)
    assert {key: one.origin for key, one in found.figures.items()} == {
        key: one.origin for key, one in prior.figures.items()
    }


JUNK = some.one_of(
    some.none(),
    some.booleans(),
    some.floats(allow_nan=False),
    some.integers(-(10**12), 10**12).map(float),
    some.dates().map(lambda day: datetime(day.year, day.month, day.day)),
    some.text("0123456789.,-－１年%（）其中：上年预算数编码项目合计总 \n", max_size=12),
    some.sampled_from(["收入预算", "机关运行经费", "“三公”经费合计", "2011301", "201", "2080505行政", "=A1", "#N/A"]),
)


@settings(deadline=None)
@given(some.lists(some.tuples(some.integers(0, 40), some.integers(0, 5), JUNK), max_size=12))
def test_whatever_is_typed_is_read_or_named_but_never_fatal(typed: list[tuple[int, int, object]]) -> None:
    rows = prior_rows()
    for row, column, value in typed:
        rows[min(row, len(rows) - 1)][column] = "" if value is None else value

    found = compare(read(with_sheet(rows)))

    for line in found.lines:
        known = line.now is not None and line.before is not None
        assert (line.change is not None) == known
    assert text("a.xlsx", found, FORM).endswith("\n")


def test_reasons_are_read_from_the_sheets_that_compare() -> None:
    rows: Rows = [
        ["三公经费对比"],
        ["编码", "项目", "本年预算数", "上年预算数", "增减额", "增减率（%）", "占比（%）", "增减原因"],
        ["财政拨款“三公”经费"],
        ["", "公务接待费", 3.0, 3.0, 0.0, 0.0, 21.74, ""],
        ["", "公务用车运行费", 10.8, 7.0, 3.8, 54.29, 78.26, "  新增一个项目 "],
    ]

    found = compare(read(with_sheet(rows, COMPARISONS[1])))

    reasons = {one.id: one.reason for one in found.lines if one.reason}
    assert reasons == {"公务用车运行": "新增一个项目"}


def test_a_group_of_one_line_is_called_as_its_line() -> None:
    rows: Rows = [["编码", "项目", "上年预算数"], ["机关运行经费"], ["", "机关运行经费", 28.74]]
    without_heading: Rows = [rows[0], rows[2]]

    for each in (rows, without_heading):
        sheet = with_sheet(each).sheets[-1]
        found = read_sections(sheet, FORM, ("编码", "项目", "上年预算数"), "上年预算数")
        assert isinstance(found, Listed)
        assert [entry.id for entry in found.entries] == ["机关运行经费"]
