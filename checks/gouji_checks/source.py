"""Where sheets come from: a file or memory, and every reason why a file cannot be read, in Chinese."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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
    records,
    seems,
)

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[list[object]]
Place = tuple[int, int]

MOST_CELLS = 2_000_000
"""In all sheets together, blank ones within the filled area included: calamine allocates them all."""


class Unreadable(Exception):
    """A file that cannot be opened; its text is one Chinese sentence: which file, what is wrong, what to do."""


class Sheet(NamedTuple):
    """One worksheet: its values from A1 ("" for an empty cell, errors as text) and what they do not show.

    Rows and columns count from 0. A cell without a value may lie outside `rows`.
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
            if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
                if path.suffix.lower() in (".et", ".ett"):
                    raise Refusal("文件是 WPS 表格的 .et 格式，请在 WPS 中打开，另存为 .xlsx")
                return _read_xls(data)
            raise seems(data)
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


class _Facts(NamedTuple):
    """What the XML of a worksheet says that calamine does not; `far` is its last cell if that is out of reach."""

    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncalculated: frozenset[Place] = frozenset()
    linked: tuple[Place, ...] = ()
    far: Place | None = None


def _read_package(data: bytes) -> Workbook:
    package = Package(data)
    facts: list[_Facts | None] = []
    for worksheet in package.worksheets:
        if worksheet is None:
            facts.append(None)
            continue
        part, name = worksheet
        xml = package.read(part)
        facts.append(_examine(xml))
        package.keep(name, _with_errors_as_text(xml))
    sheets = _parse(package.kept(), [None if fact is None else fact.far for fact in facts])
    return Workbook(
        [
            Sheet(name, rows, visible, *fact[:-1])
            for (name, visible, rows), fact in zip(sheets, facts, strict=True)
            if fact is not None
        ],
        package.macros,
        package.links,
    )


def _read_xls(data: bytes) -> Workbook:
    found = records(data)
    sheets = []
    for errors, (name, visible, rows) in zip(
        found.errors, _parse(data, [None] * len(found.errors)), strict=True
    ):
        for (row, column), error in errors.items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = error
        sheets.append(Sheet(name, rows, visible))
    return Workbook(sheets, found.macros, unexamined=("隐藏的行和列", "公式是否已计算", "对其他工作簿的引用"))


def _parse(data: bytes, far: Sequence[Place | None]) -> list[tuple[str, bool, Rows]]:
    """Name, visibility and rows of every sheet, rows empty for those that are not worksheets."""
    from io import BytesIO

    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sheets = []
    room = MOST_CELLS
    about = ""
    try:
        with _silence():
            book = CalamineWorkbook.from_filelike(BytesIO(data))
            for number, (sheet, last) in enumerate(zip(book.sheets_metadata, far, strict=True)):
                rows: Rows = []
                if sheet.typ == SheetTypeEnum.WorkSheet:
                    about = f"工作表“{sheet.name}”"
                    if last is not None:
                        raise Refusal(beyond(about, *last))
                    content = book.get_sheet_by_index(number)
                    height, width = content.total_height, content.total_width
                    if height > MOST_ROWS or width > MOST_COLUMNS:
                        raise Refusal(beyond(about, height - 1, width - 1))
                    room -= height * width
                    if room < 0:
                        raise Refusal(
                            f"各工作表合计超过 {MOST_CELLS // 10_000} 万个单元格，不像预算表，请删去无关内容后另存"
                        )
                    rows = cast(Rows, content.to_python(skip_empty_area=False))
                sheets.append((sheet.name, sheet.visible == SheetVisibleEnum.Visible, rows))
    except Refusal:
        raise
    except BaseException as error:
        # A Rust panic arrives as an exception that is not an Exception; anything else of that kind is not ours.
        if not isinstance(error, Exception) and type(error).__module__ != "pyo3_runtime":
            raise
        raise Refusal(f"{about}的内容无法读取，{DAMAGED}" if about else DAMAGED) from error
    if not any(rows for _, _, rows in sheets) and not sheets:
        raise Refusal("文件中没有工作表，请重新索取")
    return sheets


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


# Plain searches that find nothing in a clean sheet come first, as a sheet is to be examined in microseconds; only
# when one finds something is the XML taken apart.
_ROW_TAGS = re.compile(rb"<row[^>]*")
_FAR = re.compile(rb'r="(?:\d{4}|[^"\d]{3}|[^"]{5})')
_VERY_FAR = re.compile(rb'r="(?:[^"\d]{3}|[^"\d]{0,2}\d{5})|<c(?! r=")[ />]')
_NO_VALUE = re.compile(rb"</f>(?!<v>[^<])")
_NO_SHARED_VALUE = re.compile(rb"<f [^>]*/>(?!<v>[^<])")
_OTHER_BOOK = re.compile(rb"(?<![\w\]\[\x80-\xff])\[\d+\]")


