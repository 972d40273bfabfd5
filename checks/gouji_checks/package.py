"""What a workbook file really is, and its parts proved honest before calamine is given them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from posixpath import join, normpath
from struct import Struct
from zlib import crc32, decompressobj
from zlib import error as ZlibError  # noqa: N812

MOST_BYTES = 50_000_000
MOST_INFLATED = 100_000_000
MOST_IN_A_PART = 50_000_000
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 512

DAMAGED = "文件不完整或已损坏，请重新索取，或用 Excel、WPS 打开修复后另存"
PASSWORD = "文件设有打开密码，请在 Excel 或 WPS 中取消密码后另存"
TOO_BIG = (
    f"文件解压后超过 {MOST_INFLATED // 1_000_000} MB 或其中一部分超过 {MOST_IN_A_PART // 1_000_000} MB，"
    "不像预算表，多半是大片空白格带有格式，请删去表格以外的行和列后另存"
)


class Refusal(Exception):  # noqa: N818
    """Why a file is not read and what to do about it: Chinese, without the file's name and the full stop."""


_OTHERS = {
    "XML 电子表格 2003": rb".*urn:schemas-microsoft-com:office:spreadsheet",
    "网页（HTML）": rb"<!doctype html|mime-version|.*<(?:html|table)\b",
    "PDF 文件": rb"%pdf",
    "图片": rb"\x89png|\xff\xd8\xff|gif8|riff|ii\*\0|mm\0\*",
    "压缩包": rb"pk|rar!|7z\xbc\xaf|\x1f\x8b",
    "RTF 文档": rb"\{\\rtf",
    "XML 文件": rb"<\?xml",
    # Before Excel 97 the records stood in a file of their own, without a container.
    "很旧的 Excel 工作簿": rb"\x09[\0\x02\x04\x08].\0",
    "文本文件（如 CSV）": rb"\xff\xfe|\xfe\xff|[^\0-\x08\x0e-\x1f]*$",
}
_CONVERTIBLE = "XML 电子表格 2003", "网页（HTML）", "很旧的 Excel 工作簿", "文本文件（如 CSV）"


def seems(data: bytes) -> Refusal:
    """The refusal of bytes that are neither a package nor a container, naming what they look like."""
    if not data.strip(b"\0"):
        return Refusal("文件内容为空或全是零，多半是复制、下载中断所致，请重新索取")
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lower()
    for kind, mark in _OTHERS.items():
        if re.match(mark, head if head[:1] == b"\t" else head.lstrip(), re.DOTALL):
            return _other(kind, kind in _CONVERTIBLE)
    return Refusal("内容无法识别，不是 Excel 工作簿或已损坏，请重新索取 .xlsx 或 .xls 文件")


def _other(kind: str, convertible: bool = False) -> Refusal:
    advice = "请用 Excel 或 WPS 打开，另存为 .xlsx" if convertible else "请提供 .xlsx 或 .xls 工作簿"
    return Refusal(f"文件其实是{kind}，不是 Excel 工作簿，{advice}")


