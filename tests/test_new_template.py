"""新建模板: the blank template of the command line as a new file, opened beside whatever is open."""

import ctypes
import os
import sys
from pathlib import Path
from uuid import UUID

import pytest
import xlwings as xw

from gouji_addin.buttons import new_template
from gouji_addin.new_template import documents
from gouji_checks.cli import main
from samples.build import SAMPLE, SAMPLES
from tests.excel import Excel

NAMES = ["预算公开表-2025.xlsx", "预算公开表-2025（2）.xlsx", "预算公开表-2025（3）.xlsx"]


@pytest.fixture
def excel() -> Excel:
    return Excel()


@pytest.fixture
def book(excel: Excel) -> xw.Book:
    return excel.open(SAMPLES / SAMPLE)


def test_it_is_the_template_of_the_command_line_and_open(excel: Excel, book: xw.Book, tmp_path: Path) -> None:
    asked = tmp_path / "asked" / "模板.xlsx"
    asked.parent.mkdir()
    assert main(["template", "-o", str(asked)]) == 0

    new_template(book, tmp_path)

    made = tmp_path / NAMES[0]
    assert made.read_bytes() == asked.read_bytes()
    assert [one.fullname for one in book.app.books] == [str(SAMPLES / SAMPLE), str(made)]
    assert excel.messages == []
    assert not excel.writes


def test_it_never_takes_the_place_of_a_file(book: xw.Book, tmp_path: Path) -> None:
    (tmp_path / NAMES[0]).write_text("mine", encoding="utf-8")

    new_template(book, tmp_path)
    new_template(book, tmp_path)

    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(NAMES)
    assert (tmp_path / NAMES[0]).read_text(encoding="utf-8") == "mine"
    assert [one.name for one in book.app.books] == [SAMPLE, *NAMES[1:]]


def test_its_name_is_not_that_of_a_workbook_open_from_elsewhere(book: xw.Book, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    new_template(book, there)

    new_template(book, here)

    assert [one.name for one in here.iterdir()] == [NAMES[1]]


@pytest.mark.parametrize("kind", ["missing", "a file"])
def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(
    kind: str, excel: Excel, book: xw.Book, tmp_path: Path
) -> None:
    folder = tmp_path / "文件夹"
    if kind == "a file":
        folder.touch()

    new_template(book, folder)

    ((_, message),) = excel.messages
    assert message == f"没有建成：不能写入文件夹“{folder}”。请检查它的权限和磁盘空间，再点按钮。"
    assert [one.name for one in book.app.books] == [SAMPLE]


def test_nothing_is_left_of_a_template_that_the_disk_has_no_room_for(
    excel: Excel, book: xw.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> int:
        os.close(os.open(path, os.O_CREAT))
        raise OSError(28, "No space left on device", len(data))

    monkeypatch.setattr(Path, "write_bytes", full)

    new_template(book, tmp_path)

    assert len(excel.messages) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_template_that_excel_does_not_open_is_named(
    excel: Excel, book: xw.Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(xw.main.Books, "open", refuse)

    new_template(book, tmp_path)

    ((_, message),) = excel.messages
    assert message == f"模板已经建成，但没有打开，请自己打开：{tmp_path / NAMES[0]}"
    assert (tmp_path / NAMES[0]).exists()


def test_documents_are_in_their_folder_or_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    at_home = documents()
    (tmp_path / "Documents").mkdir()

    assert at_home == tmp_path
    assert documents() == tmp_path / "Documents"


class Shell:
    """Windows' shell32 and ole32, as far as they tell where documents are: on another drive, or not at all."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.freed = 0
        self.asked: list[UUID] = []

    def SHGetKnownFolderPath(  # noqa: N802
        self, folder: "ctypes.Array[ctypes.c_char]", flags: int, token: None, place: object
    ) -> int:
        assert not flags
        assert token is None
        self.asked.append(UUID(bytes_le=folder.raw))
        found = place._obj  # type: ignore[attr-defined]
        found.value = self.answer or None
        return 0 if self.answer else -2147024894

    def CoTaskMemFree(self, _: object) -> None:  # noqa: N802
        self.freed += 1


@pytest.mark.parametrize("answer", ["/云盘/我的文档", ""])
def test_windows_tells_where_it_keeps_documents(answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell = Shell(answer)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", type("Libraries", (), {"shell32": shell, "ole32": shell}), raising=False)

    found = documents()

    assert found == (Path(answer) if answer else tmp_path)
    assert shell.asked == [UUID("FDD39AD0-238F-46AF-ADB4-6C85480369C7")]
    assert shell.freed == 1
