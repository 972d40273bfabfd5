"""The comparison of a workbook with last year: for every line this year, last year, change, rate and share."""

from collections.abc import Iterable
from typing import NamedTuple

from gouji_checks.amount import show
from gouji_checks.book import Book
from gouji_checks.compare import per_head
from gouji_checks.compare.per_head import PerHead
from gouji_checks.compare.prior import Figure, Prior
from gouji_checks.compare.prior_sheet import from_sheet
from gouji_checks.compare.ratios import growth_from_zero, percent, rate
from gouji_checks.compare.renamed import matched
from gouji_checks.compare.sections import reasons
from gouji_checks.compare.stated import (
    NOT_STATED,
    UNFILLED,
    ByCode,
    Coded,
    Stated,
    at,
    by_code,
    kind_of,
    prints,
    stated,
    total,
    unread,
)
from gouji_checks.finding import Address
from gouji_templates.classification import official_name
from gouji_templates.content import COMPARISONS, OPERATING, PRIOR
from gouji_templates.form import CODED, LEVELS, Block, ComparedLine, Comparison, Group

_NOTHING = Prior({}, frozenset(), frozenset())


class Line(NamedTuple):
    """A line of a comparison; amounts in 分, None where not known; `rate` and `share` as printed, blank where none.

    `group` is the group's id, `id` the line's or the code, `level` 类, 款, 项 or blank. In a group by code `parts` are
    the amounts that add to it, of this year and last. `remark` says why there is no amount of this year; `cell` is
    where this year's stands, `origin` where last year's came from; `reason` is the 增减原因 on the workbook's sheet.
    """

    group: str
    id: str
    label: str
    level: str
    now: int | None
    before: int | None
    change: int | None
    rate: str
    share: str
    parts: tuple[tuple[int | None, int | None], ...] = ()
    reason: str = ""
    cell: str = ""
    origin: str = ""
    remark: str = ""


class Compared(NamedTuple):
    """A workbook compared with last year; `notes` are Chinese sentences without their full stops."""

    department: str
    year: str
    kind: str
    lines: tuple[Line, ...]
    per_head: tuple[PerHead, ...]
    notes: tuple[str, ...]
    prior: Prior | None


def compare(book: Book, prior: Prior | None = None) -> Compared:
    """Every line that the form compares. Without `prior` last year is what the workbook's own sheet 上年预算数 says."""
    comparison = book.form.comparison
    if prior is None:
        prior = from_sheet(book)
    kind = kind_of(book)
    if comparison is None:
        return Compared(book.department, book.year, kind, (), (), ("这套表样没有声明对比的内容",), prior)
    making = _Making(book, comparison, prior or _NOTHING, kind)
    for group in comparison.groups:
        making.add(group)
    lines, notes = tuple(making.lines), tuple(making.all_notes())
    heads = per_head.figures(book, {(line.group, line.id): line.now for line in lines})
    return Compared(book.department, book.year, kind, lines, heads, notes, prior)


def from_zero(comparison: Comparison, lines: Iterable[Line]) -> str:
    """How growth from zero is stated, a sentence without its full stop; nothing where there is none."""
    stated = comparison.from_zero and any(line.now and line.before == 0 for line in lines)
    return growth_from_zero(comparison.from_zero) if stated else ""


