"""The two workbooks of a comparison, read from their files."""

import os

from gouji_checks.book import Book, read_book, refusal_of
from gouji_checks.compare.prior import Prior, Whose, from_workbook, merged, whose
from gouji_checks.compare.prior_sheet import from_sheet
from gouji_checks.source import FileSource, Unreadable
from gouji_templates.content import OTHER_SHEETS, UNREAD
from gouji_templates.form import Form


def this_year(path: str, form: Form) -> Book:
    """The workbook to be compared; raises Unreadable for one that is not of this form."""
    book = read_book(FileSource(path, UNREAD).read(), form)
    if refusal := refusal_of(book, form):
        raise Unreadable(f"{os.path.basename(path)}：{refusal}。")
    return book


def last_year(path: str, this: Whose, form: Form) -> Prior:
    """What last year's workbook says; raises Unreadable for one that can't be read or is not last year's."""
    book = read_book(FileSource(path, OTHER_SHEETS).read(), form)
    return from_workbook(book, this, printable(os.path.basename(path)))


def printable(path: str) -> str:
    """A name that is not valid UTF-8 could not be written; two that differ must not become one."""
    return path.encode("utf-8", "backslashreplace").decode()


def prior_of(book: Book, path: str = "") -> Prior | None:
    """Last year's figures of this year's workbook: its own, and those of last year's workbook where one is named."""
    published = last_year(path, whose(book), book.form) if path else None
    return merged(from_sheet(book), published, book.form)
