"""gouji-addin with a Python of the Microsoft Store, whose new files under %APPDATA% Excel does not see."""

import sys
from pathlib import Path

import pytest

from gouji_addin import cli, computer
from gouji_addin.computer import Computer
from tests.computers import left_in, status

PACKAGE = r"C:\Program Files\WindowsApps\PythonSoftwareFoundation.Python.3.12_3.12.2800.0_x64__qbz5n2kfra8p0"
FAMILY = r"C:\Users\张三\AppData\Local\Microsoft\WindowsApps\PythonSoftwareFoundation.Python.3.12_qbz5n2kfra8p0"
ALIASES = r"C:\Users\张三\AppData\Local\Microsoft\WindowsApps"
OWN = r"C:\Users\张三\AppData\Local\Programs\Python\Python312"

SAID = (
    "这是微软应用商店版的 Python，Excel 看不到它装的加载项，请从 Python 官网下载安装包，"
    "装好后用它重新安装 gouji，再运行 gouji-addin install"
)


@pytest.mark.parametrize(
    ("base", "executable", "packaged"),
    [
        pytest.param(PACKAGE, rf"{FAMILY}\python.exe", True, id="the Store's"),
        pytest.param(PACKAGE, r"D:\venv\Scripts\python.exe", True, id="a virtual environment of the Store's"),
        pytest.param(FAMILY, r"D:\venv\Scripts\python.exe", True, id="of which only the user's folder is known"),
        pytest.param(OWN, rf"{FAMILY}\python.exe", True, id="of which only the program is known"),
        pytest.param(PACKAGE.replace("C:", "E:").upper(), r"E:\python.exe", True, id="apps on another drive"),
        pytest.param(OWN, rf"{OWN}\python.exe", False, id="from Python's own site"),
        pytest.param(OWN, rf"{ALIASES}\python.exe", False, id="called by a name among the aliases"),
        pytest.param(r"C:\WindowsApps2\Python", r"C:\WindowsApps2\Python\python.exe", False, id="a similar folder"),
    ],
)
def test_the_stores_python_is_known_by_the_folder_of_its_package(
    base: str, executable: str, packaged: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "base_prefix", base)
    monkeypatch.setattr(sys, "_base_executable", executable)

    assert computer.here().packaged is packaged


@pytest.mark.parametrize("options", [[], ["--settings-only"]])
def test_it_installs_nothing(
    windows: Computer, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    windows.add_in.unlink()
    before = left_in(tmp_path)
    capsys.readouterr()

    assert cli.main(["install", *options], lambda: windows._replace(packaged=True)) == 2

    assert capsys.readouterr() == ("", f"{SAID}。\n")
    assert left_in(tmp_path) == before


def test_status_names_it_though_it_sees_the_file_itself(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    assert windows.add_in.exists()

    _, found = status(windows._replace(packaged=True), capsys)

    assert found == [f"1. {SAID}。"]


def test_what_it_put_there_before_can_be_removed(windows: Computer) -> None:
    assert cli.main(["remove"], lambda: windows._replace(packaged=True)) == 0

    assert not windows.add_in.exists()
