"""The filters in force on a sheet of the Excel for tests, and the rows that they leave out."""

from collections.abc import Iterator
from typing import NamedTuple

from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.worksheet import Worksheet


class FilterObject(NamedTuple):
    """Excel's own object for the filter of a table."""

    FilterMode: bool


class TableObject(NamedTuple):
    """Excel's own object for a table, as far as its filter goes; it has none without the buttons to filter."""

    AutoFilter: FilterObject | None


def in_force(found: AutoFilter | None) -> bool:
    """Whether anything is asked for by it: the buttons alone leave no row out."""
    return found is not None and bool(found.ref and found.filterColumn)


def tables(sheet: Worksheet) -> list[TableObject]:
    """Its tables, of whose filters the sheet itself says nothing."""
    return [
        TableObject(FilterObject(in_force(table.autoFilter)) if table.autoFilter else None)
        for table in sheet.tables.values()
    ]


def left_out(sheet: Worksheet) -> set[int]:
    """The rows, from 1, that filters leave out; those hidden by hand are not among them."""
    rows = {row for area in _areas(sheet) for row in range(area.min_row + 1, area.max_row + 1)}
    return {row for row in rows if row in sheet.row_dimensions and sheet.row_dimensions[row].hidden}


def _areas(sheet: Worksheet) -> Iterator[CellRange]:
    for found in (sheet.auto_filter, *(table.autoFilter for table in sheet.tables.values())):
        if in_force(found):
            yield CellRange(found.ref)
