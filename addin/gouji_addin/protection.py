"""The protection of sheets: taken off where it needs no password, and put back as it was.

The template protects its sheets to guide whoever types; a button that fills it has to pass. No member of xlwings tells
or changes protection, so Excel's own object is asked. Where there is no such object, as with the remote engine and on
macOS, protected sheets stay protected.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

_ALLOWED = (
    "AllowFormattingCells",
    "AllowFormattingColumns",
    "AllowFormattingRows",
    "AllowInsertingColumns",
    "AllowInsertingRows",
    "AllowInsertingHyperlinks",
    "AllowDeletingColumns",
    "AllowDeletingRows",
    "AllowSorting",
    "AllowFiltering",
    "AllowUsingPivotTables",
)
"""What Excel's Protect takes from its sixth argument on, in this order, and its Protection tells by these names."""


class ExcelSheet(Protocol):
    """A sheet, or a workbook, as far as needed here."""

    @property
    def api(self) -> Any: ...


def is_protected(sheet: ExcelSheet) -> bool | None:
    """Whether a sheet is protected; None where Excel does not tell."""
    try:
        return bool(sheet.api.ProtectContents)
    except Exception:
        return None


def is_structure_protected(book: ExcelSheet) -> bool | None:
    """Whether the sheets of a workbook may neither be added nor deleted; None where Excel does not tell."""
    try:
        return bool(book.api.ProtectStructure)
    except Exception:
        return None


def lifted(sheet: ExcelSheet) -> Callable[[], object] | None:
    """Takes the protection of a sheet off; returns what puts it back, None where nothing was taken off."""
    try:
        excel = sheet.api
        if not excel.ProtectContents:
            return None
        drawings, scenarios = bool(excel.ProtectDrawingObjects), bool(excel.ProtectScenarios)
        allowed = [bool(getattr(excel.Protection, name)) for name in _ALLOWED]
        # Without an argument Excel would ask the person for the password, if there is one.
        excel.Unprotect("")
    except Exception:
        return None
    return partial(excel.Protect, "", drawings, True, scenarios, False, *allowed)
