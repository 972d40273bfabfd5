"""Builds the faulty variants of the published sample, and beside each the findings it gives."""

import re
import sys
import tomllib
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from gouji_checks.check import Report, check
from gouji_checks.source import FileSource
from gouji_templates import workbook
from gouji_templates.content import Content, Line, PriorFigure, line_of, name_index
from gouji_templates.form import Block, Form, load
from gouji_templates.layout import lay_out, line_rows

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from samples.build import SAMPLES, published

FAULTY = SAMPLES / "faulty"
EVERY = "全部"
LAST_YEAR = "上年"
"""An edit of this gives a figure to the sheet 上年预算数: 上年[三公经费/公务接待] = 3.00."""

IN_YUAN = 10_000

_EDIT = re.compile(
    r"(?:(?P<verb>\w+) )?(?P<table>表\d+\w*|全部|上年)(?:\[(?P<row>[^]]+)])?(?:\.(?P<column>\S+))?"
    r"(?: = ?(?P<value>.*))?"
)
ON_LINES = frozenset({"", "删行", "重复行", "改编码", "空行", "按元"})
ON_SHEETS = frozenset({"改字", "空表说明", "隐藏行", "改表名", "删表", "移表", "插行"})
_NUMBER = re.compile(r"-?\d+\.\d+")


class Edit(NamedTuple):
    """One thing done to the workbook: 表5[2011301].基本支出 = 340.83, or a verb before it."""

    verb: str
    table: str
    row: str
    column: str
    value: str


class Fault(NamedTuple):
    """A faulty variant: what was done, and what must come of it."""

    name: str
    title: str
    edits: tuple[Edit, ...]
    suspects: tuple[str, ...]
    rules: tuple[str, ...]
    clean: bool

    @property
    def workbook(self) -> Path:
        return FAULTY / f"{self.name}.xlsx"

    @property
    def findings(self) -> Path:
        return FAULTY / f"{self.name}.findings.txt"


def faults() -> list[Fault]:
    """Every declared variant, in order."""
    declared = tomllib.loads((SAMPLES / "faults.toml").read_text(encoding="utf-8"))["fault"]
    return [
        Fault(
            fault["name"],
            fault["title"],
            tuple(map(_edit, fault["edits"])),
            tuple(fault["expect"]["suspects"]),
            tuple(fault["expect"]["rules"]),
            fault["expect"].get("clean", False),
        )
        for fault in declared
    ]


def _edit(text: str) -> Edit:
    match = _EDIT.fullmatch(text)
    if match is None or (match["verb"] or "") not in ON_LINES | ON_SHEETS:
        raise ValueError(f"faults.toml: {text}")
    return Edit(*(match[field] or "" for field in Edit._fields))


