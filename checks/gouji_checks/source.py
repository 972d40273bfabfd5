"""Where sheets come from: a file or memory, and every reason why a file cannot be read, in Chinese."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from stat import S_ISDIR, S_ISREG
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from gouji_checks.package import (
    DAMAGED,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Package,
    Refusal,
    beyond,
    legacy,
    seems,
)

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[list[object]]
Place = tuple[int, int]

MOST_CELLS = 2_000_000
"""In all sheets together, blank ones within the filled area included: calamine allocates them all."""


class Unreadable(Exception):  # noqa: N818
    """A file that cannot be opened; str() is one Chinese sentence: which file, what is wrong, what to do."""


class Sheet(NamedTuple):
    """One worksheet: its values from A1 ("" for an empty cell, an error as its text) and what they hide.

    Rows and columns count from 0. A formula without a value may lie outside `rows`.
    """

    name: str
    rows: Rows
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncalculated: frozenset[Place] = frozenset()
    linked: tuple[Place, ...] = ()


class Workbook(NamedTuple):
    """The worksheets in their order; `unexamined` says in Chinese what could not be looked at."""

    sheets: list[Sheet]
    macros: bool = False
    links: bool = False
    unexamined: tuple[str, ...] = ()


class Source(Protocol):
    """Anything a workbook can be read from."""

    def read(self) -> Workbook: ...


class MemorySource:
    """A workbook made in memory, from rows by sheet name or as it is."""

    def __init__(self, content: Workbook | Mapping[str, Sequence[Sequence[object]]]) -> None:
        self._content = content

    def read(self) -> Workbook:
        if isinstance(self._content, Workbook):
            return self._content
        return Workbook([Sheet(name, _rectangle(rows)) for name, rows in self._content.items()])


def _rectangle(rows: Sequence[Sequence[object]]) -> Rows:
    width = max(map(len, rows), default=0)
    return [["" if cell is None else cell for cell in row] + [""] * (width - len(row)) for row in rows]


class FileSource:
    """An .xlsx, .xlsm or .xls file, told apart by content because departments rename them."""

    def __init__(self, path: str) -> None:
        self._path = path

    def read(self) -> Workbook:
        from pathlib import Path

        path = Path(self._path)
        try:
            data = _content(path)
            if data.startswith(b"PK"):
                return _read_package(data)
            if not data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
                raise seems(data)
            if path.suffix.lower() in (".et", ".ett"):
                raise Refusal("文件是 WPS 表格的 .et 格式，请在 WPS 中打开，另存为 .xlsx")
            return _read_legacy(data)
        except Refusal as refusal:
            # A name that is not valid UTF-8 could not be printed.
            name = (path.name or self._path).encode("utf-8", "replace").decode()
            raise Unreadable(f"{name}：{refusal}。") from refusal


def _content(path: "Path") -> bytes:
    if path.name.startswith("~$"):
        raise Refusal("这是打开文件时生成的临时文件，请选择名称中不带“~$”的原文件")
    try:
        status = path.stat()
        if S_ISDIR(status.st_mode):
            raise Refusal("这是文件夹，请选择其中的 .xlsx 或 .xls 文件")
        # Opening a pipe would wait for its writer for ever.
        if not S_ISREG(status.st_mode):
            raise Refusal("这不是普通文件，请选择 .xlsx 或 .xls 文件")
        if status.st_size > MOST_BYTES:
            raise Refusal(f"文件超过 {MOST_BYTES // 1_000_000} MB，不像预算表，请删去图片等附加内容后另存")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refusal("文件不存在，请检查路径和文件名") from error
    except PermissionError as error:
        raise Refusal("没有读取权限，或正被其他程序占用，请检查权限或关闭打开它的程序") from error
    except (OSError, ValueError) as error:
        raise Refusal("系统打不开这个文件，请检查路径，或复制到本机磁盘再试") from error


def _read_package(data: bytes) -> Workbook:
    package = Package(data)
    facts: list[_Facts | None] = []
    for worksheet in package.worksheets:
        if worksheet is None:
            facts.append(None)
            continue
        part, name = worksheet
        fact, text = _examine(package.read(part))
        package.keep(name, text)
        facts.append(fact)
    values = _values(package.kept(), [fact and fact.far for fact in facts])
    sheets = [
        Sheet(name, rows, visible, *fact[1:]) for (name, rows, visible), fact in zip(values, facts, strict=True) if fact
    ]
    return Workbook(sheets, package.macros, package.links)


def _read_legacy(data: bytes) -> Workbook:
    sheets, macros = legacy(data)
    values = _values(data, [None] * len(sheets))
    for (_, rows, _), errors in zip(values, sheets, strict=True):
        for (row, column), error in errors.items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = error
    unexamined = ("隐藏的行和列", "公式是否已计算", "对其他工作簿的引用")
    return Workbook([Sheet(*value) for value in values], macros, unexamined=unexamined)


def _values(data: bytes, far: Sequence[Place | None]) -> list[tuple[str, Rows, bool]]:
    """Name, rows and visibility of every sheet as calamine reads them; no rows for a chart."""
    from io import BytesIO

    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    values = []
    room = MOST_CELLS
    about = "文件"
    try:
        with _silence():
            book = CalamineWorkbook.from_filelike(BytesIO(data))
            for number, (sheet, place) in enumerate(zip(book.sheets_metadata, far, strict=True)):
                rows: Rows = []
                if sheet.typ == SheetTypeEnum.WorkSheet:
                    about = f"工作表“{sheet.name}”"
                    if place:
                        raise Refusal(beyond(about, *place))
                    content = book.get_sheet_by_index(number)
                    height, width = content.total_height, content.total_width
                    if height > MOST_ROWS or width > MOST_COLUMNS:
                        raise Refusal(beyond(about, height - 1, width - 1))
                    room -= height * width
                    if room < 0:
                        raise Refusal(f"表格合计超过 {MOST_CELLS // 10_000} 万格，请删去空白行列后另存")
                    rows = cast(Rows, content.to_python(skip_empty_area=False))
                values.append((sheet.name, rows, sheet.visible == SheetVisibleEnum.Visible))
    except Refusal:
        raise
    except BaseException as error:
        # A Rust panic arrives as an exception that is no Exception; an interrupt is not ours to catch.
        if not isinstance(error, Exception) and type(error).__module__ != "pyo3_runtime":
            raise
        raise Refusal(f"{about}的内容读不出来，{DAMAGED}") from error
    return values


@contextmanager
def _silence() -> Iterator[None]:
    """Close off file descriptor 2, on which Rust reports a panic before Python can catch it."""
    try:
        kept = os.dup(2)
    except OSError:
        # A windowed program on Windows has no standard error.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


class _Facts(NamedTuple):
    """What the XML of a worksheet says that calamine does not; `far` is a cell too far off to be read."""

    far: Place | None = None
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncalculated: frozenset[Place] = frozenset()
    linked: tuple[Place, ...] = ()


# A clean sheet is to cost microseconds: plain searches for what would be worth taking the XML apart for come first, and
# find nothing; the patterns are for what they find.
_HIDDEN = re.compile(rb"hidden")
_LOW = re.compile(rb'ht="0')
_HIDDEN_ROW = re.compile(rb'<row[^<>]* (?:ht="0|hidden=)')
_SHARED = re.compile(rb'"shared"')
_FAR = re.compile(rb'r\s*+=(?!"\D{0,2}\d{1,3}")')
_NO_VALUE = re.compile(rb"</f>(?!<v>[^<])")
_OTHER_BOOK = re.compile(rb"'\[\d+\]|(?<![\w\]\[\x80-\xff])\[\d+\](?=[\w!\x80-\xff])")


def _examine(xml: bytes) -> tuple[_Facts, bytes]:
    """The facts of a worksheet, and its XML for calamine with errors as text, since calamine blanks them."""
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    if (xml.find(b"-", start, end) >= 0 and b"-->" in xml) or (b"]" in xml and b"]]>" in xml):
        raise Refusal("工作表中夹有注释或 CDATA，数字会被漏读，请用 Excel 或 WPS 打开后另存")
    # The searches are blind to a namespace prefix (<x:sheetData>) and to single quotes.
    odd = end < 0 or (xml.find(b"'", start, end) >= 0 and xml.find(b"='", start, end) >= 0)
    calculated = xml.find(b"<f", start, end) >= 0
    # The value of an error begins with #.
    special = odd or xml.find(b"#", start, end) >= 0 or (calculated and _SHARED.search(xml, start, end) is not None)
    head = xml[: max(start, 0)]
    hidden = (
        b"hidden=" in head
        or b' width="0' in head
        or b"'" in head
        or ((_HIDDEN.search(xml, start, end) or _LOW.search(xml, start, end)) and _HIDDEN_ROW.search(xml, start, end))
    )
    formulas = (
        (calculated and _lacks_value(_NO_VALUE, xml, start, end))
        or (special and _lacks_value(re.compile(rb"<f [^<>]*/>(?!<v>[^<])"), xml, start, end))
        or (xml.find(b"[", start, end) >= 0 and _OTHER_BOOK.search(xml, start, end) is not None)
    )
    far = (len(xml) > 65536 or _FAR.search(xml, start, end)) and _may_be_far(xml, start, end)
    facts = _Facts(_first_far(xml) if odd or far else None)
    if odd or hidden:
        facts = _hidden(xml, facts)
    if odd or formulas:
        facts = _formulas(xml, facts)
    if special:
        xml = re.sub(rb"(<(?:\w+:)?c\s[^<>]*\bt=[\"'])e(?=[\"'])", rb"\1str", xml)
    return facts, xml


_NO_PLACE = rb'[<:]c(?! r=")[\s/>]'


def _lacks_value(pattern: re.Pattern[bytes], xml: bytes, start: int, end: int) -> bool:
    """Whether a formula found by the pattern has no value; the empty text is one."""
    for match in pattern.finditer(xml, start, end):
        cell = xml.rfind(b"<c ", start, match.start())
        if not xml.startswith(b"<v></v>", match.end()) or b't="str"' not in xml[cell : xml.find(b">", cell)]:
            return True
    return False


def _may_be_far(xml: bytes, start: int, end: int) -> bool:
    """A second look, which lets larger sheets pass if every cell names its place, within ZZ9999."""
    patterns = rb'r\s*+=(?!"\D{0,2}\d{1,4}")', _NO_PLACE
    return any(re.compile(pattern).search(xml, start, end) for pattern in patterns)


def _first_far(xml: bytes) -> Place | None:
    for place, tag, content in _cells(xml):
        if (place[0] >= MOST_ROWS or place[1] >= MOST_COLUMNS) and (b"is>" in content or _has_value(tag, content)):
            return place
    return None


def _hidden(xml: bytes, facts: _Facts) -> _Facts:
    rows: set[int] = set()
    columns: set[int] = set()
    row = 0
    for kind, tag in re.findall(rb"<(?:\w+:)?(row|col)(?=[\s/>])([^>]*)", xml):
        size = _attribute(tag, b"ht" if kind == b"row" else b"width")
        hidden = _attribute(tag, b"hidden") in (b"1", b"true") or re.fullmatch(rb"0(\.0*)?", size)
        if kind == b"row":
            row = _number(tag, b"r") or row + 1
            if hidden:
                rows.add(row - 1)
        elif hidden:
            columns.update(range(_number(tag, b"min") - 1, min(_number(tag, b"max"), MOST_COLUMNS)))
    return facts._replace(hidden_rows=frozenset(rows), hidden_columns=frozenset(columns))


def _formulas(xml: bytes, facts: _Facts) -> _Facts:
    uncalculated = set()
    linked = []
    groups = set()
    for place, tag, content in _cells(xml):
        formula = re.search(rb"<(?:\w+:)?f(?=[\s/>])([^<>]*)>([^<]*)", content)
        if not formula:
            continue
        if not _has_value(tag, content[formula.end() :]):
            uncalculated.add(place)
        # The cells of a shared formula name its group; only the first has the text. What is in quotes is no link.
        group = _attribute(formula[1], b"si")
        text = re.sub(rb'"[^"]*"', b"", formula[2].replace(b"&quot;", b'"'))
        if _OTHER_BOOK.search(text) or (group and group in groups):
            linked.append(place)
            groups.add(group)
    return facts._replace(uncalculated=frozenset(uncalculated), linked=tuple(linked))


def _cells(xml: bytes) -> Iterator[tuple[Place, bytes, bytes]]:
    """Place, tag and content of every cell that is more than a format."""
    row, column = -1, -1
    kinds = rb"row|c"
    if not re.search(_NO_PLACE, xml):
        # When every cell names its place, the rows and the blank cells, often most of a sheet, say nothing more.
        kinds, xml = rb"c", re.sub(rb'<c r="\w+"(?: s="\d+")?/>', b"", xml)
    tags = re.compile(rb"<(?:\w+:)?(%s)(?=[\s/>])([^>]*)|\Z" % kinds).finditer(xml, 0, max(xml.rfind(b"sheetData"), 0))
    for tag, after in pairwise(tags):
        names = re.findall(rb"\sr\s*=\s*[\"']([^\"']*)", tag[2])
        name = re.fullmatch(rb"([A-Za-z]{0,3})([1-9]\d{0,6})", names[0]) if names else None
        # "<", ">" or "r=" within quotes would mean one thing here and another to calamine.
        if len(names) > (name is not None) or b"<" in tag[2] or tag[2].count(b'"') % 2 or tag[2].count(b"'") % 2:
            raise Refusal(DAMAGED)
        if tag[1] == b"row":
            row, column = int(name[2]) - 1 if name else row + 1, -1
            continue
        place = row, column = row, column + 1
        if name:
            column = -1
            for letter in name[1].upper():
                column = (column + 1) * 26 + letter - ord("A")
            place = int(name[2]) - 1, column
        if not tag[2].endswith(b"/"):
            yield place, tag[2], xml[tag.end() : after.start()]


def _has_value(tag: bytes, content: bytes) -> bool:
    value = re.search(rb"<(?:\w+:)?v(?=[\s/>])[^<>]*>([^<]*)", content)
    return value is not None and (value[1].strip() != b"" or _attribute(tag, b"t") == b"str")


def _attribute(tag: bytes, name: bytes) -> bytes:
    match = re.search(rb"\s%s\s*=\s*[\"']([^\"']*)" % name, tag)
    return match[1] if match else b""


def _number(tag: bytes, name: bytes) -> int:
    digits = _attribute(tag, name)
    return int(digits) if digits.isdigit() and len(digits) < 8 else 0
