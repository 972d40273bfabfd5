"""The sheet with rankings and distributions, each a table with its chart beside it."""

from typing import Any

import pandas as pd
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji_checks.summary import frames
from gouji_checks.summary.overview import Overview, uncounted
from gouji_templates.layout import tallest
from gouji_templates.styles import HEADING, NAME, TEXT, TITLE, Styles, put, row_height, set_up_page

_NAMED = "排名与分布"

_HEIGHT = frames.MOST_RANKED + 5
"""Rows that a table and its chart take."""

_WIDTHS = (48, 22, 8, 10, 10)
_CHART_COLUMN = len(_WIDTHS) + 1
_ROW_PIXELS = 20
_PAGE = 2 * _HEIGHT + 2
"""Rows that fit on a printed page."""


def write_rankings(writer: "pd.ExcelWriter[Any]", styles: Styles, overview: Overview) -> None:
    """Adds the sheet; what nobody has any of is said, not drawn."""
    book: Workbook = writer.book
    sheet: Worksheet = book.add_worksheet(_NAMED)
    for column, width in enumerate(_WIDTHS):
        # pandas writes values without a look: they have their column's.
        sheet.set_column(column, column, width, styles(NAME, border=0))
    sheet.set_row(0, 30)
    put(sheet, 0, 0, _NAMED, styles(TITLE | {"align": "left"}))
    if overview.choice.uncounted:
        put(sheet, 1, 0, f"不计入：{uncounted(overview)}", styles(TEXT))
    frame, _ = frames.departments(overview)
    line, page = 2, 0
    breaks: list[int] = []
    for title, table in _tables(overview, frame).items():
        if not table.empty and line + _HEIGHT > page + _PAGE:
            breaks.append(line)
            page = line
        put(sheet, line, 0, title, styles(TEXT, bold=True))
        if table.empty:
            put(sheet, line + 1, 0, "没有", styles(TEXT))
            line += 3
            continue
        _write(writer, sheet, styles, table, line + 1)
        _chart(book, sheet, title, table, line + 1)
        line += _HEIGHT
    sheet.set_h_pagebreaks(breaks)
    set_up_page(sheet)


def _tables(overview: Overview, frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    found: dict[str, pd.DataFrame] = {}
    for shown in overview.shown:
        if shown.compared:
            if shown.name in ("three_public", "operating"):
                found[f"{shown.heading}最多的部门（万元）"] = frames.ranked(frame, shown.heading)
            found[f"{shown.heading}比上年增加最多的部门（万元）"] = frames.ranked(
                frame, f"{shown.heading}{frames.CHANGE}"
            )
    found["各部门的错误条数"] = frames.spread(frame)
    found["错误最多的部门（条）"] = frames.ranked(frame, frames.ERRORS)
    found["问题最多的规则"] = frames.rules(overview)
    found["模板版本"] = frames.versions(frame)
    return found


def _write(writer: "pd.ExcelWriter[Any]", sheet: Worksheet, styles: Styles, table: pd.DataFrame, top: int) -> None:
    table.to_excel(writer, sheet_name=_NAMED, startrow=top + 1, index=False, header=False)
    for line, cells in enumerate([tuple(table.columns), *table.itertuples(index=False)], top):
        if (lines := tallest(cells, _WIDTHS)) > 1:
            # Not every program makes room by itself.
            sheet.set_row(line, row_height(lines))
    for column, heading in enumerate(table.columns):
        put(sheet, top, column, heading, styles(HEADING))
        look = {"border": 1} | ({"num_format": "#,##0.00"} if pd.api.types.is_float_dtype(table[heading]) else {})
        cells = (top + 1, column, top + len(table), column)
        sheet.conditional_format(*cells, {"type": "no_errors", "format": styles(look)})


def _chart(book: Workbook, sheet: Worksheet, title: str, table: pd.DataFrame, top: int) -> None:
    numbers = next(i for i, heading in enumerate(table.columns) if pd.api.types.is_numeric_dtype(table[heading]))
    bars = table.columns[0] == frames.DEPARTMENT
    amounts = pd.api.types.is_float_dtype(table[table.columns[numbers]])
    chart = book.add_chart({"type": "bar" if bars else "column"})
    first, last = top + 1, top + len(table)
    chart.add_series(
        {
            "name": table.columns[numbers],
            "categories": [_NAMED, first, 0, last, 0],
            "values": [_NAMED, first, numbers, last, numbers],
            "data_labels": {"value": True, "num_format": "#,##0.00" if amounts else "0"},
            "gap": 40,
            "fill": {"color": "#4472C4"},
        }
    )
    chart.set_title({"name": title, "overlay": False, "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    names = {"interval_unit": 1, "num_font": {"size": 9}}
    # Every bar has its figure beside it.
    figures = {"visible": False, "major_gridlines": {"visible": False}}
    # The first at the top, as in the table.
    chart.set_y_axis(names | {"reverse": True} if bars else figures)
    chart.set_x_axis(figures if bars else names)
    chart.set_size({"width": 760, "height": (_HEIGHT - 1) * _ROW_PIXELS})
    sheet.insert_chart(top - 1, _CHART_COLUMN, chart, {"description": title})
