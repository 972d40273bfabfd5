"""The sheet 校验结果 and the marks in an open workbook: put there whole or not at all, and taken away again."""

from collections.abc import Iterator
from contextlib import contextmanager

import xlwings as xw

from gouji_addin.marks import ours
from gouji_addin.message import Stopped
from gouji_addin.results import AMOUNTS, HEADINGS, NAME, TITLE, Results
from gouji_checks.source import Workbook

_HEADING_FILL = "#D9E1F2"
_AMOUNT = "#,##0.00"


def without_results(workbook: Workbook) -> Workbook:
    """What was handed in: the workbook without the results of an earlier check.

    Raises Stopped if a sheet has their name that we did not write.
    """
    for sheet in workbook.sheets:
        if sheet.name == NAME and not (sheet.rows and sheet.rows[0][0] == TITLE):
            raise Stopped(f"工作簿里已有一张自己的“{NAME}”工作表，请先改名，再点按钮。")
    return workbook._replace(sheets=[sheet for sheet in workbook.sheets if sheet.name != NAME])


def write(book: xw.Book, results: Results) -> None:
    """Puts the sheet last, where Excel shows it at once, and marks the sheets with tables.

    It takes as many writes whatever was found.
    """
    remove(book)
    with _or("新建不了工作表，请撤销工作簿保护（或先按回车结束编辑），再点按钮。"):
        sheet = book.sheets.add(NAME, after=book.sheets[len(book.sheets) - 1])
    try:
        _fill(sheet, results)
        for name, rules in results.rules.items():
            with _or(f"工作表“{name}”加不上标记，请撤销工作表保护，再点按钮。"):
                formats = book.sheets[name].used_range.conditional_formats
                for rule in rules:
                    formats.add_custom(rule.condition, fill_color=rule.fill)
    except Exception:
        remove(book)
        raise


def remove(book: xw.Book) -> None:
    """Takes away the sheet and every mark; a workbook without them stays as it is."""
    marked = {sheet.name: ours(sheet.used_range.conditional_formats) for sheet in book.sheets}
    for name, formats in marked.items():
        with _or(f"工作表“{name}”的标记去不掉，请撤销工作表保护，再点按钮。"):
            # From the last, or deleting one would change which one the next is.
            for one in reversed(formats):
                one.delete()
    if NAME in marked:
        with _or(f"删不掉“{NAME}”，请撤销工作簿保护（或先按回车结束编辑），再点按钮。"):
            book.sheets[NAME].delete()


def _fill(sheet: xw.Sheet, results: Results) -> None:
    """The rows, with the formats of amounts and headings; columns are as wide as the table, not the headline, needs."""
    bottom = len(results.rows)
    table = sheet.range((results.header + 1, 1), (bottom, len(HEADINGS)))
    for column in AMOUNTS:
        sheet.range((results.header + 1, column + 1), (bottom, column + 1)).number_format = _AMOUNT
    sheet.range((1, 1), (bottom, len(HEADINGS))).value = results.rows
    sheet.range((results.header + 1, 1), (results.header + 1, len(HEADINGS))).color = _HEADING_FILL
    table.columns.autofit()


@contextmanager
def _or(sentence: str) -> Iterator[None]:
    """What to say when Excel refuses: its own message does not say more than that it did."""
    try:
        yield
    except NotImplementedError:
        raise
    except Exception as error:
        raise Stopped(sentence) from error
