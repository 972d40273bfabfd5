"""Where the columns of line items stand: found by their headings, whatever an export calls them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from gouji_checks.source import Sheet
from gouji_checks.titles import unit_of
from gouji_templates.wording import fold

UNIT = "预算单位"
FUNCTION = "功能科目编码"
FUNDING = "资金来源"
SPENDING = "支出类型"
PROJECT = "项目名称"
ECONOMIC = "部门经济分类编码"
AMOUNT = "金额（元）"

_HEADINGS = {
    UNIT: ("预算单位", "预算单位名称", "单位名称", "单位"),
    FUNCTION: ("功能科目", "功能分类科目", "功能分类", "支出功能分类科目", "支出功能分类", "支出功能科目", "科目"),
    FUNDING: ("资金来源", "资金性质", "资金来源名称", "资金性质名称", "资金类型"),
    SPENDING: ("支出类型", "支出性质", "支出类别", "项目类别", "项目类型"),
    PROJECT: ("项目名称", "项目"),
    ECONOMIC: (
        *("部门经济分类", "部门经济分类科目", "部门经济科目", "部门支出经济分类", "部门支出经济分类科目"),
        *("部门预算支出经济分类", "部门预算支出经济分类科目", "经济分类", "经济分类科目", "经济科目"),
        *("支出经济分类", "支出经济分类科目"),
    ),
    AMOUNT: ("金额", "预算金额", "预算数", "本年预算数", "年初预算数"),
}
"""How each column may be headed, the likeliest first; brackets and, for codes, 编码 may follow."""

CODE_FIELDS = {FUNCTION: "functional", ECONOMIC: "economic"}
NEEDED = tuple(field for field in _HEADINGS if field != UNIT)

WITHIN = 10
"""The headings stand within so many rows."""

_UNIT = re.compile(r"\(?(?:单位:)?(亿元|万元|千元|元)\)?$")

Row = Sequence[object]


def is_blank(cell: object) -> bool:
    """Whether a cell says nothing; spaces say nothing."""
    return cell is None or (isinstance(cell, str) and not fold(cell))


class DetailHead(NamedTuple):
    """The row with the headings, where each column stands, and the unit of the amounts."""

    row: int
    columns: dict[str, int]
    unit: str

    @property
    def missing(self) -> list[str]:
        """The needed columns that have no heading."""
        return [field for field in NEEDED if field not in self.columns]

    def has_rows(self, sheet: Sheet) -> bool:
        """Whether anything stands below the headings."""
        return any(not is_blank(row[place]) for row in sheet.rows[self.row + 1 :] for place in self.columns.values())


def read_head(rows: Sequence[Row]) -> DetailHead:
    """The first row with all the headings, else the one with most of them."""
    found = [_heads(rows, number) for number in range(min(WITHIN, len(rows)))]
    return min(found, key=lambda head: len(head.missing), default=DetailHead(0, {}, ""))


def _heads(rows: Sequence[Row], number: int) -> DetailHead:
    """This row taken for the headings."""
    best: dict[str, tuple[int, int]] = {}
    unit = ""
    for place, cell in enumerate(rows[number]):
        text = fold(cell) if isinstance(cell, str) else ""
        for field in _HEADINGS:
            rank = _rank(field, text)
            if rank is not None and (rank, place) < best.get(field, (99, 0)):
                best[field] = (rank, place)
                if field == AMOUNT:
                    said = _UNIT.search(text)
                    unit = said[1] if said else ""
    above = tuple((i, j, str(cell)) for i, row in enumerate(rows[:number]) for j, cell in enumerate(row) if cell != "")
    return DetailHead(number, {field: place for field, (_, place) in best.items()}, unit or unit_of(above) or "元")


def _rank(field: str, text: str) -> int | None:
    """How well a heading suits a column, the least best; None where it does not."""
    bare = _UNIT.sub("", text) if field == AMOUNT else re.sub(r"\(.*\)$", "", text)
    stripped = bare.removesuffix("编码").removesuffix("代码") if field in CODE_FIELDS else bare
    if stripped not in _HEADINGS[field]:
        return None
    # Beside a column with codes there may be one with names under nearly the same heading.
    return 2 * _HEADINGS[field].index(stripped) + (field in CODE_FIELDS and stripped == bare)
