"""Rules about what the first sheet says of the department, held against its tables."""

from collections.abc import Iterator
from functools import lru_cache

from gouji_checks.amount import read, show, step
from gouji_checks.book import Book, label_cell
from gouji_checks.compare.stated import Stated, at, kind_of, stated_number
from gouji_checks.finding import Finding
from gouji_checks.rules.rule import found, rule
from gouji_templates.content import OPERATING, UNIT_KIND, VEHICLES, VEHICLES_BOUGHT
from gouji_templates.form import ComparedLine, Form
from gouji_templates.per_head import RUNNING

_OPERATING = "《机关事务管理条例》：机关运行经费是行政单位和参公单位的公用经费"
_VEHICLES = "财预〔2016〕143号《地方预决算公开操作规程》：公开公务用车购置数和保有量"

_BUYING = "公务用车购置"
"""The line of 三公 with what vehicles cost to buy."""


@rule(
    "D08", "机关运行经费与公用经费不符", "error", _OPERATING, "按单位性质核对“基本信息”里的机关运行经费和表6 的公用经费"
)
def operating(book: Book) -> Iterator[Finding]:
    """机关运行经费是一般公共预算基本支出里行政单位和参公单位的公用经费：部门全是这两类的，等于表6 公用经费合计；
    还有其他事业单位的，由部门填写，不能超过表6 公用经费合计；没有这两类单位的不列示。

    好：基本信息 机关运行经费 = 30.20
    坏：基本信息 机关运行经费 = 30.30
    """
    comparison = book.form.comparison
    if comparison is None or UNIT_KIND not in book.info:
        return
    kind = kind_of(book)
    if not kind or (OPERATING not in book.info and kind not in comparison.operating.part):
        return
    place = comparison.operating
    whole = at(book, place.block, place.row, place.column)
    decimals = book.form.decimals
    said, odd = read(book.info.get(OPERATING), book.form.unit, decimals)
    cell = label_cell(book, OPERATING)
    shown = f"基本信息里的{OPERATING}"
    if said is None:
        if odd:
            yield found(f"{shown}填的是“{odd.shown}”，不是金额", cell, stated=odd.shown)
        elif cell and kind in place.part and whole.amount:
            words = f"{UNIT_KIND}是“{kind}”，{shown}没有填写"
            yield found(words, cell, whole.cell, severity="warning")
        return
    stated = show(said, decimals)
    if kind not in (*place.all, *place.part):
        if said:
            words = f"{UNIT_KIND}是“{kind}”，不列示{OPERATING}，基本信息里填了 {stated}"
            yield found(words, cell, stated=stated, severity="warning")
    elif whole.amount is not None:
        gap = said - whole.amount
        # A table in 元 says it more finely than it is stated.
        if 2 * (gap if kind in place.part else abs(gap)) > step(book.form.unit, decimals):
            limit = show(whole.amount, decimals)
            words = f"{'大于' if kind in place.part else '应等于'}{place.block.table}公用经费 {limit}"
            yield found(
                f"{UNIT_KIND}是“{kind}”，{shown} {stated}，{words}",
                *filter(None, (cell, whole.cell)),
                stated=stated,
                expected=limit,
            )._replace(difference=show(gap, decimals))


@rule(
    "D09", "有公务用车购置费，没有购置数", "warning", _VEHICLES, "在“基本信息”填写公务用车购置数，或核对表10 的购置费"
)
def bought(book: Book) -> Iterator[Finding]:
    """安排了公务用车购置费，就要说明购置几辆。

    好：表10[公务用车购置].合计 = 0.00
    坏：表10[公务用车购置].合计 = 18.00
    """
    number = stated_number(book, VEHICLES_BOUGHT)
    if not book.info or number:
        return
    amount = stated_line(book, _BUYING)
    cell = label_cell(book, VEHICLES_BOUGHT) if amount.amount else ""
    if amount.amount and cell:
        money = show(amount.amount, book.form.decimals)
        said = book.info.get(VEHICLES_BOUGHT, "")
        words = "是 0" if number == 0 else f"填的是“{said}”，不是辆数" if said != "" else "没有填写"
        yield found(
            f"公务用车购置费 {money} 万元，基本信息里的{VEHICLES_BOUGHT}{words}", amount.cell, cell, stated=money
        )


@rule("D10", "有公务用车运行费，没有公务用车", "warning", _VEHICLES, "核对“基本信息”里的公务用车实有数和表10 的运行费")
def without_vehicles(book: Book) -> Iterator[Finding]:
    """没有公务用车、本年也不购置的，不应安排公务用车运行费。实有数空着的，列为未核验。

    好：基本信息 公务用车实有数 = 2
    坏：基本信息 公务用车实有数 = 0
    """
    if stated_number(book, VEHICLES) == 0 and not stated_number(book, VEHICLES_BOUGHT):
        amount = stated_line(book, RUNNING)
        if amount.amount:
            money = show(amount.amount, book.form.decimals)
            words = f"基本信息里的{VEHICLES}是 0，却有公务用车运行费 {money} 万元"
            yield found(words, label_cell(book, VEHICLES), amount.cell, stated=money)


def stated_line(book: Book, id: str) -> Stated:
    """This year's figure of a line that is compared; none where the form has no such line."""
    line = _line(book.form, id)
    return at(book, line.block, line.row, line.column) if line and line.block else Stated(None)


@lru_cache(maxsize=16)
def _line(form: Form, id: str) -> ComparedLine | None:
    groups = form.comparison.groups if form.comparison else ()
    return next((line for group in groups for line in group.lines if line.id == id and line.block), None)


RULES = (operating, bought, without_vehicles)
