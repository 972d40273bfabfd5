"""What the comparison sheets show as built, worked out by the checks: their formulas' results for this content."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gouji_checks.book import Book
from gouji_checks.compare.comparison import Compared, Line, compare
from gouji_checks.compare.ratios import percent, rate
from gouji_checks.compare.renamed import matched
from gouji_checks.compare.stated import NOT_STATED, by_code
from gouji_templates.classification import official_name
from gouji_templates.form import CODED, Group


class ShownLine(NamedTuple):
    """A line as a sheet shows it: amounts in 分, percentages as texts; None and "" where nothing stands.

    `label` is the name of a code; in place of an amount of this year that is not to be stated stands `remark`.
    """

    id: str
    label: str
    now: int | None
    before: int | None
    rate: str
    share: str
    remark: str = ""

    @property
    def change(self) -> int | None:
        """This year − last."""
        return None if self.now is None or self.before is None else self.now - self.before


BLANK_LINE = ShownLine("", "", None, None, "", "")
"""What stands in the room for lines where there is none."""


class Values(NamedTuple):
    """The lines of every group by its id, and the figures per head by their labels, in 元 as printed; `printed` tells
    whether the table by code has a figure yet."""

    groups: Mapping[str, tuple[ShownLine, ...]]
    per_head: Mapping[str, str]
    printed: bool


def values(book: Book) -> Values:
    """The comparison of a workbook with its own sheet 上年预算数, as the sheets' formulas make it."""
    comparison = book.form.comparison
    assert comparison is not None
    found = compare(book)
    groups = {
        group.id: tuple(_by_code(book, group, found) if group.codes else _listed(group, found.lines))
        for group in comparison.groups
    }
    tables = [book.figures.get(group.codes.name) for group in comparison.groups if group.codes]
    printed = any(table is not None and any(table.packed) for table in tables)
    return Values(groups, {one.label: one.value for one in found.per_head}, printed)


def _listed(group: Group, lines: Iterable[Line]) -> Iterable[ShownLine]:
    for line in lines:
        if line.group == group.id:
            yield as_shown(line)


def as_shown(line: Line) -> ShownLine:
    """A line of the comparison as a sheet shows it."""
    remark = NOT_STATED if line.remark == NOT_STATED else ""
    return ShownLine(line.id, line.label, line.now, line.before, line.rate, line.share, remark)


def _by_code(book: Book, group: Group, found: Compared) -> Iterable[ShownLine]:
    """The 类 and 项 of both years, last year's under the codes that took them over."""
    comparison, block = book.form.comparison, group.codes
    assert comparison is not None
    assert block is not None
    prior, rows = found.prior, by_code(book, group)
    top, middle, _ = CODED[block.kind]
    now = {code: row for code, row in {**rows.leaves, **rows.classes}.items() if len(code) != middle} if rows else {}
    figures = {} if prior is None else {code: one for (id, code), one in prior.figures.items() if id == group.id}
    before = matched(figures, now).figures
    left_open = set() if prior is None else {code for id, code in prior.unread if id == group.id}
    known = prior is not None and group.id in prior.known
    for code in sorted({*now, *before, *(code[:top] for code in before)}):
        amount = (now[code].amounts[0] or 0) if code in now else 0
        found_before = [one.amounts[0] or 0 for other, one in before.items() if other.startswith(code)]
        unclear = code[:top] in left_open and code not in before
        last = sum(found_before) if known and not unclear else None
        name = now[code].name if code in now else before[code].name if code in before else ""
        rated = rate(amount, last, comparison.from_zero) if last is not None else ""
        whole = rows.whole.amount if rows else None
        share = percent(amount, whole) if whole is not None else ""
        yield ShownLine(code, name or official_name("functional", code), amount, last, rated, share)
