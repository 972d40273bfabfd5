"""Line items (预算明细) as a budget system exports them, read whole or refused with everything that is wrong."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gouji_checks.amount import FEN
from gouji_checks.amount import read as read_amount
from gouji_checks.detail_head import (
    AMOUNT,
    CODE_FIELDS,
    ECONOMIC,
    FUNCTION,
    FUNDING,
    NEEDED,
    PROJECT,
    SPENDING,
    UNIT,
    WITHIN,
    DetailHead,
    is_blank,
    read_head,
)
from gouji_checks.finding import Address
from gouji_checks.labels import read_label
from gouji_checks.source import Sheet, Workbook
from gouji_templates.classification import Codes
from gouji_templates.content import DETAIL
from gouji_templates.form import CODED, LEVELS, Form, Funding, Spending
from gouji_templates.wording import fold

_EXAMPLES = {"functional": "2011301", "economic": "30101"}
_PART = "小计"
_TOTALS = frozenset({"合计", "总计", "总合计", _PART})
_NUMBERED = re.compile(r"^[\d\-_.:、()]+(?=\D)")
"""The number that an export puts before a term: 11-一般公共预算."""

_UNIT_CODE = re.compile(r"^\d+[\s\-_.:：、]+(?=\D)")
"""The same before the name of a unit, which may itself begin with a number (120急救中心)."""

_ODD = {
    "text": "是文本，不是数字，请把这一栏改成数值格式",
    "unreadable": "不是数字，请改填数字",
    "error": "是公式的错误，请改正公式或改填数字",
    "negative": "是负数，请改填正数；调减的请与原来的一行合并",
}
_EXACT = 0.01
"""How far, in 分, a number may be from a whole 分 because a computer can't hold it better."""


class LineItem(NamedTuple):
    """One line item: `unit` is blank for the department itself, `project` for basic spending; `fen` is in 分."""

    unit: str
    code: str
    funding: Funding
    spending: Spending
    project: str
    economic: str
    fen: int


class Detail(NamedTuple):
    """Line items, and the names of the codes they were read with."""

    entries: tuple[LineItem, ...]
    codes: Codes


