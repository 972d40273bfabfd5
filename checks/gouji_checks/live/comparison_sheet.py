"""The sheets 收支对比 and 三公经费对比: this year against last, line by line, and the reasons the department gives."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gouji_checks.amount import FEN
from gouji_checks.compare.per_head import HEADING as PER_HEAD
from gouji_checks.compare.ratios import NO_RATE, growth_from_zero
from gouji_checks.compare.sections import BEFORE, CHANGE, CODE, ITEM, NOW, RATE, REASON, SHARE
from gouji_checks.live import comparison_formulas as formulas
from gouji_checks.live import comparison_marks as marks
from gouji_checks.live.comparison_chart import MANY, ROWS, Charted, add_charts
from gouji_checks.live.comparison_rows import COMPARED_KEYS, LAST, Sources, codes_room
from gouji_checks.live.comparison_values import BLANK_LINE, ShownLine, Values
from gouji_checks.source import Rows
from gouji_templates import prior_sheet
from gouji_templates.content import COMPARISONS, PRIOR, Content
from gouji_templates.entry import hint
from gouji_templates.form import CODED, Comparison, Form, Group
from gouji_templates.info_sheet import reference
from gouji_templates.live import BLANK
from gouji_templates.per_head import per_head
from gouji_templates.styles import DERIVED, NAME, TEXT, Styles, figure, merge, put, set_up_page
from gouji_templates.wording import quoted
from gouji_templates.year_head import HEADING_ROW, TOP, write_head

_COLUMNS = (
    (CODE, 10), (ITEM, 40), (NOW, 15), (BEFORE, 15), (CHANGE, 14), (RATE, 12), (SHARE, 11), (REASON, 46),
)  # fmt: skip
_CODE, _ITEM, _NOW, _BEFORE, _CHANGE, _RATE, _SHARE, _REASON = range(len(_COLUMNS))

ID, LABEL, AMOUNT = _CODE, _ITEM, _NOW
MARKS = marks.Cells(_CODE, _CHANGE, _REASON, _REASON + 2)
"""Beside the sheet, outside what is printed."""

_INSTRUCTION = (
    "灰色的自动计算：本年数取自各表，上年数取自“{prior}”；增减率 = 增减额 ÷ 上年预算数，占比是占本部分合计的比重。"
    "白色的“增减原因”由部门填写，有增减的都要写明，合计、小计和类级由下面有增减的各行说明；"
    "黄色的还没有写，红色的多半写错了行。{more}"
)
_REASONS_LAST = "按科目的各行随编码排列，先填完各表和“{prior}”，再写原因；科目有变动的，原因要跟着挪。"
_RENAMED = "注：两年之间改了编码的科目，上年数并入本年的新编码，请核对；类级的上年数是各项之和。"
_CHARTS = 2
"""So many groups of a sheet are drawn, the first ones."""


def write_comparisons(
    book: Workbook, styles: Styles, form: Form, content: Content, sources: Sources, values: Values
) -> None:
    """Adds the sheets; `values` are what their formulas come to now. The form must say what is compared."""
    assert form.comparison is not None
    for name in COMPARISONS:
        groups = [group for group in form.comparison.groups if group.sheet == name]
        _Sheet(book, styles, form, form.comparison, content, sources, values).write(name, groups)


class _Sheet:
    def __init__(
        self,
        book: Workbook,
        styles: Styles,
        form: Form,
        comparison: Comparison,
        content: Content,
        sources: Sources,
        values: Values,
    ) -> None:
        self.book = book
        self.styles = styles
        self.form = form
        self.comparison = comparison
        self.content = content
        self.sources = sources
        self.values = values
        grey = {"bg_color": DERIVED}
        self.amount = figure(form.decimals) | grey
        self.percent = figure(2) | grey
        self.text = NAME | grey
        self.marked: list[marks.Marked] = []
        self.row = TOP

    def write(self, name: str, groups: list[Group]) -> None:
        self.sheet: Worksheet = self.book.add_worksheet(name)
        listed = [group for group in groups if group.lines]
        coded = [group for group in groups if group.codes]
        more = _REASONS_LAST.format(prior=PRIOR) if coded else ""
        instruction = _INSTRUCTION.format(prior=PRIOR, more=more)
        write_head(self.sheet, self.styles, self.form, self.content, name, instruction, _COLUMNS)
        marks.write_heading(self.sheet, self.styles, MARKS)
        drawn = [group for group in listed if len(group.lines) > 1][:_CHARTS]
        charts = []
        for group in listed:
            top = self._listed(group)
            if group in drawn:
                charts.append(_charted(group, top))
            if charts and group is drawn[-1] and group is not listed[-1]:
                self._draw(charts)
                charts = []
        if any(group.id == self.comparison.no_growth for group in groups):
            self._per_head()
        self._from_zero(groups)
        # It counts the lines by code as well, which are still to come.
        sentence = self.row
        self.row += 1
        for group in coded:
            self._coded(group)
        marks.write_sentence(self.sheet, self.styles, sentence, MARKS, self.marked)
        if charts:
            self._draw(charts)
        self.sheet.print_area(0, 0, self.row - 1, _REASON)
        self.sheet.freeze_panes(TOP, _NOW)
        set_up_page(self.sheet, repeated=TOP, one_page=not coded)
        self.sheet.protect("", {"format_columns": True, "format_rows": True})

    def _draw(self, charts: list[Charted]) -> None:
        widths = [width for _, width in _COLUMNS]
        add_charts(self.book, self.sheet, charts, self.row, widths, self.form.unit)
        self.row += ROWS

    def _heading(self, text: str) -> None:
        merge(self.sheet, self.row, 0, self.row, _REASON, text, self.styles(self.text, bold=True))
        self.row += 1

    def _listed(self, group: Group) -> int:
        """Returns the row of the first line."""
        self._heading(group.title)
        top = self.row
        steps = prior_sheet.indents(group)
        area = self.sources.now[group.id]
        here = [area.at(number) for number in range(1, len(group.lines) + 1)]
        every = prior_sheet.group_cells(self.form, self.content, group)
        place = next((i for i, line in enumerate(group.lines) if line.id == group.whole), None)
        whole = "" if place is None else xl_rowcol_to_cell(top + place, _NOW, row_abs=True, col_abs=True)
        for index, (line, shown) in enumerate(zip(group.lines, self.values.groups[group.id], strict=True)):
            put(self.sheet, self.row, _CODE, None, self.styles(self.text))
            put(self.sheet, self.row, _ITEM, line.label, self.styles(self.text, indent=steps[line.id]))
            before = prior_sheet.line_cell(self.form, self.content, group, line)
            self._figures(
                shown,
                formulas.line_now(index, here, area.there),
                formulas.line_before(before, every, self.form.decimals),
                whole,
                boxed=True,
            )
        self._mark(group, top, self.values.groups[group.id])
        return top

    def _coded(self, group: Group) -> None:
        self._heading(group.title)
        assert group.codes is not None
        crowded = self.sources.crowded
        more = f'IF({crowded}>0,"另有 "&{crowded}&" 个科目没有列出，请用 gouji compare 查看。","")'
        self._note(f"{quoted(_RENAMED)}&{more}", _RENAMED)
        top = self.row
        shown = self.values.groups[group.id]
        room = codes_room(self.form, self.content)
        for number in range(room):
            one = shown[number] if number < len(shown) else BLANK_LINE
            key = f"INDEX({COMPARED_KEYS},{number + 1})"
            look = TEXT | {"align": "center", "num_format": "@"}
            self._formula(_CODE, f'IF(LEN({key})<2,"",MID({key},2,9))', one.id, look)
            code = xl_rowcol_to_cell(self.row, _CODE, col_abs=True)
            self._formula(_ITEM, formulas.code_name(group, code, LAST.own), one.label, TEXT | {"shrink": True})
            now = formulas.code_now(group, code, self.form.decimals)
            self._figures(one, now, formulas.code_before(group, code, LAST), self.sources.whole, boxed=False)
        self._mark(group, top, [*shown[:room], *[None] * (room - len(shown))])
        self._rules(top, CODED[group.codes.kind][0])

    def _mark(self, group: Group, top: int, rows: Sequence[ShownLine | None]) -> None:
        found = marks.marked(group, {row: (line, "") for row, line in enumerate(rows, top)}, self.values.printed)
        marks.write_marks(self.sheet, self.styles, MARKS, found, self.sources.signs)
        self.marked.append(found)

    def _rules(self, top: int, length: int) -> None:
        """Borders and fill only where there is a code, so that room left over stays white paper; a 类 stands out."""
        code = xl_rowcol_to_cell(top, _CODE, col_abs=True)
        there, of_class = f'={code}<>""', f"=LEN({code})={length}"
        grey = {"border": 1, "bg_color": DERIVED}
        # Of several rules that hold, LibreOffice follows the first alone.
        for first, last, criteria, look in (
            (_CODE, _SHARE, of_class, grey | {"bold": True}),
            (_CODE, _SHARE, there, grey),
            (_REASON, _REASON, there, {"border": 1}),
        ):
            rule = {"type": "formula", "criteria": criteria, "format": self.styles(look)}
            self.sheet.conditional_format(top, first, self.row - 1, last, rule)

    def _figures(self, shown: ShownLine, now: str, before: str, whole: str, *, boxed: bool) -> None:
        """A line's figures and the cell for its reason; goes on to the next row."""
        decimals = self.form.decimals
        amount, percent, reason = self.amount, self.percent, NAME
        if not boxed:
            bare = ("border", "bg_color")
            amount, percent, reason = (
                {k: v for k, v in look.items() if k not in bare} for look in (amount, percent, reason)
            )
        this, last = (xl_rowcol_to_cell(self.row, column, col_abs=True) for column in (_NOW, _BEFORE))
        texts = {
            _NOW: now,
            _BEFORE: before,
            _CHANGE: formulas.change(this, last),
            _RATE: formulas.rate(this, last, self.comparison.from_zero, decimals),
        }
        if whole:
            texts[_SHARE] = formulas.share(this, whole, decimals)
        else:
            put(self.sheet, self.row, _SHARE, None, self.styles(percent))
        values = shown_cells(shown, self.form)
        for column, text in texts.items():
            self._formula(column, text, values[column], percent if column in (_RATE, _SHARE) else amount)
        put(self.sheet, self.row, _REASON, None, self.styles(reason, locked=False))
        about = hint(REASON, "增减额不为 0 的，简要写明原因；没有增减的留空。")
        self.sheet.data_validation(self.row, _REASON, self.row, _REASON, about)
        self.row += 1

    def _formula(self, column: int, text: str, value: object, look: dict[str, object]) -> None:
        self.sheet.write_formula(self.row, column, f"={text}", self.styles(look), BLANK if value == "" else value)

    def _per_head(self) -> None:
        self._heading(PER_HEAD)
        for number, one in enumerate(per_head(self.form), 1):
            put(self.sheet, self.row, _CODE, None, self.styles(self.text))
            put(self.sheet, self.row, _ITEM, one.label, self.styles(self.text))
            count = reference(self.form, one.counted)
            text = formulas.per_head_formula(self.sources.heads.at(number), count, FEN[self.form.unit])
            value = self.values.per_head.get(one.label, "")
            self._formula(_NOW, text, Decimal(value) if value else "", self.amount)
            merge(self.sheet, self.row, _BEFORE, self.row, _REASON, one.basis, self.styles(self.text, indent=1))
            self.row += 1

    def _from_zero(self, groups: list[Group]) -> None:
        """How growth from zero is stated, said once and only where there is any."""
        text = growth_note(self.comparison)
        # The lines by code are still to come, below a sentence and two rows of their own.
        below = 3 + codes_room(self.form, self.content) if any(group.codes for group in groups) else 0
        now, before = (xl_range_abs(HEADING_ROW, column, self.row + below, column) for column in (_NOW, _BEFORE))
        used = grows_from_zero(groups, self.values)
        self._note(f'IF(COUNTIFS({before},0,{now},">0")>0,{quoted(text)},"")', text if used else "")

    def _note(self, formula: str, shown: str) -> None:
        look = TEXT | {"font_color": "#7F7F7F"}
        merge(self.sheet, self.row, 0, self.row, _REASON, "", self.styles(look))
        self._formula(0, formula, shown, look)
        self.row += 1


