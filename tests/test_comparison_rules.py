"""The rules over the comparison with last year: each page run as it is written, and what must pass."""

import random
from decimal import Decimal

import pytest

from gouji_checks.check import Report
from gouji_checks.compare.sections import BEFORE, CHANGE, NOW, RATE, SHARE
from gouji_checks.compare.years import Last
from gouji_checks.finding import SEVERITY_WORDS
from gouji_checks.live.template import build
from gouji_checks.rules import BOOK_RULES, TEXT_RULES, Rule
from gouji_checks.rules.comparison import RULES
from gouji_checks.rules.template import RULES as TEMPLATE_RULES
from gouji_checks.source import read_package
from gouji_templates.content import COMPARISONS, PRIOR, UNIT_KIND, PriorFigure, blank
from gouji_templates.form import Group
from tests import edits, two_years
from tests.last_year import figures as last_years_figures
from tests.test_rules import examples, is_chinese
from tests.two_years import base, cell_of, changed, is_change, report, with_reasons
from tests.year_before import CATALOGUE, FORM, prior_rows, with_sheet

EVERY_RULE = pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
SPENDING = "支出预算"


def cases(kind: str) -> pytest.MarkDecorator:
    found = [(rule, example) for rule in RULES for example in examples(rule, kind)]
    return pytest.mark.parametrize(("rule", "example"), found, ids=[f"{rule.id} {example}" for rule, example in found])


def after(example: str) -> Report:
    """What a check says of the workbook after this change, or as it is, with last year's workbook at hand."""
    workbook = base()
    return report(changed(example, workbook) if is_change(example) else workbook, Last(two_years.the_year_before()))


def about(found: Report, *rules: str) -> list[tuple[str, str]]:
    """Rule and first cell of what the rules over the comparison say, or only some of them."""
    return [(f.rule, f.cell) for f in found.findings if f.rule.startswith("D") and (not rules or f.rule in rules)]


def open_questions(found: Report) -> dict[str, list[str]]:
    """What the rules over the comparison leave open."""
    reasons: dict[str, list[str]] = {}
    for item in found.ledger.not_checked:
        if item.rule.startswith("D"):
            reasons.setdefault(item.rule, []).append(item.reason)
    return reasons


@EVERY_RULE
def test_page_explains_the_rule_and_has_an_example_of_each_kind(rule: Rule) -> None:
    assert is_chinese(rule.page.splitlines()[0])
    assert examples(rule, "好：")
    assert all(is_change(example) for example in examples(rule, "坏："))
    assert examples(rule, "坏：")
    assert rule.severity in SEVERITY_WORDS
    assert all(map(is_chinese, (rule.title, rule.basis, rule.advice)))


def test_no_rule_over_the_comparison_has_the_number_of_another() -> None:
    ids = [rule.id for rule in (*BOOK_RULES, *TEXT_RULES, *TEMPLATE_RULES, *RULES)]

    assert len(ids) == len(set(ids))


@cases("好：")
def test_good_example_passes(rule: Rule, example: str) -> None:
    where = cell_of(example, base()) if is_change(example) else ""

    assert not [f for f in after(example).findings if f.rule == rule.id and (not where or where in f.cells)]


@cases("坏：")
def test_bad_example_is_found_and_said_in_chinese(rule: Rule, example: str) -> None:
    found = [finding for finding in after(example).findings if finding.rule == rule.id]

    sheet = cell_of(example, base()).partition("!")[0]
    assert found
    assert all(is_chinese(finding.message) and finding.advice == rule.advice for finding in found)
    if rule.id != "D03":
        assert sheet in {cell.partition("!")[0] for finding in found for cell in finding.cells}


def test_workbook_with_true_copies_and_reasons_has_no_finding_but_what_is_notable() -> None:
    found = report(base(), Last(two_years.the_year_before()))

    assert {rule for rule, _ in about(found)} == {"D03"}
    assert open_questions(found) == {}


def test_plain_published_workbook_is_not_examined() -> None:
    found = edits.report(edits.the_published())

    assert about(found) == []
    assert open_questions(found) == {}


def test_template_before_anything_is_typed_is_left_alone() -> None:
    content = blank(FORM, "某局")._replace(prior=last_years_figures())
    found = report(read_package(build(CATALOGUE, content)))

    assert about(found) == []
    assert open_questions(found) == {}


