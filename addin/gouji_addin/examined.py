"""What an open workbook holds besides its values, as a file would tell it: what is hidden, what leads to other
workbooks, and macros.

No member of xlwings tells of the last two, and of hidden rows it asks one by one, so Excel's own object is asked. Where
there is no such object, as with the remote engine and on macOS, it is said that this was not looked at.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from urllib.parse import unquote

import xlwings as xw

from gouji_addin.message import is_busy, is_gone
from gouji_addin.seen import texts
from gouji_checks.source import ALTERED, HIDDEN, LINKS, MACROS, Rows, Sheet, Workbook
from gouji_checks.worksheet import Place
from gouji_templates.content import OTHER_SHEETS, UNREAD

_UNSEEN = "打开着的工作簿看不出{}，请保存后用 gouji check 核对文件"

_KINDS_OF_LINK = 1, 2
"""Excel's xlExcelLinks and xlOLELinks."""

_Fact = TypeVar("_Fact")
_Linked = list[tuple[Place, ...]]


def examined(book: xw.Book, sheets: Sequence[xw.Sheet], values: list[Sheet]) -> Workbook:
    """The workbook with these sheets, whose values have been read, and with whatever else Excel says of it."""
    hidden = _told(lambda: [_with_hidden(sheet, read) for sheet, read in zip(sheets, values, strict=True)])
    sources = _told(lambda: _links(book.api))
    linked = _told(lambda: _linked(sheets, values, sources)) if sources else None
    macros = _told(lambda: _has_macros(book.api))
    found = hidden or values
    if linked:
        found = [sheet._replace(linked=cells) for sheet, cells in zip(found, linked, strict=True)]
    untold = (HIDDEN, hidden is None), (LINKS, sources is None), (MACROS, macros is None), (ALTERED, True)
    return Workbook(
        found,
        macros=bool(macros),
        links=bool(sources),
        unexamined=tuple([what for what, missing in untold if missing]),
        unseen=_UNSEEN,
    )


def _told(ask: Callable[[], _Fact]) -> _Fact | None:
    """What Excel answers; None where it doesn't, for whatever else it says is no less true."""
    try:
        return ask()
    except Exception as error:
        if is_busy(error) or is_gone(error):
            raise
        return None


def _with_hidden(sheet: xw.Sheet, read: Sheet) -> Sheet:
    """With the rows and columns that are hidden, as far as anything stands in them.

    A filter may hide every other row of a long list, which takes a question each; no rule asks that of our own lists.
    """
    if not read.rows or read.name in OTHER_SHEETS:
        return read
    return read._replace(
        hidden_rows=_hidden(
            len(read.rows), lambda first, end: sheet.range((first + 1, 1), (end, 1)).api.EntireRow.Hidden
        ),
        hidden_columns=_hidden(
            len(read.rows[0]), lambda first, end: sheet.range((1, first + 1), (1, end)).api.EntireColumn.Hidden
        ),
    )


def _hidden(count: int, ask: Callable[[int, int], bool | None]) -> frozenset[int]:
    """Which of so many rows, or columns, are hidden, from 0.

    Asked of some in a row Excel says yes, no, or, where they differ, nothing; only those are asked about by halves.
    """
    found: set[int] = set()
    waiting = [(0, count)]
    while waiting:
        first, end = waiting.pop()
        answer = ask(first, end)
        if answer:
            found |= set(range(first, end))
        elif answer is None and end - first > 1:
            middle = (first + end) // 2
            waiting += [(first, middle), (middle, end)]
    return frozenset(found)


def _links(excel: Any) -> list[str]:
    """The other workbooks and programs that Excel would ask for newer figures."""
    return [source for kind in _KINDS_OF_LINK for source in excel.LinkSources(kind) or ()]


def _has_macros(excel: Any) -> bool:
    """Modules, or sheets with macros in the manner before those."""
    return bool(excel.HasVBProject) or any(
        sheets.Count for sheets in (excel.Excel4MacroSheets, excel.Excel4IntlMacroSheets)
    )


def _linked(sheets: Sequence[xw.Sheet], values: Sequence[Sheet], sources: Sequence[str]) -> _Linked:
    """By sheet, the cells whose formulas name one of these sources; one more call for each sheet that a check reads."""
    named = re.compile("|".join(re.escape(name) for source in sources for name in _names(source)))
    return [
        tuple(
            [
                (line, place)
                for line, place, formula in (() if read.name in UNREAD else _formulas(sheet, read.rows))
                if named.search(_bare(re.sub(r'"[^"]*"', "", formula)))
            ]
        )
        for sheet, read in zip(sheets, values, strict=True)
    ]


def _names(source: str) -> Iterator[str]:
    """How a formula names a source: as [上年.xlsx]表5!E9, 上年.xlsx!名称, or with its folder in front of either."""
    for written in {source, unquote(source)}:
        name = _bare(re.split(r"[\\/]", written)[-1])
        yield from (f"[{name}]", f"{name}!", _bare(written))


def _bare(text: str) -> str:
    """Without the quotes around names that hold signs, and in small letters."""
    return text.replace("'", "").casefold()


def _formulas(sheet: xw.Sheet, rows: Rows) -> Iterator[tuple[int, int, str]]:
    """Line, place and text of each formula; what looks like one and shows itself is a text."""
    for line, row in enumerate(texts(sheet.range((1, 1), sheet.used_range))):
        for place, text in enumerate(row):
            inside = line < len(rows) and place < len(rows[line])
            if text.startswith("=") and not (inside and text == rows[line][place]):
                yield line, place, text
