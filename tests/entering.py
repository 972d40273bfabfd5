"""The sheets that make entering easy, built by themselves, and how the tests read them."""

from io import BytesIO

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gouji_templates.content import Content, blank
from gouji_templates.detail_sheet import write_detail
from gouji_templates.entry import guard
from gouji_templates.guide_sheet import write_guide
from gouji_templates.layout import lay_out
from gouji_templates.protection import protect
from gouji_templates.styles import Styles
from gouji_templates.subject_sheet import write_subjects
from tests.stored import FORM

BLANK = blank(FORM)


def built(content: Content = BLANK) -> bytes:
    """填报说明, 预算明细 and 科目, and every table's sheet with nothing but its rules."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        styles = Styles(book)
        write_guide(book, styles, FORM)
        for table in FORM.tables:
            sheet = book.add_worksheet(table.id)
            guard(sheet, styles, FORM, lay_out(table), content)
            protect(sheet)
        write_detail(book, styles, FORM)
        write_subjects(book, styles)
    return stream.getvalue()


BOOK = built()


def opened() -> Workbook:
    """The blank ones, free to be written to."""
    return load_workbook(BytesIO(BOOK))


def worksheet(book: Workbook, name: str) -> Worksheet:
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def validation(sheet: Worksheet, cell: str) -> DataValidation | None:
    """The rule or prompt of a cell; no cell has two."""
    found = [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]
    assert len(found) <= 1, f"{sheet.title}!{cell} has {len(found)} validations"
    return found[0] if found else None
