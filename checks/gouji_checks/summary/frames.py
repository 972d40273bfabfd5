"""A summary as tables of pandas: the departments, who leads and by how much, how findings are spread."""

from typing import Any

import pandas as pd

from gouji_checks.finding import SEVERITY_WORDS
from gouji_checks.summary.choice import Row
from gouji_checks.summary.figures import Main, ShownFigure
from gouji_checks.summary.overview import Overview

DEPARTMENT, FILE = "部门", "文件"
ERRORS, WARNINGS, UNCHECKED = "错误", "提示", "未核验"
TAKEN, VERSION = "汇总", "模板版本"
BEFORE, CHANGE, RATE = "上年", "增减额", "增减率（%）"

MOST_RANKED = 15

_STATUS = {"clean": "没有错误", "findings": "有错误"}
_BANDS = {"没有": 0, "1–5": 5, "6–10": 10, "11–20": 20, "21–50": 50, "50 以上": None}


def departments(overview: Overview) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A row for each workbook that counts as a department, and for each other one that could be read, by code, then in
    the order of the files; amounts in 万元."""
    left = {each.row.file: each.kind for each in overview.choice.left}
    frame = pd.DataFrame(
        [_department(overview, row, left.get(row.file, "")) for row in overview.readable],
        columns=columns(overview),
    )
    # Those without a code come last.
    frame = frame.sort_values("部门编码", key=lambda codes: codes.where(codes != "", "\uffff"), kind="stable")
    apart = frame[FILE].isin([each.row.file for each in overview.choice.uncounted])
    return frame[~apart], frame[apart]


def columns(overview: Overview) -> list[str]:
    """The headings of `departments`."""
    return ["部门编码", DEPARTMENT, "状态", ERRORS, WARNINGS, UNCHECKED, TAKEN, *figures(overview), VERSION, FILE]


def figures(overview: Overview) -> list[str]:
    """The headings of the columns with amounts and rates."""
    return [heading for figure in overview.shown for heading in _headings(figure)]


def _headings(figure: ShownFigure) -> list[str]:
    more = (BEFORE, CHANGE, RATE) if figure.compared else ()
    return [figure.heading, *(f"{figure.heading}{word}" for word in more)]


def _department(overview: Overview, row: Row, left: str) -> list[Any]:
    record = row.record
    values = [value for figure in overview.shown for value in _values(figure, record.figures[figure.id])]
    counts = (record.errors, record.warnings, record.unchecked)
    taken = f"未计入：{left}" if left else "已计入"
    name = record.department or "（没有写部门）"
    return [record.code, name, _STATUS[record.status], *counts, taken, *values, record.version, row.file]


def _values(figure: ShownFigure, main: Main) -> list[float | None]:
    found = [_amount(main.now)]
    if figure.compared:
        rate = float(main.rate) if main.rate else None
        found += [_amount(main.before), _amount(main.change), rate]
    return found


def _amount(fen: int | None) -> float | None:
    return None if fen is None else fen / 1_000_000


def ranked(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """The departments with the most of something, the first of equals first; none that have nothing of it."""
    numbers = frame.assign(**{by: pd.to_numeric(frame[by])})
    return numbers.loc[numbers[by] > 0, [DEPARTMENT, by]].nlargest(MOST_RANKED, by, keep="first")


def spread(frame: pd.DataFrame) -> pd.DataFrame:
    """How many departments have how many errors."""
    edges = [-1, *[float("inf") if edge is None else edge for edge in _BANDS.values()]]
    bands = pd.cut(frame[ERRORS], edges, labels=list(_BANDS))
    counts = bands.value_counts().reindex(list(_BANDS), fill_value=0)
    return counts.rename_axis("错误条数").reset_index(name="部门数")


def rules(overview: Overview) -> pd.DataFrame:
    """Which rules are broken most often."""
    lines = [
        (rule, overview.rules[rule].title if rule in overview.rules else "", SEVERITY_WORDS[severity], *counts)
        for (rule, severity), counts in overview.counts.items()
    ]
    frame = pd.DataFrame(lines, columns=["规则", "名称", "级别", "条数", "部门数"])
    return frame.sort_values(["条数", "规则"], ascending=[False, True], kind="stable").head(MOST_RANKED)


def versions(frame: pd.DataFrame) -> pd.DataFrame:
    """How many workbooks were made with which template."""
    named = frame[VERSION].where(frame[VERSION] != "", "没有写明")
    return named.value_counts(sort=False).sort_index().rename_axis(VERSION).reset_index(name="部门数")
