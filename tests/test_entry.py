"""Entering: which cells are typed, and which rules they obey."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from gouji_templates import detail_sheet
from gouji_templates.content import DETAIL, Content, name_index
from gouji_templates.entry import WRONG
from gouji_templates.form import Table
from gouji_templates.layout import lay_out, line_rows
from gouji_templates.protection import is_entered, is_open
from samples.build import published
from tests.entering import BLANK, built, opened, validation, worksheet
from tests.office import Office
from tests.stored import EVERY_TABLE, FORM, table_of


@pytest.fixture(scope="module")
def book() -> Workbook:
    """The sheets as another program reads them; shared, so not to be written to."""
    return opened()


def mark(sheet: Worksheet, cell: str) -> str | None:
    """The formula, for its area's first cell, that turns this cell red."""
    for area in sheet.conditional_formatting:
        if cell in area.sqref:
            (rule,) = area.rules
            assert rule.dxf is not None
            assert rule.dxf.fill.bgColor.rgb == f"FF{WRONG[1:]}"
            return str(rule.formula[0])
    return None


def at(formula: str, area: CellRange, cell: str) -> str:
    """A rule's formula as it holds for one cell of its area."""
    origin = f"{get_column_letter(area.min_col)}{area.min_row}"
    return str(Translator(f"={formula}", origin=origin).translate_formula(cell))


# ── what is typed ──

TYPED = {
    "表1收入": {
        *("事业收入", "上级补助收入", "附属单位上缴收入", "事业单位经营收入", "其他收入"),
        *("结转一般公共预算", "结转政府性基金", "结转国有资本", "结转财政专户", "结转单位资金"),
    },
    "表1支出": set(),
    "表4收入": set(),
    "表4支出": set(),
    "表10": {"因公出国", "公务接待", "公务用车购置", "公务用车运行"},
}


@pytest.mark.parametrize("name", TYPED)
def test_fixed_rows_that_are_no_sums_are_typed(name: str) -> None:
    block = next(block for block in FORM.blocks if block.name == name)
    rows = {row.label: row.id for row in block.specs}
    found = {
        rows[line.labels[name_index(block)]]
        for line in BLANK.lines[name]
        for column in block.columns
        if is_entered(block, line, column)
    }

    assert found == TYPED[name]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("表3", ["基本支出", "项目支出"]),
        ("表5", ["基本支出"]),
        ("表6", ["人员经费", "公用经费"]),
        ("表8", ["人员经费", "公用经费", "项目支出"]),
    ],
)
def test_columns_that_are_neither_sums_nor_derived_are_typed(name: str, columns: list[str]) -> None:
    block = next(block for block in FORM.blocks if block.name == name)
    total, line = BLANK.lines[name][:2]

    assert [column.name for column in block.columns if is_entered(block, line, column)] == columns
    assert not any(is_entered(block, total, column) for column in block.columns)
    assert (is_open(block, total), is_open(block, line)) == (False, True)


@EVERY_TABLE
@pytest.mark.parametrize("content", [BLANK, published(FORM)], ids=["template", "sample"])
def test_every_typed_cell_has_its_rule_and_no_derived_one(table: Table, content: Content) -> None:
    sheet = worksheet(load_workbook(BytesIO(built(content))), table.id)
    # A rule that stops and a prompt without a rule are what the file leaves unsaid.
    kinds = {True: ("custom", None, True), False: (None, None, False)}
    wrong = []
    for cell, typed in figure_cells(table, content):
        rule = validation(sheet, cell)
        assert rule is not None
        if (rule.type, rule.errorStyle, bool(mark(sheet, cell))) != kinds[typed]:
            wrong.append(cell)

    assert wrong == []


def figure_cells(table: Table, content: Content) -> Iterator[tuple[str, bool]]:
    """Every figure's cell, and whether it is typed."""
    if table.id in content.empty:
        return
    layout = lay_out(table)
    placed = line_rows(layout, content.lines)
    for block in table.blocks:
        for row, line in zip(placed[block.name], content.lines.get(block.name, ()), strict=True):
            for index, column in enumerate(block.columns):
                letter = get_column_letter(layout.figure_column(block, index) + 1)
                yield f"{letter}{row + 1}", is_entered(block, line, column)


def test_texts_are_no_longer_than_excel_takes(book: Workbook) -> None:
    rules = [(name, rule) for name in book.sheetnames for rule in worksheet(book, name).data_validations.dataValidation]
    long = [
        (name, text)
        for name, rule in rules
        for text, most in ((rule.promptTitle, 32), (rule.errorTitle, 32), (rule.prompt, 255), (rule.error, 225))
        if text and len(text) > most
    ]

    assert long == []
    assert all(rule.prompt and rule.showInputMessage for _, rule in rules)
    assert all(rule.error and rule.showErrorMessage for _, rule in rules if rule.type)


# ── the rules, as LibreOffice evaluates them ──

Row = Mapping[str, object]

LEAF: dict[str, object] = {"类": "201", "款": "13", "项": "01", "名称": "行政运行"}

