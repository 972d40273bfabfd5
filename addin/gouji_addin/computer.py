"""The computer that the add-in is put on: where Excel and xlwings' VBA look, on Windows and on macOS."""

import locale
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from gouji_addin import registry
from gouji_addin.interpreter import MACOS, WINDOWS, Packages, packages
from gouji_addin.xlwings_vba import PROJECT_NAME, SETTINGS_SHEET

ADD_IN = f"{PROJECT_NAME}.xlam"

_STARTUP = "XLSTART"


class Elsewhere(Exception):  # noqa: N818
    """There is no Excel for this system."""


class Computer(NamedTuple):
    """What the way from a button to Python depends on."""

    add_in: Path
    """In the folder whose workbooks Excel opens as it starts, for this user."""

    settings: Path
    """The user's settings: lines of a quoted name and a quoted value."""

    setting: str
    """Which setting names the interpreter here."""

    encoding: str
    """That VBA reads files and file names in."""

    interpreter: str
    """The Python that runs this."""

    packages: Callable[[str], Packages | None]
    """Asks an interpreter what it has installed."""

    registry: Callable[[str], Mapping[str, object]] | None = None
    """The values of a key of the registry; None where there is none."""

    program: Path | None = None
    """Excel, where it always lies in one place."""

    scripts: Path | None = None
    """The only folder whose AppleScripts Excel may run; with it RunPython leaves the sandbox."""

    packaged: bool = False
    """Whether Windows keeps from other programs what this Python puts beside the user's other data."""


def here() -> Computer:
    """This computer. Raises Elsewhere on any system but Windows and macOS."""
    if sys.platform == "win32":
        profile = Path.home()
        roaming = os.environ.get("APPDATA") or profile / "AppData" / "Roaming"
        base = sys.base_prefix, str(PureWindowsPath(sys._base_executable).parent)
        return windows(Path(roaming), profile, sys.executable, base)
    if sys.platform == "darwin":
        return macos(Path.home(), Path("/Applications"), sys.executable)
    raise Elsewhere


def windows(roaming: Path, profile: Path, interpreter: str, base: Sequence[str] = ()) -> Computer:
    r"""Windows, by %APPDATA% and %USERPROFILE%; `base` are folders of the Python that a virtual environment is made of.

    The user's XLSTART needs no administrator, and Office trusts it from its own set-up on (Trust Center, Trusted
    Locations): the macros of a file in it run without a question, though ours are not signed.

    A Python of the Microsoft Store lies in a folder of its own below Program Files\WindowsApps. Whatever such a program
    newly creates below %APPDATA%, Windows redirects to a folder of the package, which Excel does not look into. Right
    in %LOCALAPPDATA%\Microsoft\WindowsApps stand names for any program, of a Python from elsewhere too.
    """
    program = PureWindowsPath(interpreter)
    # cmd.exe starts Python in a console that is hidden already. A pythonw.exe would gain nothing there, and lose the
    # standard output; cmd.exe need not wait for it either, and RunPython judges by the exit code.
    if program.name.lower() == "pythonw.exe":
        interpreter = str(program.with_name("python.exe"))
    return Computer(
        add_in=roaming / "Microsoft" / "Excel" / _STARTUP / ADD_IN,
        settings=profile / f".{PROJECT_NAME}" / SETTINGS_SHEET,
        setting=WINDOWS,
        # The ANSI code page, of which UTF-8 mode knows nothing.
        encoding=locale.getencoding(),
        interpreter=interpreter,
        packages=packages,
        registry=registry.values,
        packaged=any("windowsapps" in PureWindowsPath(folder.lower()).parts[:-1] for folder in base),
    )


def macos(home: Path, applications: Path, interpreter: str) -> Computer:
    """macOS, where Excel lives in a sandbox that has folders of its own."""
    office = home / "Library" / "Group Containers" / "UBF8T346G9.Office" / "User Content.localized"
    return Computer(
        add_in=office / "Startup.localized" / "Excel" / ADD_IN,
        # What Excel takes for the user's home folder.
        settings=home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / SETTINGS_SHEET,
        setting=MACOS,
        encoding="ascii",
        interpreter=interpreter,
        packages=packages,
        program=applications / "Microsoft Excel.app",
        scripts=home / "Library" / "Application Scripts" / "com.microsoft.Excel",
    )
