"""Workbooks in which buttons were clicked: all that is in them, and the file that Excel would save."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlwings as xw

from gouji_addin.buttons import fill
from gouji_addin.results import FILLED_HEADINGS as HEADINGS
from gouji_addin.results import NAME
from gouji_checks.edit.insertion import SheetEdit
from gouji_checks.edit.parts import FileParts
from gouji_checks.edit.references import place_of
from gouji_templates.content import UNDO
from tests.excel import Excel
from tests.excel_parts import content, formats
from tests.fills import checked

Told = dict[str, object]
"""A line of the list, by heading."""


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
    """The lines of the list below its headings."""
    rows = book.sheets[NAME].used_range.options(empty="").value
    return [dict(zip(HEADINGS, row, strict=True)) for row in rows[rows.index(list(HEADINGS)) + 1 :]]


def headline(book: xw.Book) -> list[str]:
    """What stands above them."""
    rows = book.sheets[NAME].used_range.options(empty="").value
    return [row[0] for row in rows[: rows.index(list(HEADINGS))] if row[0]]


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
