"""A workbook with its sheets that compare, and last year: what the rules about the comparison look at."""

from typing import NamedTuple

from gouji_checks.book import Book
from gouji_checks.compare.comparison import Compared, Line, compare
from gouji_checks.compare.prior import Key, Prior, merged
from gouji_checks.compare.prior_sheet import from_sheet
from gouji_checks.compare.renamed import matched
from gouji_checks.compare.sections import HEADINGS, NOW, Entry, Listed, read_sections
from gouji_checks.compare.stated import by_code, total
from gouji_templates.content import COMPARISONS
from gouji_templates.form import Comparison, Group


class Last(NamedTuple):
    """What last year's workbook says; or a Chinese sentence without its full stop why there is none, and in a word or
    two what kind of reason that is."""

    prior: Prior | None
    why: str = ""
    kind: str = ""


class Years(NamedTuple):
    """`entered` is last year as the sheet 上年预算数 has it, `prior` that with last year's workbook; `sheets` are those
    that compare, by name, and `broken` the ones whose headings are gone."""

    book: Book
    comparison: Comparison
    compared: Compared
    entered: Prior | None
    prior: Prior | None
    last: Last | None
    sheets: dict[str, Listed]
    broken: tuple[str, ...]
    codes: dict[Key, int | None]
    """This year's figures by code, those of 类 among them."""
    brought: dict[Key, int | None]
    """Last year's, as the sheet 上年预算数 has them, by the codes that took them over; those of 类 left out."""

    def lines(self, group: Group) -> list[Line]:
        """The group's lines; none where its tables print no figure, as before anything is typed."""
        blocks = {line.block or self.comparison.operating.block for line in group.lines} | {group.codes}
        names = [block.name for block in blocks if block]
        if not any(any(self.book.figures[name].packed) for name in names if name in self.book.figures):
            return []
        return [line for line in self.compared.lines if line.group == group.id]

    def known(self, group: Group) -> bool:
        """Whether anything is known of the group's last year."""
        return self.prior is not None and group.id in self.prior.known

    def cell(self, line: Line, heading: str) -> str:
        """The cell of a line on the sheet that compares it; nothing where it has none."""
        for listed in self.sheets.values():
            for entry in listed.entries if heading in listed.columns else ():
                if (entry.group.id, entry.id) == (line.group, line.id):
                    return listed.address(entry.row, heading)
        return ""

    def now(self, entry: Entry) -> int | None:
        """This year's figure of a line on a sheet that compares."""
        if entry.group.codes:
            return self.codes.get((entry.group.id, entry.id), 0)
        return next((one.now for one in self.compared.lines if (one.group, one.id) == (entry.group.id, entry.id)), None)

    def before(self, entry: Entry) -> int | None:
        """Last year's, as the sheet 上年预算数 has it; that of a 类 is the sum of its 项."""
        if self.entered is None:
            return None
        key = (entry.group.id, entry.id)
        if not entry.group.codes:
            return self.entered.figure(key).amounts[0]
        if key in self.brought:
            return self.brought[key]
        unread = [code for id, code in self.entered.unread if id == key[0]]
        if (
            any(code.startswith(key[1]) or key[1].startswith(code) for code in unread)
            or key[0] not in self.entered.known
        ):
            return None
        found = [(one,) for (id, code), one in self.brought.items() if id == key[0] and code.startswith(key[1])]
        return total(found)[0] if found else 0


def look(book: Book, last: Last | None) -> Years | None:
    """A workbook as the rules look at it; None where its form compares nothing, or nobody has typed a figure yet."""
    comparison = book.form.comparison
    if comparison is None or not any(any(figures.packed) for figures in book.figures.values()):
        return None
    entered = from_sheet(book)
    prior = merged(entered, last.prior if last else None, book.form)
    sheets: dict[str, Listed] = {}
    broken = []
    for sheet in book.others:
        if sheet.name in COMPARISONS:
            listed = read_sections(sheet, book.form, HEADINGS, NOW)
            if listed:
                sheets[sheet.name] = listed
            else:
                broken.append(sheet.name)
    compared = compare(book, prior)
    codes = _codes(book, comparison)
    brought = _brought(entered, codes)
    return Years(book, comparison, compared, entered, prior, last, sheets, tuple(broken), codes, brought)


def _brought(entered: Prior | None, codes: dict[Key, int | None]) -> dict[Key, int | None]:
    figures = entered.figures if entered else {}
    found: dict[Key, int | None] = {}
    for group in {id for id, _ in figures}:
        last = {code: figure for (id, code), figure in figures.items() if id == group}
        now = [code for id, code in codes if id == group]
        found |= {(group, code): one.amounts[0] for code, one in matched(last, now).figures.items()}
    return found


def _codes(book: Book, comparison: Comparison) -> dict[Key, int | None]:
    found: dict[Key, int | None] = {}
    for group in comparison.groups:
        rows = by_code(book, group) if group.codes else None
        for code, row in {**rows.leaves, **rows.classes}.items() if rows else ():
            found[group.id, code] = row.amounts[0]
    return found
