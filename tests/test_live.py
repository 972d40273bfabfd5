"""The live template: formulas that Excel 2010, WPS and LibreOffice all understand, none tied to a place."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from html import unescape
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.formula import Tokenizer
from openxml_audit import OpenXmlValidator

from gouji_checks.book import read_book
from gouji_checks.check import check_book, known_codes
from gouji_checks.live import template
from gouji_checks.relation import load
from gouji_checks.source import read_package
from gouji_templates.content import CHECKING_SHEETS, Content, Line, blank, line_of
from gouji_templates.form import CODED
from tests import microsoft, rich

CATALOGUE = load()
FORM = CATALOGUE.form
BLANK, FULL = "blank", "full"
BOTH = pytest.mark.parametrize("name", [BLANK, FULL])

# Every one is in the lists of functions of Excel 2010, of WPS and of LibreOffice 7.
KNOWN = {
    *(
        "ABS",
        "ADDRESS",
        "AND",
        "CHOOSE",
        "COLUMN",
        "COUNT",
        "COUNTA",
        "COUNTIF",
        "COUNTIFS",
        "HYPERLINK",
        "IF",
        "IFERROR",
    ),
    *("INDEX", "ISNA", "ISNUMBER", "ISERROR", "LEFT", "LEN", "MATCH", "MAX", "MID", "N", "NOT", "OR", "ROUND", "ROW"),
    *("ROWS", "SEARCH", "SMALL", "SUBSTITUTE", "SUM", "SUMIF", "SUMPRODUCT", "TRIM"),
}
LONGEST, DEEPEST = 8192, 64
"""What Excel takes: characters of a formula, functions within one another."""


class Formula(NamedTuple):
    sheet: str
    cell: str
    text: str


@cache
def built(name: str) -> bytes:
    return template.build(CATALOGUE, blank(FORM, "某某局") if name == BLANK else rich.content(3))


@cache
def formulas(name: str) -> list[Formula]:
    return list(_formulas(built(name)))


def _formulas(data: bytes) -> Iterator[Formula]:
    with ZipFile(BytesIO(data)) as archive:
        sheets = re.findall(r'<sheet name="([^"]+)"', archive.read("xl/workbook.xml").decode())
        for number, sheet in enumerate(sheets, 1):
            part = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            for cell, text in re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f[^>]*>([^<]+)</f>', part):
                yield Formula(sheet, cell, unescape(text))


@BOTH
def test_only_functions_that_every_spreadsheet_has_and_none_volatile(name: str) -> None:
    used = {function for formula in formulas(name) for function in re.findall(r"([A-Z][A-Z.]*)\(", formula.text)}

    assert used <= KNOWN


@BOTH
def test_no_formula_is_too_long_or_too_deep_for_excel(name: str) -> None:
    beyond = [
        (formula.sheet, formula.cell, len(formula.text), _depth(formula.text))
        for formula in formulas(name)
        if len(formula.text) > LONGEST or _depth(formula.text) > DEEPEST
    ]

    assert beyond == []


def _depth(text: str) -> int:
    depth = deepest = 0
    for token in Tokenizer(f"={text}").items:
        depth += (token.type == "FUNC" and token.subtype == "OPEN") - (
            token.type == "FUNC" and token.subtype == "CLOSE"
        )
        deepest = max(deepest, depth)
    return deepest


@BOTH
def test_no_array_formula_and_no_macro(name: str) -> None:
    with ZipFile(BytesIO(built(name))) as archive:
        arrays = [part for part in archive.namelist() if b't="array"' in archive.read(part)]
        assert (arrays, [part for part in archive.namelist() if "vba" in part]) == ([], [])


@BOTH
def test_checking_sheets_reach_tables_by_name_only(name: str) -> None:
    tables = "|".join(table.id for table in FORM.tables)
    reaching = [
        formula.cell
        for formula in formulas(name)
        if formula.sheet in CHECKING_SHEETS and re.search(rf"(?:{tables})'?!\$?[A-Z]+\$?\d", formula.text)
    ]

    assert reaching == []


@BOTH
def test_every_name_used_is_defined(name: str) -> None:
    with ZipFile(BytesIO(built(name))) as archive:
        defined = set(re.findall(r'<definedName name="([^"]+)"', archive.read("xl/workbook.xml").decode()))
    used = {
        token.value
        for formula in formulas(name)
        for token in Tokenizer(f"={formula.text}").items
        if token.type == "OPERAND" and token.subtype == "RANGE" and re.fullmatch(r"[^!$:]*_[^!$:]*", token.value)
    }

    assert used
    assert used <= defined


def test_every_derived_figure_is_a_locked_formula_and_every_entered_one_is_free() -> None:
    book = load_workbook(BytesIO(built(BLANK)))
    for table in FORM.tables:
        sheet = book[table.id]
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert sheet.protection.insertRows is False, "inserting rows is allowed where this is not forbidden"
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.number_format == "#,##0.00"]
        grey = [cell for cell in cells if cell.fill.fill_type == "solid"]
        assert [cell.coordinate for cell in grey if cell.data_type != "f" or not cell.protection.locked] == []
        assert [cell.coordinate for cell in cells if cell not in grey and cell.protection.locked] == []


def test_open_rows_hold_the_roll_up_to_be_typed_over() -> None:
    book = load_workbook(BytesIO(built(BLANK)))
    for block in FORM.blocks:
        if block.kind in CODED:
            cells = [c for row in book[block.table].iter_rows() for c in row if c.number_format == "#,##0.00"]

            assert {cell.data_type for cell in cells} == {"f"}, block.name


@BOTH
def test_a_check_reads_what_is_stored_and_finds_nothing(name: str) -> None:
    report = check_book(read_book(read_package(built(name)), FORM), CATALOGUE, known_codes())

    assert [(finding.rule, finding.cell, finding.message) for finding in report.findings] == []


def test_building_twice_gives_the_same_bytes() -> None:
    assert template.build(CATALOGUE, rich.content(3)) == built(FULL)


@BOTH
def test_validators_find_nothing(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("live") / f"{name}.xlsx"
    path.write_bytes(built(name))

    assert OpenXmlValidator().validate(path).errors == []
    assert microsoft.findings(path) == []


def test_longer_tables_have_longer_reach() -> None:
    block = next(block for block in FORM.blocks if block.name == "表6")
    codes = [code for code in known_codes()["economic"] if len(code) == 5]
    lines = [line_of(block, "总计"), *(line_of(block, "", code) for code in codes)]
    content = blank(FORM)
    content.lines[block.name] = [_with_figures(line) for line in lines]

    text = next(f.text for f in _formulas(template.build(CATALOGUE, content)) if f.sheet == "表6" and "INDEX" in f.text)

    assert len(codes) > 40
    assert max(map(int, re.findall(r"表6_上级,(\d+)\)", text))) > 2 * len(codes)


def _with_figures(line: Line) -> Line:
    return line._replace(figures=(None, Decimal(1), None))


def test_content_without_figures_shows_nothing() -> None:
    content: Content = blank(FORM)
    book = read_book(read_package(template.build(CATALOGUE, content)), FORM)

    assert not any(any(figures.packed) for figures in book.figures.values())
