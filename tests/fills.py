"""Workbook files to be filled, and what stands in them afterwards."""

import argparse
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from gouji_checks.book import Book, read_book
from gouji_checks.check import Report, check
from gouji_checks.commands import fill
from gouji_checks.complete import complete
from gouji_checks.relation import load
from gouji_checks.source import FileSource, Workbook
from gouji_templates import workbook
from gouji_templates.content import Content
from samples.build import published
from tests.leaves import leaves_of

CATALOGUE = load()
FORM = CATALOGUE.form

PUBLISHED = published(FORM)
LEAVES = leaves_of(FORM, PUBLISHED)
COMPLETED = complete(CATALOGUE, LEAVES)
"""The published leaves with their sums; 表6 was rounded from 元, so that it no longer ties with 表5 (X38)."""

Printed = dict[tuple[str, ...], tuple[str, ...]]
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


def book_of(path: Path) -> Book:
    return read_book(FileSource(str(path)).read(), FORM)


def checked(path: Path) -> Report:
    return check(FileSource(str(path)))


def errors(path: Path) -> list[str]:
    """The relations and rules that a check finds broken."""
    return [finding.rule for finding in checked(path).findings if finding.severity == "error"]


def printed(path: Path) -> Printed:
    """The rows with figures of a workbook."""
    found: Printed = {}
    for name, figures in book_of(path).figures.items():
        width = len(figures.part.side.columns)
        for number, row in enumerate(figures.part.rows):
            packed = figures.packed[number * width : (number + 1) * width]
            # The home unit does not matter: amounts are in 分.
            shown = tuple(f"{Decimal(one >> 12) / 1_000_000:.2f}" if one else "" for one in packed)
            if any(shown):
                _add(found, (name, row.key, row.project), shown)
    return found


def printed_content(content: Content) -> Printed:
    """The same of a content."""
    from gouji_checks.line_keys import keys_of

    found: Printed = {}
    for block in FORM.blocks:
        lines = content.lines.get(block.name, [])
        for key, line in zip(keys_of(block, lines), lines, strict=True):
            shown = tuple("" if figure is None else f"{figure:.2f}" for figure in line.figures)
            if key and any(shown):
                project = line.labels[-1] if block.kind == "projects" else ""
                _add(found, (block.name, key[0], project), shown)
    return found


def _add(found: Printed, key: tuple[str, ...], shown: tuple[str, ...]) -> None:
    number = 1
    while (*key, str(number)) in found:
        number += 1
    found[*key, str(number)] = shown
