"""gouji fill of tables laid out and written as departments do it."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from gouji_checks.book import read_book
from gouji_checks.fill.making import content_of
from gouji_checks.source import FileSource, Workbook
from tests.fills import COMPLETED, FORM, PUBLISHED, book_of, errors, filled, plain, printed, values_only
from tests.layouts import LAYOUTS, Change, each_table
from tests.leaves import without_derived


def without_upper_rows(path: Path, folder: Path) -> Path:
    """The same without 总计, 类 and 款, in whatever way the sheet writes them."""
    book = book_of(path)
    gone: dict[str, set[int]] = {}
    for figures in book.figures.values():
        for row in figures.part.rows if figures.part.side.block.kind in ("functional", "economic") else ():
            if row.level == "总计" or len(row.key) < (7 if figures.part.side.block.kind == "functional" else 5):
                gone.setdefault(figures.home.sheet.name, set()).add(row.line)
    sheets = [
        sheet._replace(rows=[row for line, row in enumerate(sheet.rows) if line not in gone.get(sheet.name, ())])
        for sheet in book.workbook.sheets
    ]
    return values_only(Workbook(sheets), folder / "缺行.xlsx")


def laid_out(change: Change, folder: Path) -> Path:
    """The published tables laid out this way, then without their derived figures, the totals with wrong ones."""
    source = FileSource(str(plain(PUBLISHED, folder / "a.xlsx"))).read()
    book = read_book(each_table(change, of=source), FORM)
    entered = without_derived(FORM, content_of(book)).lines
    for name, figures in book.figures.items():
        for row, line in zip(figures.part.rows, entered[name], strict=True):
            for column, figure in zip(figures.part.side.columns, line.figures, strict=True):
                if figure is None and column is not None:
                    wrong = row.level == "总计" and column == figures.part.side.columns[0]
                    figures.home.sheet.rows[row.line][column] = 1.0 if wrong else ""
    return values_only(book.workbook, folder / "预算.xlsx")


# Merged cells show what a row shares with the one above only once, so a row that goes takes it along.
MERGED = {"codes and names merged downwards", "the same with a column of numbers"}
WHOLE_ROWS = [name for name in LAYOUTS if name not in MERGED]


@pytest.mark.parametrize("name", LAYOUTS)
def test_tables_are_filled_however_they_are_laid_out(name: str, tmp_path: Path) -> None:
    out = filled(laid_out(LAYOUTS[name][0], tmp_path))

    assert figures_by_row(out) == figures_by_row(plain(COMPLETED, tmp_path / "b.xlsx"))
    assert errors(out) == ["X38"]


@pytest.mark.parametrize("name", WHOLE_ROWS)
def test_rows_are_made_in_the_writing_of_the_table(name: str, tmp_path: Path) -> None:
    path = without_upper_rows(laid_out(LAYOUTS[name][0], tmp_path), tmp_path)

    out = filled(path)

    assert figures_by_row(out) == figures_by_row(plain(COMPLETED, tmp_path / "b.xlsx"))
    assert errors(out) == ["X38"]


def figures_by_row(path: Path) -> dict[tuple[str, str, int], tuple[str, ...]]:
    """As `printed`, by code alone: layouts spell projects differently."""
    found: dict[tuple[str, str, int], tuple[str, ...]] = {}
    for (block, key, _, _), figures in printed(path).items():
        number = 1
        while (block, key, number) in found:
            number += 1
        found[block, key, number] = figures
    return found


def test_codes_are_written_as_the_table_writes_them(tmp_path: Path) -> None:
    path = without_upper_rows(laid_out(LAYOUTS["joined codes as numbers"][0], tmp_path), tmp_path)

    rows = next(sheet.rows for sheet in FileSource(str(filled(path))).read().sheets if sheet.name == "表5")

    assert [row[0] for row in rows[7:11]] == ["", 201.0, 20113.0, 2011301.0]
    assert [row[3] for row in rows[7:11]] == ["总计", "一般公共服务支出", "商贸事务", "行政运行"]


def test_new_row_inside_merged_codes_leaves_them_merged(tmp_path: Path) -> None:
    upper = ("总计", "一般公共服务支出", "行政运行", "事业运行")
    lines = [line for line in without_derived(FORM, PUBLISHED).lines["表3"] if line.labels[3] in upper]
    content = PUBLISHED._replace(lines=PUBLISHED.lines | {"表3": lines})
    path = plain(content, tmp_path / "a.xlsx")
    sheets = load_workbook(path)
    for row in (10, 11):
        sheets["表3"].cell(row, 1).value = None
    sheets["表3"].merge_cells("A9:A11")
    sheets.save(tmp_path / "预算.xlsx")

    out = filled(tmp_path / "预算.xlsx")

    sheet = load_workbook(out)["表3"]
    assert "A9:A12" in map(str, sheet.merged_cells.ranges)
    assert [[cell.value for cell in row[:4]] for row in sheet["A9:D12"]] == [
        ["201", None, None, "一般公共服务支出"],
        [None, "13", None, "商贸事务"],
        [None, "13", "01", "行政运行"],
        [None, "13", "50", "事业运行"],
    ]
    assert printed(out)["表3", "20113", "", "1"] == ("652.73", "439.73", "213.00")
