"""What surrounds every button: one Chinese sentence whatever happens, and the traceback of a fault in the log."""

import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from gouji_addin import log
from gouji_addin.buttons import clear_marks, validate
from gouji_addin.frame import told
from gouji_addin.message import BUSY, GONE, Declined, Stopped
from gouji_addin.refused import refused
from gouji_addin.results import NAME
from gouji_templates import __version__
from samples.build import SAMPLE, SAMPLES
from tests.excel import REMOTE, Excel
from tests.excel_formats import Formats
from tests.excel_manner import ComError
from tests.excel_parts import parts

CALL_REJECTED = ComError(-2147418111, "被呼叫方拒绝接收呼叫。", None, None)
IGNORED = ComError(-2147352567, "发生意外。", (0, None, None, None, 0, -2146777998), None)
NO_OBJECT = ComError(-2147352567, "发生意外。", (0, None, None, None, 0, -2146827864), None)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the log alone."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "gouji" / "gouji.log"


@pytest.fixture
def excel() -> Iterator[Excel]:
    active = xw.engines.active
    yield Excel()
    xw.engines.active = active


@pytest.fixture
def book(excel: Excel) -> xw.Book:
    return excel.open(SAMPLES / SAMPLE)


def broken(book: xw.Book, error: Exception) -> None:
    with told(book):
        raise error


def test_a_reason_to_stop_is_told_and_not_logged(excel: Excel, book: xw.Book, state: Path) -> None:
    broken(book, Stopped("不行。"))

    assert excel.messages == [("预算公开", "不行。")]
    assert not state.exists()


def test_what_is_behind_a_reason_to_stop_is_logged(excel: Excel, book: xw.Book, state: Path) -> None:
    try:
        raise Stopped("不行。") from NO_OBJECT
    except Stopped as error:
        broken(book, error)

    assert excel.messages == [("预算公开", "不行。")]
    assert "-2146827864" in state.read_text(encoding="utf-8")


def test_a_refusal_that_cannot_be_explained_is_told_with_the_log(excel: Excel, book: xw.Book, state: Path) -> None:
    with told(book), refused("工作表“表5”写不进去", book.sheets["表5"]):
        raise NO_OBJECT

    assert [text for _, text in excel.messages] == [
        "工作表“表5”写不进去，Excel 不接受这一改动。请关闭工作簿，重新打开再试。"
        f"详情记在 {state}，请把这个文件发给维护人员。"
    ]
    assert "-2146827864" in state.read_text(encoding="utf-8")


def test_where_it_is_not_told_protection_is_a_guess(state: Path) -> None:
    active = xw.engines.active
    excel = Excel(REMOTE)
    book = excel.open(SAMPLES / SAMPLE)
    try:
        with told(book), refused("新建不了工作表", book):
            raise NO_OBJECT
    finally:
        xw.engines.active = active

    ((_, said),) = excel.messages
    assert said.startswith("新建不了工作表，可能有工作簿保护。请撤销保护，再点按钮。")
    assert state.exists()


def test_what_the_person_declined_is_neither_told_nor_logged(excel: Excel, book: xw.Book, state: Path) -> None:
    broken(book, Declined())

    assert not excel.messages
    assert not state.exists()


class ExcelBusyError(Exception):
    """xlwings' own."""


def hidden() -> Exception:
    """As xlwings says that there is no such workbook, whatever stopped it."""
    try:
        try:
            raise CALL_REJECTED
        except ComError:
            raise KeyError("预算.xlsx")  # noqa: B904
    except KeyError as error:
        return error


EDITED = {"rejected": CALL_REJECTED, "ignored": IGNORED, "hidden": hidden(), "counted": ExcelBusyError()}


@pytest.mark.parametrize("error", EDITED.values(), ids=EDITED)
def test_a_cell_being_edited_is_told_as_that(excel: Excel, book: xw.Book, state: Path, error: Exception) -> None:
    broken(book, error)

    assert excel.messages == [("预算公开", BUSY)]
    assert not state.exists()


def test_a_workbook_closed_meanwhile_is_told_as_that(excel: Excel, book: xw.Book, state: Path) -> None:
    broken(book, ComError(-2147417848, "被调用的对象已与其客户端断开连接。", None, None))

    assert excel.messages == [("预算公开", GONE)]
    assert not state.exists()


def test_the_excel_in_front_tells_it_if_that_of_the_workbook_is_gone(
    excel: Excel, book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: object) -> None:
        raise NO_OBJECT

    monkeypatch.setattr(xw.Book, "app", property(gone))

    broken(book, Stopped("不行。"))

    assert excel.messages == [("预算公开", "不行。")]


def test_a_fault_is_told_with_the_log_that_holds_its_traceback(excel: Excel, book: xw.Book, state: Path) -> None:
    broken(book, ZeroDivisionError("除以零"))

    assert excel.messages == [("预算公开", f"没有完成，程序出了错。详情记在 {state}，请把这个文件发给维护人员。")]
    text = state.read_text(encoding="utf-8")
    assert f"gouji {__version__}" in text
    assert f"button: broken, workbook: {SAMPLE}" in text
    assert "Traceback" in text
    assert "ZeroDivisionError: 除以零" in text


