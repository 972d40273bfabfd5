"""What a workbook file really is, and its parts proved honest before calamine is given them."""

import re
from functools import lru_cache
from posixpath import join, normpath
from struct import Struct
from zlib import crc32, decompressobj
from zlib import error as ZlibError  # noqa: N812

from gouji_checks.refusal import (
    DAMAGED,
    MOST_IN_A_PART,
    MOST_INFLATED,
    MOST_PARTS,
    PASSWORD,
    TOO_BIG,
    Refusal,
    other_kind,
)

_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s((?:[^<>\"']|\"[^<\"]*\"|'[^<']*')*+)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)")
_RELATIONSHIP = (
    b'<Relationship Id="%s" Target="%s" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"/>'
)
_RELATIONSHIPS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
)


STORED, DEFLATED = 0, 8
_HEADER = Struct("<5H3L2H")
_END = Struct("<4s4H2LH")


class Package:
    """The parts of one .xlsx or .xlsm, each read with its size and checksum checked.

    Calamine inflates without limit whatever it is given, so it never sees the file: `keep` collects the parts
    that passed, `kept` packs them uncompressed under the names calamine looks for. That calamine then has
    nothing to inflate pays for the packing.
    """

    def __init__(self, data: bytes) -> None:
        from io import BytesIO
        from zipfile import ZipFile

        # ZipFile lists every entry, of 46 bytes at least, before it can be asked how many there are.
        if len(data) > 46 * MOST_PARTS and data.count(b"PK\1\2") > MOST_PARTS:
            raise Refusal(f"文件内部件超过 {MOST_PARTS} 个，不像预算表，请用 Excel 或 WPS 打开后另存")
        try:
            entries = ZipFile(BytesIO(data)).infolist()
        except Exception as error:
            raise Refusal(DAMAGED) from error
        self._data = data
        self._entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}
        sizes = [entry.file_size for entry in entries]
        if sum(sizes) > MOST_INFLATED or max(sizes, default=0) > MOST_IN_A_PART:
            raise Refusal(TOO_BIG)
        self._room = MOST_INFLATED
        self._kept: list[tuple[str, bytes]] = []
        names = "\n".join(self._entries)
        self.macros = "vbaproject.bin" in names or "/macrosheets/" in names
        self.links = "/externallinks/" in names
        self.worksheets = self._skeleton(names)

    def read(self, name: str) -> bytes:
        """One part; refused when it is missing, damaged, not UTF-8, or not as long as it declares."""
        entry = self._entries.get(name)
        if entry is None:
            raise Refusal(DAMAGED)
        if entry.flag_bits & 1:
            raise Refusal(PASSWORD)
        text = self._inflate(entry.header_offset, entry.compress_size, entry.file_size, entry.compress_type)
        # The standard allows UTF-16 and nobody writes it; calamine reads such a part as empty.
        if len(text) != entry.file_size or crc32(text) != entry.CRC or b"\0" in text:
            raise Refusal(DAMAGED)
        # Sheets may share a part, which then counts as often as it is read.
        self._room -= entry.file_size
        if self._room < 0:
            raise Refusal(TOO_BIG)
        return text

    def _inflate(self, at: int, packed: int, size: int, method: int) -> bytes:
        """The content of an entry, at most one byte more than it declares. Through ZipFile.open this would cost as
        much as the rest of reading a part."""
        head = self._data[at : at + 30]
        if len(head) < 30 or not head.startswith(b"PK\3\4"):
            raise Refusal(DAMAGED)
        start = at + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        content = self._data[start : start + packed]
        if method == STORED:
            return content
        if method != DEFLATED:
            raise Refusal(DAMAGED)
        try:
            return decompressobj(-15).decompress(content, size + 1)
        except ZlibError as error:
            raise Refusal(DAMAGED) from error

    def keep(self, name: str, text: bytes) -> None:
        """Put one part into the package for calamine."""
        self._kept.append((name, text))

    def kept(self) -> bytes:
        """The package for calamine, its parts uncompressed; can be asked for once."""
        local: list[bytes] = []
        central: list[bytes] = []
        at = 0
        for name, text in self._kept:
            # Version 2.0, UTF-8 names, stored, 1980-01-01: the fields that the two kinds of header share.
            file = name.encode()
            shared = _HEADER.pack(20, 0x800, STORED, 0, 33, crc32(text), len(text), len(text), len(file), 0)
            local += (b"PK\3\4", shared, file, text)
            central += (b"PK\1\2\x14\0", shared, bytes(10), at.to_bytes(4, "little"), file)
            at += 30 + len(file) + len(text)
        count = len(self._kept)
        self._kept.clear()
        directory = b"".join(central)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), at, 0)
        return b"".join((*local, directory, end))

    def _skeleton(self, names: str) -> list[tuple[str, str] | None]:
        """Keep all but the worksheets; list each sheet's part and the name to keep it under (None: a chart)."""
        main = "xl/workbook.xml"
        if main not in self._entries:
            main = next((part for kind, part in self._related("").values() if kind == "officeDocument"), "")
            if not main.endswith(".xml") or "word/" in main or "ppt/" in main:
                raise _package_kind(names)
        related = self._related(main)
        workbook = self.read(main)
        worksheets: list[tuple[str, str] | None] = []
        relations = []
        for identity in _sheet_identities(workbook):
            if identity not in related or len(worksheets) == MOST_PARTS:
                raise Refusal(DAMAGED)
            kind, part = related[identity]
            # Calamine refuses the whole workbook for a kind it does not know, such as a macro sheet.
            kept_kind = b"worksheet" if kind == "worksheet" else b"chartsheet"
            name = f"sheet{len(worksheets)}.xml"
            relations.append(_RELATIONSHIP % (identity, name.encode(), kept_kind))
            worksheets.append((part, f"xl/{name}") if kind == "worksheet" else None)
        root = _RELATIONSHIP % (b"rId1", b"xl/workbook.xml", b"officeDocument")
        self.keep("_rels/.rels", _RELATIONSHIPS % root)
        self.keep("xl/workbook.xml", workbook)
        self.keep("xl/_rels/workbook.xml.rels", _RELATIONSHIPS % b"".join(relations))
        for wanted in ("sharedStrings", "styles"):
            part = next((part for kind, part in related.values() if kind == wanted), f"xl/{wanted.lower()}.xml")
            if part in self._entries:
                self.keep(f"xl/{wanted}.xml", self.read(part))
        return worksheets

    def _related(self, part: str) -> dict[bytes, tuple[str, str]]:
        """The relations of a part ("" for the package): by identity, their kind and the part they lead to."""
        folder, slash, file = part.rpartition("/")
        name = f"{folder}{slash}_rels/{file}.rels"
        return _relations(folder, self.read(name) if name in self._entries else b"")


