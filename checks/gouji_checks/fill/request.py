"""A workbook about to be filled: what its tables hold, and what its line items, if it has any, make of them."""

from typing import NamedTuple

from gouji_checks import detail, detail_tables
from gouji_checks.book import Book, read_book, spelled_department
from gouji_checks.detail import Detail
from gouji_checks.relation import Catalogue
from gouji_checks.source import Workbook
from gouji_templates.classification import Codes
from gouji_templates.content import Content


class DepartmentYear(NamedTuple):
    """The department and the year of tables that line items are to be made into; nothing where the file says so."""

    department: str = ""
    year: int = 0


AS_SAID = DepartmentYear()


class Request(NamedTuple):
    """A workbook read against a form; `sheet` is the name of the one with the line items, nothing without any."""

    book: Book
    items: Detail | None
    sheet: str

    def content(self, catalogue: Catalogue, whose: DepartmentYear = AS_SAID) -> Content | None:
        """The tables that the line items make for the department that the workbook names."""
        return tables_of(self.items, catalogue, _said_by(self.book, whose)) if self.items else None


def read_request(workbook: Workbook, catalogue: Catalogue, codes: Codes) -> Request:
    """Reads the tables and the line items; raises DetailError with every problem of these."""
    sheet = detail.find(workbook)
    items = detail.read(sheet, catalogue.form, codes) if sheet else None
    return Request(read_book(workbook, catalogue.form), items, sheet.name if sheet else "")


def tables_of(items: Detail, catalogue: Catalogue, whose: DepartmentYear) -> Content:
    """The tables that the line items make; a budget unit without a name has no row of its own."""
    year = whose.year or catalogue.form.year
    found = detail_tables.tables(items, catalogue.form, whose.department, year)
    return found._replace(
        lines={name: [line for line in lines if any(line.labels)] for name, lines in found.lines.items()}
    )


def _said_by(book: Book, whose: DepartmentYear) -> DepartmentYear:
    """Whose tables these are."""
    year = int(book.year) if book.year.isdigit() else 0
    return DepartmentYear(whose.department or spelled_department(book), whose.year or year)
