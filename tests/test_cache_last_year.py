"""Records kept between runs with --prior: a department is checked again when its own last year is another one."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from gouji_checks import batch
from gouji_checks.compare.last_years import in_folder
from gouji_checks.single import Options
from gouji_checks.summary.gather import OtherProgramError, records
from gouji_checks.summary.record import Record
from gouji_checks.summary.store import FILE, Kept, Nothing
from gouji_templates.form import DEFAULT_FORM
from tests import bureau
from tests.bureau import Department
from tests.counting import Counting
from tests.summaries import put

COUNT = 5


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 2)


@pytest.fixture
def now(tmp_path: Path) -> list[str]:
    place = tmp_path / "上交"
    place.mkdir()
    return bureau.write([Department(number) for number in range(COUNT)], place)


@pytest.fixture
def last(tmp_path: Path) -> Path:
    """Last year's workbooks of all departments but the last."""
    place = tmp_path / "上年"
    place.mkdir()
    for number in range(COUNT - 1):
        before(place, number)
    return place


def before(place: Path, number: int, figures: int = 20) -> Path:
    """A department's workbook of last year, with other figures for other numbers."""
    whose, told = bureau.content(Department(number)), bureau.content(Department(number + figures))
    return put(place, told._replace(year=2024, department=whose.department, info=whose.info), f"{number}.xlsx")


def go(files: list[str], last: Path | None, cache: Path) -> tuple[list[Record], list[str]]:
    """The records, and the names of the files that were checked for them."""
    options = Options(DEFAULT_FORM)
    if last:
        options = options._replace(last_years=in_folder(str(last), DEFAULT_FORM)[0])
    counting = Counting()
    store = Kept(cache / FILE)
    try:
        found = [record for _, record in records(files, options, store, executor=counting)]
    finally:
        store.close()
    assert found == [record for _, record in records(files, options, Nothing(), jobs=1)]
    return found, counting.files


def added(last: Path) -> None:
    put(last, bureau.content(Department(40))._replace(year=2024), "别的.xlsx")


def touched(last: Path) -> None:
    before(last, 1, 30)


def doubled(last: Path) -> None:
    shutil.copy(last / "1.xlsx", last / "1（旧）.xlsx")


def gone(last: Path) -> None:
    (last / "1.xlsx").unlink()


def renamed(last: Path) -> None:
    (last / "1.xlsx").rename(last / "一.xlsx")


def found(last: Path) -> None:
    before(last, COUNT - 1)


def damaged(last: Path) -> None:
    (last / "1.xlsx").write_bytes((last / "1.xlsx").read_bytes()[:5000])


@pytest.mark.parametrize(
    ("happens", "again"),
    [
        pytest.param(added, [], id="another department's came"),
        pytest.param(touched, [1], id="one changed"),
        pytest.param(doubled, [1], id="a second one came"),
        pytest.param(gone, [1], id="one went"),
        pytest.param(renamed, [1], id="one has another name"),
        pytest.param(damaged, [1], id="one can't be read any more"),
        pytest.param(found, [COUNT - 1], id="the one that was missing came"),
    ],
)
def test_only_the_department_whose_last_year_is_another_is_checked_again(
    happens: Any, again: list[int], now: list[str], last: Path, tmp_path: Path
) -> None:
    _, first = go(now, last, tmp_path)
    _, second = go(now, last, tmp_path)
    happens(last)

    _, third = go(now, last, tmp_path)
    _, fourth = go(now, last, tmp_path)

    assert len(first) == COUNT
    assert (second, fourth) == ([], [])
    assert third == [Department(number).file for number in again]


def test_records_with_and_without_last_year_are_kept_side_by_side(now: list[str], last: Path, tmp_path: Path) -> None:
    go(now, last, tmp_path)
    _, without = go(now, None, tmp_path)
    _, again = go(now, last, tmp_path)
    _, without_again = go(now, None, tmp_path)

    assert len(without) == COUNT
    assert again == without_again == []


def test_a_run_that_is_cut_off_is_taken_up_again(now: list[str], last: Path, tmp_path: Path) -> None:
    options = Options(DEFAULT_FORM, last_years=in_folder(str(last), DEFAULT_FORM)[0])
    store = Kept(tmp_path / FILE)
    running = records(now, options, store, jobs=1)
    for _ in range(2):
        next(running)
    running.close()
    store.close()

    _, checked = go(now, last, tmp_path)

    assert checked == [Path(file).name for file in now[2:]]


def test_a_worker_that_sees_another_last_year_is_refused(
    now: list[str], last: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = Options(DEFAULT_FORM, last_years=in_folder(str(last), DEFAULT_FORM)[0])
    monkeypatch.setattr("gouji_checks.summary.record.last_year", lambda _, *whose: [*whose, "那里的"])

    with pytest.raises(OtherProgramError):
        list(records(now, options, Nothing(), executor=Counting()))
