"""Workbooks in 元, to the cent: compared are their figures as the form prints them, last year's and this year's."""

from functools import cache
from pathlib import Path

import pytest

from gouji_checks.amount import show
from gouji_checks.book import read_book
from gouji_checks.compare.carried import carried
from gouji_checks.compare.comparison import Compared, compare
from gouji_checks.compare.prior import Prior, from_workbook, whose
from gouji_checks.compare.ratios import percent, rate
from gouji_checks.compare.years import Last
from gouji_checks.live import template
from gouji_checks.source import Workbook, read_package
from gouji_templates import workbook
from gouji_templates.content import PRIOR
from tests import two_years, year_before
from tests.comparison_verdicts import disagreements
from tests.layouts import IN_YUAN, each_table, figures, one_after_another
from tests.office import Office
from tests.year_before import CATALOGUE, FORM, prior_rows, read, row_of, sheet_of, with_sheet

STEP = 10_000
"""The last digit of 万元 with two decimals, in 分."""

BY_CODE = "一般公共预算科目"
HALF = 50.0
"""In 元, half of what is printed in 万元."""


def in_yuan(more: float, of: Workbook | None = None) -> Workbook:
    """Last year's workbook, or the one given, in 元, each figure of it a little more than a printed one."""
    change = one_after_another(IN_YUAN, figures(lambda figure: round(figure + more, 2) if figure else figure))
    return each_table(change, of=of or read_package(workbook.build(FORM, year_before.content())))


@cache
def prior(more: float) -> Prior:
    """What it says of last year."""
    this = whose(read(with_sheet(prior_rows())))
    return from_workbook(read_book(in_yuan(more), FORM), this, "上年.xlsx")


@cache
def built(more: float) -> bytes:
    """The template for the published year with these figures in it."""
    return template.build(CATALOGUE, two_years.content()._replace(prior=carried(prior(more), FORM)))


@pytest.mark.parametrize(
    ("more", "steps"),
    [(0.0, 0), (0.01, 0), (49.99, 0), (HALF, 1), (50.01, 1), (99.99, 1), (-0.01, 0), (-49.99, 0), (-HALF, 0)],
)
def test_amounts_of_last_years_workbook_are_the_nearest_printed_ones(more: float, steps: int) -> None:
    found, exact = prior(more), prior(0.0)

    assert found.figures.keys() == exact.figures.keys()
    for key, figure in found.figures.items():
        for one, two in zip(figure.amounts, exact.figures[key].amounts, strict=True):
            assert one == (two + steps * STEP if two else two), key


@pytest.mark.parametrize(
    ("typed", "amount"), [(9.99505, "10.00"), (9.994999, "9.99"), (-0.005, "-0.01"), (0.004, "0.00")]
)
def test_amounts_typed_more_finely_are_the_nearest_printed_ones(typed: float, amount: str) -> None:
    rows = prior_rows()
    rows[row_of(rows, "收入预算", "单位资金")][2] = typed

    assert show(sheet_of(rows).figures["收入", "单位资金"].amounts[0] or 0) == amount


def as_printed(found: Compared) -> list[str]:
    """The lines whose amounts are no printed ones, or whose change, rate or share is not that of the printed."""
    wrong = []
    whole = {line.group: line.now for line in found.lines if line.id in ("三公经费合计", "收入合计", "支出合计")}
    for line in found.lines:
        assert line.now is not None
        amounts = [line.now, line.before or 0, *(one or 0 for pair in line.parts for one in pair)]
        ok = not any(amount % STEP for amount in amounts)
        if line.before is not None:
            ok &= (line.change, line.rate) == (line.now - line.before, rate(line.now, line.before, "100.00"))
        if of := whole.get(line.group):
            ok &= line.share == percent(line.now, of)
        wrong += [] if ok else [f"{line.group}/{line.id}"]
    return wrong


@pytest.mark.parametrize("more", [-49.5, 13.37, 49.99])
def test_rates_are_those_of_the_printed_figures_in_every_engine(more: float) -> None:
    book = read_package(built(more))
    found = compare(read(book))

    assert as_printed(found) == []
    assert compare(read(book), prior(more)).lines[0].rate == found.lines[0].rate
    assert disagreements(book) == []


def test_what_the_template_is_given_is_no_wrong_amount_there() -> None:
    sheet = next(sheet for sheet in read_package(built(49.99)).sheets if sheet.name == PRIOR)

    amounts = [cell for row in sheet.rows for cell in row[2:5] if isinstance(cell, float)]

    assert len(amounts) > 40
    assert [amount for amount in amounts if round(amount, 2) != amount] == []


def test_recalculation_agrees_as_well(office: Office, tmp_path: Path) -> None:
    (tmp_path / "本年.xlsx").write_bytes(built(49.99))

    assert disagreements(office.open(tmp_path / "本年.xlsx").workbook()) == []


@pytest.mark.parametrize("more", [-49.5, 49.99, HALF])
def test_figures_carried_over_contradict_nothing(more: float) -> None:
    said = two_years.report(two_years.with_reasons(read_package(built(more))), Last(prior(more)))

    assert [finding.message for finding in said.findings if finding.rule in ("D04", "D05", "D06", "D11")] == []


@pytest.mark.parametrize(("copied", "found"), [(93.005, []), (93.01, []), (93.004, ["D06"]), (93.02, ["D06"])])
def test_a_copy_is_right_that_is_printed_as_the_true_one(copied: float, found: list[str]) -> None:
    workbook = two_years.changed("上年预算数[收入预算/单位资金].上年预算数 = 93.005", two_years.base())
    two_years.changed(f"收支对比[收入预算/单位资金].上年预算数 = {copied}", workbook)

    assert [finding.rule for finding in two_years.report(workbook).findings if finding.rule == "D06"] == found


def test_this_years_workbook_in_yuan_is_compared_as_printed() -> None:
    book = read(in_yuan(13.37, of=read_package(workbook.build(FORM, two_years.content()))))
    found = compare(book, prior(49.99))

    assert as_printed(found) == []
    assert any(line.now for line in found.lines if line.group == BY_CODE)