def test_last_year_not_typed_is_an_open_question_once_for_each_rule() -> None:
    content = two_years.content()._replace(prior={})
    found = report(read_package(build(CATALOGUE, content)))

    assert about(found) == []
    reasons = open_questions(found)
    assert set(reasons) == {"D01", "D02", "D03", "D07"}
    assert all(len(said) == 1 and PRIOR in said[0] for said in reasons.values())


def test_growth_is_found_in_the_part_that_grew_and_not_in_the_sums_above_it() -> None:
    workbook = base()
    for line in ("“三公”经费合计", "公务用车购置及运行费", "公务用车运行费"):
        changed(f"三公经费对比[财政拨款“三公”经费/{line}].增减原因 =", workbook)

    found = [f for f in report(workbook).findings if f.rule == "D01"]
    assert [f.cells for f in found] == [("三公经费对比!H11", "表10!B12")]
    assert (found[0].stated, found[0].difference) == ("10.80", "3.80")
    assert "公务用车运行费" in found[0].message
    assert "54.29%" in found[0].message


def test_lines_without_a_reason_are_one_finding_for_each_section() -> None:
    workbook = read_package(two_years.built())

    found = [f for f in report(workbook).findings if f.rule == "D02"]
    sections = [f.message.partition("比上年")[0] for f in found]
    assert len(set(sections)) == len(sections) == 6
    assert len(next(f for f in found if f.message.startswith(f"{SPENDING}比上年")).cells) == 2
    assert max(len(f.cells) for f in found) == 10


def test_without_a_sheet_for_reasons_growth_is_said_and_the_rest_left_open() -> None:
    found = report(with_sheet(prior_rows()))

    assert about(found) == [("D01", "表10!B12"), *[("D03", cell) for rule, cell in about(found) if rule == "D03"]]
    assert set(open_questions(found)) == {"D02", "D10"}


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ("上年预算数[收入预算/单位资金].上年预算数 = 93.01", "93.01 93.00"),
        ("上年预算数[一般公共预算支出（按科目）/2011301].项目支出 = 1.00", "1.00 0.00"),
    ],
)
def test_contradiction_of_last_years_workbook_names_both_figures(change: str, places: str) -> None:
    found = [f for f in after(change).findings if f.rule == "D04"]

    assert [f"{f.stated} {f.expected}" for f in found] == [places]
    assert found[0].severity == "error"
    assert "上年.xlsx" in found[0].message


def test_last_years_workbook_that_is_not_to_be_had_is_an_open_question() -> None:
    assert open_questions(report(base(), Last(None, "没有找到"))) == {"D04": ["没有找到"]}


def test_stale_result_is_found_where_the_table_has_changed_since() -> None:
    workbook = base()
    edited = edits.changed("表10[公务接待].合计 = 3.20", of=workbook)

    assert ("D06", "三公经费对比!C8") in about(report(edited))


def test_formulas_without_a_result_are_an_open_question() -> None:
    workbook = base()
    sheets = [
        sheet._replace(uncalculated=frozenset({(5, 4), (6, 4)})) if sheet.name == COMPARISONS[0] else sheet
        for sheet in workbook.sheets
    ]
    found = open_questions(report(workbook._replace(sheets=sheets)))

    assert set(found) == {"D05", "D06"}
    assert "没有计算结果" in found["D05"][0]


def test_last_years_figure_that_cannot_be_read_is_an_open_question_and_no_zero() -> None:
    change = "上年预算数[收入预算/单位资金].上年预算数 = 不详"

    found = report(changed(change, base()))

    assert set(about(found)) == {*about(found, "D03"), ("D11", cell_of(change, base()))}
    assert all("读不出来" in reason for said in open_questions(found).values() for reason in said)
    assert set(open_questions(found)) == {"D02", "D03", "D07"}


def test_this_years_figure_that_cannot_be_read_is_an_open_question() -> None:
    found = report(edits.changed("表10[公务接待].合计 = 三万", of=base()))

    assert {rule for rule, _ in about(found)} == {"D03"}
    assert set(open_questions(found)) == {"D01", "D02", "D03"}
    assert "表10!B9" in open_questions(found)["D01"][0]


def test_headings_that_are_gone_are_an_open_question() -> None:
    workbook = base()
    sheet = next(sheet for sheet in workbook.sheets if sheet.name == COMPARISONS[0])
    sheet.rows[3][:] = ["别的"] * len(sheet.rows[3])

    assert "表头" in open_questions(report(workbook))["D05"][0]


