"""A table's sheet: title, department line, headings, 栏次, then the lines or the empty-table sentence."""

import re
from decimal import Decimal
from string import Formatter

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji_templates.content import (
    DEPARTMENT,
    YEAR,
    Content,
    Line,
    is_total,
    name_index,
    sentence,
    total_first,
)
from gouji_templates.form import CODE_LABELS, CODED, Block, Form, Table
from gouji_templates.info_sheet import reference
from gouji_templates.layout import (
    DEPARTMENT_ROW,
    HEADING_ROW,
    NUMBER_ROW,
    RULER_SIGN,
    TITLE_ROW,
    Layout,
    indents,
    lay_out,
    line_rows,
    text_width,
    wrapped,
)
from gouji_templates.styles import (
    CENTRED,
    CODE,
    DERIVED,
    HEADING,
    NAME,
    RIGHT,
    TEXT,
    TITLE,
    Styles,
    figure,
    merge,
    put,
    row_height,
    set_up_page,
)

_INDENT_WIDTH = 1.3
"""A step of indentation in units of column width."""


def write_table(book: Workbook, styles: Styles, form: Form, table: Table, content: Content) -> None:
    """Adds the sheet."""
    _TableSheet(book, styles, form, table, content).write()


class _TableSheet:
    def __init__(self, book: Workbook, styles: Styles, form: Form, table: Table, content: Content) -> None:
        self.sheet: Worksheet = book.add_worksheet(table.id)
        self.styles = styles
        self.form = form
        self.table = table
        self.content = content
        self.layout: Layout = lay_out(table)

    def write(self) -> None:
        for column, width in enumerate(self.layout.widths):
            self.sheet.set_column(column, column, width)
        self._top()
        self._headings()
        if self.table.id in self.content.empty:
            self._sentence(self.layout.first_row)
        else:
            self._lines()
        self.sheet.freeze_panes(self.layout.first_row, 0)
        set_up_page(
            self.sheet,
            repeated=self.layout.first_row,
            one_page=not any(map(total_first, self.table.blocks)),
        )

    def _top(self) -> None:
        sheet, layout = self.sheet, self.layout
        last = layout.last_column
        sheet.write_string(NUMBER_ROW, 0, re.sub(r"(?<=\D)(?=\d)", " ", self.table.id), self.styles(TEXT))
        sheet.set_row(TITLE_ROW, 32)
        merge(sheet, TITLE_ROW, 0, TITLE_ROW, last, self.table.title, self.styles(TITLE))
        sheet.set_row(DEPARTMENT_ROW, 20)
        unit = f"{self.form.unit_line}：{self.form.unit}"
        # As many columns from the right as the unit needs; the department has the rest.
        left = last
        while sum(layout.widths[left:]) < text_width(unit) + 1:
            left -= 1
        merge(sheet, DEPARTMENT_ROW, left, DEPARTMENT_ROW, last, unit, self.styles(RIGHT))
        prefix = f"{self.form.department_line}："
        merge(sheet, DEPARTMENT_ROW, 0, DEPARTMENT_ROW, left - 1, "", self.styles(TEXT))
        formula = f"={_quoted(prefix)}&{reference(self.form, DEPARTMENT)}"
        sheet.write_formula(DEPARTMENT_ROW, 0, formula, self.styles(TEXT), prefix + self.content.department)

    def _headings(self) -> None:
        layout = self.layout
        heights = dict.fromkeys(range(HEADING_ROW, HEADING_ROW + self.table.depth), row_height(1))
        # Headings over one row come first: the others then need only what is still missing.
        for span in sorted(layout.headings, key=lambda span: span.bottom - span.top):
            merge(self.sheet, span.top, span.left, span.bottom, span.right, span.text, self.styles(HEADING))
            need = row_height(wrapped(span.text, sum(layout.widths[span.left : span.right + 1])))
            have = sum(heights[row] for row in range(span.top, span.bottom + 1))
            heights[span.bottom] += max(0.0, need - have)
        for row, height in heights.items():
            self.sheet.set_row(row, height)
        if layout.ruler_row is not None:
            self._ruler(layout.ruler_row)

    def _ruler(self, row: int) -> None:
        style = self.styles(CENTRED)
        number = 0
        for block in self.table.blocks:
            for column in range(self.layout.lefts[block.name], self.layout.figure_column(block)):
                self.sheet.write_string(row, column, RULER_SIGN, style)
            for index in range(len(block.columns)):
                number += 1
                self.sheet.write_number(row, self.layout.figure_column(block, index), number, style)

    def _lines(self) -> None:
        first = self.layout.first_row
        placed = line_rows(self.layout, self.content.lines)
        end = max((row + 1 for rows in placed.values() for row in rows), default=first)
        tallest = dict.fromkeys(range(first, end), 1)
        for block in self.table.blocks:
            left = self.layout.lefts[block.name]
            # Beside a longer block the rows without a line keep their borders.
            for row in set(tallest).difference(placed[block.name]):
                for column in range(left, left + len(block.labels) + len(block.columns)):
                    put(self.sheet, row, column, None, self.styles(NAME))
            for row, line in zip(placed[block.name], self.content.lines.get(block.name, ()), strict=True):
                tallest[row] = max(tallest[row], self._labels(block, row, line))
                self._figures(block, row, line)
            self._codes(block, end - 1)
        for row, count in tallest.items():
            # A row of one line keeps its automatic height, so that it grows with what somebody types.
            if count > 1:
                self.sheet.set_row(row, row_height(count))
        if self.table.empty:
            self._sentence(end)

    def _labels(self, block: Block, row: int, line: Line) -> int:
        """Writes the texts of a line; returns how many lines of text the tallest takes."""
        tallest = 1
        steps = indents(block)
        left = self.layout.lefts[block.name]
        for column, (label, text) in enumerate(zip(block.labels, line.labels, strict=True), left):
            # A block to the right keeps its labels off the figures beside it.
            step = steps.get(text, 0) + bool(left)
            look = NAME | {"indent": step} if step else NAME
            if label.name in CODE_LABELS:
                look = CODE
            elif text and is_total(block, line):
                look = HEADING
            put(self.sheet, row, column, text, self.styles(look))
            tallest = max(tallest, wrapped(text, label.width - step * _INDENT_WIDTH))
        return tallest

    def _figures(self, block: Block, row: int, line: Line) -> None:
        total = is_total(block, line)
        spec = next((spec for spec in block.rows if spec.label == line.labels[name_index(block)]), None)
        derived = total or block.derived or (spec is not None and (spec.derived or bool(spec.sum)))
        for index, (column, amount) in enumerate(zip(block.columns, line.figures, strict=True)):
            look = figure(self.form.decimals)
            if total:
                look["bold"] = True
            if derived or column.derived or column.sum:
                look["bg_color"] = DERIVED
            put(self.sheet, row, self.layout.figure_column(block, index), amount, self.styles(look))

    def _codes(self, block: Block, last: int) -> None:
        """Codes may be text without a green corner; a line above the leaves looks derived where it stands."""
        first, left = self.layout.first_row, self.layout.lefts[block.name]
        if block.kind not in CODED or last <= first:
            return
        name = left + name_index(block)
        self.sheet.ignore_errors({"number_stored_as_text": xl_range(first, left, last, name - 1)})
        leaf = name + 1 if block.kind == "projects" else name - 1
        top = first + 1
        named, without = (xl_rowcol_to_cell(top, column, col_abs=True) for column in (name, leaf))
        self.sheet.conditional_format(
            top,
            self.layout.figure_column(block),
            last,
            self.layout.figure_column(block, len(block.columns) - 1),
            {
                "type": "formula",
                "criteria": f'=AND({named}<>"",{without}="")',
                "format": self.styles({"bg_color": DERIVED}),
            },
        )

    def _sentence(self, row: int) -> None:
        """The empty-table sentence: all there is, or shown while the lines above hold nothing."""
        layout = self.layout
        text = sentence(self.content, self.table)
        self.sheet.set_row(row, max(row_height(2), row_height(wrapped(text, sum(layout.widths)))))
        merge(self.sheet, row, 0, row, layout.last_column, text, self.styles(NAME))
        if row > layout.first_row:
            area = xl_range(layout.first_row, layout.figure_column(self.table.blocks[0]), row - 1, layout.last_column)
            formula = f'=IF(SUM({area})=0,{self._sentence_parts()},"")'
            self.sheet.write_formula(row, 0, formula, self.styles(NAME), "" if self._total() else text)

    def _sentence_parts(self) -> str:
        """The sentence as a formula, its fields taken from the first sheet."""
        fields = {"department": DEPARTMENT, "year": YEAR}
        parts: list[str] = []
        for words, field, _, _ in Formatter().parse(self.table.empty):
            parts += [_quoted(words)] if words else []
            parts += [reference(self.form, fields[field])] if field else []
        return "&".join(parts)

    def _total(self) -> Decimal:
        """What the formula's SUM comes to."""
        lines = (line for block in self.table.blocks for line in self.content.lines.get(block.name, ()))
        return sum((amount or Decimal() for line in lines for amount in line.figures), Decimal())


def _quoted(text: str) -> str:
    """The text as a formula holds it."""
    return '"' + text.replace('"', '""') + '"'
