"""An open workbook gives the findings of its file, address by address, and is read in one call per sheet."""

import datetime
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import PatternFill

from gouji_addin.source import BookSource
from gouji_checks.check import Report, check
from gouji_checks.finding import Finding
from gouji_checks.source import FileSource, Rows, Sheet, Unreadable
from gouji_templates.content import OTHER_SHEETS
from gouji_templates.form import load
from samples.build import SAMPLE, SAMPLES, TEMPLATE
from tests.draft import made
from tests.excel import COM, REMOTE, Excel, Manner
from tests.mutate import mutations
from tests.office import Values
from tests.test_source import CONTENT, by_xlsxwriter
from tests.workbooks import EVERY_WORKBOOK

UNTOLD = {"14-隐藏行有数": {("B14", ("表5!E21", "表5!F21"))}}
"""Findings, by workbook, that the remote engine leaves out: it does not tell hidden rows."""

EVERY_MANNER = pytest.mark.parametrize("manner", [COM, REMOTE], ids=["COM", "remote"])


def live(path: Path, manner: Manner = COM) -> Report:
    return check(BookSource(Excel(manner).open(path)))


def trimmed(rows: Rows) -> Rows:
    """The rows without blanks at their ends and without blank rows at the end: a file keeps those of formulas."""
    short = ["\0".join(f"{type(cell).__name__}{cell}" if cell != "" else "" for cell in row) for row in rows]
    height = max((line + 1 for line, text in enumerate(short) if text.strip("\0")), default=0)
    width = max((place + 1 for row in rows for place, cell in enumerate(row) if cell != ""), default=0)
    return [row[:width] for row in rows[:height]]


def unanswered(file: Report, opened: Report) -> list[str]:
    """The rules that go unanswered for the open workbook only."""
    return [one.rule for one in opened.ledger.not_checked if one not in file.ledger.not_checked]


def altered(path: Path) -> list[str]:
    """The rule about altered formulas, which goes unanswered for an open workbook that we gave out."""
    return ["T05"] if path == TEMPLATE else []


@EVERY_WORKBOOK
def test_an_open_workbook_gives_the_findings_of_its_file(path: Path) -> None:
    file, opened = check(FileSource(str(path))), live(path)

    assert opened.findings == file.findings
    assert unanswered(file, opened) == altered(path)
    assert opened.ledger._replace(not_checked=()) == file.ledger._replace(not_checked=())


@EVERY_WORKBOOK
def test_the_remote_engine_says_what_it_could_not_look_at(path: Path) -> None:
    file, opened = check(FileSource(str(path))), live(path, REMOTE)

    untold = [finding for finding in file.findings if finding not in opened.findings]
    assert {(finding.rule, finding.cells) for finding in untold} == UNTOLD.get(path.stem, set())
    assert list(opened.findings) == [finding for finding in file.findings if finding not in untold]
    assert unanswered(file, opened) == ["B14", "B15", "B16", *altered(path)]
    assert opened.ledger._replace(not_checked=()) == file.ledger._replace(not_checked=())


def bare(sheet: Sheet, hidden: bool) -> Sheet:
    """What a file says of a sheet as an open workbook says it: the blanks at the ends of rows left out, and of our own
    lists, or where nothing says so, what is hidden."""
    rows = trimmed(sheet.rows)
    told = hidden and sheet.name not in OTHER_SHEETS
    return Sheet(
        sheet.name,
        rows,
        sheet.visible,
        frozenset(line for line in sheet.hidden_rows if told and line < len(rows)),
        frozenset(place for place in sheet.hidden_columns if told and rows and place < len(rows[0])),
    )


@EVERY_MANNER
@EVERY_WORKBOOK
def test_an_open_workbook_gives_the_sheets_of_its_file(path: Path, manner: Manner) -> None:
    file = [bare(sheet, manner == COM) for sheet in FileSource(str(path)).read().sheets]

    assert BookSource(Excel(manner).open(path)).read().sheets == file


