"""帮助: one page that says what the ribbon and the results say, asks nothing of the network, and opens."""

import os
import sys
import webbrowser
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gouji_addin.buttons import help as show_help
from gouji_addin.help_page import COLUMNS, SEVERITIES, page
from gouji_addin.log import log_file
from gouji_addin.results import HEADINGS, rules
from gouji_addin.ribbon_check import NAMESPACE, RIBBON
from gouji_addin.xlwings_vba import VERSION
from gouji_checks.finding import SEVERITY_WORDS
from gouji_templates import __version__
from gouji_templates.results import UNCHECKED
from samples.build import SAMPLE, SAMPLES
from tests import browser
from tests.excel import Excel
from tests.needs import required

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Read(HTMLParser):
    """The page as a browser reads it: its text, ids and attributes; raises where elements don't nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    def of(self, attribute: str) -> list[str]:
        return [value for _, name, value in self.attributes if name == attribute]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with something in its name that HTML and addresses must escape."""
    home = tmp_path / "张三 & <李四>"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    return home


@pytest.fixture
def read(home: Path) -> Read:
    assert home.is_dir()
    return Read(page())


def test_every_button_stands_with_all_that_the_ribbon_says_of_it(read: Read) -> None:
    ribbon = ElementTree.parse(RIBBON)

    said = "\n".join(read.words)
    for element in ("tab", "group", "button"):
        found = list(ribbon.iter(f"{{{NAMESPACE}}}{element}"))
        assert found
        for one in found:
            for name in ("label", "keytip", "screentip", "supertip"):
                assert one.get(name, "") in said


def test_every_column_and_severity_of_the_results_is_explained(read: Read) -> None:
    said = "\n".join(read.words)

    assert COLUMNS.keys() == set(HEADINGS)
    assert SEVERITIES.keys() == {*SEVERITY_WORDS.values(), UNCHECKED}
    assert all(text in said for text in (*COLUMNS, *COLUMNS.values(), *SEVERITIES))


def test_colours_are_those_that_mark_cells(read: Read) -> None:
    shown = {style.removeprefix("background:") for style in read.of("style")}

    assert shown == {rule.fill for rule in rules("表5")}


SAID = {
    "undoing": ("Ctrl+Z", "也撤不回点按钮以前键入的"),
    "notes of one's own": ("备注留不住", "先把这张工作表改名"),
    "saved at once": ("“自动保存”", "另存一份再点按钮"),
    "last year's from the web": ("“对比”要用的上年工作簿也一样", "先点“启用编辑”"),
}
"""What Excel does that whoever clicks has to know beforehand, and what to do."""


@pytest.mark.parametrize("words", SAID.values(), ids=SAID)
def test_it_warns_of_what_cannot_be_taken_back_or_is_not_seen(words: tuple[str, str], read: Read) -> None:
    said = "".join(read.words)

    assert all(word in said for word in words)


def test_it_names_the_log_and_the_versions(read: Read) -> None:
    said = "\n".join(read.words)

    for fact in (str(log_file()), __version__, VERSION, sys.executable):
        assert fact in said


def test_it_asks_nothing_of_the_network(read: Read) -> None:
    ids = read.of("id")
    (policy,) = [value for value in read.of("content") if "default-src" in value]

    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert {link.removeprefix("#") for link in read.of("href")} <= set(ids)
    assert len(set(ids)) == len(ids)
    assert {tag for tag, _, _ in read.attributes}.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert "://" not in page()
    assert "url(" not in page()


def test_it_is_written_and_opened_without_a_word(home: Path) -> None:
    excel = Excel()
    opened: list[Path] = []

    show_help(excel.open(SAMPLES / SAMPLE), lambda path: not opened.append(path))  # type: ignore[func-returns-value]

    (path,) = opened
    assert path.is_relative_to(home)
    assert path.read_text(encoding="utf-8") == page()
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert excel.messages == []
    assert not excel.writes


def test_an_old_page_gives_way_to_the_new(home: Path) -> None:
    path = log_file().with_name("help.html")
    path.parent.mkdir(parents=True)
    path.write_text("old", encoding="utf-8")

    show_help(Excel().open(SAMPLES / SAMPLE), lambda _: True)

    assert path.is_relative_to(home)
    assert path.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("opens", [True, False])
def test_the_browser_gets_its_address(opens: bool, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: addresses.append(address) or opens)  # type: ignore[func-returns-value]
    excel = Excel()

    show_help(excel.open(SAMPLES / SAMPLE))

    path = log_file().with_name("help.html")
    assert addresses == [path.as_uri()]
    assert path.is_relative_to(home)
    told = [message for _, message in excel.messages]
    assert told == ([] if opens else [f"浏览器没有打开，请自己打开使用说明：{path}"])


@pytest.mark.parametrize("opens", [True, False])
def test_windows_gets_its_path(opens: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths: list[Path] = []

    def start(path: Path) -> None:
        paths.append(path)
        if not opens:
            raise OSError(1155, "No application is associated")

    monkeypatch.setattr(os, "startfile", start, raising=False)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "win32")
    excel = Excel()

    show_help(excel.open(SAMPLES / SAMPLE))

    assert paths == [tmp_path / "gouji" / "help.html"]
    assert len(excel.messages) == (not opens)


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(home: Path) -> None:
    folder = log_file().parent
    folder.parent.mkdir(parents=True)
    folder.touch()
    excel = Excel()

    show_help(excel.open(SAMPLES / SAMPLE), lambda _: True)

    assert folder.is_relative_to(home)
    ((_, message),) = excel.messages
    assert message == f"使用说明写不到“{folder}”，请检查这个文件夹的权限和磁盘空间，再点按钮。"


@pytest.mark.parametrize("width", [1366, 390])
def test_a_browser_shows_it_whole_and_asks_for_nothing_else(
    width: int, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    required(browser.missing())
    monkeypatch.setattr(sys, "executable", f"/{'a_folder_without_any_place_to_break' * 6}/python")
    path = home / "help.html"
    path.write_text(page(), encoding="utf-8")

    with browser.Browser() as running:
        shown = running.page(width)
        shown.go(path.as_uri())
        shown.press("Tab", "Tab", "Enter")
        shown.wait("location.hash === '#results'")

        assert shown.run("document.documentElement.scrollWidth") <= width
        assert shown.seen.complaints == []
        assert {address.partition("#")[0] for address in shown.seen.requests} <= {path.as_uri(), "about:blank"}
