"""The language that relations are written in: 表5[总计].基本支出 = 表6[总计].合计.

A formula is two sums of references with =, ≤ or ≥ between. A reference names a table (or one side of it: 表4支出), a
row and a column. The row is a row's id, a code, 总计, or a quantifier: 每行, 每类, 每款, 每项 (the same key on every
side), 每上级 with 其下级 (a row and the rows that roll up into it). 每栏 as column means each column in turn.
"""

import re
from typing import NamedTuple

from gouji_templates.form import CODED, LEVELS, Block, Form

EACH = frozenset({"每行", "每类", "每款", "每项", "每上级"})
CHILDREN = "其下级"
EVERY_COLUMN = "每栏"
OPERATORS = {"=": "=", "≤": "≤", "<=": "≤", "≥": "≥", ">=": "≥", "≠": "≠", "!=": "≠"}

_TOKEN = re.compile(
    r"(?:(?P<ref>(?P<table>表[^\[\]\s]+)\[(?P<row>[^\]]*)\]\.(?P<column>[^\s+\-=≤≥≠<>!]+))"
    r"|(?P<op><=|>=|!=|[=≤≥≠])|(?P<sign>[+\-])|(?P<zero>0))"
)


class FormulaError(ValueError):
    """A formula that can't be read or that names something the form does not have; says where."""


class Term(NamedTuple):
    """One reference: `column` is None for 每栏, `row` a quantifier, an id, a code or 总计."""

    sign: int
    block: Block
    row: str
    column: int | None

    @property
    def text(self) -> str:
        """The reference as the catalogue writes it."""
        column = EVERY_COLUMN if self.column is None else self.block.columns[self.column].name
        return f"{self.block.name}[{self.row}].{column}"


class Formula(NamedTuple):
    """Left and right sums and the sign between; `each` is the quantifier, if any."""

    text: str
    left: tuple[Term, ...]
    operator: str
    right: tuple[Term, ...]
    each: str


def parse(text: str, form: Form) -> Formula:
    """The formula, resolved against the form; raises FormulaError with the position of the mistake."""
    sides: list[list[Term]] = [[]]
    operator = ""
    sign, expect_term, position = 1, True, 0
    stripped = text.rstrip()
    while position < len(stripped):
        if stripped[position].isspace():
            position += 1
            continue
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise FormulaError(f"公式“{text}”第 {position + 1} 个字符起读不懂：{stripped[position : position + 12]}")
        where = f"公式“{text}”第 {position + 1} 个字符处"
        if match["op"]:
            if operator or expect_term:
                raise FormulaError(f"{where}不应有“{match['op']}”")
            operator, expect_term = OPERATORS[match["op"]], True
            sides.append([])
        elif match["sign"]:
            if expect_term:
                raise FormulaError(f"{where}“{match['sign']}”前少了一项")
            sign, expect_term = (1 if match["sign"] == "+" else -1), True
        elif not expect_term:
            raise FormulaError(f"{where}少了运算符号")
        elif match["zero"]:
            expect_term = False
        else:
            sides[-1].append(_resolve(match["table"], match["row"], match["column"], sign, form, where))
            sign, expect_term = 1, False
        position = match.end()
    if not operator:
        raise FormulaError(f"公式“{text}”不完整：要有左右两边和 =、≤、≥ 之一")
    if expect_term:
        raise FormulaError(f"公式“{text}”末尾少了一项")
    return _finish(text, sides[0], operator, sides[1])


def _finish(text: str, left: list[Term], operator: str, right: list[Term]) -> Formula:
    quantifiers = {term.row for term in (*left, *right) if term.row in EACH}
    if len(quantifiers) > 1:
        raise FormulaError(f"公式“{text}”用了两种范围：{'、'.join(sorted(quantifiers))}")
    each = next(iter(quantifiers), "")
    if any(term.row == CHILDREN for term in (*left, *right)) and each != "每上级":
        raise FormulaError(f"公式“{text}”的“{CHILDREN}”要与“每上级”同用")
    every = {term.column is None for term in (*left, *right)}
    if len(every) > 1:
        raise FormulaError(f"公式“{text}”的“{EVERY_COLUMN}”要各项同用")
    return Formula(text, tuple(left), operator, tuple(right), each)


def _resolve(table_id: str, row: str, column: str, sign: int, form: Form, where: str) -> Term:
    candidates = [block for block in form.blocks if table_id in (block.table, block.name)]
    if not candidates:
        raise FormulaError(f"{where}没有{table_id}")
    blocks = [block for block in candidates if _has_row(block, row)]
    if not blocks:
        raise FormulaError(f"{where}{table_id}没有“{row}”这样的行")
    if column == EVERY_COLUMN:
        return Term(sign, blocks[0], row, None)
    for block in blocks:
        index = block.column(column)
        if index is not None:
            return Term(sign, block, row, index)
    names = "、".join(dict.fromkeys(item.name for block in blocks for item in block.columns))
    raise FormulaError(f"{where}{table_id}没有“{column}”栏，只有：{names}")


def _has_row(block: Block, row: str) -> bool:
    """Whether this block could hold the row that a formula names."""
    if row == "每行":
        return True
    if block.total is not None and row == block.total.id:
        return True
    if row == "每类" and block.kind == "classes":
        return True
    if block.kind in CODED:
        lengths = CODED[block.kind]
        if row in ("每上级", CHILDREN):
            return True
        if row[:1] == "每":
            return row[1:] in LEVELS[: len(lengths)]
        return row.isdigit() and len(row) in lengths
    if block.kind == "items" and row in ("每上级", CHILDREN):
        return True
    return any(row == spec.id for spec in block.rows)
