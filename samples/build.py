"""Builds the workbooks kept in the repository: the published sample and the blank template."""

import csv
import tomllib
from decimal import Decimal
from pathlib import Path

from gouji_templates import workbook
from gouji_templates.content import STAFF, UNIT_KIND, Content, Line, blank, line_of
from gouji_templates.form import Block, Form, load

SAMPLES = Path(__file__).parent
FIGURES = SAMPLES / "published-2025"
"""The figures as the department published them, one file for each block, nothing computed."""

SAMPLE = "published-2025.xlsx"
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


def _lines(block: Block) -> list[Line]:
    name = f"{block.table}-{block.id}" if block.id else block.table
    labels = {row.id: row.label for row in (*block.rows, *([block.total] if block.total else []))}
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
    workbook.write(TEMPLATE, load(), blank(load()))
