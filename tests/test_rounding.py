"""Rounding explains half a printed unit for each printed figure, and not one 分 more."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji_checks.check import Report
from gouji_checks.source import Workbook
from tests.edits import changed, projection, report, row_numbers, the_published
from tests.layouts import IN_YUAN, each_table

TIED = [
    f"表6[{code}].{column} = {figure}"
    for code, figure, group in [("301", 522.7, "人员"), ("30299", 1.17, "公用"), ("30309", 0.02, "人员")]
    for column in ("合计", f"{group}经费")
]
"""What makes the published figures tie without rounding."""

OURS = {"Z6.1", "H6.1"}


def sums_of_table_6(found: Report) -> list[tuple[str, str, str]]:
    """What is said of the sums inside 表6: cell, rule and severity."""
    return [(f.cell, f.rule, f.severity) for f in found.findings if f.rule in OURS]


def both(code: str, column: str, figure: str) -> tuple[str, str]:
    """A figure of 表6 in its own column and in 合计."""
    return f"表6[{code}].合计 = {figure}", f"表6[{code}].{column} = {figure}"


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        # 302 is 30.20 and has thirteen 款, 1.16 the last: fourteen figures may be out by 0.07.
        (both("30299", "公用经费", "1.10"), "info"),
        (both("30299", "公用经费", "1.09"), "error"),
        (both("30299", "公用经费", "1.24"), "info"),
        (both("30299", "公用经费", "1.25"), "error"),
        (both("30299", "公用经费", "1.17"), ""),
        # A blank is no figure: with one 款 less, thirteen figures may be out by 0.065.
        ((*both("30202", "公用经费", ""), *both("30299", "公用经费", "1.91")), "info"),
        ((*both("30202", "公用经费", ""), *both("30299", "公用经费", "1.90")), "error"),
        # A printed 0.00 is one.
        ((*both("30202", "公用经费", "0.00"), *both("30299", "公用经费", "1.90")), "info"),
        ((*both("30202", "公用经费", "0.00"), *both("30299", "公用经费", "1.89")), "error"),
    ],
)
def test_sum_may_be_out_by_half_a_unit_for_each_printed_figure(changes: tuple[str, ...], severity: str) -> None:
    found = sums_of_table_6(report(changed(*changes)))

    said = [(cell, severity) for cell, rule, severity in found if rule == "Z6.1" and cell in ("表6!D18", "表6!F18")]
    assert said == ([("表6!D18", severity), ("表6!F18", severity)] if severity else [])


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        ("表6[总计].人员经费 = 641.99", "info"),
        ("表6[总计].人员经费 = 641.98", "error"),
        ("表6[总计].公用经费 = 30.21", "info"),
        ("表6[总计].公用经费 = 30.22", "error"),
    ],
)
def test_three_printed_figures_may_be_out_by_one_hundredth(change: str, severity: str) -> None:
    found = sums_of_table_6(report(changed(change)))

    assert [said for cell, rule, said in found if (cell, rule) == ("表6!D8", "H6.1")] == [severity]


@pytest.mark.parametrize("figure", ["126.74", "126.76"])
def test_two_printed_figures_are_a_copy_and_must_agree(figure: str) -> None:
    found = report(changed(f"表6[30101].人员经费 = {figure}"))

    assert ("表6!D10", "H6.1") in projection(found, "error")


def test_copy_between_two_tables_must_agree() -> None:
    found = report(changed("表6[总计].合计 = 672.21"))

    assert ("表5!F8", "X38") in projection(found, "error")


def test_single_printed_figure_that_should_be_nothing_is_no_rounding() -> None:
    found = report(changed("表6[301].公用经费 = 0.01"))

    assert ("表6!F9", "P01") in projection(found, "error")


def test_allowance_is_said_in_the_finding() -> None:
    found = report(changed(*both("30299", "公用经费", "1.09")))

    said = next(f for f in found.findings if (f.cell, f.rule) == ("表6!D18", "Z6.1"))
    assert (said.stated, said.expected, said.difference, said.allowed) == ("30.20", "30.12", "0.08", "0.07")


def in_yuan(*changes: str) -> Workbook:
    """The sample in 元, tied to the 分, then changed."""
    return changed(*changes, of=each_table(IN_YUAN, of=changed(*TIED)))


@pytest.mark.parametrize(
    ("figure", "severity"),
    [("11700.00", ""), ("11700.07", "info"), ("11699.93", "info"), ("11700.08", "error"), ("11699.92", "error")],
)
def test_workbook_in_yuan_may_be_out_by_half_a_fen_for_each_figure(figure: str, severity: str) -> None:
    found = sums_of_table_6(report(in_yuan(*both("30299", "公用经费", figure))))

    assert found == ([("表6!D18", "Z6.1", severity), ("表6!F18", "Z6.1", severity)] if severity else [])


def test_rounding_of_wan_yuan_is_no_rounding_where_figures_go_to_the_fen() -> None:
    to_the_fen = both("30201", "公用经费", "23000.01")
    found = sums_of_table_6(report(in_yuan(*to_the_fen, *both("30299", "公用经费", "11599.99"))))

    assert found == [("表6!D18", "Z6.1", "error"), ("表6!F18", "Z6.1", "error")]


def test_figures_in_yuan_that_were_rounded_in_wan_yuan_may_be_out_as_there() -> None:
    found = sums_of_table_6(report(in_yuan(*both("30299", "公用经费", "11600"))))

    assert found == [("表6!D18", "Z6.1", "info"), ("表6!F18", "Z6.1", "info")]


@pytest.mark.parametrize(("figure", "severity"), [("6722050", "info"), ("6722050.01", "error")])
def test_copy_between_units_may_be_out_by_half_of_each(figure: str, severity: str) -> None:
    """672.20 万元 stands for up to 6,722,050 元, and a figure in 元 for half a 分 more."""
    yuan = {sheet.name: sheet for sheet in in_yuan(f"表5[总计].基本支出 = {figure}").sheets}
    tied = changed(*TIED)
    mixed = tied._replace(sheets=[yuan["表5"] if sheet.name == "表5" else sheet for sheet in tied.sheets])

    assert [f.severity for f in report(mixed).findings if f.rule == "X38"] == [severity]


def printed(amount: Decimal, rounding: str) -> float | str:
    """An amount in 元 as printed in 万元: nothing where there is none."""
    return float((amount / 10_000).quantize(Decimal("0.01"), rounding)) if amount else ""


MONEY = st.one_of(
    st.just(Decimal(0)),
    st.decimals(min_value="0.01", max_value="300", places=2),
    st.decimals(min_value="0.01", max_value="9999999.99", places=2),
)
LEAVES = [code for code in row_numbers("表6") if len(code) == 5]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(MONEY, MONEY), min_size=len(LEAVES), max_size=len(LEAVES)),
    st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]),
)
def test_exact_amounts_rounded_one_by_one_never_fail(leaves: list[tuple[Decimal, Decimal]], rounding: str) -> None:
    exact: dict[str, list[Decimal]] = {}
    for code, (people, running) in zip(LEAVES, leaves, strict=True):
        for key in (code, code[:3], "总计"):
            sums = exact.setdefault(key, [Decimal(0)] * 3)
            exact[key] = [total + more for total, more in zip(sums, (people + running, people, running), strict=True)]
    workbook = the_published()
    sheet = next(sheet for sheet in workbook.sheets if sheet.name == "表6")
    for key, number in row_numbers("表6").items():
        sheet.rows[number][3:] = [printed(amount, rounding) for amount in exact[key]]

    assert [said for said in sums_of_table_6(report(workbook)) if said[2] == "error"] == []
