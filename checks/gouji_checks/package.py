"""What a workbook file really is, and its parts proved honest before calamine is given them."""

import re
from functools import lru_cache
from posixpath import join, normpath

from gouji_checks.archive import directory, inflate, pack
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


class Package:
    """The parts of one .xlsx or .xlsm, each read with its size and checksum checked.

    Calamine inflates without limit whatever it is given, so it never sees the file: `keep` collects the parts
    that passed, `kept` packs them uncompressed under the names calamine looks for. That calamine then has
    nothing to inflate pays for the packing.
    """

    def __init__(self, data: bytes) -> None:
        # Listing the entries, of 46 bytes at least, comes before one can ask how many there are.
        if len(data) > 46 * MOST_PARTS and data.count(b"PK\1\2") > MOST_PARTS:
            raise Refusal(f"文件内部件超过 {MOST_PARTS} 个，不像预算表，请用 Excel 或 WPS 打开后另存")
        self._data = data
        self._entries = {name.replace("\\", "/").lstrip("/").lower(): entry for name, entry in directory(data)}
        sizes = [entry.size for entry in self._entries.values()]
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
        if entry.flags & 1:
            raise Refusal(PASSWORD)
        text = inflate(self._data, entry)
        # The standard allows UTF-16 and nobody writes it; calamine reads such a part as empty.
        if b"\0" in text:
            raise Refusal(DAMAGED)
        # Sheets may share a part, which then counts as often as it is read.
        self._room -= entry.size
        if self._room < 0:
            raise Refusal(TOO_BIG)
        return text

    def keep(self, name: str, text: bytes) -> None:
        """Put one part into the package for calamine."""
        self._kept.append((name, text))

    def kept(self) -> bytes:
        """The package for calamine, its parts uncompressed."""
        return pack(self._kept)

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
