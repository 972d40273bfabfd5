"""What is hidden in an open workbook, leads to another, or is a macro: told as of its file, with as many questions as
there is to tell."""

from math import ceil, log2
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
import xlsxwriter
import xlwings as xw
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink

from gouji_addin.buttons import clear_marks, validate
from gouji_addin.message import BUSY
from gouji_addin.results import NAME
from gouji_addin.source import BookSource
from gouji_checks.source import FileSource
from gouji_templates.content import DETAIL, SUBJECTS
from gouji_templates.results import UNCHECKED
from samples.build import SAMPLE, SAMPLES, TEMPLATE
from tests.clicks import (
    clicked,
    noon,
    opened,
    saved,
    told,
    told_by_the_command_line,
    told_by_the_sheet,
    with_formulas,
)
from tests.excel import Excel
from tests.excel_manner import ComError
from tests.excel_objects import BookObject
from tests.test_bad_input_source import rezipped

LINES, PLACES = 40, 9

some_lines = st.sets(st.integers(0, LINES - 1))
some_places = st.sets(st.integers(0, PLACES - 1))


@settings(max_examples=60, deadline=None)
@given(lines=some_lines, places=some_places, low=some_lines, narrow=some_places)
def test_hidden_rows_and_columns_are_those_of_the_file(
    lines: set[int], places: set[int], low: set[int], narrow: set[int]
) -> None:
    """A row without height and a column without width are hidden too. One question tells of rows that are alike."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "隐.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("表1")
            for line in range(LINES):
                sheet.write_row(line, 0, range(PLACES))
            for line in sorted(low | lines):
                sheet.set_row(line, 0 if line in low else None, None, {"hidden": line in lines})
            for place in sorted(narrow | places):
                sheet.set_column(place, place, 0 if place in narrow else 7, None, {"hidden": place in places})
        (file,) = FileSource(str(path)).read().sheets
        excel = Excel()

        (found,) = BookSource(excel.open(path)).read().sheets

    assert (found.hidden_rows, found.hidden_columns) == (file.hidden_rows, file.hidden_columns)
    assert (set(found.hidden_rows), set(found.hidden_columns)) == (low | lines, narrow | places)
    turns = [
        sum((one in some) != (one - 1 in some) for one in range(1, n))
        for some, n in ((low | lines, LINES), (narrow | places, PLACES))
    ]
    most = [1 + 2 * turn * ceil(log2(n)) for turn, n in zip(turns, (LINES, PLACES), strict=True)]
    assert excel.asked["表1"] <= sum(most)


def test_rows_that_a_filter_hides_count_as_hidden(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "筛.xlsx") as book:
        sheet = book.add_worksheet("表1")
        sheet.write_column(0, 0, ["项目", "甲", "乙", "甲"])
        sheet.autofilter(0, 0, 3, 0)
        sheet.filter_column(0, "x == 甲")
        sheet.set_row(2, None, None, {"hidden": True})
    path = tmp_path / "筛.xlsx"

    (found,) = BookSource(Excel().open(path)).read().sheets

    assert found == FileSource(str(path)).read().sheets[0]
    assert found.hidden_rows == {2}


def test_a_filtered_list_of_ours_is_not_asked_row_by_row(tmp_path: Path) -> None:
    """No rule looks at what is hidden there, and it may be long."""
    with xlsxwriter.Workbook(tmp_path / "明细.xlsx") as book:
        sheet = book.add_worksheet(DETAIL)
        for line in range(200):
            sheet.write(line, 0, 1)
            sheet.set_row(line, None, None, {"hidden": line % 2})
    excel = Excel()

    BookSource(excel.open(tmp_path / "明细.xlsx")).read()

    assert set(excel.asked) == {""}


def with_link(path: Path) -> Path:
    """The published workbook with a link to last year's, and whatever else in it looks like one."""
    book = openpyxl.load_workbook(SAMPLES / SAMPLE)
    link = ExternalLink(externalBook=ExternalBook())
    link.file_link = Relationship("rId1", type="externalLinkPath", Target="上年（定稿）.xlsx", TargetMode="External")
    book._external_links.append(link)  # type: ignore[attr-defined]
    book["表5"]["K1"] = "=[上年（定稿）.xlsx]表5!E9"
    book["表5"]["K1"].data_type = "s"
    # A check passes this sheet over.
    book.create_sheet(SUBJECTS)["A1"] = "=[1]表5!E9"
    book.save(path)
    return path


