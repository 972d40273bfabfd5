"""Where sheets come from: a file or memory, and every reason why a file cannot be read, in Chinese."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from stat import S_ISDIR, S_ISREG
from typing import NamedTuple, Protocol, cast

from gouji_checks.legacy import legacy
from gouji_checks.package import Package
from gouji_checks.refusal import DAMAGED, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Refusal, beyond, seems
from gouji_checks.worksheet import Facts, Place, examine

Rows = list[list[object]]

_NOTHING = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData></sheetData></worksheet>'
)

MOST_CELLS = 2_000_000
"""In all sheets together, blank ones within the filled area included: calamine allocates them all."""

HIDDEN, UNCALCULATED, LINKS = "隐藏的行和列", "公式是否已计算", "对其他工作簿的引用"
MACROS, ALTERED = "宏", "公式是否被改动"
"""What a source may be unable to look at."""


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
    properties: tuple[tuple[str, str], ...] = ()
    """The custom properties of the file, by name."""
    xml: Callable[[str], bytes] | None = None
    """Reads the XML of a worksheet, by its name; None where the source has none."""
    unseen: str = "旧版 .xls 文件看不出{}，请另存为 .xlsx 再核对"
    """How to say that something could not be looked at, and what to do."""


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
    """An .xlsx, .xlsm or .xls file, told apart by content because departments rename them.

    The sheets of an .xlsx that are `unread` come without their values.
    """

    def __init__(self, path: str, unread: Collection[str] = ()) -> None:
        self._path = path
        self._unread = unread

    def read(self) -> Workbook:
        name = os.path.basename(os.path.normpath(self._path)) or self._path
        try:
            data = contents(self._path, name)
            if data.startswith(b"PK"):
                return read_package(data, self._unread)
            if not data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
                raise seems(data)
            if name.lower().endswith((".et", ".ett")):
                raise Refusal("文件是 WPS 表格的 .et 格式，请在 WPS 中打开，另存为 .xlsx")
            return _read_legacy(data)
        except Refusal as refusal:
            # A name that is not valid UTF-8 could not be printed.
            shown = name.encode("utf-8", "replace").decode()
            raise Unreadable(f"{shown}：{refusal}。") from refusal


def contents(path: str, name: str) -> bytes:
    """The bytes of a file of this name; raises Refusal where there are none to be had."""
    if name.startswith("~$"):
        raise Refusal("这是打开文件时生成的临时文件，请选择名称中不带“~$”的原文件")
    try:
        status = os.stat(path)
        if S_ISDIR(status.st_mode):
            raise Refusal("这是文件夹，请选择其中的 .xlsx 或 .xls 文件")
        # Opening a pipe would wait for its writer for ever.
        if not S_ISREG(status.st_mode):
            raise Refusal("这不是普通文件，请选择 .xlsx 或 .xls 文件")
        if status.st_size > MOST_BYTES:
            raise Refusal(f"文件超过 {MOST_BYTES // 1_000_000} MB，不像预算表，请删去图片等附加内容后另存")
        with open(path, "rb", buffering=0) as file:
            return file.readall()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refusal("文件不存在，请检查路径和文件名") from error
    except PermissionError as error:
        raise Refusal("没有读取权限，或正被其他程序占用，请检查权限或关闭打开它的程序") from error
    except (OSError, ValueError) as error:
        raise Refusal("系统打不开这个文件，请检查路径，或复制到本机磁盘再试") from error


def read_package(data: bytes, unread: Collection[str] = ()) -> Workbook:
    """The workbook that an .xlsx or .xlsm file holds, without the values of the sheets that are `unread`; raises
    Refusal for one that can't be read."""
    package = Package(data)
    facts: list[Facts | None] = []
    for worksheet in package.worksheets:
        if worksheet is None:
            facts.append(None)
            continue
        fact, text = (Facts(), _NOTHING) if worksheet.name in unread else examine(package.read(worksheet.part))
        package.keep(worksheet.kept, text)
        facts.append(fact)
    values = _values(package.kept(), [fact and fact.far for fact in facts])
    sheets = [
        Sheet(name, rows, visible, *fact[1:]) for (name, rows, visible), fact in zip(values, facts, strict=True) if fact
    ]
    return Workbook(sheets, package.macros, package.links, (), package.properties(), package.worksheet)


def _read_legacy(data: bytes) -> Workbook:
    sheets, macros = legacy(data)
    values = _values(data, [None] * len(sheets))
    for (_, rows, _), errors in zip(values, sheets, strict=True):
        for (row, column), error in errors.items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = error
    return Workbook([Sheet(*value) for value in values], macros, unexamined=(HIDDEN, UNCALCULATED, LINKS, ALTERED))


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
