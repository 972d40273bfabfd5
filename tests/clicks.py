"""Workbooks in which buttons were clicked: all that is in them, what they tell, and the file that Excel would save."""

import io
import json
from contextlib import redirect_stdout
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlwings as xw

from gouji_addin.buttons import fill
from gouji_addin.results import FILLED_HEADINGS, HEADINGS, NAME
from gouji_checks.cli import main
from gouji_checks.edit.insertion import SheetEdit
from gouji_checks.edit.parts import FileParts
from gouji_checks.edit.references import place_of
from gouji_templates.content import UNDO
from tests.excel import Excel
from tests.excel_parts import content, formats
from tests.fills import checked

Told = dict[str, object]
"""A line of the list, by heading."""

WORDS = {"error": "错误", "warning": "提示", "info": "说明"}
_COLUMNS = ("级别", "规则", "单元格", "说明", "现为", "应为", "差额", "办法", "疑似单元格", "疑似应为", "疑似情况")


def noon() -> datetime:
    return datetime(2025, 3, 1, 12)


def opened(path: Path) -> tuple[Excel, xw.Book]:
    excel = Excel()
    return excel, excel.open(path)


def clicked(path: Path, *answers: str) -> tuple[Excel, xw.Book]:
    """The workbook after 填充, its questions answered so."""
    excel, book = opened(path)
    excel.answers += answers
    fill(book, noon)
    assert excel.answers == []
    return excel, book


def saved(book: xw.Book, path: Path) -> Path:
    """The file, with what formulas show in their place."""
    content(book).save(path)
    return path


def saved_with_formulas(book: xw.Book, path: Path) -> Path:
    """The file as Excel saves it, but for what formulas show."""
    with book.impl.formulas.shown():
        content(book).save(path)
    return path


def everything(book: xw.Book) -> dict[str, object]:
    """All there is in the workbook, part by part; of a formula its text, for the stand-in calculates nothing."""
    parts: dict[str, object] = {"names": {name: one.attr_text for name, one in content(book).defined_names.items()}}
    for sheet in content(book):
        formulas = book.impl.formulas.of(sheet)
        cells = {
            cell.coordinate: (
                formulas.get((cell.row, cell.column), (cell.value, cell.data_type)),
                cell.number_format,
                cell.fill.fgColor.rgb,
                cell.border.bottom.style,
                cell.protection.locked,
                cell.font.b,
            )
            for row in sheet.iter_rows()
            for cell in row
        }
        heights = {row: found.height for row, found in sheet.row_dimensions.items() if found.height is not None}
        merged = sorted(map(str, sheet.merged_cells.ranges))
        checked = sorted((str(one.sqref), one.formula1) for one in sheet.data_validations.dataValidation)
        kind = sheet.sheet_state, sheet.dimensions
        parts[sheet.title] = (*kind, cells, sorted(formulas.items()), heights, merged, list(formats(sheet)), checked)
    return parts


def listed(book: xw.Book) -> list[Told]:
    """The lines of the list of 填充 below its headings."""
    return _below(FILLED_HEADINGS, book)


def headline(book: xw.Book) -> list[str]:
    """What stands above them."""
    rows = book.sheets[NAME].used_range.options(empty="").value
    return [row[0] for row in rows[: rows.index(list(FILLED_HEADINGS))] if row[0]]


def told(book: xw.Book) -> list[Told]:
    """The lines of the list of 校验 below its headings."""
    return _below(HEADINGS, book)


def told_by_the_sheet(book: xw.Book) -> list[tuple[str, ...]]:
    """What 校验结果 says of each finding."""
    rows = [row for row in told(book) if row["级别"] in WORDS.values()]
    return sorted(tuple(_printed(row[name]) for name in _COLUMNS) for row in rows)


def told_by_the_command_line(path: Path) -> list[tuple[str, ...]]:
    """What gouji check prints of each finding, in the same columns."""
    with redirect_stdout(io.StringIO()) as printed_text:
        main(["check", "--format", "json", str(path)])
    (file,) = json.loads(printed_text.getvalue())["files"]
    none = {"cell": "", "value": "", "hint": ""}
    return sorted(
        (
            *(WORDS[one["severity"]], one["rule"], f"{one['sheet']}!{one['cell']}" if one["cell"] else ""),
            *(one[key] for key in ("message", "stated", "expected", "difference", "advice")),
            *((one["suspects"][0] if one["suspects"] else none)[key] for key in ("cell", "value", "hint")),
        )
        for one in file["findings"]
    )


def _below(headings: tuple[str, ...], book: xw.Book) -> list[Told]:
    rows = book.sheets[NAME].used_range.options(empty="").value
    return [dict(zip(headings, row, strict=True)) for row in rows[rows.index(list(headings)) + 1 :]]


def _printed(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def findings(path: Path) -> list[tuple[str, str, str]]:
    """Rule, cell and message of all that a check finds in a file."""
    return sorted((one.rule, one.cell, one.message) for one in checked(path).findings)


def with_backup(book: xw.Book, found: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """These findings, and the one about what 填充 keeps hidden in the workbook, if it does."""
    kept = [one for one in book.sheets if one.name == UNDO]
    return sorted([*found, *(("B18", "", "工作簿里藏着“撤销填充”的备份，其中有填充以前的数") for _ in kept)])


def with_formulas(path: Path, formulas: dict[str, str], shown: dict[str, float]) -> Path:
    """The workbook with these formulas, which show this, on 表5."""
    parts = FileParts(path.read_bytes())
    edit = SheetEdit(parts)
    for cell, text in formulas.items():
        edit.sheet("表5").set_formula(*place_of(cell), text)
        edit.sheet("表5").cache(*place_of(cell), Decimal(str(shown[cell])))
    edit.close()
    path.write_bytes(parts.packed())
    return path
