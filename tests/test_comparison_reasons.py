"""增减原因 beside the wrong line: the sheets say so themselves as soon as it happens, and agree with the rules."""

import random
import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from gouji_checks.check import Report
from gouji_checks.finding import Address, Finding
from gouji_checks.live.comparison_marks import ABOVE, NO_LINE, STILL, TO_WRITE
from gouji_checks.live.template import build
from gouji_checks.source import FileSource, Workbook
from gouji_templates.content import COMPARISONS, blank
from gouji_templates.results import FAILED, FILLS, UNCHECKED
from tests import two_years, year_pairs
from tests.command import run
from tests.fills import put_items
from tests.office import Delete, Insert, Office, Put
from tests.two_years import built, content, report
from tests.year_before import CATALOGUE, FORM

BY_CODE = "一般公共预算支出（按科目）"
GIVEN = "按本年工作安排"
SHEET = COMPARISONS[0]
REASONS, MARKS = 7, 9
"""The columns, from 0."""

NOTHING_SAID = ("", "", "", "—", " 无 ", "略", "没有", "“无”", "/", "2025", "１．")
SAID = (GIVEN, GIVEN, "与上年持平", "没有安排出国", "2 人退休", "略增", "ok")
MISPLACED, DUE = "D12", ("D01", "D02")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the blank template."""
    folder = tmp_path_factory.mktemp("reasons")
    (folder / "空白.xlsx").write_bytes(build(CATALOGUE, blank(FORM, "某局")))
    return folder


@pytest.fixture(scope="module")
def path(folder: Path) -> Path:
    """The template with both years of the published department, and no reason yet."""
    path = folder / "两年.xlsx"
    path.write_bytes(built())
    return path


def found(of: Report, *rules: str) -> list[Finding]:
    return [finding for finding in of.findings if finding.rule in rules]


def reasons_at(of: Report, *rules: str) -> list[str]:
    """The cells for reasons that these rules name."""
    cells = {cell for finding in found(of, *rules) for cell in finding.cells}
    return sorted(cell for cell in cells if cell.partition("!")[0] in COMPARISONS and "!H" in cell)


def rows_of(of: Workbook, sheet: str = SHEET) -> list[list[object]]:
    return next(one.rows for one in of.sheets if one.name == sheet)


def row_of(of: Workbook, code: str) -> int:
    return next(number for number, row in enumerate(rows_of(of)) if row[0] == code)


def said_by(workbook: Workbook) -> dict[str, list[str]]:
    """What the sheets mark, by mark, and the sentences that they show."""
    shown: dict[str, list[str]] = {TO_WRITE: [], STILL: [], NO_LINE: [], ABOVE: [], "": []}
    for name in COMPARISONS:
        for number, row in enumerate(rows_of(workbook, name)):
            if str(row[0]).startswith("有 "):
                shown[""].append(str(row[0]))
            if len(row) > MARKS and row[MARKS] in shown and row[MARKS]:
                shown[str(row[MARKS])].append(str(Address(name, number, REASONS)))
    return shown


def agreed(workbook: Workbook) -> list[str]:
    """The sentences of the sheets, which mark what the rules find and nothing else."""
    shown, findings = said_by(workbook), report(workbook)
    assert sorted(shown[TO_WRITE]) == reasons_at(findings, *DUE)
    misplaced = reasons_at(findings, MISPLACED)
    # A line that stays where it is counts only while another of its group has no reason.
    assert {*shown[NO_LINE], *shown[ABOVE]} <= set(misplaced) <= {*shown[NO_LINE], *shown[ABOVE], *shown[STILL]}
    assert sum(int(count) for words in shown[""] for count in re.findall(r"(\d+) 行的原因写在", words)) == len(
        misplaced
    )
    assert sum(int(count) for words in shown[""] for count in re.findall(r"(\d+) 行有增减", words)) == len(
        shown[TO_WRITE]
    )
    return shown[""]


def write_reasons(workbook: Workbook) -> list[Put]:
    """A reason on every line that still needs one."""
    edits = []
    for cell in said_by(workbook)[TO_WRITE]:
        sheet, _, place = cell.partition("!")
        edits.append(Put(sheet, int(place[1:]) - 1, REASONS, GIVEN))
    return edits


def test_a_code_inserted_after_the_reasons_were_written_is_seen_at_once(office: Office, path: Path) -> None:
    document = office.open(path)
    before = document.workbook()
    assert agreed(before) == ["有 20 行有增减而没有写原因。", "有 1 行有增减而没有写原因。"]
    document.apply(write_reasons(before))
    assert agreed(document.workbook()) == []

    table = document.values()["表5"]
    row = next(number for number, cells in enumerate(table) if cells[:3] == ["201", "13", "50"])
    new = [Put("表5", row, column, text) for column, text in enumerate(("201", "13", "02"))]
    document.apply([Insert("表5", row), *new, Put("表5", row, 4, 2.0), Put("表5", row, 5, 2.0)])
    after = document.workbook()

    assert agreed(after) == [
        "有 5 行有增减而没有写原因，有 4 行的原因写在没有增减、没有科目或类级的行；"
        "科目若有变动，按科目的原因可能已错位，请逐行核对。"
    ]
    classes = [row_of(after, code) for code in ("208", "210", "215", "221")]
    assert said_by(after)[ABOVE] == [f"{SHEET}!H{row + 1}" for row in classes]
    document.revert()


def test_a_code_taken_out_leaves_the_last_reason_beside_no_line(office: Office, path: Path) -> None:
    document = office.open(path)
    document.apply(write_reasons(document.workbook()))
    table = document.values()["表5"]

    document.apply([Delete("表5", next(n for n, cells in enumerate(table) if cells[:3] == ["215", "08", "05"]))])
    after = document.workbook()

    (words,) = agreed(after)
    assert words.startswith("有 1 行有增减而没有写原因，有 2 行的原因写在")
    assert len(said_by(after)[NO_LINE]) == 1
    document.revert()


@pytest.mark.parametrize("seed", range(5))
def test_any_reasons_are_marked_as_the_rules_find_them(office: Office, folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    document = office.open(folder / "空白.xlsx")
    document.apply(year_pairs.edits(FORM, seed))
    typed = document.workbook()
    document.apply(
        Put(name, number, REASONS, chance.choice(NOTHING_SAID + SAID) or None)
        for name in COMPARISONS
        for number in reason_rows(typed, name)
    )

    agreed(document.workbook())


def reason_rows(workbook: Workbook, name: str) -> list[int]:
    """The rows of a sheet with a line, and some of the room left for codes."""
    listed = two_years.read(next(sheet for sheet in workbook.sheets if sheet.name == name))
    rows = [entry.row for entry in listed.entries]
    return [*rows, *range(max(rows) + 1, max(rows) + 4)] if name == SHEET else rows


def test_reasons_are_filled_yellow_where_they_are_due_and_red_where_they_are_misplaced() -> None:
    """Of several formats that hold, LibreOffice follows the first alone."""
    sheet = load_workbook(BytesIO(built()))[SHEET]
    assert isinstance(sheet, Worksheet)
    formats = [
        (rule.priority, str(area.sqref), str(rule.formula[0]), rule.dxf.fill.bgColor.rgb if rule.dxf.fill else None)
        for area in sheet.conditional_formatting
        for rule in area.rules
    ]
    (first,) = [row for row in range(1, 100) if sheet.cell(row, 1).value == BY_CODE]
    last = max(cell.row for cell in sheet["J"] if cell.value)

    by_code = [one[2:] for one in sorted(formats) if one[1] == f"H{first + 2}:H{last}"]
    fixed = [one[2:] for one in sorted(formats) if one[1] == "H6:H16"]

    mark, red, yellow = f"$J{first + 2}", f"FF{FILLS[FAILED][1:]}", f"FF{FILLS[UNCHECKED][1:]}"
    assert by_code == [
        (f'OR({mark}="{STILL}",{mark}="{ABOVE}")', red),
        (f'{mark}="{NO_LINE}"', red),
        (f'{mark}="{TO_WRITE}"', yellow),
        (f'$A{first + 2}<>""', None),
    ]
    still = f'AND($J6="{STILL}",COUNTIF($J$6:$J$16,"{TO_WRITE}")>0)'
    assert (f'OR({still},$J6="{ABOVE}")', red) == fixed[0]
    assert (f'$J6="{TO_WRITE}"', yellow) in fixed


def test_filling_brings_the_marks_up_to_date_before_anybody_opens_the_workbook(office: Office, folder: Path) -> None:
    path, out = folder / "粘贴.xlsx", folder / "填好.xlsx"
    empty = blank(FORM, "某局")._replace(prior=content().prior)
    book = load_workbook(BytesIO(build(CATALOGUE, empty)))
    first = next(row for row in range(1, 100) if book[SHEET].cell(row, 1).value == BY_CODE) + 2
    for row, reason in (
        (7, GIVEN),
        (first, GIVEN),
        (first + 1, "—"),
        (first + 3, GIVEN),
        (first + 40, "多"),
    ):
        book[SHEET].cell(row, REASONS + 1, reason)
    book.save(path)

    assert run("fill", put_items(path), "-o", out) == 0

    stored = said_by(FileSource(str(out)).read())
    assert stored == said_by(office.open(out).workbook())
    assert [len(cells) for cells in stored.values()] == [18, 0, 1, 1, 2]
