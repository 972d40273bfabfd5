"""The sheet 校验结果 and the marks in an open workbook: put there whole or not at all, and taken away again."""

from contextlib import suppress

import xlwings as xw

from gouji_addin.marks import ours
from gouji_addin.message import Stopped
from gouji_addin.refused import refused
from gouji_addin.results import COMPARED, FILLED, NAME, SEVERITY, TITLE, Results, narrowed
from gouji_addin.source import VISIBLE
from gouji_checks.source import Sheet, Workbook
from gouji_templates.content import UNDO

_STYLE = "TableStyleLight1"
TITLE_SIZE = 14
# LibreOffice knows no styles of tables.
HEADING_FILL = "#D9E1F2"
_LINK = "#0563C1"
_AMOUNT = "#,##0.00"

KEPT = "“撤销填充”的备份，请勿改动"
"""The first cell of the sheet on which 填充 keeps what it changed."""

OURS = {NAME: {TITLE, FILLED, COMPARED}, UNDO: {KEPT}}
"""The first cells of the sheets that we add, by name."""


def without_results(workbook: Workbook) -> Workbook:
    """What was handed in: the workbook without the results of an earlier button, and without what 填充 keeps.

    Raises Stopped if a sheet has the name of either that we did not write.
    """
    for sheet in workbook.sheets:
        if sheet.name in OURS and title(sheet) not in OURS[sheet.name]:
            raise Stopped(f"工作簿里已有一张自己的“{sheet.name}”工作表，请先改名，再点按钮。")
    return workbook._replace(sheets=[sheet for sheet in workbook.sheets if sheet.name not in OURS])


def title(sheet: Sheet) -> object:
    """A sheet's first cell."""
    return sheet.rows[0][0] if sheet.rows else ""


def add(book: xw.Book, name: str) -> xw.Sheet:
    """A new sheet, put last, which Excel shows."""
    sheets = list(book.sheets)
    last = max(place for place, sheet in enumerate(sheets) if sheet.visible in VISIBLE)
    with refused("新建不了工作表", book):
        # Told to put it after a sheet, Excel's own engine moves the last one, which Excel refuses if that is very
        # hidden; with charts among the sheets it does so wherever it is to stand.
        if last + 1 < len(sheets):
            return book.sheets.add(name, before=sheets[last + 1])
        return book.sheets.add(name, after=sheets[last])


def delete(sheet: xw.Sheet) -> None:
    """Takes a sheet away, whoever has hidden it."""
    seen = sheet.visible
    # One that is very hidden Excel does not delete.
    if seen not in VISIBLE:
        sheet.visible = True
    try:
        sheet.delete()
    except Exception:
        with suppress(Exception):
            sheet.visible = seen
        # xlwings leaves it off then, and closing a workbook would not ask whether to save it.
        with suppress(Exception):
            sheet.book.app.display_alerts = True
        raise


def write(book: xw.Book, results: Results) -> None:
    """Puts the sheet last, marks the sheets with tables, and shows the sheet.

    It takes as many writes whatever was found.
    """
    shown = book.sheets.active
    remove(book)
    sheet = add(book, NAME)
    try:
        _fill(sheet, results)
        for name, rules in results.rules.items():
            with refused(f"工作表“{name}”加不上标记", book.sheets[name]):
                formats = book.sheets[name].used_range.conditional_formats
                for rule in rules:
                    formats.add_custom(rule.condition, fill_color=rule.fill)
    except Exception:
        # What stopped it may stop this too, and is what the person has to know.
        with suppress(Exception):
            remove(book)
            shown.activate()
        raise
    # Another Excel may stand before this one by now, which xlwings takes for a failure.
    with suppress(Exception):
        sheet.activate()


def remove(book: xw.Book) -> None:
    """Takes away the sheet and every mark; a workbook without them stays as it is."""
    marked = {sheet.name: ours(sheet.used_range.conditional_formats) for sheet in book.sheets}
    for name, formats in marked.items():
        with refused(f"工作表“{name}”的标记去不掉", book.sheets[name]):
            # From the last, or deleting one would change which one the next is.
            for one in reversed(formats):
                one.delete()
    if NAME in marked:
        with refused(f"删不掉“{NAME}”", book):
            delete(book.sheets[NAME])


def _fill(sheet: xw.Sheet, results: Results) -> None:
    """The rows, below the headline as a table that can be filtered, in columns that a screen has room for.

    A width means another thing to each engine: columns are fitted to the table, its long texts cut short, and rows to
    the whole texts.
    """
    top, bottom = results.header + 1, len(results.rows)
    everything = sheet.range((1, 1), (bottom, len(results.headings)))
    table = sheet.range((top, 1), (bottom, len(results.headings)))
    for column in results.amounts:
        sheet.range((top, column + 1), (bottom, column + 1)).number_format = _AMOUNT
    everything.value = narrowed(results)
    table.columns.autofit()
    everything.value = results.rows
    for column in results.wrapped:
        sheet.range((top + 1, column + 1), (bottom, column + 1)).wrap_text = True
    for column in results.links:
        sheet.range((top + 1, column + 1), (bottom, column + 1)).font.color = _LINK
    title = sheet.range((1, 1)).font
    title.bold, title.size = True, TITLE_SIZE
    sheet.range((top, 1), (top, len(results.headings))).color = HEADING_FILL
    severities = sheet.range((top + 1, SEVERITY + 1), (bottom, SEVERITY + 1)).conditional_formats
    for rule in results.legend:
        severities.add_custom(rule.condition, fill_color=rule.fill)
    table.rows.autofit()
    # Last, for Excel would spread a formula written into a table over its column.
    sheet.tables.add(source=table, table_style_name=_STYLE)
