"""The published sample laid out as real departments lay it out."""

import re
from collections.abc import Callable, Iterable
from itertools import chain

from gouji_checks.source import Workbook
from gouji_templates.content import name_index
from gouji_templates.layout import DEPARTMENT_ROW, HEADING_ROW, NUMBER_ROW, TITLE_ROW, Layout, lay_out
from tests.edits import FORM, coded_rows, the_published

Row = list[object]
Rows = list[Row]
Change = Callable[[Layout, Rows], Rows]

TABLES = {table.id: lay_out(table) for table in FORM.tables}


def each_table(*changes: Change, of: Workbook | None = None) -> Workbook:
    """The sample, or the workbook given, with the rows of every table changed."""
    workbook = of or the_published()
    sheets = []
    for sheet in workbook.sheets:
        rows = [list(row) for row in sheet.rows]
        for change in changes if sheet.name in TABLES else ():
            rows = change(TABLES[sheet.name], rows)
        sheets.append(sheet._replace(rows=rows))
    return workbook._replace(sheets=sheets)


def one_after_another(*changes: Change) -> Change:
    def apply(layout: Layout, rows: Rows) -> Rows:
        for change in changes:
            rows = change(layout, rows)
        return rows

    return apply


def figures(change: Callable[[float], object]) -> Change:
    def apply(layout: Layout, rows: Rows) -> Rows:
        for row in rows[layout.first_row :]:
            row[:] = [change(cell) if isinstance(cell, float) else cell for cell in row]
        return rows

    return apply


def texts(change: Callable[[str], str], wanted: Callable[[Layout], slice]) -> Change:
    """Write the texts of some rows another way."""

    def apply(layout: Layout, rows: Rows) -> Rows:
        for row in rows[wanted(layout)]:
            row[:] = [change(cell) if isinstance(cell, str) and cell else cell for cell in row]
        return rows

    return apply


def lines(change: Callable[[str], str]) -> Change:
    return texts(change, lambda _: slice(HEADING_ROW))


def headings(change: Callable[[str], str]) -> Change:
    return texts(change, lambda layout: slice(HEADING_ROW, HEADING_ROW + layout.table.depth))


def labels(change: Callable[[str], str]) -> Change:
    """Write the labels of rows known beforehand another way."""
    return texts(change, lambda layout: slice(layout.first_row, None if has_known_rows(layout) else 0))


def has_known_rows(layout: Layout) -> bool:
    return any(block.rows for block in layout.table.blocks)


def codes(change: Callable[[list[str], str], tuple[Iterable[object], object]]) -> Change:
    """Write each row's code and name another way: what stands in the code columns, and the name."""

    def apply(layout: Layout, rows: Rows) -> Rows:
        for block, number in coded_rows(layout.table):
            row, left = rows[number], layout.lefts[block.name]
            name = left + name_index(block)
            parts, row[name] = change([str(part) for part in row[left:name] if part], str(row[name]))
            row[left:name] = [*parts, "", "", ""][: name - left]
        return rows

    return apply


def merged(layout: Layout, rows: Rows) -> Rows:
    """What a row shares with the row above stands once, as in cells merged downwards."""
    before: Row = []
    for block, number in coded_rows(layout.table):
        left = layout.lefts[block.name]
        parts = rows[number][left : left + name_index(block) + 1]
        for place in range(len(parts)):
            if parts[: place + 1] == before[: place + 1]:
                rows[number][left + place] = ""
        before = parts
    return rows


def renamed(workbook: Workbook) -> Workbook:
    tables = [sheet for sheet in workbook.sheets if sheet.name in TABLES]
    sheets = [sheet._replace(name=f"Sheet{n}") for n, sheet in enumerate(reversed(tables), 1)]
    return workbook._replace(sheets=sheets)


def without_line(number: int) -> Change:
    return lambda _, rows: [*rows[:number], *rows[number + 1 :]]


def more_title_rows(_: Layout, rows: Rows) -> Rows:
    blank = blank_as(rows)
    more = [["附件2", *blank[1:]], ["2025年部门预算公开表", *blank[1:]], rows[NUMBER_ROW], blank]
    return [*more, *rows[TITLE_ROW:]]


def department_in_the_next_cell(_: Layout, rows: Rows) -> Rows:
    said, *rest = rows[DEPARTMENT_ROW]
    mark, colon, name = str(said).partition("：")
    rows[DEPARTMENT_ROW] = [mark + colon, name, *rest[1:]]
    return rows


def words_in_ruler(layout: Layout, rows: Rows) -> Rows:
    if layout.ruler_row is not None:
        ruler = ["" if cell == "※" else cell for cell in rows[layout.ruler_row]]
        rows[layout.ruler_row] = ["栏次", *ruler[1:]]
    return rows


def without_ruler(layout: Layout, rows: Rows) -> Rows:
    return [row for number, row in enumerate(rows) if number != layout.ruler_row]


def with_column_of_numbers(layout: Layout, rows: Rows) -> Rows:
    """序号 at the left of every row."""
    numbered: Rows = [["", *row] for row in rows]
    numbered[HEADING_ROW][0] = "序号"
    for number, row in enumerate(numbered[layout.first_row :], 1):
        row[0] = float(number)
    return numbered


def total_below(layout: Layout, rows: Rows) -> Rows:
    if has_known_rows(layout) or len(rows) == layout.first_row + 1:
        return rows
    total = rows.pop(layout.first_row)
    return [*rows, total]