def build(fault: Fault) -> bytes:
    """The workbook of a variant; the same declaration always gives the same bytes."""
    form = load()
    prior = {
        (group, line): PriorFigure((Decimal(edit.value),))
        for edit in fault.edits
        if edit.table == LAST_YEAR
        for group, _, line in [edit.row.partition("/")]
    }
    content = published(form)._replace(prior=prior)
    edits = [edit for edit in fault.edits if edit.table != LAST_YEAR]
    on_sheets = [edit for edit in edits if edit.verb in ON_SHEETS or _is_text(edit)]
    for edit in edits:
        if edit not in on_sheets:
            _change_lines(form, content, edit)
    built = workbook.build(form, content)
    if not on_sheets:
        return built
    # Opened without its formulas, whose results openpyxl would drop.
    book = load_workbook(BytesIO(built), data_only=True)
    for edit in on_sheets:
        wanted = [table.id for table in form.tables] if edit.table == EVERY else [edit.table]
        place = _place(form, content, edit) if edit.row else (1, 1)
        for sheet in [book[name] for name in wanted]:
            _change_sheet(book, sheet, place, edit)
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    """The workbook without the moment it was saved."""
    dated, undated = BytesIO(), BytesIO()
    ExcelWriter(book, ZipFile(dated, "w")).save()
    with ZipFile(dated) as parts, ZipFile(undated, "w", ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            archive.writestr(ZipInfo(name), parts.read(name), ZIP_DEFLATED)
    return undated.getvalue()


def _is_text(edit: Edit) -> bool:
    return edit.verb == "" and edit.value != "" and not _NUMBER.fullmatch(edit.value)


def _blocks(form: Form, table: str) -> list[Block]:
    return [block for block in form.blocks if table in (EVERY, block.table, block.name)]


def _keys(block: Block, line: Line) -> set[str]:
    """What a line may be called: its id; or its code, its name, its project."""
    name = line.labels[name_index(block)]
    ids = {spec.label: spec.id for spec in block.specs}
    if name in ids:
        return {ids[name]}
    return {"".join(line.labels[: name_index(block)]), *line.labels[name_index(block) :]}


def _find(form: Form, content: Content, edit: Edit) -> tuple[Block, int]:
    """The block and the number of the line that an edit names."""
    for block in _blocks(form, edit.table):
        for number, line in enumerate(content.lines.get(block.name, ())):
            if edit.row in _keys(block, line) and (not edit.column or block.column(edit.column) is not None):
                return block, number
    raise ValueError(f"faults.toml: {edit.table}[{edit.row}].{edit.column}")


def _place(form: Form, content: Content, edit: Edit) -> tuple[int, int]:
    """The sheet row and column of an edit's line and figure, counted from 1."""
    block, number = _find(form, content, edit)
    layout = lay_out(next(table for table in form.tables if table.id == block.table))
    column = layout.figure_column(block, block.column(edit.column) or 0)
    return line_rows(layout, content.lines)[block.name][number] + 1, column + 1


def _change_lines(form: Form, content: Content, edit: Edit) -> None:
    """An edit to what will be written."""
    if edit.verb == "按元":
        for block in _blocks(form, edit.table):
            content.lines[block.name] = [
                line._replace(figures=tuple(amount and amount * IN_YUAN for amount in line.figures))
                for line in content.lines.get(block.name, ())
            ]
        return
    block, number = _find(form, content, edit)
    lines = content.lines[block.name]
    line = lines[number]
    match edit.verb:
        case "删行":
            del lines[number]
        case "重复行":
            lines.insert(number, line)
        case "空行":
            lines.insert(number, line_of(block))
        case "改编码":
            recoded = line_of(block, line.labels[name_index(block)], edit.value)
            lines[number] = recoded._replace(figures=line.figures)
        case _:
            figures = list(line.figures)
            figures[block.column(edit.column) or 0] = Decimal(edit.value) if edit.value else None
            lines[number] = line._replace(figures=tuple(figures))


def _change_sheet(book: Workbook, sheet: Worksheet, place: tuple[int, int], edit: Edit) -> None:
    """An edit to what has been written."""
    match edit.verb:
        case "改字":
            old, new = edit.value.split(" → ")
            for cell in _texts(sheet):
                cell.value = str(cell.value).replace(old, new)
        case "空表说明":
            for cell in _texts(sheet):
                if "为空表" in str(cell.value):
                    cell.value = edit.value or None
        case "隐藏行":
            sheet.row_dimensions[place[0]].hidden = True
        case "改表名":
            sheet.title = edit.value
        case "删表":
            book.remove(sheet)
        case "移表":
            book.move_sheet(sheet, int(edit.value) - book.index(sheet) - 1)
        case "插行":
            _insert_on_top(sheet, edit.value)
        case _:
            sheet.cell(*place).value = edit.value.removeprefix("“").removesuffix("”")


def _texts(sheet: Worksheet) -> list[Cell]:
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)]
    return [cell for cell in cells if isinstance(cell.value, str)]


def _insert_on_top(sheet: Worksheet, text: str) -> None:
    """A row above all others; openpyxl would leave merged cells and heights where they were."""
    merged = [area.bounds for area in sheet.merged_cells.ranges]
    heights = {row: dimension.height for row, dimension in sheet.row_dimensions.items()}
    for left, top, right, bottom in merged:
        sheet.unmerge_cells(None, top, left, bottom, right)
    sheet.insert_rows(1)
    for left, top, right, bottom in merged:
        sheet.merge_cells(None, top + 1, left, bottom + 1, right)
    for row, height in heights.items():
        sheet.row_dimensions[row + 1].height = height
    sheet.row_dimensions[1].height = None
    sheet["A1"] = text


def projection(report: Report) -> str:
    """A line for each finding with its first suspect below it, and the account of what was checked."""
    lines: list[str] = []
    for finding in report.findings:
        lines.append(f"{finding.severity} {finding.rule} {finding.cell}".rstrip())
        for suspect in finding.suspects[:1]:
            value = f"应为 {suspect.value}" if suspect.value else "应为空"
            lines.append(f"  → {suspect.cell} {value} ({suspect.kind})")
    ledger = report.ledger
    unchecked = sum(item.instances for item in ledger.not_checked)
    lines.append(
        f"相符 {ledger.agreed} 尾差 {ledger.rounding} 不符 {ledger.failed}"
        f" 未核验 {unchecked} 不适用 {ledger.not_applicable}"
    )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Writes every workbook and what the check says of it."""
    FAULTY.mkdir(exist_ok=True)
    for fault in faults():
        fault.workbook.write_bytes(build(fault))
        said = projection(check(FileSource(str(fault.workbook))))
        fault.findings.write_text(said, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
