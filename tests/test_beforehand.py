"""What a person wrote on the sheet 校验结果 goes with it only after a yes."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings as xw

from gouji_addin.buttons import clear_marks, compare, fill, restore, validate
from gouji_addin.results import HEADINGS, NAME
from samples.build import SAMPLE, SAMPLES
from tests.clicks import clicked, everything, noon, opened
from tests.excel import Excel
from tests.excel_parts import content, shape
from tests.test_buttons import FAULTY
from tests.test_compare_button_prior import typed
from tests.year_before import prior_rows

ASKED = f"您在“{NAME}”上写了字，或改了它的表头，继续会把这张表删去。"


def checked() -> tuple[Excel, xw.Book, int]:
    """A checked workbook, and the row of the headings."""
    excel, book = opened(FAULTY)
    validate(book, noon)
    sheet = content(book)[NAME]
    return excel, book, next(row for row in range(1, sheet.max_row) if sheet.cell(row, 2).value == HEADINGS[1])


def asked(excel: Excel) -> list[str]:
    """The first lines of what it showed."""
    return [text.partition("\n")[0] for _, text in excel.messages]


WRONG = ("单位资金", "公务接待费", "人员经费", "其中：人员经费", "项目支出", "收入合计")
BESIDE = len(HEADINGS) + 1
PLACES: dict[str, Callable[[int, int], tuple[int, int]]] = {
    "beside a finding": lambda top, _: (top + 1, BESIDE),
    "a heading of one's own": lambda top, _: (top, BESIDE + 2),
    "below the list": lambda _, last: (last + 2, 5),
    "a word below it": lambda _, last: (last + 2, 2),
    "above the list": lambda top, _: (top - 1, 1),
    "beside the head": lambda *_: (2, 3),
    "over a heading": lambda top, _: (top, 4),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_what_was_written_stays_after_no(place: Callable[[int, int], tuple[int, int]]) -> None:
    excel, book, top = checked()
    book.sheets[NAME].range(place(top, content(book)[NAME].max_row)).value = "已核实"
    before = shape(book)
    excel.answers += ["no"]

    validate(book, noon)

    assert asked(excel) == [ASKED]
    assert shape(book) == before


def test_it_goes_after_yes() -> None:
    excel, book, top = checked()
    before = shape(book)
    book.sheets[NAME].range((top + 1, BESIDE)).value = "已核实"
    excel.answers += ["yes"]

    validate(book, noon)

    assert excel.answers == []
    assert shape(book) == before


def test_renamed_as_the_question_says_it_is_kept() -> None:
    excel, book, top = checked()
    book.sheets[NAME].range((top + 1, BESIDE)).value = "已核实"
    book.sheets[NAME].name = "第一次校验"

    validate(book, noon)

    assert not excel.messages
    assert content(book)["第一次校验"].cell(top + 1, BESIDE).value == "已核实"


@pytest.mark.parametrize("button", [validate, clear_marks])
def test_they_ask_before_it_goes_and_read_no_sheet_for_it(button: Callable[..., None]) -> None:
    excel, book, top = checked()
    book.sheets[NAME].range((top + 1, BESIDE)).value = "已核实"
    excel.answers += ["no"]
    excel.writes.clear()
    excel.reads.clear()

    button(book)

    assert asked(excel) == [ASKED]
    assert not excel.writes
    assert excel.reads[NAME] == 1
    assert set(excel.reads.values()) == {1}


def test_filling_asks_before_it_changes_anything(leaves: Path) -> None:
    excel, book = opened(leaves)
    fill(book, noon)
    book.sheets["表5"].range("E9").value = ""
    book.sheets[NAME].range((3, 7)).value = "已核实"
    before = everything(book)
    excel.answers += ["no"]

    fill(book, noon)

    assert asked(excel) == [ASKED]
    assert everything(book) == before


def test_comparing_asks_where_it_has_a_list_of_its_own(last: Path, tmp_path: Path) -> None:
    rows = prior_rows()
    for row in [row for row in rows if row[1] in WRONG]:
        row[2] = 1.0
    excel, book = opened(typed(rows, tmp_path / "本年.xlsx"))
    excel.open(last)
    compare(book, noon)
    excel.messages.clear()
    book.sheets[NAME].range((3, 7)).value = "已核实"
    before = everything(book)
    excel.answers += ["no"]

    compare(book, noon)

    assert asked(excel) == [ASKED]
    assert everything(book) == before


def test_a_button_that_leaves_the_sheet_alone_does_not_ask(leaves: Path) -> None:
    excel, book = clicked(leaves)
    book.sheets[NAME].range((3, 7)).value = "已核实"

    fill(book, noon)

    assert excel.messages == [("预算公开", "没有需要填的。")]
    assert content(book)[NAME].cell(3, 7).value == "已核实"


def test_the_way_back_asks_only_where_it_deletes(leaves: Path) -> None:
    excel, book = opened(leaves)
    fill(book, noon)
    book.sheets[NAME].range((8, 9)).value = "已核实"
    before = everything(book)
    excel.answers += ["no"]

    restore(book)
    assert asked(excel) == [ASKED]
    assert everything(book) == before

    excel.answers += ["yes"]
    validate(book, noon)
    book.sheets[NAME].range((2, 9)).value = "已核实"
    restore(book)
    assert len(excel.messages) == 2
    assert content(book)[NAME]["I2"].value == "已核实"


def test_no_list_of_ours_is_taken_for_somebody_elses(leaves: Path) -> None:
    for path in (SAMPLES / SAMPLE, leaves):
        excel, book = opened(path)
        for _ in range(2):
            fill(book, noon)
            validate(book, noon)
        assert "写了字" not in str(excel.messages)
