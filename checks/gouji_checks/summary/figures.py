"""A workbook's main figures, those that the form compares with last year, and which of them a summary shows."""

from typing import NamedTuple

from gouji_checks.amount import show
from gouji_checks.book import Book
from gouji_checks.compare.comparison import compare
from gouji_checks.compare.prior import Prior, merged
from gouji_checks.compare.prior_sheet import from_sheet
from gouji_checks.compare.ratios import rate
from gouji_templates.form import Form


class Main(NamedTuple):
    """This year's amount and last year's in 分, None where not known, and the rate of change as printed."""

    now: int | None
    before: int | None
    rate: str

    @property
    def change(self) -> int | None:
        """By how much the amount grew, None where one of the two is not known."""
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def from_zero(self) -> bool:
        """Whether the rate is that of growth from zero, which the form lays down."""
        return bool(self.rate and self.now and self.before == 0)


class ShownFigure(NamedTuple):
    """A figure that a summary shows: its name in JSON, its heading, the group and the line that it is in the form, and
    whether last year and the rate stand beside it."""

    name: str
    heading: str
    group: str
    line: str
    compared: bool = False

    @property
    def id(self) -> str:
        """The name under which `main_figures` has it."""
        return _id(self.group, self.line)


_SHOWN = (
    ShownFigure("income", "收入总计", "收入", "收入合计", compared=True),
    ShownFigure("spending", "支出总计", "支出", "支出合计", compared=True),
    ShownFigure("fiscal", "财政拨款收支总计", "财政拨款", "财政拨款收支总计"),
    ShownFigure("general", "一般公共预算支出", "一般公共预算", "一般公共预算支出"),
    ShownFigure("basic", "基本支出", "支出", "基本支出"),
    ShownFigure("project", "项目支出", "支出", "项目支出"),
    ShownFigure("three_public", "“三公”经费", "三公经费", "三公经费合计", compared=True),
    ShownFigure("abroad", "因公出国（境）费", "三公经费", "因公出国"),
    ShownFigure("reception", "公务接待费", "三公经费", "公务接待"),
    ShownFigure("vehicles_bought", "公务用车购置费", "三公经费", "公务用车购置"),
    ShownFigure("vehicles_running", "公务用车运行费", "三公经费", "公务用车运行"),
    ShownFigure("operating", "机关运行经费", "机关运行经费", "机关运行经费", compared=True),
)


def shown(form: Form) -> tuple[ShownFigure, ...]:
    """The figures that a summary of this form's workbooks shows."""
    groups = form.comparison.groups if form.comparison else ()
    there = {(group.id, line.id) for group in groups for line in group.lines}
    return tuple([each for each in _SHOWN if (each.group, each.line) in there])


def main_figures(book: Book, published: Prior | None = None) -> dict[str, Main]:
    """The figures of a workbook that a summary shows; last year's are what its own sheet says, and what it leaves open
    is as `published` in last year's workbook."""
    prior = merged(from_sheet(book), published, book.form) if published else None
    lines = {_id(line.group, line.id): line for line in compare(book, prior).lines}
    found = {each.id: lines[each.id] for each in shown(book.form)}
    return {id: Main(line.now, line.before, line.rate) for id, line in found.items()}


def total(form: Form, mains: list[Main]) -> Main:
    """What departments' figures come to. Last year is that of the departments where it is known, and so is the rate,
    which compares like with like."""
    known = [main.now for main in mains if main.now is not None]
    both = [(main.now, main.before) for main in mains if main.now is not None and main.before is not None]
    if not both:
        return Main(sum(known) if known else None, None, "")
    now, before = (sum(column) for column in zip(*both, strict=True))
    from_zero = form.comparison.from_zero if form.comparison else ""
    return Main(sum(known), before, rate(now, before, from_zero))


def money(fen: int | None) -> str:
    """An amount in 万元 as printed, nothing where it is not known."""
    return "" if fen is None else show(fen)


def _id(group: str, line: str) -> str:
    return f"{group}/{line}"
