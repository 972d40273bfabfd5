"""What a department types and what is locked, and how a sheet is protected."""

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from gouji_templates.content import Line, is_total, name_index, total_first
from gouji_templates.form import Block, Column, Table

_ALLOWED = (
    "objects",
    "scenarios",
    "format_cells",
    "format_columns",
    "format_rows",
    "insert_rows",
    "insert_hyperlinks",
    "delete_rows",
    "sort",
    "autofilter",
    "select_locked_cells",
    "select_unlocked_cells",
)


def is_entered(block: Block, line: Line, column: Column) -> bool:
    """Whether this figure is typed; a line with codes counts as a leaf, for any of them may become one."""
    spec = next((spec for spec in block.rows if spec.label == line.labels[name_index(block)]), None)
    fixed = spec is not None and (spec.derived or bool(spec.sum))
    return not (block.derived or is_total(block, line) or fixed or column.derived or column.sum)


def is_open(block: Block, line: Line) -> bool:
    """Whether the department writes the texts of this line itself."""
    return total_first(block) and not is_total(block, line)


def is_typed(table: Table, lines: Mapping[str, Sequence[Line]]) -> bool:
    """Whether any figure of the table is typed."""
    return any(
        is_entered(block, line, column)
        for block in table.blocks
        for line in lines.get(block.name, ())
        for column in block.columns
    )


def protect(sheet: Worksheet) -> None:
    """Without a password: it guides, and whoever must can take it off."""
    sheet.protect("", dict.fromkeys(_ALLOWED, True))