# Sheet, what stands in the row, the column in question, what validation says, what is marked red.
CASES: list[tuple[str, Row, str, bool, bool]] = [
    *[
        ("表5", LEAF | {"基本支出": value}, "基本支出", holds, not holds)
        for value, holds in (
            (339.83, True),
            (0, True),
            (None, True),
            (100000000.01, True),
            (-1, False),
            (1.234, False),
            ("abc", False),
            ("12.5", False),
            (" ", False),
        )
    ],
    ("表5", {"类": "201", "名称": "一般公共服务支出", "基本支出": 5}, "基本支出", False, False),
    ("表5", {"类": "201", "款": "13", "名称": "商贸事务", "基本支出": 5}, "基本支出", False, False),
    ("表5", {"类": "201", "款": "13", "名称": "商贸事务", "基本支出": None}, "基本支出", True, False),
    ("表5", {"基本支出": 5}, "基本支出", True, False),
    ("表6", {"类": "301", "款": "01", "人员经费": 5}, "人员经费", True, False),
    ("表6", {"类": "301", "人员经费": 5}, "人员经费", False, False),
    ("表7", {"名称": "局机关", "其他支出": 5}, "其他支出", False, False),
    ("表7", LEAF | {"其他支出": 5}, "其他支出", False, False),
    ("表7", LEAF | {"项目": "专项业务", "其他支出": 5}, "其他支出", True, False),
    ("表7", LEAF | {"项目": "专项业务", "其他支出": -5}, "其他支出", False, True),
    ("表11", {"项目": "项目结转", "财政拨款项目支出": 0.001}, "财政拨款项目支出", False, True),
    ("表10", {"一般公共预算": 3}, "一般公共预算", True, False),
    *[
        (sheet, row, column, holds, False)
        for sheet, row, column, holds in (
            ("表5", {"类": "201"}, "类", True),
            ("表5", {"类": 201}, "类", True),
            ("表5", {"类": "999"}, "类", False),
            ("表5", {"类": "20"}, "类", False),
            ("表5", {"类": "2011301"}, "类", False),
            ("表5", {"类": "201", "款": "13"}, "款", True),
            ("表5", {"类": "201", "款": "1"}, "款", False),
            ("表5", {"类": "201", "款": "98"}, "款", False),
            ("表5", {"款": "13"}, "款", False),
            ("表5", {"类": "201", "款": "13", "项": "01"}, "项", True),
            ("表5", {"类": "201", "款": "13", "项": "77"}, "项", False),
            ("表5", {"类": "201", "款": "13", "项": None}, "项", True),
            ("表6", {"类": "301", "款": "01"}, "款", True),
            ("表6", {"类": "201"}, "类", False),
            ("表7", {"类": "201", "款": "13", "项": "01"}, "项", True),
        )
    ],
    *[
        (DETAIL, {column: value}, column, holds, column == detail_sheet.AMOUNT and not holds)
        for column, value, holds in (
            (detail_sheet.FUNCTION, "2011301", True),
            (detail_sheet.FUNCTION, 2011301, True),
            (detail_sheet.FUNCTION, "20113", False),
            (detail_sheet.FUNCTION, "2019977", False),
            (detail_sheet.ECONOMIC, "30101", True),
            (detail_sheet.ECONOMIC, "301", False),
            (detail_sheet.AMOUNT, 3398300.01, True),
            (detail_sheet.AMOUNT, 0.001, False),
            (detail_sheet.AMOUNT, "1,000", False),
        )
    ],
]


def places(sheet: str) -> tuple[dict[str, int], int]:
    """The sheet's columns by name, and its first open row; both from 1."""
    if sheet == DETAIL:
        return {heading: place for place, heading in enumerate(detail_sheet.HEADINGS, 1)}, 5
    layout = lay_out(table_of(sheet))
    (block,) = layout.table.blocks
    parts = [*(label.name for label in block.labels), *(column.name for column in block.columns)]
    return {part: place for place, part in enumerate(parts, 1)}, layout.first_row + 2


def test_rules_hold_what_is_right_and_nothing_else(office: Office, tmp_path: Path) -> None:
    book = opened()
    used: dict[str, int] = {}
    asked = []
    for name, row, column, *expected in CASES:
        sheet = worksheet(book, name)
        columns, first = places(name)
        number = used[name] = used.get(name, first - 1) + 1
        for part, value in row.items():
            sheet.cell(number, columns[part]).value = value  # type: ignore[assignment]
        cell = f"{get_column_letter(columns[column])}{number}"
        rule = validation(sheet, cell)
        assert rule is not None
        (area,) = rule.sqref.ranges
        sheet.cell(number, 30).value = at(str(rule.formula1).removeprefix("="), area, cell)
        red = mark(sheet, cell)
        sheet.cell(number, 31).value = at(red, area, cell) if red else "=FALSE()"
        asked.append((name, number, row, column, expected))
    path = tmp_path / "cases.xlsx"
    book.save(path)
    values = office.open(path).values()

    wrong = [
        (name, row, column, found)
        for name, number, row, column, expected in asked
        if (found := [bool(cell) for cell in values[name][number - 1][29:31]]) != expected
    ]

    assert wrong == []


def test_every_sheet_guides_and_does_not_imprison(book: Workbook) -> None:
    kept = {}
    for name in book.sheetnames:
        sheet = worksheet(book, name)
        # In the file a true value forbids.
        free = [sheet.protection.insertRows, sheet.protection.deleteRows, sheet.protection.formatRows]
        free += [sheet.protection.formatCells, sheet.protection.formatColumns, sheet.protection.autoFilter]
        free += [sheet.protection.sort, sheet.protection.selectLockedCells, sheet.protection.objects]
        kept[name] = (sheet.protection.sheet, sheet.protection.password, any(free), sheet.protection.insertColumns)

    assert kept == dict.fromkeys(book.sheetnames, (True, None, False, True))
