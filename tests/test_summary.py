"""gouji summary as a person meets it: what is said and written, which exit code, what is asked for wrongly."""

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests import bureau, microsoft
from tests.bureau import Department
from tests.command import run
from tests.summaries import Printed, column, nameless, put, summed, three, told

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "samples" / "published-2025.xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return three(tmp_path)


def test_tables_over_all_departments_pass_the_check(folder: Path, capsys: Printed) -> None:
    _, output = summed(folder)

    capsys.readouterr()
    assert run("check", output) == 0
    assert "各部门汇总(2个部门)" in capsys.readouterr().out


def test_every_department_has_its_row_and_every_finding_its_line(folder: Path, capsys: Printed) -> None:
    found = told(folder, capsys)

    output = folder.parent / "汇总.xlsx"
    assert column(output, "部门一览", 1)[1:-1] == [Department(number).name for number in range(3)]
    assert [line["code"] for line in found["departments"]] == ["000001", "000002", "000003"]
    assert len(column(output, "问题清单", 0)) == 1 + len(found["findings"])
    assert {line["department"] for line in found["findings"]} == {Department(2).name}
    assert sum(line["errors"] for line in found["departments"]) == len(found["findings"])


def test_cells_lead_to_the_workbooks_and_the_departments_to_their_findings(folder: Path) -> None:
    _, output = summed(folder)

    book = openpyxl.load_workbook(output)
    overview, findings = book["部门一览"], book["问题清单"]
    last = overview.max_column
    files = [overview.cell(row, last).hyperlink for row in range(4, 7)]
    assert [link and link.target for link in files] == [f"上交\\{Department(number).file}" for number in range(3)]
    inside, outside = overview.cell(6, 2).hyperlink, findings.cell(2, 3).hyperlink
    assert inside is not None
    assert outside is not None
    assert inside.location == "问题清单!A2"
    assert outside.target == "上交\\000003.xlsx"
    assert outside.location == findings.cell(2, 3).value
    assert overview.auto_filter.ref
    assert overview.freeze_panes == "C4"


def test_a_name_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    folder = tmp_path / "上交"
    folder.mkdir()
    put(folder, bureau.content(Department(0))._replace(department="=1+1局"), "甲.xlsx")

    code, output = summed(folder)

    assert code == 0
    assert column(output, "部门一览", 1)[1] == "=1+1局"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["summary", "上交"], "缺少参数：-o", id="no output"),
        pytest.param(["summary", "上交", "-o", "汇总.csv"], "要存为 .xlsx 文件", id="an output that is no workbook"),
        pytest.param(["summary", "上交", "-o", "无/汇总.xlsx"], "没有这个文件夹", id="an output nowhere"),
        pytest.param(
            ["summary", "上交", "-o", "汇总.xlsx", "--html", "页.pdf"], "要存为 .html", id="a page that is none"
        ),
        pytest.param(["summary", "上交", "-o", "汇总.xlsx", "--jobs", "-2"], "--jobs 应为正整数", id="negative jobs"),
        pytest.param(["summary", "空的", "-o", "汇总.xlsx"], "没有工作簿", id="an empty folder"),
        pytest.param(["summary", "上交", "-o", "a.xlsx", "--prior", "无"], "--prior 应为", id="no last year"),
        pytest.param(["summary", "上交", "-o", "汇总.xlsx", "--codes", "没有.csv"], "打不开", id="no list of codes"),
    ],
)
def test_bad_usage_is_said_in_chinese_and_exits_with_2(
    arguments: list[str], said: str, folder: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    (folder.parent / "空的").mkdir()

    assert run(*arguments) == 2

    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
    assert not (folder.parent / "汇总.xlsx").exists()


def test_without_pandas_it_says_what_to_install(folder: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gouji_checks.commands.summary.find_spec", lambda _: None)

    assert summed(folder)[0] == 2

    assert "pip install pandas" in capsys.readouterr().err


def test_other_commands_start_without_pandas() -> None:
    program = (
        "import sys; from gouji_checks.cli import main; main(sys.argv[1:]); "
        "print(*sorted({'pandas', 'sqlite3', 'distributed', 'xlsxwriter'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "check", PUBLISHED], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == ""


def test_the_page_is_written_beside_the_workbook(folder: Path, tmp_path: Path) -> None:
    summed(folder, "--html", tmp_path / "汇总.html")

    text = (tmp_path / "汇总.html").read_text(encoding="utf-8")
    assert Department(2).name in text
    assert "2025 年部门预算汇总" in text


def test_files_with_any_name_are_summed_up(folder: Path) -> None:
    (place,) = nameless(folder, "局".encode("gbk") + b" #1.xlsx")
    (folder / "000001.xlsx").rename(place)

    code, output = summed(folder)

    assert code == 1
    assert column(output, "部门一览", 1)[1:-1] == [Department(number).name for number in range(3)]


def test_excel_takes_the_workbook_as_it_is(folder: Path) -> None:
    _, output = summed(folder)

    assert microsoft.findings(output) == []
