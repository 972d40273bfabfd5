"""Builds the workbooks kept in the repository: the published sample and the blank template."""

import csv
import tomllib
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import xlsxwriter

from gouji_checks import relation
from gouji_checks.live import template
from gouji_templates import atomic, workbook
from gouji_templates.content import DETAIL, STAFF, UNIT_KIND, Content, Line, line_of
from gouji_templates.form import Block, Form, load

SAMPLES = Path(__file__).parent
FIGURES = SAMPLES / "published-2025"
"""The figures as the department published them, one file for each block, nothing computed."""

SAMPLE = "published-2025.xlsx"
ITEMS = "明细-2025.xlsx"
LINE_ITEMS = SAMPLES / "明细-2025.csv"
"""The same budget as line items in 元, from which every published figure comes out when rounded."""

TEMPLATE = SAMPLES.parent / "templates" / "预算公开表-2025.xlsx"


def published(form: Form) -> Content:
    """The real department's disclosure of 2025, figure by figure as printed."""
    info = tomllib.loads((FIGURES / "info.toml").read_text(encoding="utf-8"))
    empty = frozenset(info["empty"])
    staff = {field: info[field.removesuffix("人数")] for field in STAFF}
    return Content(
        department=info["department"],
        year=info["year"],
        info={UNIT_KIND: info[UNIT_KIND], **staff},
        lines={block.name: _lines(block) for block in form.blocks if block.table not in empty},
        empty=empty,
    )


def build(folder: Path = SAMPLES) -> None:
    """Writes the sample into this folder."""
    form = load()
    workbook.write(folder / SAMPLE, form, published(form))


def build_template() -> bytes:
    """The blank template, as it is handed to a department."""
    return template.build(relation.load(), template.given_out(relation.load()))


def build_detail(folder: Path = SAMPLES) -> None:
    """Writes the line items into this folder, as a workbook."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(load().year, 1, 1)})
        sheet = book.add_worksheet(DETAIL)
        text, money = book.add_format({"num_format": "@"}), book.add_format({"num_format": "#,##0.00"})
        with LINE_ITEMS.open(encoding="utf-8", newline="") as file:
            headings, *rows = csv.reader(file)
        sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
        for number, (*words, amount) in enumerate(rows, 1):
            for column, word in enumerate(words):
                sheet.write_string(number, column, word, text)
            sheet.write_number(number, len(words), float(amount), money)
        for column, width in enumerate((14, 26, 12, 36, 18, 16)):
            sheet.set_column(column, column, width)
        sheet.ignore_errors({"number_stored_as_text": f"A2:E{len(rows) + 1}"})
        sheet.freeze_panes(1, 0)
    atomic.write(folder / ITEMS, stream.getvalue())


def _lines(block: Block) -> list[Line]:
    name = f"{block.table}-{block.id}" if block.id else block.table
    labels = {row.id: row.label for row in block.specs}
    lines = []
    with (FIGURES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            if "row" in record:
                line = line_of(block, labels[record["row"]])
            else:
                line = line_of(block, record["name"], record["code"], record.get("project") or "")
            figures = (record[column.name] for column in block.columns)
            lines.append(line._replace(figures=tuple(Decimal(figure) if figure else None for figure in figures)))
    return lines


if __name__ == "__main__":
    build()
    build_detail()
    atomic.write(TEMPLATE, build_template())