class _Making:
    """A comparison as it comes together, group by group."""

    def __init__(self, book: Book, comparison: Comparison, prior: Prior, kind: str) -> None:
        self.book = book
        self.comparison = comparison
        self.prior = prior
        self.kind = kind
        self.waiting = _uncalculated(book)
        self.wanted: dict[str, None] = {}
        """The tables that have formulas without a result where the comparison needs one."""
        self.reasons = reasons([sheet for sheet in book.others if sheet.name in COMPARISONS], book.form)
        self.lines: list[Line] = []
        self.notes: list[str] = []

    def add(self, group: Group) -> None:
        self.lines += self._coded(group, group.codes) if group.codes else self._listed(group)

    def _listed(self, group: Group) -> Iterable[Line]:
        operating = self.comparison.operating
        found = {line.id: stated(self.book, line, self.kind, operating) for line in group.lines}
        if not prints(self.book, self.comparison, group):
            found = {
                id: one if one.amount is None and one.why != NOT_STATED else Stated(None, one.cell, UNFILLED)
                for id, one in found.items()
            }
        whole = found[group.whole].amount if group.whole else None
        for line in group.lines:
            one = found[line.id]
            if one.amount is None and one.cell in self.waiting:
                self.wanted[self.waiting[one.cell]] = None
            elif one.amount is None and one.why not in (NOT_STATED, UNFILLED):
                self.notes.append(f"{group.title}的“{line.label}”没有本年数：{one.why}")
            if line.block is None:
                self._note_operating(line, one)
            yield self._line(group, line.id, line.label, "", one, self.prior.figure((group.id, line.id)), whole)

    def _note_operating(self, line: ComparedLine, one: Stated) -> None:
        operating = self.comparison.operating
        whole = at(self.book, operating.block, operating.row, operating.column)
        if one.amount is None:
            if one.why == NOT_STATED:
                self.notes.append(f"单位性质为“{self.kind}”，{NOT_STATED}{line.label}")
            return
        taken = f"{one.cell} 填列的数" if self.kind in operating.part else f"{one.cell} 的公用经费"
        self.notes.append(f"{line.label}按单位性质“{self.kind}”取 {taken}")
        if whole.amount is not None and one.amount > whole.amount:
            stated, bound = (show(amount, self.book.form.decimals) for amount in (one.amount, whole.amount))
            self.notes.append(f"{one.cell} 的{OPERATING} {stated} 大于 {whole.cell} 的公用经费 {bound}，请核对")

    def _coded(self, group: Group, block: Block) -> Iterable[Line]:
        width = len(group.columns)
        blank = Figure((0 if group.id in self.prior.known else None,) * width, "")
        said = {code: figure for (id, code), figure in self.prior.figures.items() if id == group.id}
        top, *_ = lengths = CODED[block.kind]
        unknown = Figure((None,) * width, "")
        unread_codes = [code for id, code in self.prior.unread if id == group.id]
        said |= {code: unknown for code in unread_codes if len(code) > top}
        found = by_code(self.book, group)
        if found is None:
            self.notes.append(
                f"{group.title}没有本年数：没有{block.table}或其“{block.columns[group.columns[0]].name}”栏"
            )
        absent = Coded((None if found is None else 0,) * width, "", "")
        # Without this year's table nothing is known to be gone.
        renamed = matched(said, said if found is None else found.leaves)
        before = renamed.figures
        found = found or ByCode({}, {}, Stated(None), ())
        waiting = {unread(cell) for cell in self.waiting}.intersection(found.notes)
        if waiting:
            self.wanted[block.table] = None
        self.notes += (*(note for note in found.notes if note not in waiting), *renamed.notes)
        gone = [code for code in renamed.vanished if before[code].amounts[0] != 0]
        if gone:
            names = "、".join(f"{code} {self._name(block, code, before[code].name)}" for code in gone)
            self.notes.append(f"上年有、本年没有的科目，本年按 0.00 对比：{names}")
        codes = {*found.leaves, *before}
        for code in sorted({code[:top] for code in codes} | set(found.classes) | codes):
            level = LEVELS[lengths.index(len(code))] if len(code) in lengths else ""
            below = [one for one in codes if one.startswith(code)]
            row = found.classes.get(code) or found.leaves.get(code)
            if row is None:
                parts = [found.leaves[one] for one in below if one in found.leaves]
                row = absent._replace(amounts=total([part.amounts for part in parts])) if parts else absent
            last = before.get(code, blank)
            if code not in before and code[:top] in unread_codes:
                last = unknown
            elif len(code) == top and code not in before and any(one in before for one in below):
                last = Figure(total([before[one].amounts for one in below if one in before]), "各项相加")
            name = self._name(block, code, row.name, last.name)
            pairs = tuple(zip(row.amounts[1:], last.amounts[1:], strict=True))
            one = Stated(row.amounts[0], row.cell, row.why)
            yield self._line(group, code, name, level, one, last, found.whole.amount)._replace(parts=pairs)

    def _name(self, block: Block, code: str, *printed: str) -> str:
        return next(filter(None, (*printed, official_name(block.classification or "", code))), "")

    def _line(
        self, group: Group, id: str, label: str, level: str, one: Stated, last: Figure, whole: int | None
    ) -> Line:
        now, before = one.amount, last.amounts[0]
        change = rated = None
        if now is not None and before is not None:
            change, rated = now - before, rate(now, before, self.comparison.from_zero)
        share = "" if now is None or whole is None else percent(now, whole)
        reason = self.reasons.get((group.id, id), "")
        shown = (rated or "", share)
        return Line(group.id, id, label, level, now, before, change, *shown, (), reason, one.cell, last.origin, one.why)

    def all_notes(self) -> Iterable[str]:
        """What is to be said of the comparison, in the order of its making."""
        yield from self.prior.notes
        without = [
            group.title
            for group in self.comparison.groups
            if group.id not in self.prior.known and any(line.now is not None for line in self._of(group))
        ]
        if without:
            what = "全部各组" if len(without) == len(self.comparison.groups) else "、".join(without)
            yield f"没有上年数，未作对比：{what}；请填写“{PRIOR}”，或用 --prior 指明上年工作簿"
        if self.wanted:
            # Said of the tables: a workbook that was never calculated has a hundred such cells.
            yield f"{'、'.join(self.wanted)}的公式没有计算结果，不能对比，请用 Excel 或 WPS 打开后保存一次"
        yield from self.notes
        if said := from_zero(self.comparison, self.lines):
            yield said

    def _of(self, group: Group) -> list[Line]:
        return [line for line in self.lines if line.group == group.id]


def _uncalculated(book: Book) -> dict[str, str]:
    """The cells of the tables whose formulas have no result, each with its table."""
    return {
        str(Address(home.sheet.name, row, column)): table
        for table, home in book.tables.items()
        for row, column in sorted(home.sheet.uncalculated)
    }
