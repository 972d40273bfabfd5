"""What 对比 has to show on the sheets 收支对比 and 三公经费对比: the lines of every group, as cells."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gouji_addin.held import BLANK, Held, number, text
from gouji_checks.amount import FEN
from gouji_checks.book import Book
from gouji_checks.compare.comparison import Compared, from_zero
from gouji_checks.compare.per_head import PerHead
from gouji_checks.compare.prior_sheet import find
from gouji_checks.compare.ratios import NO_RATE
from gouji_checks.compare.sections import BEFORE, CHANGE, NOW, RATE, SHARE, reasons
from gouji_checks.live.comparison_values import ShownLine, as_shown, values
from gouji_templates.content import COMPARISONS
from gouji_templates.form import CODED, Comparison, Group
from gouji_templates.prior_sheet import indents

NOTE = "注：增减率 = 增减额 ÷ 上年预算数，占比是占本部分合计的比重；改了数，请再点“对比”。"
"""What the line above the headings says, and how growth from zero is stated behind it."""

_STEP = "　"


class Line(NamedTuple):
    """A line of a group: its id, or its code, its name set in as far as it is part of others, and its cells by heading;
    `reason` is the 增减原因 that the department has given."""

    id: str
    code: str
    label: str
    cells: Mapping[str, Held]
    reason: str = ""


class Page(NamedTuple):
    """What one of the sheets is to show; figures are in `unit`."""

    name: str
    head: str
    note: str
    groups: tuple[tuple[Group, tuple[Line, ...]], ...]
    per_head: tuple[PerHead, ...]
    unit: str


def pages(book: Book, found: Compared, units: Mapping[str, str]) -> list[Page]:
    """Both sheets, with the reasons that are on them already; `units` are those of the sheets that are there.

    Beside a sheet 上年预算数 they show what the template's formulas would; without one the comparison itself.
    """
    form = book.form
    assert form.comparison is not None
    said = reasons([sheet for sheet in book.others if sheet.name in COMPARISONS], form)
    groups = values(book).groups if find(book) else _of(found, form.comparison)
    # The codes stand last, where there is room for more of them.
    ordered = sorted(form.comparison.groups, key=lambda group: group.codes is not None)
    made = []
    for name in COMPARISONS:
        unit = units.get(name, form.unit)
        own = [group for group in ordered if group.sheet == name]
        lines = tuple([(group, tuple(_lines(group, groups[group.id], said, unit))) for group in own])
        used = from_zero(form.comparison, [line for line in found.lines if line.group in {group.id for group in own}])
        heads = found.per_head if any(group.id == form.comparison.no_growth for group in own) else ()
        note = f"{NOTE}{used}。" if used else NOTE
        made.append(Page(name, _head(book, unit), note, lines, heads, unit))
    return made


def _head(book: Book, unit: str) -> str:
    form = book.form
    year = f"上年：{int(book.year) - 1} 年" if book.year.isdigit() else ""
    parts = (f"{form.department_line}：{book.department}", year, f"{form.unit_line}：{unit}")
    return "　　".join(filter(None, parts))


def _of(found: Compared, comparison: Comparison) -> dict[str, list[ShownLine]]:
    """The lines of the comparison by group, as a sheet shows them."""
    groups: dict[str, list[ShownLine]] = {group.id: [] for group in comparison.groups}
    for line in found.lines:
        groups[line.group].append(as_shown(line))
    return groups


def _lines(group: Group, lines: Sequence[ShownLine], said: Mapping[tuple[str, str], str], unit: str) -> list[Line]:
    steps = indents(group)
    made = []
    for one in lines:
        code = one.id if group.codes else ""
        step = CODED[group.codes.kind].index(len(code)) > 0 if group.codes else steps[one.id]
        label = _STEP * step + one.label
        made.append(Line(one.id, code, label, _cells(one, unit), said.get((group.id, one.id), "")))
    return made


def _cells(one: ShownLine, unit: str) -> dict[str, Held]:
    rated = text(NO_RATE) if one.change is not None else BLANK
    return {
        NOW: text(one.remark) if one.now is None else _money(one.now, unit),
        BEFORE: _money(one.before, unit),
        CHANGE: _money(one.change, unit),
        RATE: number(float(one.rate)) if one.rate else rated,
        SHARE: number(float(one.share)) if one.share else BLANK,
    }


def _money(fen: int | None, unit: str) -> Held:
    """An amount in a unit, nothing where it is not known."""
    return BLANK if fen is None else number(fen / FEN[unit])
