"""The head of a sheet that speaks of last year: title, whose it is, which year and unit, what to do, the headings."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from gouji_templates.content import DEPARTMENT, YEAR, Content
from gouji_templates.form import Form
from gouji_templates.info_sheet import reference
from gouji_templates.layout import text_width, wrapped
from gouji_templates.styles import HEADING, RIGHT, TEXT, TITLE, Styles, merge, put, row_height
from gouji_templates.wording import quoted

_TITLE_ROW, _DEPARTMENT_ROW, _INSTRUCTION_ROW, HEADING_ROW, TOP = range(5)


def write_head(
    sheet: Worksheet,
    styles: Styles,
    form: Form,
    content: Content,
    title: str,
    instruction: str,
    columns: Sequence[tuple[str, float]],
) -> None:
    """Sets the widths and fills the rows above TOP; `columns` are the headings and how wide each is."""
    widths = [width for _, width in columns]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    last = len(columns) - 1
    sheet.set_row(_TITLE_ROW, 32)
    merge(sheet, _TITLE_ROW, 0, _TITLE_ROW, last, title, styles(TITLE))
    sheet.set_row(_DEPARTMENT_ROW, 20)
    unit = f" 年    {form.unit_line}：{form.unit}"
    shown = f"上年：{content.year - 1}{unit}"
    left = last
    while sum(widths[left:]) < text_width(shown) + 1:
        left -= 1
    prefix = f"{form.department_line}："
    merge(sheet, _DEPARTMENT_ROW, 0, _DEPARTMENT_ROW, left - 1, "", styles(TEXT))
    formula = f"={quoted(prefix)}&{reference(form, DEPARTMENT)}"
    sheet.write_formula(_DEPARTMENT_ROW, 0, formula, styles(TEXT), prefix + content.department)
    year = reference(form, YEAR)
    merge(sheet, _DEPARTMENT_ROW, left, _DEPARTMENT_ROW, last, "", styles(RIGHT))
    formula = f'="上年："&IF(ISNUMBER({year}),{year}-1,"")&{quoted(unit)}'
    sheet.write_formula(_DEPARTMENT_ROW, left, formula, styles(RIGHT), shown)
    sheet.set_row(_INSTRUCTION_ROW, row_height(wrapped(instruction, sum(widths))))
    look = styles(TEXT, text_wrap=True, font_color="#7F7F7F")
    merge(sheet, _INSTRUCTION_ROW, 0, _INSTRUCTION_ROW, last, instruction, look)
    sheet.set_row(HEADING_ROW, row_height(1))
    for column, (heading, _) in enumerate(columns):
        put(sheet, HEADING_ROW, column, heading, styles(HEADING))
