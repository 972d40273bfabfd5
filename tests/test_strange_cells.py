"""Cells nobody would expect, rows shuffled, columns gone: a workbook that opens is always checked to the end."""

import datetime
import json
import random

import pytest

from gouji_checks import report
from gouji_checks.check import check
from gouji_checks.source import MemorySource, Sheet, Unreadable, Workbook
from tests.edits import the_published

STRANGE: tuple[object, ...] = (
    "", None, 0.0, -1.0, 1e15, float("nan"), float("inf"), 12, 1e-9, 3.14159, True,
    datetime.date(2025, 1, 1), datetime.timedelta(1), "#REF!", "见附件", "201", "2011301", "201 13 01", "１２３", "-",
    " ", "总计", "合计", "※", "表5", "序号", "项目名称", "其中：", "2025年", "为空表", "单位：元",
    "编制部门：", "年" * 300,
)  # fmt: skip
EACH = 60


@pytest.mark.parametrize("seed", range(8))
def test_workbook_of_strange_cells_is_checked_to_the_end(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(EACH):
        workbook = the_published()
        for _ in range(chance.choice((1, 1, 3, 10, 30))):
            workbook = _spoiled(workbook, chance)
        try:
            found = check(MemorySource(workbook))
        except Unreadable:
            continue

        ledger = found.ledger
        assert min(ledger.agreed, ledger.rounding, ledger.failed, ledger.not_applicable) >= 0
        assert report.text("预算.xlsx", found)
        assert json.dumps(report.as_json("预算.xlsx", found), ensure_ascii=False)


def _spoiled(workbook: Workbook, chance: random.Random) -> Workbook:
    """One sheet with one thing done to it: a cell, a row or a column changed, rows shuffled, another name."""
    sheets = list(workbook.sheets)
    place = chance.randrange(len(sheets))
    sheets[place] = _spoiled_sheet(sheets[place], chance)
    if len(sheets) > 3 and chance.random() < 0.03:
        del sheets[place]
    return workbook._replace(sheets=sheets)


def _spoiled_sheet(sheet: Sheet, chance: random.Random) -> Sheet:
    rows = [list(row) for row in sheet.rows]
    if not rows or not rows[0]:
        return sheet
    row, column, kind = chance.randrange(len(rows)), chance.randrange(len(rows[0])), chance.random()
    if kind < 0.6:
        rows[row][column] = chance.choice(STRANGE)
    elif kind < 0.7:
        del rows[row]
    elif kind < 0.8:
        rows.insert(row, list(chance.choice(rows)))
    elif kind < 0.85:
        rows = [cells[:column] + cells[column + 1 :] for cells in rows]
    elif kind < 0.9:
        rows = [[*cells[:column], chance.choice(STRANGE), *cells[column:]] for cells in rows]
    elif kind < 0.94:
        chance.shuffle(rows)
    elif kind < 0.97:
        return sheet._replace(uncalculated=frozenset({(row, column)}), hidden_rows=frozenset({row}))
    else:
        return sheet._replace(name=chance.choice(("表1", "表5", "Sheet1")))
    return sheet._replace(rows=rows)
