"""D03: a change beyond both thresholds of the form, one finding for each group with all its lines."""

import pytest

from gouji_checks.finding import Finding
from gouji_checks.source import Workbook, read_package
from tests import edits, two_years
from tests.two_years import base, changed, report
from tests.year_before import FORM, Rows, prior_rows, with_sheet

THREE_PUBLIC = "财政拨款“三公”经费"


def notable(of: Workbook) -> list[Finding]:
    return [finding for finding in report(of).findings if finding.rule == "D03"]


def test_thresholds_are_those_of_the_form() -> None:
    assert FORM.comparison
    assert (FORM.comparison.notable_rate, FORM.comparison.notable_amount) == (30, 10)


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        pytest.param("130.00", "100.00", False, id="at the rate"),
        pytest.param("130.01", "100.00", True, id="just beyond the rate"),
        pytest.param("70.00", "100.00", False, id="down to the rate"),
        pytest.param("69.99", "100.00", True, id="down beyond the rate"),
        pytest.param("20.00", "10.00", False, id="at the amount"),
        pytest.param("20.01", "10.00", True, id="just beyond the amount"),
        pytest.param("111.00", "100.00", False, id="beyond the amount alone"),
        pytest.param("5.00", "1.00", False, id="beyond the rate alone"),
        pytest.param("10.00", "0.00", False, id="from nothing, at the amount"),
        pytest.param("10.01", "0.00", True, id="from nothing, beyond the amount"),
        pytest.param("0.00", "10.01", True, id="to nothing"),
    ],
)
def test_a_change_is_notable_beyond_both_thresholds(now: str, before: str, found: bool) -> None:
    workbook = edits.changed(f"表10[公务接待].合计 = {now}", of=base())
    changed(f"上年预算数[{THREE_PUBLIC}/公务接待费].上年预算数 = {before}", workbook)

    said = [finding for finding in notable(workbook) if "公务接待费" in finding.message]

    assert len(said) == found
    assert all(f"由 {before} 变为 {now}" in finding.message for finding in said)


def test_lines_of_a_group_are_one_warning_with_the_cells_of_their_reasons() -> None:
    found = notable(read_package(two_years.built()))

    groups = [finding.message.partition("有 ")[0] for finding in found]
    assert len(set(groups)) == len(groups) > 1
    assert {finding.severity for finding in found} == {"warning"}
    for finding in found:
        assert len(finding.cells) == finding.message.count("没有写原因")
        assert all("对比!H" in cell for cell in finding.cells)


def test_what_the_department_says_is_repeated() -> None:
    found = notable(base())

    assert found
    assert all(
        finding.message.count(f"原因写的是“{two_years.REASON_GIVEN}”") == len(finding.cells) for finding in found
    )


def test_of_many_lines_twenty_are_listed_and_all_counted() -> None:
    few, many = (_by_code(prior_rows() + codes) for codes in ([], [_vanished(number) for number in range(31, 61)]))

    assert few.message.count("变为") == _count(few) < 20
    assert (many.message.count("变为"), _count(many)) == (20, _count(few) + 30)
    assert many.message.endswith(f"等 {_count(many)} 行")
    assert max(len(few.cells), len(many.cells)) <= 20


def _vanished(number: int) -> list[object]:
    return [f"2{number}0101", "", 50.0, "", "", ""]


def _by_code(rows: Rows) -> Finding:
    return next(one for one in notable(with_sheet(rows)) if one.message.startswith("一般公共预算支出（按科目）"))


def _count(finding: Finding) -> int:
    return int(finding.message.partition("有 ")[2].partition(" 行")[0])
