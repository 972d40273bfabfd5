"""What a workbook file really is, and its parts proved honest before calamine is given them."""

import re
from collections.abc import Iterator
from typing import NamedTuple

MOST_BYTES = 50_000_000
MOST_INFLATED = 100_000_000
MOST_IN_A_PART = 50_000_000
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 512

DAMAGED = "文件不完整或已损坏，请重新索取，或用 Excel、WPS 打开修复后另存"
PASSWORD = "文件设有打开密码，请在 Excel 或 WPS 中取消密码后另存"
TOO_BIG = (
    f"文件解压后超过 {MOST_INFLATED // 1_000_000} MB（单个部件超过 {MOST_IN_A_PART // 1_000_000} MB），不像预算表，"
    "多半是大片空白格带有格式，请删去表格以外的行和列后另存"
)

_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s((?:[^>\"']|\"[^\"]*\"|'[^']*')*+)>")
_ATTRIBUTE = re.compile(rb"([\w:]+)\s*=\s*[\"']([^\"']*)")

_END_OF_CHAIN = 0xFFFFFFFE
_END_OF_SECTION, _BOUND_SHEET, _FILE_PASS, _STRINGS, _DIMENSIONS = 0x0A, 0x85, 0x2F, 0xFC, 0x200
_FORMULA, _SEVERAL_NUMBERS, _BOOLEAN_OR_ERROR = 0x06, 0xBD, 0x205
# With the three above: shared text, number, label, compact number.
_CELLS = frozenset((_FORMULA, _SEVERAL_NUMBERS, _BOOLEAN_OR_ERROR, 0xFD, 0x203, 0x204, 0x27E))
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class Refusal(Exception):
    """Why a file is not read and what to do about it, in Chinese, without the file's name or a full stop."""


def seems(data: bytes) -> Refusal:
    """The refusal of bytes that are neither a zip package nor an OLE container, naming what they look like."""
    if not data.strip(b"\0"):
        return Refusal("文件内容为空或全是零，多半是复制、下载中断所致，请重新索取")
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return _other("XML 电子表格 2003", convertible=True)
    if b"<html" in head or b"<table" in head or head.startswith((b"<!doctype html", b"mime-version")):
        return _other("网页（HTML）", convertible=True)
    # Before Excel 97 the records stood in a file of their own, without the OLE container.
    if data[:1] == b"\x09" and data[1:2] in (b"\0", b"\x02", b"\x04", b"\x08"):
        return _other("很旧的 Excel 工作簿", convertible=True)
    kinds: dict[str, tuple[bytes, ...]] = {
        "PDF 文件": (b"%pdf",),
        "图片": (b"\x89png", b"\xff\xd8\xff", b"gif8", b"ii*\0", b"mm\0*", b"riff"),
        "压缩包": (b"rar!", b"7z\xbc\xaf", b"\x1f\x8b"),
        "RTF 文档": (b"{\\rtf",),
        "XML 文件": (b"<?xml",),
    }
    for kind, marks in kinds.items():
        if head.startswith(marks):
            return _other(kind)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" not in head and _is_text(data[:4096])):
        return _other("文本文件（如 CSV）", convertible=True)
    return Refusal("内容无法识别，不是 Excel 工作簿或已损坏，请重新索取 .xlsx 或 .xls 文件")


def _is_text(head: bytes) -> bool:
    for encoding in ("utf-8", "gb18030"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as error:
            # The cut may fall inside the last character.
            if error.start < len(head) - 3:
                continue
        return True
    return False


def _other(kind: str, *, convertible: bool = False) -> Refusal:
    advice = "请用 Excel 或 WPS 打开，另存为 .xlsx" if convertible else "请提供 .xlsx 或 .xls 工作簿"
    return Refusal(f"文件其实是{kind}，不是 Excel 工作簿，{advice}")


class Package:
    """The parts of one .xlsx or .xlsm, each read with its size and checksum checked.

    Calamine inflates without limit whatever it is given, so it never sees the file: `keep` puts the parts that
    passed into a stored package, under the names calamine looks for, and `kept` returns that. Calamine then has
    nothing to inflate, which saves about what the writing costs.
    """

    def __init__(self, data: bytes) -> None:
        from io import BytesIO
        from zipfile import ZipFile

        # ZipFile lists every entry before it can be asked how many there are.
        if data.count(b"PK\1\2") > MOST_PARTS:
            raise Refusal(f"文件内部件超过 {MOST_PARTS} 个，不像预算表，请用 Excel 或 WPS 打开后另存")
        try:
            self._zip = ZipFile(BytesIO(data))
        except Exception as error:
            raise Refusal(DAMAGED) from error
        entries = self._zip.infolist()
        self._entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refusal(PASSWORD)
        sizes = [entry.file_size for entry in entries]
        if sum(sizes) > MOST_INFLATED or max(sizes, default=0) > MOST_IN_A_PART:
            raise Refusal(TOO_BIG)
        self._room = MOST_INFLATED
        self._buffer = BytesIO()
        self._kept = ZipFile(self._buffer, "w")
        self.macros = any(
            name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in self._entries
        )
        self.links = any("/externallinks/" in name for name in self._entries)
        self.worksheets = self._skeleton()

    def read(self, name: str) -> bytes:
        """One part; refused when it is missing, damaged, not UTF-8, or not as long as it declares."""
        try:
            entry = self._entries[name]
            # zipfile stops at the declared size and takes the checksum of that much only. Declaring one byte more
            # makes it read on, so a part that goes on cannot pass; reading a bounded number of bytes keeps it from
            # inflating the whole of such a part first.
            size, entry.file_size = entry.file_size, entry.file_size + 1
            with self._zip.open(entry) as part:
                text = part.read(size + 1)
            entry.file_size = size
        except Exception as error:
            raise Refusal(DAMAGED) from error
        # The standard allows UTF-16 and nobody writes it; calamine reads such a part as empty.
        if len(text) != size or b"\0" in text:
            raise Refusal(DAMAGED)
        # Sheets may share a part, which then counts as often as it is read.
        self._room -= size
        if self._room < 0:
            raise Refusal(TOO_BIG)
        return text

    def keep(self, name: str, text: bytes) -> None:
        """Put one part into the package for calamine."""
        self._kept.writestr(name, text)

    def kept(self) -> bytes:
        """The package for calamine, complete."""
        self._kept.close()
        return self._buffer.getvalue()

    def _skeleton(self) -> list[tuple[str, str] | None]:
        """Keep all but the worksheets; list for every sheet its part and the name to keep it under (None: a chart)."""
        main = "xl/workbook.xml"
        if main not in self._entries:
            main = next((part for kind, part in self._related("").values() if kind == "officeDocument"), "")
            if not main.endswith(".xml") or "word/" in main or "ppt/" in main:
                raise self._kind()
        related = self._related(main)
        workbook = self.read(main)
        worksheets: list[tuple[str, str] | None] = []
        relations = []
        for tag in _SHEET.findall(workbook):
            identity = next((value for key, value in _ATTRIBUTE.findall(tag) if key.endswith(b":id")), b"")
            kind, part = related.get(identity, ("", ""))
            target = f"{kind}s/sheet{len(worksheets)}.xml"
            relations.append(_RELATIONSHIP % (identity, target.encode(), kind.encode()))
            worksheets.append((part, f"xl/{target}") if kind == "worksheet" else None)
        self.keep(
            "_rels/.rels", _RELATIONSHIPS % (_RELATIONSHIP % (b"rId1", b"xl/workbook.xml", b"officeDocument"))
        )
        self.keep("xl/workbook.xml", workbook)
        self.keep("xl/_rels/workbook.xml.rels", _RELATIONSHIPS % b"".join(relations))
        for wanted in ("sharedStrings", "styles"):
            part = next(
                (part for kind, part in related.values() if kind == wanted), f"xl/{wanted.lower()}.xml"
            )
            if part in self._entries:
                self.keep(f"xl/{wanted}.xml", self.read(part))
        return worksheets

    def _related(self, part: str) -> dict[bytes, tuple[str, str]]:
        """The relations of a part ("" for the package): by identity, their kind and the part they lead to."""
        folder, _, file = part.rpartition("/")
        name = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
        if name not in self._entries:
            return {}
        related = {}
        for tag in _RELATION.findall(self.read(name)):
            relation = dict(_ATTRIBUTE.findall(tag))
            target = relation.get(b"Target", b"").decode("utf-8", "replace").replace("\\", "/").lower()
            steps = [] if target.startswith("/") or not folder else folder.split("/")
            for step in target.split("/"):
                if step == "..":
                    steps = steps[:-1]
                elif step not in ("", "."):
                    steps.append(step)
            kind = relation.get(b"Type", b"").rpartition(b"/")[2].decode("ascii", "replace")
            related[relation.get(b"Id", b"")] = kind, "/".join(steps)
        return related

    def _kind(self) -> Refusal:
        names = " ".join(self._entries)
        if "workbook.bin" in names:
            return _other("Excel 二进制工作簿（.xlsb）", convertible=True)
        if "content.xml" in names and "mimetype" in names:
            return _other("OpenDocument 文件（如 .ods）", convertible=True)
        for mark, kind in {"word/": "Word 文档", "ppt/": "演示文稿", "ofd.xml": "OFD 版式文件"}.items():
            if mark in names:
                return _other(kind)
        return _other("压缩包")


_RELATIONSHIP = (
    b'<Relationship Id="%s" Target="%s" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s"/>'
)
_RELATIONSHIPS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
)


class Records(NamedTuple):
    """What the records of an .xls say that calamine does not: error values by sheet and cell, and macros."""

    errors: list[dict[tuple[int, int], str]]
    macros: bool


def records(data: bytes) -> Records:
    """Walk the records of an .xls; refuse what would make calamine loop or allocate without end."""
    from struct import error

    try:
        names, stream = _workbook_stream(data)
        return Records(_sheets(stream), "_VBA_PROJECT_CUR" in names)
    except (error, IndexError) as fault:
        raise Refusal(DAMAGED) from fault


def _workbook_stream(data: bytes) -> tuple[set[str], bytes]:
    """The names inside an OLE container and its workbook, every chain followed as calamine will, but not for ever."""
    from struct import unpack, unpack_from

    shift, mini_shift = unpack_from("<HH", data, 30)
    most = len(data) >> 9
    directories, fats, first, _, _, mini_first, minis, difat, difats = unpack_from("<9I", data, 40)
    if shift not in (9, 12) or mini_shift != 6 or max(directories, fats, minis, difats) > most:
        raise Refusal(DAMAGED)

    def sector(number: int) -> bytes:
        return data[(number + 1) << shift : (number + 2) << shift]

    def chain(start: int, table: tuple[int, ...]) -> list[int]:
        links = []
        while start != _END_OF_CHAIN:
            if len(links) > most << 3:
                raise Refusal(DAMAGED)
            links.append(start)
            start = table[start]
        return links

    def numbers(text: bytes) -> tuple[int, ...]:
        return unpack(f"<{len(text) >> 2}I", text[: len(text) & ~3])

    homes = list(unpack_from("<109I", data, 76))
    for _ in range(difats + 1):
        if difat >= _END_OF_CHAIN - 2:
            break
        *more, difat = numbers(sector(difat))
        homes += more
    else:
        raise Refusal(DAMAGED)
    fat = numbers(b"".join(sector(home) for home in homes if home <= most))
    listing = b"".join(map(sector, chain(first, fat)))
    entries = {}
    for at in range(0, len(listing) - 127, 128):
        name = listing[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
        entries.setdefault(name, unpack_from("<II", listing, at + 116))
    root, _ = unpack_from("<II", listing, 116)
    mini_stream = b"".join(map(sector, chain(root, fat)))
    mini_fat = numbers(b"".join(map(sector, chain(mini_first, fat))))
    if "EncryptedPackage" in entries:
        raise Refusal(PASSWORD)
    start, size = entries.get("Workbook") or entries.get("Book") or (0, 0)
    if not size:
        kinds = {"WordDocument": "Word 文档（.doc）", "PowerPoint Document": "演示文稿（.ppt）"}
        raise _other(next((kind for name, kind in kinds.items() if name in entries), "其他程序的文档"))
    if size > len(data):
        raise Refusal(DAMAGED)
    if size < 4096:
        pieces = [mini_stream[link << 6 : (link + 1) << 6] for link in chain(start, mini_fat)]
    else:
        pieces = [sector(link) for link in chain(start, fat)]
    return set(entries), b"".join(pieces)[:size]


def _sheets(stream: bytes) -> list[dict[tuple[int, int], str]]:
    """The error values of each sheet; refuses sizes that calamine would allocate before it looks at the content."""
    from struct import unpack_from

    starts = []
    for kind, at, size in _walk(stream, 0):
        if kind == _FILE_PASS:
            raise Refusal(PASSWORD)
        if kind == _BOUND_SHEET:
            starts.append(unpack_from("<I", stream, at)[0])
        elif kind == _STRINGS and not 0 <= unpack_from("<i", stream, at + 4)[0] <= len(stream):
            raise Refusal(DAMAGED)
    sheets = []
    for number, start in enumerate(starts, 1):
        errors = {}
        for kind, at, size in _walk(stream, start):
            if kind == _DIMENSIONS:
                row, last_row, column, last_column = unpack_from(
                    "<IIHH" if size == 14 else "<HHHH", stream, at
                )
                if not (row <= max(last_row, 1) <= 65536 and column <= max(last_column, 1) <= 256):
                    raise Refusal(DAMAGED)
            elif kind in _CELLS:
                row, column = unpack_from("<HH", stream, at)
                if kind == _SEVERAL_NUMBERS:
                    column = unpack_from("<H", stream, at + size - 2)[0]
                if row >= MOST_ROWS or column >= MOST_COLUMNS:
                    raise Refusal(beyond(f"第 {number} 张工作表", row, column))
                if kind == _BOOLEAN_OR_ERROR and stream[at + 7] == 1:
                    errors[row, column] = _ERRORS.get(stream[at + 6], "#N/A")
                elif kind == _FORMULA and stream[at + 6] == 2 and stream[at + 12 : at + 14] == b"\xff\xff":
                    errors[row, column] = _ERRORS.get(stream[at + 8], "#N/A")
        sheets.append(errors)
    return sheets


def _walk(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The kind, place and size of each record of one section."""
    from struct import unpack_from

    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        if kind == _END_OF_SECTION:
            return
        yield kind, at + 4, size
        at += 4 + size


def beyond(sheet: str, row: int, column: int) -> str:
    """What to say of a sheet filled beyond the area that is read; row and column count from 0."""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters = chr(65 + letter) + letters
        column -= 1
    return (
        f"{sheet}的内容延伸到 {letters}{row + 1}，超出可检查的 {MOST_ROWS} 行、{MOST_COLUMNS} 列，"
        "多半是误填，请删去表格以外的行和列后另存"
    )
