"""Entering is easy: the rules a typed cell obeys, the prompts that say so, and a red fill for what a paste broke."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from gouji_templates.content import SUBJECTS, Content, Line, name_index
from gouji_templates.form import CODED, LEVELS, Block, Form, Label
from gouji_templates.layout import Layout, line_rows
from gouji_templates.protection import is_entered, is_open
from gouji_templates.results import FAILED, FILLS
from gouji_templates.styles import Styles
from gouji_templates.subject_sheet import LISTED

WRONG = FILLS[FAILED]
"""The fill of a typed cell that holds no amount; pasting goes past the validation."""

MAY_STAY = "确认没有填错（例如是当年新增的科目），可以保留；填错了，请改正。"
"""What is said of a code that our list lacks."""

_SAMPLES = {"类": "201", "款": "01", "项": "01"}


class Rectangle(NamedTuple):
    """Cells of one block side by side, counted from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


def leaf_index(block: Block) -> int:
    """The position of the label column that only a leaf of a block with codes fills in."""
    name = name_index(block)
    return name + 1 if block.kind == "projects" else name - 1


def guard(sheet: Worksheet, styles: Styles, form: Form, layout: Layout, content: Content) -> None:
    """Gives every block its validation, and marks in red what a paste has put where an amount is due.

    Comes before other conditional formats of the sheet, or their fills hide the red.
    """
    if layout.table.id in content.empty:
        return
    placed = line_rows(layout, content.lines)
    for block in layout.table.blocks:
        rows = dict(zip(placed[block.name], content.lines.get(block.name, ()), strict=True))
        _figures(sheet, styles, form, layout, block, rows)
        if block.kind in CODED:
            _labels(sheet, layout, block, [row for row, line in rows.items() if is_open(block, line)])


def amount_rule(cell: str, decimals: int) -> str:
    """Blank, or a number from zero on with no finer part than is printed; true or false."""
    return f'IF(ISNUMBER({cell}),AND({cell}>=0,ROUND({cell},{decimals})={cell}),{cell}="")'


def amount_validation(cell: str, unit: str, decimals: int) -> dict[str, object]:
    """What a cell with an amount takes, relative to this one; negative numbers and text are stopped."""
    return {
        "validate": "custom",
        "value": f"={amount_rule(cell, decimals)}",
        # With blanks ignored, Excel lets everything through as soon as a cell that the formula names is blank.
        "ignore_blank": False,
        "input_title": f"金额（{unit}）",
        "input_message": f"填不小于 0 的数，最多 {decimals} 位小数；没有数就留空。",
        "error_title": "金额填写有误",
        "error_message": f"请填不小于 0 的数字，最多 {decimals} 位小数，单位是{unit}；不要填文字、空格或负数。",
    }


def wrong_amount(styles: Styles, cell: str, decimals: int) -> dict[str, object]:
    """The conditional format of a cell with an amount, relative to this one."""
    return {
        "type": "formula",
        "criteria": f"=NOT({amount_rule(cell, decimals)})",
        "format": styles({"bg_color": WRONG}),
    }


def known(code: str, codes: str) -> str:
    """Whether the named list has this code, which is itself a formula's text; true or false."""
    return f"ISNUMBER(MATCH({code},{codes},0))"


def _figures(sheet: Worksheet, styles: Styles, form: Form, layout: Layout, block: Block, rows: dict[int, Line]) -> None:
    left = layout.figure_column(block)
    typed = {row: tuple(is_entered(block, line, column) for column in block.columns) for row, line in rows.items()}
    for area in _areas(typed, left):
        cell = xl_rowcol_to_cell(area.top, area.left)
        rule = amount_validation(cell, form.unit, form.decimals)
        if block.kind in CODED:
            rule |= _only_in_leaves(layout, block, area, form)
        sheet.data_validation(*area, rule)
        sheet.conditional_format(*area, wrong_amount(styles, cell, form.decimals))
    for area in _areas({row: tuple(not typed for typed in flags) for row, flags in typed.items()}, left):
        sheet.data_validation(*area, hint("自动计算", "这一格由其他单元格得出，不必填写。"))


