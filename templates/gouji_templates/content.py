"""What goes into a disclosure workbook: the lines of every block and what the department says of itself."""

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from gouji_templates import __version__
from gouji_templates.form import CODE_LABELS, CODED, Block, Form, Table

if TYPE_CHECKING:
    # Every check imports this module, and decimal takes longer to import than all of it.
    from decimal import Decimal

DEPARTMENT = "部门名称"
CODE = "部门编码"
YEAR = "预算年度"
UNIT_KIND = "单位性质"
STAFF = ("编制人数", "在职人数", "退休人数", "离休人数")
FORM = "表样"
VERSION = "模板版本"
FINGERPRINT = "模板指纹"
FORMULAS = "公式指纹"
"""Of the sheets that check; a property of the file only."""

INFO = (DEPARTMENT, CODE, YEAR, UNIT_KIND, *STAFF, FORM, VERSION, FINGERPRINT)
"""The lines of the first sheet, in order."""

GUIDE, RELATIONS, CALCULATION, SUBJECTS, DETAIL = "填报说明", "勾稽关系", "勾稽计算", "科目", "预算明细"

CHECKING_SHEETS = (RELATIONS, CALCULATION)
"""The sheets that check, in a template that does."""

RESULTS = "校验结果"
"""The sheet that the add-in's 校验 writes."""

OTHER_SHEETS = frozenset({GUIDE, *CHECKING_SHEETS, SUBJECTS, DETAIL, RESULTS})
"""What a workbook of ours may hold besides its first sheet and its tables."""

_OPEN_ROWS = 30
"""Blank lines where a department writes its own: the published 表6 takes 28, and inserting breaks tables."""

_RARE_ROWS = 10
"""Blank lines of a table that most departments leave empty, so that its sentence stays in sight."""


class Line(NamedTuple):
    """A printed row of a block: a text for each label column, a figure for each column, None where blank."""

    labels: tuple[str, ...]
    figures: "tuple[Decimal | None, ...]"


class Content(NamedTuple):
    """A workbook's figures and texts; the tables in `empty` carry only their empty-table sentence."""

    department: str
    year: int
    info: dict[str, str | int]
    lines: dict[str, list[Line]]
    empty: frozenset[str]


def name_index(block: Block) -> int:
    """The position of the label column with the names, which also carries the label of the total."""
    return sum(label.name in CODE_LABELS for label in block.labels)


def total_first(block: Block) -> bool:
    """Whether the total stands above the lines: it does where their number is not known beforehand."""
    return block.kind in CODED or block.kind == "items"


def is_total(block: Block, line: Line) -> bool:
    """Whether this line is the block's total."""
    return block.total is not None and line.labels[name_index(block)] == block.total.label


def line_of(block: Block, name: str = "", code: str = "", project: str = "") -> Line:
    """A line without figures, its texts put where the block's label columns want them."""
    levels = (0, *CODED.get(block.kind, ()))
    labels = [code[start:end] for start, end in pairwise(levels)]
    labels += [name, project]
    return Line(tuple(labels[: len(block.labels)]), (None,) * len(block.columns))


def blank(form: Form, department: str = "", year: int | None = None) -> Content:
    """The template: fixed rows without figures, and room for lines where a department writes its own."""
    lines = {block.name: _blank_lines(table, block) for table in form.tables for block in table.blocks}
    return Content(department, form.year if year is None else year, {}, lines, frozenset())


def said(form: Form, content: Content) -> dict[str, str | int]:
    """What the first sheet says, by its lines; a line that is not here is blank."""
    department: dict[str, str | int] = {DEPARTMENT: content.department, YEAR: content.year}
    return department | content.info | {FORM: form.id, VERSION: __version__}


def sentence(content: Content, table: Table) -> str:
    """What the table says when it has no figures."""
    return table.empty.format(department=content.department, year=content.year)


def _blank_lines(table: Table, block: Block) -> list[Line]:
    total = [line_of(block, block.total.label)] if block.total else []
    if total_first(block):
        return total + [line_of(block)] * (_RARE_ROWS if table.empty else _OPEN_ROWS)
    return [line_of(block, row.label) for row in block.rows] + total
