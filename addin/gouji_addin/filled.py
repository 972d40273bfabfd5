"""What the sheet 校验结果 says of a 填充."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from gouji_addin.change import Change
from gouji_addin.live_target import Stages
from gouji_addin.results import FILLED, FILLED_HEADINGS, Results, Row, amount_cell, link, listed, made, text_cell
from gouji_checks.fill.plan import FigureCell, Plan
from gouji_checks.finding import Address


class Filling(NamedTuple):
    """A plan that has been carried out, but for the figures that were `kept` as they were typed; `items` is the sheet
    of line items that the tables come from, if any."""

    plan: Plan
    stages: Stages
    kept: Sequence[FigureCell]
    items: str


def filled(name: str, filling: Filling, when: datetime) -> Results:
    """What the sheet says of a workbook of this name."""
    plan, stages = filling.plan, filling.stages
    changes = {change[:3]: change for change in stages.changes}
    written = [figure for figure in plan.figures if _place(figure) in changes]
    added = {(row.sheet, row.row) for row in plan.added}
    emptied = {figure[:2] for figure in written if figure.value is None}
    figures = set(map(_place, written))
    body = [_line(事项="新增行", 单元格=_row_link(row.sheet, row.row), 说明=row.title) for row in plan.added]
    body += [
        _line(事项="清空行", 单元格=_row_link(row.sheet, row.row), 说明=f"{filling.items}里没有 {row.title}")
        for row in plan.emptied
        if (row.sheet, row.row) in emptied
    ]
    body += [_figure(figure, changes[_place(figure)]) for figure in written]
    body += [
        _line(
            事项="改写", 单元格=link(change.address), 原为=text_cell(change.old.text), 现为=text_cell(change.new.text)
        )
        for place, change in changes.items()
        if place not in figures and change[:2] not in added
    ]
    body += [_stays(figure) for figure in filling.kept]
    body += [_line(事项="请核对", 说明=note) for note in (*plan.notes, *stages.notes)]
    origin = f"由“{filling.items}”得出，" if filling.items else ""
    stay = f"，保留 {len(filling.kept)} 格" if filling.kept else ""
    return _results(
        f"填充：{name}",
        f"结果：{origin}新增 {len(plan.added)} 行，填写 {len(written)} 格{stay}",
        "撤销：点“撤销填充”恢复；保存以后也可以，再填充一次就只能撤销后一次",
        when=when,
        body=body,
    )


def refused_items(name: str, problems: Sequence[str], when: datetime) -> Results:
    """What the sheet says of line items that can't be used: each problem begins with its cell, or its row."""
    body: list[Row] = []
    for problem in problems:
        where, _, words = problem.partition("：")
        cell = where if "!" in where else ""
        body.append(_line(事项="明细有误", 单元格=link(cell), 说明=words if cell else problem))
    return _results(f"填充：{name}", f"结果：明细有 {len(problems)} 处错误，没有填", when=when, body=body)


def _results(*said: str, when: datetime, body: list[Row]) -> Results:
    words = (*said, *made(when))
    head: list[Row] = [[FILLED]]
    head += [[text_cell(line)] for line in words]
    return listed(head, FILLED_HEADINGS, body, ("原为", "现为"), ("单元格",), ("说明",))


def _figure(figure: FigureCell, change: Change) -> Row:
    """A figure that was written, or that a formula of its new row gives."""
    said = f"原有公式 {change.old.text}，已改为数值" if change.old.is_formula else ""
    old, new = amount_cell(figure.old), amount_cell(figure.new)
    return _line(事项="填写", 单元格=link(figure.address), 原为=old, 现为=new, 说明=said)


def _stays(figure: FigureCell) -> Row:
    words = f"算出的是 {figure.new or '空'}，按您的选择没有改"
    return _line(事项="保留", 单元格=link(figure.address), 现为=amount_cell(figure.old), 说明=words)


def _line(**cells: str | float) -> Row:
    """A line's cells; whatever is no address is a text."""
    plain = {"事项", "说明"}
    return [
        text_cell(str(cells[name])) if name in plain and name in cells else cells.get(name, "")
        for name in FILLED_HEADINGS
    ]


def _row_link(sheet: str, row: int) -> str:
    return link(str(Address(sheet, row, 0)))


def _place(figure: FigureCell) -> tuple[str, int, int]:
    return figure.sheet, figure.row, figure.column
