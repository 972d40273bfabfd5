"""The edits that make one workbook's tables read like another's."""

from difflib import SequenceMatcher

from gouji_templates.form import Form
from gouji_templates.layout import HEADING_ROW, Layout, lay_out
from tests.draft import made
from tests.office import Delete, Edit, Insert, Put, Values

Rows = list[list[object]]


def imprint(form: Form, shown: Values, wanted: Values) -> list[Edit]:
    """What a user would do to tables that show one thing so that they show another: rows inserted and deleted, then
    every cell typed over that still differs. Cells beside the tables are left alone."""
    sheets = {table.id: [list(row) for row in shown[table.id]] for table in form.tables}
    edits: list[Edit] = []
    for table in form.tables:
        layout = lay_out(table)
        for edit in _rows(layout, sheets[table.id], wanted[table.id]):
            made(sheets, edit)
            edits.append(edit)
        edits += _cells(layout, sheets[table.id], wanted[table.id])
    return edits


def _rows(layout: Layout, shown: Rows, wanted: Rows) -> list[Edit]:
    """The rows to insert and delete, from the bottom, so that each finds its place; the first line stays."""
    sheet, start = layout.table.id, HEADING_ROW
    matcher = SequenceMatcher(None, _labels(layout, shown[start:]), _labels(layout, wanted[start:]), autojunk=False)
    edits: list[Edit] = []
    for _, first, last, other_first, other_last in reversed(matcher.get_opcodes()):
        more = (other_last - other_first) - (last - first)
        # Rows behind everything are simply typed.
        if more > 0 and start + last < len(shown):
            edits.append(Insert(sheet, start + last, more))
        elif more < 0:
            edits.append(Delete(sheet, start + last + more, -more))
    return edits


def _labels(layout: Layout, rows: Rows) -> list[tuple[str, ...]]:
    columns = [layout.lefts[block.name] + place for block in layout.table.blocks for place in range(len(block.labels))]
    return [tuple(str(_at(rows, row, column)) for column in columns) for row in range(len(rows))]


def _cells(layout: Layout, shown: Rows, wanted: Rows) -> list[Edit]:
    edits: list[Edit] = []
    for row in range(max(len(shown), len(wanted))):
        for column in range(layout.last_column + 1):
            value = _at(wanted, row, column)
            if value != _at(shown, row, column):
                assert isinstance(value, str | float), value
                edits.append(Put(layout.table.id, row, column, None if value == "" else value))
    return edits


def _at(rows: Rows, row: int, column: int) -> object:
    """The value in a cell, blank beyond the sheet."""
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
