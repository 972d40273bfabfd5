"""Zip archives, as far as workbooks need them: entries listed and inflated with every claim checked, parts packed.

The standard zipfile does this too. Importing it takes a tenth of a whole check of one file, and opening each entry
through it takes as long as inflating them, so it is left for archives that are out of the ordinary.
"""

from collections.abc import Iterable
from struct import Struct
from struct import error as StructError  # noqa: N812
from typing import NamedTuple
from zlib import crc32, decompressobj
from zlib import error as ZlibError  # noqa: N812

from gouji_checks.refusal import DAMAGED, Refusal

STORED, DEFLATED = 0, 8
_CENTRAL = Struct("<4s4x2H4x3L3H8xL")
_SHARED = Struct("<5H3L2H")
_END = Struct("<4s4H2LH")


class Entry(NamedTuple):
    """What the directory says of one entry; `at` is where its own header begins."""

    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    at: int


def directory(data: bytes) -> list[tuple[str, Entry]]:
    """The entries with their names, in order; raises Refusal where the directory is damaged."""
    try:
        return _plain(data)
    except (StructError, UnicodeDecodeError, ValueError):
        return _unusual(data)


def _plain(data: bytes) -> list[tuple[str, Entry]]:
    """The directory at the very end, in its original 32-bit form, names UTF-8 or ASCII; ValueError if it is not so."""
    end = len(data) - _END.size
    mark, _, _, count, total, size, at, comment = _END.unpack_from(data, end)
    if mark != b"PK\5\6" or comment or count != total or at + size != end:
        raise ValueError
    found: list[tuple[str, Entry]] = []
    for _ in range(count):
        mark, flags, method, checksum, packed, size, name, extra, note, where = _CENTRAL.unpack_from(data, at)
        if mark != b"PK\1\2" or max(packed, size, where) == 0xFFFFFFFF:
            raise ValueError
        raw = data[at + 46 : at + 46 + name]
        text = raw.decode("utf-8" if flags & 0x800 else "ascii")
        found.append((text.partition("\0")[0], Entry(flags, method, checksum, packed, size, where)))
        at += 46 + name + extra + note
    if at != end:
        raise ValueError
    return found


def _unusual(data: bytes) -> list[tuple[str, Entry]]:
    """The same by zipfile: 64-bit sizes, comments, bytes before the archive, other code pages."""
    from io import BytesIO
    from zipfile import ZipFile

    try:
        infos = ZipFile(BytesIO(data)).infolist()
    except Exception as error:
        raise Refusal(DAMAGED) from error
    return [
        (
            info.filename,
            Entry(info.flag_bits, info.compress_type, info.CRC, info.compress_size, info.file_size, info.header_offset),
        )
        for info in infos
    ]


def inflate(data: bytes, entry: Entry) -> bytes:
    """The content of an entry; raises Refusal unless it has exactly the size and the checksum that are declared.

    At most one byte more than declared is ever inflated, so that no entry can be larger than it says.
    """
    head = data[entry.at : entry.at + 30]
    if len(head) < 30 or not head.startswith(b"PK\3\4"):
        raise Refusal(DAMAGED)
    start = entry.at + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    content = data[start : start + entry.packed]
    if entry.method == DEFLATED:
        try:
            content = decompressobj(-15).decompress(content, entry.size + 1)
        except ZlibError as error:
            raise Refusal(DAMAGED) from error
    elif entry.method != STORED:
        raise Refusal(DAMAGED)
    if len(content) != entry.size or crc32(content) != entry.checksum:
        raise Refusal(DAMAGED)
    return content


def pack(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of these parts, uncompressed."""
    local: list[bytes] = []
    central: list[bytes] = []
    at = count = 0
    for name, text in parts:
        # Version 2.0, UTF-8 names, stored, 1980-01-01: the fields that the two kinds of header share.
        file = name.encode()
        shared = _SHARED.pack(20, 0x800, STORED, 0, 33, crc32(text), len(text), len(text), len(file), 0)
        local += (b"PK\3\4", shared, file, text)
        central += (b"PK\1\2\x14\0", shared, bytes(10), at.to_bytes(4, "little"), file)
        at += 30 + len(file) + len(text)
        count += 1
    listing = b"".join(central)
    return b"".join((*local, listing, _END.pack(b"PK\5\6", 0, 0, count, count, len(listing), at, 0)))
