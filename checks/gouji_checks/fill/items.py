"""Line items written into the sheet that a template has for them."""

from decimal import Decimal

from gouji_checks.amount import FEN
from gouji_checks.detail import Detail, LineItem
from gouji_checks.detail_head import (
    AMOUNT,
    CODE_FIELDS,
    ECONOMIC,
    FUNCTION,
    FUNDING,
    PROJECT,
    SPENDING,
    UNIT,
    read_head,
)
from gouji_checks.edit.insertion import SheetEdit
from gouji_checks.edit.parts import FileParts
from gouji_checks.edit.sheet import Value
from gouji_checks.source import Workbook
from gouji_templates.content import DETAIL


def with_items(data: bytes, workbook: Workbook, detail: Detail) -> bytes:
    """A template's file, which reads as this workbook, with the line items in it; what its formulas show is brought up
    to date."""
    (rows,) = (sheet.rows for sheet in workbook.sheets if sheet.name == DETAIL)
    head = read_head(rows)
    parts = FileParts(data)
    edit = SheetEdit(parts)
    sheet = edit.sheet(DETAIL)
    for line, entry in enumerate(detail.entries, head.row + 1):
        for field, value in _cells(entry, head.unit).items():
            sheet.put(line, head.columns[field], value)
            name = sheet.cells[line].get(head.columns[field] + 1)
            if field in CODE_FIELDS and name and name.formula:
                sheet.cache(line, head.columns[field] + 1, detail.codes[CODE_FIELDS[field]][str(value)].name)
    total = Decimal(sum(entry.fen for entry in detail.entries)) / FEN[head.unit]
    for line, column, cell in list(sheet.formulas()):
        if line < head.row and column == head.columns[AMOUNT] and cell.formula:
            sheet.cache(line, column, total)
    edit.close()
    return parts.packed()


def _cells(entry: LineItem, unit: str) -> dict[str, Value]:
    return {
        UNIT: entry.unit,
        FUNCTION: entry.code,
        FUNDING: entry.funding.name,
        SPENDING: entry.spending.name,
        PROJECT: entry.project,
        ECONOMIC: entry.economic,
        AMOUNT: Decimal(entry.fen) / FEN[unit],
    }
