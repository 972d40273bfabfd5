"""The sheet 科目: every code with its name, for looking up and for the formulas that fill names in."""

from typing import NamedTuple

from xlsxwriter.utility import quote_sheetname, xl_range, xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji_templates import classification
from gouji_templates.classification import Subject
from gouji_templates.content import SUBJECTS
from gouji_templates.form import LEVELS
from gouji_templates.layout import wrapped
from gouji_templates.protection import protect
from gouji_templates.styles import (
    CENTRED,
    CODE,
    DERIVED,
    HEADING,
    NAME,
    TEXT,
    TITLE,
    Styles,
    merge,
    put,
    row_height,
    set_up_page,
)


class ListedCodes(NamedTuple):
    """A classification on this sheet: what it is called here, and the names of its two ranges."""

    title: str
    codes: str
    names: str


LISTED = {
    "economic": ListedCodes("部门经济分类", "经济科目_编码", "经济科目_名称"),
    "functional": ListedCodes("支出功能分类", "功能科目_编码", "功能科目_名称"),
}
"""Every classification by its name; the short list stands first, so that both are in sight or near it."""

UNCONFIRMED = "待核实"

_NOTE = (
    f"本表供查找编码和自动带出名称用，不必填写，也不必随预算公开。点标题行的箭头可按“分类”“级次”筛选，或在“名称”里搜索。标“{UNCONFIRMED}”的名称"
    "未经公开文件核对，请以财政部当年《政府收支分类科目》为准；表里没有的编码也可以用，弹出提示时确认即可。"
)
_HEADINGS = ("分类", "级次", "编码", "名称", "核对")
_WIDTHS = (16, 7, 12, 66, 10)
_KIND, _LEVEL, _CODE, _NAME, _STATE = range(5)
_TITLE_ROW, _NOTE_ROW, _HEADING_ROW, _TOP = range(4)


def lookup(kind: str, code: str) -> str:
    """The official name of a code as a formula without its sign, or nothing; `code` is itself a formula's text."""
    listed = LISTED[kind]
    return f'IFERROR(INDEX({listed.names},MATCH({code},{listed.codes},0)),"")'


def write_subjects(book: Workbook, styles: Styles) -> None:
    """Adds the sheet and the names of its ranges."""
    sheet = book.add_worksheet(SUBJECTS)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(_TITLE_ROW, 32)
    merge(sheet, _TITLE_ROW, 0, _TITLE_ROW, _STATE, "政府收支分类科目", styles(TITLE))
    sheet.set_row(_NOTE_ROW, row_height(wrapped(_NOTE, sum(_WIDTHS))))
    merge(sheet, _NOTE_ROW, 0, _NOTE_ROW, _STATE, _NOTE, styles(TEXT, text_wrap=True))
    sheet.set_row(_HEADING_ROW, row_height(1))
    for column, heading in enumerate(_HEADINGS):
        put(sheet, _HEADING_ROW, column, heading, styles(HEADING))
    row = _TOP
    for kind, listed in LISTED.items():
        end = _write_list(sheet, styles, row, listed, list(classification.load(kind).values()))
        for name, column in ((listed.codes, _CODE), (listed.names, _NAME)):
            book.define_name(name, f"={quote_sheetname(SUBJECTS)}!{xl_range_abs(row, column, end - 1, column)}")
        row = end
    sheet.ignore_errors({"number_stored_as_text": xl_range(_TOP, _CODE, row - 1, _CODE)})
    sheet.autofilter(_HEADING_ROW, 0, row - 1, _STATE)
    sheet.freeze_panes(_TOP, 0)
    set_up_page(sheet, repeated=_TOP)
    protect(sheet)


def _write_list(sheet: Worksheet, styles: Styles, top: int, listed: ListedCodes, subjects: list[Subject]) -> int:
    """Writes a line for each 科目 from this row on; returns the row below."""
    lengths = sorted({len(subject.code) for subject in subjects})
    for row, subject in enumerate(subjects, top):
        level = lengths.index(len(subject.code))
        # A 类 begins a new group, and is told from afar.
        group = {} if level else {"bold": True, "bg_color": DERIVED}
        put(sheet, row, _KIND, listed.title, styles(CENTRED, **group))
        put(sheet, row, _LEVEL, LEVELS[level], styles(CENTRED, **group))
        put(sheet, row, _CODE, subject.code, styles(CODE, align="left", **group))
        put(sheet, row, _NAME, subject.name, styles(NAME, indent=level, **group))
        state = "" if subject.confirmed else UNCONFIRMED
        put(sheet, row, _STATE, state, styles(CENTRED, font_color="#7F7F7F", **group))
    return top + len(subjects)
