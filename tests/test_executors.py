"""Who does the work makes no difference: processes, threads, a Dask cluster; and a cluster that fails says so."""

import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from gouji_checks import batch
from gouji_checks.batch import check_files
from gouji_checks.cli import main
from gouji_checks.executors import ClusterError, cluster
from gouji_checks.single import Options
from gouji_checks.summary.gather import OtherProgramError, records
from gouji_checks.summary.store import Nothing
from gouji_templates.form import DEFAULT_FORM
from tests import bureau

COUNT = 14
OPTIONS = Options(DEFAULT_FORM, format="json")

Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("上交")
    bureau.write(bureau.bureau(COUNT, broken_every=7), place)
    (place / "坏的.xlsx").write_text("这不是工作簿", encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster of two processes."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as running:
        yield running.scheduler_address


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "CHUNK", 3)
    monkeypatch.setattr(batch, "WORTH_A_PROCESS", 6)


class Shuffling(Executor):
    """Keeps what it is given and does it in any order, only when somebody waits for a result."""

    def __init__(self) -> None:
        self._chance = random.Random(1)
        self._waiting: list[Callable[[], None]] = []
        self.most = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = _Asked(self._work)
        self._waiting.append(lambda: future.set_result(fn(*args, **kwargs)))
        self.most = max(self.most, len(self._waiting))
        return future

    def _work(self) -> None:
        while self._waiting:
            self._waiting.pop(self._chance.randrange(len(self._waiting)))()


class _Asked(Future[Any]):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def result(self, timeout: float | None = None) -> Any:
        self._work()
        return super().result(timeout)


def summary(folder: Path, printed: Printed, *more: object) -> str:
    """What a summary prints as JSON."""
    printed.readouterr()
    output = folder.parent / "汇总.xlsx"
    main(["summary", str(folder), "-o", str(output), "--no-cache", "--format", "json", *map(str, more)])
    return printed.readouterr().out


def test_a_cluster_gives_the_same_bytes_as_one_process(folder: Path, scheduler: str, capsys: Printed) -> None:
    alone = summary(folder, capsys, "--jobs", 1)
    book = (folder.parent / "汇总.xlsx").read_bytes()

    spread = summary(folder, capsys, "--dask", scheduler)

    assert spread == alone
    assert (folder.parent / "汇总.xlsx").read_bytes() == book
    assert summary(folder, capsys, "--jobs", 2) == alone


@pytest.mark.parametrize("make", [lambda: ThreadPoolExecutor(3), Shuffling])
def test_any_executor_checks_in_the_order_of_the_files(make: Callable[[], Executor], folder: Path) -> None:
    paths = sorted(map(str, folder.iterdir()))
    alone = list(check_files(paths, OPTIONS, jobs=1))

    with make() as executor:
        assert list(check_files(paths, OPTIONS, executor=executor)) == alone
        assert list(records(paths, OPTIONS, Nothing(), executor=executor)) == list(
            records(paths, OPTIONS, Nothing(), jobs=1)
        )


def test_no_more_is_under_way_than_memory_allows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST_AHEAD", 2)
    executor = Shuffling()

    found = list(check_files(sorted(map(str, folder.iterdir())), OPTIONS, executor=executor))

    assert len(found) == COUNT + 1
    assert executor.most == 2


def test_a_worker_with_another_program_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["这里的", "那里的"])
    monkeypatch.setattr("gouji_checks.summary.gather.identity", lambda _: next(answers))

    with pytest.raises(OtherProgramError):
        list(records([str(folder / "000001.xlsx")], OPTIONS, Nothing(), executor=Shuffling()))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "这不是地址"])
def test_a_cluster_that_does_not_answer_is_said(
    address: str, folder: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gouji_checks.executors._PATIENCE", "0.5s")
    output = folder.parent / "没有.xlsx"

    assert main(["summary", str(folder), "-o", str(output), "--no-cache", "--dask", address]) == 2

    said = capsys.readouterr().err
    assert f"连不上 Dask 集群“{address}”" in said
    assert "Traceback" not in said
    assert not output.exists()


def test_without_distributed_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(ClusterError, match=r"pip install distributed"), cluster("tcp://127.0.0.1:9"):
        pass


def test_a_cluster_without_workers_is_said() -> None:
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as running,
        pytest.raises(ClusterError, match="没有工作进程"),
        cluster(running.scheduler_address),
    ):
        pass
