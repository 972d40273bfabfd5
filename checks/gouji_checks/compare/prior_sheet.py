"""Last year's figures as the sheet 上年预算数 of this year's workbook gives them."""

import re

from gouji_checks.amount import read, show, step
from gouji_checks.book import Book
from gouji_checks.compare.prior import Figure, Key, Prior
from gouji_checks.compare.ratios import as_printed
from gouji_checks.compare.sections import BEFORE, CODE, ITEM, ORIGIN, Entry, Listed, part_names, read_sections
from gouji_checks.compare.stated import total
from gouji_checks.finding import Address
from gouji_checks.headings import HEAD_ROWS
from gouji_checks.source import Sheet
from gouji_templates.content import PRIOR
from gouji_templates.form import CODED, Form, Group
from gouji_templates.wording import fold

BY_HAND = "手工填写"
"""The origin of a figure that says nothing of where it came from."""

_YEAR = re.compile(r"上年:(20\d\d)")

_Amount = tuple[int | None, bool]
"""An amount and whether the cell holds something that can't be read."""


def from_sheet(book: Book) -> Prior | None:
    """What the sheet says, found by its name; None where there is none or nothing at all stands on it."""
    found = _found(book)
    if not found:
        return None
    sheet, *others = found
    listed = lines(sheet, book.form)
    if listed:
        prior = _read(listed, book)
        names = "、".join(f"“{other.name}”" for other in others)
        more = (f"另有工作表{names}，没有采用，上年数取自“{sheet.name}”；请只留一张",) if others else ()
        return prior._replace(notes=(*more, *prior.notes))
    return _nothing(f"工作表“{sheet.name}”没有找到“{ITEM}”“{BEFORE}”两栏，没有采用；请按模板恢复表头")


def find(book: Book) -> Sheet | None:
    """The sheet with last year's figures; None where there is none or nothing at all stands on it."""
    return next(iter(_found(book)), None)


def _found(book: Book) -> list[Sheet]:
    """The sheets that may have last year's figures, the one with the very name first."""
    return [
        sheet for sheet in sorted(book.others, key=lambda sheet: sheet.name != PRIOR)
        if PRIOR in fold(sheet.name) and any(cell not in ("", None) for row in sheet.rows for cell in row)
    ]  # fmt: skip


def lines(sheet: Sheet, form: Form) -> Listed | None:
    """The lines of the sheet; None where it does not have its headings."""
    return read_sections(sheet, form, (CODE, ITEM, BEFORE, *_parts(form), ORIGIN), BEFORE)


def _nothing(note: str) -> Prior:
    return Prior({}, frozenset(), frozenset(), notes=(note,))


def _parts(form: Form) -> tuple[str, ...]:
    groups = form.comparison.groups if form.comparison else ()
    return tuple(dict.fromkeys(name for group in groups for name in part_names(group)))


def _read(listed: Listed, book: Book) -> Prior:
    form, sheet = book.form, listed.sheet
    unit = listed.unit(form)
    notes = _years(sheet, book)
    figures: dict[Key, Figure] = {}
    rows: dict[Key, int] = {}
    unread: set[Key] = set()
    for entry in listed.entries:
        key = (entry.group.id, entry.id)
        cells = [BEFORE, *part_names(entry.group)]
        read = [_amount(listed, entry, heading, unit, form, notes) for heading in cells]
        if any(bad for _, bad in read):
            unread.add(key)
            continue
        figure = _figure(listed, entry, [amount for amount, _ in read])
        if figure is None:
            continue
        if key in figures:
            notes.append(f"“{sheet.name}”的科目 {entry.id} 出现不止一次（第{rows[key] + 1}行、第{entry.row + 1}行），"
                         "已加在一起")  # fmt: skip
            figure = figures[key]._replace(amounts=total([figures[key].amounts, figure.amounts]))
        figures[key], rows[key] = figure, entry.row
    notes += _drop_divided(figures, rows, form, sheet)
    notes += [
        f"“{sheet.name}”第{row + 1}行“{text or '没有名称'}”不是表样中的行或没有科目编码，没有采用"
        for row, text in listed.strays
    ]
    known = frozenset(key[0] for key in figures)
    notes += _set_aside_undivided(figures, rows, unread, form, sheet)
    notes += _blank_wholes(figures, known, form, sheet)
    return Prior(figures, known, frozenset(unread) - figures.keys(), notes=tuple(notes))


def _years(sheet: Sheet, book: Book) -> list[str]:
    """A sheet that was carried over from the year before says so."""
    texts = (cell for row in sheet.rows[:HEAD_ROWS] for cell in row if isinstance(cell, str))
    said = next((found[1] for text in texts if (found := _YEAR.search(fold(text)))), "")
    if said and book.year.isdigit() and int(said) != int(book.year) - 1:
        return [f"“{PRIOR}”写的是{said}年，{book.year}年的上年是{int(book.year) - 1}年，请核对是不是往年的数"]
    return []


