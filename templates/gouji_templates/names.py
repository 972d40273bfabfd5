"""The defined names by which formulas speak of a table's columns, so that nothing depends on coordinates."""

from xlsxwriter.utility import quote_sheetname, xl_range_abs
from xlsxwriter.workbook import Workbook

from gouji_templates.content import Content
from gouji_templates.form import Block, Table
from gouji_templates.layout import Layout

FIGURES = "区域"
"""What the name of all a block's figures ends with; it goes on far below the lines, to see what stands there."""

_FIXED_ROOM = 12
"""How many rows a fixed block may grow by before its names no longer reach all of it."""

_OPEN_ROOM = 30
"""By how many rows any other block may grow, at the least."""

_BEYOND = 200
"""How many rows a name is anchored over beyond its reach: so many can be deleted before it breaks."""


def name_of(block: Block, part: str) -> str:
    """The name of a column, of figures or labels: 表5_基本支出, 表1收入_项目."""
    return f"{block.name}_{part}"


def reach_of(table: Table, content: Content) -> int:
    """How many rows the names of a table reach over, from the row above the first line: twice the lines there are and
    no fewer than the template's room for them, so that rows can be added anywhere."""
    return 1 + max(_room(block, len(content.lines.get(block.name, ()))) for block in table.blocks)


def _room(block: Block, lines: int) -> int:
    if block.rows:
        return len(block.rows) + (block.total is not None) + _FIXED_ROOM
    return lines + max(lines, _OPEN_ROOM)


def define(book: Workbook, layout: Layout, reach: int) -> None:
    """Names every column of a table.

    Each begins on the row above the lines, which nobody deletes, and keeps its length when rows are inserted: columns
    of one table, and what is worked out for them row by row elsewhere, always match.
    """
    sheet = quote_sheetname(layout.table.id)
    top = layout.first_row - 1
    for block in layout.table.blocks:
        parts = [*(label.name for label in block.labels), *(column.name for column in block.columns)]
        for offset, part in enumerate(parts):
            column = layout.lefts[block.name] + offset
            area = f"{sheet}!{xl_range_abs(top, column, top + reach + _BEYOND, column)}"
            first = f"{sheet}!{xl_range_abs(top, column, top, column)}"
            book.define_name(name_of(block, part), f"={first}:INDEX({area},{reach})")
        left, right = layout.figure_column(block), layout.figure_column(block, len(block.columns) - 1)
        figures = xl_range_abs(top + 1, left, top + reach + _BEYOND, right)
        book.define_name(name_of(block, FIGURES), f"={sheet}!{figures}")
