"""Rules about the comparison with last year: the reasons, the sheets, and whether last year's figures are right."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from gouji_checks.amount import step
from gouji_checks.compare.prior import Figure, Prior
from gouji_checks.compare.years import Years
from gouji_checks.explained import show_half
from gouji_checks.finding import Finding
from gouji_checks.rules import comparison_reasons, comparison_sheets
from gouji_checks.rules.comparison_reasons import money
from gouji_checks.rules.rule import MOST_CELLS, found, rule
from gouji_templates.content import PRIOR
from gouji_templates.form import Block, Group
from gouji_templates.layout import AMONG

_PUBLISHED = "上年数应与上年公开的预算一致"
_CELL = re.compile(r"[^\s!“”]+![A-Z]+\d+")
_ROW = re.compile(r"“([^”]+)”第(\d+)行")
"""Where the notes on a sheet begin by saying which cell or row they are about."""


@rule("D04", "上年数与上年工作簿不符", "error", _PUBLISHED, f"核对上年工作簿，把“{PRIOR}”里的这个数改成上年公开的数")
def contradicted(years: Years) -> Iterator[Finding]:
    """填写的上年数要与上年公开的预算表一致。指明上年工作簿（--prior，或发放清单里的“上年工作簿”）时才能核对。

    好：上年预算数[财政拨款“三公”经费/公务接待费].上年预算数 = 3.00
    坏：上年预算数[财政拨款“三公”经费/公务接待费].上年预算数 = 3.50
    """
    for one in years.prior.contradictions if years.prior else ():
        for place, (said, true) in enumerate(zip(one.entered.amounts, one.published.amounts, strict=True)):
            if said is not None and true is not None and said != true:
                group = next(group for group in years.comparison.groups if group.id == one.key[0])
                part = f"的{_columns(group)[place]}" if place else ""
                where = one.published.origin or f"{years.prior.file if years.prior else ''}没有这一行"
                yield found(
                    f"{group.title}的“{one.label}”{part}上年数填的是 {money(years, said)}，"
                    f"上年工作簿是 {money(years, true)}（{where.removeprefix('上年工作簿 ')}）",
                    *filter(None, (one.entered.cell,)),
                    stated=money(years, said),
                    expected=money(years, true),
                )._replace(difference=money(years, said - true))
                break


@rule("D07", "上年数的分项加起来不等于合计", "warning", _PUBLISHED, "对照上年公开的预算表核对合计和各分项，漏填的补上")
def unequal_parts(years: Years) -> Iterator[Finding]:
    """上年数的合计应等于各分项之和，各科目之和应等于一般公共预算支出合计，四舍五入造成的差别除外。
    上年公开的数本身就对不上的，在“来源”栏注明。

    好：上年预算数[支出预算/项目支出].上年预算数 = 101.00
    坏：上年预算数[支出预算/项目支出].上年预算数 = 110.00
    坏：上年预算数[一般公共预算支出（按科目）/2080501].上年预算数 = 89.95
    """
    for whole, parts, words, adding in _sums(years):
        amounts = [one.amounts[0] for one in (whole, *parts)]
        known = [one for one in amounts if one is not None]
        if len(known) < len(amounts):
            continue
        stated, *others = known
        # Nothing is nothing, not something rounded.
        allowed2 = sum(1 for one in known if one) * step(years.book.form.unit, years.book.form.decimals)
        gap = stated - sum(others)
        if 2 * abs(gap) > allowed2:
            cells = dict.fromkeys(one.cell for one in (whole, *parts) if one.cell)
            yield found(
                f"上年的{words}为 {money(years, stated)}，{adding}相加为 {money(years, sum(others))}，"
                f"相差 {money(years, abs(gap))}",
                *list(cells)[:MOST_CELLS],
                stated=money(years, stated),
                expected=money(years, sum(others)),
            )._replace(difference=money(years, gap), allowed=show_half(allowed2))


class _Sum(NamedTuple):
    """A figure of last year, those that should add to it, and what each is called."""

    whole: Figure
    parts: tuple[Figure, ...]
    words: str
    adding: str


def _sums(years: Years) -> Iterator[_Sum]:
    prior = years.prior
    for group in years.comparison.groups:
        if prior is None or group.id not in prior.known:
            continue
        for line in group.lines:
            if line.sum:
                parts = tuple([prior.figure((group.id, part)) for part in line.sum])
                words = f"{group.title}的“{line.label.removeprefix(AMONG)}”"
                yield _Sum(prior.figure((group.id, line.id)), parts, words, "各分项")
        if group.codes:
            yield from _sums_by_code(years, prior, group, group.codes)


def _sums_by_code(years: Years, prior: Prior, group: Group, block: Block) -> Iterator[_Sum]:
    """Each code against what adds to it, and the codes against the lines that compare the table's total."""
    columns = _columns(group)
    codes = {code: figure for (id, code), figure in prior.figures.items() if id == group.id}
    for code, figure in codes.items():
        parts = tuple([figure._replace(amounts=(amount,)) for amount in figure.amounts[1:]])
        words = f"{group.title}的 {' '.join(filter(None, (code, figure.name)))} "
        yield _Sum(figure, parts, words, "与".join(columns[1:]))
    if any(id == group.id for id, _ in prior.unread):
        return
    for other in years.comparison.groups:
        for line in other.lines if other.id in prior.known else ():
            if line.block is block and block.total and line.row == block.total.id and line.column in group.columns:
                place = group.columns.index(line.column)
                # Where to look is the total: the codes are many.
                parts = tuple([Figure(figure.amounts[place : place + 1], "") for figure in codes.values()])
                words = f"{other.title}的“{line.label.removeprefix(AMONG)}”"
                yield _Sum(prior.figure((other.id, line.id)), parts, words, f"各科目的{columns[place]}")


def _columns(group: Group) -> tuple[str, ...]:
    """What the figures of a group by code are called."""
    return tuple([group.codes.columns[place].name for place in group.columns]) if group.codes else ("",)


@rule("D11", "上年预算数填写有误", "warning", _PUBLISHED, "对照上年公开的预算表改正；说明里写明了在哪一行")
def ill_entered(years: Years) -> Iterator[Finding]:
    """“上年预算数”表里没有采用的行、认不出的数、重复的科目、负数和不是上一年度的表头。不改正，对比就少了或错了这些数。

    好：上年预算数[财政拨款“三公”经费/公务接待费].上年预算数 = 3.00
    坏：上年预算数[财政拨款“三公”经费/公务接待费].上年预算数 = -3.00
    坏：上年预算数[财政拨款“三公”经费/公务接待费].上年预算数 = 三万
    """
    for note in years.entered.notes if years.entered else ():
        cell = _CELL.match(note)
        row = _ROW.match(note)
        place = cell[0] if cell else f"{row[1]}!A{row[2]}" if row else f"{PRIOR}!A1"
        yield found(note, place)


RULES = (*comparison_reasons.RULES, contradicted, *comparison_sheets.RULES, unequal_parts, ill_entered)
