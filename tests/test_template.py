"""The blank template and the published sample, read back as the form declares them."""

import csv
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator

from gouji_templates import workbook
from gouji_templates.content import DETAIL, PRIOR, SUBJECTS, Content, blank, name_index
from gouji_templates.form import CODE_LABELS, Block, Table
from gouji_templates.layout import HEADING_ROW, lay_out, line_rows, wrapped
from samples.build import FIGURES, TEMPLATE
from tests.stored import BOTH, EVERY_TABLE, FORM, STORED, cell, fresh, rows, sheet_of


def figure_cells(sheet: Worksheet, table: Table, content: Content) -> Iterator[Cell]:
    layout = lay_out(table)
    for block_name, taken in line_rows(layout, content.lines).items():
        block = next(block for block in table.blocks if block.name == block_name)
        for row in taken:
            for index in range(len(block.columns)):
                yield cell(sheet, row, layout.figure_column(block, index))


@BOTH
def test_stored_copy_is_a_fresh_build(name: str) -> None:
    path = STORED[name][0]

    # Part by part: the packed bytes also depend on the compression library of this machine.
    with ZipFile(path) as stored, ZipFile(BytesIO(fresh(name))) as built:
        stale = [
            part for part in built.namelist() if part not in stored.namelist() or stored.read(part) != built.read(part)
        ]
        assert (stale, built.namelist()) == ([], stored.namelist()), (
            f"{path.name} 已过时：运行 python samples/build.py 重新生成"
        )


@BOTH
def test_building_twice_gives_the_same_bytes(name: str) -> None:
    assert fresh(name) == fresh(name)


@BOTH
def test_open_xml_validator_finds_nothing(name: str) -> None:
    assert OpenXmlValidator().validate(STORED[name][0]).errors == []


def test_failed_write_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(workbook, "build", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        workbook.write(path, FORM, blank(FORM))

    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a.xlsx", b"old")]


HEADINGS: dict[str, list[list[object]]] = {
    "表1": [
        ["收入", "", "支出", ""],
        ["项目", "预算数", "功能分类", "预算数"],
    ],
    "表5": [
        ["科目", "", "", "", "一般公共预算支出", "", ""],
        ["功能分类科目编码", "", "", "功能分类科目名称", "合计", "基本支出", "项目支出"],
        ["类", "款", "项", "", "", "", ""],
        ["※", "※", "※", "※", 1, 2, 3],
    ],
    "表11": [
        ["项目", "合计", "财政拨款", "", "", "", "非财政拨款", "", "", ""],
        ["", "", "小计", "基本支出", "", "项目支出", "小计", "基本支出", "", "项目支出"],
        ["", "", "", "人员经费", "公用经费", "", "", "人员经费", "公用经费", ""],
        ["※", 1, 2, 3, 4, 5, 6, 7, 8, 9],
    ],
}


MERGES = {
    "表1": ["A2:D2", "A3:C3", "A4:B4", "C4:D4"],
    "表4": ["A2:G2", "A3:F3", "A4:B4", "C4:G4"],
    "表5": ["A2:G2", "A3:F3", "A4:D4", "E4:G4", "A5:C5", "D5:D6", "E5:E6", "F5:F6", "G5:G6"],
    "表10": ["A2:E2", "A3:D3", "A4:A5", "B4:B5", "C4:E4"],
}


@BOTH
@pytest.mark.parametrize("id", HEADINGS)
def test_headings_read_as_published(name: str, id: str) -> None:
    expected = HEADINGS[id]

    assert rows(STORED[name][0], id)[HEADING_ROW : HEADING_ROW + len(expected)] == expected


@BOTH
@pytest.mark.parametrize("id", MERGES)
def test_equal_parents_are_merged_across_and_leaves_down(name: str, id: str) -> None:
    merged = [str(area) for area in sheet_of(name, id).merged_cells.ranges]

    assert sorted(merged) == sorted(MERGES[id])


@BOTH
@EVERY_TABLE
def test_sheet_has_number_title_and_ruler(name: str, table: Table) -> None:
    sheet = rows(STORED[name][0], table.id)
    layout = lay_out(table)

    assert [sheet[0][0], sheet[1][0]] == [table.id.replace("表", "表 "), table.title]
    if layout.ruler_row is not None:
        (block,) = table.blocks
        numbers = [float(number) for number in range(1, len(block.columns) + 1)]
        assert sheet[layout.ruler_row] == ["※"] * len(block.labels) + numbers


@EVERY_TABLE
def test_no_heading_is_cut(table: Table) -> None:
    sheet = sheet_of("template", table.id)
    layout = lay_out(table)
    cut = []
    for span in layout.headings:
        height = sum(sheet.row_dimensions[row + 1].height for row in range(span.top, span.bottom + 1))
        if height < 13.5 * wrapped(span.text, sum(layout.widths[span.left : span.right + 1])):
            cut.append(span.text)

    assert cut == []


@BOTH
@EVERY_TABLE
def test_sheet_prints_on_landscape_a4_one_page_wide(name: str, table: Table) -> None:
    sheet = sheet_of(name, table.id)
    first = lay_out(table).first_row

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToWidth or 1) == (True, 1)
    assert (sheet.print_title_rows, sheet.freeze_panes) == (f"$1:${first}", f"A{first + 1}")
    assert sheet.oddFooter is not None
    assert sheet.oddFooter.center is not None
    assert sheet.oddFooter.center.text == "第 &P 页"


