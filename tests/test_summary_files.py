"""What gouji summary does about the files themselves: none is overwritten, none is taken for another."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from gouji_checks.cli import main
from tests import bureau
from tests.bureau import Department
from tests.summaries import Printed, nameless


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two departments without errors."""
    place = tmp_path / "上交"
    place.mkdir()
    bureau.write([Department(0), Department(1)], place)
    return place


def summed(folder: Path, output: Path, *more: object) -> int:
    arguments = ("summary", folder, "-o", output, "--cache", folder.parent / "缓存", *more)
    return main([str(argument) for argument in arguments])


@pytest.mark.parametrize("given", ["上交", "上年"])
def test_a_departments_workbook_is_not_overwritten(given: str, folder: Path, capsys: Printed) -> None:
    shutil.copytree(folder, folder.parent / "上年")
    target = folder.parent / given / "000001.xlsx"
    before = target.read_bytes()

    code = summed(folder, target, "--prior", folder.parent / "上年")

    assert code == 2
    assert "是部门的工作簿，不能用汇总覆盖它" in capsys.readouterr().err
    assert target.read_bytes() == before


def test_neither_is_one_that_is_damaged(folder: Path) -> None:
    target = folder / "000003.xlsx"
    target.write_bytes((folder / "000001.xlsx").read_bytes()[:5000])
    before = target.read_bytes()

    assert summed(folder, target) == 2
    assert target.read_bytes() == before


def test_a_link_to_the_summary_is_no_department(folder: Path) -> None:
    output = folder / "汇总.xlsx"
    assert summed(folder, output) == 0
    try:
        (folder / "另一个.xlsx").symlink_to(output)
    except OSError:
        pytest.skip("no links here")

    assert summed(folder, output) == 0


def test_names_that_cannot_be_printed_stay_apart(folder: Path) -> None:
    good, bad = nameless(folder, b"\xbe\xd6.xlsx", b"\xb2\xbf.xlsx")
    (folder / "000001.xlsx").rename(good)
    bad.write_text("这不是工作簿", encoding="utf-8")
    output = folder.parent / "汇总.xlsx"

    assert summed(folder, output) == 2

    rows = list(openpyxl.load_workbook(output)["部门一览"].iter_rows(min_row=4, max_row=5, values_only=True))
    assert [row[1] for row in rows] == [Department(0).name, Department(1).name]
    assert [str(row[6]).startswith("已") for row in rows] == [True, True]


def test_why_a_file_is_not_read_names_no_other_file(folder: Path, capsys: Printed) -> None:
    (first,) = nameless(folder, b"0\xb2\xbf.xlsx")
    first.write_text("这不是工作簿", encoding="utf-8")
    shutil.copy(first, folder / "坏的.xlsx")
    output = folder.parent / "汇总.xlsx"
    summed(folder, output)
    capsys.readouterr()

    summed(folder, output)

    reasons = [line for line in capsys.readouterr().out.splitlines() if "这不是" in line or "文件其实" in line]
    assert len(reasons) == 2
    assert all(".xlsx" not in line.split(".xlsx：", 1)[1].replace("另存为 .xlsx", "") for line in reasons)


def test_links_lead_to_files_with_percent_signs_or_nowhere(folder: Path) -> None:
    (folder / "000001.xlsx").rename(folder / "50% 完成.xlsx")
    (folder / "000002.xlsx").rename(folder / "100%25.xlsx")
    output = folder.parent / "汇总.xlsx"

    summed(folder, output)

    cells = [row[-1] for row in openpyxl.load_workbook(output)["部门一览"].iter_rows(min_row=4, max_row=5)]
    links = {str(cell.value): str(cell.hyperlink.target) if cell.hyperlink else "" for cell in cells}
    assert sorted(links.values()) == ["", "上交\\50%25%20完成.xlsx"]
    assert next(target for file, target in links.items() if "100%25" in file) == ""
