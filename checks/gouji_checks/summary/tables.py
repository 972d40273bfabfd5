"""The tables over all departments, made, settled and checked like those of any department."""

from typing import NamedTuple

from gouji_checks.book import Book, read_book
from gouji_checks.check import check_book
from gouji_checks.finding import Finding
from gouji_checks.relation import Catalogue
from gouji_checks.source import read_package
from gouji_checks.summary.consolidate import Sums, consolidated
from gouji_checks.summary.figures import Main, main_figures
from gouji_checks.summary.settle import Shift, shifts
from gouji_templates.classification import Codes
from gouji_templates.content import Content
from gouji_templates.workbook import build


class Tables(NamedTuple):
    """The tables over `departments` departments; `figures` are their main figures, `settled` where 尾差 was put, and
    `errors` what does not tie."""

    departments: int
    content: Content
    figures: dict[str, Main]
    settled: tuple[Shift, ...]
    errors: tuple[Finding, ...]


def tables(catalogue: Catalogue, codes: Codes, sums: Sums, year: int) -> Tables:
    """The tables over these sums, whose 尾差 is settled unless a department among them has errors."""
    department = f"各部门汇总（{sums.departments} 个部门）"
    sums.round(catalogue.form)
    content = consolidated(catalogue, codes, sums, department, year)
    book = _read(catalogue, content)
    moved = shifts(catalogue, book, sums.rounding) if not sums.errors else []
    for block, key, column, _, fen in moved:
        sums.shift(block, key, column, fen)
    if moved:
        content = consolidated(catalogue, codes, sums, department, year)
        book = _read(catalogue, content)
    found = check_book(book, catalogue, codes).findings
    errors = tuple([finding for finding in found if finding.severity == "error"])
    return Tables(sums.departments, content, main_figures(book), tuple(moved), errors)


def _read(catalogue: Catalogue, content: Content) -> Book:
    """The tables as a reader finds them."""
    return read_book(read_package(build(catalogue.form, content)), catalogue.form)