@EVERY_WORKBOOK
def test_each_sheet_is_read_once_and_none_is_written(path: Path) -> None:
    excel = Excel()
    book = excel.open(path)

    check(BookSource(book))

    assert dict(excel.reads) == {sheet.name: 1 for sheet in book.sheets}
    assert not excel.writes


@EVERY_MANNER
def test_an_open_workbook_gives_the_same_sheets_as_every_other_source(tmp_path: Path, manner: Manner) -> None:
    by_xlsxwriter(tmp_path / "预算.xlsx")

    book = BookSource(Excel(manner).open(tmp_path / "预算.xlsx")).read()

    assert book.sheets == [Sheet(name, rows) for name, rows in CONTENT.items()]


Hidden = Mapping[str, tuple[set[int], set[int]]]
"""Rows and columns to hide, from 0, by sheet."""


def write_rows(path: Path, values: Values, hidden: Hidden = MappingProxyType({})) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in values.items():
            sheet = book.add_worksheet(name)
            lines, places = hidden.get(name, ((), ()))
            for line in lines:
                sheet.set_row(line, None, None, {"hidden": True})
            for place in places:
                sheet.set_column(place, place, None, None, {"hidden": True})
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(line, place, cell)
                    else:
                        sheet.write(line, place, cell)


def rectangle(rows: Rows, height: int, width: int) -> Rows:
    return [[*row, *[""] * (width - len(row))] for row in [*rows, *[[]] * (height - len(rows))]]


@EVERY_MANNER
def test_a_workbook_typed_into_gives_the_findings_of_the_file_it_would_be_saved_as(
    tmp_path: Path, manner: Manner
) -> None:
    published = {sheet.name: sheet.rows for sheet in FileSource(str(SAMPLES / SAMPLE)).read().sheets}
    write_rows(tmp_path / "预算.xlsx", published)
    excel = Excel(manner)
    book = excel.open(tmp_path / "预算.xlsx")
    typed: Values = dict(published)
    found: list[Finding] = []
    for number, mutation in enumerate(islice(mutations(load(), published, seed=2025), 100)):
        values = {name: [list(row) for row in rows] for name, rows in published.items()}
        for edit in mutation.edits:
            made(values, edit)
        for name, rows in values.items():
            if rows != typed[name]:
                height = max(len(rows), len(typed[name]))
                width = max(len(row) for row in [*rows, *typed[name]])
                book.sheets[name].range((1, 1)).value = rectangle(rows, height, width)
        typed = values
        path = tmp_path / f"{number}.xlsx"
        write_rows(path, values)

        file = check(FileSource(str(path)))

        assert check(BookSource(book)).findings == file.findings, mutation.told
        found += [finding for finding in file.findings if finding.severity == "error"]
    assert len(found) > 200
    assert sum(excel.reads.values()) == 100 * len(published)


@EVERY_MANNER
def test_a_sheet_renamed_and_one_hidden_while_the_workbook_is_open_are_told(tmp_path: Path, manner: Manner) -> None:
    saved = openpyxl.load_workbook(SAMPLES / SAMPLE, data_only=True)
    saved["表3"].title, saved["表7"].sheet_state = "支出", "hidden"
    saved.save(tmp_path / "改.xlsx")
    book = Excel(manner).open(SAMPLES / SAMPLE)
    book.sheets["表3"].name = "支出"
    book.sheets["表7"].visible = False

    findings = check(BookSource(book)).findings

    assert findings == check(FileSource(str(tmp_path / "改.xlsx"))).findings
    assert "B14" in {finding.rule for finding in findings}


ODD = {
    "a date": (45688, "yyyy-mm-dd", datetime.date(2025, 1, 31)),
    "a moment": (45688.5, "yyyy-mm-dd hh:mm", datetime.datetime(2025, 1, 31, 12)),
    "a time of day": (0.5, "hh:mm", datetime.time(12)),
    "midnight": (0, "hh:mm", datetime.time()),
    "an amount of money": (339.83, "¥#,##0.00", 339.83),
    "a whole number": (7, "General", 7.0),
    "a truth": (True, "General", True),
}


