"""Rows put into a workbook file that somebody has made their own: everything goes along, nothing else changes."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator

from gouji_checks.edit.references import Insert, Shift
from gouji_checks.fill.plan import Plan
from gouji_checks.fill.target import FileTarget
from tests import microsoft
from tests.fills import FORM, errors, filled, printed, run
from tests.furnished import HIDDEN, LAST, NOTED, OWN, TABLE, furnished, picture
from tests.office import Insert as InsertRows
from tests.office import Office

# openpyxl reads what it would lose if it wrote it.
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return furnished(tmp_path)


def opened(path: Path, name: str = TABLE) -> Worksheet:
    sheet = load_workbook(path)[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def by_remark(sheet: Worksheet) -> dict[int, int]:
    """Where each of the owner's rows is now, by its old number."""
    found = {}
    for row in range(1, sheet.max_row + 1):
        remark = sheet.cell(row, 10).value
        if isinstance(remark, str) and remark.startswith("备忘"):
            found[int(remark.removeprefix("备忘"))] = row
    return found


def test_every_row_and_what_belongs_to_it_goes_along(own: Path) -> None:
    sheet = opened(filled(own))

    at = by_remark(sheet)
    # 总计 and four pairs of 类 and 款 above the first leaves, one pair each further down.
    assert at[8] > 8
    assert at[LAST] - LAST == 11
    assert [sheet.row_dimensions[row].hidden for row in (at[HIDDEN] - 1, at[HIDDEN], at[HIDDEN] + 1)] == [0, 1, 0]
    assert sheet.row_dimensions[at[HIDDEN]].height == 33
    notes = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert notes == {f"F{at[NOTED]}": "我的批注"}
    links = {cell.coordinate: cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    assert links == {f"K{at[NOTED]}": f"'{TABLE}'!F{at[LAST]}"}
    merged = sorted(str(area) for area in sheet.merged_cells.ranges)
    assert merged == sorted([f"L{at[NOTED]}:M{at[NOTED + 1]}", f"A{at[LAST] + 2}:G{at[LAST] + 2}"])


def test_formulas_of_the_owner_say_the_same(own: Path) -> None:
    out = filled(own)
    sheet = opened(out)
    at = by_remark(sheet)

    for old, now in at.items():
        assert sheet.cell(now, 9).value == f"=F{now}*2+$F${at[LAST]}", old
    assert [row[0].value for row in opened(out, OWN).iter_rows()] == [
        f"=SUM({TABLE}!F{at[8]}:F{at[LAST]})",
        f"='{TABLE}'!F{at[NOTED]}",
        f"=INDEX({TABLE}!F:F,9)",
        "=SUM(我的合计)",
        f"=ROW({TABLE}!$F${at[LAST]})",
        f'="F10"&{TABLE}!D{at[NOTED]}',
        f'=SUMIF({TABLE}!$A${at[8]}:$A${at[LAST]},"208",{TABLE}!F${at[8]}:F${at[LAST]})+A1',
        f"=ROWS({TABLE}!{at[9]}:{at[LAST]})",
    ]


def test_values_that_formulas_had_go_along_too(own: Path) -> None:
    out = filled(own)
    values = load_workbook(out, data_only=True)

    at = by_remark(values[TABLE])
    assert {old: values[TABLE].cell(now, 9).value for old, now in at.items()} == {row: row for row in at}
    assert [row[0].value for row in values[OWN].iter_rows()] == [7] * 8


def test_rules_names_and_print_settings_reach_over_the_new_rows(own: Path) -> None:
    out = filled(own)
    sheet = opened(out)
    last = by_remark(sheet)[LAST]

    formats = {str(found.sqref): found.rules[0].formula for found in sheet.conditional_formatting}
    assert formats == {f"E8:G{last}": ['$D8="行政运行"'], f"H8:H{last}": []}
    (validation,) = sheet.data_validations.dataValidation
    assert (str(validation.sqref), validation.formula1) == (f"F8:G{last}", "F8>=0")
    assert sheet.print_area == f"'{TABLE}'!$A$1:$G${last}"
    assert sheet.print_title_rows == "$1:$7"
    assert sheet.auto_filter.ref == f"A7:G{last}"
    assert [found.id for found in sheet.row_breaks.brk] == [last - 1]
    assert sheet.tables["清单"].ref == f"I{last + 6}:J{last + 9}"
    assert sheet.protection.sheet
    assert not sheet.protection.insertRows
    names = load_workbook(out).defined_names
    first = by_remark(sheet)[8]
    assert names["我的合计"].attr_text == f"{TABLE}!$F${first}:INDEX({TABLE}!$F${first}:$F${100 + last - LAST},10)"
    elsewhere = opened(out, OWN)
    assert elsewhere.data_validations.dataValidation[0].formula1 == f"{TABLE}!$D${first}:$D${last}"


def test_what_came_with_later_versions_of_excel_goes_along(own: Path) -> None:
    out = filled(own)
    at = by_remark(opened(out))

    with ZipFile(out) as archive:
        (text,) = [
            text for name in archive.namelist() if "x14:" in (text := archive.read(name).decode("utf-8", "replace"))
        ]
    assert f"<xm:sqref>H8:H{at[LAST]}</xm:sqref>" in text
    assert f"<xm:f>{TABLE}!F{at[8]}:F{at[LAST]}</xm:f><xm:sqref>R{at[NOTED]}</xm:sqref>" in text


def test_new_rows_look_like_their_neighbours(own: Path) -> None:
    sheet = opened(filled(own))
    new = set(range(8, by_remark(sheet)[LAST])).difference(by_remark(sheet).values())

    assert len(new) == 11
    for row in new:
        assert sheet.cell(row, 6).fill.start_color.rgb == "FFFFFF00"
        assert sheet.cell(row, 6).border.left.style == "thin"
        assert sheet.cell(row, 9).value == f"=F{row}*2+$F${by_remark(sheet)[LAST]}"


def test_pictures_shapes_and_charts_stay_and_move(own: Path) -> None:
    out = filled(own)

    with ZipFile(own) as before, ZipFile(out) as after:
        assert set(before.namelist()) - set(after.namelist()) <= {"xl/calcChain.xml"}
        drawing = after.read("xl/drawings/drawing1.xml").decode()
        chart = after.read("xl/charts/chart1.xml").decode()
        assert after.read("xl/media/image1.png") == picture()
        assert after.read("xl/styles.xml") == before.read("xl/styles.xml")
    at = by_remark(opened(out))
    tops = [int(part.split("</xdr:row>")[0].split("<xdr:row>")[1]) for part in drawing.split("<xdr:from>")[1:]]
    assert sorted(tops) == [at[NOTED] - 1, at[LAST], at[LAST] + 4]
    assert "形状里的字" in drawing
    assert f"{TABLE}!$F${at[8]}:$F${at[LAST]}" in chart


def test_result_is_without_fault(own: Path) -> None:
    out = filled(own)

    assert OpenXmlValidator().validate(own).errors == []
    assert OpenXmlValidator().validate(out).errors == []
    assert sorted(errors(out)) == ["B14", "X38"]


def test_microsoft_finds_nothing_either(own: Path) -> None:
    assert microsoft.findings(filled(own)) == microsoft.findings(own) == []


@pytest.mark.parametrize("lines", [(7,), (9, 9), (11, 12, 12, LAST)])
def test_inserted_rows_do_what_a_spreadsheet_does(
    lines: tuple[int, ...], own: Path, office: Office, tmp_path: Path
) -> None:
    inserts = tuple(Insert(TABLE, line, below=True) for line in lines)
    done = tmp_path / "插行.xlsx"
    done.write_bytes(FileTarget(own.read_bytes(), FORM).apply(Plan(inserts)).data)
    ours = office.open(done).values()

    document = office.open(own)
    document.apply([InsertRows(TABLE, line) for line in sorted(lines, reverse=True)])

    theirs = document.values()
    new = {line for line, _ in Shift(inserts).new_lines()}
    assert in_old_rows(ours[TABLE], new) == in_old_rows(theirs[TABLE], new)
    assert ours[OWN] == theirs[OWN]


def in_old_rows(rows: list[list[object]], lines: set[int]) -> dict[tuple[int, int], object]:
    """What stands outside the new rows: ours have the formulas of their neighbours, a spreadsheet's have nothing."""
    return {
        (line, column): cell
        for line, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell != "" and line not in lines
    }


def test_macros_stay(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "带宏.xlsm"
    code = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    with ZipFile(own) as old, ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "[Content_Types].xml":
                macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
                plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
                content = content.replace(plain, macro)
            new.writestr(name, content)
        new.writestr("xl/vbaProject.bin", code)
    out = tmp_path / "填好.xlsm"

    assert run(path, "-o", out) == 0

    with ZipFile(out) as archive:
        assert archive.read("xl/vbaProject.bin") == code
        assert b"macroEnabled" in archive.read("[Content_Types].xml")


def test_workbook_is_calculated_when_it_is_opened(own: Path) -> None:
    out = filled(own)

    with ZipFile(out) as archive:
        assert b'fullCalcOnLoad="1"' in archive.read("xl/workbook.xml")
        assert "xl/calcChain.xml" not in archive.namelist()
        assert b"calcChain" not in archive.read("[Content_Types].xml")


def otherwise_written(path: Path) -> Path:
    """The same sheets as another program writes them: every element with a prefix, single quotes."""
    other = path.with_name("另一种.xlsx")
    with ZipFile(path) as old, ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1x:\2", content.decode())
                text = text.replace("xmlns=", "xmlns:x=")
                text = re.sub(r'="([^"\']*)"', r"='\1'", text)
                content = text.encode()
            new.writestr(name, content)
    return other


def test_other_programs_xml_is_edited_too(own: Path) -> None:
    other = otherwise_written(own)

    out = filled(other)

    assert printed(out) == printed(filled(own))
    assert sorted(errors(out)) == ["B14", "X38"]
    assert OpenXmlValidator().validate(out).errors == []
    theirs, ours = opened(out), opened(own.with_name(f"填好的{own.name}"))
    assert [[cell.value for cell in row] for row in theirs.iter_rows()] == [
        [cell.value for cell in row] for row in ours.iter_rows()
    ]
    assert sorted(map(str, theirs.merged_cells.ranges)) == sorted(map(str, ours.merged_cells.ranges))
    assert [str(found.sqref) for found in theirs.conditional_formatting] == [
        str(found.sqref) for found in ours.conditional_formatting
    ]
    assert theirs.print_area == ours.print_area
    assert theirs.auto_filter.ref == ours.auto_filter.ref
