"""Rules about the workbook as a whole: its tables, whose they are, what is hidden in it."""

from collections.abc import Iterator

from gouji_checks.book import Book
from gouji_checks.finding import Finding, column_letters
from gouji_checks.headings import is_figure
from gouji_checks.rules.rule import found, rule
from gouji_templates.content import OTHER_SHEETS, UNDO
from gouji_templates.wording import fold

_OPENNESS = "财预〔2016〕143号《地方预决算公开操作规程》"
_SEEN = "公开要求：公开的表不应有看不见的数字"


@rule("B01", "缺少应公开的表", "error", _OPENNESS, "补上这张表；没有数字的表也要保留表头并写空表说明")
def missing_table(book: Book) -> Iterator[Finding]:
    """十一张表一张都不能少。没有发生额的表保留表头，写一句空表说明。

    好：十一张表齐全
    坏：删表 表10
    """
    broken = {table for table, _ in book.broken}
    for table in book.form.tables:
        if table.id not in book.tables and table.id not in broken:
            yield found(f"没有找到{table.id}《{table.title}》")


@rule("B02", "表的栏目与表样不符", "error", "公开表样", "按表样恢复表头各栏，不要改动栏目名称")
def unknown_headings(book: Book) -> Iterator[Finding]:
    """表名是对的，表头的栏目却与表样对不上，这张表就没法核对。

    好：表头与表样一致
    坏：改表头 表10
    """
    for table, sheet in book.broken:
        yield found(f"工作表“{sheet}”是{table}，但表头栏目与表样不符，无法核对", f"{sheet}!A1")


@rule("B03", "同一张表有两份", "error", "公开表样", "只保留一份，删去多余的工作表")
def repeated_table(book: Book) -> Iterator[Finding]:
    """同一张表出现两份，公开时不知以哪份为准。

    好：每张表只有一份
    坏：复制表 表5
    """
    for table, sheet in book.repeated:
        kept = book.tables[table].sheet.name
        yield found(f"工作表“{sheet}”和“{kept}”都是{table}，只核对了“{kept}”", f"{sheet}!A1")


@rule("B06", "有一行不知属于哪里", "error", "公开表样", "核对这一行的科目编码和名称；不需要的行删去")
def stray_row(book: Book) -> Iterator[Finding]:
    """有数字的行要有科目编码，或者是表样中的固定行，否则它的数字不会被计入任何核对。没有数字的行只作提示。

    好：每行都有编码或是表样中的行
    坏：改编码 表5[2011301] = 20
    坏：改名称 表10[公务接待] = 其他费用
    """
    for figures in book.figures.values():
        side, sheet = figures.part.side, figures.home.sheet
        for line, text in figures.part.strays:
            cells = [sheet.rows[line][place] for place in side.columns if place is not None]
            severity = "error" if any(is_figure(cell) for cell in cells) else "warning"
            where = f"{sheet.name}!{column_letters(side.start)}{line + 1}"
            yield found(f"{side.block.table}的“{text}”行不是表样中的行，也没有正确的科目编码", where, severity=severity)


@rule("B07", "空表没有说明", "error", _OPENNESS, "在表中写一句空表说明，例如：×××2025年没有……安排的支出，……为空表。")
def empty_without_sentence(book: Book) -> Iterator[Finding]:
    """表8、表9、表11 没有数字时，要保留表头并写明“……为空表”，让看的人知道不是漏了。

    好：表8 空着，写有空表说明
    坏：空表说明 表8 =
    """
    if not _filled_in(book):
        return
    for id, home in book.tables.items():
        if home.table.empty and not _has_figures(book, id) and not home.skeleton.sentences:
            yield found(f"{id}没有数字，也没有空表说明", f"{home.sheet.name}!A{home.skeleton.head.first_row + 1}")


@rule("B08", "有数字的表写着空表", "error", _OPENNESS, "删去空表说明，或者核对表中的数字")
def sentence_with_figures(book: Book) -> Iterator[Finding]:
    """表里有数字，却又写着“……为空表”，两者必有一错。

    好：表5 有数字，没有空表说明
    坏：空表说明 表5 = 克孜勒苏柯尔克孜自治州工业和信息化局2025年没有安排的支出，一般公共预算支出情况表为空表。
    """
    for id in book.tables:
        if _has_figures(book, id):
            for line, _ in book.tables[id].skeleton.sentences:
                yield found(f"{id}有数字，却写着空表说明", f"{book.tables[id].sheet.name}!A{line + 1}")


