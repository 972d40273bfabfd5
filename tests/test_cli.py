"""The command line as a person or a script meets it: what is printed, which exit code, nothing changed."""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import run

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "samples" / "published-2025.xlsx"
FAULTY = ROOT / "samples" / "faulty"
ONE_TYPO = FAULTY / "01-单表改数.xlsx"

Printed = pytest.CaptureFixture[str]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_workbook_without_errors_exits_with_0(capsys: Printed) -> None:
    assert run("check", PUBLISHED) == 0

    out = capsys.readouterr().out
    assert "没有错误" in out
    assert "尾差 8 处" in out


def test_workbook_with_an_error_exits_with_1_and_names_the_cell(capsys: Printed) -> None:
    assert run("check", ONE_TYPO) == 1

    assert "疑似 表5!F11“2011301 行政运行”基本支出有误：现为 340.83，应为 339.83" in capsys.readouterr().out


def test_unreadable_file_exits_with_2_and_the_others_are_still_checked(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "坏的.xlsx").write_text("这不是工作簿", encoding="utf-8")
    shutil.copy(PUBLISHED, tmp_path / "好的.xlsx")

    assert run("check", tmp_path) == 2

    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("？") and "坏的.xlsx" in line for line in lines) == 1
    assert sum(line.startswith("√") and "好的.xlsx" in line for line in lines) == 1
    assert "共 2 个文件：1 个没有错误，0 个有错误，1 个不能核对" in lines[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["check", "没有这个文件.xlsx"], "文件不存在", id="a missing path"),
        pytest.param(["check"], "缺少参数：PATH", id="no path"),
        pytest.param(["check", PUBLISHED, "--format", "xml"], "不能用 'xml'", id="an unknown format"),
        pytest.param(["check", PUBLISHED, "--jobs", "-1"], "--jobs 应为正整数", id="a negative number of processes"),
        pytest.param(["check", PUBLISHED, "--form", "北京-1999"], "找不到表样", id="an unknown form"),
        pytest.param(["check", PUBLISHED, "--codes", "没有.csv"], "打不开", id="a missing list of codes"),
        pytest.param(["rules", "Q99"], "没有编号为“Q99”的规则", id="an unknown rule"),
        pytest.param(["template", "-o", "模板.doc"], "要存为 .xlsx 文件", id="a template that is no workbook"),
        pytest.param(["template", "-o", "没有的文件夹/模板.xlsx"], "不能写入", id="a template nowhere"),
        pytest.param(["template", "-o", "a.xlsx", "--year", "25"], "四位年份", id="a year of two digits"),
    ],
)
def test_bad_usage_is_one_chinese_sentence_and_exits_with_2(
    arguments: list[object], said: str, capsys: Printed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(*arguments) == 2

    printed = capsys.readouterr()
    assert said in printed.err + printed.out
    assert "Traceback" not in printed.err
    assert list(tmp_path.iterdir()) == []


def test_folder_without_workbooks_is_said_and_exits_with_2(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "说明.txt").write_text("空", encoding="utf-8")
    (tmp_path / "~$预算.xlsx").write_bytes(b"lock")

    assert run("check", tmp_path) == 2

    assert f"文件夹“{tmp_path}”里没有工作簿" in capsys.readouterr().err


def test_folders_are_searched_to_any_depth_in_order(tmp_path: Path, capsys: Printed) -> None:
    for place in ("乙/二.xlsx", "甲/一.xlsx", "甲/深/三.xlsx"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PUBLISHED, tmp_path / place)

    run("check", tmp_path, "--format", "json")

    files = [
        Path(item["file"]).relative_to(tmp_path).as_posix() for item in json.loads(capsys.readouterr().out)["files"]
    ]
    assert sorted(files) == ["乙/二.xlsx", "甲/一.xlsx", "甲/深/三.xlsx"]


def test_json_has_the_public_shape(capsys: Printed) -> None:
    run("check", ONE_TYPO, "--format", "json")

    printed = json.loads(capsys.readouterr().out)
    (file,) = printed["files"]
    assert set(printed) == {"gouji", "files"}
    assert set(file) == {"file", "form", "department", "year", "status", "findings", "ledger"}
    assert (file["form"], file["year"], file["status"]) == ("xinjiang-2025", "2025", "findings")
    assert set(file["ledger"]) == {"agreed", "rounding", "failed", "not_checked", "not_applicable"}
    finding = file["findings"][0]
    assert {"rule", "severity", "sheet", "cell", "cells", "message", "stated", "expected"} <= set(finding)
    assert {"difference", "allowed", "advice", "suspects"} <= set(finding)
    assert (finding["suspects"][0]["cell"], finding["suspects"][0]["value"]) == ("表5!F11", "339.83")
    assert finding["cells"][0] == f"{finding['sheet']}!{finding['cell']}"


def test_several_processes_print_what_one_prints(tmp_path: Path, capsys: Printed) -> None:
    for number in range(40):
        shutil.copy(ONE_TYPO if number % 7 == 0 else PUBLISHED, tmp_path / f"{number:02}.xlsx")

    run("check", tmp_path, "--jobs", "1", "--format", "json")
    one = capsys.readouterr().out
    run("check", tmp_path, "--jobs", "3", "--format", "json")
    three = capsys.readouterr().out

    assert one == three
    assert [file["status"] == "findings" for file in json.loads(one)["files"]] == [n % 7 == 0 for n in range(40)]


def test_input_files_are_never_changed(tmp_path: Path) -> None:
    copy = tmp_path / "交来的.xlsx"
    shutil.copy(ONE_TYPO, copy)
    before = digest(copy)

    run("check", copy)

    assert digest(copy) == before
    assert [path.name for path in tmp_path.iterdir()] == ["交来的.xlsx"]


def test_complete_list_of_codes_makes_an_unlisted_code_an_error(tmp_path: Path, capsys: Printed) -> None:
    codes = tmp_path / "科目表.csv"
    codes.write_text("编码,名称\n201,一般公共服务支出\n20113,商贸事务\n2011301,行政运行\n", encoding="gb18030")

    assert run("check", PUBLISHED, "--codes", codes) == 1

    out = capsys.readouterr().out
    assert "表3“2011350 事业运行”：科目表中没有这个编码" in out
    assert "2011301" not in "".join(line for line in out.splitlines() if "C01" in line)


def test_template_is_clean_and_is_not_overwritten(tmp_path: Path, capsys: Printed) -> None:
    template = tmp_path / "模板.xlsx"

    assert run("template", "-o", template, "--department", "某某局", "--year", "2026") == 0
    before = digest(template)
    assert run("template", "-o", template) == 2
    assert digest(template) == before
    assert run("template", "-o", template, "--department", "某某局", "--year", "2026", "--force") == 0
    assert run("check", template) == 0

    assert "某某局 2026年：没有错误" in capsys.readouterr().out


def test_one_rule_is_explained_in_full(capsys: Printed) -> None:
    assert run("rules", "x38") == 0

    out = capsys.readouterr().out
    assert "表5[总计].基本支出 = 表6[总计].合计" in out
    assert "依据" in out


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes")
def test_reader_that_goes_away_gets_no_traceback() -> None:
    script = f"{shlex.quote(sys.executable)} -m gouji_checks.cli rules | head -1"

    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, env={**os.environ})

    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_folder_shows_a_progress_bar_on_a_terminal_and_only_there(tmp_path: Path) -> None:
    import fcntl
    import pty
    import struct
    import termios

    for number in range(3):
        shutil.copy(PUBLISHED, tmp_path / f"{number}.xlsx")
    master, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    command = [sys.executable, "-m", "gouji_checks.cli", "check", str(tmp_path)]

    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=terminal, check=True)
    shown = os.read(master, 100_000).decode()
    quiet = subprocess.run(command, capture_output=True, text=True, check=True)

    assert "3/3" in shown
    assert quiet.stderr == ""


def test_single_check_imports_nothing_heavy() -> None:
    heavy = ("openpyxl", "pandas", "xlwings", "xlsxwriter", "tqdm", "concurrent", "decimal", "csv", "hashlib")
    code = (
        "import sys; from gouji_checks.cli import main; main(['check', sys.argv[1]]);"
        f"print([m for m in {heavy} if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code, PUBLISHED], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
