"""gouji summary as a person meets it: what is said and written, which exit code, nothing chosen in silence."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gouji_checks.cli import main
from gouji_templates import workbook
from gouji_templates.content import CODE, Content
from tests import bureau, microsoft
from tests.bureau import FORM, Department

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "samples" / "published-2025.xlsx"

Printed = pytest.CaptureFixture[str]


def run(*arguments: object) -> int:
    """The exit code, whether returned or raised by the argument parser."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as end:
        return int(end.code or 0)


def summed(folder: Path, *more: object) -> tuple[int, Path]:
    """The exit code of a summary of the folder, and the workbook."""
    output = folder.parent / "汇总.xlsx"
    return run("summary", folder, "-o", output, "--cache", folder.parent / "缓存", *more), output


def told(folder: Path, printed: Printed, *more: object) -> dict[str, Any]:
    """The summary of the folder as JSON."""
    printed.readouterr()
    summed(folder, "--format", "json", *more)
    found: dict[str, Any] = json.loads(printed.readouterr().out)
    return found


def column(path: Path, sheet: str, number: int) -> list[object]:
    """The values of a column that are not blank."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    return [row[number] for row in rows if len(row) > number and row[number] not in (None, "")]


def put(folder: Path, content: Content, file: str) -> Path:
    path = folder / file
    workbook.write(path, FORM, content)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three departments, the last with an error."""
    place = tmp_path / "上交"
    place.mkdir()
    bureau.write([Department(0), Department(1), Department(2, broken=True)], place)
    return place


def test_departments_with_errors_are_left_out_and_named(folder: Path, capsys: Printed) -> None:
    code, output = summed(folder)

    out = capsys.readouterr().out
    assert code == 1
    assert "共 3 个文件：2 个没有错误，1 个有错误，0 个不能核对" in out
    assert "汇总表：2 个部门" in out
    assert "000003.xlsx：有 " in out
    assert any(str(cell).endswith("000003.xlsx") for cell in column(output, "汇总说明", 0))


def test_tables_over_all_departments_pass_the_check(folder: Path, capsys: Printed) -> None:
    _, output = summed(folder)

    capsys.readouterr()
    assert run("check", output) == 0
    assert "各部门汇总(2个部门)" in capsys.readouterr().out


def test_all_takes_those_with_errors_as_well_and_says_what_does_not_tie(folder: Path, capsys: Printed) -> None:
    found = told(folder, capsys, "--all")

    assert found["total"]["departments"] == 3
    assert found["left_out"] == []
    # An entered figure that is wrong is no 尾差, to be put somewhere else.
    assert found["total"]["settled"] == []
    assert {"X17", "X41"} & {error["rule"] for error in found["total"]["errors"]}
    assert "汇总表中的错误" in column(folder.parent / "汇总.xlsx", "汇总说明", 0)


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


@pytest.mark.parametrize("same", ["code", "name"])
def test_two_workbooks_of_one_department_are_named_and_neither_is_taken(
    same: str, folder: Path, capsys: Printed
) -> None:
    first = bureau.content(Department(0))
    renamed, recoded = first._replace(department="改了名称的局"), first._replace(info={CODE: "999999"})
    put(folder, renamed if same == "code" else recoded, "又一份.xlsx")

    code, _ = summed(folder)

    captured = capsys.readouterr().out
    assert code == 2
    assert "汇总表：1 个部门" in captured
    assert "没有计入：重复（2 个）" in captured
    for one, other in (("000001", "又一份"), ("又一份", "000001")):
        assert any(f"{one}.xlsx：" in line and f"{other}.xlsx”是同一个部门" in line for line in captured.splitlines())


def test_a_workbook_of_another_year_is_left_out_and_named(folder: Path, capsys: Printed) -> None:
    put(folder, bureau.content(Department(7))._replace(year=2024), "去年.xlsx")

    code, _ = summed(folder)

    assert code == 2
    assert "去年.xlsx：这是 2024 年的工作簿，其他是 2025 年的" in capsys.readouterr().out


