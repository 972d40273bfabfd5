"""The sheet 填报说明: how to fill the workbook, on one page."""

from decimal import Decimal
from typing import NamedTuple

from xlsxwriter.workbook import Workbook

from gouji_templates.content import (
    COMPARISONS,
    DEPARTMENT,
    DETAIL,
    GUIDE,
    PRIOR,
    RELATIONS,
    SUBJECTS,
    UNIT_KIND,
    YEAR,
    blank,
)
from gouji_templates.entry import WRONG
from gouji_templates.form import CODED, Form, Table
from gouji_templates.layout import wrapped
from gouji_templates.protection import is_typed, protect
from gouji_templates.results import AGREED, FAILED, FILLS, IDLE, ROUNDING, UNCHECKED
from gouji_templates.styles import DERIVED, HEADING, NAME, TITLE, Styles, merge, put, row_height, set_up_page

_WIDTHS = (17, 20, 107)
_INDENT = 1.3
"""The width that the indentation of a text takes."""

_SECTION, _LABEL, _TEXT = range(3)
_TITLE_ROW, _TOP = range(2)


class _Entry(NamedTuple):
    """A line of the page; `fill` is the colour that its label is about."""

    label: str
    text: str
    fill: str = ""


def write_guide(book: Workbook, styles: Styles, form: Form) -> None:
    """Adds the sheet."""
    sheet = book.add_worksheet(GUIDE)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(_TITLE_ROW, 22)
    merge(sheet, _TITLE_ROW, 0, _TITLE_ROW, _TEXT, f"{form.title}{GUIDE}", styles(TITLE, font_size=16))
    row = _TOP
    for section, entries in _sections(form).items():
        last = row + len(entries) - 1
        merge(sheet, row, _SECTION, last, _SECTION, section, styles(HEADING))
        for offset, (label, text, fill) in enumerate(entries):
            sheet.set_row(row + offset, row_height(wrapped(text, _WIDTHS[_TEXT] - _INDENT)))
            shown = {"bg_color": fill, "align": "center"} if fill else {"indent": 1}
            put(sheet, row + offset, _LABEL, label, styles(NAME, **shown))
            put(sheet, row + offset, _TEXT, text, styles(NAME, indent=1))
        row = last + 1
    set_up_page(sheet, one_page=True)
    protect(sheet)


def _sections(form: Form) -> dict[str, list[_Entry]]:
    return {
        "填报顺序": _steps(form),
        "颜色": [
            _Entry("白色", "由部门填写。", "#FFFFFF"),
            _Entry("灰色", "自动计算或自动带出，已锁定，不必填写。类、款行的金额也是灰色，由下级科目汇总。", DERIVED),
            _Entry(
                "红色",
                f"填写有误：金额是文字、负数，或超过 {form.decimals} 位小数。多半是从别处粘贴来的，请改正。",
                WRONG,
            ),
        ],
        "勾稽结果": _states(form),
        "出现不符怎么办": _mending(),
        "加行和减行": [
            _Entry("先用空白行", "各表已留空白行，用不完的留着，不影响计算和核对；多填的一行，清空编码和金额即可。"),
            _Entry(
                "空白行不够",
                "先点“审阅 → 撤销工作表保护”（没有密码），再复制一整行空白行，在它下面点右键“插入复制的单元格”，"
                "公式随行带出。不要在总计行上面加行，不要增减列。",
            ),
            _Entry("恢复自动汇总", "填过金额的行要改作类、款行的，从空白行把同一列的单元格复制过来，公式就恢复了。"),
        ],
        "其他": _others(form),
    }


