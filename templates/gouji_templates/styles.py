"""How the workbook looks and prints: fonts, borders, fills and the page."""

from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

DERIVED = "#F2F2F2"
"""The fill of what is not typed: pale enough to disappear in a copy."""

TEXT: dict[str, Any] = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
RIGHT = TEXT | {"align": "right"}
TITLE = TEXT | {"font_name": "黑体", "font_size": 18, "bold": True, "align": "center"}
NAME = TEXT | {"border": 1, "text_wrap": True}
CENTRED = NAME | {"align": "center"}
HEADING = CENTRED | {"bold": True}
# Text, or a typed 01 loses its zero.
CODE = CENTRED | {"num_format": "@"}


def row_height(lines: int) -> float:
    """The height of a row with so many lines of body text, in points."""
    return 13.5 * lines + 4.5


def figure(decimals: int) -> dict[str, Any]:
    """An amount; one too long for its column shrinks rather than turn into ####."""
    return TEXT | {"border": 1, "align": "right", "num_format": "#,##0." + "0" * decimals, "shrink": True}


class Styles:
    """The workbook's formats, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, properties: dict[str, Any], **more: Any) -> Format:
        properties = properties | more
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]


def put(sheet: Worksheet, row: int, column: int, value: str | int | Decimal | None, style: Format) -> None:
    """A value as it is: a text beginning with = is no formula, an empty one is a blank cell."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def merge(sheet: Worksheet, top: int, left: int, bottom: int, right: int, text: str, style: Format) -> None:
    """A text over these cells; a single cell is no range to merge."""
    if (top, left) != (bottom, right):
        sheet.merge_range(top, left, bottom, right, "", style)
    put(sheet, top, left, text, style)


def set_up_page(sheet: Worksheet, *, repeated: int = 0, one_page: bool = False) -> None:
    """A4 landscape, one page wide, the first rows repeated on every page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1 if one_page else 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer("&C第 &P 页", {"margin": 0.3})
    if repeated:
        sheet.repeat_rows(0, repeated - 1)
