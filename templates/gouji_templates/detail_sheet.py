"""The sheet 预算明细: line items in 元 as a budget system exports them, from which the tables can be made."""

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji_templates.content import DETAIL, SUBJECTS
from gouji_templates.entry import MAY_STAY, amount_validation, hint, known, wrong_amount
from gouji_templates.form import CODED, Form
from gouji_templates.layout import wrapped
from gouji_templates.live import BLANK
from gouji_templates.protection import protect
from gouji_templates.styles import (
    CODE,
    DERIVED,
    HEADING,
    NAME,
    TEXT,
    TITLE,
    Styles,
    figure,
    merge,
    put,
    row_height,
    set_up_page,
)
from gouji_templates.subject_sheet import LISTED, lookup

UNIT = "预算单位"
FUNCTION, FUNCTION_NAME = "功能科目编码", "功能科目名称"
SOURCE = "资金来源"
KIND = "支出类型"
PROJECT = "项目名称"
ECONOMIC, ECONOMIC_NAME = "部门经济分类编码", "部门经济分类名称"
AMOUNT = "金额（元）"
HEADINGS = (UNIT, FUNCTION, FUNCTION_NAME, SOURCE, KIND, PROJECT, ECONOMIC, ECONOMIC_NAME, AMOUNT)

_NOTE = (
    "本表可以不填。能从预算系统导出数据的，把明细粘贴到这里（一行一笔，金额以元为单位），用 gouji fill 生成各张公开表，"
    "不必再逐表填写；已经在各表填数的，本表留空。灰色的科目名称自动带出。"
)
_WIDTHS = (20, 14, 32, 29, 11, 34, 18, 26, 16)
_TITLE_ROW, _NOTE_ROW, _TOTAL_ROW, _HEADING_ROW, _TOP = range(5)
_PREPARED = 200
"""Rows with borders and look-ups."""

_REACH = 10_000
"""How many rows the rules and the sum reach over: an export may be long."""

_LAST = _TOP + _REACH - 1
_DECIMALS = 2
"""元 has 分."""


def write_detail(book: Workbook, styles: Styles, form: Form) -> None:
    """Adds the sheet, empty; the form must say which money there is and what it is spent on."""
    sheet = book.add_worksheet(DETAIL)
    looks = [_look(heading) | {"locked": False} for heading in HEADINGS]
    for column, (width, look) in enumerate(zip(_WIDTHS, looks, strict=True)):
        # Below the prepared rows too a cell may be typed in.
        plain = {key: value for key, value in look.items() if key not in ("border", "bg_color")}
        sheet.set_column(column, column, width, styles(plain))
    _top(sheet, styles)
    for row in range(_TOP, _TOP + _PREPARED):
        for column, look in enumerate(looks):
            sheet.write_blank(row, column, None, styles(look))
        _look_up(sheet, styles, row, "functional", FUNCTION, FUNCTION_NAME)
        _look_up(sheet, styles, row, "economic", ECONOMIC, ECONOMIC_NAME)
    _rules(sheet, styles, form)
    codes, names = (
        " ".join(xl_range(_TOP, column, _LAST, column) for column in map(HEADINGS.index, headings))
        for headings in ((FUNCTION, ECONOMIC), (FUNCTION_NAME, ECONOMIC_NAME))
    )
    sheet.ignore_errors({"number_stored_as_text": codes, "formula_unlocked": names})
    sheet.freeze_panes(_TOP, 0)
    set_up_page(sheet, repeated=_TOP)
    protect(sheet)


def _look(heading: str) -> dict[str, object]:
    if heading in (FUNCTION, ECONOMIC):
        return CODE
    if heading == AMOUNT:
        return figure(_DECIMALS)
    # A row does not grow with what a formula shows, so a long text shrinks.
    fill = {"bg_color": DERIVED} if heading in (FUNCTION_NAME, ECONOMIC_NAME) else {}
    return NAME | {"text_wrap": False, "shrink": True} | fill


