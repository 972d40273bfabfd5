"""Small changes to the published sample, written as the rules' pages write them: 表5[2011301].基本支出 = 339.83.

Each change finds its row where the sample was published, so one that moves rows comes last.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from gouji_checks.check import Report, check
from gouji_checks.source import FileSource, MemorySource, Sheet, Workbook
from gouji_templates.content import UNDO, is_total, name_index
from gouji_templates.form import CODED, Block, Table, load
from gouji_templates.layout import HEADING_ROW, Layout, lay_out, line_rows
from samples.build import SAMPLE, SAMPLES, published

FORM = load()


class Target(NamedTuple):
    """What a change is about: a table and, where it names them, a row and a column of figures, counted from 0."""

    layout: Layout
    block: Block
    row: int | None
    column: int | None

    @property
    def sheet(self) -> str:
        return self.layout.table.id

    @property
    def place(self) -> tuple[int, int]:
        """The cell of figures."""
        assert self.row is not None
        assert self.column is not None
        return self.row, self.column

    @property
    def line(self) -> int:
        assert self.row is not None
        return self.row

    @property
    def left(self) -> int:
        """The first column of the labels."""
        return self.layout.lefts[self.block.name]

    @property
    def name(self) -> int:
        """The column of the names."""
        return self.left + name_index(self.block)


Sheets = dict[str, Sheet]
"""A workbook being changed, by sheet name."""


def the_published() -> Workbook:
    """The published sample in memory, its rows free to be changed."""
    workbook = _read()
    return workbook._replace(sheets=[_free(sheet) for sheet in workbook.sheets])


@cache
def _read() -> Workbook:
    return FileSource(str(SAMPLES / SAMPLE)).read()


def _free(sheet: Sheet) -> Sheet:
    return sheet._replace(rows=[list(row) for row in sheet.rows])


def is_change(text: str) -> bool:
    """Whether this is a change in the language, and not a sentence."""
    if _INFO.fullmatch(text):
        return True
    match = _CHANGE.fullmatch(text)
    return match is not None and bool(match["verb"] or (match["row"] and match["column"] and match["equals"]))


def sheet_of(change: str) -> str:
    """The sheet that a change is about; nothing for one about the whole file."""
    if _INFO.fullmatch(change):
        return FORM.info_sheet
    match = _CHANGE.fullmatch(change)
    return (match["table"] or "") if match else ""


def changed(*changes: str, of: Workbook | None = None) -> Workbook:
    """The published sample, or the workbook given, after these changes."""
    workbook = of or the_published()
    sheets = {sheet.name: _free(sheet) for sheet in workbook.sheets}
    for change in changes:
        assert is_change(change), f"not a change: {change}"
        if said := _INFO.fullmatch(change):
            rows = sheets[FORM.info_sheet].rows
            next(row for row in rows if row[0] == said["field"])[1] = _value(said["value"] or "")
            continue
        match = _CHANGE.fullmatch(change)
        assert match is not None
        if match["verb"] == "宏":
            workbook = workbook._replace(macros=True)
            continue
        if match["verb"] == "备份":
            sheets[UNDO] = Sheet(UNDO, [["原为"], [1.0]], visible=False)
            continue
        target = _target(match["table"], match["row"], match["column"])
        _VERBS[match["verb"] or ""](sheets, target, match["value"] or "")
    return workbook._replace(sheets=list(sheets.values()))


def report(workbook: Workbook) -> Report:
    """What a check says of a workbook in memory."""
    return check(MemorySource(workbook))


def projection(found: Report, *severities: str) -> list[tuple[str, str]]:
    """The findings as (cell, rule), of these severities or all, in order."""
    return [(f.cell, f.rule) for f in found.findings if not severities or f.severity in severities]


def tally(found: Report) -> tuple[int, int, int]:
    """How many relations 相符, 尾差 and 不符."""
    return found.ledger.agreed, found.ledger.rounding, found.ledger.failed


@cache
def row_numbers(block_name: str) -> dict[str, int]:
    """The published rows of a block by id, code, unit or project, counted from 0; a code names its first row."""
    block = next(block for block in FORM.blocks if block.name == block_name)
    table = next(table for table in FORM.tables if table.id == block.table)
    content = published(FORM)
    lines = content.lines.get(block_name, [])
    numbers = line_rows(lay_out(table), content.lines)[block_name] if lines else ()
    ids = {spec.label: spec.id for spec in block.specs}
    found: dict[str, int] = {}
    for number, line in zip(numbers, lines, strict=True):
        code = "".join(line.labels[: name_index(block)])
        label = line.labels[name_index(block)]
        key = ids[label] if is_total(block, line) else code or ids.get(label, label)
        found.setdefault(key, number)
        if block.kind == "projects" and line.labels[-1]:
            found[line.labels[-1]] = number
    return found


def _target(table_id: str, row: str | None, column: str | None) -> Target:
    table = next(table for table in FORM.tables if table.id == table_id)
    layout = lay_out(table)
    blocks = [block for block in table.blocks if row is None or row in row_numbers(block.name)]
    assert blocks, f"{table_id} has no row {row}"
    index = blocks[0].column(column) if column else None
    assert column is None or index is not None, f"{table_id} has no column {column}"
    return Target(
        layout,
        blocks[0],
        None if row is None else row_numbers(blocks[0].name)[row],
        None if index is None else layout.figure_column(blocks[0], index),
    )


def _value(text: str) -> object:
    """A figure, “quoted text”, or what else the source would give."""
    if text.startswith("“"):
        return text.removeprefix("“").removesuffix("”")
    with suppress(ValueError):
        return float(text)
    return text


def _set(sheets: Sheets, target: Target, value: str) -> None:
    row, column = target.place
    sheets[target.sheet].rows[row][column] = _value(value)


def _drop_table(sheets: Sheets, target: Target, _: str) -> None:
    del sheets[target.sheet]


def _copy_table(sheets: Sheets, target: Target, _: str) -> None:
    name = f"{target.sheet} (2)"
    sheets[name] = _free(sheets[target.sheet])._replace(name=name)


def _spoil_headings(sheets: Sheets, target: Target, _: str) -> None:
    for row in sheets[target.sheet].rows[HEADING_ROW : HEADING_ROW + target.layout.table.depth]:
        row[:] = ["别的栏目" if cell else "" for cell in row]


def _drop_column(sheets: Sheets, target: Target, _: str) -> None:
    assert target.column is not None
    for row in sheets[target.sheet].rows:
        del row[target.column]


def _drop_row(sheets: Sheets, target: Target, _: str) -> None:
    del sheets[target.sheet].rows[target.line]


def _recode(sheets: Sheets, target: Target, code: str) -> None:
    row = sheets[target.sheet].rows[target.line]
    start = 0
    for place, length in enumerate(CODED[target.block.kind]):
        row[target.left + place] = code[start:length]
        start = length


def _rename(sheets: Sheets, target: Target, name: str) -> None:
    sheets[target.sheet].rows[target.line][target.name] = name


def _sentence(sheets: Sheets, target: Target, text: str) -> None:
    """An empty table has its sentence replaced; below the figures of another one it is added."""
    rows = sheets[target.sheet].rows
    if target.sheet not in published(FORM).empty:
        rows.append(["" for _ in rows[0]])
    rows[-1][0] = text


def _line(starts: str, kept: str) -> Callable[[Sheets, Target, str], None]:
    def replace(sheets: Sheets, target: Target, text: str) -> None:
        for row in sheets[target.sheet].rows[:HEADING_ROW]:
            row[:] = [f"{kept}{text}" if str(cell).startswith(starts) else cell for cell in row]

    return replace


def _hide_row(sheets: Sheets, target: Target, _: str) -> None:
    sheets[target.sheet] = sheets[target.sheet]._replace(hidden_rows=frozenset({target.line}))


def _hide_column(sheets: Sheets, target: Target, _: str) -> None:
    assert target.column is not None
    sheets[target.sheet] = sheets[target.sheet]._replace(hidden_columns=frozenset({target.column}))


def _hide_table(sheets: Sheets, target: Target, _: str) -> None:
    sheets[target.sheet] = sheets[target.sheet]._replace(visible=False)


def _link(sheets: Sheets, target: Target, _: str) -> None:
    sheets[target.sheet] = sheets[target.sheet]._replace(linked=(target.place,))


def _move_up(sheets: Sheets, target: Target, _: str) -> None:
    rows = sheets[target.sheet].rows
    codes = [number for key, number in row_numbers(target.block.name).items() if key.isdigit()]
    rows.insert(min(codes), rows.pop(target.line))


def _repeat_row(sheets: Sheets, target: Target, _: str) -> None:
    rows = sheets[target.sheet].rows
    rows.insert(target.line + 1, list(rows[target.line]))


def _uncalculate(sheets: Sheets, target: Target, _: str) -> None:
    _set(sheets, target, "")
    sheets[target.sheet] = sheets[target.sheet]._replace(uncalculated=frozenset({target.place}))


_VERBS: dict[str, Callable[[Sheets, Target, str], None]] = {
    "": _set,
    "删表": _drop_table,
    "复制表": _copy_table,
    "改表头": _spoil_headings,
    "删栏": _drop_column,
    "删行": _drop_row,
    "改编码": _recode,
    "改名称": _rename,
    "空表说明": _sentence,
    "编制部门": _line("编制部门", "编制部门："),
    "金额单位": _line("单位", ""),
    "隐藏行": _hide_row,
    "隐藏栏": _hide_column,
    "隐藏表": _hide_table,
    "外部链接": _link,
    "移行": _move_up,
    "重复行": _repeat_row,
    "未计算": _uncalculate,
}

_CHANGE = re.compile(
    rf"(?P<verb>宏|备份|{'|'.join(filter(None, _VERBS))})?\s?"
    r"(?:(?P<table>表\d+)(?:\[(?P<row>[^\]]+)\])?(?:\.(?P<column>[^\s=]+))?)?"
    r"(?P<equals>\s=\s?(?P<value>.*))?"
)


_INFO = re.compile(r"基本信息 (?P<field>\S+) =(?: (?P<value>.*))?")


def coded_rows(table: Table) -> Iterator[tuple[Block, int]]:
    """The published rows of a table that carry codes, from the top, counted from 0."""
    content = published(FORM)
    numbers = {} if table.id in content.empty else line_rows(lay_out(table), content.lines)
    for block in table.blocks if numbers else ():
        for number, line in zip(numbers[block.name], content.lines[block.name], strict=True):
            if block.kind in CODED and any(line.labels[: name_index(block)]):
                yield block, number
