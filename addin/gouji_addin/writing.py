"""Changes carried out in an open workbook: all of them, or none."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Self

import xlwings as xw

from gouji_addin.change import Block, Change, NewRows, blocks
from gouji_addin.message import Stopped, is_busy
from gouji_addin.protection import lifted
from gouji_addin.seen import TEXT_FORMAT, may_be_for_texts
from gouji_addin.sheets import refused
from gouji_addin.source import corner

_GENERAL = "General"
"""The number format of Excel's that is none."""


class Writing:
    """What has been changed so far, so that it can be put back: Excel's own undo does not cover it.

    While it lasts, these sheets are without the protection that needs no password. Raises Stopped at the end, if
    nothing else has gone wrong, where Excel does not protect one again.
    """

    def __init__(self, book: xw.Book, sheets: Iterable[str]) -> None:
        self._book = book
        self._sheets = tuple(dict.fromkeys(sheets))
        self._undo: list[Callable[[], None]] = []
        self._protect: dict[str, Callable[[], object]] = {}

    def __enter__(self) -> Self:
        for name in self._sheets:
            if protect := lifted(self._book.sheets[name]):
                self._protect[name] = protect
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        bare: list[str] = []
        for name, protect in self._protect.items():
            try:
                protect()
            except Exception:
                bare.append(f"“{name}”")
        if bare and kind is None:
            raise Stopped(f"已经写好，但工作表{'、'.join(bare)}的保护没有恢复，请在“审阅”里重新保护。")

    def change(self, changes: Iterable[Change]) -> None:
        """Write cells; raises Stopped where a sheet takes none."""
        for block in blocks(changes):
            with refused(f"工作表“{block.first.sheet}”写不进去，请撤销工作表保护，再点按钮。"):
                self._write(block)
                self._undo.append(partial(self._back, block))

    def unprotected(self, sheets: Iterable[str]) -> None:
        """Raises Stopped, naming them all, if any of these sheets is protected.

        Rows go into many a protected sheet, but not all of their cells can be written, and out of it they do not go.
        """
        found = [f"“{name}”" for name in dict.fromkeys(sheets) if self._is_protected(name)]
        if found:
            raise Stopped(f"工作表{'、'.join(found)}有保护，插不进也删不掉行，请撤销这些工作表的保护，再点按钮。")

    def _is_protected(self, name: str) -> bool:
        sheet = self._book.sheets[name]
        try:
            # Blank as it is: only a protected sheet minds. No engine tells.
            sheet.range((corner(sheet)[0] + 1, 1)).value = ""
        except Exception as error:
            if is_busy(error):
                raise
            return True
        return False

    def insert(self, rows: NewRows) -> None:
        """Put rows in; raises Stopped where a sheet takes none."""
        with refused(f"工作表“{rows.sheet}”插入不了行，请撤销工作表保护，再点按钮。"):
            origin = "format_from_right_or_below" if rows.below else "format_from_left_or_above"
            self._book.sheets[rows.sheet].range(rows.area).insert("down", origin)
            self._undo.append(partial(self.delete, rows))

    def delete(self, rows: NewRows) -> None:
        """Take rows away, which is not put back."""
        self._book.sheets[rows.sheet].range(rows.area).delete("up")

    def put_back(self) -> bool:
        """Everything as it was, as far as Excel lets us; whether it did."""
        whole = True
        while self._undo:
            try:
                self._undo.pop()()
            except Exception:
                # What stopped the change is what the person has to know.
                whole = False
        return whole

    def _write(self, block: Block) -> None:
        first, last = block.first, block.rows[-1][-1]
        area = self._book.sheets[first.sheet].range((first.row + 1, first.column + 1), (last.row + 1, last.column + 1))
        numbers = [change for row in block.rows for change in row if change.new.kind and not change.new.is_text]
        if numbers and may_be_for_texts(area):
            self._open(numbers)
        given = [[change.new.given for change in row] for row in block.rows]
        if first.new.is_formula:
            area.formula = given
        else:
            area.value = given

    def _open(self, changes: Iterable[Change]) -> None:
        """Let these cells take numbers and formulas as such."""
        for change in changes:
            if may_be_for_texts(self._cell(change)):
                self._cell(change).number_format = _GENERAL
                self._undo.append(partial(self._close, change))

    def _close(self, change: Change) -> None:
        self._cell(change).number_format = TEXT_FORMAT

    def _cell(self, change: Change) -> xw.Range:
        return self._book.sheets[change.sheet].range((change.row + 1, change.column + 1))

    def _back(self, block: Block) -> None:
        for each in blocks(change.back for row in block.rows for change in row):
            self._write(each)
