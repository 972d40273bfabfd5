"""Beside each line that compares: whether its reason is still to be written, or stands where nothing changed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from gouji_checks.compare.explaining import NO_REASON, STAYED, by_parts, explains, says_stayed
from gouji_checks.live.comparison_values import ShownLine
from gouji_templates.form import CODED, Group
from gouji_templates.live import BLANK
from gouji_templates.names import FIGURES, name_of
from gouji_templates.results import FAILED, FILLS, UNCHECKED
from gouji_templates.styles import TEXT, Styles, merge
from gouji_templates.wording import quoted
from gouji_templates.year_head import HEADING_ROW

_HEADING = "核对（不打印）"
_WIDTH = 14
TO_WRITE = "待写原因"
STILL, NO_LINE, ABOVE = WRONG = "没有增减", "没有科目", "写在类级"
"""What is marked: a reason that is due, and one beside no change, beside no line, or beside a class while one of its
codes has none."""

_GREY, _RED = "#7F7F7F", "#C00000"
_BLANKS = " 　“”"
"""What may stand around a text, or between its characters, without making it another one."""

SIGNS = (
    " 　“”0123456789０１２３４５６７８９-—－–―─/／\\、，,。.．…；;：:"
    "（）()‘’【】[]〔〕《》<>*＊×√★○●□△+＋%％·~～!！?？=_#"
)
"""What people fill a cell with that is no word. A sheet cannot ask whether a character is a letter; the rules can, and
call a text of yet other signs no reason either."""

_DUE = "行有增减而没有写原因"
_MISPLACED = "行的原因写在没有增减、没有科目或类级的行"
_SLIPPED = "；科目若有变动，按科目的原因可能已错位，请逐行核对"

_Look = dict[str, str | int]


class Cells(NamedTuple):
    """The columns of a sheet that the marks look at, from 0, and their own."""

    code: int
    change: int
    reason: int
    mark: int


class Marked(NamedTuple):
    """The rows of a group on a sheet, from 0 and both included, and what their marks come to now."""

    group: Group
    first: int
    last: int
    shown: Sequence[str]


def write_heading(sheet: Worksheet, styles: Styles, cells: Cells) -> None:
    """Names the column of the marks beside the other headings."""
    sheet.set_column(cells.mark, cells.mark, _WIDTH)
    sheet.write_string(HEADING_ROW, cells.mark, _HEADING, styles(TEXT, font_color=_GREY))


def write_marks(sheet: Worksheet, styles: Styles, cells: Cells, of: Marked, signs: str) -> None:
    """Marks the rows of a group; `signs` are the cells with what is no word."""
    look = styles(TEXT, font_color=_GREY)
    for row, mark in enumerate(of.shown, of.first):
        sheet.write_formula(row, cells.mark, f"={_formula(cells, of, row, signs)}", look, mark or BLANK)
    _colour(sheet, styles, cells, of)


def marked(group: Group, rows: Mapping[int, tuple[ShownLine | None, str]], printed: bool) -> Marked:
    """What the formulas come to in the rows of a group, which follow one another: given as the line that stands there,
    None where there is none, and its reason; `printed` tells whether the table by code has a figure yet."""
    moved = {line.id for line, _ in rows.values() if line and line.change}
    shown = [_mark(group, line, reason, moved, printed) for line, reason in rows.values()]
    due = {line.id for (line, _), mark in zip(rows.values(), shown, strict=True) if line and mark == TO_WRITE}
    for place, (line, reason) in enumerate(rows.values()):
        if group.codes and line and explains(reason) and by_parts(group, line.id, due):
            shown[place] = ABOVE
    return Marked(group, min(rows), max(rows), shown)


def _mark(group: Group, line: ShownLine | None, reason: str, moved: set[str], printed: bool) -> str:
    if line and by_parts(group, line.id, moved):
        return ""
    if explains(reason):
        if line is None:
            return NO_LINE
        return STILL if line.change == 0 and not says_stayed(reason) else ""
    return TO_WRITE if line and line.change and (printed or not group.codes) else ""


def _formula(cells: Cells, of: Marked, row: int, signs: str) -> str:
    """The formula in a row of a group, without its sign."""
    group = of.group
    code, change, reason = (xl_rowcol_to_cell(row, column, col_abs=True) for column in cells[:3])
    still = (
        f"AND(ISNUMBER({change}),N({change})=0,COUNT({','.join(f'SEARCH({quoted(w)},{reason})' for w in STAYED)})=0)"
    )
    stands, wanted = f'IF({still},{quoted(STILL)},"")', f"N({change})<>0"
    if group.codes:
        stands = f'IF({code}="",{quoted(NO_LINE)},{stands})'
        wanted = f"AND({wanted},COUNT({name_of(group.codes, FIGURES)})>0)"
    due = f'IF({wanted},{quoted(TO_WRITE)},"")'
    parts = _moved_parts(cells, of, row)
    if parts:
        stands, due = f"IF({parts},{_above(cells, of, row)},{stands})", f'IF({parts},"",{due})'
    return f"IF({_said(reason, signs)},{stands},{due})"


def _said(cell: str, signs: str) -> str:
    """Whether a cell says something: more than blanks, `signs` and the words that give no reason."""
    bare = cell
    for blank in _BLANKS:
        bare = f'SUBSTITUTE({bare},{quoted(blank)},"")'
    words = ",".join(map(quoted, NO_REASON))
    letters = f'LEN({cell})-SUMPRODUCT(LEN({cell})-LEN(SUBSTITUTE({cell},{signs},"")))'
    return f"AND({letters}>0,ISNA(MATCH({bare},{{{words}}},0)))"


def _above(cells: Cells, of: Marked, row: int) -> str:
    """What is said of the reason beside a line whose parts changed."""
    if not of.group.codes:
        return '""'
    code = xl_rowcol_to_cell(row, cells.code, col_abs=True)
    # Of the rows below alone: a range with this cell in it would be a circle. The one after the last is blank.
    codes, found = (
        f"{xl_rowcol_to_cell(row + 1, column, col_abs=True)}:"
        f"{xl_rowcol_to_cell(of.last + 1, column, row_abs=True, col_abs=True)}"
        for column in (cells.code, cells.mark)
    )
    below = f"(LEFT({codes},{CODED[of.group.codes.kind][0]})={code})*({found}={quoted(TO_WRITE)})"
    return f'IF(SUMPRODUCT({below})=0,"",{quoted(ABOVE)})'


def _moved_parts(cells: Cells, of: Marked, row: int) -> str:
    """Whether any of what a line adds up has changed; nothing for a line that adds up none."""
    group = of.group
    if group.codes:
        length = CODED[group.codes.kind][0]
        code = xl_rowcol_to_cell(row, cells.code, col_abs=True)
        codes, changes = (xl_range_abs(of.first, column, of.last, column) for column in (cells.code, cells.change))
        below = f"(LEFT({codes},{length})={code})*({codes}<>{code})*ISNUMBER({changes})*({changes}<>0)"
        return f"IF(LEN({code})={length},SUMPRODUCT({below})>0,FALSE)"
    ids = [line.id for line in group.lines]
    own = ids[row - of.first]
    parts = [number for number, id in enumerate(ids) if by_parts(group, own, {id})]
    changes = [xl_rowcol_to_cell(of.first + number, cells.change, col_abs=True) for number in parts]
    return f"OR({','.join(f'N({cell})<>0' for cell in changes)})" if changes else ""


def _colour(sheet: Worksheet, styles: Styles, cells: Cells, of: Marked) -> None:
    """The fills of a group's reasons: yellow where one is due, red where one stands beside no change. Comes before
    other formats of these cells, for LibreOffice follows only the first that holds."""
    mark = xl_rowcol_to_cell(of.first, cells.mark, col_abs=True)
    # The rows by code have no border of their own: they may show nothing.
    edge: _Look = {"border": 1} if of.group.codes else {}
    due: _Look = {"bg_color": FILLS[UNCHECKED]}
    wrong: _Look = {"bg_color": FILLS[FAILED]}
    still = f"{mark}={quoted(STILL)}"
    if not of.group.codes:
        still = f"AND({still},{_count(of, cells, TO_WRITE)}>0)"
    nowhere, above = f"{mark}={quoted(NO_LINE)}", f"{mark}={quoted(ABOVE)}"
    rules: list[tuple[int, str, _Look]] = [
        (cells.reason, f"OR({still},{above})", wrong | edge),
        (cells.reason, nowhere, wrong),
        (cells.reason, f"{mark}={quoted(TO_WRITE)}", due | edge),
        (cells.mark, f"OR({still},{above},{nowhere})", {"font_color": _RED}),
    ]
    for column, criteria, look in rules:
        rule = {"type": "formula", "criteria": f"={criteria}", "format": styles(look)}
        sheet.conditional_format(of.first, column, of.last, column, rule)


def sentence(groups: Sequence[Marked]) -> str:
    """How many reasons of a sheet are due, and how many stand beside no change."""
    due = sum(one.shown.count(TO_WRITE) for one in groups)
    wrong = [(one, sum(map(one.shown.count, WRONG))) for one in groups]
    # Lines that stay where they are lose no reason: one too many does no harm.
    count = sum(number for one, number in wrong if one.group.codes or TO_WRITE in one.shown)
    slipped = any(number and one.group.codes and TO_WRITE in one.shown for one, number in wrong)
    said = [f"有 {number} {words}" for number, words in ((due, _DUE), (count, _MISPLACED)) if number]
    return f"{'，'.join(said)}{_SLIPPED if slipped else ''}。" if said else ""


def write_sentence(sheet: Worksheet, styles: Styles, row: int, cells: Cells, groups: Sequence[Marked]) -> None:
    """The sentence as a formula over a row, with a fill while there is anything to say."""
    due = "+".join(_count(one, cells, TO_WRITE) for one in groups)
    wrong, slipped = [], "FALSE"
    for one in groups:
        number = "+".join(_count(one, cells, mark) for mark in WRONG)
        lacking = f"{_count(one, cells, TO_WRITE)}>0"
        wrong.append(f"({number})" if one.group.codes else f"IF({lacking},{number},0)")
        if one.group.codes:
            slipped = f"AND({lacking},{number}>0)"
    count = "+".join(wrong)
    first = xl_rowcol_to_cell(row, 0, row_abs=True, col_abs=True)
    for criteria, fill in (
        (f"=ISNUMBER(SEARCH({quoted(_MISPLACED)},{first}))", FILLS[FAILED]),
        (f'={first}<>""', FILLS[UNCHECKED]),
    ):
        rule = {"type": "formula", "criteria": criteria, "format": styles({"bg_color": fill})}
        sheet.conditional_format(row, 0, row, cells.reason, rule)
    formula = (
        f'=IF({due}+{count}=0,"",IF({due}>0,"有 "&({due})&{quoted(f" {_DUE}")},"")'
        f'&IF(AND({due}>0,{count}>0),"，","")&IF({count}>0,"有 "&({count})&{quoted(f" {_MISPLACED}")},"")'
        f'&IF({slipped},{quoted(_SLIPPED)},"")&"。")'
    )
    merge(sheet, row, 0, row, cells.reason, "", styles(TEXT))
    sheet.write_formula(row, 0, formula, styles(TEXT), sentence(groups) or BLANK)


def _count(of: Marked, cells: Cells, mark: str) -> str:
    area = xl_range_abs(of.first, cells.mark, of.last, cells.mark)
    return f"COUNTIF({area},{quoted(mark)})"
