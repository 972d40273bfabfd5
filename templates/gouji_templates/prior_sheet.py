"""The sheet 上年预算数: last year's figures of all that is compared, typed or filled in from last year's workbook."""

from typing import NamedTuple

from xlsxwriter.utility import quote_sheetname, xl_range, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji_templates.classification import official_name
from gouji_templates.content import PRIOR, PRIOR_HEADINGS, SUBJECTS, Content, PriorFigure
from gouji_templates.entry import MAY_STAY, amount_validation, hint, known, wrong_amount
from gouji_templates.form import CODED, ComparedLine, Comparison, Form, Group
from gouji_templates.layout import AMONG, PAST_AMONG
from gouji_templates.live import BLANK
from gouji_templates.protection import protect
from gouji_templates.styles import CODE, DERIVED, NAME, Styles, figure, merge, put, set_up_page
from gouji_templates.subject_sheet import LISTED, lookup
from gouji_templates.year_head import TOP, write_head

CODE_HEADING, ITEM, AMOUNT, ORIGIN = PRIOR_HEADINGS
CODES, ITEMS = "上年_编码", "上年_项目"
"""The names of the codes of the section by code and of what they are called; they begin on the section's heading, as
its figures do."""

_INSTRUCTION = (
    "白色单元格填上年公开的预算数，没有的留空；已经由上年工作簿填好的，核对即可，来源栏写明取自哪一格。"
    "某一部分全部留空，表示上年数不详，不作对比；填了任何一个数，其余的空格按 0 计。"
    "按科目的部分填项级编码（7 位连写），类级由项级汇总；上年预算数自动等于两项之和，也可以直接改填。"
)
_WIDTHS = (12, 46, 16)
_ORIGIN_WIDTH = 44
_CODE, _ITEM, _AMOUNT = range(3)
_OPEN_ROWS = 40
_SPARE_ROWS = 10
"""So many stay open below codes that are filled in."""

_ROOM = 30
"""How many rows may be inserted among the codes before the names no longer reach all of them."""

_BEYOND = 200
"""How many rows the names are anchored over beyond that: so many can be deleted before they break."""


class Section(NamedTuple):
    """A group on the sheet: the row of its heading, and how many rows follow."""

    group: Group
    heading: int
    size: int


def sections(form: Form, content: Content) -> list[Section]:
    """The groups from the top, those by code last."""
    assert form.comparison is not None
    found: list[Section] = []
    row = TOP
    for group in sorted(form.comparison.groups, key=lambda group: group.codes is not None):
        size = _code_rows(form, content) if group.codes else len(group.lines)
        found.append(Section(group, row, size))
        row += 1 + size
    return found


def line_cell(form: Form, content: Content, group: Group, line: ComparedLine) -> str:
    """The cell with last year's figure of a line, as a formula on another sheet names it."""
    section = next(section for section in sections(form, content) if section.group is group)
    row = section.heading + 1 + group.lines.index(line)
    return f"{quote_sheetname(PRIOR)}!{xl_rowcol_to_cell(row, _AMOUNT, row_abs=True, col_abs=True)}"


def group_cells(form: Form, content: Content, group: Group) -> str:
    """All of a group's cells with figures, as a formula on another sheet names them."""
    section = next(section for section in sections(form, content) if section.group is group)
    first, last = section.heading + 1, section.heading + section.size
    return f"{quote_sheetname(PRIOR)}!{xl_range_abs(first, _AMOUNT, last, _AMOUNT)}"


def codes_reach(form: Form, content: Content) -> int:
    """How many rows the names of the section by code reach over, its heading among them."""
    return 1 + _code_rows(form, content) + _ROOM


def figures_name(index: int, group: Group) -> str:
    """The name of a column of figures in the section by code, beginning with the total's."""
    assert group.codes is not None
    return f"上年_{group.codes.columns[group.columns[index]].name}"


def by_code(comparison: Comparison) -> Group | None:
    """The group whose lines are codes, if there is one."""
    return next((group for group in comparison.groups if group.codes), None)


