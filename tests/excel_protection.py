"""Excel's own object for a sheet of the Excel for tests, as far as its protection and its filters go."""

from openpyxl.worksheet.worksheet import Worksheet

from tests.excel_filters import TableObject, in_force, tables
from tests.excel_formats import Refused

_ALLOWED = {
    "AllowFormattingCells": "formatCells",
    "AllowFormattingColumns": "formatColumns",
    "AllowFormattingRows": "formatRows",
    "AllowInsertingColumns": "insertColumns",
    "AllowInsertingRows": "insertRows",
    "AllowInsertingHyperlinks": "insertHyperlinks",
    "AllowDeletingColumns": "deleteColumns",
    "AllowDeletingRows": "deleteRows",
    "AllowSorting": "sort",
    "AllowFiltering": "autoFilter",
    "AllowUsingPivotTables": "pivotTables",
}
"""What Excel calls allowed, and the file's attribute for what is not, in the order of Protect's arguments."""


class _Protection:
    def __init__(self, content: Worksheet) -> None:
        self._content = content

    def __getattr__(self, name: str) -> bool:
        return not getattr(self._content.protection, _ALLOWED[name])


class SheetObject:
    """Its Protect takes its arguments by place, as a COM object without names for them does."""

    def __init__(self, content: Worksheet) -> None:
        self._content = content
        self.Protection = _Protection(content)

    @property
    def ProtectContents(self) -> bool:  # noqa: N802
        return bool(self._content.protection.sheet)

    @property
    def ProtectDrawingObjects(self) -> bool:  # noqa: N802
        return bool(self._content.protection.objects)

    @property
    def ProtectScenarios(self) -> bool:  # noqa: N802
        return bool(self._content.protection.scenarios)

    @property
    def FilterMode(self) -> bool:  # noqa: N802
        return in_force(self._content.auto_filter)

    @property
    def ListObjects(self) -> list[TableObject]:  # noqa: N802
        return tables(self._content)

    def Unprotect(self, password: str) -> None:  # noqa: N802
        if self._content.protection.password and not password:
            raise Refused
        self._content.protection.sheet = False

    def Protect(  # noqa: N802
        self, password: str, drawings: bool, contents: bool, scenarios: bool, only_people: bool, *allowed: bool
    ) -> None:
        protection = self._content.protection
        assert (password, contents, only_people) == ("", True, False)
        protection.sheet, protection.objects, protection.scenarios = True, drawings, scenarios
        for attribute, may in zip(_ALLOWED.values(), allowed, strict=True):
            setattr(protection, attribute, not may)
