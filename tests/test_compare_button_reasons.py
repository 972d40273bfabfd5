"""对比 in the template where reasons are written: last year's codes come in between, each reason stays with its own."""

from pathlib import Path

import openpyxl

from gouji_addin.buttons import compare
from gouji_checks.source import FileSource
from gouji_templates.content import COMPARISONS, PRIOR
from tests.clicks import everything, noon, opened, saved_with_formulas
from tests.office import Office
from tests.test_compare_button import beside

REASON = 7
"""The column of reasons, from 0."""


def with_reasons(template: Path, path: Path) -> Path:
    """The template with a reason beside every code, which names it."""
    book = openpyxl.load_workbook(template, rich_text=True)
    for row, code in coded(template):
        book[COMPARISONS[0]].cell(row + 1, REASON + 1, f"原因 {code}")
    book.save(path)
    return path


def coded(path: Path) -> list[tuple[int, str]]:
    """The rows of 收支对比 with a code, from 0."""
    rows = next(sheet.rows for sheet in FileSource(str(path)).read().sheets if sheet.name == COMPARISONS[0])
    return [(number, str(row[0])) for number, row in enumerate(rows) if str(row[0]).isdigit()]


def test_reasons_move_along_with_their_codes(template: Path, last: Path, office: Office, tmp_path: Path) -> None:
    """Last year's codes come in between those of this year."""
    (this,) = office.convert([with_reasons(template, tmp_path / "写了原因.xlsx")], tmp_path / "重算")
    codes = {code for _, code in coded(this)}

    _, book = beside(this, last)

    (path,) = office.convert([saved_with_formulas(book, tmp_path / "存.xlsx")], tmp_path)
    rows = next(sheet.rows for sheet in FileSource(str(path)).read().sheets if sheet.name == COMPARISONS[0])
    given = {code: rows[number][REASON] for number, code in coded(path)}
    assert given == {code: f"原因 {code}" if code in codes else "" for code in given}
    assert list(given)[-1] in codes
    assert given.keys() - codes == {"2011399"}
    assert sum(str(row[REASON]).startswith("原因 ") for row in rows) == len(codes)


def test_reasons_stay_where_one_without_a_code_would_be_written_over(
    template: Path, last: Path, office: Office, tmp_path: Path
) -> None:
    below = coded(template)[-1][0] + 1
    own = with_reasons(template, tmp_path / "写了原因.xlsx")
    stray = openpyxl.load_workbook(own, rich_text=True)
    stray[COMPARISONS[0]].cell(below + 1, REASON + 1, "写错了行")
    stray.save(own)
    (this,) = office.convert([own], tmp_path / "重算")
    excel, book = opened(this)
    excel.open(last)
    before = everything(book)

    compare(book, noon)

    assert {name for name, part in everything(book).items() if part != before[name]} == {PRIOR}
