"""The sheet with a row for each department, under headings that filter; its sums follow what is filtered."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from gouji_checks.compare.ratios import growth_from_zero
from gouji_checks.summary import finding_sheet, frames, links, sum_rows
from gouji_checks.summary.data import title
from gouji_checks.summary.overview import Overview, uncounted
from gouji_templates.layout import tallest
from gouji_templates.styles import CENTRED, HEADING, NAME, TEXT, TITLE, Styles, figure, put, row_height, set_up_page

NAMED = "部门一览"

_HEADING_ROW = 2
_TOP = _HEADING_ROW + 1
_COUNTS = (frames.ERRORS, frames.WARNINGS, frames.UNCHECKED)
_WIDTHS = {frames.DEPARTMENT: 32, frames.FILE: 44, frames.TAKEN: 17} | dict.fromkeys(_COUNTS, 7)
_WIDTH = 13
_A3 = 8


def write_departments(
    writer: "pd.ExcelWriter[Any]", styles: Styles, overview: Overview, target: Path, places: Mapping[str, int]
) -> None:
    """Fills the sheet, which is there. Links lead to the files from where `target` is, and to the `places` of their
    findings. Workbooks that count nowhere stand by themselves below the sums."""
    sheet: Worksheet = writer.sheets[NAMED]
    counted, others = (sum_rows.with_helpers(frame, overview) for frame in frames.departments(overview))
    names, last = list(counted.columns).index(frames.DEPARTMENT), len(counted.columns) - 1
    sheet.set_row(0, 30)
    put(sheet, 0, 0, title(overview), styles(TITLE | {"align": "left"}))
    put(sheet, 1, 0, _note(overview), styles(TEXT))
    _columns(sheet, styles, overview, list(counted.columns))
    _rows(writer, styles, counted, _TOP, target, places)
    end = sum_rows.write(sheet, styles, overview, counted, _TOP, _COUNTS)
    _edge(sheet, styles, _TOP, end, last)
    if len(others):
        put(sheet, end + 1, 0, f"不计入合计：{uncounted(overview)}", styles(TEXT, bold=True))
        _rows(writer, styles, others, end + 2, target, places)
        _edge(sheet, styles, end + 2, end + 2 + len(others), last)
        end += 2 + len(others)
    sheet.autofilter(_HEADING_ROW, 0, _HEADING_ROW + len(counted), last)
    sheet.freeze_panes(_TOP, names + 1)
    set_up_page(sheet, repeated=_TOP)
    sheet.set_paper(_A3)
    # The file is for the screen.
    sheet.print_area(0, 0, end - 1, list(counted.columns).index(frames.VERSION))


def _note(overview: Overview) -> str:
    form = overview.catalogue.form
    count = overview.tables.departments if overview.tables else 0
    note = (
        f"金额单位：{form.unit}。能核对的 {len(overview.readable)} 个，计入汇总表的 {count} 个；"
        "点部门看它的问题，点文件打开工作簿；没有计入的和原因见“汇总说明”"
    )
    if overview.choice.uncounted:
        note += f"。另列在合计之下、不计入合计和排名的：{uncounted(overview)}"
    mains = [row.record.figures[shown.id] for row in overview.readable for shown in overview.shown if shown.compared]
    if form.comparison and any(main.from_zero for main in mains):
        note += f"。{growth_from_zero(form.comparison.from_zero)}"
    return note


def _columns(sheet: Worksheet, styles: Styles, overview: Overview, headings: list[str]) -> None:
    """How each column looks, and its heading."""
    amounts, hidden = frames.figures(overview), sum_rows.helpers(overview)
    sheet.set_row(_HEADING_ROW, 45)
    for column, heading in enumerate(headings):
        look = figure(2) if heading in (*amounts, *hidden) else CENTRED if heading in _COUNTS else NAME
        width, options = _WIDTHS.get(heading, _WIDTH), {"hidden": heading in hidden}
        # Borders to the end of the sheet would come with the columns' own looks.
        sheet.set_column(column, column, width, styles(look, border=0), options)
        put(sheet, _HEADING_ROW, column, heading, styles(HEADING))


def _edge(sheet: Worksheet, styles: Styles, first: int, end: int, last: int) -> None:
    """Borders around the cells of these rows, if there are any."""
    if end > first:
        sheet.conditional_format(first, 0, end - 1, last, {"type": "no_errors", "format": styles({"border": 1})})


def _rows(
    writer: "pd.ExcelWriter[Any]",
    styles: Styles,
    frame: pd.DataFrame,
    first: int,
    target: Path,
    places: Mapping[str, int],
) -> None:
    """The rows of workbooks from this line on, with their links."""
    sheet: Worksheet = writer.sheets[NAMED]
    frame.to_excel(writer, sheet_name=NAMED, startrow=first, index=False, header=False)
    names, last = list(frame.columns).index(frames.DEPARTMENT), len(frame.columns) - 1
    texts = frame[[frames.DEPARTMENT, frames.TAKEN, frames.FILE]]
    for line, row in enumerate(texts.itertuples(index=False), first):
        name, _, file = row
        # Not every program makes room by itself.
        sheet.set_row(line, row_height(tallest(row, [_WIDTHS[heading] for heading in texts.columns])))
        if line < links.MOST // 2:
            links.link(sheet, styles, line, last, links.address_of(file, target), file)
            found = f"internal:{quote_sheetname(finding_sheet.NAMED)}!A{places[file] + 1}" if file in places else ""
            links.link(sheet, styles, line, names, found, name)
