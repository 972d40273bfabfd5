"""Money as whole 分: exact to add and compare, whatever the workbook was written in.

One 万元 is 1,000,000 分. A figure printed in 万元 with two decimals is a multiple of 10,000 分 and stands for a true
amount within half of that; one printed in 元 is a multiple of one 分.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from gouji_templates.wording import fold

FEN: dict[str, int] = {"万元": 1_000_000, "元": 100, "千元": 100_000, "亿元": 10_000_000_000}
"""How many 分 one of this unit is."""

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?|[-+]?\.\d+")
_GROUPS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_NOTHING = frozenset({"", "-", "--", "/", "\\", "*", "无"})
ERROR_VALUES = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!", "#GETTING_DATA"})


class Oddity(NamedTuple):
    """What is unusual about a figure cell: `kind` is text, unreadable, negative, precise or error."""

    kind: str
    shown: str


def step(unit: str, decimals: int) -> int:
    """The last printed digit of a figure in this unit, in 分."""
    return max(FEN[unit] // int(10**decimals), 1)


def read(value: object, unit: str, decimals: int) -> tuple[int | None, Oddity | None]:
    """A cell's amount in 分, None where there is none, and what is odd about it.

    An unreadable cell gives (None, Oddity) and must leave all arithmetic; a blank one gives (None, None).
    """
    odd: Oddity | None = None
    if value is None or value == "":
        return None, None
    if isinstance(value, str):
        text = fold(value)
        if text in _NOTHING:
            return None, None
        if text.upper() in ERROR_VALUES:
            return None, Oddity("error", text)
        if _GROUPS.fullmatch(text):
            text = text.replace(",", "")
        if not _NUMBER.fullmatch(text) or len(text) > 18:
            return None, Oddity("unreadable", value)
        odd = Oddity("text", value)
        value = float(text)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return None, Oddity("unreadable", str(value))
    number = float(value)
    if not -1e12 < number < 1e12:
        return None, Oddity("unreadable", str(value))
    fen = round(number * FEN[unit])
    if fen < 0:
        odd = Oddity("negative", f"{number:g}")
    elif abs(number - round(number, decimals)) > 1e-9 * max(1.0, abs(number)):
        odd = Oddity("precise", f"{number:.15g}")
    return fen, odd


@lru_cache(maxsize=4096)
def show(fen: int, decimals: int = 2) -> str:
    """An amount as printed in 万元, with more than two decimals only when it has them."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    whole, rest = divmod(fen, 1_000_000)
    digits = f"{rest:06d}"
    return f"{sign}{whole}.{digits[:decimals]}{digits[decimals:].rstrip('0')}"


COUNT_BITS = 12
COUNT = 1 << COUNT_BITS
"""A packed amount is 分 × COUNT, plus one for a printed figure (a blank is 0): one addition then gives both the sum
of the amounts and how many printed figures went into it."""


def pack(fen: int | None) -> int:
    """An amount, or a blank, ready for adding up."""
    return 0 if fen is None else fen * COUNT + 1
