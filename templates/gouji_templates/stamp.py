"""Who a workbook was made for and by which declarations, also kept where retyping the first sheet does not reach."""

from collections.abc import Iterator

from xlsxwriter.utility import xl_col_to_name

from gouji_templates.content import (
    CHECKING_SHEETS,
    CODE,
    DEPARTMENT,
    FINGERPRINT,
    FORM,
    FORMULAS,
    UNIT_KIND,
    VERSION,
    YEAR,
    Content,
    said,
)
from gouji_templates.form import Form
from gouji_templates.formula_digest import digest
from gouji_templates.sheet import LeanWorkbook

STAMPED = (DEPARTMENT, CODE, YEAR, UNIT_KIND, FORM, VERSION, FINGERPRINT)
"""The lines of the first sheet that are custom properties as well."""


def stamp(book: LeanWorkbook, form: Form, content: Content) -> None:
    """Sets the custom properties of a workbook that is given out: one whose content has a fingerprint.

    Comes last, for the formulas of the sheets that check are among what is stamped.
    """
    if FINGERPRINT not in content.info:
        return
    values = said(form, content)
    for field in STAMPED:
        if values.get(field, "") != "":
            book.set_custom_property(field, str(values[field]), "text")
    book.set_custom_property(FORMULAS, digest(_formulas(book)), "text")


def _formulas(book: LeanWorkbook) -> Iterator[tuple[str, Iterator[tuple[bytes, bytes, bytes, bytes]]]]:
    """The formulas of the sheets that check, as they will stand in the file."""
    for sheet in book.worksheets():
        if sheet.get_name() in CHECKING_SHEETS:
            yield sheet.get_name(), map(_written, sheet.formulas())


def _written(formula: tuple[int, int, str]) -> tuple[bytes, bytes, bytes, bytes]:
    row, column, text = formula
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return xl_col_to_name(column).encode(), b"%d" % (row + 1), b"", text.encode()
