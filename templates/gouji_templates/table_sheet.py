"""A table's sheet: title, department line, headings, 栏次, then the lines or the empty-table sentence."""

import re
from string import Formatter

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji_templates.content import DEPARTMENT, YEAR, Content, is_total, sentence, total_first
from gouji_templates.entry import guard
from gouji_templates.form import Form, Table
from gouji_templates.info_sheet import reference
from gouji_templates.layout import (
    DEPARTMENT_ROW,
    HEADING_ROW,
    NUMBER_ROW,
    RULER_SIGN,
    TITLE_ROW,
    Layout,
    lay_out,
    text_width,
    wrapped,
)
from gouji_templates.lines import LineWriter
from gouji_templates.live import BLANK, Live
from gouji_templates.names import define
from gouji_templates.protection import protect
from gouji_templates.styles import CENTRED, HEADING, NAME, RIGHT, TEXT, TITLE, Styles, merge, row_height, set_up_page
from gouji_templates.wording import quoted


def write_table(
    book: Workbook, styles: Styles, form: Form, table: Table, content: Content, live: Live | None, reach: int
) -> None:
    """Adds the sheet. With `live` its derived cells hold formulas and it is protected; its names then reach over so
    many rows."""
    sheet = _TableSheet(book, styles, form, table, content, live)
    sheet.write(reach)
    if live:
        define(book, sheet.layout, reach)
        protect(sheet.sheet)


class _TableSheet:
    def __init__(
        self, book: Workbook, styles: Styles, form: Form, table: Table, content: Content, live: Live | None
    ) -> None:
        self.sheet: Worksheet = book.add_worksheet(table.id)
        self.styles = styles
        self.form = form
        self.table = table
        self.content = content
        self.live = live
        self.layout: Layout = lay_out(table)

    def write(self, reach: int) -> None:
        for column, width in enumerate(self.layout.widths):
            self.sheet.set_column(column, column, width)
        self._top()
        self._headings()
        last = self.layout.first_row
        if self.table.id not in self.content.empty:
            if self.live:
                # Before other conditional formats, or their fills hide the red.
                guard(self.sheet, self.styles, self.form, self.layout, self.content)
            lines = LineWriter(self.sheet, self.styles, self.form, self.layout, self.content, self.live, reach)
            last = lines.write()
        if self.table.empty:
            self._sentence(last)
            last += 1
        self.sheet.freeze_panes(self.layout.first_row, 0)
        # What stands beside the table is for whoever fills it in.
        self.sheet.print_area(0, 0, last - 1, self.layout.last_column)
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
        formula = f"={quoted(prefix)}&{reference(self.form, DEPARTMENT)}"
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

    def _sentence(self, row: int) -> None:
        """The empty-table sentence: all there is, or shown while the lines above hold nothing."""
        layout = self.layout
        text = sentence(self.content, self.table)
        self.sheet.set_row(row, max(row_height(2), row_height(wrapped(text, sum(layout.widths)))))
        merge(self.sheet, row, 0, row, layout.last_column, text, self.styles(NAME))
        if row > layout.first_row:
            # Whether the lines below the total name anything, rather than whether they hold figures: sums depend on
            # what stands in this column, and would go round in a circle.
            column = xl_col_to_name(layout.lefts[self.table.blocks[0].name])
            top = xl_rowcol_to_cell(layout.first_row - 1, 0, row_abs=True)
            lines = f"INDEX({column}:{column},ROW({top})+2):INDEX({column}:{column},ROW()-1)"
            formula = f'=IF(COUNTA({lines})=0,{self._sentence_parts()},"")'
            self.sheet.write_formula(row, 0, formula, self.styles(NAME), BLANK if self._named() else text)

    def _sentence_parts(self) -> str:
        """The sentence as a formula, its fields taken from the first sheet."""
        fields = {"department": DEPARTMENT, "year": YEAR}
        parts: list[str] = []
        for words, field, _, _ in Formatter().parse(self.table.empty):
            parts += [quoted(words)] if words else []
            parts += [reference(self.form, fields[field])] if field else []
        return "&".join(parts)

    def _named(self) -> bool:
        """Whether any line but the total has a text in the first column."""
        return any(
            line.labels[0] and not is_total(block, line)
            for block in self.table.blocks
            for line in self.content.lines.get(block.name, ())
        )
