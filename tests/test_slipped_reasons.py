"""The rule over reasons beside the wrong line: what it finds, and what may stay where it is."""

from decimal import Decimal
from functools import cache

import pytest

from gouji_checks.live.template import build
from gouji_checks.source import Workbook, read_package
from gouji_templates.content import PriorFigure
from tests import two_years
from tests.test_comparison_reasons import (
    BY_CODE,
    GIVEN,
    MISPLACED,
    REASONS,
    SHEET,
    found,
    reasons_at,
    row_of,
    rows_of,
)
from tests.two_years import base, changed, content, report
from tests.year_before import CATALOGUE


def put(of: Workbook, row: int, reason: str) -> Workbook:
    """The workbook with a reason in a row of the sheet, changed in place."""
    rows_of(of)[row][REASONS] = reason
    return of


def test_a_reason_beside_no_line_is_found_though_all_lines_have_theirs() -> None:
    workbook = base()
    below = row_of(workbook, "2210201") + 3

    (finding,) = found(report(put(workbook, below, "住房公积金缴存基数调整，人员增加")), MISPLACED)

    assert (finding.severity, finding.cells) == ("warning", (f"{SHEET}!H{below + 1}",))
    assert f"H{below + 1}“住房公积金缴存基数调整，…”（这一行没有科目）" in finding.message
    assert "错位" not in finding.message


def test_a_reason_that_slipped_leaves_a_line_without_one_and_both_are_said() -> None:
    workbook = base()
    row = row_of(workbook, "2101101")
    for number in (row, row_of(workbook, "2210201")):
        put(workbook, number, "")

    (finding,) = found(report(put(workbook, row_of(workbook, "2210201") + 1, GIVEN)), MISPLACED)

    assert finding.message.startswith(f"{BY_CODE}的原因可能写错了行：")
    assert finding.message.endswith("；另有 2 行有增减、没有写原因，科目若有变动，原因可能已错位")


@pytest.mark.parametrize(
    ("reason", "cells"),
    [
        (GIVEN, 1),
        ("与上年持平", 0),
        ("无变化", 0),
        ("—", 0),
        ("无", 0),
        ("", 0),
    ],
)
def test_a_code_that_stayed_needs_no_reason_but_may_be_said_to_have_stayed(reason: str, cells: int) -> None:
    workbook = unchanged("2101101")

    assert len(reasons_at(report(put(workbook, row_of(workbook, "2101101"), reason)), MISPLACED)) == cells


def test_a_class_whose_codes_cancel_out_may_say_why() -> None:
    """201 has as much as last year, and each of its codes another amount."""
    workbook = with_last_year(("2011301", this_year("2011301") + 5), ("2011350", this_year("2011350") - 13))
    row = row_of(workbook, "201")

    assert rows_of(workbook)[row][4] == 0.0
    assert reasons_at(report(workbook), MISPLACED) == []


def unchanged(code: str) -> Workbook:
    """The workbook whose department had as much under this code last year."""
    return with_last_year((code, this_year(code)))


def this_year(code: str) -> float:
    workbook = base()
    return float(str(rows_of(workbook)[row_of(workbook, code)][2]))


def with_last_year(*figures: tuple[str, float]) -> Workbook:
    """The workbook with these figures of last year; there is a reason on every line."""
    return two_years.with_reasons(read_package(built(*figures)))


@cache
def built(*figures: tuple[str, float]) -> bytes:
    given = content()
    amounts = {code: Decimal(f"{figure:.2f}") for code, figure in figures}
    prior = dict(given.prior) | {
        ("一般公共预算科目", code): PriorFigure((amount, amount, Decimal(0))) for code, amount in amounts.items()
    }
    return build(CATALOGUE, given._replace(prior=prior))


def test_lines_that_stay_where_they_are_are_looked_at_only_while_one_of_their_group_has_no_reason() -> None:
    every = base()
    lacking = changed("三公经费对比[财政拨款“三公”经费/公务用车运行费].增减原因 = 略", base())

    assert reasons_at(report(every), MISPLACED) == []
    (finding,) = found(report(lacking), MISPLACED)
    assert finding.cells == ("三公经费对比!H7", "三公经费对比!H8", "三公经费对比!H10")
    assert finding.message.endswith("；另有 1 行有增减、没有写原因")


def test_nothing_is_said_of_reasons_while_last_year_is_not_known() -> None:
    workbook = two_years.with_reasons(read_package(build(CATALOGUE, content()._replace(prior={}))))

    assert found(report(workbook), MISPLACED) == []
