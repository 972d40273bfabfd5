"""Putting the add-in where Excel loads it, reading back what lies there, and taking it away."""

import csv
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import distribution
from io import BytesIO
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from gouji_addin import interpreter, xlam, xlwings_vba
from gouji_addin.computer import ADD_IN, Computer
from gouji_templates import atomic
from gouji_templates.system_error import cause

SCRIPT = f"xlwings-{xlwings_vba.VERSION}.applescript"
"""What RunPython starts Python by on macOS; the name stands in xlwings' VBA."""


PACKAGED = (
    "这是微软应用商店版的 Python，Excel 看不到它装的加载项，请从 Python 官网下载安装包，"
    "装好后用它重新安装 gouji，再运行 gouji-addin install"
)
"""Why a packaged Python is of no use."""


class Refused(Exception):  # noqa: N818
    """Nothing was changed, or not all; str() is one Chinese sentence without the full stop: why and what to do."""


class AddIn(NamedTuple):
    """A file that Excel loads, and the settings in it; None if it cannot be read or is not ours."""

    path: Path
    settings: Mapping[str, str] | None

    @property
    def version(self) -> str:
        return (self.settings or {}).get(xlam.VERSION, "")


def install(computer: Computer) -> Path:
    """Builds the add-in for this interpreter and puts it where Excel loads it; returns where.

    Raises Refused, and Unfit of xlwings_vba.
    """
    name, path = own_interpreter(computer)
    data = xlam.build({name: path})
    _write_script(computer)
    _write(computer.add_in, data)
    return computer.add_in


def set_up(computer: Computer) -> Path:
    """Names this interpreter in the user's settings, which count for an add-in that names none; returns their file.

    Raises Refused, and Unfit of xlwings_vba: without the right xlwings this interpreter is of no use.
    """
    xlwings_vba.modules()
    name, path = own_interpreter(computer)
    _write_script(computer)
    _write_settings(computer, user_settings(computer) | {name: path})
    return computer.settings


def remove(computer: Computer) -> list[Path]:
    """Takes away what install and set_up put there; returns what it removed or changed.

    The AppleScript stays: it is xlwings' own, and other add-ins of the user may run by it. Raises Refused.
    """
    gone = []
    if computer.add_in.exists():
        with _told(computer.add_in, "删除"):
            computer.add_in.unlink()
        gone.append(computer.add_in)
    settings = user_settings(computer)
    if settings.pop(computer.setting, None) is not None:
        _write_settings(computer, settings)
        gone.append(computer.settings)
    return gone


def own_interpreter(computer: Computer) -> tuple[str, str]:
    """The setting that names this Python, and its value.

    Raises Refused where the add-in could not run it, or Excel not find the add-in.
    """
    if computer.packaged:
        raise Refused(PACKAGED)
    try:
        name, path = interpreter.setting(computer.interpreter)
    except interpreter.Unusable as error:
        raise Refused(str(error)) from error
    if not readable(computer, path):
        raise Refused(
            f"Python 的路径“{path}”里有 Excel 的宏认不得的字（不在本机的代码页 {computer.encoding} 里），"
            "请把 Python 装到只有英文字母的文件夹"
        )
    return name, path


def readable(computer: Computer, path: str) -> bool:
    """Whether VBA can find a file by this path: it asks in the system's code page."""
    try:
        path.encode(computer.encoding)
    except UnicodeEncodeError:
        return False
    return True


def loaded(computer: Computer, version: str) -> list[AddIn]:
    """What Excel loads under our name: from its start-up folder, and what was chosen in its list of add-ins.

    The version is Excel's, such as 16.0.
    """
    paths = [computer.add_in] if computer.add_in.exists() else []
    if computer.registry:
        chosen = computer.registry(rf"HKCU\Software\Microsoft\Office\{version}\Excel\Options")
        for name, value in sorted(chosen.items()):
            path = str(value).removeprefix("/R ").strip(' "')
            if re.fullmatch(r"open\d*", name) and PureWindowsPath(path).name.lower() == ADD_IN:
                # A name alone is one in the user's folder of add-ins.
                paths.append(computer.add_in.parents[2] / "AddIns" / path)
    return [AddIn(path, carried(path)) for path in dict.fromkeys(paths)]


def carried(path: Path) -> dict[str, str] | None:
    """The settings in an add-in file; None if it cannot be read or is not one of ours."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
        rows = workbook.get_sheet_by_name(xlwings_vba.SETTINGS_SHEET).to_python()
    except (OSError, CalamineError):
        return None
    return {str(row[0]): str(row[1]) for row in rows if len(row) > 1}


def user_settings(computer: Computer) -> dict[str, str]:
    """The user's settings; empty if there are none. Raises Refused if the file cannot be read."""
    try:
        text = computer.settings.read_text(computer.encoding)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"“{computer.settings}”读不出来，请删去这个文件后再试") from error
    settings: dict[str, str] = {}
    for row in csv.reader(text.splitlines()):
        if len(row) > 1:
            # To VBA case means nothing, and of two lines the first counts.
            settings.setdefault(row[0].upper(), row[1])
    return settings


def named_interpreter(computer: Computer, add_in: AddIn) -> str:
    """The interpreter that this add-in runs, looked up as its VBA does; empty if none is named."""
    own, user = add_in.settings or {}, user_settings(computer)
    for name in (computer.setting, interpreter.OTHERWISE):
        if path := own.get(name) or user.get(name):
            return os.path.expandvars(path)
    return ""


def _write_settings(computer: Computer, settings: Mapping[str, str]) -> None:
    if settings:
        lines = (f'"{name}","{value}"\r\n' for name, value in settings.items())
        _write(computer.settings, "".join(lines).encode(computer.encoding))
    else:
        with _told(computer.settings, "删除"):
            computer.settings.unlink()


def _write_script(computer: Computer) -> None:
    if computer.scripts:
        source = Path(str(distribution("xlwings").locate_file(f"xlwings/{SCRIPT}")))
        _write(computer.scripts / SCRIPT, source.read_bytes())


def _write(path: Path, data: bytes) -> None:
    with _told(path, "写入"):
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, data)


@contextmanager
def _told(path: Path, doing: str) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise Refused(f"不能{doing}“{path}”：Excel 正开着它，或者没有权限。请关闭所有 Excel 窗口后再试") from error
    except OSError as error:
        raise Refused(f"不能{doing}“{path}”：{cause(error)}") from error
