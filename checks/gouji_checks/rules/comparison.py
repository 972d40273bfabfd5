"""Rules about what grew and shrank since last year: what needs a reason, and whether last year's figures are right."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from gouji_checks.amount import FEN, show, step
from gouji_checks.compare.comparison import Line
from gouji_checks.compare.prior import Figure, Prior
from gouji_checks.compare.sections import REASON
from gouji_checks.compare.years import Years
from gouji_checks.explained import show_half
from gouji_checks.finding import Finding
from gouji_checks.rules import comparison_sheets
from gouji_checks.rules.rule import found, rule
from gouji_templates.content import PRIOR
from gouji_templates.form import CODED, Block, Group
from gouji_templates.layout import AMONG
from gouji_templates.wording import fold

_THRIFT = "中央八项规定精神、《党政机关厉行节约反对浪费条例》：“三公”经费只减不增"
_EXPLAINED = "财预〔2016〕143号《地方预决算公开操作规程》：对增减变化情况作出说明"
_PUBLISHED = "上年数应与上年公开的预算一致"
_MOST_CELLS = 20
_CELL = re.compile(r"[^\s!“”]+![A-Z]+\d+")
_ROW = re.compile(r"“([^”]+)”第(\d+)行")
"""Where the notes on a sheet begin by saying which cell or row they are about."""

_NO_REASON = frozenset(("无", "没有", "略"))


@rule("D01", "“三公”经费增长没有写原因", "warning", _THRIFT, "核对上年数；确需增长的，在“增减原因”栏写明原因")
def grown(years: Years) -> Iterator[Finding]:
    """“三公”经费只减不增，哪一项比上年增加，都要写明原因。合计和小计由其中的各项说明，不必另写。

    好：三公经费对比[财政拨款“三公”经费/公务用车运行费].增减原因 = 按编制补足两辆公务用车的运行费
    坏：三公经费对比[财政拨款“三公”经费/公务用车运行费].增减原因 =
    坏：三公经费对比[财政拨款“三公”经费/公务用车运行费].增减原因 = —
    """
    for group in years.comparison.groups:
        if group.id == years.comparison.no_growth:
            for line in _unexplained(years, group):
                if line.change and line.change > 0:
                    cell = years.cell(line, REASON)
                    words = "没有写增减原因" if cell else "请说明原因"
                    yield found(
                        f"{group.title}的“{_named(line)}”本年 {_money(years, line.now)}，比上年增加 {_by(years, line)}，{words}",
                        *filter(None, (cell, line.cell)),
                        stated=_money(years, line.now),
                    )._replace(difference=_money(years, line.change))


@rule("D02", "有增减没有写原因", "warning", _EXPLAINED, "在“增减原因”栏逐行写明原因；没有增减的不必写")
def unexplained(years: Years) -> Iterator[Finding]:
    """与上年相比有增减的，都要写明原因，公开文字才有依据。一组只提示一次，列出缺原因的各行。
    合计和类级科目由下面的各行说明，不必另写；“三公”经费增长的另行提示（D01）。

    好：收支对比[收入预算/单位资金].增减原因 = 新增上级补助的专项
    坏：收支对比[收入预算/单位资金].增减原因 =
    坏：收支对比[收入预算/单位资金].增减原因 = 无
    """
    for group in years.comparison.groups:
        lines = [line for line in _unexplained(years, group) if not _is_growth(years, group, line)]
        cells = [(line, cell) for line in lines if (cell := years.cell(line, REASON))]
        if cells:
            shown = "、".join(
                f"{_named(line)}{'增' if (line.change or 0) > 0 else '减'} {_by(years, line)}"
                for line, _ in cells[:_MOST_CELLS]
            )
            more = f"等 {len(cells)} 行" if len(cells) > _MOST_CELLS else ""
            yield found(
                f"{group.title}比上年有增减、没有写原因：{shown}{more}", *[cell for _, cell in cells[:_MOST_CELLS]]
            )


@rule("D03", "增减幅度较大", "info", _EXPLAINED, "核对本年数和上年数；原因要说清是什么事、多少钱")
def notable(years: Years) -> Iterator[Finding]:
    """增减额和增减率都超过表样规定的幅度，审核时应逐项看看原因是不是说清楚了。
    合计和类级科目由下面的各行引起的，不再另列。

    好：上年预算数[收入预算/单位资金].上年预算数 = 199.00
    坏：上年预算数[收入预算/单位资金].上年预算数 = 93.00
    """
    beyond, least = years.comparison.notable_rate, years.comparison.notable_amount
    for group in years.comparison.groups if beyond or least else ():
        lines = [line for line in years.lines(group) if _is_notable(line, beyond, least)]
        ids = {line.id for line in lines}
        for line in lines:
            if not ids.intersection(_parts(group, line, ids)):
                reason = f"原因写的是“{line.reason}”" if _explains(line.reason) else "没有写原因"
                yield found(
                    f"{group.title}的“{_named(line)}”由上年的 {_money(years, line.before)} 变为"
                    f" {_money(years, line.now)}，{'增加' if (line.change or 0) > 0 else '减少'}"
                    f" {_by(years, line)}，超过 {beyond}% 且超过 {least} 万元，{reason}",
                    *filter(None, (line.cell, years.cell(line, REASON))),
                    stated=_money(years, line.now),
                )._replace(difference=_money(years, line.change))


@rule("D04", "上年数与上年工作簿不符", "error", _PUBLISHED, f"核对上年工作簿，把“{PRIOR}”里的这个数改成上年公开的数")
def contradicted(years: Years) -> Iterator[Finding]:
    """填写的上年数要与上年公开的预算表一致。指明上年工作簿（--prior，或发放清单里的“上年工作簿”）时才能核对。

    好：上年预算数[财政拨款“三公”经费/公务接待费].上年预算数 = 3.00
    坏：上年预算数[财政拨款“三公”经费/公务接待费].上年预算数 = 3.50
    """
    grain = step(years.book.form.unit, years.book.form.decimals)
    for one in years.prior.contradictions if years.prior else ():
        for place, (said, true) in enumerate(zip(one.entered.amounts, one.published.amounts, strict=True)):
            # A workbook in 元 says it more finely than it is copied.
            if said is not None and true is not None and 2 * abs(said - true) > grain:
                group = next(group for group in years.comparison.groups if group.id == one.key[0])
                part = f"的{_columns(group)[place]}" if place else ""
                where = one.published.origin or f"{years.prior.file if years.prior else ''}没有这一行"
                yield found(
                    f"{group.title}的“{one.label}”{part}上年数填的是 {_money(years, said)}，"
                    f"上年工作簿是 {_money(years, true)}（{where.removeprefix('上年工作簿 ')}）",
                    *filter(None, (one.entered.cell,)),
                    stated=_money(years, said),
                    expected=_money(years, true),
                )._replace(difference=_money(years, said - true))
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
                f"上年的{words}为 {_money(years, stated)}，{adding}相加为 {_money(years, sum(others))}，"
                f"相差 {_money(years, abs(gap))}",
                *list(cells)[:_MOST_CELLS],
                stated=_money(years, stated),
                expected=_money(years, sum(others)),
            )._replace(difference=_money(years, gap), allowed=show_half(allowed2))


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


def _unexplained(years: Years, group: Group) -> list[Line]:
    """The changed lines without a reason; a sum is explained by its parts that changed."""
    changed = [line for line in years.lines(group) if line.change]
    ids = {line.id for line in changed}
    return [line for line in changed if not _explains(line.reason) and not ids.intersection(_parts(group, line, ids))]


def _explains(reason: str) -> bool:
    """Whether something is said: a dash or 无 fills the cell and gives no reason."""
    return fold(reason) not in _NO_REASON and any(map(str.isalpha, reason))


def _parts(group: Group, line: Line, ids: set[str]) -> tuple[str, ...]:
    """The lines that a line adds up, of those in `ids` at least; the whole is made up of all others."""
    if group.codes:
        top = CODED[group.codes.kind][0]
        return tuple([id for id in ids if len(line.id) == top and id != line.id and id.startswith(line.id)])
    if line.id == group.whole:
        return tuple(ids - {line.id})
    return next((one.sum for one in group.lines if one.id == line.id), ())


def _is_growth(years: Years, group: Group, line: Line) -> bool:
    return group.id == years.comparison.no_growth and (line.change or 0) > 0


def _is_notable(line: Line, beyond: int, least: int) -> bool:
    """Beyond both thresholds; from zero any rate is beyond."""
    if not line.change or line.before is None:
        return False
    far = abs(line.change) * 100 > beyond * abs(line.before)
    return far and abs(line.change) > least * FEN["万元"]


def _named(line: Line) -> str:
    """A line as it is called: a code with its name, 其中： left out."""
    label = line.label.removeprefix(AMONG)
    return f"{line.id} {label}".rstrip() if line.id.isdigit() else label


def _by(years: Years, line: Line) -> str:
    """By how much a line moved, without saying which way."""
    rated = f"（{line.rate.lstrip('-')}%）" if line.rate else ""
    return f"{_money(years, abs(line.change or 0))}{rated}"


def _money(years: Years, amount: int | None) -> str:
    return "" if amount is None else show(amount, years.book.form.decimals)


RULES = (grown, unexplained, notable, contradicted, *comparison_sheets.RULES, unequal_parts, ill_entered)
