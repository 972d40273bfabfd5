"""The rules about what the first sheet says of operating cost and vehicles, held against the tables."""

import pytest

from gouji_checks.check import Report
from gouji_checks.source import Workbook
from gouji_templates.content import OPERATING, UNIT_KIND, VEHICLES, VEHICLES_BOUGHT
from tests import edits

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
    ],
)
def test_vehicles_bought_and_run(have: object, buy: object, cost: int, rules: list[str]) -> None:
    workbook = saying({VEHICLES: have, VEHICLES_BOUGHT: buy})
    if cost:
        workbook = edits.changed(f"表10[公务用车购置].合计 = {cost}.00", of=workbook)

    assert [rule for rule, _ in about(edits.report(workbook), "D09", "D10")] == rules


def test_first_sheet_without_the_lines_is_not_found_fault_with() -> None:
    workbook = edits.changed("表10[公务用车购置].合计 = 18.00")
    sheets = [sheet for sheet in workbook.sheets if sheet.name != edits.FORM.info_sheet]

    assert about(edits.report(workbook._replace(sheets=sheets)), "D08", "D09", "D10") == []
