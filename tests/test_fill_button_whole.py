"""填充 and 撤销填充 of an open workbook are done whole or not at all, whatever Excel refuses."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.workbook.protection import WorkbookProtection

from gouji_addin.buttons import fill, restore
from gouji_addin.held import held
from gouji_addin.log import log_file
from gouji_addin.results import NAME
from gouji_checks.live.template import build
from gouji_templates.content import UNDO, blank
from tests import rich
from tests.clicks import clicked, everything, noon, opened
from tests.excel_formats import Refused
from tests.excel_parts import content
from tests.excel_protection import SheetObject
from tests.fills import CATALOGUE, FORM, PUBLISHED, plain, put_items
from tests.leaves import without_derived


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The template as it is given out, with line items pasted in."""
    path = tmp_path / "模板.xlsx"
    path.write_bytes(build(CATALOGUE, blank(FORM, PUBLISHED.department)))
    return put_items(path)


def test_a_write_that_excel_refuses_leaves_everything_as_it_was(leaves: Path) -> None:
    counting, book = opened(leaves)
    fill(book, noon)
    total = counting.writes.total()
    for number in range(1, total + 1, 7):
        excel, book = opened(leaves)
        before = everything(book)
        excel.refused = {number}

        fill(book, noon)

        assert len(excel.messages) == 1, number
        assert everything(book) == before, number
    assert total > 100


def test_a_refused_filling_keeps_what_there_was_to_take_back(leaves: Path) -> None:
    excel, book = clicked(leaves)
    book.sheets["表5"].range("E9").value = ""
    book.sheets["表5"].range("E9").value = ""
    before = everything(book)
    excel.refused = {excel.writes.total() + 8}

    fill(book, noon)

    after = everything(book)
    # The list of the first filling is gone, as after every button.
    del before[NAME]
    after.pop(NAME, None)
    assert len(excel.messages) == 1
    assert after == before


def test_a_refused_return_leaves_the_filled_workbook(leaves: Path) -> None:
    excel, book = clicked(leaves)
    before = everything(book)
    excel.refused = {excel.writes.total() + 40}

    restore(book)

    assert len(excel.messages) == 1
    assert everything(book) == before
    restore(book)
    assert UNDO not in [sheet.name for sheet in book.sheets]


def test_what_cannot_even_be_put_back_is_taken_back_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    excel, book = opened(plain(without_derived(FORM, rich.content(1)), tmp_path / "预算.xlsx"))
    before = everything(book)
    excel.refused = {12, 13}

    fill(book, noon)

    ((_, said),) = excel.messages
    assert said.endswith(
        "写不进去，Excel 不接受这一改动。请关闭工作簿，重新打开再试。有的格没有能恢复，请照办后点“撤销填充”。"
        f"详情记在 {log_file()}，请把这个文件发给维护人员。"
    )
    assert everything(book) != before
    restore(book)
    assert everything(book) == before


def test_a_cell_locked_by_a_password_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = plain(without_derived(FORM, rich.content(1)), tmp_path / "预算.xlsx")
    saved = openpyxl.load_workbook(path)
    saved["表9"].protection.sheet = True
    saved["表9"].protection.password = "1"
    saved.save(path)
    excel, book = opened(path)
    before = everything(book)

    fill(book, noon)

    assert [text for _, text in excel.messages] == ["工作表“表9”写不进去，请撤销工作表保护，再点按钮。"]
    assert everything(book) == before


def test_a_workbook_that_takes_no_sheet_stays_as_it_was(leaves: Path) -> None:
    saved = openpyxl.load_workbook(leaves)
    saved.security = WorkbookProtection(lockStructure=True)
    saved.save(leaves)
    excel, book = opened(leaves)
    before = everything(book)

    fill(book, noon)

    assert [text for _, text in excel.messages] == ["新建不了工作表，请撤销工作簿保护，再点按钮。"]
    assert everything(book) == before


HELD = {
    "a currency that is finer than it shows": (1.2346, "1.23456789", 1.23456789),
    "more digits than Excel writes": (0.1 + 0.2, "0.3", 0.1 + 0.2),
    "a date": (datetime(2025, 3, 1, 12), "45717.5", 45717.5),
    "a text like an error": ("#N/A!", "#N/A!", "'#N/A!"),
    "an error": ("#N/A", "#N/A", "#N/A"),
    "a text like a formula": ("=abc", "=abc", "'=abc"),
    "a formula": (5.0, "=A1", "=A1"),
    "a formula that shows nothing": ("", '=""', '=""'),
    "a truth": (True, "TRUE", True),
    "nothing": ("", "", ""),
}


@pytest.mark.parametrize(("value", "written", "given_back"), HELD.values(), ids=HELD)
def test_what_a_cell_holds_is_given_back(value: object, written: str, given_back: object) -> None:
    assert held(value, written).given == given_back


def protections(book: xw.Book) -> dict[str, list[tuple[str, object]]]:
    return {sheet.title: sorted(vars(sheet.protection).items(), key=str) for sheet in content(book)}


@pytest.mark.parametrize("wrong", [None, 40])
def test_the_template_is_protected_as_before(wrong: int | None, template: Path) -> None:
    excel, book = opened(template)
    before = protections(book)
    excel.refused = {wrong} if wrong else set()

    fill(book, noon)

    assert {name: found for name, found in protections(book).items() if name in before} == before
    assert bool(excel.messages) == bool(wrong)


def test_a_protection_that_does_not_come_back_is_said(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Refused

    monkeypatch.setattr(SheetObject, "Protect", refuse)
    excel, book = opened(template)

    fill(book, noon)

    ((_, said),) = excel.messages
    assert said.startswith("已经写好，但工作表“表")
    assert said.endswith("的保护没有恢复，请在“审阅”里重新保护。")