def prior_codes(form: Form, content: Content) -> list[str]:
    """The codes that last year's figures are given for, in order."""
    group = by_code(form.comparison) if form.comparison else None
    return sorted(code for id, code in content.prior if group and id == group.id)


def write_prior(book: Workbook, styles: Styles, form: Form, content: Content, live: bool) -> None:
    """Adds the sheet with the figures of `content.prior`; the form must say what is compared. If `live` it looks up
    names, is protected and defines the names of the section by code."""
    _PriorSheet(book, styles, form, content, live).write()


class _PriorSheet:
    def __init__(self, book: Workbook, styles: Styles, form: Form, content: Content, live: bool) -> None:
        assert form.comparison is not None
        self.book = book
        self.sheet: Worksheet = book.add_worksheet(PRIOR)
        self.styles = styles
        self.form = form
        self.content = content
        self.live = live
        codes = by_code(form.comparison)
        self.parts = codes.columns[1:] if codes else ()
        block = codes.codes if codes else None
        names = [block.columns[index].name for index in self.parts] if block else []
        self.headings = (CODE_HEADING, ITEM, AMOUNT, *(AMONG + name for name in names), ORIGIN)
        self.origin = len(self.headings) - 1
        self.widths = (*_WIDTHS, *(_WIDTHS[_AMOUNT] for _ in self.parts), _ORIGIN_WIDTH)
        self.amount = figure(form.decimals)

    def write(self) -> None:
        columns = list(zip(self.headings, self.widths, strict=True))
        write_head(self.sheet, self.styles, self.form, self.content, PRIOR, _INSTRUCTION, columns)
        for section in sections(self.form, self.content):
            title = section.group.title
            look = self.styles(NAME, bold=True, bg_color=DERIVED)
            merge(self.sheet, section.heading, 0, section.heading, self.origin, title, look)
            if section.group.codes:
                self._codes(section)
            else:
                self._lines(section)
        self.sheet.freeze_panes(TOP, 0)
        set_up_page(self.sheet, repeated=TOP)
        if self.live:
            protect(self.sheet)

    def _lines(self, section: Section) -> None:
        first, last = section.heading + 1, section.heading + section.size
        steps = indents(section.group)
        for row, line in enumerate(section.group.lines, first):
            given = self.content.prior.get((section.group.id, line.id), PriorFigure((None,)))
            put(self.sheet, row, _CODE, None, self.styles(CODE, bg_color=DERIVED))
            put(self.sheet, row, _ITEM, line.label, self.styles(NAME, bg_color=DERIVED, indent=steps[line.id]))
            put(self.sheet, row, _AMOUNT, given.figures[0], self.styles(self.amount, locked=False))
            for column in range(_AMOUNT + 1, self.origin):
                put(self.sheet, row, column, None, self.styles(self.amount, bg_color=DERIVED))
            put(self.sheet, row, self.origin, given.origin, self.styles(NAME, locked=False))
        self._amounts(first, last, _AMOUNT)
        self._origins(first, last)

    def _codes(self, section: Section) -> None:
        first, last = section.heading + 1, section.heading + section.size
        codes = iter(prior_codes(self.form, self.content))
        for row in range(first, last + 1):
            code = next(codes, "")
            blank = PriorFigure((None,) * (1 + len(self.parts)))
            self._code(row, code, self.content.prior.get((section.group.id, code), blank))
        self._amounts(first, last, self.origin - 1)
        self._origins(first, last)
        cell = xl_rowcol_to_cell(first, _CODE, col_abs=True)
        quiet = {"number_stored_as_text": xl_range(first, _CODE, last, _CODE)}
        if self.live:
            self.sheet.data_validation(first, _CODE, last, _CODE, _code_rule(cell))
            self.sheet.data_validation(first, _ITEM, last, _ITEM, hint(ITEM, "填好编码后自动带出，不必填写。"))
            figures = xl_range(first, _ITEM, last, self.origin - 1)
            quiet |= dict.fromkeys(("formula_unlocked", "formula_differs", "formula_range"), figures)
            self._define(CODES, section.heading, _CODE)
            self._define(ITEMS, section.heading, _ITEM)
            for index in range(1 + len(self.parts)):
                self._define(figures_name(index, section.group), section.heading, _AMOUNT + index)
        self.sheet.ignore_errors(quiet)

    def _define(self, name: str, top: int, column: int) -> None:
        """The name of a column from the section's heading on, which nobody deletes; it keeps its length when rows are
        inserted (see names.define)."""
        sheet, reach = quote_sheetname(PRIOR), codes_reach(self.form, self.content)
        area = f"{sheet}!{xl_range_abs(top, column, top + reach + _BEYOND, column)}"
        self.book.define_name(name, f"={sheet}!{xl_range_abs(top, column, top, column)}:INDEX({area},{reach})")

    def _code(self, row: int, code: str, given: PriorFigure) -> None:
        put(self.sheet, row, _CODE, code, self.styles(CODE, locked=False))
        name = official_name("functional", code)
        total, *parts = given.figures
        if self.live:
            cell = xl_rowcol_to_cell(row, _CODE, col_abs=True)
            formula = "=" + lookup("functional", f'{cell}&""')
            self.sheet.write_formula(row, _ITEM, formula, self.styles(NAME, bg_color=DERIVED), name or BLANK)
        else:
            put(self.sheet, row, _ITEM, name, self.styles(NAME))
        unlocked = self.styles(self.amount, locked=False)
        if self.live and total is None:
            areas = xl_range(row, _AMOUNT + 1, row, self.origin - 1)
            formula = f'=IF(COUNT({areas})=0,"",ROUND(SUM({areas}),{self.form.decimals}))'
            printed = [part for part in parts if part is not None]
            self.sheet.write_formula(row, _AMOUNT, formula, unlocked, sum(printed) if printed else BLANK)
        else:
            put(self.sheet, row, _AMOUNT, total, unlocked)
        for column, part in enumerate(parts, _AMOUNT + 1):
            put(self.sheet, row, column, part, unlocked)
        put(self.sheet, row, self.origin, given.origin, self.styles(NAME, locked=False))

    def _amounts(self, first: int, last: int, right: int) -> None:
        cell = xl_rowcol_to_cell(first, _AMOUNT)
        rule = amount_validation(cell, self.form.unit, self.form.decimals)
        self.sheet.data_validation(first, _AMOUNT, last, right, rule)
        self.sheet.conditional_format(first, _AMOUNT, last, right, wrong_amount(self.styles, cell, self.form.decimals))

    def _origins(self, first: int, last: int) -> None:
        about = hint(ORIGIN, "上年数从哪里来，例如“上年公开文本”；自动填入的已经注明。可以不填。")
        self.sheet.data_validation(first, self.origin, last, self.origin, about)


