"""Buttons that are not about the open workbook: a blank one stands in for one that xlwings can't name to Python."""

from pathlib import Path

import pytest

from gouji_addin import xlam
from gouji_addin.ribbon_check import RIBBON
from gouji_addin.vba_project import Module
from tests.test_xlam import CALLBACKS, STUB, STUBS, pressed_in

STUB_THAT_SEES = Module(
    "Stub",
    STUB.replace("= PythonCommand\n", '= PythonCommand & "|" & ActiveWorkbook.Name & " of " & Workbooks.Count\n')
    + '\nPublic Sub Closed(Book As Workbook)\n    passed = passed & "|closed " & Book.Name\nEnd Sub\n',
)
"""Adds to what a button gives which workbook is active, of how many, and which is closed."""

ON_WINDOWS = 'If Application.PathSeparator = "\\" Then'
CLOSE = "substitute.Close False"


def pressed(name: str, tag: str, folder: Path, windows: bool) -> list[str]:
    """The command that a button of an add-in of this file name gives, what is open then, and what is closed afterwards.

    LibreOffice on Linux can't show it Windows, where it waits for Python, and closes a workbook only later.
    """
    source = CALLBACKS.source
    assert source.count(ON_WINDOWS) == source.count(CLOSE) == 1
    source = source.replace(ON_WINDOWS, f"If {windows} Then").replace(CLOSE, "Closed substitute")
    path = folder / name
    path.write_bytes(xlam.packed(Module("Gouji", source), (STUB_THAT_SEES, STUBS[1]), {}, RIBBON.read_bytes()))
    (answer,) = pressed_in(path, [tag]).answers
    return str(answer).split("|")


def command(tag: str) -> str:
    return f"import gouji_addin.buttons; gouji_addin.buttons.{tag}()"


@pytest.mark.parametrize(("tag", "name"), [("new_template", "a=b%.xlam"), ("help", "a=b.xlam"), ("help", "a%b.xlam")])
def test_a_workbook_that_cannot_be_named_is_stood_in_for_while_python_runs(tag: str, name: str, tmp_path: Path) -> None:
    found = pressed(name, tag, tmp_path, windows=True)

    assert found == [command(tag), "Untitled 1 of 2", "closed Untitled 1"]


def test_on_macos_where_python_still_runs_it_stays_open(tmp_path: Path) -> None:
    found = pressed("a=b.xlam", "help", tmp_path, windows=False)

    assert found == [command("help"), "Untitled 1 of 2"]


def test_a_workbook_that_can_be_named_needs_none(tmp_path: Path) -> None:
    found = pressed("表 (1).xlam", "new_template", tmp_path, windows=True)

    assert found == [command("new_template"), "表 (1).xlam of 1"]


@pytest.mark.parametrize("name", ["a=b.xlam", "a%b.xlam"])
def test_a_button_about_the_workbook_does_not_run_on_another(name: str, tmp_path: Path) -> None:
    assert pressed(name, "validate", tmp_path, windows=True) == [""]