def test_a_fault_is_told_even_if_it_cannot_be_logged(excel: Excel, book: xw.Book, state: Path) -> None:
    state.parent.parent.write_text("a file where a folder should be")

    broken(book, ZeroDivisionError())

    assert excel.messages == [("预算公开", "没有完成，程序出了错。请保存工作簿、重新打开 Excel 再试。")]


def test_a_log_that_has_grown_is_kept_once(book: xw.Book, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MOST_BYTES", 100)
    for number in range(3):
        broken(book, ZeroDivisionError(f"第 {number} 次"))

    assert "第 2 次" in state.read_text(encoding="utf-8")
    assert "第 1 次" in state.with_name("gouji.old.log").read_text(encoding="utf-8")
    assert len(list(state.parent.iterdir())) == 2


PLACES = {
    "Windows": ("win32", "AppData/Local/gouji/gouji.log"),
    "macOS": ("darwin", "Library/Logs/gouji/gouji.log"),
    "Linux": ("linux", ".local/state/gouji/gouji.log"),
}


@pytest.mark.parametrize(("platform", "place"), PLACES.values(), ids=PLACES)
def test_the_log_is_where_programs_keep_theirs(monkeypatch: pytest.MonkeyPatch, platform: str, place: str) -> None:
    for name in ("LOCALAPPDATA", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)

    assert log.log_file() == Path.home() / place


def test_windows_is_asked_where_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCALAPPDATA", "/数据")
    monkeypatch.setattr(sys, "platform", "win32")

    assert log.log_file() == Path("/数据/gouji/gouji.log")


def test_runpython_shows_the_sentence_if_excel_cannot(book: xw.Book, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise CALL_REJECTED

    monkeypatch.setattr(xw.App, "alert", refused)

    with pytest.raises(SystemExit, match=f"^{BUSY}$"):
        broken(book, CALL_REJECTED)


@pytest.mark.parametrize("button", [validate, clear_marks])
def test_a_workbook_closed_after_the_click_is_told_and_runpython_shows_nothing(
    excel: Excel, monkeypatch: pytest.MonkeyPatch, button: object
) -> None:
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=没有.xlsx", "--from_xl=1"])
    monkeypatch.delattr(xw.Book, "_mock_caller", raising=False)
    assert callable(button)

    with pytest.raises(SystemExit) as stop:
        button()

    assert stop.value.code is None
    assert excel.messages == [("预算公开", GONE)]


def test_without_any_excel_runpython_shows_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xw.engines, "active", None)
    monkeypatch.setattr(sys, "argv", ["-c", "--wb=没有.xlsx", "--from_xl=1"])
    monkeypatch.delattr(xw.Book, "_mock_caller", raising=False)

    with pytest.raises(SystemExit, match=r"^找不到这个按钮要处理的工作簿.*。$"):
        validate()


ERRORS = {"edited": (CALL_REJECTED, BUSY), "closed": (NO_OBJECT, "加不上标记")}


@pytest.mark.parametrize(("error", "sentence"), ERRORS.values(), ids=ERRORS)
def test_excel_refusing_halfway_leaves_nothing_half_written(
    excel: Excel, book: xw.Book, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    add = Formats.add_custom
    left = iter([True] * 7)

    def seldom(formats: Formats, spec: dict[str, object]) -> object:
        if not next(left, False):
            raise error
        return add(formats, spec)

    monkeypatch.setattr(Formats, "add_custom", seldom)
    book.sheets["表4"].activate()
    before = parts(book)

    validate(book)

    assert [sentence in text for _, text in excel.messages] == [True]
    assert parts(book) == before


def test_a_table_with_formats_to_the_last_row_is_told(excel: Excel, tmp_path: Path, state: Path) -> None:
    saved = openpyxl.load_workbook(SAMPLES / SAMPLE)
    saved["表5"]["A1048576"].number_format = "0.00"
    saved.save(tmp_path / "大.xlsx")

    validate(excel.open(tmp_path / "大.xlsx"))

    assert [text.startswith("大.xlsx：工作表“表5”的内容延伸到") for _, text in excel.messages] == [True]
    assert not excel.writes
    assert not excel.reads
    assert not state.exists()


def test_the_results_stand_before_sheets_that_are_hidden(excel: Excel, tmp_path: Path) -> None:
    saved = openpyxl.load_workbook(SAMPLES / SAMPLE)
    saved.create_sheet("甲").sheet_state = "hidden"
    saved.create_sheet("乙").sheet_state = "veryHidden"
    saved.save(tmp_path / "藏.xlsx")
    book = excel.open(tmp_path / "藏.xlsx")

    validate(book)

    assert [sheet.name for sheet in book.sheets][-3:] == [NAME, "甲", "乙"]