def beyond(sheet: str, row: int, column: int) -> str:
    """What to say of a sheet filled beyond the area that is read; row and column count from 0."""
    letters = ""
    while column >= 0:
        letters = chr(65 + column % 26) + letters
        column = column // 26 - 1
    return (
        f"{sheet}的内容延伸到 {letters}{row + 1}，超出可检查的 {MOST_ROWS} 行、{MOST_COLUMNS} 列，"
        "多半是误填，请删去表格以外的行和列后另存"
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
        return _other("Excel 二进制工作簿（.xlsb）", convertible=True)
    if "content.xml" in names and "mimetype" in names:
        return _other("OpenDocument 文件（如 .ods）", convertible=True)
    kinds = {"word/": "Word 文档", "ppt/": "演示文稿", "ofd.xml": "OFD 版式文件"}
    return _other(next((kind for mark, kind in kinds.items() if mark in names), "压缩包"))


_END_OF_CHAIN = 0xFFFFFFFE
_END_OF_SECTION, _BOUND_SHEET, _FILE_PASS, _STRINGS, _DIMENSIONS = 0x0A, 0x85, 0x2F, 0xFC, 0x200
_FORMULA, _SEVERAL_NUMBERS, _BOOLEAN_OR_ERROR = 0x06, 0xBD, 0x205
_SHARED_TEXT, _NUMBER, _TEXT, _SHORT_NUMBER = 0xFD, 0x203, 0x204, 0x27E
_CELLS = {_FORMULA, _SEVERAL_NUMBERS, _BOOLEAN_OR_ERROR, _SHARED_TEXT, _NUMBER, _TEXT, _SHORT_NUMBER}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def legacy(data: bytes) -> tuple[list[dict[tuple[int, int], str]], bool]:
    """The error values of each sheet of an .xls, which calamine does not tell, and whether it has macros.

    Refuses what would have calamine follow a chain of sectors, or allocate, without end.
    """
    from struct import error

    try:
        names, stream = _workbook_stream(data)
        return _legacy_errors(stream), "_VBA_PROJECT_CUR" in names
    except (error, IndexError, ValueError) as fault:
        raise Refusal(DAMAGED) from fault


def _workbook_stream(data: bytes) -> tuple[set[str], bytes]:
    """The names in an OLE container, and its workbook."""
    from struct import unpack, unpack_from

    shift, mini_shift = unpack_from("<HH", data, 30)
    _, _, first, _, _, mini_first, _, difat, difats = counts = unpack_from("<9I", data, 40)
    most = len(data) >> 9
    if shift not in (9, 12) or mini_shift != 6 or max(counts[0], counts[1], counts[6], difats) > most:
        raise Refusal(DAMAGED)

    def numbers(text: bytes) -> tuple[int, ...]:
        return unpack(f"<{len(text) >> 2}I", text[: len(text) & ~3])

    def sector(number: int) -> bytes:
        return data[(number + 1) << shift : (number + 2) << shift]

    def chain(start: int, table: tuple[int, ...]) -> Iterator[int]:
        for _ in range(len(table) + 1):
            if start == _END_OF_CHAIN:
                return
            yield start
            start = table[start]
        raise Refusal(DAMAGED)

    def stream(start: int) -> bytes:
        return b"".join(map(sector, chain(start, fat)))

    homes = list(unpack_from("<109I", data, 76))
    for _ in range(difats + 1):
        if difat >= _END_OF_CHAIN - 2:
            break
        *more, difat = numbers(sector(difat))
        homes += more
    else:
        raise Refusal(DAMAGED)
    fat = numbers(b"".join(sector(home) for home in homes if home <= most))
    listing = stream(first)
    entries: dict[str, tuple[int, int]] = {}
    for at in range(0, len(listing) - 127, 128):
        name = listing[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
        entries.setdefault(name, unpack_from("<II", listing, at + 116))
    mini_stream = stream(unpack_from("<I", listing, 116)[0])
    mini_fat = numbers(stream(mini_first))
    if "EncryptedPackage" in entries:
        raise Refusal(PASSWORD)
    start, size = entries.get("Workbook") or entries.get("Book") or (0, 0)
    if not size:
        kinds = {"WordDocument": "Word 文档", "PowerPoint Document": "演示文稿"}
        raise _other(next((kind for name, kind in kinds.items() if name in entries), "其他程序的文档"))
    if size > len(data):
        raise Refusal(DAMAGED)
    if size >= 4096:
        return set(entries), stream(start)[:size]
    pieces = [mini_stream[piece << 6 : (piece + 1) << 6] for piece in chain(start, mini_fat)]
    return set(entries), b"".join(pieces)[:size]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The kind, place and size of each record of one section."""
    from struct import unpack_from

    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        if kind == _END_OF_SECTION:
            return
        yield kind, at + 4, size
        at += 4 + size


def _legacy_errors(stream: bytes) -> list[dict[tuple[int, int], str]]:
    from struct import unpack_from

    starts = []
    for kind, at, _ in _records(stream, 0):
        if kind == _FILE_PASS:
            raise Refusal(PASSWORD)
        if kind == _BOUND_SHEET:
            starts.append(unpack_from("<I", stream, at)[0])
        elif kind == _STRINGS and not 0 <= unpack_from("<i", stream, at + 4)[0] <= len(stream):
            raise Refusal(DAMAGED)
    sheets = []
    room = len(stream)
    for number, start in enumerate(starts, 1):
        errors = {}
        for kind, at, size in _records(stream, start):
            # Sheets that overlap could be walked for ever.
            room -= size + 4
            if room < 0:
                raise Refusal(DAMAGED)
            if kind == _DIMENSIONS:
                top, bottom, left, right = unpack_from("<IIHH" if size == 14 else "<HHHH", stream, at)
                if not (top <= max(bottom, 1) <= 65536 and left <= max(right, 1) <= 256):
                    raise Refusal(DAMAGED)
            if kind not in _CELLS:
                continue
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
