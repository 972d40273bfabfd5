"""What a workbook file really is, and its parts proved honest before calamine is given them."""

import re
from functools import lru_cache
from posixpath import join, normpath
from typing import NamedTuple

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
_PROPERTIES = "docprops/custom.xml"
_ROOT = _RELATIONSHIPS % (_RELATIONSHIP % (b"rId1", b"xl/workbook.xml", b"officeDocument"))


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

    def worksheet(self, name: str) -> bytes:
        """The XML of the worksheet with this name; raises Refusal where it is damaged or missing."""
        part = next((worksheet.part for worksheet in self.worksheets if worksheet and worksheet.name == name), "")
        entry = self._entries.get(part)
        if entry is None:
            raise Refusal(DAMAGED)
        return inflate(self._data, entry)

    def properties(self) -> tuple[tuple[str, str], ...]:
        """The custom properties by name; none where they are damaged, for nothing of the figures depends on them."""
        if _PROPERTIES not in self._entries:
            return ()
        from gouji_checks.properties import read

        try:
            return read(self.read(_PROPERTIES))
        except Refusal:
            return ()

    def keep(self, name: str, text: bytes) -> None:
        """Put one part into the package for calamine."""
        self._kept.append((name, text))

    def kept(self) -> bytes:
        """The package for calamine, its parts uncompressed."""
        return pack(self._kept)

    def _skeleton(self, names: str) -> "list[Worksheet | None]":
        """Keep all but the worksheets; list each sheet (None: a chart)."""
        main = "xl/workbook.xml"
        if main not in self._entries:
            main = next(
                (
                    part
                    for kind, part in _relations("", self._relations_of("", "", "")).values()
                    if kind == "officeDocument"
                ),
                "",
            )
            if not main.endswith(".xml") or "word/" in main or "ppt/" in main:
                raise _package_kind(names)
        folder, slash, file = main.rpartition("/")
        related = self._relations_of(folder, slash, file)
        workbook = self.read(main)
        plan = _plan(folder, related, workbook)
        self.keep("_rels/.rels", _ROOT)
        self.keep("xl/workbook.xml", workbook)
        self.keep("xl/_rels/workbook.xml.rels", plan.relations)
        for wanted, part in plan.others:
            if part in self._entries:
                self.keep(wanted, self.read(part))
        return plan.worksheets

    def _relations_of(self, folder: str, slash: str, file: str) -> bytes:
        """The text that says where a part leads to ("" for the package), or nothing."""
        name = f"{folder}{slash}_rels/{file}.rels"
        return self.read(name) if name in self._entries else b""


class Worksheet(NamedTuple):
    """A worksheet: its part, the name of the part to keep it under, and its own name."""

    part: str
    kept: str
    name: str


class Plan(NamedTuple):
    """What of a workbook is given to calamine: its relations there, each worksheet (None: a chart), and the further
    parts under their new names."""

    relations: bytes
    worksheets: list[Worksheet | None]
    others: list[tuple[str, str]]


# Workbooks made from one template share these two parts to the byte.
@lru_cache(maxsize=64)
def _plan(folder: str, relations: bytes, workbook: bytes) -> Plan:
    related = _relations(folder, relations)
    worksheets: list[Worksheet | None] = []
    kept = []
    for tag in _SHEET.findall(workbook):
        attributes = _ATTRIBUTE.findall(tag)
        identity = next((value for key, value in attributes if key.endswith(b":id")), b"")
        if identity not in related or len(worksheets) == MOST_PARTS:
            raise Refusal(DAMAGED)
        kind, part = related[identity]
        # Calamine refuses the whole workbook for a kind it does not know, such as a macro sheet.
        kept_kind = b"worksheet" if kind == "worksheet" else b"chartsheet"
        name = f"sheet{len(worksheets)}.xml"
        kept.append(_RELATIONSHIP % (identity, name.encode(), kept_kind))
        title = _title(dict(attributes).get(b"name", b"").decode("utf-8", "replace"))
        worksheets.append(Worksheet(part, f"xl/{name}", title) if kind == "worksheet" else None)
    others = [
        (
            f"xl/{wanted}.xml",
            next((part for kind, part in related.values() if kind == wanted), f"xl/{wanted.lower()}.xml"),
        )
        for wanted in ("sharedStrings", "styles")
    ]
    return Plan(_RELATIONSHIPS % b"".join(kept), worksheets, others)


def _title(text: str) -> str:
    """The name of a sheet as XML has it, without entities, which are rare and cost an import."""
    if "&" not in text:
        return text
    from gouji_checks.properties import unescape

    return unescape(text)


def _relations(folder: str, text: bytes) -> dict[bytes, tuple[str, str]]:
    """By identity, the kind of each relation and the part it leads to."""
    related = {}
    for tag in _RELATION.findall(text):
        relation = dict(_ATTRIBUTE.findall(tag))
        kind = relation.get(b"Type", b"").rpartition(b"/")[2].decode("ascii", "replace")
        target = relation.get(b"Target", b"").decode("utf-8", "replace").replace("\\", "/").lower()
        # A path from the root begins with "/", which also ends the folder it is joined to.
        target = normpath(join(f"/{folder}", target)).lstrip("/")
        related[relation.get(b"Id", b"")] = kind, target
    return related


def _package_kind(names: str) -> Refusal:
    if "workbook.bin" in names:
        return other_kind("Excel 二进制工作簿（.xlsb）", convertible=True)
    if "content.xml" in names and "mimetype" in names:
        return other_kind("OpenDocument 文件（如 .ods）", convertible=True)
    kinds = {"word/": "Word 文档", "ppt/": "演示文稿", "ofd.xml": "OFD 版式文件"}
    return other_kind(next((kind for mark, kind in kinds.items() if mark in names), "压缩包"))