def _examine(xml: bytes) -> _Facts:
    """What a worksheet's XML says that calamine does not; refuses what calamine would misread or choke on."""
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    if end < 0:
        # Nothing in it, or a namespace prefix (<x:sheetData>) to which the plain searches are blind.
        return _Facts(*_hidden(xml), *_formulas(xml), _last(xml))
    if b"!" in xml and b"<!" in xml[start:]:
        raise Refusal("工作表中夹有注释或 CDATA，其中的数字会漏读，请用 Excel 或 WPS 打开后另存")
    marks = xml[:start] + b"".join(_ROW_TAGS.findall(xml, start))
    hidden = b"hidden" in marks or b' ht="0' in marks or b' width="0' in marks or b"'" in marks
    quoted = b"'" in xml and b"='" in xml
    far = quoted or len(xml) > 65536 or _FAR.search(xml, start, end)
    formulas = (
        any(not _is_empty_text(xml, match.end()) for match in _NO_VALUE.finditer(xml, start))
        or (
            b" si=" in xml
            and any(not _is_empty_text(xml, m.end()) for m in _NO_SHARED_VALUE.finditer(xml, start))
        )
        or (b"[" in xml and _OTHER_BOOK.search(xml, start))
    )
    return _Facts(
        *(_hidden(xml) if hidden else (frozenset(), frozenset())),
        *(_formulas(xml) if formulas else (frozenset(), ())),
        _last(xml) if far and (quoted or _VERY_FAR.search(xml, start, end)) else None,
    )


def _is_empty_text(xml: bytes, at: int) -> bool:
    """Whether the formula that ends here came to "", which is a value."""
    cell = xml.rfind(b"<c ", 0, at)
    return xml.startswith(b"<v></v>", at) and b't="str"' in xml[cell : xml.find(b">", cell)]


def _attribute(name: bytes, tag: bytes) -> bytes:
    match = re.search(rb"\s" + name + rb"\s*=\s*[\"']([^\"']*)", tag)
    return match[1] if match else b""


def _hidden(xml: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """The hidden rows and columns."""
    columns: set[int] = set()
    rows = set()
    row = 0
    for name, tag in re.findall(rb"<(?:\w+:)?(row|col)(?=[\s/>])([^>]*)", xml):
        hidden = _attribute(b"hidden", tag) in (b"1", b"true")
        hidden = (
            hidden
            or re.fullmatch(rb"0(\.0*)?", _attribute(b"ht" if name == b"row" else b"width", tag)) is not None
        )
        if name == b"row":
            row = _number(_attribute(b"r", tag)) or row + 1
            if hidden:
                rows.add(row - 1)
        elif hidden:
            columns.update(
                range(
                    _number(_attribute(b"min", tag)) - 1, min(_number(_attribute(b"max", tag)), MOST_COLUMNS)
                )
            )
    return frozenset(rows), frozenset(columns)


def _number(text: bytes) -> int:
    return int(text) if text.isdigit() and len(text) < 8 else 0


def _cells(xml: bytes) -> Iterator[tuple[Place, bytes, bytes]]:
    """Place, tag and content of every cell that is more than a format."""
    tags = list(re.finditer(rb"<(?:\w+:)?(row|c|/sheetData)(?=[\s/>])([^>]*)>", xml))
    row, column = -1, 0
    for tag, after in zip(tags, tags[1:], strict=False):
        attributes = tag[2]
        reference = re.fullmatch(rb"([A-Za-z]{0,3})([1-9]\d{0,6})", _attribute(b"r", attributes))
        # A quoted ">" ends the tag too soon for us, but not for calamine.
        if (
            attributes.count(b'"') % 2
            or attributes.count(b"'") % 2
            or (not reference and b" r=" in attributes)
        ):
            raise Refusal(DAMAGED)
        if tag[1] == b"row":
            row, column = int(reference[2]) - 1 if reference else row + 1, 0
        elif tag[1] == b"c":
            place = row, column
            if reference:
                column = 0
                for letter in reference[1].upper():
                    column = column * 26 + letter - 64
                column -= 1
                place = int(reference[2]) - 1, column
            column += 1
            if not attributes.endswith(b"/"):
                yield place, attributes, xml[tag.end() : after.start()]


def _value(tag: bytes, content: bytes) -> bool:
    """Whether a cell has a value, the empty text included."""
    value = re.search(rb"<(?:\w+:)?v(?=[\s/>])[^>]*>([^<]*)", content)
    return value is not None and (value[1].strip() != b"" or _attribute(b"t", tag) == b"str")


def _formulas(xml: bytes) -> tuple[frozenset[Place], tuple[Place, ...]]:
    """The formulas without a value, and those that refer to another workbook."""
    uncalculated = set()
    linked = []
    shared = set()
    for place, tag, content in _cells(xml):
        formula = re.search(rb"<(?:\w+:)?f(?=[\s/>])([^>]*)>([^<]*)", content)
        if not formula:
            continue
        if not _value(tag, content):
            uncalculated.add(place)
        group = _attribute(b"si", formula[1])
        # What stands in quotes is text, not a reference.
        text = re.sub(rb'"[^"]*"', b"", formula[2].replace(b"&quot;", b'"'))
        if group in shared or _OTHER_BOOK.search(text):
            linked.append(place)
            if group:
                shared.add(group)
    return frozenset(uncalculated), tuple(linked)


def _last(xml: bytes) -> Place | None:
    """The first cell with a value that lies out of reach."""
    for (row, column), tag, content in _cells(xml):
        if (row >= MOST_ROWS or column >= MOST_COLUMNS) and (
            _value(tag, content) or b"<is" in content or b":is" in content
        ):
            return row, column
    return None


def _with_errors_as_text(xml: bytes) -> bytes:
    """Error values made text, since calamine reads most as an empty cell and fails on the newer ones."""
    if b't="e"' in xml or b"t='e'" in xml:
        return re.sub(rb"(<(?:\w+:)?c\s[^>]*\bt=[\"'])e(?=[\"'])", rb"\1str", xml)
    return xml
