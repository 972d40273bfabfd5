"""The rules about templates that come back: each page run as it is written, and what must not be found fault with."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt

from gouji_checks.check import Report, check
from gouji_checks.finding import SEVERITY_WORDS
from gouji_checks.rules import BOOK_RULES, TEXT_RULES, Rule
from gouji_checks.rules.template import RULES
from gouji_checks.source import FileSource, read_package
from gouji_templates.content import CODE, DEPARTMENT
from tests.edits import row_numbers
from tests.office import Delete, Insert, Office, Put
from tests.returned import (
    CATALOGUE,
    blank_copy,
    changed,
    edited,
    filled_copy,
    is_change,
    part_of,
    report,
    set_cell,
    set_info,
    set_property,
)
from tests.test_rules import examples, is_chinese

EVERY_RULE = pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])


def cases(kind: str) -> pytest.MarkDecorator:
    found = [(rule, example) for rule in RULES for example in examples(rule, kind)]
    return pytest.mark.parametrize(("rule", "example"), found, ids=[f"{rule.id} {example}" for rule, example in found])


def about_templates(found: Report) -> list[tuple[str, str, str]]:
    """Rule, severity and first cell of what the rules over templates say."""
    return [(f.rule, f.severity, f.cell) for f in found.findings if f.rule.startswith("T")]


def after(example: str, path: Path) -> Report:
    """What a check says of a workbook after this change: one with figures where the change is about a figure."""
    copy = filled_copy() if "[" in example else blank_copy()
    return report(changed(copy, example) if is_change(example) else copy, path)


@EVERY_RULE
def test_page_explains_the_rule_and_has_an_example_of_each_kind(rule: Rule) -> None:
    assert is_chinese(rule.page.splitlines()[0])
    assert examples(rule, "好：")
    assert all(is_change(example) for example in examples(rule, "坏："))
    assert rule.severity in SEVERITY_WORDS
    assert all(map(is_chinese, (rule.title, rule.basis, rule.advice)))


@cases("好：")
def test_good_example_passes(rule: Rule, example: str, tmp_path: Path) -> None:
    assert rule.id not in [id for id, _, _ in about_templates(after(example, tmp_path / "a.xlsx"))]


@cases("坏：")
def test_bad_example_is_found_and_said_in_chinese(rule: Rule, example: str, tmp_path: Path) -> None:
    found = [finding for finding in after(example, tmp_path / "a.xlsx").findings if finding.rule.startswith("T")]

    assert {finding.rule for finding in found} == {rule.id}
    assert all(is_chinese(finding.message) and finding.advice == rule.advice for finding in found)


def test_no_rule_over_templates_has_the_number_of_another() -> None:
    ids = [rule.id for rule in (*BOOK_RULES, *TEXT_RULES, *RULES)]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("copy", [blank_copy, filled_copy], ids=["blank", "filled"])
def test_untouched_copy_has_no_finding_about_it(copy: Callable[[], bytes], tmp_path: Path) -> None:
    assert about_templates(report(copy(), tmp_path / "a.xlsx")) == []


def test_figure_typed_over_a_formula_is_worth_a_note_while_it_is_right(tmp_path: Path) -> None:
    right = report(changed(filled_copy(), "改成数 表5[总计].基本支出 = 672.20"), tmp_path / "a.xlsx")
    wrong = report(changed(filled_copy(), "改成数 表5[总计].基本支出 = 672.30"), tmp_path / "a.xlsx")

    assert about_templates(right) == [("T05", "info", "表5!F8")]
    assert about_templates(wrong) == [("T05", "warning", "表5!F8")]


def test_figure_typed_over_the_formula_of_a_leaf_is_no_alteration(tmp_path: Path) -> None:
    found = report(changed(filled_copy(), "改成数 表5[2011301].基本支出 = 339.83"), tmp_path / "a.xlsx")

    assert about_templates(found) == []


def test_cleared_formula_is_found(tmp_path: Path) -> None:
    found = report(set_cell(filled_copy(), "表5", "E8", ""), tmp_path / "a.xlsx")

    assert about_templates(found) == [("T05", "warning", "表5!E8")]


def test_figures_of_one_table_are_one_finding(tmp_path: Path) -> None:
    data = filled_copy()
    for figure in ("表5[总计].基本支出 = 672.20", "表5[总计].项目支出 = 29.00", "表6[301].人员经费 = 522.71"):
        data = changed(data, f"改成数 {figure}")
    found = [finding for finding in report(data, tmp_path / "a.xlsx").findings if finding.rule == "T05"]

    assert [finding.cells for finding in found] == [("表5!F8", "表5!G8"), ("表6!E9",)]


def test_lost_properties_are_no_alteration(tmp_path: Path) -> None:
    """WPS and mail gateways drop them; the first sheet then speaks alone."""
    data = blank_copy()
    for name in (DEPARTMENT, CODE, "表样", "模板版本", "模板指纹", "预算年度", "单位性质", "公式指纹"):
        data = set_property(data, name, "")

    assert about_templates(report(data, tmp_path / "a.xlsx")) == []


def test_lost_stamp_on_the_first_sheet_leaves_the_properties(tmp_path: Path) -> None:
    found = report(set_info(set_info(blank_copy(), "模板指纹", ""), CODE, ""), tmp_path / "a.xlsx")

    assert [rule for rule, _, _ in about_templates(found)] == ["T02"]


def test_damaged_properties_are_passed_over(tmp_path: Path) -> None:
    data = edited(blank_copy(), {"docProps/custom.xml": lambda _: "<不是 XML"})

    assert about_templates(report(data, tmp_path / "a.xlsx")) == []


def test_code_typed_again_as_a_number_is_said(tmp_path: Path) -> None:
    found = report(set_cell(blank_copy(), "基本信息", "B4", "<v>1</v>"), tmp_path / "a.xlsx")

    assert about_templates(found) == [("T01", "warning", "基本信息!B4")]


def test_workbook_that_was_never_given_out_is_not_examined() -> None:
    from tests.edits import report as report_of
    from tests.edits import the_published

    assert about_templates(report_of(the_published())) == []


def test_saving_inserting_and_deleting_rows_elsewhere_is_no_alteration(office: Office, tmp_path: Path) -> None:
    """LibreOffice writes every formula anew, in its own way."""
    (tmp_path / "发.xlsx").write_bytes(filled_copy())
    document = office.open(tmp_path / "发.xlsx")
    leaf = row_numbers("表5")["2011350"]
    last = row_numbers("表6")["30309"]
    document.apply([Insert("表5", leaf), Insert("表2", leaf + 1, 2), Delete("表3", leaf + 20), Delete("表6", last)])
    document.save(tmp_path / "回.xlsx")
    found = check(FileSource(str(tmp_path / "回.xlsx")), CATALOGUE)

    assert about_templates(found) == []
    assert dict(found.book.workbook.properties)[CODE] == "001"


def test_alteration_is_found_after_another_program_has_saved(office: Office, tmp_path: Path) -> None:
    (tmp_path / "发.xlsx").write_bytes(filled_copy())
    document = office.open(tmp_path / "发.xlsx")
    total = row_numbers("表5")["总计"]
    document.apply([Insert("表5", total + 1), Put("表5", total, 5, 672.2), Put("勾稽关系", 1, 0, "全部相符")])
    document.save(tmp_path / "回.xlsx")
    found = check(FileSource(str(tmp_path / "回.xlsx")), CATALOGUE)

    assert about_templates(found) == [("T07", "warning", "勾稽关系!A2"), ("T05", "info", f"表5!F{total + 1}")]


def test_damaged_checking_sheet_is_an_alteration_and_no_reason_not_to_check(tmp_path: Path) -> None:
    data = blank_copy()
    found = report(edited(data, {}, without=(part_of(data, "勾稽计算"),)), tmp_path / "a.xlsx")

    assert [(f.rule, f.cells) for f in found.findings] == [("T07", ())]


def test_old_format_is_said_to_hide_its_formulas(tmp_path: Path) -> None:
    """An .xls keeps the first sheet's words; what was done to its formulas does not show."""
    book = xlwt.Workbook()
    for sheet in read_package(blank_copy()).sheets:
        rows = book.add_sheet(sheet.name)
        for row, cells in enumerate(sheet.rows):
            for column, cell in enumerate(cells):
                if cell != "":
                    rows.write(row, column, cell)
    book.save(str(tmp_path / "a.xls"))
    found = check(FileSource(str(tmp_path / "a.xls")), CATALOGUE)

    assert about_templates(found) == []
    assert ("T05", "旧版 .xls 文件看不出公式是否被改动，请另存为 .xlsx 再核对") in [
        (item.rule, item.reason) for item in found.ledger.not_checked
    ]
