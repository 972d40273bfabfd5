"""What the rules about the comparison leave open, and why: last year not known, sheets without results."""

from collections.abc import Iterator

from gouji_checks.compare.sections import REASON
from gouji_checks.compare.stated import stated_number, why_no_kind
from gouji_checks.compare.years import Years
from gouji_checks.finding import Unchecked
from gouji_checks.rules.info import stated_line
from gouji_templates.content import OPERATING, PRIOR, VEHICLES
from gouji_templates.form import Group
from gouji_templates.per_head import RUNNING


def not_checked(years: Years) -> Iterator[Unchecked]:
    """Each rule once for each reason."""
    groups = [group for group in years.comparison.groups if any(line.now is not None for line in years.lines(group))]
    yield from _unknown(years, groups)
    yield from _unreadable(years)
    yield from _without_reasons(years, groups)
    if years.last and years.last.why:
        yield Unchecked("D04", years.last.why, 1)
    for sheet in years.broken:
        for rule in ("D05", "D06"):
            yield Unchecked(rule, f"“{sheet}”没有找到表头，请按模板恢复", 1)
    for name, listed in years.sheets.items():
        rows = {entry.row for entry in listed.entries}
        places = set(listed.columns.values())
        count = sum(row in rows and column in places for row, column in listed.sheet.uncalculated)
        for rule in ("D05", "D06") if count else ():
            yield Unchecked(rule, f"“{name}”的公式没有计算结果，请用 Excel 或 WPS 打开后保存一次", count)
    yield from _first_sheet(years)


def _unknown(years: Years, groups: list[Group]) -> Iterator[Unchecked]:
    """Groups whose last year nobody has given."""
    unknown = [group for group in groups if not years.known(group)]
    saved = [group for group in unknown if group.id == years.comparison.no_growth]
    for rule, about in (("D01", saved), ("D02", unknown), ("D03", unknown), ("D07", unknown)):
        if about:
            yield Unchecked(rule, f"没有上年数（“{PRIOR}”）：{_titles(about, years)}", len(about))


def _unreadable(years: Years) -> Iterator[Unchecked]:
    """Figures of last year and of this one that are none."""
    figures = years.prior.figures if years.prior else {}
    unread = [key for key in (years.entered.unread if years.entered else ()) if key not in figures]
    for rule in ("D02", "D03", "D07") if unread else ():
        yield Unchecked(rule, f"“{PRIOR}”有 {len(unread)} 行的上年数读不出来，见 gouji compare 的说明", len(unread))
    cells = [line.cell for line in years.compared.lines
             if line.now is None and line.cell and line.remark and line.id != OPERATING]  # fmt: skip
    for rule in ("D01", "D02", "D03") if cells else ():
        yield Unchecked(rule, f"本年数读不出来：{'、'.join(cells)}", len(cells))


def _without_reasons(years: Years, groups: list[Group]) -> Iterator[Unchecked]:
    """Groups that are compared on no sheet with a column for reasons."""
    there = {name for name, listed in years.sheets.items() if REASON in listed.columns}.union(years.broken)
    without = [group.sheet for group in groups if years.known(group) and group.sheet not in there]
    for sheet in dict.fromkeys(without):
        yield Unchecked("D02", f"工作簿里没有“{sheet}”的增减原因", without.count(sheet))


def _titles(groups: list[Group], years: Years) -> str:
    every = len(groups) == len(years.comparison.groups)
    return "全部各组" if every else "、".join(group.title for group in groups)


def _first_sheet(years: Years) -> Iterator[Unchecked]:
    """What the first sheet does not say."""
    if not years.compared.kind:
        yield Unchecked("D08", f"{why_no_kind(years.book)}，不知应否列示{OPERATING}", 1)
    amount = stated_line(years.book, RUNNING).amount
    if amount and stated_number(years.book, VEHICLES) is None:
        said = years.book.info.get(VEHICLES, "")
        yield Unchecked("D10", f"{VEHICLES}“{said}”不是辆数" if said != "" else f"没有填写{VEHICLES}", 1)
