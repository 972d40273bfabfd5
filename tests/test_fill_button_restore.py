"""撤销填充 in an open workbook: everything as it was before 填充."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from openpyxl.workbook.protection import WorkbookProtection

from gouji_addin.buttons import clear_marks, fill, restore, validate
from gouji_addin.results import NAME
from gouji_templates.content import UNDO
from samples.build import ITEMS, SAMPLES
from tests import rich
from tests.clicks import clicked, everything, noon, opened, with_formulas
from tests.excel import Excel
from tests.excel_parts import content
from tests.fills import FORM, LEAVES, PUBLISHED, plain, typed_into_template, with_items
from tests.leaves import leaves_of, without_derived


def there_and_back(path: Path, *answers: str) -> Excel:
    """Fills a workbook and takes it back, which must leave it as it was."""
    excel, book = opened(path)
    before = everything(book)
    excel.answers += answers

    fill(book, noon)
    assert everything(book) != before
    restore(book)

    assert everything(book) == before
    return excel


def test_a_filled_workbook_becomes_what_it_was(leaves: Path) -> None:
    assert not there_and_back(leaves).messages


def test_a_workbook_that_gives_up_no_sheet_keeps_what_was_filled_in(leaves: Path) -> None:
    excel, book = clicked(leaves)
    content(book).security = WorkbookProtection(lockStructure=True)
    before = everything(book)

    restore(book)

    assert [text for _, text in excel.messages] == [f"删不掉“{NAME}”，请撤销工作簿保护，再点按钮。"]
    assert everything(book) == before
    assert book.app.display_alerts


@given(seed=some.integers(0, 2**32), kinds=some.lists(some.integers(0, 2), min_size=15, max_size=15))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_filled_workbook_becomes_what_it_was(tmp_path: Path, seed: int, kinds: list[int]) -> None:
    whole = rich.content(seed)
    contents = (whole, without_derived(FORM, whole), leaves_of(FORM, whole))
    lines = {name: contents[kind].lines[name] for name, kind in zip(whole.lines, [1, *kinds], strict=False)}

    there_and_back(plain(whole._replace(lines=whole.lines | lines), tmp_path / "预算.xlsx"))


def test_tables_made_from_line_items_become_what_they_were(detailed: Path) -> None:
    there_and_back(detailed)


def test_figures_and_sentences_that_gave_way_to_line_items_come_back(tmp_path: Path) -> None:
    lines = list(PUBLISHED.lines["表5"])
    lines[3] = lines[3]._replace(figures=(None, Decimal("300.00"), None))
    path = plain(PUBLISHED._replace(lines=PUBLISHED.lines | {"表5": lines}), tmp_path / "空.xlsx")

    there_and_back(with_items(path, SAMPLES / ITEMS, tmp_path), "yes")


ODD: dict[str, object] = {
    "a number as text": "00123",
    "a text that looks like a formula": "'=abc",
    "many digits": 0.1 + 0.2,
    "a truth": True,
    "an error": "#N/A",
    "a date": datetime(2025, 3, 1),
    "a date and time": datetime(2025, 3, 1, 12, 30),
}


@pytest.mark.parametrize("value", ODD.values(), ids=ODD)
def test_whatever_stood_there_comes_back_as_it_was(value: object, tmp_path: Path) -> None:
    path = plain(rich.content(1), tmp_path / "预算.xlsx")
    before = openpyxl.load_workbook(path)
    cell = before["表3"]["E9"]
    cell.value = value.removeprefix("'") if isinstance(value, str) else value
    if isinstance(value, str) and value != "#N/A":
        cell.data_type = "s"
    before.save(path)

    there_and_back(path, "yes")


def test_a_formula_that_gave_way_comes_back(tmp_path: Path) -> None:
    path = plain(rich.content(1), tmp_path / "预算.xlsx")
    there_and_back(with_formulas(path, {"E9": "F9*2", "E10": "SUM(F10:G10)+1"}, {"E9": 1.0, "E10": 2.0}))


def test_formulas_move_back_with_their_rows(tmp_path: Path) -> None:
    """One that gives way stands below the rows that are put in, and speaks of rows above them and below."""
    content_ = LEAVES._replace(lines=LEAVES.lines | {"表5": [PUBLISHED.lines["表5"][0], *LEAVES.lines["表5"]]})
    path = with_formulas(
        plain(content_, tmp_path / "预算.xlsx"),
        {"E12": "F12*2+F9", "I30": "SUM(F8:F17)"},
        {"E12": 1.0, "I30": 2.0},
    )

    there_and_back(path)


def test_a_filled_template_becomes_what_it_was(tmp_path: Path) -> None:
    there_and_back(typed_into_template(LEAVES, tmp_path))


def test_marks_and_findings_of_a_check_give_way(leaves: Path) -> None:
    _, book = opened(leaves)
    before = everything(book)

    validate(book, noon)
    fill(book, noon)
    restore(book)

    assert everything(book) == before


# ── what has happened since ──


def test_cells_altered_since_are_left_alone_and_said(leaves: Path) -> None:
    excel, book = opened(leaves)
    fill(book, noon)
    book.sheets["表5"].range("E9").value = 1.5
    book.sheets["表1"].range("B8").value = 2.5

    restore(book)

    ((_, said),) = excel.messages
    # The new row of the total above is gone.
    assert said == "其余已经恢复；表1!B8、表5!E8、表5 第8行在填充以后又有改动，没有动，请核对。"
    assert (content(book)["表5"]["E8"].value, content(book)["表1"]["B8"].value) == (1.5, 2.5)
    assert {UNDO, NAME}.isdisjoint(sheet.name for sheet in book.sheets)


def test_a_sheet_renamed_since_is_left_alone(leaves: Path) -> None:
    excel, book = opened(leaves)
    fill(book, noon)
    filled_in = everything(book)["表5"]
    book.sheets["表5"].name = "支出"

    restore(book)

    ((_, said),) = excel.messages
    assert "等" in said
    assert "表5" in said
    assert everything(book)["支出"] == filled_in


def test_rows_moved_since_are_left_alone_even_if_their_figures_are_the_same(tmp_path: Path) -> None:
    """类, 款 and 项 rows often hold the same figures; a leaf must not be blanked in place of the row above it."""
    whole = rich.content(1)
    path = plain(without_derived(FORM, whole), tmp_path / "预算.xlsx")
    excel, book = opened(path)
    fill(book, noon)
    book.sheets["表5"].range("8:8").delete("up")
    moved = everything(book)["表5"]

    restore(book)

    assert everything(book)["表5"] == moved
    assert "表5!E8" in excel.messages[0][1]


def test_typing_into_a_new_row_keeps_it(leaves: Path) -> None:
    excel, book = opened(leaves)
    fill(book, noon)
    book.sheets["表5"].range("I10").value = "备注"

    restore(book)

    ((_, said),) = excel.messages
    assert said == "其余已经恢复；表5 第8行在填充以后又有改动，没有动，请核对。"
    assert content(book)["表5"]["I8"].value == "备注"


def test_a_check_since_then_stays(leaves: Path) -> None:
    _, book = clicked(leaves)
    validate(book, noon)

    restore(book)

    assert NAME in [sheet.name for sheet in book.sheets]
    clear_marks(book)


def test_only_the_last_filling_is_taken_back(leaves: Path) -> None:
    _, book = clicked(leaves)
    once = everything(book)
    book.sheets["表5"].range("E9").value = ""
    fill(book, noon)

    restore(book)

    del once[NAME], once[UNDO]
    again = everything(book)
    assert {name for name in once if once[name] != again[name]} == {"表5"}
    assert content(book)["表5"]["E9"].value is None


def test_nothing_to_take_back_is_said(leaves: Path) -> None:
    excel, book = opened(leaves)

    restore(book)

    assert excel.messages == [("预算公开", "没有可以撤销的填充：还没有填充过，或者已经撤销了。")]
    assert not excel.writes


@pytest.mark.parametrize("button", [fill, restore, validate])
def test_a_sheet_of_the_copys_name_that_is_not_ours_is_left_alone(
    leaves: Path, button: Callable[[xw.Book], None]
) -> None:
    saved = openpyxl.load_workbook(leaves)
    saved.create_sheet(UNDO)["A1"] = "我的"
    saved.save(leaves)
    excel, book = opened(leaves)

    button(book)

    assert [text for _, text in excel.messages] == ["工作簿里已有一张自己的“撤销填充”工作表，请先改名，再点按钮。"]
    assert not excel.writes


# ── before handing in ──


@pytest.mark.parametrize(("answer", "there"), [("yes", False), ("no", True)])
def test_clearing_asks_whether_the_copy_goes_too(leaves: Path, answer: str, there: bool) -> None:
    excel, book = clicked(leaves)
    excel.answers += [answer]

    clear_marks(book)

    assert [text[:17] for _, text in excel.messages] == ["工作簿里还藏着“撤销填充”用的备份"[:17]]
    assert (UNDO in [sheet.name for sheet in book.sheets]) == there
    assert NAME not in [sheet.name for sheet in book.sheets]
