"""The disclosure workbook: a sheet for what the department says of itself, then one for every table."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

from gouji_templates import atomic
from gouji_templates.content import Content
from gouji_templates.detail_sheet import write_detail
from gouji_templates.form import Form
from gouji_templates.guide_sheet import write_guide
from gouji_templates.info_sheet import write_info
from gouji_templates.live import Live
from gouji_templates.names import reach_of
from gouji_templates.prior_sheet import write_prior
from gouji_templates.sheet import LeanWorkbook
from gouji_templates.stamp import stamp
from gouji_templates.styles import Styles
from gouji_templates.subject_sheet import write_subjects
from gouji_templates.table_sheet import write_table


def build(form: Form, content: Content, live: Live | None = None) -> bytes:
    """The workbook; the same form and content always give the same bytes. With `live` it computes and checks itself."""
    stream = BytesIO()
    with LeanWorkbook(stream, {"in_memory": True}) as book:
        # Without a date of its own the file would carry the moment it was built.
        book.set_properties({"title": form.title, "created": datetime(content.year, 1, 1)})
        styles = Styles(book)
        if live:
            write_guide(book, styles, form)
        write_info(book, styles, form, content)
        reaches = {table.id: reach_of(table, content) for table in form.tables}
        for table in form.tables:
            write_table(book, styles, form, table, content, live, reaches[table.id])
        if form.comparison and (live or content.prior):
            write_prior(book, styles, form, content, live is not None)
        if live:
            live.write_sheets(book, styles, reaches)
            if form.funding:
                write_detail(book, styles, form)
            write_subjects(book, styles)
        stamp(book, form, content)
    return stream.getvalue()


def write(path: Path, form: Form, content: Content) -> None:
    """Puts the workbook at this path, whole or not at all."""
    atomic.write(path, build(form, content))
