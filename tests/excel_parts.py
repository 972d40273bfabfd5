"""A workbook open in the Excel for tests as the parts that it would be saved in."""

import io
import zipfile
from collections.abc import Iterator

import openpyxl
import xlwings as xw
from openpyxl.worksheet.worksheet import Worksheet

VARYING = {"docProps/core.xml", "xl/styles.xml"}
"""The first says when it was saved. To the second openpyxl only ever adds, and never says that a style has gone."""


def content(book: xw.Book) -> openpyxl.Workbook:
    """What openpyxl holds of it."""
    found = book.impl.content
    assert isinstance(found, openpyxl.Workbook)
    return found


def parts(book: xw.Book) -> dict[str, object]:
    """Every part by name, and the looks of every cell: equal for two states of a workbook, nothing has changed."""
    # The first time openpyxl saves a workbook it adds to what it holds of it.
    content(book).save(io.BytesIO())
    buffer = io.BytesIO()
    content(book).save(buffer)
    with zipfile.ZipFile(buffer) as package:
        saved = {name: package.read(name) for name in package.namelist() if name not in VARYING}
    return saved | {f"looks of {sheet.title}": list(_looks(sheet)) for sheet in content(book).worksheets}


def _looks(sheet: Worksheet) -> Iterator[object]:
    for row in sheet.iter_rows():
        for cell in row:
            styles = cell.fill, cell.font, cell.border, cell.alignment, cell.protection
            yield cell.coordinate, cell.number_format, *map(repr, styles)


def shape(book: xw.Book) -> dict[str, object]:
    """What a button may change of each sheet; much sooner had than every part."""
    return {
        sheet.title: [sheet.sheet_state, sheet.dimensions, *_cells(sheet), *formats(sheet)] for sheet in content(book)
    }


def _cells(sheet: Worksheet) -> Iterator[object]:
    for row in sheet.iter_rows():
        for cell in row:
            yield cell.coordinate, cell.value, cell.data_type, cell.number_format, cell.fill.fgColor.rgb


def formats(sheet: Worksheet) -> Iterator[tuple[object, ...]]:
    """Area, kind, condition and fill of every conditional format, the most important first."""
    found = [(rule.priority, str(area.sqref), rule) for area in sheet.conditional_formatting for rule in area.rules]
    for _, area, rule in sorted(found, key=lambda one: one[:2]):
        yield area, rule.type, rule.formula, rule.dxf and rule.dxf.fill and rule.dxf.fill.fgColor.rgb
