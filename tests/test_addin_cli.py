"""gouji-addin: what can be done anywhere, the building of the add-in and of what lies beside it on a share."""

import os
import re
import subprocess
import sys
import tomllib
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import pytest

from gouji_addin import cli, installation, share
from gouji_addin.interpreter import Unusable, setting
from gouji_templates import __version__
from tests.computers import PYTHON, left_in


@pytest.mark.parametrize("command", ["install", "status", "remove"])
def test_elsewhere_the_others_say_what_they_need(command: str, tmp_path: Path) -> None:
    done = module(command, cwd=tmp_path)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"gouji-addin {command} 要在装有 Excel 的 Windows 或 macOS 上运行，这里只能用 gouji-addin build。\n"
    )
    assert left_in(tmp_path) == []


def module(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "gouji_addin.cli", *arguments]
    environment = os.environ | {"HOME": str(cwd), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", env=environment, check=False)


def test_the_console_script_is_this_module() -> None:
    declared = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text("utf-8"))

    assert declared["project"]["scripts"]["gouji-addin"] == f"{cli.__name__}:{cli.run.__name__}"


def test_every_build_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("甲.xlam", "乙.xlam"):
        done = module("build", "-o", name, "--interpreter", PYTHON, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, f"已生成 {name}\n它用 {PYTHON} 运行\n"), done.stderr

    assert (tmp_path / "甲.xlam").read_bytes() == (tmp_path / "乙.xlam").read_bytes()
    assert installation.carried(tmp_path / "甲.xlam") == {"INTERPRETER_WIN": PYTHON, "GOUJI VERSION": __version__}


def test_an_add_in_for_a_share_names_no_python(tmp_path: Path) -> None:
    path = tmp_path / "gouji.xlam"

    assert cli.main(["build", "-o", str(path)]) == 0

    assert installation.carried(path) == {"GOUJI VERSION": __version__}


def test_build_overwrites_only_when_told_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gouji.xlam"
    path.write_bytes(b"mine")

    assert cli.main(["build", "-o", str(path)]) == 2
    assert path.read_bytes() == b"mine"
    assert capsys.readouterr().err == f"“{path}”已经存在，没有覆盖；要覆盖请加 --force。\n"

    assert cli.main(["build", "-o", str(path), "--force"]) == 0
    assert left_in(tmp_path) == ["gouji.xlam"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "-o", "gouji.xlsx"], "加载项要存为 .xlam 文件，不能是“gouji.xlsx”。"),
        (["build"], "gouji-addin build：缺少参数：-o/--output。用 gouji-addin build --help 看用法"),
        (
            ["build", "-o", "a.xlam", "--interpreter", "python"],
            "Python 要写完整路径（如 C:\\Python\\python.exe），不能是“python”。",
        ),
        (["build", "-o", "none/a.xlam"], "不能写入“none/a.xlam”："),
        (["build", "-o", "a.xlam", "--wheel", "other-1.0-py3-none-any.whl"], "“other-1.0-py3-none-any.whl”不是 gouji"),
        (["build", "-o", "a.xlam", "--wheel", f"gouji-{__version__}-none.whl"], "none.whl”读不出来："),
        (["format"], "不能用 'format'"),
    ],
)
def test_bad_usage_gets_a_sentence(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    try:
        code = cli.main(arguments)
    except SystemExit as end:
        code = int(end.code or 0)

    err = capsys.readouterr().err
    assert (code, err.count("\n")) == (2, 1)
    assert said in err
    assert left_in(tmp_path) == []


def test_beside_the_add_in_lies_the_wheel_with_instructions(tmp_path: Path) -> None:
    wheel = tmp_path / f"gouji-{__version__}-py3-none-any.whl"
    wheel.write_bytes(b"wheel")

    assert cli.main(["build", "-o", str(tmp_path / "gouji.xlam"), "--wheel", str(wheel)]) == 0

    with ZipFile(tmp_path / "gouji.zip") as bundle:
        assert bundle.read(wheel.name) == b"wheel"
        text = bundle.read("安装说明.txt").decode("utf-8-sig")
    assert f'python -m pip install "{wheel.name}[excel]"' in text
    assert text.count("\n") == text.count("\r\n") > 10
    assert set(re.findall(r"gouji-addin ([a-z]+)", text)) == {"install", "status", "remove"}
    assert share.bundle(wheel) == (tmp_path / "gouji.zip").read_bytes()
    assert wheel.name == share.WHEEL
    assert "微软应用商店版的不行" in text


@pytest.mark.parametrize("arguments", [[], ["--help"], ["install", "--help"], ["build", "--help"]])
def test_help_is_chinese(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(SystemExit):
        cli.main(arguments)

    out = capsys.readouterr().out
    assert out.startswith("用法：")
    assert not re.search(r"usage|options|show this", out)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (PYTHON, ("INTERPRETER_WIN", PYTHON)),
        ("C:/Python/python.exe", ("INTERPRETER_WIN", r"C:\Python\python.exe")),
        (r"\\srv\py\python.exe", ("INTERPRETER_WIN", r"\\srv\py\python.exe")),
        ("/opt/py-3.11/bin/python3", ("INTERPRETER_MAC", "/opt/py-3.11/bin/python3")),
    ],
)
def test_a_full_path_names_a_setting(path: str, expected: tuple[str, str]) -> None:
    assert setting(path) == expected


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("python", "完整路径"),
        (r"Python\python.exe", "完整路径"),
        ("C:python.exe", "完整路径"),
        (r"C:\100%\python.exe", "不能有百分号"),
        ("/Users/a b/bin/python3", "只能有字母"),
        ("/Users/a;b/python3", "只能有字母"),
        ("/Users/张三/bin/python3", "只能有字母"),
    ],
)
def test_a_path_that_would_not_arrive_whole_is_refused(path: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        setting(path)