class DetailError(ValueError):
    """Line items that can't be used; `problems` says in one Chinese sentence each where, what and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def find(workbook: Workbook) -> Sheet | None:
    """The sheet with line items: the one of that name, else one with all its headings; None where it was left empty."""
    for sheet in sorted(workbook.sheets, key=lambda sheet: fold(sheet.name) != DETAIL):
        head = read_head(sheet.rows)
        if not head.missing and head.has_rows(sheet):
            return sheet
        named = fold(sheet.name) == DETAIL
        if head.missing and named and not all(is_blank(cell) for row in sheet.rows for cell in row):
            return sheet
    return None


def read(sheet: Sheet, form: Form, codes: Codes) -> Detail:
    """The sheet's line items, those of nothing (0.00) left out.

    Raises DetailError with every problem there is.
    """
    head = read_head(sheet.rows)
    if len(head.missing) > len(NEEDED) // 2:
        raise DetailError([f"{sheet.name}：前 {WITHIN} 行没有找到栏名，应有{_listed(NEEDED)}各栏"])
    if head.missing:
        raise DetailError([f"{sheet.name}第{head.row + 1}行：栏名中缺少{_listed(head.missing)}，请补上这一栏"])
    reader = _Reader(sheet, head, form, codes)
    entries = tuple(reader.entries())
    if reader.problems:
        raise DetailError(reader.problems)
    if not entries:
        raise DetailError([f"{sheet.name}：栏名下面没有金额不为零的明细，请一行填一笔"])
    return Detail(entries, codes)


def _listed(words: Sequence[str]) -> str:
    return "、".join(f"“{word}”" for word in words)


class _Reader:
    """Reads the rows below the headings, noting every problem."""

    def __init__(self, sheet: Sheet, head: DetailHead, form: Form, codes: Codes) -> None:
        self.sheet = sheet
        self.head = head
        self.form = form
        self.codes = codes
        self.problems: list[str] = []
        self._funding = {fold(text): each for each in form.funding for text in (each.name, *each.aliases)}
        self._classes = {spec.id for block in form.blocks if block.kind == "classes" for spec in block.rows}
        self._known: dict[tuple[str, object], str] = {}
        """What was made of a code cell before: its code, or what is wrong with it."""

    def entries(self) -> Iterator[LineItem]:
        """The line items in order; a stated 合计 is compared with their sum once all are read without a problem."""
        total = 0
        stated: list[tuple[int, int]] = []
        for number in range(self.head.row + 1, len(self.sheet.rows)):
            cells = {field: self.sheet.rows[number][place] for field, place in self.head.columns.items()}
            if all(map(is_blank, cells.values())) and not self._uncalculated(number):
                continue
            words = _summing(cells[FUNCTION], self.sheet.rows[number])
            if words == _PART:
                self._problem(number, None, "是小计行，请删去，只留一笔一笔的明细")
            elif words:
                fen = None if is_blank(cells[AMOUNT]) else self._amount(number, cells[AMOUNT])
                stated += [] if fen is None else [(number, fen)]
            elif entry := self._entry(number, cells):
                total += entry.fen
                if entry.fen:
                    yield entry
        for number, fen in stated if not self.problems else ():
            if fen != total:
                words = f"合计是 {_yuan(fen)} 元，各行相加是 {_yuan(total)} 元，请核对有无漏行或填错"
                self._problem(number, AMOUNT, words)

    def _uncalculated(self, number: int) -> bool:
        return (number, self.head.columns[AMOUNT]) in self.sheet.uncalculated

    def _problem(self, number: int, field: str | None, words: str) -> None:
        if field is None or field not in self.head.columns:
            self.problems.append(f"{self.sheet.name}第{number + 1}行：{words}")
        else:
            place = Address(self.sheet.name, number, self.head.columns[field])
            self.problems.append(f"{place}：{words}")

    def _entry(self, number: int, cells: dict[str, object]) -> LineItem | None:
        """The row's line item; None, with the problems noted, where it has any."""
        words = [_text(cell) for cell in cells.values() if not is_blank(cell)]
        if all(is_blank(cells[field]) for field in (FUNCTION, FUNDING, SPENDING, ECONOMIC, AMOUNT)) and words:
            self._problem(number, None, f"只有{_listed(words)}，不是一笔明细，请补全，或删去这一行")
            return None
        before = len(self.problems)
        code = self._code(number, FUNCTION, cells[FUNCTION])
        funding = self._source(number, cells[FUNDING])
        spending = self._kind(number, cells[SPENDING])
        economic = self._code(number, ECONOMIC, cells[ECONOMIC])
        fen = self._amount(number, cells[AMOUNT])
        project = _text(cells[PROJECT])
        if spending and economic and economic[:3] not in spending.classes:
            allowed = "、".join(spending.classes)
            self._problem(
                number, ECONOMIC, f"{spending.name}不能用经济分类 {economic}，应为 {allowed} 类，请核对编码或支出类型"
            )
        if spending and not spending.item and not project:
            self._problem(number, PROJECT, f"{spending.name}没有填项目名称，请补上")
        if len(self.problems) > before or funding is None or spending is None or fen is None:
            return None
        unit = _UNIT_CODE.sub("", _text(cells[UNIT])) if UNIT in cells else ""
        return LineItem(unit, code, funding, spending, "" if spending.item else project, economic, fen)

    def _code(self, number: int, field: str, cell: object) -> str:
        """The code in this cell; nothing, with the problem noted, where it is no code of the lowest level."""
        known = self._known.get((field, cell))
        if known is None:
            known = self._known[field, cell] = self._look_up(field, cell)
        if known.isdigit():
            return known
        self._problem(number, field, known)
        return ""

    def _look_up(self, field: str, cell: object) -> str:
        kind = CODE_FIELDS[field]
        lengths = CODED[kind]
        level = f"{LEVELS[len(lengths) - 1]}级（{lengths[-1]} 位，如 {_EXAMPLES[kind]}）"
        label = read_label(kind, None, (cell,))
        if label is None:
            return f"没有填{field}，请填{level}"
        code = label.code
        if not code:
            return f"“{_text(cell)}”里没有科目编码，请填{level}"
        if len(code) != lengths[-1]:
            return f"“{_text(cell)}”不是{field.removesuffix('编码')}的{level}编码，请改正"
        listed = self.codes[kind]
        for part in (code, *(code[:length] for length in lengths)):
            if part not in listed:
                upper = "" if part == code else f"的上级 {part} "
                return f"科目 {code} {upper}没有收录，请核对编码；确有这个科目的，用 --codes 提供完整的科目表"
        if kind == "functional" and code[:3] not in self._classes:
            return f"科目 {code} 所属的类 {code[:3]} 不在公开表样中，请核对编码"
        return code

    def _source(self, number: int, cell: object) -> Funding | None:
        text = fold(_text(cell))
        found = self._funding.get(text) or self._funding.get(_NUMBERED.sub("", text))
        if found is None:
            said = f"资金来源“{_text(cell)}”不认识" if text else "没有填资金来源"
            allowed = "、".join(each.name for each in self.form.funding)
            self._problem(number, FUNDING, f"{said}，应为下列之一：{allowed}")
        return found

    def _kind(self, number: int, cell: object) -> Spending | None:
        text = _NUMBERED.sub("", fold(_text(cell)))
        rest = _NUMBERED.sub("", text.removeprefix("基本支出").lstrip("-_.:、"))
        for spending in self.form.spending:
            if rest.startswith(spending.beginnings):
                return spending
        said = f"支出类型“{_text(cell)}”不认识" if text else "没有填支出类型"
        allowed = "、".join(each.name for each in self.form.spending)
        self._problem(number, SPENDING, f"{said}，应为下列之一：{allowed}")
        return None

    def _amount(self, number: int, cell: object) -> int | None:
        unit = self.head.unit
        fen, odd = read_amount(cell, unit, len(str(FEN[unit])) - 1)
        if odd and odd.kind in _ODD:
            self._problem(number, AMOUNT, f"金额“{odd.shown}”{_ODD[odd.kind]}")
            return None
        if fen is None:
            waiting = "金额的公式没有计算结果，请用 Excel 或 WPS 打开文件，保存一次"
            missing = "没有填金额，请补上，或删去这一行"
            self._problem(number, AMOUNT, waiting if self._uncalculated(number) else missing)
            return None
        if isinstance(cell, float) and abs(cell * FEN[unit] - fen) > _EXACT:
            self._problem(number, AMOUNT, f"金额 {cell:.15g} {unit}比分还细，请四舍五入到分")
            return None
        return fen


def _summing(code: object, row: Sequence[object]) -> str:
    """合计 or 小计 where a row is one: it has no code, and says so."""
    if any(char.isdigit() for char in str(code)):
        return ""
    texts = (fold(cell) for cell in row if isinstance(cell, str))
    return next((text for text in texts if text in _TOTALS), "")


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
