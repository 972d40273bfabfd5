"""Why the operating system will not read or write a file, in Chinese, and what to do about it."""

import errno
import os
import sys

_IN_USE = "文件正被其他程序（如 Excel、WPS）打开，请关闭后再试"
_TOO_LONG = "文件名或路径太长，请改短，或换一个离磁盘根目录近的文件夹"
_FULL = "磁盘空间不足，请清理后再试，或换一个磁盘"
_NOT_ALLOWED = "没有权限，请检查文件和文件夹的权限，或换一个文件夹"
_FOLDER = "这是文件夹，不是文件，请换一个文件名"

_CAUSES = {
    errno.EACCES: _NOT_ALLOWED,
    errno.EPERM: _NOT_ALLOWED,
    errno.EROFS: "磁盘是只读的，请换一个磁盘或文件夹",
    errno.ENOSPC: _FULL,
    errno.EISDIR: _FOLDER,
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹，请检查路径",
    errno.EEXIST: "已经有同名的文件，请换一个名称",
    errno.ENAMETOOLONG: _TOO_LONG,
    errno.EBUSY: _IN_USE,
}
if hasattr(errno, "EDQUOT"):
    _CAUSES[errno.EDQUOT] = _FULL

_ON_WINDOWS = {32: _IN_USE, 33: _IN_USE, 206: _TOO_LONG}
"""What Windows itself may tell apart where errno does not: sharing violation, lock violation, name too long."""

_MAY_BE_IN_USE = "没有权限，或文件正被其他程序（如 Excel、WPS）打开，请关闭后再试，或换一个文件夹"


def cause(error: OSError) -> str:
    """The cause and what to do, without the full stop; for a rare one what the system says, in its own language."""
    known = _ON_WINDOWS.get(getattr(error, "winerror", None) or 0)
    if known:
        return known
    path = error.filename2 or error.filename
    if error.errno == errno.ENOENT and isinstance(path, str):
        there = os.path.isdir(os.path.dirname(os.path.abspath(path)))
        return "文件不存在，请检查路径和文件名" if there else "没有这个文件夹，请检查路径，或先新建文件夹"
    if error.errno == errno.EACCES and sys.platform == "win32":
        # Windows may refuse alike what is not allowed, what another program has open, and a folder taken for a file.
        return _FOLDER if isinstance(path, str) and os.path.isdir(path) else _MAY_BE_IN_USE
    return _CAUSES.get(error.errno or 0) or error.strerror or str(error)
