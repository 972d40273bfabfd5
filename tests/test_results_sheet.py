"""The sheet 校验结果 as it is written: a table to filter, readable columns, links, colours that explain the marks."""

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gouji_addin.buttons import clear_marks, validate
from gouji_addin.results import HEADINGS, NAME, TITLE
from gouji_templates.results import FAILED, FILLS, UNCHECKED
from tests.clicks import noon, opened
from tests.excel_parts import content, formats
from tests.test_buttons import FAULTY


@pytest.fixture(scope="module")
def sheet() -> Worksheet:
    """Of a workbook with errors; read only."""
    excel, book = opened(FAULTY)
    validate(book, noon)
    assert not excel.messages
    return content(book)[NAME]


def top(sheet: Worksheet) -> int:
    """The row of the headings."""
    return next(row for row in range(1, sheet.max_row) if sheet.cell(row, 2).value == HEADINGS[1])


def test_headings_and_findings_are_a_table_that_can_be_filtered(sheet: Worksheet) -> None:
    (table,) = sheet.tables.values()

    assert table.ref == f"A{top(sheet)}:L{sheet.max_row}"
    # As it is saved, with the buttons to filter that Excel gives every new table.
    table._initialise_columns()
    assert table.autoFilter is not None
    assert table.autoFilter.ref == table.ref
    assert sheet.max_row > top(sheet) + 5


def test_the_table_goes_with_the_sheet_and_the_users_own_stays() -> None:
    _, book = opened(FAULTY)
    own = book.sheets.add("台账", after=book.sheets[0])
    own.range((1, 1)).value = [["甲"], ["乙"]]
    own.tables.add(source=own.range((1, 1), (2, 1)), name="台账")
    validate(book, noon)
    validate(book, noon)
    assert [len(one.tables) for one in content(book).worksheets if one.tables] == [1, 1]

    clear_marks(book)

    assert [list(one.tables) for one in content(book).worksheets if one.tables] == [["台账"]]


def test_results_renamed_to_keep_them_do_not_stand_in_the_way_of_new_ones() -> None:
    excel, book = opened(FAULTY)
    validate(book, noon)
    book.sheets[NAME].name = "旧结果"

    validate(book, noon)

    assert not excel.messages
    assert [one.title for one in content(book).worksheets if one.tables] == ["旧结果", NAME]


def test_no_column_is_wider_than_half_a_screen_and_long_texts_wrap(sheet: Worksheet) -> None:
    widths = {heading: sheet.column_dimensions[chr(65 + place)].width for place, heading in enumerate(HEADINGS)}
    longest = {
        heading: max(len(str(sheet.cell(row, place).value or "")) for row in range(top(sheet), sheet.max_row + 1))
        for place, heading in enumerate(HEADINGS, 1)
    }

    assert widths["说明"] > 40
    assert max(widths.values()) < 60
    assert longest["说明"] > 60
    wrapped = {
        heading for place, heading in enumerate(HEADINGS, 1) if sheet.cell(sheet.max_row, place).alignment.wrap_text
    }
    assert wrapped == {"说明", "疑似情况", "办法"}
    # The headline, longer than any of them, has no part in it.
    assert widths["问题"] < 15


def test_headings_and_title_stand_out_and_links_look_like_links(sheet: Worksheet) -> None:
    first = top(sheet)

    assert sheet["A1"].value == TITLE
    assert sheet["A1"].font.b
    assert {sheet.cell(first, place).fill.fgColor.rgb for place in range(1, len(HEADINGS) + 1)} == {"00D9E1F2"}
    assert sheet.cell(first, 2).value == HEADINGS[1]
    assert sheet.cell(first + 1, 4).font.color.rgb == "000563C1"
    assert str(sheet.cell(first + 1, 4).value).startswith("=HYPERLINK(")


def test_the_severities_have_the_colours_of_their_marks(sheet: Worksheet) -> None:
    area = f"B{top(sheet) + 1}:B{sheet.max_row}"

    assert list(formats(sheet)) == [
        (area, "expression", ['INDEX($B:$B,ROW())="错误"'], f"00{FILLS[FAILED].removeprefix('#')}"),
        (area, "expression", ['INDEX($B:$B,ROW())="提示"'], f"00{FILLS[UNCHECKED].removeprefix('#')}"),
    ]