def signatures(_: Layout, rows: Rows) -> Rows:
    blank = blank_as(rows)
    return [*rows, blank, ["单位负责人：甲", *blank[2:], "制表人：乙"]]


def second_page(layout: Layout, rows: Rows) -> Rows:
    """The title, the unit line and the headings printed again in the middle."""
    middle = (layout.first_row + len(rows)) // 2
    return [*rows[:middle], *[list(row) for row in rows[: layout.first_row]], *rows[middle:]]


def remarks_column(layout: Layout, rows: Rows) -> Rows:
    rows = [[*row, ""] for row in rows]
    rows[HEADING_ROW][-1] = "备注"
    rows[layout.first_row][-1] = 2024.0
    for row in rows[layout.first_row + 1 :: 3]:
        row[-1] = "含上年数 3.00"
    return rows


def notes_below(_: Layout, rows: Rows) -> Rows:
    blank = blank_as(rows)
    return [*rows, blank, ["注：本表金额由四舍五入得出。", *blank[1:]], ["备注：无", *blank[1:]]]


def without_blank_rows(layout: Layout, rows: Rows) -> Rows:
    """Rows known beforehand deleted where they have no figure, on each side of the sheet."""
    if not has_known_rows(layout):
        return rows
    sides: list[Rows] = []
    for block in layout.table.blocks:
        left, right = layout.lefts[block.name], layout.figure_column(block, len(block.columns))
        own = [row[left:right] for row in rows[layout.first_row :]]
        sides.append([row for row in own if any(isinstance(cell, float) for cell in row)])
    height = max(map(len, sides))
    padded = [[*side, *[blank_as(side)] * (height - len(side))] for side in sides]
    return [*rows[: layout.first_row], *[list(chain(*parts)) for parts in zip(*padded, strict=True)]]


def project_codes(layout: Layout, rows: Rows) -> Rows:
    for block, number in coded_rows(layout.table):
        last = layout.lefts[block.name] + len(block.labels) - 1
        if block.kind == "projects" and rows[number][last]:
            rows[number][last] = f"65300025P00010000{number}-{rows[number][last]}"
    return rows


def blank_as(rows: Rows) -> Row:
    return ["" for _ in rows[0]]


def spread(text: str) -> str:
    return "\n ".join(text)


def wide(text: str) -> str:
    return text.translate({ord(narrow): ord(narrow) + 0xFEE0 for narrow in "0123456789,-"})


def plain(label: str) -> str:
    """A label without its numbering, its 其中： or its code."""
    return re.sub(r"^(其中：|\d\.|[一二]、|\d{3} )", "", label)


IN_YUAN = one_after_another(
    figures(lambda figure: round(figure * 10_000, 2)), lines(lambda text: text.replace("万元", "元"))
)

LAYOUTS: dict[str, tuple[Change, set[str]]] = {
    "no 表 N line": (without_line(NUMBER_ROW), set()),
    "more title rows": (more_title_rows, set()),
    "titles with the year": (lines(lambda text: re.sub("^(?=.*表$)", "2025年", text)), set()),
    "no line with department and unit": (without_line(DEPARTMENT_ROW), {"B12", "B17"}),
    "department in the next cell": (department_in_the_next_cell, set()),
    "headings with line breaks and spaces": (headings(spread), set()),
    "no ruler": (without_ruler, set()),
    "a blank column at the left": (lambda _, rows: [["", *row] for row in rows], set()),
    "a column of numbers at the left": (with_column_of_numbers, set()),
    "the total below": (total_below, set()),
    "signatures below": (signatures, set()),
    "headings again on a second page": (second_page, set()),
    "a ruler that says 栏次": (words_in_ruler, set()),
    "a column of remarks": (remarks_column, set()),
    "notes below": (notes_below, set()),
    "codes joined in one cell": (codes(lambda parts, name: (["".join(parts)], name)), set()),
    "codes joined by dashes": (codes(lambda parts, name: (["-".join(parts)], name)), set()),
    "codes as numbers": (codes(lambda parts, name: (map(float, parts), name)), set()),
    "joined codes as numbers": (codes(lambda parts, name: ([float("".join(parts))], name)), set()),
    "codes glued to the name": (codes(lambda parts, name: ([], "".join(parts) + name)), set()),
    "code and name in the first cell": (codes(lambda parts, name: (["".join(parts) + " " + name], "")), set()),
    "codes in full-width digits": (codes(lambda parts, name: (map(wide, parts), name)), set()),
    "codes and names merged downwards": (merged, set()),
    "the same with a column of numbers": (one_after_another(merged, with_column_of_numbers), set()),
    "project names with their codes": (project_codes, set()),
    "labels without numbering or code": (labels(plain), set()),
    "labels with spaces": (labels(lambda label: f"　{' '.join(label)} "), set()),
    "blank rows of a known label deleted": (without_blank_rows, {"B05"}),
    "the same without numbering": (one_after_another(without_blank_rows, labels(plain)), {"B05"}),
    "figures as text": (figures(lambda figure: f"{figure:.2f} "), {"N02"}),
    "figures in full-width digits": (figures(lambda figure: wide(f"{figure:.2f}")), {"N02"}),
    "figures in 元": (IN_YUAN, {"B13"}),
    "figures in 元 as text": (
        one_after_another(IN_YUAN, figures(lambda figure: wide(f"{figure:,.2f}"))),
        {"B13", "N02"},
    ),
}
"""Ways to lay out a table, and the warnings they bring."""
