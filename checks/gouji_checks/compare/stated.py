"""What a workbook says of the figures that are compared, in its tables and on its first sheet.

A workbook in 元 says it more finely than the form prints: what is compared are the figures as printed, so that changes
and rates are those of the figures that stand beside them.
"""

from collections.abc import Iterable
from typing import NamedTuple

from gouji_checks.amount import COUNT, read, show
from gouji_checks.book import Book
from gouji_checks.compare.ratios import as_printed
from gouji_templates.content import OPERATING, UNIT_KIND
from gouji_templates.form import CODED, LEVELS, Block, ComparedLine, Comparison, Group, Operating
from gouji_templates.wording import fold

NOT_STATED = "不列示"
"""What is said in place of an amount that the department is not to state."""

UNFILLED = "各格都没有填数"
"""Why nothing is known of a group in which this year's tables print no figure at all."""

Amounts = tuple[int | None, ...]
"""A figure and those that add to it, in 分; None where it can't be known."""


class Stated(NamedTuple):
    """A figure of this year or of last year's workbook in 分; `why` says why there is none."""

    amount: int | None
    cell: str = ""
    why: str = ""


class Coded(NamedTuple):
    """A row of a table by code: what its columns hold, its name as printed, and why its total can't be known."""

    amounts: Amounts
    cell: str
    name: str
    why: str = ""


class ByCode(NamedTuple):
    """The rows of a table by code: the 类, and the rows that no other row divides, which are 项 as a rule."""

    classes: dict[str, Coded]
    leaves: dict[str, Coded]
    whole: Stated
    notes: tuple[str, ...]


def kind_of(book: Book) -> str:
    """The 单位性质 that the workbook states, as the form spells it; nothing where it states none of the form's."""
    said = fold(str(book.info.get(UNIT_KIND, "")))
    return next((kind for kind in book.form.unit_kinds if fold(kind) == said), "")


def why_no_kind(book: Book) -> str:
    """Why no 单位性质 is known, without the full stop."""
    said = str(book.info.get(UNIT_KIND, "")).strip()
    return f"{UNIT_KIND}“{said}”不是列表中的（{'、'.join(book.form.unit_kinds)}）" if said else f"没有填写{UNIT_KIND}"


def stated_number(book: Book, field: str) -> int | None:
    """A whole number that the first sheet states; None where it states none."""
    value = book.info.get(field)
    if isinstance(value, float | int) and not isinstance(value, bool) and value == value // 1 and value >= 0:
        return int(value)
    text = fold(value) if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def stated(book: Book, line: ComparedLine, kind: str, operating: Operating) -> Stated:
    """The amount of a line; `kind` is the 单位性质, on which 机关运行经费 depends."""
    if line.block is not None:
        return at(book, line.block, line.row, line.column)
    whole = at(book, operating.block, operating.row, operating.column)
    if kind in operating.all:
        return whole
    if kind in operating.part:
        return _part(book)
    return Stated(None, why=NOT_STATED if kind else f"{why_no_kind(book)}，不知应否列示")


def prints(book: Book, comparison: Comparison, group: Group) -> bool:
    """Whether this year's tables print a figure in any line of a group, a zero among them: where they do, what is blank
    is zero. For 机关运行经费 any figure of its table is enough, and none is needed where the department states it."""
    return any(_is_printed(book, comparison.operating, line) for line in group.lines)


def _is_printed(book: Book, operating: Operating, line: ComparedLine) -> bool:
    if line.block is None:
        figures = book.figures.get(operating.block.name)
        return kind_of(book) in operating.part or (figures is not None and any(figures.packed))
    figures = book.figures.get(line.block.name)
    if figures is None:
        return False
    width = len(line.block.columns)
    return any(
        figures.packed[number * width + line.column] % COUNT
        for number, (key, _) in enumerate(figures.part.keys)
        if key == line.row
    )


