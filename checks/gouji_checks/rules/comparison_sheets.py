"""Rules about the sheets that compare: each figure is what its formula gives, or what true amounts could give."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import NamedTuple

from gouji_checks.amount import FEN, read, show, step
from gouji_checks.compare.intervals import Printed, admits_change, admits_rate, admits_share, printed
from gouji_checks.compare.ratios import as_printed, percent, rate
from gouji_checks.compare.sections import BEFORE, CHANGE, NOW, RATE, SHARE, Entry, Listed
from gouji_checks.compare.stated import NOT_STATED, at
from gouji_checks.compare.years import Years
from gouji_checks.finding import Finding
from gouji_checks.rules.rule import found, rule
from gouji_templates.content import PRIOR
from gouji_templates.form import Form
from gouji_templates.layout import AMONG
from gouji_templates.wording import fold

_DERIVED = "增减额 = 本年数 - 上年数；增减率 = 增减额 ÷ 上年数；占比 = 本行 ÷ 本部分合计"
_COPIED = "对比表的本年数取自各表，上年数取自“上年预算数”"
_RESTORE = "从发给本部门的模板里把这一格的公式复制回来，打开保存一次；不要在灰色格里填数"
_NONE = frozenset({"", "-", "--", "/", "无"})
"""What says that there is no figure, folded."""
_HALF = Fraction(1, 200)
"""Half of the last digit of a percentage, as it is printed."""


class _Row(NamedTuple):
    """A line of a sheet with the two figures that it compares, in 分, as the row itself has them where it has any."""

    listed: Listed
    entry: Entry
    unit: str
    now: int | None
    before: int | None
    whole: int | None

    @property
    def name(self) -> str:
        """What the line is called, with its section."""
        code = self.entry.id if self.entry.group.codes else ""
        return f"{self.entry.group.title}的“{' '.join(filter(None, (code, self.entry.name.removeprefix(AMONG))))}”"


@rule("D05", "增减额、增减率或占比算不出来", "error", _DERIVED, _RESTORE)
def impossible(years: Years) -> Iterator[Finding]:
    """增减额、增减率和占比由本年数和上年数算出。手填的，或者改了数没有重新计算的，只要在四舍五入的范围内
    说得通就不报；不论真实金额是多少都得不出来的，就是错的。上年为零的，增减率按表样的规定列示。

    好：收支对比[收入预算/单位资金].增减率 = 115.05
    坏：收支对比[收入预算/单位资金].增减额 = 17.00
    坏：收支对比[收入预算/单位资金].增减率 = 150.05
    坏：三公经费对比[财政拨款“三公”经费/公务接待费].占比 = 31.74
    坏：三公经费对比[财政拨款“三公”经费/公务接待费].增减率 = 持平
    """
    form = years.book.form
    for row in _rows(years):
        for heading, claim in _CLAIMS.items():
            value = row.entry.cells.get(heading, "")
            if heading not in row.listed.columns or _is_none(value):
                continue
            expected = claim.expected(years, row)
            if expected is None:
                continue
            # As nearly every cell is, and quick to see.
            if isinstance(value, float) and expected and value == float(expected):
                continue
            typed = _figure(value)
            if typed and claim.admits(years, row, typed):
                continue
            stated = _shown(value, form) if typed else str(value).strip()
            words = f"应为 {expected}" if expected else "应为空"
            wrong = f"{stated}{claim.sign}，{claim.why}" if typed else f"“{stated}”，不是数字"
            cell = row.listed.address(row.entry.row, heading)
            yield found(f"{row.name}的{claim.name}是 {wrong}，{words}", cell, stated=stated, expected=expected)


@rule("D06", "对比表的本年数或上年数与来源不符", "error", _COPIED, _RESTORE)
def uncopied(years: Years) -> Iterator[Finding]:
    """对比表里的本年数由各表带入，上年数由“上年预算数”带入，应当一分不差。改成手填的，或者改了数没有重新计算的，
    这里会不一致。

    好：上年预算数、各表与对比表一致
    坏：收支对比[收入预算/单位资金].本年预算数 = 201.00
    坏：收支对比[收入预算/单位资金].上年预算数 = 93.01
    坏：三公经费对比[财政拨款“三公”经费/公务接待费].上年预算数 = 2.00
    """
    form = years.book.form
    unstated = {(line.group, line.id) for line in years.compared.lines if line.remark == NOT_STATED}
    for row in _rows(years):
        key = (row.entry.group.id, row.entry.id)
        for heading, true, where in ((NOW, years.now(row.entry), "表中"), (BEFORE, years.before(row.entry), PRIOR)):
            value = row.entry.cells.get(heading, "")
            if heading not in row.listed.columns or _is_none(value):
                continue
            blank = heading == NOW and key in unstated
            if blank and fold(str(value)) == NOT_STATED:
                continue
            if true is None and not blank and not (heading == BEFORE and _is_unknown(years, row.entry)):
                continue
            said, _ = read(value, row.unit, form.decimals)
            if said is not None and true is not None and as_printed(said, form) == true:
                continue
            stated = str(value).strip() if said is None else show(said, form.decimals)
            expected = NOT_STATED if blank else "" if true is None else show(true, form.decimals)
            source = (
                f"{where}是 {expected}" if true is not None else f"应为“{NOT_STATED}”" if blank else f"{where}没有填"
            )
            difference = "" if said is None or true is None else show(said - true, form.decimals)
            cell = row.listed.address(row.entry.row, heading)
            words = f"{row.name}的{heading}是 {stated}，{source}"
            yield found(words, cell, stated=stated, expected=expected)._replace(difference=difference)


class _Claim(NamedTuple):
    """A figure that follows from the two of its row: what it should be, None where that can't be known, and whether
    one that stands there can be right."""

    name: str
    sign: str
    why: str
    expected: Callable[[Years, _Row], str | None]
    admits: Callable[[Years, _Row, Printed], bool]


def _grain(years: Years) -> int:
    return step(years.book.form.unit, years.book.form.decimals)


def _change(years: Years, row: _Row) -> str | None:
    if row.now is None or row.before is None:
        return None
    return show(row.now - row.before, years.book.form.decimals)


def _change_admits(years: Years, row: _Row, typed: Printed) -> bool:
    per = FEN[row.unit]
    return admits_change(row.now or 0, row.before or 0, Printed(typed.value * per, typed.half * per), _grain(years))


def _rate(years: Years, row: _Row) -> str | None:
    return None if row.now is None or row.before is None else rate(row.now, row.before, years.comparison.from_zero)


def _rate_admits(years: Years, row: _Row, typed: Printed) -> bool:
    return admits_rate(row.now or 0, row.before or 0, typed, _grain(years), years.comparison.from_zero)


def _share(years: Years, row: _Row) -> str | None:
    return None if row.now is None or row.whole is None else percent(row.now, row.whole)


def _share_admits(years: Years, row: _Row, typed: Printed) -> bool:
    return bool(row.whole) and admits_share(row.now or 0, row.whole or 0, typed, _grain(years))


_CLAIMS = {
    CHANGE: _Claim("增减额", "", "按本年数和上年数得不出来", _change, _change_admits),
    RATE: _Claim("增减率", "%", "按本年数和上年数得不出来", _rate, _rate_admits),
    SHARE: _Claim("占比", "%", "按本年数得不出来", _share, _share_admits),
}


def _rows(years: Years) -> Iterator[_Row]:
    form = years.book.form
    for listed in years.sheets.values():
        unit = listed.unit(form)
        now = {(entry.group.id, entry.id): _own(entry, NOW, unit, form, years.now(entry)) for entry in listed.entries}
        for entry in listed.entries:
            group = entry.group
            if group.codes:
                block = group.codes
                whole = at(years.book, block, block.total.id, group.columns[0]).amount if block.total else None
            else:
                whole = now.get((group.id, group.whole))
            before = _own(entry, BEFORE, unit, form, years.before(entry))
            yield _Row(listed, entry, unit, now[group.id, entry.id], before, whole)


def _own(entry: Entry, heading: str, unit: str, form: Form, otherwise: int | None) -> int | None:
    """The figure that the row has, and where it has none the true one: a wrong copy is said of the copy alone."""
    amount, _ = read(entry.cells.get(heading, ""), unit, form.decimals)
    return otherwise if amount is None else as_printed(amount, form)


def _is_unknown(years: Years, entry: Entry) -> bool:
    """Whether the sheet 上年预算数 is there and leaves the line's section blank, so that nothing can be copied."""
    entered = years.entered
    return entered is not None and entry.group.id not in {*entered.known, *(id for id, _ in entered.unread)}


def _is_none(value: object) -> bool:
    return value is None or (isinstance(value, str) and fold(value) in _NONE)


def _figure(value: object) -> Printed | None:
    """What a cell says, as it is printed with two decimals or as somebody typed it as a text."""
    if isinstance(value, str):
        return printed(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        with suppress(ValueError):
            return Printed(Fraction(str(value)), _HALF)
    return None


def _shown(value: object, form: Form) -> str:
    """A figure as it stands."""
    return f"{value:.{form.decimals}f}" if isinstance(value, int | float) else str(value).strip().removesuffix("%")


RULES = (impossible, uncopied)
