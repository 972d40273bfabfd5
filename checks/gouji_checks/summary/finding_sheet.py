"""The sheet with all findings, one a row, written as they are read again from the disk."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from xlsxwriter.utility import quote_sheetname
from xlsxwriter.workbook import Workbook

from gouji_checks.finding import SEVERITY_WORDS
from gouji_checks.summary import links
from gouji_checks.summary.data import as_shown
from gouji_checks.summary.overview import Overview
from gouji_templates.layout import wrapped
from gouji_templates.styles import HEADING, NAME, Styles, put, row_height, set_up_page

NAMED = "问题清单"

MOST = 1_000_000
"""A worksheet holds little more rows."""

_MOST_LINES = 20
_HEADINGS = {
    "部门": 30,
    "表": 13,
    "单元格": 14,
    "规则": 7,
    "名称": 26,
    "级别": 6,
    "说明": 60,
    "现为": 12,
    "应为": 12,
    "差额": 10,
    "允许尾差": 10,
    "办法": 40,
    "疑似": 30,
    "文件": 40,
}
_CELL = list(_HEADINGS).index("单元格")


def write_findings(book: Workbook, styles: Styles, overview: Overview, target: Path) -> dict[str, int]:
    """Adds the sheet, whose links lead to the files from where `target` is; gives the first row of each file that has
    any findings."""
    # Rows leave the memory as soon as the next one begins.
    book.constant_memory = True
    sheet = book.add_worksheet(NAMED)
    book.constant_memory = False
    for column, width in enumerate(_HEADINGS.values()):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    set_up_page(sheet, repeated=1)
    for column, heading in enumerate(_HEADINGS):
        put(sheet, 0, column, heading, styles(HEADING))
    places: dict[str, int] = {}
    line = 0
    for line, (file, values, cell) in enumerate(_rows(overview), 1):
        if line > MOST:
            put(sheet, line, 0, "问题太多，列不下了，其余请看 --format json", styles(NAME))
            break
        places.setdefault(file, line)
        # Before its cells, or it has left the memory.
        sheet.set_row(line, row_height(max(map(_lines, values, _HEADINGS.values()))))
        for column, value in enumerate(values):
            put(sheet, line, column, value[: links.LONGEST], styles(NAME))
        if cell and line < links.MOST:
            address = links.address_of(file, target)
            links.link(sheet, styles, line, _CELL, address and f"{address}#{cell}", values[_CELL])
    sheet.autofilter(0, 0, max(line, 1), len(_HEADINGS) - 1)
    return places


def _rows(overview: Overview) -> Iterator[tuple[str, list[str], str]]:
    """Of every finding its file, the texts of its row, and the cell as a link names it."""
    for row, finding in overview.findings():
        shown = as_shown(overview, row, finding)
        place = f"{shown['sheet']}!{shown['cell']}" if shown["sheet"] else ""
        values = [shown["department"], shown["table"], place, shown["rule"], shown["relation"]["title"]]
        values += [SEVERITY_WORDS[shown["severity"]], shown["message"], shown["stated"], shown["expected"]]
        values += [shown["difference"], shown["allowed"], shown["advice"], shown["suspect"], row.file]
        yield row.file, values, f"{quote_sheetname(shown['sheet'])}!{shown['cell']}" if shown["sheet"] else ""


@lru_cache(maxsize=10_000)
def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column."""
    return 1 if 2 * len(text) < width else min(wrapped(text, width), _MOST_LINES)
