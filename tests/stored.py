"""The workbooks kept in the repository, and how the tests read them."""

from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from gouji_checks.live.template import given_out
from gouji_checks.relation import load as load_catalogue
from gouji_templates import workbook
from gouji_templates.form import Table, load
from gouji_templates.layout import lay_out
from samples.build import SAMPLE, SAMPLES, TEMPLATE, build_template, published

FORM = load()
STORED = {"template": (TEMPLATE, given_out(load_catalogue())), "sample": (SAMPLES / SAMPLE, published(FORM))}
BOTH = pytest.mark.parametrize("name", STORED)
EVERY_TABLE = pytest.mark.parametrize("table", FORM.tables, ids=[table.id for table in FORM.tables])


def fresh(name: str) -> bytes:
    """The workbook as it would be built now."""
    return build_template() if name == "template" else workbook.build(FORM, STORED[name][1])


def table_of(id: str) -> Table:
    """The form's table with this id."""
    return next(table for table in FORM.tables if table.id == id)


def rows(path: Path, sheet: str) -> list[list[object]]:
    """The sheet's values from A1, as a reader without a formula engine sees them; of a table what is printed."""
    found = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet)
    table = FORM.table(sheet)
    width = lay_out(table).last_column + 1 if table else None
    return [list[object](row)[:width] for row in found.to_python(skip_empty_area=False)]


def sheet_of(name: str, id: str) -> Worksheet:
    """The sheet with its formats and formulas; shared between tests, so not to be written to."""
    sheet = _opened(name)[id]
    assert isinstance(sheet, Worksheet)
    return sheet


def cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell at a place counted from 0."""
    found = sheet.cell(row + 1, column + 1)
    assert isinstance(found, Cell)
    return found


@cache
def _opened(name: str) -> Workbook:
    return load_workbook(STORED[name][0])