@EVERY_TABLE
def test_columns_are_as_wide_as_declared(table: Table) -> None:
    sheet = sheet_of("template", table.id)
    declared = lay_out(table).widths
    found = [
        dimension.width
        for dimension in sheet.column_dimensions.values()
        for _ in range(dimension.min or 0, (dimension.max or 0) + 1)
    ][: len(declared)]

    # Excel stores a column's width with the cell's margin of five pixels of seven to a unit.
    assert found == pytest.approx([width + 5 / 7 for width in declared], abs=0.01)


@BOTH
@EVERY_TABLE
def test_figures_have_two_decimals_right_aligned(name: str, table: Table) -> None:
    content = STORED[name][1]
    cells = list(figure_cells(sheet_of(name, table.id), table, content))

    assert {(cell.number_format, cell.alignment.horizontal) for cell in cells} <= {("#,##0.00", "right")}
    assert bool(cells) == (table.id not in content.empty)


@EVERY_TABLE
def test_template_holds_no_figure(table: Table) -> None:
    printed = rows(TEMPLATE, table.id)[lay_out(table).first_row :]

    assert [cell for row in printed for cell in row if not isinstance(cell, str)] == []


@EVERY_TABLE
def test_sample_holds_the_published_figures_and_no_other(table: Table) -> None:
    layout = lay_out(table)
    printed = rows(STORED["sample"][0], table.id)[layout.first_row :]
    for block in table.blocks:
        name = layout.lefts[block.name] + name_index(block)
        left = layout.figure_column(block)
        found = [(row[name], *map(_two_decimals, row[left : left + len(block.columns)])) for row in printed]

        assert [row for row in found if any(row[1:])] == [row for row in _published(block) if any(row[1:])]


def _two_decimals(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _published(block: Block) -> list[tuple[str, ...]]:
    path = FIGURES / (f"{block.table}-{block.id}.csv" if block.id else f"{block.table}.csv")
    labels = {row.id: row.label for row in block.specs}
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (record.get("name") or labels[record["row"]], *(record[column.name] for column in block.columns))
            for record in csv.DictReader(file)
        ]


def test_blocks_side_by_side_end_on_the_same_row() -> None:
    printed = rows(STORED["sample"][0], "表1")

    assert printed[-1] == ["收 入 总 计", 901.2, "支 出 总 计", 901.2]
    assert printed[-2] == ["", "", "233 债务发行费用支出", ""]


def test_codes_stay_text() -> None:
    sheet = sheet_of("sample", "表5")
    (leaf,) = (row for row in sheet.iter_rows() if row[3].value == "行政运行")

    assert [(cell.value, cell.number_format) for cell in leaf[:3]] == [("201", "@"), ("13", "@"), ("01", "@")]


def test_green_corners_are_off_where_codes_are_typed() -> None:
    quiet = {sheet: area for sheet, kind, area in _quiet() if kind == "numberStoredAsText"}
    coded = {table.id for table in FORM.tables if table.blocks[0].labels[0].name in CODE_LABELS}

    assert set(quiet) == {*coded, FORM.info_sheet, PRIOR, SUBJECTS, DETAIL}
    assert quiet["表5"] == "A8:C38"
    assert quiet[DETAIL] == "B5:B10004 G5:G10004"


def test_green_corners_are_off_where_formulas_may_be_typed_over() -> None:
    quiet = {sheet: area for sheet, kind, area in _quiet() if kind == "unlockedFormula"}

    assert set(quiet) == {*(table.id for table in FORM.tables), PRIOR, DETAIL}
    assert (quiet["表5"], quiet[DETAIL]) == ("A8:G38", "C5:C10004 H5:H10004")


def _quiet() -> Iterator[tuple[str, str, str]]:
    """Where the template tells a spreadsheet not to warn: sheet, kind of warning, area."""
    with ZipFile(TEMPLATE) as archive:
        sheets = re.findall(r'<sheet name="([^"]+)"', archive.read("xl/workbook.xml").decode())
        for number, sheet in enumerate(sheets, 1):
            part = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            for area, kind in re.findall(r'<ignoredError sqref="([^"]+)" (\w+)="1"', part):
                yield sheet, kind, area


@pytest.mark.parametrize(
    ("id", "column", "white", "grey"),
    [
        ("表1", 1, ["其中：事业收入"], ["一、本年收入", "其中：一般财力", "收 入 总 计"]),
        ("表10", 2, ["公务接待费"], ["合计", "公务用车购置及运行费（小计）"]),
    ],
)
def test_only_typed_cells_are_white(id: str, column: int, white: list[str], grey: list[str]) -> None:
    fills = {row[0].value: row[column].fill.fill_type for row in sheet_of("template", id).iter_rows()}

    assert [fills[label] for label in white + grey] == [None] * len(white) + ["solid"] * len(grey)


@BOTH
@pytest.mark.parametrize(
    ("id", "area", "formula"),
    [
        ("表5", "E9:G", 'AND($D9<>"",$C9="")'),
        ("表6", "D9:F", 'AND($C9<>"",$B9="")'),
        ("表7", "F8:P", 'AND($D8<>"",$E8="")'),
    ],
)
def test_lines_above_the_leaves_turn_grey(name: str, id: str, area: str, formula: str) -> None:
    found = [
        (str(format.sqref).rstrip("0123456789"), rule.formula)
        for format in sheet_of(name, id).conditional_formatting
        for rule in format.rules
    ]

    assert (area, [formula]) in found
