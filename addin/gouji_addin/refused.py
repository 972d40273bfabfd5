"""What is said when Excel refuses a change: what stands in the way where Excel tells, else where its own words are
kept."""

from collections.abc import Iterator
from contextlib import contextmanager

import xlwings as xw

from gouji_addin.message import Stopped, Unexplained, is_busy, is_gone
from gouji_addin.protection import is_protected, is_structure_protected

_PROTECTED = "{what}，请撤销{kind}保护，再点按钮。"
_PERHAPS = "{what}，可能有{kind}保护。请撤销保护，再点按钮。"
_NOT_PROTECTED = "{what}，Excel 不接受这一改动。请关闭工作簿，重新打开再试。"


@contextmanager
def refused(what: str, where: xw.Sheet | xw.Book) -> Iterator[None]:
    """Raises Stopped if Excel refuses: what did not come about on this sheet, or with the sheets of this workbook.

    Excel's own message does not say more than that it refused.
    """
    try:
        yield
    except (NotImplementedError, Stopped):
        raise
    except Exception as error:
        if is_busy(error) or is_gone(error):
            raise
        raise _reason(what, where) from error


def _reason(what: str, where: xw.Sheet | xw.Book) -> Stopped:
    if isinstance(where, xw.Book):
        kind, known = "工作簿", is_structure_protected(where)
    else:
        kind, known = "工作表", is_protected(where)
    if known:
        return Stopped(_PROTECTED.format(what=what, kind=kind))
    return Unexplained((_PERHAPS if known is None else _NOT_PROTECTED).format(what=what, kind=kind))
