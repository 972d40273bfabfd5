"""新建模板: a blank template in the user's documents folder, opened beside whatever is open."""

import sys
from collections.abc import Collection
from itertools import count
from pathlib import Path

import xlwings as xw

from gouji_addin.message import Stopped

_DOCUMENTS = "FDD39AD0-238F-46AF-ADB4-6C85480369C7"
"""Windows' FOLDERID_Documents."""


def open_new(app: xw.App, folder: Path) -> None:
    """Opens a new blank template, made in this folder under a name that neither a file nor an open workbook has.

    Raises Stopped if it can't be written or opened.
    """
    try:
        # Excel does not open two workbooks of one name, wherever they are.
        path = make(folder, {book.name.lower() for book in app.books})
    except OSError as error:
        raise Stopped(f"没有建成：不能写入文件夹“{folder}”。请检查它的权限和磁盘空间，再点按钮。") from error
    try:
        app.books.open(str(path))
    except Exception as error:
        raise Stopped(f"模板已经建成，但没有打开，请自己打开：{path}") from error


def make(folder: Path, taken: Collection[str] = ()) -> Path:
    """Writes what `gouji template` writes, whole or not at all, and says where; `taken` are names in small letters
    that it may not have."""
    from gouji_checks.live.template import build, given_out
    from gouji_checks.relation import load
    from gouji_templates import atomic

    catalogue = load()
    path = _free(folder, f"预算公开表-{catalogue.form.year}", taken)
    atomic.write(path, build(catalogue, given_out(catalogue)))
    return path


def documents() -> Path:
    """The user's documents folder, wherever Windows keeps it (OneDrive, another drive); else the home folder."""
    if sys.platform == "win32":
        import ctypes
        from uuid import UUID

        place = ctypes.c_wchar_p()
        folder = ctypes.create_string_buffer(UUID(_DOCUMENTS).bytes_le, 16)
        try:
            failed = ctypes.windll.shell32.SHGetKnownFolderPath(folder, 0, None, ctypes.byref(place))
            if not failed and place.value:
                return Path(place.value)
        finally:
            ctypes.windll.ole32.CoTaskMemFree(place)
    home = Path.home()
    return next((folder for folder in (home / "Documents", home) if folder.is_dir()), home)


def _free(folder: Path, stem: str, taken: Collection[str]) -> Path:
    """The stem, or with （2）, （3） … behind it."""
    names = (f"{stem}{f'（{number}）' if number > 1 else ''}.xlsx" for number in count(1))
    return next(folder / name for name in names if name.lower() not in taken and not (folder / name).exists())