@rule("B09", "空表说明写的是别的表", "error", _OPENNESS, "按本表的名称改写空表说明")
def sentence_of_another(book: Book) -> Iterator[Finding]:
    """空表说明常从别的表复制过来，忘了改表名。

    好：表8 的说明写着“政府性基金预算支出情况表为空表”
    坏：空表说明 表8 = 克孜勒苏柯尔克孜自治州工业和信息化局2025年没有使用国有资本经营预算拨款安排的支出，国有资本经营预算支出情况表为空表。
    """
    for id, home in book.tables.items():
        for line, text in home.skeleton.sentences:
            others = [t for t in book.form.tables if t.id != id and fold(t.title) in fold(text)]
            if others and fold(home.table.title) not in fold(text):
                yield found(f"{id}的空表说明写的是《{others[0].title}》", f"{home.sheet.name}!A{line + 1}")


@rule("B10", "各表的编制部门不一致", "error", _OPENNESS, "把各表的编制部门改成同一个全称")
def departments_differ(book: Book) -> Iterator[Finding]:
    """每张表的编制部门、空表说明里的部门、基本信息里的部门名称，应是同一个全称。

    好：各表都写同一个部门
    坏：编制部门 表5 = 克州工信局
    坏：空表说明 表8 = 某某局2025年没有使用政府性基金预算拨款安排的支出，政府性基金预算支出情况表为空表。
    """
    for id, home in book.tables.items():
        own = home.skeleton.department
        if own and own != book.department:
            line = next((line for line, _, text in home.skeleton.head.lines if own in fold(text)), 0)
            yield found(
                f"{id}的编制部门是“{own}”，其他表是“{book.department}”",
                f"{home.sheet.name}!A{line + 1}",
                stated=own,
                expected=book.department,
            )
        for line, text in home.skeleton.sentences:
            if book.department and not fold(text).startswith(book.department):
                yield found(f"{id}的空表说明没有写部门全称“{book.department}”", f"{home.sheet.name}!A{line + 1}")


@rule("B11", "各表的年度不一致", "error", _OPENNESS, "把年度改成同一年")
def years_differ(book: Book) -> Iterator[Finding]:
    """表名、空表说明和基本信息中的年度应是同一年；去年的表改来用，常忘了改年度。

    好：各处都是2025年
    坏：空表说明 表8 = 克孜勒苏柯尔克孜自治州工业和信息化局2024年没有使用政府性基金预算拨款安排的支出，政府性基金预算支出情况表为空表。
    """
    for id, home in book.tables.items():
        for line, year in home.skeleton.years:
            if year != book.year:
                yield found(
                    f"{id}写的是{year}年，其他地方是{book.year}年",
                    f"{home.sheet.name}!A{line + 1}",
                    stated=year,
                    expected=book.year,
                )


@rule("B12", "没有写金额单位", "warning", "公开表样", "在表头上写明“单位：万元”")
def no_unit(book: Book) -> Iterator[Finding]:
    """没有写单位的表按万元核对。

    好：各表写明“单位：万元”
    坏：金额单位 表5 =
    """
    without = [id for id, home in book.tables.items() if not home.skeleton.unit]
    if without:
        yield found(f"{_tables(book, without)}没有写金额单位，按{book.form.unit}核对", *_tops(book, without))


@rule("B13", "金额单位不是万元", "warning", "公开表样", "按表样以万元为单位填列")
def other_unit(book: Book) -> Iterator[Finding]:
    """以元或千元填列的表，换算成万元核对；各表单位不一时尤其要当心。

    好：各表单位都是万元
    坏：金额单位 表5 = 单位：元
    """
    units = dict.fromkeys(home.unit for home in book.tables.values() if home.unit != book.form.unit)
    for unit in units:
        tables = [id for id, home in book.tables.items() if home.unit == unit]
        words = f"{_tables(book, tables)}的金额单位是{unit}，已换算成{book.form.unit}核对，以下金额均为{book.form.unit}"
        yield found(words, *_tops(book, tables), stated=unit, expected=book.form.unit)


