"""Last year's figures: from last year's workbook, and put together with those of the sheet 上年预算数."""

from typing import NamedTuple

from gouji_checks.book import Book, refusal_of
from gouji_checks.compare.stated import NOT_STATED, Amounts, by_code, kind_of, shown, stated
from gouji_checks.source import Unreadable
from gouji_checks.stamps import stamps
from gouji_templates.content import PRIOR, UNIT_KIND
from gouji_templates.form import CODED, Comparison, Form, Group
from gouji_templates.wording import fold

Key = tuple[str, str]
"""The id of a group, and that of its line or a code."""


class Figure(NamedTuple):
    """An amount of last year in 分, in a group by code followed by those that add to it, None where not known.

    `origin` says where it came from, `cell` where it stands in this year's workbook, `name` what a code was called.
    """

    amounts: Amounts
    origin: str
    cell: str = ""
    name: str = ""


class Contradiction(NamedTuple):
    """A figure of the sheet 上年预算数 that last year's workbook does not bear out."""

    key: Key
    label: str
    entered: Figure
    published: Figure


class Prior(NamedTuple):
    """What is known of last year. In a group that is `known` a line without a figure was zero, unless it or its 类 is
    `unread`; of any other group nothing is known. `file`, `department` and `year` are last year's workbook's, if there
    is one.
    """

    figures: dict[Key, Figure]
    known: frozenset[str]
    unread: frozenset[Key]
    file: str = ""
    department: str = ""
    year: str = ""
    notes: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    def figure(self, key: Key, width: int = 1) -> Figure:
        """The figure of a line, of so many amounts."""
        if key in self.figures:
            return self.figures[key]
        unknown = key[0] not in self.known or key in self.unread
        return Figure((None if unknown else 0,) * width, "")


class Whose(NamedTuple):
    """The department and the year whose comparison is made, folded as a workbook says it."""

    department: str
    code: str
    year: str
    kind: str


def whose(book: Book) -> Whose:
    """What this year's workbook says of itself."""
    return Whose(book.department, stamps(book).sheet.code, book.year, kind_of(book))


def from_workbook(last: Book, this: Whose, name: str) -> Prior:
    """What last year's workbook, a file of this name, says of every line.

    Raises Unreadable with one sentence for a workbook of another form, year or department.
    """
    form = last.form
    notes = list(_fit(last, this, name))
    comparison = form.comparison
    kind = kind_of(last)
    # One that is none of the form's says something else than this year's.
    if not kind and this.kind and not fold(str(last.info.get(UNIT_KIND, ""))):
        kind = this.kind
        notes.append(f"上年工作簿没有写单位性质，上年机关运行经费也按“{kind}”计算")
    figures: dict[Key, Figure] = {}
    unread: set[Key] = set()
    known: set[str] = set()
    for group in comparison.groups if comparison else ():
        if group.codes:
            notes += _codes(last, group, name, figures, known)
        else:
            notes += _lines(last, group, name, kind, figures, unread)
    known.update(key[0] for key in figures)
    return Prior(figures, frozenset(known), frozenset(unread), name, last.department, last.year, tuple(notes))


def _fit(last: Book, this: Whose, name: str) -> list[str]:
    """Refuses a workbook that is not last year's; what is to be said of one that is."""
    if refusal := refusal_of(last, last.form):
        # What there is to do about it is another thing here than when the file was to be checked.
        what = refusal.partition("，请")[0]
        raise Unreadable(f"{name}：{what}，不能从中取上年数，请换一个文件，或在“{PRIOR}”中手工填写。")
    if not this.year.isdigit():
        raise Unreadable(f"本年工作簿没有写明预算年度，不知“{name}”是不是上年的，请在“{last.form.info_sheet}”填写。")
    wanted = str(int(this.year) - 1)
    if last.year != wanted:
        found = f"是{last.year}年的" if last.year else "没有写明年度"
        raise Unreadable(f"{name}：工作簿{found}，上年应为{wanted}年，请换成{wanted}年的预算公开表。")
    code = stamps(last).sheet.code
    if last.department == this.department and this.department:
        if code and this.code and code != this.code:
            return [f"两年的部门编码不同（上年 {code}，本年 {this.code}），部门名称相同，按同一部门对比，请核对"]
        return []
    if code and code == this.code:
        return [f"部门名称由“{last.department}”改为“{this.department}”，部门编码同为 {code}，按同一部门对比"]
    raise Unreadable(
        f"{name}：工作簿是“{last.department or '没有写明部门'}”的，本年是“{this.department or '没有写明部门'}”的，"
        "请换成同一部门的；部门改名的，请在两年的基本信息里填写相同的部门编码。"
    )


