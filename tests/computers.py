"""Made-up computers to install the add-in on: a Windows and a macOS on which nothing is in the way."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gouji_addin import cli, computer, xlwings_vba
from gouji_addin.computer import Computer
from gouji_addin.interpreter import Packages
from gouji_templates import __version__

PYTHON = r"C:\用户\张三\Python 3.11\python.exe"
"""On Linux a file in the current folder may bear this name, and then stands in for the one on Windows."""

EXCEL = r"C:\Office\EXCEL.EXE"

APP_PATH = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CURRENT = r"HKCR\Excel.Application\CurVer"
OFFICE = r"HKCU\Software\Microsoft\Office\16.0"

Keys = Mapping[str, Mapping[str, object]]

_REGISTERED: Keys = {APP_PATH: {"": EXCEL}, CURRENT: {"": "Excel.Application.16"}}


def registry(keys: Keys) -> Callable[[str], Mapping[str, object]]:
    """Reads these keys as Windows does, to which case means nothing."""
    found = {key.lower(): {name.lower(): value for name, value in values.items()} for key, values in keys.items()}
    return lambda key: found.get(key.lower(), {})


def windows(folder: Path) -> Computer:
    """A Windows in a folder, which must be the current one."""
    for name in (PYTHON, EXCEL):
        Path(name).touch()
    return computer.windows(folder / "Roaming", folder / "张三", PYTHON)._replace(
        encoding="cp936", registry=registry(_REGISTERED), packages=equipped
    )


def macos(folder: Path) -> Computer:
    """A macOS in a folder."""
    python = folder / "venv" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    python.touch()
    (folder / "Applications" / "Microsoft Excel.app").mkdir(parents=True)
    return computer.macos(folder / "home", folder / "Applications", str(python))._replace(packages=equipped)


def equipped(_: str) -> Packages:
    return Packages(__version__, xlwings_vba.VERSION, connected=True)


def bare_python(folder: Path) -> Path:
    """A Python in a folder that has nothing but its standard library."""
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n')
    python.chmod(0o755)
    return python


def left_in(folder: Path) -> list[str]:
    """The files in a folder and in those in it."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def registered(on: Computer, keys: Keys) -> Computer:
    """The same with these keys beside those of Excel."""
    return on._replace(registry=registry({**_REGISTERED, **keys}))


def status(on: Computer, capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    """What is installed, and what is in the way, of which the exit code tells too."""
    capsys.readouterr()
    code = cli.main(["status"], lambda: on)
    lines = capsys.readouterr().out.splitlines()
    if code == 0:
        assert lines.pop() == "没有发现会挡住它的东西。"
        return lines, []
    (headline,) = [place for place, line in enumerate(lines) if line.endswith("处会使它不能用：")]
    found = lines[headline + 1 :]
    assert (code, lines[headline]) == (1, f"有 {len(found)} 处会使它不能用：")
    return lines[:headline], found
