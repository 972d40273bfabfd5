"""What a workbook says is the same from a file and from memory, and a file also tells what its values hide."""

import datetime
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt

from gouji_checks.source import FileSource, MemorySource, Rows, Sheet, Source, Workbook

Write = Callable[[int, int, object], object]

CONTENT: dict[str, Rows] = {
    "表1": [["部门收支总体情况表", "", ""], ["收入", "单位：万元", ""], ["合计", 452.73, 0.1], ["", "", "352.83 "]],
    "表2 <三公> & '其他' 费": [["", True], [2010301.0, ""]],
    "空表": [],
}


def fill(new_sheet: Callable[[str], Write]) -> None:
    for name, rows in CONTENT.items():
        write = new_sheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value != "":
                    write(row, column, value)


def by_xlsxwriter(path: Path) -> Source:
    with xlsxwriter.Workbook(path) as book:
        fill(lambda name: book.add_worksheet(name).write)
    return FileSource(str(path))


def by_openpyxl(path: Path) -> Source:
    book = openpyxl.Workbook(write_only=False)
    book.remove(book.worksheets[0])

    def new_sheet(name: str) -> Write:
        sheet = book.create_sheet(name)
        return lambda row, column, value: sheet.cell(row + 1, column + 1, value)

    fill(new_sheet)
    book.save(path)
    return FileSource(str(path))


def by_xlwt(path: Path) -> Source:
    book = xlwt.Workbook()
    fill(lambda name: book.add_sheet(name).write)
    book.save(str(path))
    return FileSource(str(path))


def xlsx_named_xls(path: Path) -> Source:
    by_xlsxwriter(path)
    return FileSource(str(path.rename(path.with_suffix(".xls"))))


def in_memory(_: Path) -> Source:
    return MemorySource(CONTENT)


def in_memory_with_gaps(_: Path) -> Source:
    gaps = {name: [[None if value == "" else value for value in row] for row in rows] for name, rows in CONTENT.items()}
    return MemorySource(gaps)


def as_workbook(_: Path) -> Source:
    return MemorySource(Workbook([Sheet(name, rows) for name, rows in CONTENT.items()]))


SOURCES = [by_xlsxwriter, by_openpyxl, by_xlwt, xlsx_named_xls, in_memory, in_memory_with_gaps, as_workbook]


@pytest.mark.parametrize("make", SOURCES)
def test_every_source_gives_the_same_sheets(tmp_path: Path, make: Callable[[Path], Source]) -> None:
    book = make(tmp_path / "预算.xlsx").read()

    assert book.sheets == [Sheet(name, rows) for name, rows in CONTENT.items()]
    assert (book.macros, book.links) == (False, False)
    assert bool(book.unexamined) == (make is by_xlwt)


def test_memory_pads_short_rows() -> None:
    book = MemorySource({"表1": [[1], [1, 2]]}).read()

    assert book.sheets[0].rows == [[1, ""], [1, 2]]