def _code_rows(form: Form, content: Content) -> int:
    codes = prior_codes(form, content)
    return max(_OPEN_ROWS, len(codes) + _SPARE_ROWS) if codes else _OPEN_ROWS


def indents(group: Group) -> dict[str, int]:
    """How far each line is set in: a step for every sum it is part of, and past 其中： below it."""
    lines = {line.id: line for line in group.lines}
    parents = {part: line for line in group.lines for part in line.sum}
    steps: dict[str, int] = {}
    for id, line in lines.items():
        parent = parents.get(id)
        # A sum stands above what adds to it.
        steps[id] = steps[parent.id] + 1 if parent else 0
        if parent and lines[parent.sum[0]].label.startswith(AMONG) and not line.label.startswith(AMONG):
            steps[id] += PAST_AMONG
    return steps


def _code_rule(cell: str) -> dict[str, object]:
    listed = LISTED["functional"]
    digits = CODED["functional"][-1]
    exists = known(f'{cell}&""', listed.codes)
    return {
        "validate": "custom",
        "value": f'=IF({cell}="",TRUE,AND(LEN({cell})={digits},{exists}))',
        "ignore_blank": False,
        "input_title": f"{listed.title}编码",
        "input_message": f"填项级编码，{digits} 位数连写，可在“{SUBJECTS}”表查找，名称自动带出。",
        "error_type": "warning",
        "error_title": "请核对编码",
        "error_message": f"应为 {digits} 位的项级编码，并且要能在“{SUBJECTS}”表里查到。{MAY_STAY}",
    }