def test_as_many_of_one_year_as_of_another_are_not_summed_up(tmp_path: Path, capsys: Printed) -> None:
    folder = tmp_path / "上交"
    folder.mkdir()
    for year in (2024, 2025):
        put(folder, bureau.content(Department(year))._replace(year=year), f"{year}.xlsx")

    code, output = summed(folder)

    assert code == 2
    assert "2024 年的 1 个、2025 年的 1 个" in capsys.readouterr().err
    assert not output.exists()


def test_unreadable_files_and_other_summaries_are_named(folder: Path, capsys: Printed) -> None:
    (folder / "坏的.xlsx").write_text("这不是工作簿", encoding="utf-8")
    _, output = summed(folder)
    shutil.copy(output, folder / "上次的汇总.xlsx")
    capsys.readouterr()

    code, _ = summed(folder)

    out = capsys.readouterr().out
    assert code == 2
    assert "坏的.xlsx：" in out
    assert "上次的汇总.xlsx：这是汇总得到的工作簿" in out


def test_the_summary_written_into_the_folder_is_not_summed_up_again(folder: Path, capsys: Printed) -> None:
    arguments = ("summary", folder, "-o", folder / "汇总.xlsx", "--no-cache")
    run(*arguments)
    first = capsys.readouterr().out

    run(*arguments)

    assert capsys.readouterr().out == first


def test_nothing_readable_gives_no_summary(tmp_path: Path, capsys: Printed) -> None:
    folder = tmp_path / "上交"
    folder.mkdir()
    (folder / "坏的.xlsx").write_text("这不是工作簿", encoding="utf-8")

    code, output = summed(folder)

    assert code == 2
    assert "没有一个能核对的工作簿" in capsys.readouterr().err
    assert not output.exists()


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

    assert "pip install gouji[summary]" in capsys.readouterr().err


def test_other_commands_start_without_pandas() -> None:
    import subprocess

    program = (
        "import sys; from gouji_checks.cli import main; main(sys.argv[1:]); "
        "print(*sorted({'pandas', 'sqlite3', 'distributed', 'xlsxwriter'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "check", PUBLISHED], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == ""


def test_last_years_workbooks_give_changes_and_rates(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    last = tmp_path / "上年"
    last.mkdir()
    for number in (0, 1):
        before = bureau.content(Department(number + 10))
        whose = bureau.content(Department(number))
        put(last, before._replace(year=2024, department=whose.department, info=whose.info), f"{number}.xlsx")

    first, second, third = told(folder, capsys, "--prior", last)["departments"]

    then = bureau.content(Department(10)).lines["表2"][0].figures[0]
    now = bureau.content(Department(0)).lines["表2"][0].figures[0]
    assert now is not None
    assert then is not None
    assert first["income"] == f"{now:.2f}"
    assert first["income_before"] == f"{then:.2f}"
    assert first["income_change"] == f"{now - then:.2f}"
    assert float(first["income_rate"]) == pytest.approx(float((now - then) / then * 100), abs=0.0051)
    assert second["income_before"]
    assert third["income_before"] == third["income_rate"] == ""
    rankings = column(folder.parent / "汇总.xlsx", "排名与分布", 0)
    assert rankings[rankings.index("收入总计比上年增加最多的部门（万元）") + 1] in ("部门", "没有")


def test_the_page_is_written_beside_the_workbook(folder: Path, tmp_path: Path) -> None:
    summed(folder, "--html", tmp_path / "汇总.html")

    text = (tmp_path / "汇总.html").read_text(encoding="utf-8")
    assert Department(2).name in text
    assert "2025 年部门预算汇总" in text


def test_files_with_any_name_are_summed_up(folder: Path) -> None:
    name = os.fsdecode("局".encode("gbk") + b" #1.xlsx")
    try:
        shutil.copy(folder / "000001.xlsx", folder / name)
    except OSError:
        pytest.skip("this file system takes no such name")
    (folder / "000001.xlsx").unlink()

    code, output = summed(folder)

    assert code == 1
    assert column(output, "部门一览", 1)[1:-1] == [Department(number).name for number in range(3)]


def test_excel_takes_the_workbook_as_it_is(folder: Path) -> None:
    _, output = summed(folder)

    assert microsoft.findings(output) == []