def crafted(path: Path, rows: str = "", head: str = "", prefix: str = "", **parts: str) -> Workbook:
    """Read a workbook whose first sheet holds this XML, with further parts by name."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("表1")
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{namespace}">{head}<sheetData>{rows}</sheetData></worksheet>'
    if prefix:
        xml = xml.replace("</", f"</{prefix}:").replace("<", f"<{prefix}:").replace(f"<{prefix}:/", "</")
        xml = xml.replace("xmlns=", f"xmlns:{prefix}=")
    with zipfile.ZipFile(buffer) as package, zipfile.ZipFile(path, "w") as crafted:
        texts = {name: package.read(name).decode() for name in package.namelist()}
        for name, text in (texts | {"xl/worksheets/sheet1.xml": xml} | parts).items():
            crafted.writestr(name, text)
    return FileSource(str(path)).read()


COLUMN = '<cols><col min="2" max="3" width="9" {}/></cols>'
HIDDEN = {
    "hidden row": ('<row r="1"/><row r="3" hidden="1"/>', "", {2}, set()),
    "hidden row, true": ('<row r="3" hidden="true" spans="1:2"/>', "", {2}, set()),
    "hidden row in single quotes": ("<row r='3' hidden='1'/>", "", {2}, set()),
    "hidden row without a number": ('<row r="2"/><row hidden="1"/>', "", {2}, set()),
    "row of no height": ('<row r="3" ht="0" customHeight="1"/>', "", {2}, set()),
    "low row": ('<row r="3" ht="0.75" customHeight="1"/>', "", set(), set()),
    "row shown on purpose": ('<row r="3" hidden="0"/>', "", set(), set()),
    "hidden columns": ("", COLUMN.format('hidden="1"'), set(), {1, 2}),
    "hidden to the end": ("", COLUMN.format("hidden='true'").replace('"3"', '"16384"'), set(), set(range(1, 512))),
    "columns of no width": ("", COLUMN.format("").replace('"9"', '"0"'), set(), {1, 2}),
    "narrow columns": ("", COLUMN.format("").replace('"9"', '"0.5"'), set(), set()),
}


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize(("rows", "head", "hidden_rows", "hidden_columns"), HIDDEN.values(), ids=HIDDEN)
def test_hidden_rows_and_columns_are_told(
    tmp_path: Path, rows: str, head: str, hidden_rows: set[int], hidden_columns: set[int], prefix: str
) -> None:
    sheet = crafted(tmp_path / "藏.xlsx", rows, head, prefix).sheets[0]

    assert (set(sheet.hidden_rows), set(sheet.hidden_columns)) == (hidden_rows, hidden_columns)


SHARED = '<c r="B1"><f t="shared" ref="B1:B2" si="0">{}</f><v>1</v></c><c r="B2"><f t="shared" si="0"/>{}</c>'
FORMULAS: dict[str, tuple[str, set[tuple[int, int]], tuple[tuple[int, int], ...]]] = {
    "calculated": ('<c r="B1"><f>A1</f><v>1</v></c>', set(), ()),
    "no value": ('<c r="B1"><f>A1</f></c><c r="C1"><v>1</v></c>', {(0, 1)}, ()),
    "empty value": ('<c r="B1"><f>A1</f><v></v></c>', {(0, 1)}, ()),
    "closed value": ('<c r="B1"><f>A1</f><v/></c>', {(0, 1)}, ()),
    "value before formula, which calamine loses": ('<c r="B1"><v>1</v><f>A1</f></c>', {(0, 1)}, ()),
    "empty text": ('<c r="B1" s="1" t="str"><f>""</f><v></v></c>', set(), ()),
    "empty text beside none": ('<c r="B1" t="str"><f>""</f><v></v></c><c r="C1" t="str"><f>A1</f></c>', {(0, 2)}, ()),
    "spread over lines": ('<c r="B1">\n <f>A1</f>\n <v>1</v>\n</c><c r="C1">\n <f>A1</f>\n</c>', {(0, 2)}, ()),
    "cells without places": ("<c><f>1</f></c><c/><c><f>1</f></c>", {(0, 0), (0, 2)}, ()),
    "shared, calculated": (SHARED.format("A1", "<v>1</v>"), set(), ()),
    "shared, not calculated": (SHARED.format("A1", ""), {(1, 1)}, ()),
    "another workbook": ('<c r="B1"><f>[1]Sheet1!A1*2</f><v>1</v></c>', set(), ((0, 1),)),
    "another workbook, quoted": ("<c r=\"B1\"><f>SUM('[12]表 1'!A1)</f><v>1</v></c>", set(), ((0, 1),)),
    "another workbook, shared": (SHARED.format("[1]表1!A1", "<v>1</v>"), set(), ((0, 1), (1, 1))),
    "structured references": (
        '<c r="B1"><f>表1[金额]+表1[1]+[@x]+表1[[#All],[1]]+表1[[1],[2]]</f><v>1</v></c>',
        set(),
        (),
    ),
    "brackets in text": ('<c r="B1"><f>"[1]"&amp;A1&amp;&quot;[2]&quot;</f><v>1</v></c>', set(), ()),
}


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize(("cells", "uncalculated", "linked"), FORMULAS.values(), ids=FORMULAS)
def test_formulas_without_a_value_or_with_a_link_are_told(
    tmp_path: Path, cells: str, uncalculated: set[tuple[int, int]], linked: tuple[tuple[int, int], ...], prefix: str
) -> None:
    sheet = crafted(tmp_path / "式.xlsx", f'<row r="1">{cells}</row>', prefix=prefix).sheets[0]

    assert (set(sheet.uncalculated), sheet.linked) == (uncalculated, linked)


ODD = {
    "formats only, far away": '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>',
    "rows out of order": '<row r="9"><c r="B9" s="0"/></row><row r="1"><c r="A1"><v>1</v></c></row>',
    "no places": "<row><c><v>1</v></c></row>",
    "elements nested deep": '<row r="1"><c r="A1"><v>1</v></c></row>' + "<x>" * 100_000 + "</x>" * 100_000,
}


@pytest.mark.parametrize("rows", ODD.values(), ids=ODD)
def test_an_odd_sheet_still_reads(tmp_path: Path, rows: str) -> None:
    assert crafted(tmp_path / "怪.xlsx", rows).sheets == [Sheet("表1", [[1.0]])]


def test_errors_are_told_by_their_text(tmp_path: Path) -> None:
    errors = ["#REF!", "#DIV/0!", "#NAME?", "#SPILL!"]
    cells = "".join(
        f'<c r="{name}1" t="e"><f>1</f><v>{error}</v></c>' for name, error in zip("ABCD", errors, strict=True)
    )
    book = xlwt.Workbook()
    row = book.add_sheet("表1").row(0)
    for column, error in enumerate(errors[:3]):
        row.set_cell_error(column, error)
    row.set_cell_number(3, 1)
    book.save(str(tmp_path / "错.xls"))

    assert crafted(tmp_path / "错.xlsx", f'<row r="1">{cells}</row>').sheets[0].rows == [errors]
    assert FileSource(str(tmp_path / "错.xls")).read().sheets[0].rows == [[*errors[:3], 1]]


def test_dates_texts_and_numbers_come_as_calamine_gives_them(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "值.xlsx", {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(0, 0, datetime.datetime(2025, 1, 31), day)
        sheet.write_rich_string(0, 1, "合", day, "计")
        sheet.merge_range(1, 0, 1, 1, 7)

    rows = FileSource(str(tmp_path / "值.xlsx")).read().sheets[0].rows

    assert rows == [[datetime.date(2025, 1, 31), "合计"], [7.0, ""]]


def test_hidden_sheets_are_marked_and_charts_left_out(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "图.xlsx") as book:
        book.add_worksheet("表1")
        book.add_chartsheet("图")
        book.add_worksheet("表2").hide()
        book.add_worksheet("表3").very_hidden()

    sheets = FileSource(str(tmp_path / "图.xlsx")).read().sheets

    assert [(sheet.name, sheet.visible) for sheet in sheets] == [("表1", True), ("表2", False), ("表3", False)]


def test_macros_and_links_are_told(tmp_path: Path) -> None:
    macros = crafted(tmp_path / "宏.xlsm", **{"xl/vbaProject.bin": ""})
    links = crafted(tmp_path / "链.xlsx", **{"xl/externalLinks/externalLink1.xml": "<externalLink/>"})

    assert [(book.macros, book.links) for book in (macros, links)] == [(True, False), (False, True)]


RELATIONS = "xl/_rels/workbook.xml.rels"


@pytest.mark.parametrize(
    "target", ["/xl/worksheets/sheet1.xml", "./worksheets/sheet1.xml", "..\\xl\\Worksheets\\sheet1.XML"]
)
def test_a_sheet_is_found_however_its_part_is_named(tmp_path: Path, target: str) -> None:
    kind = "http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet"
    relations = (
        f"<r:Relationships xmlns:r='x'><r:Relationship Type='{kind}' Id='rId1' Target='{target}'/></r:Relationships>"
    )

    book = crafted(tmp_path / "径.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>', **{RELATIONS: relations})

    assert book.sheets == [Sheet("表1", [[1.0]])]


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_not_utf8_can_be_told(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xd4\xa4\xcb\xe3.xlsx")

    with pytest.raises(Exception, match="不存在") as caught:
        FileSource(path).read()
    str(caught.value).encode()