# Workbooks made from one template share these parts to the byte.
@lru_cache(maxsize=64)
def _relations(folder: str, text: bytes) -> dict[bytes, tuple[str, str]]:
    related = {}
    for tag in _RELATION.findall(text):
        relation = dict(_ATTRIBUTE.findall(tag))
        kind = relation.get(b"Type", b"").rpartition(b"/")[2].decode("ascii", "replace")
        target = relation.get(b"Target", b"").decode("utf-8", "replace").replace("\\", "/").lower()
        # A path from the root begins with "/", which also ends the folder it is joined to.
        target = normpath(join(f"/{folder}", target)).lstrip("/")
        related[relation.get(b"Id", b"")] = kind, target
    return related


@lru_cache(maxsize=64)
def _sheet_identities(workbook: bytes) -> tuple[bytes, ...]:
    """Each sheet's relation, in the order of the workbook."""
    return tuple(
        [
            next((value for key, value in _ATTRIBUTE.findall(tag) if key.endswith(b":id")), b"")
            for tag in _SHEET.findall(workbook)
        ]
    )


def _package_kind(names: str) -> Refusal:
    if "workbook.bin" in names:
        return other_kind("Excel 二进制工作簿（.xlsb）", convertible=True)
    if "content.xml" in names and "mimetype" in names:
        return other_kind("OpenDocument 文件（如 .ods）", convertible=True)
    kinds = {"word/": "Word 文档", "ppt/": "演示文稿", "ofd.xml": "OFD 版式文件"}
    return other_kind(next((kind for mark, kind in kinds.items() if mark in names), "压缩包"))