def _lines(last: Book, group: Group, name: str, kind: str, figures: dict[Key, Figure], unread: set[Key]) -> list[str]:
    assert last.form.comparison is not None
    notes: list[str] = []
    for line in group.lines:
        found = stated(last, line, kind, last.form.comparison.operating)
        if found.amount is not None:
            origin = f"上年工作簿 {name} {found.cell}".rstrip()
            figures[group.id, line.id] = Figure((found.amount,), origin)
        else:
            unread.add((group.id, line.id))
            if found.why != NOT_STATED:
                notes.append(f"上年工作簿的“{line.label}”（{group.title}）没有取到：{found.why}")
    return notes


def _codes(last: Book, group: Group, name: str, figures: dict[Key, Figure], known: set[str]) -> tuple[str, ...]:
    found = by_code(last, group)
    if found is None:
        table = group.codes.table if group.codes else ""
        return (f"上年工作簿没有{table}，{group.title}没有上年数",)
    known.add(group.id)
    for code, row in found.leaves.items():
        figures[group.id, code] = Figure(row.amounts, f"上年工作簿 {name} {row.cell}", name=row.name)
    return tuple(f"上年工作簿：{note}" for note in found.notes)


def merged(entered: Prior | None, published: Prior | None, form: Form) -> Prior | None:
    """The figures of the sheet 上年预算数, and where it has none those of last year's workbook.

    Where both speak and differ the sheet's stays, and the contradiction is kept.
    """
    if entered is None or published is None:
        return entered or published
    figures = published.figures | {
        key: _filled(figure, published.figures.get(key)) for key, figure in entered.figures.items()
    }
    found = tuple(_contradictions(entered, published, form))
    return published._replace(
        figures=figures,
        known=entered.known | published.known,
        unread=(_left_open(entered, published, form) | published.unread) - figures.keys(),
        notes=(*entered.notes, *published.notes, *(contradiction_note(one, form) for one in found)),
        contradictions=found,
    )


def _left_open(entered: Prior, published: Prior, form: Form) -> frozenset[Key]:
    """What the sheet does not tell; of a 类 that it leaves open the workbook knows the 项."""
    groups = form.comparison.groups if form.comparison else ()
    tops = {group.id: CODED[group.codes.kind][0] for group in groups if group.codes and group.id in published.known}
    return frozenset([key for key in entered.unread if len(key[1]) != tops.get(key[0])])


def _filled(figure: Figure, other: Figure | None) -> Figure:
    """Parts that were left open, from a workbook that has the same total."""
    if other is None or other.amounts[0] != figure.amounts[0]:
        return figure
    pairs = zip(figure.amounts, other.amounts, strict=True)
    return figure._replace(amounts=tuple([one if one is not None else two for one, two in pairs]))


def _contradictions(entered: Prior, published: Prior, form: Form) -> list[Contradiction]:
    labels = _labels(form.comparison)
    found = []
    for key, figure in entered.figures.items():
        other = published.figure(key, len(figure.amounts))
        pairs = zip(figure.amounts, other.amounts, strict=True)
        if any(one is not None and two is not None and one != two for one, two in pairs):
            found.append(Contradiction(key, labels.get(key, " ".join((key[1], figure.name)).strip()), figure, other))
    return found


def contradiction_note(found: Contradiction, form: Form) -> str:
    """A contradiction as a sentence without its full stop."""
    entered, published = found.entered, found.published
    place = next(i for i, (one, two) in enumerate(zip(entered.amounts, published.amounts, strict=True)) if one != two)
    one, two = (shown(figure.amounts[place], form.decimals) for figure in (entered, published))
    where = f"（{published.origin}）" if published.origin else ""
    part = "" if place == 0 else "其中一部分"
    return f"“{found.label}”的上年数{part}，“{PRIOR}”填的是 {one}，上年工作簿是 {two}{where}，按填写的对比"


def _labels(comparison: Comparison | None) -> dict[Key, str]:
    groups = comparison.groups if comparison else ()
    return {(group.id, line.id): line.label for group in groups for line in group.lines}
