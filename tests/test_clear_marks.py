"""清除标记: the workbook is as it was before 校验, part by part."""

from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from gouji_addin.buttons import clear_marks, validate
from gouji_addin.results import NAME
from tests.clicks import noon, opened
from tests.excel_parts import content, formats, parts, shape
from tests.test_buttons import FAULTY
from tests.workbooks import EVERY_WORKBOOK


@EVERY_WORKBOOK
def test_checking_twice_gives_the_same_workbook_and_clearing_the_one_there_was(path: Path) -> None:
    _, book = opened(path)
    before = shape(book)

    validate(book, noon)
    once = shape(book)
    validate(book, noon)
    twice = shape(book)
    clear_marks(book)

    assert once == twice != before
    assert shape(book) == before


def furnished(tmp_path: Path) -> Path:
    """A workbook with formats of its own that overlap ours, and all else that must not be touched."""
    book = openpyxl.load_workbook(FAULTY)
    sheet = book["表5"]
    sheet["B3"].fill = PatternFill("solid", fgColor="00FF00")
    green = DifferentialStyle(fill=PatternFill("solid", bgColor="00FF00"))
    sheet.conditional_formatting.add("A1:C9", Rule("expression", dxf=green, formula=["$A1>ROW()"]))
    sheet.conditional_formatting.add("E8:G20", Rule("cellIs", dxf=green, operator="lessThan", formula=["0"]))
    book.defined_names["支出合计"] = DefinedName("支出合计", attr_text="表5!$E$8")
    sheet.data_validations.append(DataValidation("whole", operator="greaterThan", formula1="0", sqref="Z1"))
    sheet.freeze_panes = "A8"
    book["表4"].protection.sheet, book["表4"].protection.formatCells = True, False
    own = book.create_sheet("台账")
    for row in (["科目", "金额"], ["甲", 1.5]):
        own.append(row)
    own.add_table(Table(displayName="台账", ref="A1:B2"))
    own["A1"].comment = Comment("原样保留", "财务")
    book.create_sheet("底稿").sheet_state = "veryHidden"
    book.active = book["表5"]
    book.save(tmp_path / "自.xlsx")
    return tmp_path / "自.xlsx"


def test_the_users_own_fills_and_formats_stay(tmp_path: Path) -> None:
    _, book = opened(furnished(tmp_path))
    before = list(formats(content(book)["表5"]))

    validate(book, noon)

    marked = list(formats(content(book)["表5"]))
    assert len(marked) == 5
    assert marked[2:] == before


def test_after_clearing_every_part_of_the_workbook_is_as_it_was(tmp_path: Path) -> None:
    excel, book = opened(furnished(tmp_path))
    before = parts(book)

    validate(book, noon)
    assert book.sheets.active.name == NAME
    once = parts(book)
    validate(book, noon)
    twice = parts(book)
    # Which sheet is shown is for the user to say.
    book.sheets["表5"].activate()
    clear_marks(book)

    assert not excel.messages
    assert once == twice != before
    assert parts(book) == before


def test_marks_go_even_if_their_sheet_is_gone_and_a_table_was_renamed() -> None:
    _, book = opened(FAULTY)
    before = list(shape(book).values())
    validate(book, noon)
    book.sheets[NAME].delete()
    book.sheets["表5"].name = "支出"

    clear_marks(book)

    assert list(shape(book).values()) == before


def test_clearing_a_workbook_that_was_not_checked_changes_nothing() -> None:
    excel, book = opened(FAULTY)

    clear_marks(book)

    assert not excel.messages
    assert not excel.writes


def test_marks_go_from_a_workbook_that_has_become_too_large_to_be_checked() -> None:
    excel, book = opened(FAULTY)
    before = shape(book)
    validate(book, noon)
    content(book)["表5"]["A1048576"].number_format = "0.00"

    clear_marks(book)

    del content(book)["表5"]._cells[1048576, 1]
    assert not excel.messages
    assert shape(book) == before
