"""Records kept between runs: what has not changed is not checked again, and a store is never in the way."""

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from gouji_checks import batch
from gouji_checks.summary.gather import records
from gouji_checks.summary.store import FILE, Kept, Nothing, default_folder
from tests import bureau
from tests.counting import OPTIONS, cut_off, go

COUNT = 12


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 4)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return bureau.write(bureau.bureau(COUNT, broken_every=5), tmp_path_factory.mktemp("上交"))


@pytest.fixture
def files(made: list[str], tmp_path: Path) -> list[str]:
    """Files of one's own, to be changed."""
    return [str(shutil.copy(path, str(tmp_path))) for path in made]


def names(files: list[str]) -> list[str]:
    return [Path(file).name for file in files]


def test_what_has_not_changed_is_not_checked_again(files: list[str], tmp_path: Path) -> None:
    first, checked = go(files, Kept(tmp_path / FILE))
    second, again = go(files, Kept(tmp_path / FILE))

    assert checked == names(files)
    assert again == []
    assert second == first == go(files, Nothing())[0]


def test_what_has_changed_is_checked_in_its_place(files: list[str], tmp_path: Path) -> None:
    before, _ = go(files, Kept(tmp_path / FILE))
    shutil.copy(files[9], files[0])
    shutil.copy(files[0], files[5])
    Path(files[7]).write_text("这不是工作簿", encoding="utf-8")
    (tmp_path / "新的.xlsx").write_bytes(Path(files[1]).read_bytes() + b"\0")

    paths = [*files, str(tmp_path / "新的.xlsx")]
    after, checked = go(paths, Kept(tmp_path / FILE))

    # The same bytes under another name are known.
    assert checked == ["000008.xlsx", "新的.xlsx"]
    assert [path for path, _ in after] == paths
    assert after[0][1] == after[5][1] == before[9][1]
    assert after[7][1].status == "unreadable"
    assert after == go(paths, Nothing())[0]


def test_a_run_that_is_cut_off_is_taken_up_again(files: list[str], tmp_path: Path) -> None:
    cut_off(files, Kept(tmp_path / FILE), 4)

    found, checked = go(files, Kept(tmp_path / FILE))

    assert checked == names(files)[4:]
    assert [path for path, _ in found] == files


def test_other_relations_and_codes_make_other_records(files: list[str], tmp_path: Path) -> None:
    go(files[:2], Kept(tmp_path / FILE))
    codes = tmp_path / "科目.csv"
    codes.write_text("编码,名称\n2011301,行政运行\n", encoding="utf-8")

    _, checked = go(files[:2], Kept(tmp_path / FILE), OPTIONS._replace(codes=str(codes)))

    assert checked == names(files[:2])


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda _: b"no database" * 1000, id="something else"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut off"),
        pytest.param(lambda data: data[:4096] + bytes(len(data) - 4096), id="zeros behind the first page"),
        pytest.param(lambda data: data[:100] + b"\xff" * 4000 + data[4100:], id="a page overwritten"),
    ],
)
def test_a_damaged_store_is_made_anew(damage: Any, files: list[str], tmp_path: Path) -> None:
    few = files[:4]
    expected, _ = go(few, Kept(tmp_path / FILE))
    path = tmp_path / FILE
    path.write_bytes(damage(path.read_bytes()))

    found, _ = go(few, Kept(path))
    again, checked = go(few, Kept(path))

    assert found == again == expected
    assert checked == []


def test_a_damaged_record_is_made_anew(files: list[str], tmp_path: Path) -> None:
    expected, _ = go(files[:3], Kept(tmp_path / FILE))
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("UPDATE records SET record = x'789c00' WHERE rowid = 2")

    found, checked = go(files[:3], Kept(tmp_path / FILE))

    assert found == expected
    assert checked == ["000002.xlsx"]


def test_a_store_that_cannot_be_written_is_done_without(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "不是文件夹").write_text("", encoding="utf-8")

    found, checked = go(files[:3], Kept(tmp_path / "不是文件夹" / FILE))

    assert checked == names(files[:3])
    assert found == go(files[:3], Nothing())[0]


def test_a_store_that_another_run_holds_is_done_without(
    files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gouji_checks.summary.store._PATIENCE", 0.05)
    go(files[:1], Kept(tmp_path / FILE))
    holding = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holding.execute("BEGIN EXCLUSIVE")

    found, _ = go(files[:3], Kept(tmp_path / FILE))

    holding.close()
    assert found == go(files[:3], Nothing())[0]


def test_two_runs_at_once_share_a_store(files: list[str], tmp_path: Path) -> None:
    one, other = Kept(tmp_path / FILE), Kept(tmp_path / FILE)
    first = records(files, OPTIONS, one, jobs=1)
    second = records(files, OPTIONS, other, jobs=1)
    pairs = [(next(first), next(second)) for _ in range(COUNT)]
    one.close()
    other.close()

    assert [path for (path, _), _ in pairs] == files
    assert all(mine == theirs for mine, theirs in pairs)


def test_the_oldest_records_go(files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gouji_checks.summary.store.MOST_KEPT", 5)
    go(files[:8], Kept(tmp_path / FILE))

    _, checked = go(files[:8], Kept(tmp_path / FILE))

    assert checked == names(files[:3])


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_CACHE_HOME", "gouji"),
        ("win32", "LOCALAPPDATA", "gouji/cache"),
    ],
)
def test_records_are_kept_where_programs_keep_such_things(
    platform: str, variable: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))

    assert default_folder() == tmp_path / expected


def test_no_record_names_the_place_of_its_file(files: list[str], tmp_path: Path) -> None:
    """The same workbook somewhere else has the same record."""
    elsewhere = tmp_path / "别处"
    elsewhere.mkdir()
    moved = [str(shutil.copy(path, str(elsewhere / f"改名{Path(path).name}"))) for path in files[:5]]

    here, _ = go(files[:5], Nothing())
    there, _ = go(moved, Nothing())

    assert [record for _, record in here] == [record for _, record in there]
    assert any(record.findings for _, record in here)
