"""Pieces of formulas: how a spreadsheet finds a row by its key, adds what it holds, and judges a difference.

Only functions that Excel 2010, WPS and LibreOffice share, none of them volatile, none entered as an array.
"""

from typing import NamedTuple

from gouji_checks.formula import Term
from gouji_templates.form import CODED, Block
from gouji_templates.names import name_of
from gouji_templates.results import AGREED, FAILED, ROUNDING, UNCHECKED
from gouji_templates.wording import quoted

TOTAL_KEY = "#总计"
"""What keys the total of a table whose rows are not known beforehand."""

NO_ROW = '"#"'
"""The key of a line that is no row: nothing rolls up into it and nobody asks for it."""

_TOTALS = ("总计", "合计")

RESULTS = (FAILED, UNCHECKED, ROUNDING, AGREED)
"""How an instance may end, the gravest first; one that does not apply shows nothing."""

# Counts numbers and leaves out blanks, texts and formulas that show nothing.
_NUMBER = '"<9E+99"'


class Sides(NamedTuple):
    """Two sides of a relation, and how many figures are printed: in both, and in all that rounding may come from."""

    left: str
    right: str
    figures: str
    rounded: str

    @property
    def difference(self) -> str:
        """Left − right."""
        return self.left if self.right == "0" else f"{self.left}-({self.right})"


def at(name: str, number: str) -> str:
    """The cell of this row, counted from 1, of what a name reaches over."""
    return f"INDEX({name},{number})"


def joined(levels: list[str]) -> str:
    """A code from its levels; 款 and 项 that became numbers have lost a zero."""
    first, *others = levels
    return "&".join([first, *(f'IF(LEN({level})=1,"0","")&{level}' for level in others)])


def is_code(cell: str, lengths: tuple[int, ...]) -> str:
    """Whether a text is a code of one of these lengths."""
    return f"AND(ISNUMBER({cell}+0),OR({','.join(f'LEN({cell})={length}' for length in lengths)}))"


def is_total(text: str) -> str:
    """Whether a label is that of a total."""
    bare = f'SUBSTITUTE({text}," ","")'
    return f"OR({','.join(f'{bare}={quoted(total)}' for total in _TOTALS)})"


def keys_of(block: Block, by_row: bool = False) -> str:
    """The name of the keys of a block's rows; in 表7, where codes repeat, every row also has a key of its own."""
    return name_of(block, "标识" if by_row and block.kind == "projects" else "码")


def parents_of(block: Block) -> str:
    """The name of the keys of the rows that a block's rows roll up into."""
    return name_of(block, "上级")


def key_of(block: Block, row: str) -> str:
    """The key of a row that a relation names: a code, an id or the total, as text of a formula."""
    if block.kind in CODED or block.kind == "items":
        return quoted(TOTAL_KEY if block.total and row == block.total.id else f"#{row}")
    specs = block.specs
    spec = next(spec for spec in specs if spec.id == row)
    return quoted(f"#{row}" if block.kind == "classes" and spec is not block.total else f"#{spec.label}")


def values_of(term: Term) -> str:
    """The name of the figures a term adds."""
    assert term.column is not None
    return name_of(term.block, term.block.columns[term.column].name)


def amount(keys: str, key: str, values: str) -> str:
    """The sum of the figures under a key."""
    return f"SUMIF({keys},{key},{values})"


def printed(keys: str, key: str, values: str) -> str:
    """How many figures are printed under a key."""
    return f"COUNTIFS({keys},{key},{values},{_NUMBER})"


def verdict(sides: Sides, operator: str, decimals: int, idle: str = '""') -> str:
    """The outcome of left − right: `idle` without figures, else 相符, 尾差 or 不符.

    Half a printed unit may be missing for each printed figure; two printed figures, or one that should be nothing, are
    no sum of roundings and must agree exactly.
    """
    holds = {"=": "=0", "≤": "<=0", "≥": ">=0"}[operator]
    halves = f"ROUND(ABS({sides.difference})*{2 * 10**decimals},4)"
    allowed = f"({sides.rounded})*(({sides.rounded})>2)"
    return (
        f'IF(({sides.figures})=0,{idle},IF(ROUND({sides.difference},6){holds},"{AGREED}",'
        f'IF({halves}>{allowed},"{FAILED}","{ROUNDING}")))'
    )


def signed(terms: list[tuple[int, str]]) -> str:
    """A sum of pieces with their signs; nothing at all is zero."""
    text = "".join(("+" if sign > 0 else "-") + piece for sign, piece in terms)
    return text.removeprefix("+") or "0"


def nested(cases: list[tuple[str, str]], otherwise: str) -> str:
    """IF(first, …, IF(second, …, otherwise))."""
    text = otherwise
    for condition, value in reversed(cases):
        text = f"IF({condition},{value},{text})"
    return text