def test_rounding_is_no_contradiction_of_parts() -> None:
    """Last year's items as the document implies them add to a cent more than their total."""
    assert about(report(base()), "D07") == []


@pytest.mark.parametrize(("typed", "found"), [(81.40, False), (81.38, False), (81.41, True), (81.37, True)])
def test_change_within_the_half_units_is_admitted(typed: float, found: bool) -> None:
    workbook = changed(f"收支对比[收入预算/一般公共预算].增减额 = {typed}", base())

    assert (about(report(workbook), "D05") != []) == found


@pytest.mark.parametrize(
    ("group", "line", "typed", "found"),
    [
        ("收入预算", "上级一般公共预算安排的转移支付", "100.00", False),
        ("收入预算", "上级一般公共预算安排的转移支付", "99.00", True),
        ("收入预算", "上级一般公共预算安排的转移支付", "—", False),
        ("收入预算", "政府性基金预算", "0.00", False),
        ("收入预算", "政府性基金预算", "100.00", True),
        ("收入预算", "单位资金", "115.1%", False),
        ("收入预算", "单位资金", "115.2%", True),
        ("收入预算", "单位资金", "#DIV/0!", True),
    ],
)
def test_rate_follows_the_figures_and_from_zero_the_form(group: str, line: str, typed: str, found: bool) -> None:
    change = f"收支对比[{group}/{line}].增减率 = {typed}"

    assert about(report(changed(change, base())), "D05") == ([("D05", cell_of(change, base()))] if found else [])


def test_unknown_kind_of_department_is_an_open_question_where_there_is_a_comparison() -> None:
    workbook = base()
    next(row for sheet in workbook.sheets for row in sheet.rows if row[0] == UNIT_KIND)[1] = ""

    assert UNIT_KIND in open_questions(report(workbook))["D08"][0]


CODES = ("2011301", "2011350", "2011399", "2080501", "2050201", "2299999")
"""Of both years, of one, and a 类 that this year's table does not have."""


def _random_prior(draw: random.Random) -> dict[tuple[str, str], PriorFigure]:
    """Last year at random: sections left out, zeros, codes that are no longer there."""
    assert FORM.comparison is not None
    found = {}

    def amount() -> Decimal:
        return Decimal(draw.choice((0, draw.randrange(5), draw.randrange(3_000_000)))) / 100

    for group in FORM.comparison.groups:
        if draw.random() < 0.15:
            continue
        if group.codes:
            for code in draw.sample(CODES, draw.randrange(6)):
                pair = amount(), amount()
                found[group.id, code] = PriorFigure((sum(pair, Decimal()), *pair))
        else:
            found |= {(group.id, line.id): PriorFigure((amount(),)) for line in group.lines if draw.random() < 0.9}
    return found


@pytest.mark.parametrize("seed", range(12))
def test_sheets_that_were_computed_are_never_found_fault_with_and_one_changed_figure_always_is(seed: int) -> None:
    draw = random.Random(seed)
    content = two_years.content()._replace(prior=_random_prior(draw))
    workbook = with_reasons(read_package(build(CATALOGUE, content)))

    assert about(report(workbook), "D01", "D02", "D05", "D06") == []

    places = [
        (sheet, listed, entry.row, heading)
        for sheet in workbook.sheets
        if sheet.name in COMPARISONS
        for listed in [two_years.read(sheet)]
        for entry in listed.entries
        for heading in (NOW, BEFORE, CHANGE, RATE, SHARE)
        if isinstance(entry.cells.get(heading), float)
    ]
    for sheet, listed, row, heading in draw.sample(places, 5):
        place = listed.columns[heading]
        kept = sheet.rows[row][place]
        # Beyond what rounding can explain, even of rates from a last year of a cent.
        sheet.rows[row][place] = float(str(kept)) * 9 + 1_000_000

        assert listed.address(row, heading) in [cell for _, cell in about(report(workbook), "D05", "D06")]

        sheet.rows[row][place] = kept


def test_every_group_of_the_form_takes_part() -> None:
    """So that the random figures above are about all there is."""
    assert FORM.comparison is not None
    sheets = {sheet.name: two_years.read(sheet) for sheet in base().sheets if sheet.name in COMPARISONS}
    groups: list[Group] = [entry.group for listed in sheets.values() for entry in listed.entries]

    assert {group.id for group in groups} == {group.id for group in FORM.comparison.groups}
