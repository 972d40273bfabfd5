"""The disclosure workbook: a sheet for what the department says of itself, then one for every table."""

import os
from datetime import datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter

from gouji_templates.content import Content
from gouji_templates.form import Form
from gouji_templates.info_sheet import write_info
from gouji_templates.styles import Styles
from gouji_templates.table_sheet import write_table


def build(form: Form, content: Content) -> bytes:
    """The workbook; the same form and content always give the same bytes."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        # Without a date of its own the file would carry the moment it was built.
        book.set_properties({"title": form.title, "created": datetime(content.year, 1, 1)})
        styles = Styles(book)
        write_info(book, styles, form, content)
        for table in form.tables:
            write_table(book, styles, form, table, content)
    return stream.getvalue()


def write(path: Path, form: Form, content: Content) -> None:
    """Puts the workbook at this path, whole or not at all."""
    # Beside the target, because a rename is only atomic within one file system.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(build(form, content))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
