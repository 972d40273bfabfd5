"""The rules about what the first sheet says of operating cost and vehicles, held against the tables."""

from pathlib import Path

import pytest

from gouji_checks.check import Report
from gouji_checks.compare.comparison import compare
from gouji_checks.compare.stated import stated_number
from gouji_checks.single import Options
from gouji_checks.source import Workbook
from gouji_checks.summary.record import record_of
from gouji_templates import workbook as template
from gouji_templates.content import OPERATING, UNIT_KIND, VEHICLES, VEHICLES_BOUGHT
from gouji_templates.form import DEFAULT_FORM
from samples.build import published
from tests import edits
from tests.year_before import prior_rows, with_sheet

MIXED, PLAIN, ADMINISTRATIVE = "行政单位和事业单位", "事业单位", "行政单位"


def saying(values: dict[str, object]) -> Workbook:
    """The published workbook with other values on its first sheet."""
    workbook = edits.the_published()
    rows = next(sheet.rows for sheet in workbook.sheets if sheet.name == edits.FORM.info_sheet)
    for field, value in values.items():
        next(row for row in rows if row[0] == field)[1] = value
    return workbook


def about(found: Report, *rules: str) -> list[tuple[str, str]]:
    """Rule and severity of what these rules say."""
    return [(f.rule, f.severity) for f in found.findings if f.rule in rules]


@pytest.mark.parametrize(
    ("kind", "stated", "severity"),
    [
        (ADMINISTRATIVE, "", ""),
        (ADMINISTRATIVE, 30.2, ""),
        (ADMINISTRATIVE, 30.21, "error"),
        (MIXED, 12.0, ""),
        (MIXED, 30.2, ""),
        (MIXED, 30.21, "error"),
        (MIXED, "", "warning"),
        (MIXED, "很多", "error"),
        (PLAIN, "", ""),
        (PLAIN, 0.0, ""),
        (PLAIN, 12.0, "warning"),
        ("", 12.0, ""),
    ],
)
def test_operating_cost_by_the_kind_of_department(kind: str, stated: object, severity: str) -> None:
    found = edits.report(saying({UNIT_KIND: kind, OPERATING: stated}))

    assert about(found, "D08") == ([("D08", severity)] if severity else [])


@pytest.mark.parametrize(
    ("have", "buy", "cost", "rules"),
    [
        (0.0, "", 0, ["D10"]),
        (0.0, 1.0, 0, []),
        ("", "", 0, []),
        (2.0, "", 18, ["D09"]),
        (2.0, 0.0, 18, ["D09"]),
        (2.0, 1.0, 18, []),
        (2.0, "1", 18, []),
        (2.0, "三辆", 18, ["D09"]),
        (2.0, 0.5, 18, ["D09"]),
        ("0", "", 0, ["D10"]),
    ],
)
def test_vehicles_bought_and_run(have: object, buy: object, cost: int, rules: list[str]) -> None:
    workbook = saying({VEHICLES: have, VEHICLES_BOUGHT: buy})
    if cost:
        workbook = edits.changed(f"表10[公务用车购置].合计 = {cost}.00", of=workbook)

    assert [rule for rule, _ in about(edits.report(workbook), "D09", "D10")] == rules


@pytest.mark.parametrize(
    ("buy", "said"), [("", "没有填写"), (0.0, "是 0"), ("0", "是 0"), ("三辆", "填的是“三辆”，不是辆数")]
)
def test_number_bought_is_quoted_as_it_stands(buy: object, said: str) -> None:
    found = edits.report(edits.changed("表10[公务用车购置].合计 = 18.00", of=saying({VEHICLES_BOUGHT: buy})))

    (message,) = [finding.message for finding in found.findings if finding.rule == "D09"]
    assert message == f"公务用车购置费 18.00 万元，基本信息里的{VEHICLES_BOUGHT}{said}"


@pytest.mark.parametrize(
    ("value", "number"),
    [(2.0, 2), ("2", 2), (" ２ ", 2), (0.0, 0), ("", None), (2.5, None), (-1.0, None), (True, None), ("两辆", None)],
)
def test_counts_mean_the_same_to_a_rule_and_a_comparison(value: object, number: int | None) -> None:
    workbook = saying({VEHICLES: value})
    found = edits.report(workbook)

    assert stated_number(found.book, VEHICLES) == number
    per_vehicle = [one.number for one in compare(found.book).per_head if one.counted == VEHICLES]
    assert per_vehicle == ([number] if number else [])
    assert about(found, "D10") == ([("D10", "warning")] if number == 0 else [])


@pytest.mark.parametrize(
    ("have", "reasons"),
    [("", [f"没有填写{VEHICLES}"]), ("两辆", [f"{VEHICLES}“两辆”不是辆数"]), (2.0, []), ("2", [])],
)
def test_rule_about_vehicles_stays_open_where_their_number_cannot_be_read(have: object, reasons: list[str]) -> None:
    found = edits.report(with_sheet(prior_rows(), of=saying({VEHICLES: have})))

    assert [item.reason for item in found.ledger.not_checked if item.rule == "D10"] == reasons


def test_a_count_typed_as_text_is_added_up_over_departments(tmp_path: Path) -> None:
    path = tmp_path / "预算.xlsx"
    content = published(edits.FORM)
    template.write(path, edits.FORM, content._replace(info=content.info | {VEHICLES: "2", VEHICLES_BOUGHT: "两辆"}))

    counts = record_of(str(path), Options(DEFAULT_FORM)).counts
    assert (counts.get(VEHICLES), counts.get(VEHICLES_BOUGHT)) == (2, None)


def test_first_sheet_without_the_lines_is_not_found_fault_with() -> None:
    workbook = edits.changed("表10[公务用车购置].合计 = 18.00")
    sheets = [sheet for sheet in workbook.sheets if sheet.name != edits.FORM.info_sheet]

    assert about(edits.report(workbook._replace(sheets=sheets)), "D08", "D09", "D10") == []
