"""The Python that the add-in runs: the setting that names it, and what it has installed."""

import re
import subprocess
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

WINDOWS, MACOS = "INTERPRETER_WIN", "INTERPRETER_MAC"
"""Settings that xlwings' VBA reads, each on its system; both hold a full path."""

OTHERWISE = "INTERPRETER"
"""The setting it reads next."""

_ANSWERED_WITHIN = 120
"""Seconds; a first start under a virus scanner is slow."""

# What the RunPython command needs, and whether xlwings finds what it talks to Excel with.
_QUESTION = (
    "import gouji_addin.start, gouji_addin.buttons, gouji_templates, xlwings;"
    "print(gouji_templates.__version__, xlwings.__version__, 'excel' in map(lambda each: each.name, xlwings.engines))"
)


class Unusable(Exception):  # noqa: N818
    """The add-in could not run this interpreter; Chinese, without the full stop."""


class Packages(NamedTuple):
    """What an interpreter has installed: two versions, and whether xlwings can talk to an Excel there."""

    gouji: str
    xlwings: str
    connected: bool


def setting(path: str) -> tuple[str, str]:
    """The setting that names an interpreter, and its value.

    Raises Unusable for a path that is not full, or that would not reach Python whole: on Windows it stands in quotes
    on a command line, where a percent sign still means a variable; on macOS it stands in a command without quotes.
    """
    windows = PureWindowsPath(path)
    if windows.is_absolute():
        if "%" in path or '"' in path:
            raise Unusable(f"Python 的路径“{path}”里不能有百分号或引号，请把 Python 装到别的文件夹")
        return WINDOWS, str(windows)
    if path.startswith("/"):
        if not re.fullmatch(r"[\w./@+-]+", path, re.ASCII):
            raise Unusable(f"Python 的路径“{path}”里只能有字母、数字和 . _ - + @ /，请把 Python 装到别的文件夹")
        return MACOS, path
    raise Unusable(f"Python 要写完整路径（如 C:\\Python\\python.exe），不能是“{path}”")


def packages(path: str) -> Packages | None:
    """Asks an interpreter, started as a button starts it; None if it does not run or lacks what the buttons need."""
    try:
        answer = subprocess.run(
            [path, "-B", "-c", _QUESTION],
            cwd=Path(path).parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_ANSWERED_WITHIN,
            check=True,
        ).stdout.split()
    except (OSError, subprocess.SubprocessError):
        return None
    return Packages(answer[0], answer[1], answer[2] == str(True)) if len(answer) == 3 else None
