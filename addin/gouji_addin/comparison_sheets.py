"""The sheets 收支对比 and 三公经费对比 put into a workbook that lacks them, as values."""

from collections.abc import Mapping
from typing import NamedTuple

import xlwings as xw

from gouji_addin.compared import Page
from gouji_addin.refused import refused
from gouji_addin.results import text_cell
from gouji_addin.sheets import HEADING_FILL, TITLE_SIZE
from gouji_checks.compare.per_head import HEADING as PER_HEAD
from gouji_checks.compare.sections import BEFORE, CHANGE, FIGURES, HEADINGS, NOW, RATE, REASON, SHARE

_AMOUNT, _PERCENT = "#,##0.00", "0.00"
_FORMATS = dict.fromkeys((NOW, BEFORE, CHANGE), _AMOUNT) | dict.fromkeys((RATE, SHARE), _PERCENT)
"""The number formats of the columns, by heading."""
_SECTION_FILL = "#F2F2F2"
_ROOM = "　" * 18
"""How wide the column of reasons is to be besides its heading."""

_TOP = 3
"""The row of the headings, from 0: above them are the title, whose sheet it is, and a note."""

_Row = list[str | float | bool]


class Rows(NamedTuple):
    """Rows, from 0, of a sheet, and where its columns stand by their headings."""

    sheet: str
    rows: tuple[int, ...]
    columns: Mapping[str, int]


def format_rows(sheet: xw.Sheet, rows: Rows) -> None:
    """Figures in rows that were blank, which stand one below the other, look as those above them do."""
    with refused(f"工作表“{rows.sheet}”写不进去", sheet):
        for heading, look in _FORMATS.items():
            if heading in rows.columns:
                place = rows.columns[heading] + 1
                sheet.range((rows.rows[0] + 1, place), (rows.rows[-1] + 1, place)).number_format = look


def fill(sheet: xw.Sheet, page: Page) -> None:
    """All that is to stand on a new sheet, in blocks: as many writes whatever there is to compare."""
    rows, sections = _rows(page)
    height, width = len(rows), len(HEADINGS)
    table = sheet.range((_TOP + 1, 1), (height, width))
    for heading, look in _FORMATS.items():
        place = HEADINGS.index(heading) + 1
        sheet.range((_TOP + 2, place), (height, place)).number_format = look
    # A width means another thing to each engine: columns are fitted to what they are to have room for, which is not the
    # headings of sections nor the reasons.
    blank = _row()
    narrow = [blank if row in sections else [*cells[:-1], ""] for row, cells in enumerate(rows)]
    table.value = [[*rows[_TOP][:-1], REASON + _ROOM], *narrow[_TOP + 1 :]]
    table.columns.autofit()
    sheet.range((1, 1), (height, width)).value = rows
    reasons = sheet.range((_TOP + 2, width), (height, width))
    reasons.wrap_text = True
    title = sheet.range((1, 1)).font
    title.bold, title.size = True, TITLE_SIZE
    sheet.range((_TOP + 1, 1), (_TOP + 1, width)).color = HEADING_FILL
    for row in sections:
        area = sheet.range((row + 1, 1), (row + 1, width))
        area.color = _SECTION_FILL
        area.font.bold = True
    table.rows.autofit()


def _rows(page: Page) -> tuple[list[_Row], list[int]]:
    """The rows from the top, and which of them, from 0, are the headings of sections."""
    rows: list[_Row] = [_row(page.name), _row(page.head), _row(page.note), list(HEADINGS)]
    sections = []
    for group, lines in page.groups:
        sections.append(len(rows))
        rows.append(_row(group.title))
        for line in lines:
            cells = [line.cells[heading].given for heading in FIGURES]
            rows.append([text_cell(line.code), text_cell(line.label), *cells, text_cell(line.reason)])
    if page.per_head:
        sections.append(len(rows))
        rows.append(_row(PER_HEAD))
        rows += [
            ["", text_cell(one.label), float(one.value), *[""] * (len(FIGURES) - 1), text_cell(one.basis)]
            for one in page.per_head
        ]
    return rows, sections


def _row(*texts: str) -> _Row:
    return [*map(text_cell, texts), *[""] * (len(HEADINGS) - len(texts))]
