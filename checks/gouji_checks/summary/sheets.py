"""汇总.xlsx: the departments in one table, all findings, rankings and charts, and the tables over all departments."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pandas as pd
from xlsxwriter.workbook import Workbook

from gouji_checks.summary import department_sheet
from gouji_checks.summary.account import write_account
from gouji_checks.summary.charts import write_rankings
from gouji_checks.summary.data import title
from gouji_checks.summary.finding_sheet import write_findings
from gouji_checks.summary.overview import Overview
from gouji_checks.summary.record import MARK
from gouji_templates.info_sheet import write_info
from gouji_templates.styles import Styles
from gouji_templates.table_sheet import write_table


def build(overview: Overview, target: Path) -> bytes:
    """The workbook, whose links lead to the files from where `target` is; the same records give the same bytes."""
    stream = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with pd.ExcelWriter(stream, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        book: Workbook = writer.book
        # Without a date of its own the file would carry the moment it was built.
        book.set_properties({"title": title(overview), "created": datetime(overview.catalogue.form.year, 1, 1)})
        book.set_custom_property(MARK, overview.tables.departments if overview.tables else 0, "number_integer")
        styles = Styles(book)
        # Comes first, and is filled when it is known where the findings of each department stand.
        book.add_worksheet(department_sheet.NAMED)
        places = write_findings(book, styles, overview, target)
        department_sheet.write_departments(writer, styles, overview, target, places)
        write_account(book, styles, overview)
        write_rankings(writer, styles, overview)
        _tables(book, styles, overview)
    return stream.getvalue()


def _tables(book: Workbook, styles: Styles, overview: Overview) -> None:
    """The tables over all departments, laid out as any department's."""
    if overview.tables is None:
        return
    form, content = overview.catalogue.form, overview.tables.content
    write_info(book, styles, form, content)
    for table in form.tables:
        write_table(book, styles, form, table, content, None, 0)
