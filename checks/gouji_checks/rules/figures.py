"""Rules about single figures: text, negative and over-precise amounts, errors, formulas without a result."""

from collections.abc import Iterator

from gouji_checks.amount import COUNT, show
from gouji_checks.book import Book, Odd
from gouji_checks.finding import Finding, column_letters
from gouji_checks.rules.rule import found, rule
from gouji_checks.skeleton import PROJECT
from gouji_templates.form import LEVELS

_FIGURES = "公开表样：金额以万元为单位，保留两位小数"


def _odd(book: Book, kind: str) -> Iterator[tuple[str, Odd]]:
    for odd in book.odd:
        if odd.oddity.kind == kind:
            yield str(book.figures[odd.block.name].address(odd.row, odd.column)), odd


def _what(book: Book, odd: Odd) -> str:
    row = book.figures[odd.block.name].part.rows[odd.row]
    return f"{odd.block.table}“{row.title}”{odd.block.columns[odd.column].heading[-1]}"


@rule("N01", "数字格中填了文字", "error", _FIGURES, "改填数字；没有金额的留空")
def unreadable(book: Book) -> Iterator[Finding]:
    """应填金额的格里是认不出的文字。这个数不参加任何核对，与它有关的关系列为未核验。

    好：表5[2011301].基本支出 = 339.83
    坏：表5[2011301].基本支出 = 见附件
    """
    for cell, odd in _odd(book, "unreadable"):
        yield found(f"{_what(book, odd)}填的是“{odd.oddity.shown}”，不是数字", cell, stated=odd.oddity.shown)


@rule("N02", "数字存成了文本", "warning", _FIGURES, "把单元格改成数值格式后重新输入，否则求和时会被漏掉")
def number_as_text(book: Book) -> Iterator[Finding]:
    """看着是数字，其实是文本，Excel 求和时会当作零。这里按数字核对。

    好：表5[2011301].基本支出 = 339.83
    坏：表5[2011301].基本支出 = “339.83 ”
    """
    for cell, odd in _odd(book, "text"):
        yield found(f"{_what(book, odd)}“{odd.oddity.shown}”是文本格式的数字", cell, stated=odd.oddity.shown.strip())


@rule("N03", "金额为负数", "error", _FIGURES, "预算金额不应为负数，请核对")
def negative(book: Book) -> Iterator[Finding]:
    """部门预算的收入和支出都不应为负数。

    好：表6[30309].人员经费 = 0.01
    坏：表6[30309].人员经费 = -0.01
    """
    for cell, odd in _odd(book, "negative"):
        yield found(f"{_what(book, odd)}是负数 {odd.oddity.shown}", cell, stated=odd.oddity.shown)


@rule("N04", "金额多于两位小数", "error", _FIGURES, "四舍五入到两位小数；公式可用 ROUND(…,2)")
def too_precise(book: Book) -> Iterator[Finding]:
    """显示两位小数、实际存着更多位的数，加起来会与显示的合计不符。

    好：表6[30309].人员经费 = 0.01
    坏：表6[30309].人员经费 = 0.0123
    """
    for cell, odd in _odd(book, "precise"):
        yield found(f"{_what(book, odd)} {odd.oddity.shown} 多于两位小数", cell, stated=odd.oddity.shown)


@rule("N05", "公式出错", "error", _FIGURES, "修正公式，使它得出数字")
def error_value(book: Book) -> Iterator[Finding]:
    """公式的结果是 #REF!、#DIV/0! 之类的错误。这个数不参加任何核对，与它有关的关系列为未核验。

    好：表5[2011301].基本支出 = 339.83
    坏：表5[2011301].基本支出 = #REF!
    """
    for cell, odd in _odd(book, "error"):
        yield found(f"{_what(book, odd)}的公式出错：{odd.oddity.shown}", cell, stated=odd.oddity.shown)


@rule("N06", "公式没有计算结果", "error", _FIGURES, "用 Excel 或 WPS 打开这个文件，保存一次后再交")
def uncalculated(book: Book) -> Iterator[Finding]:
    """由程序生成、没有在 Excel 或 WPS 里打开过的工作簿，公式里没有存结果，读不出数字。打开并保存一次就有了。

    好：公式都有结果
    坏：未计算 表5[2011301].基本支出
    """
    for home in book.tables.values():
        cells = [
            f"{home.sheet.name}!{column_letters(place)}{line + 1}"
            for line, place in sorted(home.sheet.uncalculated)
            if any(place in part.side.columns for part in home.skeleton.parts)
        ]
        if cells:
            yield found(f"{home.table.id}有 {len(cells)} 个公式没有计算结果", *cells[:20])


@rule(
    "N07",
    "行政运行列了项目支出",
    "warning",
    "审核惯例：行政运行反映基本支出",
    "核对是否应列入其他项级科目；确需列在行政运行的请说明",
)
def project_under_running(book: Book) -> Iterator[Finding]:
    """“行政运行”反映行政单位的基本支出，项目支出一般不列在这里，应列入同款下的其他项。

    好：表3[2011301].项目支出 =
    坏：表3[2011301].项目支出 = 213.00
    """
    figures = book.figures.get("表3")
    if figures is None:
        return
    block = figures.part.side.block
    column = block.column("项目支出")
    for number, row in enumerate(figures.part.rows):
        if row.level in (LEVELS[-1], PROJECT) and row.name == "行政运行" and row.key.endswith("01"):
            packed = figures.packed[number * len(block.columns) + (column or 0)]
            if packed > 1:
                amount = show(packed // COUNT)
                cell = str(figures.address(number, column or 0))
                yield found(f"表3“{row.title}”列了项目支出 {amount} 万元", cell, stated=amount)


RULES = (unreadable, number_as_text, negative, too_precise, error_value, uncalculated, project_under_running)
