"""填充 into cells with the format of texts, where Excel would make texts of figures."""

from pathlib import Path

import openpyxl
import xlwings as xw

from gouji_addin.buttons import fill, restore
from tests import rich
from tests.clicks import clicked, everything, noon, opened
from tests.excel_parts import content
from tests.fills import FORM, plain
from tests.leaves import without_derived


def for_texts(path: Path) -> Path:
    """A workbook without derived figures, every cell of a table with the format of texts."""
    saved = openpyxl.load_workbook(plain(without_derived(FORM, rich.content(1)), path))
    for row in saved["表9"].iter_rows():
        for cell in row:
            cell.number_format = "@"
    saved.save(path)
    return path


def figures(book: xw.Book) -> list[float]:
    return [value for row in book.sheets["表9"].used_range.value for value in row if isinstance(value, float)]


def test_figures_in_cells_for_texts_are_numbers_and_go_again(tmp_path: Path) -> None:
    _, usual = clicked(plain(without_derived(FORM, rich.content(1)), tmp_path / "预算.xlsx"))
    excel, book = opened(for_texts(tmp_path / "文本.xlsx"))
    before = figures(book)

    fill(book, noon)
    assert before != figures(book) == figures(usual)
    restore(book)

    assert figures(book) == before
    assert not excel.messages


def test_cells_for_texts_are_so_again_where_a_fill_stops(tmp_path: Path) -> None:
    excel, book = opened(for_texts(tmp_path / "文本.xlsx"))
    before = everything(book)
    fill(book, noon)
    assert "General" in {cell.number_format for row in content(book)["表9"].iter_rows() for cell in row}
    last = excel.writes.total()

    excel, book = opened(tmp_path / "文本.xlsx")
    excel.refused = [last]
    fill(book, noon)

    assert excel.messages
    assert everything(book) == before
