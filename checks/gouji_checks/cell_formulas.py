"""The formulas of a worksheet from its XML, and what of a formula stays the same when nobody has touched it."""

import re
from collections.abc import Iterator
from functools import lru_cache

from gouji_checks.finding import column_letters
from gouji_checks.properties import unescape
from gouji_checks.worksheet import Place, cells_of

_FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]*>\s*<f(?=[\s/>])([^<>]*?)(?:/>|>([^<]*)</f>)')
_ANY = re.compile(rb"<(?:\w+:)?f(?=[\s/>])([^<>]*?)(?:/>|>([^<]*)<)")
_GROUP = re.compile(rb"""\bsi\s*=\s*["'](\d+)""")
_STRING = re.compile(r'("(?:[^"]|"")*")')
# A reference is no part of a name or a function (表5_类, LOG10).
_TOKEN = re.compile(
    r"(\$?)(?<![\w.])([A-Z]{1,3})\$?\d{1,7}(?![\w(.])|_XL(?:FN|WS)\.|[\s']|(?<=TRUE)\(\)|(?<=FALSE)\(\)"
)


Written = tuple[bytes, bytes, bytes, bytes]
"""A formula as the XML has it: column letters, row number, attributes, text."""


def written(xml: bytes) -> list[Written]:
    """The formulas of a worksheet, in order."""
    found: list[Written] = _FORMULA.findall(xml)
    # The pattern is for XML as every program writes it.
    if len(found) != xml.count(b"<f>") + xml.count(b"<f ") + xml.count(b"<f/") or b":f>" in xml:
        found = [
            (column_letters(column).encode(), b"%d" % (row + 1), match[1], match[2] or b"")
            for (row, column), _, content in cells_of(xml)
            if (match := _ANY.search(content))
        ]
    return found


class SheetFormulas:
    """The formulas of a worksheet by place, counted from 0."""

    def __init__(self, xml: bytes) -> None:
        self._by_place = {(int(one[1]) - 1, _column(one[0])): one for one in written(xml)}
        # The cells of a shared formula name its group; only the first has the text.
        self._groups = {
            group[1]: one for one in self._by_place.values() if one[3] and one[2] and (group := _GROUP.search(one[2]))
        }

    def __iter__(self) -> Iterator[Place]:
        return iter(self._by_place)

    def shape(self, place: Place) -> str | None:
        """The shape of the formula at this place, None where there is none."""
        one = self._by_place.get(place)
        if one is None:
            return None
        group = None if one[3] else _GROUP.search(one[2])
        first = self._groups.get(group[1], one) if group else one
        return shape(unescape(first[3].decode("utf-8", "replace")), _column(one[0]) - _column(first[0]))


@lru_cache(maxsize=16384)
def shape(formula: str, shift: int = 0) -> str:
    """A formula without what may change although nobody touched it: row numbers, which follow inserted rows, spaces,
    quotes around sheet names, capitals. `shift` moves its relative columns, as copying it to the right does.
    """
    # What a string says stays comparable to the letter.
    return "".join(
        piece if place % 2 else _TOKEN.sub(lambda match: _without_row(match, shift), piece.upper())
        for place, piece in enumerate(_STRING.split(formula.removeprefix("=")))
    )


def _without_row(match: re.Match[str], shift: int) -> str:
    """A reference without its row; nothing in the place of what does not matter."""
    if not match[2]:
        return ""
    column = _column(match[2].encode())
    return column_letters(column if match[1] else max(column + shift, 0)) + "#"


@lru_cache(maxsize=1024)
def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1