def _charted(group: Group, top: int) -> Charted:
    """All lines of a group; where there are many, a bar of the whole would dwarf them."""
    first = top + 1 if len(group.lines) > MANY and group.lines[0].id == group.whole else top
    return Charted(group.title, first, top + len(group.lines) - 1)


def shown_cells(shown: ShownLine, form: Form) -> dict[int, Decimal | str]:
    """What a line shows, by column; nothing for one that stays blank."""
    amounts = [
        None if fen is None else Decimal(fen) / FEN[form.unit] for fen in (shown.now, shown.before, shown.change)
    ]
    now, before, change = ("" if amount is None else amount for amount in amounts)
    rated = Decimal(shown.rate) if shown.rate else "" if change == "" else NO_RATE
    part = Decimal(shown.share) if shown.share else ""
    return {_NOW: shown.remark if now == "" else now, _BEFORE: before, _CHANGE: change, _RATE: rated, _SHARE: part}


def growth_note(comparison: Comparison) -> str:
    """How growth from zero is stated, as the sheet has it."""
    return f"注：{growth_from_zero(comparison.from_zero)}。"


def grows_from_zero(groups: Iterable[Group], values: Values) -> bool:
    """Whether any line has something where last year was zero."""
    return any(one.now and one.before == 0 for group in groups for one in values.groups[group.id])


def lines_on(rows: Rows, groups: Sequence[Group], last: int) -> Iterator[tuple[int, Group | None, int]]:
    """The rows of a sheet that show a line: where, of which group (None for what heads and vehicles divide), and which
    of its lines; down to row `last`, for formulas without a result may lie below what could be read. Nobody inserts
    rows here: the sheets are protected and their lines follow the tables."""
    titles = {group.title: group for group in groups}
    start = end = 0
    group: Group | None = None
    for number in range(TOP, last + 1):
        text = rows[number][0] if number < len(rows) else ""
        if text in titles or text == PER_HEAD:
            group = titles.get(str(text))
            # The lines by code stand below a note.
            start = number + 1 + (group is not None and group.codes is not None)
            size = len(group.lines) if group else len(_COLUMNS)
            end = last + 1 if group and group.codes else start + size
        elif start <= number < end:
            yield number, group, number - start