def _part(book: Book) -> Stated:
    """机关运行经费 as a department states it of which only a part has any."""
    # Few departments come here, and what finds the cell brings much with it.
    from gouji_checks.returned import info_cell

    cell = info_cell(book, OPERATING)
    amount, odd = read(book.info.get(OPERATING), book.form.unit, book.form.decimals)
    if amount is None:
        return Stated(None, cell, f"{cell}“{OPERATING}”" + (f"填的“{odd.shown}”不是金额" if odd else "没有填写"))
    return Stated(as_printed(amount, book.form), cell)


def at(book: Book, block: Block, row: str, column: int) -> Stated:
    """The amount of a cell; a row that the form does not require and a table that says it is empty are zero."""
    figures = book.figures.get(block.name)
    if figures is None:
        return Stated(None, why=f"没有{block.table}")
    number = next((i for i, (key, _) in enumerate(figures.part.keys) if key == row), None)
    if number is None:
        required = row in block.required and not figures.home.skeleton.sentences
        return Stated(None, why=f"{block.table}没有“{row}”行") if required else Stated(0)
    found = _at_row(book, block, number, column)
    return found if found.amount is None else found._replace(amount=as_printed(found.amount, book.form))


def by_code(book: Book, group: Group) -> ByCode | None:
    """The rows of a group's table; None where the workbook does not have the table or its total column."""
    block = group.codes
    figures = book.figures.get(block.name) if block else None
    if block is None or figures is None or figures.part.side.columns[group.columns[0]] is None:
        return None
    rows: dict[str, list[int]] = {}
    for number, (key, level) in enumerate(figures.part.keys):
        if level in LEVELS:
            rows.setdefault(key, []).append(number)
    found: dict[str, Coded] = {}
    odd: dict[str, None] = {}
    for code, numbers in rows.items():
        cells = [[_at_row(book, block, number, column) for column in group.columns] for number in numbers]
        exact = total([tuple(stated.amount for stated in row) for row in cells])
        amounts = tuple([None if one is None else as_printed(one, book.form) for one in exact])
        why = next((row[0].why for row in cells if row[0].why), "")
        found[code] = Coded(amounts, cells[0][0].cell, figures.part.rows[numbers[0]].name, why)
        odd.update(dict.fromkeys(stated.why for row in cells for stated in row if stated.why))
    divided = {code[:length] for code in found for length in CODED[block.kind] if length < len(code)}
    notes = [
        f"{block.table}的科目 {code} 出现 {len(numbers)} 次，已加在一起对比"
        for code, numbers in rows.items()
        if len(numbers) > 1 and code not in divided
    ]
    top = CODED[block.kind][0]
    whole = at(book, block, block.total.id, group.columns[0]) if block.total else Stated(None)
    return ByCode(
        {code: row for code, row in found.items() if len(code) == top},
        {code: row for code, row in found.items() if code not in divided},
        whole,
        (*notes, *odd),
    )


def _at_row(book: Book, block: Block, number: int, column: int) -> Stated:
    """The amount in a row of a block, counted from 0, as finely as it stands there."""
    figures = book.figures[block.name]
    if figures.part.side.columns[column] is None:
        return Stated(None, why=f"{block.table}没有“{block.columns[column].name}”栏")
    cell = str(figures.address(number, column))
    if (block.name, number, column) in book.unreadable:
        return Stated(None, cell, unread(cell))
    return Stated(figures.packed[number * len(block.columns) + column] // COUNT, cell)


def unread(cell: str) -> str:
    """What is said of a cell in which no figure can be read."""
    return f"{cell} 读不出数字"


def total(rows: Iterable[Amounts]) -> Amounts:
    """The sums column by column; not known where a part is not."""
    return tuple(
        [sum(known) if len(known := [one for one in column if one is not None]) == len(column) else None
         for column in zip(*rows, strict=True)]
    )  # fmt: skip


def shown(amount: int | None, decimals: int) -> str:
    """An amount as printed; nothing where there is none."""
    return "" if amount is None else show(amount, decimals)
