"""Changes carried out in an open workbook: all of them, or none."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Self

import xlwings as xw

from gouji_addin.change import Change, NewRows, Patch, patches
from gouji_addin.conditions import unfiltered
from gouji_addin.message import Stopped, is_busy
from gouji_addin.protection import is_protected, lifted
from gouji_addin.refused import refused
from gouji_addin.seen import TEXT_FORMAT, may_be_for_texts
from gouji_addin.source import corner

_GENERAL = "General"
"""The number format of Excel's that is none."""


class Writing:
    """What has been changed so far, so that it can be put back: Excel's own undo does not cover it.

    While it lasts, these sheets are without the protection that needs no password. Raises Stopped at the beginning,
    before anything is changed, where rows of one are filtered out, and at the end, if nothing else has gone wrong,
    where Excel does not protect one again.
    """

    def __init__(self, book: xw.Book, sheets: Iterable[str]) -> None:
        self._book = book
        self._sheets = tuple(dict.fromkeys(sheets))
        self._undo: list[Callable[[], None]] = []
        self._protect: dict[str, Callable[[], object]] = {}

    def __enter__(self) -> Self:
        unfiltered(self._book.sheets[name] for name in self._sheets)
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
        for patch in patches(changes):
            name = patch.first.sheet
            with refused(f"工作表“{name}”写不进去", self._book.sheets[name]):
                self._write(patch)
                self._undo.append(partial(self._back, patch))

    def unprotected(self, sheets: Iterable[str]) -> None:
        """Raises Stopped, naming them all, if any of these sheets is protected.

        Rows go into many a protected sheet, but not all of their cells can be written, and out of it they do not go.
        """
        found = [f"“{name}”" for name in dict.fromkeys(sheets) if self._is_protected(name)]
        if found:
            raise Stopped(f"工作表{'、'.join(found)}有保护，插不进也删不掉行，请撤销这些工作表的保护，再点按钮。")

    def _is_protected(self, name: str) -> bool:
        sheet = self._book.sheets[name]
        known = is_protected(sheet)
        if known is not None:
            return known
        try:
            # Blank as it is: only a protected sheet minds.
            sheet.range((corner(sheet)[0] + 1, 1)).value = ""
        except Exception as error:
            if is_busy(error):
                raise
            return True
        return False

    def insert(self, rows: NewRows) -> None:
        """Put rows in; raises Stopped where a sheet takes none."""
        with refused(f"工作表“{rows.sheet}”插入不了行", self._book.sheets[rows.sheet]):
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

    def _write(self, patch: Patch) -> None:
        first, last = patch.first, patch.rows[-1][-1]
        area = self._book.sheets[first.sheet].range((first.row + 1, first.column + 1), (last.row + 1, last.column + 1))
        numbers = [change for row in patch.rows for change in row if change.new.kind and not change.new.is_text]
        if numbers and may_be_for_texts(area):
            self._open(numbers)
        given = [[change.new.given for change in row] for row in patch.rows]
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

    def _back(self, patch: Patch) -> None:
        for each in patches(change.back for row in patch.rows for change in row):
            self._write(each)
