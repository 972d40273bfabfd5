"""What the XML of a worksheet says that calamine does not: what is hidden, uncalculated or linked."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from gouji_checks.refusal import DAMAGED, MOST_COLUMNS, MOST_ROWS, Refusal

Place = tuple[int, int]
"""Row and column, from 0."""


class Facts(NamedTuple):
    """What the XML of a worksheet says that calamine does not; `far` is a cell too far off to be read."""

    far: Place | None = None
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    uncalculated: frozenset[Place] = frozenset()
    linked: tuple[Place, ...] = ()


# A clean sheet is to cost microseconds: plain searches for what would be worth taking the XML apart for come first, and
# find nothing; the patterns are for what they find.
# Cells with a format and nothing else, more than half of a form; not before a cell that takes its place from them.
_BLANK = re.compile(rb'<c r="[^"]+" s="[^"]+"/>(?=<c r=|</r)')
_HIDDEN = re.compile(rb"hidden")
_LOW = re.compile(rb'ht="0')
_HIDDEN_ROW = re.compile(rb'<row[^<>]* (?:ht="0|hidden=)')
_FAR = re.compile(rb'r\s*+=(?!"\D{0,2}\d{1,3}")')
_NO_VALUE = re.compile(rb"</f>(?!<v>[^<])")
_OTHER_BOOK = re.compile(rb"'\[\d+\]|(?<![\w\]\[\x80-\xff])\[\d+\](?=[\w!\x80-\xff])")


def examine(xml: bytes) -> tuple[Facts, bytes]:
    """The facts of a worksheet, and what of its XML calamine needs, with errors as text, since calamine blanks them."""
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    if (xml.find(b"-", start, end) >= 0 and b"-->" in xml) or (b"]" in xml and b"]]>" in xml):
        raise Refusal("工作表中夹有注释或 CDATA，数字会被漏读，请用 Excel 或 WPS 打开后另存")
    # The searches are blind to a namespace prefix (<x:sheetData>) and to single quotes.
    if end < 0 or (xml.find(b"'", start, end) >= 0 and xml.find(b"='", start, end) >= 0):
        return _formulas(xml, _hidden(xml, Facts(_first_far(xml)))), _with_errors(xml)
    head, cells = xml[:start], _BLANK.sub(b"", xml[start:end])
    calculated = b"<f" in cells
    # The value of an error begins with #; a shared formula has attributes.
    special = b"#" in cells or b"<f " in cells
    facts = Facts()
    if (len(xml) > 65536 or _FAR.search(cells)) and _may_be_far(cells):
        facts = Facts(_first_far(xml))
    if (
        b"hidden=" in head
        or b' width="0' in head
        or b"'" in head
        or ((_HIDDEN.search(cells) or _LOW.search(cells)) and _HIDDEN_ROW.search(cells))
    ):
        facts = _hidden(xml, facts)
    if (
        (calculated and _lacks_value(_NO_VALUE, cells))
        or (special and _lacks_value(re.compile(rb"<f [^<>]*/>(?!<v>[^<])"), cells))
        or (b"[" in cells and _OTHER_BOOK.search(cells))
    ):
        facts = _formulas(xml, facts)
    root = xml[max(xml.find(b"<worksheet"), 0) : xml.find(b">", xml.find(b"<worksheet")) + 1]
    return facts, b"".join((root, _with_errors(cells) if special else cells, b"</sheetData></worksheet>"))


def _with_errors(xml: bytes) -> bytes:
    return re.sub(rb"(<(?:\w+:)?c\s[^<>]*\bt=[\"'])e(?=[\"'])", rb"\1str", xml)


_NO_PLACE = rb'[<:]c(?! r=")[\s/>]'


def _lacks_value(pattern: re.Pattern[bytes], cells: bytes) -> bool:
    """Whether a formula found by the pattern has no value; the empty text is one."""
    for match in pattern.finditer(cells):
        cell = cells.rfind(b"<c ", 0, match.start())
        if not cells.startswith(b"<v></v>", match.end()) or b't="str"' not in cells[cell : cells.find(b">", cell)]:
            return True
    return False


def _may_be_far(cells: bytes) -> bool:
    """A second look, which lets larger sheets pass if every cell names its place, within ZZ9999."""
    patterns = rb'r\s*+=(?!"\D{0,2}\d{1,4}")', _NO_PLACE
    return any(re.compile(pattern).search(cells) for pattern in patterns)


def _first_far(xml: bytes) -> Place | None:
    for place, tag, content in cells_of(xml):
        if (place[0] >= MOST_ROWS or place[1] >= MOST_COLUMNS) and (b"is>" in content or _has_value(tag, content)):
            return place
    return None


def _hidden(xml: bytes, facts: Facts) -> Facts:
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


def _formulas(xml: bytes, facts: Facts) -> Facts:
    uncalculated = set()
    linked = []
    groups = set()
    for place, tag, content in cells_of(xml):
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


def cells_of(xml: bytes) -> Iterator[tuple[Place, bytes, bytes]]:
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
