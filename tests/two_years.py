"""The published workbook with last year in it and a reason for every line, and small changes to it as the rules' pages
write them: 收支对比[收入预算/单位资金].增减额 = 17.00."""

import re
from contextlib import suppress
from functools import cache

from gouji_checks.book import Book, read_book
from gouji_checks.check import Report, check_book, known_codes
from gouji_checks.compare.prior import Prior, from_workbook, whose
from gouji_checks.compare.sections import (
    BEFORE,
    CHANGE,
    CODE,
    ITEM,
    NOW,
    ORIGIN,
    RATE,
    REASON,
    SHARE,
    Listed,
    read_sections,
)
from gouji_checks.compare.years import Last
from gouji_checks.finding import Address
from gouji_checks.live.template import build
from gouji_checks.source import MemorySource, Sheet, Workbook, read_package
from gouji_templates import workbook
from gouji_templates.content import COMPARISONS, PRIOR, VEHICLES, Content
from samples.build import published
from tests import last_year, year_before
from tests.year_before import CATALOGUE, FORM

REASON_GIVEN = "按本年工作安排"
_HEADINGS = (CODE, ITEM, NOW, BEFORE, CHANGE, RATE, SHARE, REASON, "基本支出", "项目支出", ORIGIN)
_CHANGE = re.compile(r"(?P<sheet>[^[]+)\[(?P<group>[^/]+)/(?P<line>.+)\]\.(?P<column>\S+?) =(?: (?P<value>.*))?")


def content() -> Content:
    """The published figures and last year's."""
    found = published(FORM)
    return found._replace(prior=last_year.figures(), info=found.info | {VEHICLES: 3})


@cache
def built() -> bytes:
    """The workbook as we write it, no reason in it yet."""
    return build(CATALOGUE, content())


def base() -> Workbook:
    """The workbook in memory, its rows free to be changed, with a reason on every line."""
    return with_reasons(read_package(built()))


def with_reasons(source: Workbook) -> Workbook:
    """The workbook with a reason on every line that compares."""
    sheets = [sheet._replace(rows=[list(row) for row in sheet.rows]) for sheet in source.sheets]
    for sheet in sheets:
        if sheet.name in COMPARISONS:
            listed = read(sheet)
            for entry in listed.entries:
                sheet.rows[entry.row][listed.columns[REASON]] = REASON_GIVEN
    return source._replace(sheets=sheets)


def read(sheet: Sheet) -> Listed:
    """A sheet of ours that compares or holds last year's figures."""
    listed = read_sections(sheet, FORM, _HEADINGS, BEFORE if sheet.name == PRIOR else NOW)
    assert listed
    return listed


def is_change(example: str) -> bool:
    """Whether this is a change, and not a sentence."""
    return bool(_CHANGE.fullmatch(example))


def cell_of(change: str, of: Workbook) -> str:
    """The cell that a change is about."""
    return str(Address(*_place(change, of)))


def changed(change: str, of: Workbook) -> Workbook:
    """The workbook, changed in place; a text that is no number is put as it is."""
    match = _CHANGE.fullmatch(change)
    assert match, f"not a change: {change}"
    name, row, column = _place(change, of)
    value: object = match["value"] or ""
    with suppress(ValueError):
        value = float(match["value"] or "")
    next(sheet for sheet in of.sheets if sheet.name == name).rows[row][column] = value
    return of


def _place(change: str, of: Workbook) -> tuple[str, int, int]:
    match = _CHANGE.fullmatch(change)
    assert match
    sheet = next(sheet for sheet in of.sheets if sheet.name == match["sheet"])
    listed = read(sheet)
    for entry in listed.entries:
        if entry.group.title == match["group"] and match["line"] in (entry.id, entry.name.removeprefix("其中：")):
            heading = next(one for one in listed.columns if one.startswith(match["column"]))
            return sheet.name, entry.row, listed.columns[heading]
    raise AssertionError(f"no such line: {change}")


@cache
def the_year_before() -> Prior:
    """What last year's workbook says."""
    data = workbook.build(FORM, year_before.content())
    this = read_book(read_package(built()), FORM)
    return from_workbook(read_book(read_package(data), FORM), whose(this), "上年.xlsx")


def report(of: Workbook, last: Last | None = None) -> Report:
    """What a check says, with last year's workbook where it is given."""
    book: Book = read_book(MemorySource(of).read(), FORM)
    return check_book(book, CATALOGUE, known_codes(), last)
