"""A button whose Python does not get as far as ours: a Chinese sentence first, what Python wrote below it."""

import subprocess
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import pytest

from gouji_addin import xlam
from gouji_addin.message import BUSY
from gouji_addin.ribbon_check import RIBBON
from gouji_addin.vba_project import Module
from tests import macros
from tests.computers import bare_python
from tests.run_python import command
from tests.test_xlam import CALLBACKS, STUB, STUBS
from tests.test_xlwings_vba import for_windows, original, ours, reached

ENDING = """\
Private code As Long
Private wrote As String

Public Function Told(exitCode As String, said As String) As String
    code = CLng(exitCode)
    wrote = said
    Show ""
    Told = ExecuteWindows(False, "import none", "C:\\Python\\python.exe", "false") & " " & Heard()
End Function

Public Function StubRun(commandLine As String, windowStyle As Integer, waiting As Boolean) As Long
    StubRun = code
End Function

Public Function ReadFile(ByVal path As String)
    ReadFile = wrote
End Function

Public Function StubConfig(configKey As String, Optional default As String = "") As Variant
    StubConfig = default
End Function

Public Function ParentFolder(ByVal folder)
    ParentFolder = folder
End Function

Public Function CreateGUID() As String
    CreateGUID = "1"
End Function

Public Sub ShowError(path As String)
    Show "as xlwings shows it: " & wrote
End Sub

"""
"""What xlwings' ExecuteWindows needs, without Windows: Python ends with this exit code, having written this."""

STARTED = "程序没有启动，可能是 gouji 没有装好，或者升级到一半。请运行 gouji-addin status 看原因；"


class Ended(NamedTuple):
    """What ExecuteWindows returns, 0 or -1, and what it shows."""

    returned: int
    shown: str


def ended(vba: str, folder: Path, *ways: tuple[int, str]) -> list[Ended]:
    """How xlwings' VBA takes it that Python ends so: with an exit code, having written something."""
    source = for_windows(reached(vba, "RunPython")["ExecuteWindows"].replace(" _\n", " "))
    for before, after in (
        ("WScript.Run(", "StubRun("),
        ("GetConfig(", "StubConfig("),
        ("FileExists(PYTHON_WIN)", "True"),
        ("Application.Path", '"C:\\Office"'),
        ("Application.Hwnd", '"0"'),
    ):
        assert before in source
        source = source.replace(before, after)
    stub = f"{STUB}\nPublic Function Heard() As String\n    Heard = passed\nEnd Function\n"
    callbacks = CALLBACKS._replace(source=CALLBACKS.source.replace("MsgBox message,", "Show message ' "))
    add_in = Path(mkdtemp(dir=folder)) / "gouji.xlam"
    modules = Module("Stub", stub), STUBS[1], Module("Ending", ENDING + source)
    add_in.write_bytes(xlam.packed(callbacks, modules, {}, RIBBON.read_bytes()))
    calls = [(str(code), wrote) for code, wrote in ways]
    parts = [str(answer).partition(" ") for answer in macros.run(add_in, "GoujiAddIn", "Ending.Told", *calls).answers]
    return [Ended(int(returned), shown) for returned, _, shown in parts]


@pytest.fixture
def without_gouji(tmp_path: Path) -> tuple[int, str]:
    """How the very command of a button ends where Python is there and gouji is not."""
    log = tmp_path / "xlwings.log"
    started = command("validate", "预算.xlsx", str(bare_python(tmp_path)), str(log))
    done = subprocess.run(started, shell=True, cwd=tmp_path, check=False)
    return done.returncode, log.read_text(encoding="utf-8").replace("\n", "\r\n")


def test_without_gouji_a_chinese_sentence_stands_above_what_python_wrote(
    without_gouji: tuple[int, str], tmp_path: Path
) -> None:
    _, wrote = without_gouji
    assert "No module named 'gouji_addin'" in wrote

    assert ended(original(), tmp_path, without_gouji) == [(-1, f"as xlwings shows it: {wrote}")]
    assert ended(ours(), tmp_path, without_gouji) == [
        (-1, f"{STARTED}没有这个命令的，请重新安装 gouji。\r\n\r\n{wrote}")
    ]


FAILED = {
    "what a virtual environment is made of is gone": (103, "No Python at 'C:\\gone\\python.exe'\r\n"),
    "Python itself is broken": (1, "Fatal Python error: init_fs_encoding\r\n"),
    "Windows does not let it run": (5, "拒绝访问。\r\n"),
    "a folder is named with a full stop": (1, 'Traceback:\r\n  File "D:\\预算。\\x.py"\r\n'),
    "nothing was written": (1, ""),
}


def test_another_failed_start_is_told_so_too(tmp_path: Path) -> None:
    found = dict(zip(FAILED, ended(ours(), tmp_path, *FAILED.values()), strict=True))

    assert {name: (one.returned, one.shown.startswith(STARTED)) for name, one in found.items()} == dict.fromkeys(
        FAILED, (-1, True)
    )
    assert {name: one.shown.partition("\r\n\r\n")[2] for name, one in found.items()} == {
        name: wrote for name, (_, wrote) in FAILED.items()
    }


def test_a_long_text_is_cut_so_that_its_end_is_seen(tmp_path: Path) -> None:
    (found,) = ended(ours(), tmp_path, (1, f"Traceback{'.' * 2000}the end"))

    assert 500 < len(found.shown) < 1000
    assert found.shown.endswith("...the end")


def test_a_sentence_of_ours_is_shown_as_it_is_and_success_without_a_word(tmp_path: Path) -> None:
    found = ended(ours(), tmp_path, (1, f"{BUSY}\r\n"), (0, "some warning\r\n"))

    assert found == [(-1, f"{BUSY}\r\n"), (0, "")]
