"""The sheet that accounts for the tables over all departments: what went in, what was left out, where 尾差 went."""

from collections.abc import Sequence

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji_checks.summary.choice import WITHOUT_LAST_YEAR, Left, by_kind
from gouji_checks.summary.overview import Overview
from gouji_templates.layout import tallest
from gouji_templates.styles import HEADING, NAME, TEXT, TITLE, Styles, figure, put, row_height, set_up_page

_NAMED = "汇总说明"
_WIDTHS = (40, 30, 18, 18, 60)


def write_account(book: Workbook, styles: Styles, overview: Overview) -> None:
    """Adds the sheet."""
    sheet = book.add_worksheet(_NAMED)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 30)
    put(sheet, 0, 0, _NAMED, styles(TITLE | {"align": "left"}))
    sheet_lines = _Lines(sheet, styles)
    _sums(sheet_lines, overview)
    _settled(sheet_lines, overview)
    _files(sheet_lines, "没有计入", overview.choice.left)
    _files(sheet_lines, WITHOUT_LAST_YEAR, overview.without_last_year)
    if overview.unread:
        sheet_lines.heading(f"读不出来的上年工作簿（{len(overview.unread)} 个）", ())
        for problem in overview.unread:
            sheet_lines.say(problem)
    set_up_page(sheet)


class _Lines:
    """A sheet filled from the top."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self._sheet = sheet
        self._styles = styles
        self._next = 2

    def say(self, text: str) -> None:
        put(self._sheet, self._next, 0, text, self._styles(TEXT))
        self._next += 1

    def heading(self, title: str, headings: Sequence[str]) -> None:
        self._next += 1
        put(self._sheet, self._next, 0, title, self._styles(TEXT, bold=True))
        for column, heading in enumerate(headings):
            put(self._sheet, self._next + 1, column, heading, self._styles(HEADING))
        self._next += 2 if headings else 1

    def row(self, values: Sequence[str | float | None]) -> None:
        if (lines := tallest(values, _WIDTHS)) > 1:
            # Not every program makes room by itself.
            self._sheet.set_row(self._next, row_height(lines))
        for column, value in enumerate(values):
            if isinstance(value, float):
                self._sheet.write_number(self._next, column, value, self._styles(figure(2)))
            else:
                put(self._sheet, self._next, column, value, self._styles(NAME))
        self._next += 1


def _sums(lines: _Lines, overview: Overview) -> None:
    found = overview.tables
    if found is None:
        lines.say("没有可以汇总的工作簿，没有汇总表。")
        return
    first, *_, last = overview.catalogue.form.tables
    lines.say(f"{first.id}至{last.id}是 {found.departments} 个部门的汇总：末级科目按编码相加，其余各数由此得出。")
    lines.say("表7 同一项科目的各个项目并成一行；表11 部门自拟名称的各行并成一行。")
    if found.errors:
        lines.say(f"汇总表有 {len(found.errors)} 条错误，多因计入的部门本身有错误；请先改正，或核对后使用。")
    lines.heading("各部门之和与汇总表", ("项目", "各部门之和", "汇总表", "差额（尾差）"))
    for figure_ in overview.shown:
        parts, whole = overview.taken(figure_).now, found.figures[figure_.id].now
        if parts is not None and whole is not None:
            lines.row([figure_.heading, parts / 1_000_000, whole / 1_000_000, (whole - parts) / 1_000_000])
    if found.errors:
        lines.heading("汇总表中的错误", ("单元格", "规则", "", "", "说明"))
        for error in found.errors:
            lines.row([error.cell, error.rule, "", "", error.message])


def _files(lines: _Lines, what: str, files: Sequence[Left]) -> None:
    """Files that something is to be said of, under a heading for each kind of reason."""
    for kind, found in by_kind(files).items():
        lines.heading(f"{what}：{kind}（{len(found)} 个）", ("文件", "部门", "部门编码", "年度", "原因"))
        for row, _, reason in found:
            lines.row([row.file, row.record.department, row.record.code, row.record.year, reason])


def _settled(lines: _Lines, overview: Overview) -> None:
    if overview.tables and overview.tables.settled:
        title = "尾差归并：各部门四舍五入的尾差相加后，为使汇总表各表相符，计入下列各数"
        lines.heading(title, ("单元格", "科目", "计入（万元）"))
        for shift in overview.tables.settled:
            lines.row([shift.cell, shift.key, shift.fen / 1_000_000])
