"""References to cells in formulas and in the XML of a workbook, moved along when rows are inserted."""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

LAST_ROW = 1_048_576

_SHEET = r"(?:'(?:[^']|'')+'|(?:\[\d+\])?[\w.]+(?::[\w.]+)?)!"
_CELL = r"\$?[A-Z]{1,3}\$?\d{1,7}"
# What is no reference is consumed whole, so that nothing inside a text, a name or a bracket is taken for one.
_TOKEN = re.compile(
    rf"\"(?:[^\"]|\"\")*\""
    rf"|(?P<sheet>{_SHEET})?(?P<place>{_CELL}(?::{_CELL})?|\$?\d{{1,7}}:\$?\d{{1,7}}|\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}})"
    r"(?![\w.(\[!])"
    r"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
    r"|[\w.\\?]+"
)
_RANGE = re.compile(r"\d:\$?[A-Z]{0,3}\$?\d")
_END = re.compile(r"(\$?)([A-Z]{0,3})(\$?)(\d*)")


class Insert(NamedTuple):
    """A row put in front of `before`, a row of the sheet as it was, counted from 0; the new row looks like that one, or
    (`below` false) like the one above it."""

    sheet: str
    before: int
    below: bool


class Shift:
    """Where the rows of one sheet go when these rows are inserted."""

    def __init__(self, inserts: Iterable[Insert]) -> None:
        self._inserts = sorted(inserts, key=lambda insert: insert.before)
        self._befores = [insert.before for insert in self._inserts]

    def line(self, line: int) -> int:
        """The new place of a row, counted from 0."""
        return min(line + bisect_right(self._befores, line), LAST_ROW - 1)

    def new_lines(self) -> list[tuple[int, Insert]]:
        """The places of the inserted rows, counted from 0, from the top."""
        return [(insert.before + number, insert) for number, insert in enumerate(self._inserts)]

    def area(self, area: str) -> str:
        """A cell or a range written as E9:G38."""
        return ":".join(_ended(end, self._row) for end in area.split(":"))

    def areas(self, areas: str) -> str:
        """Ranges with spaces between, each reaching over the new rows at its edge that look like its own."""
        return " ".join(self._covering(area) for area in areas.split())

    def lift(self, areas: str) -> int:
        """How many rows higher the first of these ranges begins for the sake of new rows at its edge."""
        (first, *_) = areas.split() or ["A1"]
        return _top(self.area(first)) - _top(self._covering(first))

    def formula(self, formula: str, host: str, sheet: str) -> str:
        """A formula on the sheet `host`, the rows being those of `sheet`."""
        own, named = sheet.casefold(), sheet.replace("'", "''").casefold()
        if host.casefold() != own and named not in formula.casefold():
            return formula

        def moved(match: re.Match[str]) -> str:
            place = match["place"]
            if not place or _named(match["sheet"] or "", host).casefold() != own:
                return match[0]
            return f"{match['sheet'] or ''}{self.area(place)}"

        return _TOKEN.sub(moved, formula)

    def _row(self, row: int, _: bool) -> int:
        return self.line(row - 1) + 1

    def _covering(self, area: str) -> str:
        start, _, end = area.partition(":")
        first, last = _top(start), _top(end or start)
        if not first:
            return area
        above = sum(insert.below and insert.before == first - 1 for insert in self._inserts)
        beneath = sum(not insert.below and insert.before == last for insert in self._inserts)
        start = _ended(self.area(start), lambda row, _: row - above)
        end = _ended(self.area(end or area), lambda row, _: row + beneath)
        return start if start == end else f"{start}:{end}"


def reaches_over(formula: str, host: str, sheet: str, lines: Collection[int]) -> bool:
    """Whether a formula on the sheet `host` has a range of several rows with any of these rows (from 0) of `sheet`."""
    if not _RANGE.search(formula):
        return False
    for match in _TOKEN.finditer(formula):
        start, colon, end = (match["place"] or "").partition(":")
        if colon and _named(match["sheet"] or "", host).casefold() == sheet.casefold():
            first, last = _top(start), _top(end)
            if 0 < first < last and any(first <= line + 1 <= last for line in lines):
                return True
    return False


def translated(formula: str, rows: int, columns: int = 0) -> str:
    """A formula as it reads when copied so many rows and columns further."""

    def moved(match: re.Match[str]) -> str:
        if not match["place"]:
            return match[0]
        ends = [_relative(end, rows, columns) for end in match["place"].split(":")]
        return f"{match['sheet'] or ''}{':'.join(ends)}"

    return _TOKEN.sub(moved, formula)


def names_in(formula: str) -> set[str]:
    """The defined names and functions that a formula speaks of."""
    return {match[0] for match in _TOKEN.finditer(formula) if not match["place"] and match[0][0] not in '"['}


def place_of(cell: str) -> tuple[int, int]:
    """Row and column of a cell such as F9, from 0."""
    match = _END.fullmatch(cell)
    assert match is not None
    return int(match[4]) - 1, column_number(match[2])


def column_number(letters: str) -> int:
    """The column called A (0), B (1) …"""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _named(prefix: str, host: str) -> str:
    """The sheet that a reference with this prefix is about."""
    name = prefix.removesuffix("!")
    return name[1:-1].replace("''", "'") if name.startswith("'") else name or host


def _top(end: str) -> int:
    match = _END.match(end)
    return int(match[4]) if match and match[4] else 0


def _ended(end: str, row: Callable[[int, bool], int]) -> str:
    match = _END.fullmatch(end)
    if not match or not match[4]:
        return end
    return f"{match[1]}{match[2]}{match[3]}{row(int(match[4]), bool(match[3]))}"


def _relative(end: str, rows: int, columns: int) -> str:
    from gouji_checks.finding import column_letters

    match = _END.fullmatch(end)
    if not match:
        return end
    fixed, letters, anchored, row = match.groups()
    if not letters:
        # A whole row: its only $ stands before the number.
        anchored, fixed = fixed, ""
    if letters and not fixed:
        letters = column_letters(max(column_number(letters) + columns, 0))
    if row and not anchored:
        row = str(min(max(int(row) + rows, 1), LAST_ROW))
    return f"{fixed}{letters}{anchored}{row}"
