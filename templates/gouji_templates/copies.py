"""Workbooks that differ only in whose they are: built once with marks for the texts that change, then put together.

What does not change is compressed once. A mark stands between pieces that were compressed apart, so that a text in
its place needs no compression either: a deflate stream may be cut wherever its window is emptied, and go on with a
block that is stored.
"""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from struct import Struct
from typing import NamedTuple
from zipfile import ZipFile
from zlib import DEFLATED, MAX_WBITS, Z_BEST_COMPRESSION, Z_FINISH, Z_FULL_FLUSH, compressobj, crc32

from gouji_templates.content import CODE, UNIT_KIND, Content, PriorFigure, blank
from gouji_templates.form import Form

_LOCAL, _CENTRAL, _END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
# Version 2.0, no flags, deflated, 1980-01-01 (a date of its own would make each build another file), checksum,
# compressed and full size, length of the name, nothing extra: the fields that the two kinds of header share.
_SHARED = Struct("<5H3L2H")
_TAIL = Struct("<4s4H2LH")
_STORED = Struct("<B2H")
_MOST_STORED = 0xFFFF


class Piece(NamedTuple):
    """A stretch of a part between two marks: its bytes, and compressed."""

    plain: bytes
    packed: bytes


class PackagePart(NamedTuple):
    """A part of the package: pieces, and between each two the field whose text belongs there."""

    name: bytes
    pieces: tuple[Piece, ...]
    fields: tuple[str, ...]
    checksum: int
    """Of the first piece, which is all there is of a part without fields."""


class Copies:
    """Blank workbooks for departments, each the same as built for it alone, in a fraction of the time.

    `build` makes a workbook from its content; `info` is what the first sheet says of every department alike.
    """

    def __init__(self, build: Callable[[Content], bytes], form: Form, year: int, info: dict[str, str | int]) -> None:
        self._build = build
        self._form = form
        self._year = year
        self._info = info
        self._parts: dict[frozenset[str], list[PackagePart]] = {}

    def content(self, department: str, info: dict[str, str | int]) -> Content:
        """What a department's workbook holds before anything is typed."""
        return blank(self._form, department, self._year)._replace(info=self._info | info)

    def make(
        self, department: str, code: str, kind: str, prior: Mapping[tuple[str, str], PriorFigure] | None = None
    ) -> bytes:
        """The workbook of a department; code and kind may be empty. One with last year's figures shares nothing with
        the others and takes as long as a template."""
        texts = {"": department, CODE: code, UNIT_KIND: kind}
        if prior:
            info: dict[str, str | int] = {field: text for field, text in texts.items() if field and text}
            return self._build(self.content(department, info)._replace(prior=prior))
        given = frozenset(field for field, text in texts.items() if text)
        if given not in self._parts:
            self._parts[given] = self._marked(given)
        return _assembled(self._parts[given], {field: _escaped(text) for field, text in texts.items()})

    def _marked(self, given: frozenset[str]) -> list[PackagePart]:
        """The template with marks for these fields; the others are blank, and a blank cell is another cell."""
        marks = {field: f"⟪{field or '部门'}⟫" for field in given}
        info: dict[str, str | int] = {field: mark for field, mark in marks.items() if field}
        fields = {mark.encode(): field for field, mark in marks.items()}
        with ZipFile(BytesIO(self._build(self.content(marks.get("", ""), info)))) as package:
            return [_part(item.filename, package.read(item), fields) for item in package.infolist()]


def _part(name: str, data: bytes, fields: dict[bytes, str]) -> PackagePart:
    cut = re.split(b"(" + b"|".join(map(re.escape, fields)) + b")", data) if fields else [data]
    plain = cut[::2]
    pieces = [Piece(text, _packed(text, Z_FULL_FLUSH)) for text in plain[:-1]]
    pieces.append(Piece(plain[-1], _packed(plain[-1], Z_FINISH)))
    return PackagePart(name.encode(), tuple(pieces), tuple(fields[mark] for mark in cut[1::2]), crc32(plain[0]))


def _packed(data: bytes, end: int) -> bytes:
    packer = compressobj(Z_BEST_COMPRESSION, DEFLATED, -MAX_WBITS)
    return packer.compress(data) + packer.flush(end)


def _stored(text: bytes) -> bytes:
    """The text as one block of a deflate stream that is stored, not the last."""
    return _STORED.pack(0, len(text), len(text) ^ _MOST_STORED) + text


def _escaped(text: str) -> bytes:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()


def _assembled(parts: list[PackagePart], texts: dict[str, bytes]) -> bytes:
    """The package with these texts in their places."""
    blocks = {field: _stored(text) for field, text in texts.items()}
    local: list[bytes] = []
    central: list[bytes] = []
    at = 0
    for part in parts:
        first, *others = part.pieces
        checksum, size = part.checksum, len(first.plain)
        packed = [first.packed]
        for field, piece in zip(part.fields, others, strict=True):
            checksum = crc32(piece.plain, crc32(texts[field], checksum))
            size += len(texts[field]) + len(piece.plain)
            packed += (blocks[field], piece.packed)
        data = b"".join(packed)
        shared = _SHARED.pack(20, 0, DEFLATED, 0, 33, checksum, len(data), size, len(part.name), 0)
        local += (_LOCAL, shared, part.name, data)
        central += (_CENTRAL, b"\x14\0", shared, bytes(10), at.to_bytes(4, "little"), part.name)
        at += len(_LOCAL) + _SHARED.size + len(part.name) + len(data)
    listing = b"".join(central)
    return b"".join((*local, listing, _TAIL.pack(_END, 0, 0, len(parts), len(parts), len(listing), at, 0)))
