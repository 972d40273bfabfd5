"""The charts of the comparison sheets: this year beside last year, in the workbook's own fonts, legible in print."""

from collections.abc import Sequence
from typing import NamedTuple

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji_checks.compare.sections import BEFORE, NOW

ROWS = 18
"""How many rows of ordinary height a chart takes."""

_PIXELS = 20
"""The height of such a row."""

_MARGIN = 6
_NOW, _BEFORE = "#2F75B5", "#BFBFBF"
_FONT = {"name": "宋体", "size": 9}
MANY = 6
"""With more lines than this their names need the room beside a bar."""


class Charted(NamedTuple):
    """Lines to be drawn: a title, and the first and last row (from 0)."""

    title: str
    first: int
    last: int


def add_charts(
    book: Workbook, sheet: Worksheet, charts: Sequence[Charted], top: int, widths: Sequence[float], unit: str
) -> None:
    """Puts the charts side by side from this row on; `widths` are those of the sheet's columns, the second of which has
    the names, the next two this year's and last year's amounts."""
    room = sum(int(width * 7 + 5) for width in widths)
    # What has more lines gets more of the room.
    weights = [3 if chart.last - chart.first >= MANY else 2 for chart in charts]
    left = 0
    for chart, weight in zip(charts, weights, strict=True):
        width = room * weight // sum(weights)
        drawn = _drawn(book, sheet.get_name(), chart, unit)
        drawn.set_size({"width": width - 2 * _MARGIN, "height": ROWS * _PIXELS - 2 * _MARGIN})
        place = {"x_offset": left + _MARGIN, "y_offset": _MARGIN, "object_position": 2, "description": chart.title}
        sheet.insert_chart(top, 0, drawn, place)
        left += width


def _drawn(book: Workbook, sheet: str, chart: Charted, unit: str) -> Chart:
    many = chart.last - chart.first >= MANY
    drawn = book.add_chart({"type": "bar" if many else "column"})
    for name, column, colour in ((NOW, 2, _NOW), (BEFORE, 3, _BEFORE)):
        drawn.add_series(
            {
                "name": name,
                "categories": [sheet, chart.first, 1, chart.last, 1],
                "values": [sheet, chart.first, column, chart.last, column],
                "fill": {"color": colour},
                "gap": 60,
                "data_labels": {"value": True, "font": _FONT | {"size": 8}, "num_format": "#,##0.00;-#,##0.00;"},
            }
        )
    drawn.set_title({"name": f"{chart.title}（{unit}）", "name_font": _FONT | {"size": 11}, "overlay": False})
    names = {"num_font": _FONT, "interval_unit": 1}
    grid = {"visible": True, "line": {"color": "#E0E0E0"}}
    amounts = {"num_font": _FONT, "num_format": "#,##0", "major_gridlines": grid}
    if many:
        # Bars are listed from below unless reversed, which would take the amounts to the top.
        drawn.set_y_axis(names | {"reverse": True, "crossing": "max"})
        drawn.set_x_axis(amounts)
    else:
        drawn.set_x_axis(names)
        drawn.set_y_axis(amounts)
    drawn.set_legend({"position": "bottom", "font": _FONT})
    return drawn
