"""What stops a file from being written or read is said in Chinese, whatever language the system speaks."""

import errno
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gouji_addin.cli import main as addin
from gouji_checks.cli import main
from gouji_templates import atomic
from gouji_templates.system_error import cause
from tests import bureau
from tests.bureau import Department

Printed = pytest.CaptureFixture[str]
FULL = "磁盘空间不足，请清理后再试，或换一个磁盘"


def refusal(act: Callable[[], object]) -> OSError:
    with pytest.raises(OSError, match=r".") as caught:
        act()
    return caught.value


def full(*_: object) -> None:
    # As it comes from a write that finds no room: without a name.
    raise OSError(errno.ENOSPC, "No space left on device")


def of_windows(number: int, winerror: int | None, path: str) -> OSError:
    """An error as Python on Windows raises it, which does not always hand on Windows' own number."""
    error = OSError(number, "Permission denied", path)
    error.winerror = winerror  # type: ignore[attr-defined,unused-ignore]
    return error


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.EACCES, "没有权限"),
        (errno.EPERM, "没有权限"),
        (errno.EROFS, "只读"),
        (errno.ENOSPC, "空间不足"),
        (errno.EISDIR, "这是文件夹"),
        (errno.ENAMETOOLONG, "太长"),
        (errno.EBUSY, "请关闭"),
    ],
)
def test_causes_are_chinese_and_say_what_to_do(number: int, said: str) -> None:
    words = cause(OSError(number, os.strerror(number)))

    assert said in words
    assert "，请" in words
    assert not re.search("[A-Za-z。]", words.replace("Excel", "").replace("WPS", ""))


def test_real_refusals_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "文件").write_bytes(b"")
    (tmp_path / "文件夹").mkdir()
    long = tmp_path / ("长" * 300)

    said = {
        "no folder": cause(refusal(lambda: atomic.write(tmp_path / "没有" / "a.xlsx", b""))),
        "no file": cause(refusal((tmp_path / "没有.csv").read_bytes)),
        "a folder in the way": cause(refusal(lambda: atomic.write(tmp_path / "文件夹", b""))),
        "too long": cause(refusal(lambda: atomic.write(long, b""))),
    }

    assert said["no folder"].startswith("没有这个文件夹")
    assert said["no file"].startswith("文件不存在")
    assert said["a folder in the way"].startswith("这是文件夹")
    if os.name != "nt":
        assert said["too long"].startswith("文件名或路径太长")
        below = refusal(lambda: atomic.write(tmp_path / "文件" / "a.xlsx", b""))
        assert cause(below).startswith("路径中有一段是文件")
        assert below.filename == str(tmp_path / "文件" / "a.xlsx")


@pytest.mark.parametrize(
    ("number", "winerror", "said"),
    [
        pytest.param(errno.EACCES, 32, "文件正被其他程序", id="a sharing violation"),
        pytest.param(errno.EACCES, 5, "没有权限，或文件正被其他程序", id="Excel may have it open"),
        pytest.param(errno.EACCES, None, "没有权限，或文件正被其他程序", id="no number of Windows' own"),
        pytest.param(errno.ENOENT, 206, "文件名或路径太长", id="a name too long"),
    ],
)
def test_windows_says_less_than_it_knows(
    number: int, winerror: int | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "win32")

    assert cause(of_windows(number, winerror, str(tmp_path / "a.xlsx"))).startswith(said)


def test_windows_takes_a_folder_for_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")

    assert cause(of_windows(errno.EACCES, 5, str(tmp_path))).startswith("这是文件夹")


def test_a_rare_cause_is_what_the_system_says() -> None:
    assert cause(OSError(errno.EIO, "Input/output error")) == "Input/output error"
    assert cause(OSError("something")) == "something"


def test_a_file_not_written_is_named_and_not_the_one_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "write_bytes", full)

    error = refusal(lambda: atomic.write(tmp_path / "a.xlsx", b""))

    assert (error.filename, error.filename2) == (str(tmp_path / "a.xlsx"), None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["template", "-o", "出.xlsx"], id="template"),
        pytest.param(["fill", "上交/000001.xlsx", "-o", "出.xlsx"], id="fill"),
        pytest.param(["summary", "上交", "-o", "出.xlsx", "--no-cache"], id="summary"),
        pytest.param(["distribute", "名单.csv", "-o", "."], id="distribute"),
        pytest.param(["build", "-o", "出.xlam"], id="add-in"),
    ],
)
def test_every_command_says_that_the_disk_is_full(
    command: list[str], tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "上交").mkdir()
    bureau.write([Department(0)], tmp_path / "上交")
    (tmp_path / "名单.csv").write_text("部门名称,部门编码,单位性质\n甲局,001,行政单位\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))

    monkeypatch.setattr(Path, "write_bytes", full)

    assert (addin if command[0] == "build" else main)(command) == 2

    said = capsys.readouterr().err
    assert re.match(rf"不能写入“[^”]*\.(xlsx|xlam)”：{FULL}。\n", said)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_full_temporary_folder_is_said(tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.write([Department(0)], tmp_path)

    class Full(tempfile.SpooledTemporaryFile[bytes]):
        def write(self, *_: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    output = tmp_path / "汇总.xlsx"

    assert main(["summary", str(tmp_path), "-o", str(output), "--no-cache"]) == 2

    assert capsys.readouterr().err == f"不能写入临时文件夹“{tempfile.gettempdir()}”：{FULL}。\n"
    assert not output.exists()


def test_no_temporary_folder_at_all_is_said(tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    bureau.write([Department(0)], tmp_path)

    def nowhere() -> list[str]:
        return [str(tmp_path / "没有")]

    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", nowhere)

    assert main(["summary", str(tmp_path), "-o", str(tmp_path / "汇总.xlsx"), "--no-cache"]) == 2

    assert capsys.readouterr().err.startswith("没有能写入的临时文件夹，请")
