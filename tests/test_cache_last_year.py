"""Records kept between runs with --prior: a department is checked again when its own last year is another one."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from gouji_checks import batch
from gouji_checks.compare.last_years import in_folder
from gouji_checks.single import Options
from gouji_checks.summary.gather import OtherProgramError, records
from gouji_checks.summary.store import FILE, Kept, Nothing
from gouji_templates.form import DEFAULT_FORM
from tests import bureau
from tests.bureau import Department
from tests.counting import OPTIONS, Counting, cut_off, go
from tests.summaries import before, put

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
        before(place, number, 20)
    return place


def beside(last: Path) -> Options:
    """What is asked for where this folder holds last year's workbooks."""
    return OPTIONS._replace(last_years=in_folder(str(last), DEFAULT_FORM)[0])


def checked(files: list[str], last: Path | None, cache: Path) -> list[str]:
    """The names of the files that were checked; the records are those of a run that keeps none."""
    options = beside(last) if last else OPTIONS
    found, names = go(files, Kept(cache / FILE), options)
    assert found == list(records(files, options, Nothing(), jobs=1))
    return names


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


def supplied(last: Path) -> None:
    before(last, COUNT - 1, 20)


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
        pytest.param(supplied, [COUNT - 1], id="the one that was missing came"),
    ],
)
def test_only_the_department_whose_last_year_is_another_is_checked_again(
    happens: Any, again: list[int], now: list[str], last: Path, tmp_path: Path
) -> None:
    first = checked(now, last, tmp_path)
    second = checked(now, last, tmp_path)
    happens(last)

    third = checked(now, last, tmp_path)
    fourth = checked(now, last, tmp_path)

    assert len(first) == COUNT
    assert (second, fourth) == ([], [])
    assert third == [Department(number).file for number in again]


def test_records_with_and_without_last_year_are_kept_side_by_side(now: list[str], last: Path, tmp_path: Path) -> None:
    checked(now, last, tmp_path)
    without = checked(now, None, tmp_path)
    again = checked(now, last, tmp_path)
    without_again = checked(now, None, tmp_path)

    assert len(without) == COUNT
    assert again == without_again == []


def test_a_run_that_is_cut_off_is_taken_up_again(now: list[str], last: Path, tmp_path: Path) -> None:
    cut_off(now, Kept(tmp_path / FILE), 2, beside(last))

    again = checked(now, last, tmp_path)

    assert again == [Path(file).name for file in now[2:]]


def test_a_worker_that_sees_another_last_year_is_refused(
    now: list[str], last: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = beside(last)
    monkeypatch.setattr("gouji_checks.summary.record.last_year", lambda _, *whose: [*whose, "那里的"])

    with pytest.raises(OtherProgramError):
        list(records(now, options, Nothing(), executor=Counting()))
