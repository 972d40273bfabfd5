"""Packages that hold the same bytes wherever they are made."""

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZipFile, ZipInfo


def zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these parts, without the time and the system it is packed at, and not compressed, which depends on the
    zlib at hand."""
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name, data in parts:
            entry = ZipInfo(name)
            entry.create_system = 0
            package.writestr(entry, data)
    return file.getvalue()