def _only_in_leaves(layout: Layout, block: Block, area: Rectangle, form: Form) -> dict[str, object]:
    """The same rule, and none of it in a line that sums others: one with a text but nothing for its leaf."""
    left = layout.lefts[block.name]
    cell = xl_rowcol_to_cell(area.top, area.left)
    first, name, leaf = (
        xl_rowcol_to_cell(area.top, left + index, col_abs=True) for index in (0, name_index(block), leaf_index(block))
    )
    amount = amount_rule(cell, form.decimals)
    last = block.labels[leaf_index(block)].heading[-1]
    return {
        "value": f'=IF({cell}="",TRUE,IF(AND({first}&{name}<>"",{leaf}=""),FALSE,{amount}))',
        "input_message": f"只在填了“{last}”的行里填，其他行自动汇总。最多 {form.decimals} 位小数，没有数就留空。",
        "error_message": f"没有填“{last}”的行由下级科目汇总，不必填写；如果本行就是末级，请先填“{last}”。"
        f"金额应为不小于 0 的数字，最多 {form.decimals} 位小数，单位是{form.unit}；不要填文字、空格或负数。",
    }


def _labels(sheet: Worksheet, layout: Layout, block: Block, rows: Sequence[int]) -> None:
    """Every code must be one that exists, as far as our list goes: a doubtful one may stay."""
    if not rows:
        return
    left = layout.lefts[block.name]
    top, bottom = min(rows), max(rows)
    codes = LISTED[block.classification or ""].codes
    for index, (start, end) in enumerate(pairwise((0, *CODED[block.kind]))):
        level, digits = LEVELS[index], end - start
        cells = [xl_rowcol_to_cell(top, left + i, col_abs=True) for i in range(index + 1)]
        # As text, also where a single code was pasted as a number.
        exists = known("&".join([*cells, '""']), codes)
        counted = f"{level}的编码是 {digits} 位数"
        rule = {
            "validate": "custom",
            "value": f'=IF({cells[-1]}="",TRUE,AND(LEN({cells[-1]})={digits},{exists}))',
            "ignore_blank": False,
            "input_title": f"{level}级编码",
            "input_message": f"{counted}，如 {_SAMPLES[level]}。编码可在“{SUBJECTS}”表查找，名称自动带出。",
            "error_type": "warning",
            "error_title": "请核对编码",
            "error_message": f"{counted}，并且要能在“{SUBJECTS}”表里查到。{MAY_STAY}",
        }
        sheet.data_validation(top, left + index, bottom, left + index, rule)
    for index, label in enumerate(block.labels[name_index(block) :], name_index(block)):
        about = hint(label.heading[-1], _about(block, label))
        sheet.data_validation(top, left + index, bottom, left + index, about)


def _about(block: Block, label: Label) -> str:
    if label is not block.labels[name_index(block)]:
        return "一个项目一行，编码的类、款、项都要填。汇总行这一格留空。"
    if block.kind == "projects":
        return "填好编码后自动带出，不必填写。单位小计行不填编码，在这里写单位名称。"
    return "填好编码后自动带出，不必填写。"


def hint(title: str, message: str) -> dict[str, object]:
    """A prompt without a rule."""
    return {"validate": "any", "input_title": title, "input_message": message}


def _areas(flags: dict[int, tuple[bool, ...]], left: int) -> Iterator[Rectangle]:
    """The rectangles of what is true; `flags` by sheet row, for the columns from `left` on."""
    numbered = enumerate(sorted(flags))
    # Rows that follow one another with the same columns keep the same distance from their position.
    for (_, row_flags), group in groupby(numbered, key=lambda item: (item[1] - item[0], flags[item[1]])):
        rows = [row for _, row in group]
        column = left
        for true, run in groupby(row_flags):
            width = len(list(run))
            if true:
                yield Rectangle(rows[0], column, rows[-1], column + width - 1)
            column += width
