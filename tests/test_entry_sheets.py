"""The sheets 科目, 填报说明 and 预算明细."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openxml_audit import OpenXmlValidator

from gouji_checks import detail
from gouji_checks.source import FileSource
from gouji_templates import classification, detail_sheet, subject_sheet
from gouji_templates.content import DETAIL, GUIDE, SUBJECTS
from gouji_templates.form import LEVELS
from gouji_templates.layout import wrapped
from gouji_templates.results import FILLS
from tests.entering import BOOK, opened, validation, worksheet
from tests.microsoft import findings
from tests.office import Office
from tests.stored import FORM

OWN_SHEETS = (GUIDE, DETAIL, SUBJECTS)


@pytest.fixture(scope="module")
def book() -> Workbook:
    """The sheets as another program reads them; shared, so not to be written to."""
    return opened()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("entry") / "sheets.xlsx"
    path.write_bytes(BOOK)
    return path


def test_open_xml_audit_finds_nothing(stored: Path) -> None:
    assert OpenXmlValidator().validate(stored).errors == []


def test_microsofts_validator_finds_nothing(stored: Path) -> None:
    assert findings(stored) == []


# ── 科目 ──


def test_subjects_are_the_classifications(book: Workbook) -> None:
    rows = [[cell.value or "" for cell in row] for row in worksheet(book, SUBJECTS).iter_rows(min_row=4)]
    expected = [
        [listed.title, LEVELS[(len(subject.code) - 3) // 2], subject.code, subject.name, "" if confirmed else "待核实"]
        for kind, listed in subject_sheet.LISTED.items()
        for subject in classification.load(kind).values()
        for confirmed in [subject.confidence in "AB"]
    ]

    assert rows == expected


@pytest.mark.parametrize("kind", subject_sheet.LISTED)
def test_names_reach_over_one_classification(book: Workbook, kind: str) -> None:
    listed = subject_sheet.LISTED[kind]
    found = []
    for name in (listed.codes, listed.names):
        sheet, _, area = book.defined_names[name].attr_text.partition("!")
        assert (sheet, area.count("$")) == (SUBJECTS, 4)
        found.append([cell.value for (cell,) in worksheet(book, sheet)[area]])

    subjects = classification.load(kind).values()
    assert found == [[subject.code for subject in subjects], [subject.name for subject in subjects]]


def test_subjects_can_be_filtered_below_frozen_headings(book: Workbook) -> None:
    sheet = worksheet(book, SUBJECTS)

    assert (sheet.auto_filter.ref, sheet.freeze_panes) == (f"A3:E{sheet.max_row}", "A4")


# ── 填报说明 ──


def test_guide_is_one_page_of_readable_size(book: Workbook) -> None:
    sheet = worksheet(book, GUIDE)
    setup = sheet.page_setup
    height = sum(sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1))
    # A unit of width is seven pixels of three quarters of a point.
    width = sum(dimension.width for dimension in sheet.column_dimensions.values()) * 7 * 0.75
    margins = sheet.page_margins

    assert (setup.paperSize, setup.orientation, setup.fitToHeight or 1, setup.fitToWidth or 1) == (9, "landscape", 1, 1)
    assert height <= 595 - 72 * (margins.top + margins.bottom)
    assert width <= 842 - 72 * (margins.left + margins.right)


def test_guide_names_the_tables_as_the_form_does(book: Workbook) -> None:
    sheet = worksheet(book, GUIDE)
    texts = {str(row[1].value).strip(): str(row[2].value) for row in sheet.iter_rows() if row[2].value}

    assert texts["2  填末级科目"].startswith("表2、表3、表5、表6、表7、表8、表9：")
    assert texts["3  填其余各表"] == (
        "表1、表10：行已经列好，只填白色格。表11：填项目名称和金额。表4：全部自动计算，不必填写。"
    )
    assert texts["空表"].startswith("表8、表9、表11没有数就不填")
    assert "0.005 万元" in texts["尾差"]


def test_guide_explains_every_result_in_its_colour(book: Workbook) -> None:
    sheet = worksheet(book, GUIDE)
    fills = {row[1].value: row[1].fill.fgColor.rgb for row in sheet.iter_rows() if row[1].fill.fill_type}

    assert fills.items() >= {(state, f"FF{fill[1:]}") for state, fill in FILLS.items()}
    assert fills["灰色"] == "FFF2F2F2"


# ── 预算明细 ──


def test_empty_line_items_are_none_and_typed_ones_are_read(office: Office, stored: Path, tmp_path: Path) -> None:
    assert detail.find(FileSource(str(stored)).read()) is None

    book = load_workbook(stored)
    sheet = worksheet(book, DETAIL)
    entry = ["局机关", "2011301", None, "一般公共预算", "人员经费", None, "30101", None, 1234.56]
    for place, value in enumerate(entry, 1):
        if value is not None:
            sheet.cell(6, place).value = value
    path = tmp_path / "typed.xlsx"
    book.save(path)
    document = office.open(path)
    found = detail.find(document.workbook())

    assert document.values()[DETAIL][2][8] == 1234.56
    assert document.values()[DETAIL][5][2::5] == ["行政运行", "基本工资"]
    assert found is not None
    codes = {kind: classification.load(kind) for kind in subject_sheet.LISTED}
    (read,) = detail.read(found, FORM, codes).entries
    assert (read.unit, read.code, read.economic, read.fen) == ("局机关", "2011301", "30101", 123456)


def test_choices_are_those_of_the_form(book: Workbook) -> None:
    sheet = worksheet(book, DETAIL)
    choices = {}
    for heading in (detail_sheet.SOURCE, detail_sheet.KIND):
        rule = validation(sheet, f"{get_column_letter(detail_sheet.HEADINGS.index(heading) + 1)}5")
        assert rule is not None
        choices[heading] = str(rule.formula1).strip('"').split(",")

    assert choices == {
        detail_sheet.SOURCE: [funding.name for funding in FORM.funding],
        detail_sheet.KIND: [spending.name for spending in FORM.spending],
    }


# ── looks ──


@pytest.mark.parametrize("name", OWN_SHEETS)
def test_no_text_is_cut(book: Workbook, name: str) -> None:
    sheet = worksheet(book, name)
    widths: dict[int, float] = {}
    for dimension in sheet.column_dimensions.values():
        # The file's width holds the cell's margin of five pixels of seven to a unit.
        widths |= dict.fromkeys(range(dimension.min or 0, (dimension.max or 0) + 1), dimension.width - 5 / 7)
    merged = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    cut = []
    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell.value, str) or cell.value.startswith("="):
                continue
            area = merged.get((cell.row, cell.column)) or CellRange(cell.coordinate)
            width = sum(widths[column] for column in range(area.min_col, area.max_col + 1))
            rows = range(area.min_row, area.max_row + 1)
            height = sum(sheet.row_dimensions[number].height or 15 for number in rows)
            if height < 13.5 * wrapped(cell.value, width - 1.3 * cell.alignment.indent):
                cut.append((cell.coordinate, cell.value))

    assert cut == []
