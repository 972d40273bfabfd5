"""The list of departments that templates are given out to, from a workbook or a .csv; every problem is told at once."""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from operator import itemgetter
from typing import NamedTuple

from gouji_checks.amount import ERROR_VALUES
from gouji_checks.refusal import Refusal
from gouji_checks.source import FileSource, Unreadable, contents
from gouji_templates import csv_file
from gouji_templates.content import CODE, DEPARTMENT, UNIT_KIND
from gouji_templates.distribute import Department, clashes
from gouji_templates.form import Form
from gouji_templates.manifest import PRIOR
from gouji_templates.wording import fold

HEADINGS = {
    DEPARTMENT: ("部门名称", "单位名称", "预算单位名称", "部门全称", "单位全称", "部门", "预算单位", "单位", "名称"),
    CODE: ("部门编码", "单位编码", "预算单位编码", "部门代码", "单位代码", "预算单位代码", "编码", "代码"),
    UNIT_KIND: ("单位性质", "部门性质", "单位类型", "单位类别", "性质"),
    PRIOR: ("上年工作簿", "上年文件", "上年预算公开表"),
}
"""What each column may be called, the name we use first."""

_OPTIONAL = frozenset({PRIOR})
_HEAD_ROWS = 10
_LONGEST_NAME, _LONGEST_CODE = 80, 40
"""No department's name is as long; an empty table's sentence with a longer one would not fit its row."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
"""Categories of characters that nobody sees: control and format characters, line ends, what is no character."""


class ListError(ValueError):
    """A list that cannot be used; `problems` are Chinese sentences without their full stop, in order of the rows."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class _Columns(NamedTuple):
    """Where the columns of a list stand: the row of the headings, and each column's place by its name."""

    rows: list[list[object]]
    heading: int
    places: dict[str, int]


def read(path: str, form: Form, year: int) -> list[Department]:
    """The departments in the order of the list; raises ListError with all that is wrong with it."""
    shown = os.path.basename(path) or path
    columns = _find(_tables(path, shown), shown)
    missing = [name for name in HEADINGS if name not in _OPTIONAL and name not in columns.places]
    if missing:
        raise ListError([f"名单“{shown}”第 {columns.heading + 1} 行缺少“{'”“'.join(missing)}”栏，请补上"])
    departments = list(_departments(columns, {fold(kind): kind for kind in form.unit_kinds}))
    if not departments:
        raise ListError([f"名单“{shown}”第 {columns.heading + 1} 行是表头，下面没有部门"])
    found = [(one.row, problem) for one in departments for problem in _own(one, form, os.path.dirname(path))]
    found += [(one.row, problem) for one, problem in _repeated(departments, year)]
    if found:
        found.sort(key=itemgetter(0))
        raise ListError(f"名单“{shown}”第 {row} 行：{problem}" for row, problem in found)
    return departments


def _tables(path: str, shown: str) -> list[list[list[object]]]:
    """The rows of every sheet, or of the .csv, told apart by content."""
    try:
        data = contents(path, shown)
        if data.strip() and not data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
            with suppress(csv_file.NoTextError):
                return [[list(row) for row in csv_file.rows(data, DEPARTMENT)]]
        return [sheet.rows for sheet in FileSource(path).read().sheets]
    except (Refusal, Unreadable) as error:
        reason = str(error).removeprefix(f"{shown}：").rstrip("。")
        raise ListError([f"名单“{shown}”读不出来，应为 .xlsx、.xls 或 .csv：{reason}"]) from error


def _find(tables: list[list[list[object]]], shown: str) -> _Columns:
    """The row near the top of a sheet with the most of the headings, the name of the department among them."""
    found = [
        _Columns(rows, number, places)
        for rows in tables
        for number, row in enumerate(rows[:_HEAD_ROWS])
        if (places := _places(row)) and (len(places) > 1 or DEPARTMENT in places)
    ]
    if not found:
        raise ListError([f"“{shown}”不像部门名单：前 {_HEAD_ROWS} 行没有“{DEPARTMENT}”“{CODE}”“{UNIT_KIND}”这样的表头"])
    return max(found, key=lambda columns: len(columns.places))


def _places(row: list[object]) -> dict[str, int]:
    texts = [fold(cell) if isinstance(cell, str) else "" for cell in row]
    return {
        name: texts.index(first)
        for name, called in HEADINGS.items()
        if (first := next((text for text in map(fold, called) if text in texts), ""))
    }


def _departments(columns: _Columns, kinds: dict[str, str]) -> Iterator[Department]:
    for number, row in enumerate(columns.rows[columns.heading + 1 :], columns.heading + 2):
        texts = {name: _text(row[place]) if place < len(row) else "" for name, place in columns.places.items()}
        if any(texts.values()):
            kind = kinds.get(fold(texts[UNIT_KIND]), texts[UNIT_KIND])
            yield Department(texts[DEPARTMENT], texts[CODE], kind, texts.get(PRIOR, ""), number)


def _text(cell: object) -> str:
    """A cell as text: a code that Excel took for a number has no decimals."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _own(department: Department, form: Form, folder: str) -> Iterator[str]:
    """What is wrong with a row by itself."""
    if not department.name:
        yield f"{DEPARTMENT}为空"
    yield from _name_problems(department.name, DEPARTMENT, _LONGEST_NAME)
    yield from _name_problems(department.code, CODE, _LONGEST_CODE)
    if department.kind not in form.unit_kinds:
        said = f"“{department.kind}”不能用" if department.kind else "为空"
        yield f"{UNIT_KIND}{said}，应为{'、'.join(form.unit_kinds)}之一"
    if department.prior and not os.path.isfile(os.path.join(folder, department.prior)):
        yield f"{PRIOR}“{department.prior}”不存在，路径应从名单所在的文件夹写起"


def _name_problems(text: str, what: str, longest: int) -> Iterator[str]:
    unseen = next((sign for sign in text if unicodedata.category(sign) in _UNSEEN), "")
    if unseen:
        kind = "换行" if unseen in "\r\n" else f"看不见的字符（U+{ord(unseen):04X}）"
        yield f"{what}“{''.join(sign for sign in text if unicodedata.category(sign) not in _UNSEEN)}”中有{kind}，请删去"
    if text.upper() in ERROR_VALUES:
        yield f"{what}是出错的公式 {text}"
    elif text.startswith(("=", "+", "-", "@")):
        # Excel would compute such a name when it opens the manifest.
        yield f"{what}“{text}”以“{text[0]}”开头，会被当成公式，请改正"
    if len(text) > longest:
        yield f"{what}有 {len(text)} 个字，超过 {longest} 个，请用规范的全称"


def _repeated(departments: list[Department], year: int) -> Iterator[tuple[Department, str]]:
    seen: dict[tuple[str, str], Department] = {}
    for department in departments:
        for what, text in ((DEPARTMENT, department.name), (CODE, department.code)):
            first = seen.setdefault((what, fold(text)), department) if text else department
            if first is not department:
                yield department, f"{what}“{text}”与第 {first.row} 行重复"
    for department, other in clashes(departments, year):
        if fold(department.name) != fold(other.name):
            yield department, f"文件名与第 {other.row} 行的“{other.name}”相同，请改正名称或写上编码"