@EVERY_MANNER
@pytest.mark.parametrize(("value", "number_format", "expected"), ODD.values(), ids=ODD)
def test_a_value_comes_as_from_the_file(
    tmp_path: Path, manner: Manner, value: float, number_format: str, expected: object
) -> None:
    path = tmp_path / "值.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("表1").write(1, 2, value, book.add_format({"num_format": number_format}))

    rows = BookSource(Excel(manner).open(path)).read().sheets[0].rows

    assert rows == FileSource(str(path)).read().sheets[0].rows
    assert rows == [["", "", ""], ["", "", expected]]
    assert type(rows[1][2]) is type(expected)


@EVERY_MANNER
def test_errors_are_told_by_their_text(tmp_path: Path, manner: Manner) -> None:
    path = tmp_path / "错.xlsx"
    newer = ["#GETTING_DATA", "#SPILL!", "#CONNECT!", "#BLOCKED!", "#UNKNOWN!", "#FIELD!", "#CALC!"]
    errors = ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", *newer]
    book = openpyxl.Workbook()
    for place, error in enumerate(errors, 1):
        cell = book.worksheets[0].cell(1, place, error)
        cell.data_type = "e"
    book.save(path)

    rows = BookSource(Excel(manner).open(path)).read().sheets[0].rows

    assert rows == FileSource(str(path)).read().sheets[0].rows == [errors]


@EVERY_MANNER
def test_hidden_sheets_are_marked_and_charts_left_out(tmp_path: Path, manner: Manner) -> None:
    with xlsxwriter.Workbook(tmp_path / "图.xlsx") as book:
        book.add_worksheet("表1")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=表1!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)
        book.add_worksheet("表2").hide()
        book.add_worksheet("表3").very_hidden()

    sheets = BookSource(Excel(manner).open(tmp_path / "图.xlsx")).read().sheets

    assert [(sheet.name, sheet.visible) for sheet in sheets] == [("表1", True), ("表2", False), ("表3", False)]


def test_formats_beside_the_content_add_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["B2"] = 1
    sheet["F9"].fill = PatternFill("solid", fgColor="FFFF00")
    book.save(tmp_path / "色.xlsx")

    assert BookSource(Excel().open(tmp_path / "色.xlsx")).read().sheets[0].rows == [["", ""], ["", 1.0]]


LARGE = {
    "rows": (["A20001"], "工作表“表1”的内容延伸到 A20001，超出可检查的 20000 行"),
    "columns": (["SS1"], "工作表“表1”的内容延伸到 SS1，超出可检查的 20000 行、512 列"),
    "cells": (["A19999", "SA2"], "用到的区域合计超过 200 万格"),
}


@pytest.mark.parametrize(("cells", "sentence"), LARGE.values(), ids=LARGE)
def test_a_workbook_that_uses_too_large_an_area_is_refused_before_it_is_read(
    tmp_path: Path, cells: list[str], sentence: str
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表1"
    for cell in cells:
        sheet[cell] = 1
    book.save(tmp_path / "大.xlsx")
    excel = Excel()

    with pytest.raises(Unreadable, match=f"^大.xlsx：.*{sentence}.*。$"):
        BookSource(excel.open(tmp_path / "大.xlsx")).read()
    assert not excel.reads


@pytest.mark.parametrize(("mode", "times"), [("automatic", 0), ("manual", 1), ("semiautomatic", 0)])
def test_formulas_are_calculated_where_the_user_does_it_by_hand(mode: str, times: int) -> None:
    excel = Excel()
    book = excel.open(SAMPLES / SAMPLE)
    excel.calculation = mode

    BookSource(book).read()

    assert excel.calculated == times