def _steps(form: Form) -> list[_Entry]:
    lines = blank(form).lines
    typed = [table for table in form.tables if is_typed(table, lines)]
    coded = [table for table in typed if any(block.kind in CODED for block in table.blocks)]
    items = [table for table in typed if any(block.kind == "items" for block in table.blocks)]
    fixed = [table for table in typed if table not in coded + items]
    derived = [table for table in form.tables if table not in typed]
    rest = {
        "行已经列好，只填白色格。": fixed,
        "填项目名称和金额。": items,
        "全部自动计算，不必填写。": derived,
    }
    return [
        _Entry(
            f"1  填“{form.info_sheet}”",
            f"{DEPARTMENT}、{YEAR}、{UNIT_KIND}和人数。名称和年度自动带入各表，只在这里改。",
        ),
        _Entry(
            "2  填末级科目",
            f"{_names(coded)}：先填编码（在“{SUBJECTS}”表查找），名称自动带出；再在末级科目行的白色格里填金额，"
            f"以{form.unit}为单位，保留 {form.decimals} 位小数。类、款、总计行和横向合计自动汇总。",
        ),
        _Entry("3  填其余各表", "".join(f"{_names(tables)}：{how}" for how, tables in rest.items() if tables)),
        _Entry(
            f"4  看“{RELATIONS}”",
            f"首行显示“全部{AGREED}”（可以带{ROUNDING}）就可以报送；显示有几项{FAILED}，就逐项改，改好随即变为{AGREED}。",
        ),
        *_comparing(form),
        _Entry(
            f"{5 + (form.comparison is not None)}  保存，报送",
            f"保存为 .xlsx 格式。不要改工作表名称、表头和栏次，不要删除或隐藏工作表。公开和打印只用{_span(form)}。",
        ),
    ]


def _comparing(form: Form) -> list[_Entry]:
    if form.comparison is None:
        return []
    text = f"“{PRIOR}”填上年公开的数，已填好的核对即可；“{'”“'.join(COMPARISONS)}”自动算，增减原因标黄的待写。"
    return [_Entry("5  与上年对比", text)]


def _states(form: Form) -> list[_Entry]:
    half = Decimal(5).scaleb(-form.decimals - 1)
    texts = {
        AGREED: "两边相等。",
        ROUNDING: f"在四舍五入的范围内：每个数最多差末位的一半（{half} {form.unit}），几个数就是几个一半。"
        "正常，不要凑数。",
        FAILED: "差额超过四舍五入所能解释的范围。“必须成立”的关系一定要改；“一般成立”的关系，核对后说明原因即可。",
        UNCHECKED: "缺少要核对的行或数，没有核对；补齐后自动核对。",
        IDLE: "这项关系的前提不成立（例如没有上年结转），不必管。",
    }
    return [_Entry(state, texts[state], fill) for state, fill in FILLS.items()]


def _mending() -> list[_Entry]:
    return [
        _Entry(
            "1  找到单元格",
            f"在“{RELATIONS}”里点这一行的“查看”，直接跳到有关的单元格；各表右侧（不打印）也标出对不上的行。",
        ),
        _Entry(
            "2  比较两边",
            "看左边、右边和差额。差额等于某一笔金额，是漏填或重复填了它；差额能被 9 整除，多是数字颠倒或小数点错位。",
        ),
        _Entry(
            "3  改白色的格",
            "灰色格由白色格算出，错在白色格里。两张表的同一个数不同，对照预算批复改；几项同时不符，先看共有的那个数。",
        ),
        _Entry(
            "4  只差几分钱",
            "总计由舍入后的数相加，与别的表差 0.01、0.02 的，撤销保护，把总计改填为准确数，不改末级的数。",
        ),
    ]


def _others(form: Form) -> list[_Entry]:
    empty = [table for table in form.tables if table.empty]
    entries: list[_Entry] = []
    if empty:
        entries.append(_Entry("空表", f"{_names(empty)}没有数就不填，空表说明自动出现；填了编码或项目，说明自动消失。"))
    if form.funding:
        about = "可以不填。有预算系统导出的明细时，粘贴进去，在装有 gouji 的电脑上用 gouji fill 生成各表。"
        entries.append(_Entry(DETAIL, about))
    return [
        *entries,
        _Entry("软件", "Excel 2010 以上版本、WPS 表格都可以用，不需要宏，也不需要联网。"),
        _Entry("疑问", "填报口径问同级财政部门的预算科（股、处）；核对结果有疑问，把本工作簿一并发去。"),
    ]


def _span(form: Form) -> str:
    return f"{form.tables[0].id}至{form.tables[-1].id}"


def _names(tables: list[Table]) -> str:
    return "、".join(table.id for table in tables)
