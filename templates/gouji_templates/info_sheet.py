"""The first sheet: what the department says of itself, typed once and taken from there by every table."""

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook

from gouji_templates.content import (
    CODE,
    DEPARTMENT,
    FINGERPRINT,
    FORM,
    INFO,
    OPERATING,
    STAFF,
    UNIT_KIND,
    VEHICLES,
    VEHICLES_BOUGHT,
    VERSION,
    YEAR,
    Content,
    said,
)
from gouji_templates.form import Form
from gouji_templates.protection import protect
from gouji_templates.styles import DERIVED, HEADING, NAME, TITLE, Styles, merge, put, set_up_page

_INSTRUCTION = (
    "请先填写本表，部门名称和预算年度由此带入各表。"
    "各表中白色单元格由部门填写，灰色单元格由其他单元格得出；金额以{unit}为单位，保留{decimals}位小数。"
)
_NOTES = {
    DEPARTMENT: "填写全称，各表的“{department_line}”随之变化",
    CODE: "由发放单位填写，用来认出是哪个部门的表",
    UNIT_KIND: "从列表中选择；决定是否列示机关运行经费",
    STAFF[-1]: "实有人数为在职、退休、离休人数之和，不必填写",
    VEHICLES: "上年末实有的车辆数，用来算单车运行费",
    VEHICLES_BOUGHT: "本年预算计划购置的车辆数",
    OPERATING: "只由兼有行政单位和事业单位的部门填写（{unit}）：其中行政单位和参公单位的公用经费",
    FORM: "请勿改动",
    VERSION: "请勿改动",
    FINGERPRINT: "请勿改动，用来核对表样和勾稽关系",
}
_TITLE_ROW, _INSTRUCTION_ROW, _TOP = range(3)
_FIELD, _VALUE, _NOTE = range(3)
_WIDTHS = (16, 48, 46)


def reference(form: Form, field: str) -> str:
    """The cell of this field as a formula on another sheet names it."""
    cell = xl_rowcol_to_cell(_TOP + INFO.index(field), _VALUE, row_abs=True, col_abs=True)
    return f"{quote_sheetname(form.info_sheet)}!{cell}"


def write_info(book: Workbook, styles: Styles, form: Form, content: Content) -> None:
    """Adds the sheet."""
    sheet = book.add_worksheet(form.info_sheet)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(_TITLE_ROW, 36)
    merge(sheet, _TITLE_ROW, _FIELD, _TITLE_ROW, _NOTE, form.title, styles(TITLE, font_size=16))
    sheet.set_row(_INSTRUCTION_ROW, 36)
    instruction = _INSTRUCTION.format(unit=form.unit, decimals=form.decimals)
    merge(sheet, _INSTRUCTION_ROW, _FIELD, _INSTRUCTION_ROW, _NOTE, instruction, styles(NAME, border=0))
    values = said(form, content)
    for row, field in enumerate(INFO, _TOP):
        sheet.set_row(row, 24)
        put(sheet, row, _FIELD, field, styles(HEADING))
        kept = {"bg_color": DERIVED} if field in (FORM, VERSION, FINGERPRINT) else {"locked": False}
        # As text, or a code typed again loses its zeros.
        look = kept | ({"num_format": "@"} if field == CODE else {})
        put(sheet, row, _VALUE, values.get(field), styles(NAME, align="left", **look))
        note = _NOTES.get(field, "").format(department_line=form.department_line, unit=form.unit)
        put(sheet, row, _NOTE, note, styles(NAME, border=0, indent=1, font_color="#7F7F7F"))
        if field == UNIT_KIND:
            sheet.data_validation(row, _VALUE, row, _VALUE, _one_of(form.unit_kinds))
        elif field in (YEAR, *STAFF, VEHICLES, VEHICLES_BOUGHT):
            sheet.data_validation(row, _VALUE, row, _VALUE, _WHOLE_NUMBER)
        elif field == OPERATING:
            sheet.data_validation(row, _VALUE, row, _VALUE, _AMOUNT)
        elif field == CODE:
            sheet.ignore_errors({"number_stored_as_text": xl_rowcol_to_cell(row, _VALUE)})
    set_up_page(sheet)
    protect(sheet)


_WHOLE_NUMBER = {
    "validate": "integer",
    "criteria": ">=",
    "value": 0,
    "error_title": "填写有误",
    "error_message": "请填写不小于 0 的整数。",
}

_AMOUNT = _WHOLE_NUMBER | {"validate": "decimal", "error_message": "请填写不小于 0 的金额。"}


def _one_of(choices: tuple[str, ...]) -> dict[str, object]:
    return {
        "validate": "list",
        "source": list(choices),
        "error_title": "填写有误",
        "error_message": "请从列表中选择。",
    }