def _amount(listed: Listed, entry: Entry, heading: str, unit: str, form: Form, notes: list[str]) -> _Amount:
    value = entry.cells.get(heading, "")
    place = listed.columns.get(heading)
    if value in ("", None):
        if place is None or (entry.row, place) not in listed.sheet.uncalculated:
            return None, False
        notes.append(f"{listed.address(entry.row, heading)} 的公式没有算出数，没有采用；请用 Excel 或 WPS 打开后保存")
        return None, True
    amount, odd = read(value, unit, form.decimals)
    if odd and amount is None:
        notes.append(f"{listed.address(entry.row, heading)} 的“{odd.shown}”不是金额，没有采用；请改成数字")
        return None, True
    if odd and odd.kind == "negative":
        notes.append(f"{listed.address(entry.row, heading)} 的上年数是负数 {odd.shown}，请核对")
    # A dash or 无 is a statement, unlike a blank.
    if amount is None:
        return (0 if fold(str(value)) else None), False
    return as_printed(amount, form), False


def _figure(listed: Listed, entry: Entry, amounts: list[int | None]) -> Figure | None:
    """The figure of a row; None where the row is blank. Parts alone make up their total, blank ones beside it are
    zero where the others already add to it."""
    whole, *parts = amounts
    given = [part for part in parts if part is not None]
    if whole is None and not given:
        return None
    if whole is None:
        whole = sum(given)
    if len(given) < len(parts) and (whole == 0 or (given and sum(given) == whole)):
        parts = [part or 0 for part in parts]
    said = entry.cells.get(ORIGIN, "")
    origin = str(said).strip() if said is not None else ""
    cell = str(Address(listed.sheet.name, entry.row, listed.columns[BEFORE]))
    return Figure((whole, *parts), origin or BY_HAND, cell, entry.name)


def _drop_divided(figures: dict[Key, Figure], rows: dict[Key, int], form: Form, sheet: Sheet) -> list[str]:
    """Rows of 类 and 款 whose 项 stand below them say nothing more, unless they say something else."""
    notes = []
    for group in form.comparison.groups if form.comparison else ():
        if group.codes:
            found = {code: figure for (id, code), figure in figures.items() if id == group.id}
            lengths = CODED[group.codes.kind]
            above = {code[:length] for code in found for length in lengths if length < len(code)}
            for code in sorted(above.intersection(found)):
                parts = [one.amounts for other, one in found.items() if other.startswith(code) and other not in above]
                stated, summed = found[code].amounts[0], total(parts)[0]
                allowed2 = (1 + len(parts)) * step(form.unit, form.decimals)
                if stated is not None and summed is not None and 2 * abs(stated - summed) > allowed2:
                    notes.append(
                        f"“{sheet.name}”第{rows[group.id, code] + 1}行的科目 {code} 是 {show(stated, form.decimals)}，"
                        f"其下各科目合计 {show(summed, form.decimals)}，按各科目对比，请核对"
                    )
                del figures[group.id, code]
    return notes


def _set_aside_undivided(
    figures: dict[Key, Figure], rows: dict[Key, int], unread: set[Key], form: Form, sheet: Sheet
) -> list[str]:
    """Codes of 类 and 款 that no 项 divide can be compared with nothing: with them their 类 is not known."""
    notes = []
    for group in form.comparison.groups if form.comparison else ():
        top, *_, leaf = CODED[group.codes.kind] if group.codes else (0, 0)
        codes = {code for id, code in (*figures, *unread) if id == group.id}
        for code in sorted(code for code in codes if len(code) < leaf):
            key = (group.id, code)
            figure = figures.pop(key, None)
            unread.discard(key)
            if any(len(other) == leaf and other.startswith(code) for other in codes):
                continue
            if figure is None or figure.amounts[0]:
                unread.add((group.id, code[:top]))
            if figure and figure.amounts[0]:
                notes.append(
                    f"“{sheet.name}”第{rows[key] + 1}行的科目 {code} 没有填到项级，没有采用，{code[:top]} 类不作对比；"
                    f"应填到项级，把 {show(figure.amounts[0], form.decimals)} 按 {leaf} 位编码分行填写"
                )
    return notes


def _blank_wholes(figures: dict[Key, Figure], known: frozenset[str], form: Form, sheet: Sheet) -> list[str]:
    """A total left blank above figures counts as zero, as every blank does, which nobody means."""
    notes = []
    for group in form.comparison.groups if form.comparison else ():
        for line in group.lines if group.id in known else ():
            parts = sum(_first(figures, group, part) for part in line.sum)
            if parts and (group.id, line.id) not in figures:
                notes.append(
                    f"“{sheet.name}”的“{line.label}”（{group.title}）空着，按 0.00 对比，而其各分项合计 "
                    f"{show(parts, form.decimals)}，请补填"
                )
    return notes


def _first(figures: dict[Key, Figure], group: Group, id: str) -> int:
    figure = figures.get((group.id, id))
    return (figure.amounts[0] or 0) if figure else 0
