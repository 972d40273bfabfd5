"""The protection of a sheet, off and on again: everything that it allowed is allowed again, and nothing else."""

from types import SimpleNamespace
from typing import Any

import pytest

from gouji_addin.protection import lifted

ALLOWED = (
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
KEPT = ("ProtectDrawingObjects", "ProtectScenarios", *ALLOWED)


class Sheet:
    """Excel's object for a sheet; its Protect has the arguments that Microsoft's reference gives, in their order."""

    def __init__(self, flags: dict[str, bool], protected: bool = True, password: str = "") -> None:
        self.ProtectContents = protected
        self.ProtectDrawingObjects = flags["ProtectDrawingObjects"]
        self.ProtectScenarios = flags["ProtectScenarios"]
        self.Protection = SimpleNamespace(**{name: flags[name] for name in ALLOWED})
        self.password = password
        self.calls: list[str] = []

    def Unprotect(self, Password: str) -> None:  # noqa: N802, N803
        self.calls.append("Unprotect")
        if self.password != Password:
            raise RuntimeError("1004")
        self.ProtectContents = self.ProtectDrawingObjects = self.ProtectScenarios = False
        # Of an unprotected sheet Excel tells that nothing is allowed.
        self.Protection = SimpleNamespace(**dict.fromkeys(ALLOWED, False))

    def Protect(  # noqa: N802
        self,
        Password: str,  # noqa: N803
        DrawingObjects: bool,  # noqa: N803
        Contents: bool,  # noqa: N803
        Scenarios: bool,  # noqa: N803
        UserInterfaceOnly: bool,  # noqa: N803
        AllowFormattingCells: bool,  # noqa: N803
        AllowFormattingColumns: bool,  # noqa: N803
        AllowFormattingRows: bool,  # noqa: N803
        AllowInsertingColumns: bool,  # noqa: N803
        AllowInsertingRows: bool,  # noqa: N803
        AllowInsertingHyperlinks: bool,  # noqa: N803
        AllowDeletingColumns: bool,  # noqa: N803
        AllowDeletingRows: bool,  # noqa: N803
        AllowSorting: bool,  # noqa: N803
        AllowFiltering: bool,  # noqa: N803
        AllowUsingPivotTables: bool,  # noqa: N803
    ) -> None:
        given: dict[str, Any] = {name: value for name, value in locals().items() if name in ALLOWED}
        self.calls.append("Protect")
        assert not UserInterfaceOnly
        self.password = Password
        self.ProtectContents, self.ProtectDrawingObjects, self.ProtectScenarios = Contents, DrawingObjects, Scenarios
        self.Protection = SimpleNamespace(**given)

    def flags(self) -> dict[str, bool]:
        own = {"ProtectDrawingObjects": self.ProtectDrawingObjects, "ProtectScenarios": self.ProtectScenarios}
        return own | vars(self.Protection)


@pytest.mark.parametrize("alone", KEPT)
@pytest.mark.parametrize("set_so", [True, False])
def test_each_thing_that_may_be_done_comes_back_by_itself(alone: str, set_so: bool) -> None:
    flags = {name: set_so if name == alone else not set_so for name in KEPT}
    sheet = Sheet(flags)

    put_back = lifted(SimpleNamespace(api=sheet))

    assert put_back is not None
    assert (sheet.ProtectContents, any(sheet.flags().values())) == (False, False)
    put_back()
    assert (sheet.ProtectContents, sheet.flags(), sheet.password) == (True, flags, "")


def test_a_sheet_without_protection_is_left_without() -> None:
    sheet = Sheet(dict.fromkeys(KEPT, False), protected=False)

    assert lifted(SimpleNamespace(api=sheet)) is None
    assert sheet.calls == []


def test_a_password_is_not_guessed_nor_asked_for() -> None:
    sheet = Sheet(dict.fromkeys(KEPT, True), password="1234")

    assert lifted(SimpleNamespace(api=sheet)) is None
    assert (sheet.ProtectContents, sheet.calls) == (True, ["Unprotect"])