LINKED = {
    "a cell": ({"E9": "[1]表5!E9"}, ["表5!E9"]),
    "within a formula, in quotes": ({"F9": "SUM('[1]表 5'!E9,1)", "E9": "F9+G9"}, ["表5!F9"]),
    "a name": ({"E9": "[1]!支出合计"}, ["表5!E9"]),
    "a text only": ({"E9": '"[1]表5!"&F9'}, []),
    "none": ({}, []),
}


@pytest.mark.parametrize(("formulas", "cells"), LINKED.values(), ids=LINKED)
def test_links_to_other_workbooks_are_told_as_of_the_file(
    formulas: dict[str, str], cells: list[str], tmp_path: Path
) -> None:
    """Which cells they are in takes one more call for each sheet that a check reads, and only where there are links."""
    path = with_link(tmp_path / "链.xlsx")
    if formulas:
        with_formulas(path, formulas, dict.fromkeys(formulas, 9.0))
    excel, book = opened(path)
    names = [sheet.name for sheet in book.sheets]

    validate(book, noon)

    assert not excel.messages
    assert dict(excel.reads) == {name: 1 if name == SUBJECTS else 2 for name in names}
    found = told_by_the_sheet(book)
    assert found == told_by_the_command_line(path)
    assert [row[2] for row in found if row[1] == "B15"] == (cells or [""])


def with_macros(path: Path, part: str) -> Path:
    """The published workbook with a part that holds macros."""
    path.write_bytes(rezipped({part: b""}, (SAMPLES / SAMPLE).read_bytes()))
    return path


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_told_as_of_the_file(part: str, tmp_path: Path) -> None:
    path = with_macros(tmp_path / "宏.xlsm", part)
    excel, book = opened(path)

    validate(book, noon)

    assert not excel.messages
    found = told_by_the_sheet(book)
    assert found == told_by_the_command_line(path)
    assert "B16" in [row[1] for row in found]


def headline(book: xw.Book) -> str:
    """The line with the result."""
    return next(str(row[0]) for row in book.sheets[NAME].used_range.value if str(row[0]).startswith("结果："))


@pytest.mark.parametrize(
    ("path", "starts"),
    [(SAMPLES / SAMPLE, "结果：没有错误，1 条提示"), (TEMPLATE, "结果：没有错误，但有 1 项没有核对")],
    ids=["clean", "altered formulas"],
)
def test_no_error_is_not_all_that_is_said_where_something_was_not_looked_at(path: Path, starts: str) -> None:
    _, book = opened(path)

    validate(book, noon)

    assert headline(book).startswith(starts)


def refuse(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Excel does not answer whether there are macros."""

    def asked(_: object) -> bool:
        raise ComError(number)

    monkeypatch.setattr(BookObject, "HasVBProject", property(asked))


def test_what_excel_does_not_answer_is_said_not_to_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(-2146827284, monkeypatch)
    excel, book = opened(SAMPLES / SAMPLE)

    validate(book, noon)

    assert not excel.messages
    assert headline(book).startswith("结果：没有错误，但有 1 项没有核对")
    assert [row["规则"] for row in told(book) if row["级别"] == UNCHECKED] == ["B16"]


def test_a_busy_excel_is_not_taken_for_one_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(-2147418111, monkeypatch)
    excel, book = opened(SAMPLES / SAMPLE)

    validate(book, noon)

    assert [text for _, text in excel.messages] == [BUSY]
    assert not excel.writes


def test_what_fill_keeps_hidden_is_told_until_it_is_cleared_away(leaves: Path, tmp_path: Path) -> None:
    """By the command line and by 校验 in the same words."""
    excel, book = clicked(leaves)
    path = saved(book, tmp_path / "a.xlsx")

    validate(book, noon)

    found = told_by_the_sheet(book)
    assert found == told_by_the_command_line(path)
    assert [row[:2] for row in found if row[1] == "B18"] == [("提示", "B18")]
    excel.answers = ["yes"]
    clear_marks(book)
    validate(book, noon)
    assert "B18" not in [row[1] for row in told_by_the_sheet(book)]
    assert "B18" not in [row[1] for row in told_by_the_command_line(saved(book, tmp_path / "b.xlsx"))]