def _top(sheet: Worksheet, styles: Styles) -> None:
    last = len(HEADINGS) - 1
    sheet.set_row(_TITLE_ROW, 32)
    merge(sheet, _TITLE_ROW, 0, _TITLE_ROW, last, DETAIL, styles(TITLE))
    sheet.set_row(_NOTE_ROW, row_height(wrapped(_NOTE, sum(_WIDTHS))))
    merge(sheet, _NOTE_ROW, 0, _NOTE_ROW, last, _NOTE, styles(TEXT, text_wrap=True))
    merge(sheet, _TOTAL_ROW, 0, _TOTAL_ROW, last - 1, "合计", styles(HEADING, align="right", indent=1))
    amount = HEADINGS.index(AMOUNT)
    total = f"=SUM({xl_range(_TOP, amount, _LAST, amount)})"
    look = styles(figure(_DECIMALS), bold=True, bg_color=DERIVED)
    sheet.write_formula(_TOTAL_ROW, amount, total, look, 0)
    sheet.set_row(_HEADING_ROW, row_height(max(map(wrapped, HEADINGS, _WIDTHS))))
    for column, heading in enumerate(HEADINGS):
        put(sheet, _HEADING_ROW, column, heading, styles(HEADING))


def _look_up(sheet: Worksheet, styles: Styles, row: int, kind: str, code: str, name: str) -> None:
    cell = xl_rowcol_to_cell(row, HEADINGS.index(code), col_abs=True)
    # A code that came in as a number is looked up as text.
    formula = "=" + lookup(kind, f'{cell}&""')
    sheet.write_formula(row, HEADINGS.index(name), formula, styles(_look(name), locked=False), BLANK)


def _rules(sheet: Worksheet, styles: Styles, form: Form) -> None:
    cells = {heading: xl_rowcol_to_cell(_TOP, column, col_abs=True) for column, heading in enumerate(HEADINGS)}
    projects = "、".join(spending.name for spending in form.spending if not spending.item)
    rules = {
        UNIT: hint(UNIT, "这笔钱所属的单位，只有一个单位时填部门名称。"),
        FUNCTION: _code(cells[FUNCTION], "functional", "项级"),
        SOURCE: _one_of(SOURCE, [funding.name for funding in form.funding]),
        KIND: _one_of(KIND, [spending.name for spending in form.spending]),
        PROJECT: hint(PROJECT, f"{KIND}为“{projects}”的填写；其他留空。"),
        ECONOMIC: _code(cells[ECONOMIC], "economic", "款级"),
        AMOUNT: amount_validation(cells[AMOUNT], "元", _DECIMALS),
    }
    for column, heading in enumerate(HEADINGS):
        if heading in rules:
            sheet.data_validation(_TOP, column, _LAST, column, rules[heading])
    amount = HEADINGS.index(AMOUNT)
    sheet.conditional_format(_TOP, amount, _LAST, amount, wrong_amount(styles, cells[AMOUNT], _DECIMALS))


def _code(cell: str, kind: str, level: str) -> dict[str, object]:
    digits = CODED[kind][-1]
    exists = known(f'{cell}&""', LISTED[kind].codes)
    return {
        "validate": "custom",
        "value": f'=IF({cell}="",TRUE,AND(LEN({cell})={digits},{exists}))',
        "ignore_blank": False,
        "input_title": f"{LISTED[kind].title}编码",
        "input_message": f"填{level}编码，{digits} 位数连写，可在“{SUBJECTS}”表查找。",
        "error_type": "warning",
        "error_title": "请核对编码",
        "error_message": f"应为 {digits} 位的{level}编码，并且要能在“{SUBJECTS}”表里查到。{MAY_STAY}",
    }


def _one_of(title: str, choices: list[str]) -> dict[str, object]:
    return {
        "validate": "list",
        "source": choices,
        "input_title": title,
        "input_message": "从列表中选择。",
        "error_title": "填写有误",
        "error_message": f"{title}请从列表中选择。",
    }