@rule("B14", "隐藏的行、列或工作表里有数字", "error", _SEEN, "取消隐藏并核对；不需要的删去")
def hidden_figures(book: Book) -> Iterator[Finding]:
    """隐藏的数字看不见，却仍被公式计入合计，公开后别人也能把它取消隐藏。

    好：没有隐藏有数字的行、列、工作表
    坏：隐藏行 表5[2011301]
    坏：隐藏栏 表3.项目支出
    坏：隐藏表 表7
    """
    for sheet in book.workbook.sheets:
        # The template itself hides the sheet that its checks are worked out on.
        if sheet.name in OTHER_SHEETS or (sheet.visible and not sheet.hidden_rows and not sheet.hidden_columns):
            continue
        hidden = [
            (line, place)
            for line, row in enumerate(sheet.rows)
            for place, cell in enumerate(row)
            if (not sheet.visible or line in sheet.hidden_rows or place in sheet.hidden_columns) and is_figure(cell)
        ]
        if hidden:
            cells = tuple(f"{sheet.name}!{column_letters(place)}{line + 1}" for line, place in hidden)
            what = "整张工作表隐藏" if not sheet.visible else "有隐藏的行或列"
            yield found(f"工作表“{sheet.name}”{what}，其中有 {len(hidden)} 个数字", *cells[:20])


@rule(
    "B15",
    "有链接到别的工作簿的公式",
    "warning",
    "公开要求：数字应在本表之内",
    "把公式换成数值（选择性粘贴·数值），并断开链接",
)
def linked_workbook(book: Book) -> Iterator[Finding]:
    """公式引用别的工作簿，对方收到后打不开那个文件，数字会变成错误或者旧数。

    好：公式只引用本工作簿
    坏：外部链接 表5[2011301].基本支出
    """
    cells = [
        f"{sheet.name}!{column_letters(place)}{line + 1}"
        for sheet in book.workbook.sheets
        for line, place in sheet.linked
    ]
    if cells or book.workbook.links:
        words = f"有 {len(cells)} 个公式引用了别的工作簿" if cells else "工作簿里留有指向别的工作簿的链接"
        yield found(words, *cells[:20])


@rule("B16", "工作簿里有宏", "warning", "公开要求：公开的工作簿不应带宏", "另存为不带宏的 .xlsx")
def macros(book: Book) -> Iterator[Finding]:
    """宏会在别人打开时运行，公开的工作簿不应带宏。本程序只读取数字，从不运行宏。

    好：不带宏的工作簿
    坏：宏
    """
    if book.workbook.macros:
        yield found("工作簿里有宏（VBA）")


@rule("B17", "没有写编制部门", "warning", "公开表样", "在表头上写明“编制部门：”和部门全称")
def no_department(book: Book) -> Iterator[Finding]:
    """每张表都要写明是哪个部门的。还没有填写的空白模板不算。

    好：各表写明编制部门
    坏：编制部门 表5 =
    """
    without = [id for id, home in book.tables.items() if not home.skeleton.department]
    if without and _filled_in(book):
        yield found(f"{_tables(book, without)}没有写编制部门", *_tops(book, without))


@rule("B18", "藏着“撤销填充”的备份", "warning", _SEEN, "公开以前请点“清除标记”并选“是”，把它删去")
def undo_kept(book: Book) -> Iterator[Finding]:
    """Excel 里点过“填充”的工作簿，藏着一张“撤销填充”表，记着填充以前的数，随工作簿一起保存。还要撤销的先留着，公开以前删去。

    好：没有“撤销填充”的备份
    坏：备份
    """
    if any(sheet.name == UNDO for sheet in book.workbook.sheets):
        yield found("工作簿里藏着“撤销填充”的备份，其中有填充以前的数")


def _tables(book: Book, ids: list[str]) -> str:
    """Tables in words, so that eleven of a kind read as one thing."""
    return f"全部 {len(ids)} 张表" if len(ids) == len(book.tables) else "、".join(ids)


def _tops(book: Book, ids: list[str]) -> list[str]:
    """Where each of these tables gives its unit, or else its first cell."""
    cells: list[str] = []
    for id in ids:
        home = book.tables[id]
        lines = home.skeleton.head.lines
        row, column = next(((r, c) for r, c, text in lines if f"{book.form.unit_line}:" in fold(text)), (0, 0))
        cells.append(f"{home.sheet.name}!{column_letters(column)}{row + 1}")
    return cells


def _filled_in(book: Book) -> bool:
    """Whether anybody has typed a figure yet: a blank template is not found fault with."""
    return any(any(figures.packed) for figures in book.figures.values())


def _has_figures(book: Book, table: str) -> bool:
    """Whether a table has a figure other than zero."""
    return any(packed > 1 for block in book.tables[table].table.blocks for packed in book.figures[block.name].packed)


RULES = (
    missing_table, unknown_headings, repeated_table, stray_row, empty_without_sentence, sentence_with_figures,
    sentence_of_another, departments_differ, years_differ, no_unit, other_unit, hidden_figures,
    linked_workbook, macros, no_department, undo_kept,
)  # fmt: skip
