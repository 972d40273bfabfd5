"""The sheet with a row for each department, under headings that filter; its sums follow what is filtered."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.utility import quote_sheetname, xl_range
from xlsxwriter.worksheet import Worksheet

from gouji_checks.summary import finding_sheet, frames, links
from gouji_checks.summary.data import title
from gouji_checks.summary.overview import Overview
from gouji_templates.styles import CENTRED, HEADING, NAME, TEXT, TITLE, Styles, figure, put, set_up_page

NAMED = "部门一览"

_HEADING_ROW = 2
_TOP = _HEADING_ROW + 1
_COUNTS = (frames.ERRORS, frames.WARNINGS, frames.UNCHECKED)
_WIDTHS = {frames.DEPARTMENT: 32, frames.FILE: 44, frames.TAKEN: 14} | dict.fromkeys(_COUNTS, 7)
_WIDTH = 11
_A3 = 8


def write_departments(
    writer: "pd.ExcelWriter[Any]", styles: Styles, overview: Overview, target: Path, places: Mapping[str, int]
) -> None:
    """Fills the sheet, which is there. Links lead to the files from where `target` is, and to the `places` of their
    findings."""
    sheet: Worksheet = writer.sheets[NAMED]
    frame = frames.departments(overview)
    names, last = list(frame.columns).index(frames.DEPARTMENT), len(frame.columns) - 1
    frame.to_excel(writer, sheet_name=NAMED, startrow=_TOP, index=False, header=False)
    sheet.set_row(0, 30)
    put(sheet, 0, 0, title(overview), styles(TITLE | {"align": "left"}))
    put(sheet, 1, 0, _note(overview), styles(TEXT))
    _columns(sheet, styles, frame)
    for line, (file, name) in enumerate(zip(frame[frames.FILE], frame[frames.DEPARTMENT], strict=True), _TOP):
        if line < links.MOST // 2:
            links.link(sheet, styles, line, last, links.address_of(file, target), file)
            found = f"internal:{quote_sheetname(finding_sheet.NAMED)}!A{places[file] + 1}" if file in places else ""
            links.link(sheet, styles, line, names, found, name)
    sheet.autofilter(_HEADING_ROW, 0, _HEADING_ROW + len(frame), last)
    sheet.freeze_panes(_TOP, names + 1)
    set_up_page(sheet, repeated=_TOP)
    sheet.set_paper(_A3)
    # The file is for the screen.
    sheet.print_area(0, 0, _TOP + len(frame), last - 1)


def _note(overview: Overview) -> str:
    count = overview.tables.departments if overview.tables else 0
    return (
        f"金额单位：{overview.catalogue.form.unit}。能核对的 {len(overview.readable)} 个，计入汇总表的 {count} 个；"
        "点部门看它的问题，点文件打开工作簿；没有计入的和原因见“汇总说明”"
    )


def _columns(sheet: Worksheet, styles: Styles, frame: pd.DataFrame) -> None:
    """How each column looks, its heading and its sum."""
    below, last = _TOP + len(frame), len(frame.columns) - 1
    # Borders to the end of the sheet would come with the columns' own looks.
    edge = {"type": "no_errors", "format": styles({"border": 1})}
    sheet.conditional_format(_TOP, 0, below, last, edge)
    sheet.set_row(_HEADING_ROW, 45)
    for column, heading in enumerate(frame.columns):
        amounts = pd.api.types.is_float_dtype(frame[heading]) or frame[heading].isna().all()
        look = figure(2) if amounts else CENTRED if heading in _COUNTS else NAME
        style = styles(look, border=0)
        sheet.set_column(column, column, _WIDTHS.get(heading, _WIDTH), style)
        put(sheet, _HEADING_ROW, column, heading, styles(HEADING))
        if heading in _COUNTS or (amounts and not heading.endswith(frames.RATE)):
            total = round(float(pd.to_numeric(frame[heading]).sum()), 2)
            cells = xl_range(_TOP, column, below - 1, column)
            sheet.write_formula(below, column, f"=SUBTOTAL(109,{cells})", style, total)
        elif heading == frames.DEPARTMENT:
            put(sheet, below, column, "合计（随筛选变化）", style)
