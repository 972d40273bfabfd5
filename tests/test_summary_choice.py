"""Which workbooks of a folder gouji summary adds up: the others are named, nothing is chosen in silence."""

import shutil
from pathlib import Path

import pytest

from gouji_templates.content import CODE
from tests import bureau
from tests.bureau import Department
from tests.command import run
from tests.summaries import Printed, column, put, summed, three, told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return three(tmp_path)


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


def test_departments_with_errors_are_left_out_and_named(folder: Path, capsys: Printed) -> None:
    code, output = summed(folder)

    out = capsys.readouterr().out
    assert code == 1
    assert "共 3 个文件：2 个没有错误，1 个有错误，0 个不能核对" in out
    assert "汇总表：2 个部门" in out
    assert "000003.xlsx：有 " in out
    assert any(str(cell).endswith("000003.xlsx") for cell in column(output, "汇总说明", 0))


def test_all_takes_those_with_errors_as_well_and_says_what_does_not_tie(folder: Path, capsys: Printed) -> None:
    found = told(folder, capsys, "--all")

    assert found["total"]["departments"] == 3
    assert found["left_out"] == []
    # An entered figure that is wrong is no 尾差, to be put somewhere else.
    assert found["total"]["settled"] == []
    assert {"X17", "X41"} & {error["rule"] for error in found["total"]["errors"]}
    assert "汇总表中的错误" in column(folder.parent / "汇总.xlsx", "汇总说明", 0)
