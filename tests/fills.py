"""Workbook files to be filled, and what stands in them afterwards."""

import argparse
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from gouji_checks import detail
from gouji_checks.book import Book, read_book
from gouji_checks.check import Report, check, known_codes
from gouji_checks.commands import fill
from gouji_checks.complete import complete
from gouji_checks.edit.insertion import SheetEdit
from gouji_checks.edit.parts import FileParts
from gouji_checks.fill.items import with_items as into_sheet
from gouji_checks.line_keys import keys_of
from gouji_checks.live.template import build as build_live
from gouji_checks.relation import load
from gouji_checks.source import FileSource, Workbook
from gouji_templates import workbook
from gouji_templates.content import Content, blank
from gouji_templates.layout import lay_out, line_rows
from samples.build import ITEMS, SAMPLES, published
from tests.leaves import leaves_of

CATALOGUE = load()
FORM = CATALOGUE.form

PUBLISHED = published(FORM)
LEAVES = leaves_of(FORM, PUBLISHED)
COMPLETED = complete(CATALOGUE, LEAVES)
"""The published leaves with their sums; 表6 was rounded from 元, so that it no longer ties with 表5 (X38)."""

PrintedFigures = dict[tuple[str, ...], tuple[str, ...]]
"""Rows with figures by block and key, several of one key in order: each figure as printed, nothing where blank."""


def run(*arguments: object) -> int:
    """gouji fill with these arguments; returns the exit code."""
    parser = argparse.ArgumentParser()
    fill.add(parser.add_subparsers())
    args = parser.parse_args(["fill", *map(str, arguments)])
    return int(args.run(args))


def filled(path: Path, *arguments: object) -> Path:
    """The file beside this one that gouji fill makes of it."""
    out = path.with_name(f"填好的{path.name}")
    assert run(path, "-o", out, *arguments) == 0
    return out


def plain(content: Content, path: Path) -> Path:
    """The tables without formulas."""
    path.write_bytes(workbook.build(FORM, content))
    return path


def values_only(source: Workbook, path: Path) -> Path:
    """The sheets' values and nothing else, as another program might export them."""
    with xlsxwriter.Workbook(path) as book:
        for sheet in source.sheets:
            target = book.add_worksheet(sheet.name)
            for line, row in enumerate(sheet.rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str) and cell:
                        target.write_string(line, column, cell)
                    elif isinstance(cell, float):
                        target.write_number(line, column, cell)
    return path


def with_items(path: Path, source: Path, folder: Path) -> Path:
    """The workbook's values with the line items of another one."""
    sheets = [*FileSource(str(path)).read().sheets, *FileSource(str(source)).read().sheets]
    return values_only(Workbook(sheets), folder / "带明细.xlsx")


def put_items(template: Path) -> Path:
    """The sample's line items pasted into a template's sheet for them."""
    codes = known_codes()
    items = detail.read(FileSource(str(SAMPLES / ITEMS)).read().sheets[0], FORM, codes)
    template.write_bytes(into_sheet(template.read_bytes(), FileSource(str(template)).read(), items))
    return template


def typed_into_template(content: Content, folder: Path) -> Path:
    """The leaves typed into the open rows of the template, from the top."""
    parts = FileParts(build_live(CATALOGUE, blank(FORM, content.department)))
    edit = SheetEdit(parts)
    empty = blank(FORM).lines
    for table in FORM.tables:
        layout = lay_out(table)
        numbers = line_rows(layout, empty)
        for block in table.blocks:
            lines, rows = content.lines.get(block.name, []), numbers[block.name]
            known = bool(block.rows)
            if not known:
                lines, rows = [line for line in lines if any(line.labels)], rows[1:]
            for row, line in zip(rows[: len(lines)], lines, strict=True):
                labels = [None] * len(block.labels) if known else line.labels
                for column, value in enumerate((*labels, *line.figures), layout.lefts[block.name]):
                    if value not in (None, ""):
                        edit.sheet(table.id).put(row, column, value)
    edit.close()
    path = folder / "模板.xlsx"
    path.write_bytes(parts.packed())
    return path


def book_of(path: Path) -> Book:
    return read_book(FileSource(str(path)).read(), FORM)


def checked(path: Path) -> Report:
    return check(FileSource(str(path)))


def errors(path: Path) -> list[str]:
    """The relations and rules that a check finds broken."""
    return [finding.rule for finding in checked(path).findings if finding.severity == "error"]


def printed(path: Path) -> PrintedFigures:
    """The rows with figures of a workbook."""
    found: PrintedFigures = {}
    for name, figures in book_of(path).figures.items():
        width = len(figures.part.side.columns)
        for number, row in enumerate(figures.part.rows):
            packed = figures.packed[number * width : (number + 1) * width]
            # The home unit does not matter: amounts are in 分.
            shown = tuple(f"{Decimal(one >> 12) / 1_000_000:.2f}" if one else "" for one in packed)
            if any(shown):
                _add(found, (name, row.key, row.project), shown)
    return found


def printed_content(content: Content) -> PrintedFigures:
    """The same of a content."""
    found: PrintedFigures = {}
    for block in FORM.blocks:
        lines = content.lines.get(block.name, [])
        for key, line in zip(keys_of(block, lines), lines, strict=True):
            shown = tuple("" if figure is None else f"{figure:.2f}" for figure in line.figures)
            if key and any(shown):
                project = line.labels[-1] if block.kind == "projects" else ""
                _add(found, (block.name, key[0], project), shown)
    return found


def _add(found: PrintedFigures, key: tuple[str, ...], shown: tuple[str, ...]) -> None:
    number = 1
    while (*key, str(number)) in found:
        number += 1
    found[*key, str(number)] = shown
