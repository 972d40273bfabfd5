"""What goes into a disclosure workbook: the lines of every block and what the department says of itself."""

from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
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
VEHICLES, VEHICLES_BOUGHT = "公务用车实有数", "公务用车购置数"
OPERATING = "机关运行经费"
"""In 万元, stated by a department of which only a part has any."""
FORM = "表样"
VERSION = "模板版本"
FINGERPRINT = "模板指纹"
FORMULAS = "公式指纹"
"""Of the sheets that check; a property of the file only."""

INFO = (DEPARTMENT, CODE, YEAR, UNIT_KIND, *STAFF, VEHICLES, VEHICLES_BOUGHT, OPERATING, FORM, VERSION, FINGERPRINT)
"""The lines of the first sheet, in order."""

GUIDE, RELATIONS, CALCULATION, SUBJECTS, DETAIL = "填报说明", "勾稽关系", "勾稽计算", "科目", "预算明细"

CHECKING_SHEETS = (RELATIONS, CALCULATION)
"""The sheets that check, in a template that does."""

RESULTS = "校验结果"
"""The sheet that the add-in's 校验 writes."""

UNDO = "撤销填充"
"""The very hidden sheet on which the add-in's 填充 keeps what it changed."""

PRIOR = "上年预算数"
"""The sheet with last year's figures."""

PRIOR_HEADINGS = ("编码", "项目", "上年预算数", "来源")
"""Its columns, without those between the last two that add to a figure by code."""

COMPARISONS = ("收支对比", "三公经费对比")
"""The sheets that compare with them."""

OTHER_SHEETS = frozenset({GUIDE, *CHECKING_SHEETS, PRIOR, *COMPARISONS, SUBJECTS, DETAIL, RESULTS, UNDO})
"""What a workbook of ours may hold besides its first sheet and its tables."""

UNREAD = OTHER_SHEETS - {PRIOR, *COMPARISONS}
"""Those of them that a check of the figures has no use for."""

_OPEN_ROWS = 30
"""Blank lines where a department writes its own: the published 表6 takes 28, and inserting breaks tables."""

_RARE_ROWS = 10
"""Blank lines of a table that most departments leave empty, so that its sentence stays in sight."""


class Line(NamedTuple):
    """A printed row of a block: a text for each label column, a figure for each column, None where blank."""

    labels: tuple[str, ...]
    figures: "tuple[Decimal | None, ...]"


class PriorFigure(NamedTuple):
    """What last year's budget had for a line: one figure, for a code its total and the columns that add to it; and
    where they come from (来源)."""

    figures: "tuple[Decimal | None, ...]"
    origin: str = ""


_NOTHING: Mapping[tuple[str, str], PriorFigure] = MappingProxyType({})


class Content(NamedTuple):
    """A workbook's figures and texts; the tables in `empty` carry only their empty-table sentence.

    `prior` holds last year's figures, by the id of a group that is compared and that of its line, or the code.
    """

    department: str
    year: int
    info: dict[str, str | int]
    lines: dict[str, list[Line]]
    empty: frozenset[str]
    prior: Mapping[tuple[str, str], PriorFigure] = _NOTHING


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
