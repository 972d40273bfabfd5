"""What several test modules share."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from gouji_addin import installation
from gouji_addin.computer import Computer
from gouji_checks.live.template import build as build_live
from gouji_checks.summary.page import page
from gouji_templates.content import blank
from samples.build import ITEMS, SAMPLES
from tests import browser as browsing
from tests import computers, year_before
from tests.browser import Browser, Page
from tests.fills import CATALOGUE, FORM, LEAVES, PUBLISHED, plain, with_items
from tests.mixed import Made, made_in
from tests.needs import required
from tests.office import Office, missing
from tests.shown import Open


@pytest.fixture(scope="session", autouse=True)
def _own_log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Faults that tests bring about do not go to the log of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """One LibreOffice for all tests."""
    required(missing())
    with Office() as running:
        yield running


@pytest.fixture(scope="session")
def offices(office: Office) -> Iterator[list[Office]]:
    """As many as there are processors, for work that can be shared out."""
    with ExitStack() as running:
        yield [office, *(running.enter_context(Office()) for _ in range(1, min(os.cpu_count() or 1, 4)))]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    required(browsing.missing())
    with Browser() as running:
        yield running


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the page of some data, as a reader would, from a file."""
    tabs: list[Page] = []

    def show(data: dict[str, Any], hash_: str = "", width: int = 1366) -> Page:
        path = tmp_path / "汇总.html"
        path.write_text(page(data), encoding="utf-8")
        tab = browser.page(width)
        tabs.append(tab)
        tab.go(path.as_uri() + hash_)
        tab.wait("document.documentElement.dataset.ready === 'true'")
        return tab

    yield show
    for tab in tabs:
        tab.close()


@pytest.fixture
def leaves(tmp_path: Path) -> Path:
    """The sample's entered figures, all that follows from them left blank."""
    return plain(LEAVES, tmp_path / "预算.xlsx")


@pytest.fixture
def detailed(tmp_path: Path) -> Path:
    """The sample's line items beside blank tables."""
    return with_items(plain(blank(FORM, PUBLISHED.department), tmp_path / "空.xlsx"), SAMPLES / ITEMS, tmp_path)


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    """A Windows with the add-in installed."""
    monkeypatch.chdir(tmp_path)
    on = computers.windows(tmp_path)
    installation.install(on)
    return on


@pytest.fixture
def macos(tmp_path: Path) -> Computer:
    """A macOS with the add-in installed."""
    on = computers.macos(tmp_path)
    installation.install(on)
    return on


@pytest.fixture(scope="session")
def last(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Last year's workbook."""
    return year_before.saved(tmp_path_factory.mktemp("last"))


@pytest.fixture(scope="session")
def mixed_summary(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The summary of a folder with departments of every kind; read only."""
    return made_in(tmp_path_factory.mktemp("汇总"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This year's figures in the template, nothing of last year."""
    path = tmp_path_factory.mktemp("this") / "本年.xlsx"
    path.write_bytes(build_live(CATALOGUE, PUBLISHED))
    return path
