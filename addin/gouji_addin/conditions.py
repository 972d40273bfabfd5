"""What Excel must be like before a button changes anything, looked at first: Excel itself would not keep the change
from going wrong, or from stopping half-way.

No member of xlwings tells any of it, so Excel's own objects are asked. Where there are none, as with the remote engine
and on macOS, nothing is known of it and nothing stops a button.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import xlwings as xw

from gouji_addin.message import Stopped

_LETTERS = 1
"""Excel's xlA1; the other style of references is xlR1C1."""

_UNTOLD = NotImplementedError, AttributeError
"""What an engine without these objects raises, or one whose objects are not Excel's."""


def unshared(book: xw.Book) -> None:
    """Raises Stopped for a workbook that several may change at once: Excel adds sheets to it, but neither deletes them
    nor lets tables and conditional formats in."""
    with suppress(*_UNTOLD):
        if book.api.MultiUserEditing:
            raise Stopped("这是共享工作簿，写不进结果。请在“审阅”的“共享工作簿”里取消共享，再点按钮。")


def lettered(app: xw.App) -> None:
    """Raises Stopped where Excel names columns by numbers: it takes no conditional format of ours then, and no link
    that we write leads anywhere."""
    with suppress(*_UNTOLD):
        if app.api.ReferenceStyle != _LETTERS:
            raise Stopped(
                "Excel 的列标现在是数字，结果里的单元格地址对不上。"
                "请在“文件”→“选项”→“公式”里去掉“R1C1 引用样式”，再点按钮。"
            )


def unfiltered(sheets: Iterable[xw.Sheet]) -> None:
    """Raises Stopped, naming them, where rows of a sheet are filtered out: Excel would put the first value of a block
    into all of its cells that are shown, and nothing into the others."""
    found = [f"“{sheet.name}”" for sheet in sheets if _is_filtered(sheet)]
    if found:
        raise Stopped(f"工作表{'、'.join(found)}正在筛选，请在“数据”里点“清除”，再点按钮。")


def _is_filtered(sheet: xw.Sheet) -> bool:
    with suppress(*_UNTOLD):
        return any(_filters(sheet.api))
    return False


def _filters(excel: Any) -> Iterator[bool]:
    """Whether each filter of a sheet is in force. Of those of its tables the sheet's own answer says nothing."""
    yield bool(excel.FilterMode)
    for table in excel.ListObjects:
        # A table without buttons to filter has none.
        yield table.AutoFilter is not None and bool(table.AutoFilter.FilterMode)
