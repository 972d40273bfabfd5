"""What gouji fill refuses, each in one sentence, and what it prints as JSON."""

import json
import os
from pathlib import Path

import pytest

from gouji_checks.source import FileSource, Sheet, Workbook
from samples.build import ITEMS, SAMPLE, SAMPLES
from tests.fills import FORM, errors, filled, run, values_only


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert run(*arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def test_output_may_not_be_the_file_itself(leaves: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = leaves.read_bytes()
    link = leaves.with_name("链接.xlsx")
    link.symlink_to(leaves)
    twin = leaves.with_name("硬链接.xlsx")
    os.link(leaves, twin)

    for output in (leaves, link, twin):
        said = refused(capsys, leaves, "-o", output, "--force")
        assert said == f"“{output}”就是要填的文件，原文件不能改动，请换一个文件名。\n"
    assert leaves.read_bytes() == before


def test_existing_file_is_only_replaced_when_told(leaves: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = leaves.with_name("已有.xlsx")
    out.write_bytes(b"old")

    assert refused(capsys, leaves, "-o", out) == f"“{out}”已经存在，没有覆盖；要覆盖请加 --force。\n"
    assert out.read_bytes() == b"old"
    assert run(leaves, "-o", out, "--force") == 0
    assert errors(out) == ["X38"]


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("填好.xls", "要存为 .xlsx 文件，不能是“{out}”"),
        ("填好.xlsm", "要存为 .xlsx 文件，不能是“{out}”"),
        ("没有/填好.xlsx", "没有“{folder}”这个文件夹，请先建好，或换一个地方"),
        ("文件夹.xlsx", "“{out}”是文件夹，请写出文件名"),
    ],
)
def test_output_that_cannot_be_is_said(
    output: str, sentence: str, leaves: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leaves.with_name("文件夹.xlsx").mkdir()
    out = leaves.parent / output

    said = refused(capsys, leaves, "-o", out)

    assert said == sentence.format(out=out, folder=out.parent) + "。\n"


def test_folder_that_cannot_be_written_to_is_said(
    leaves: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gouji_templates.atomic.write", full)
    out = leaves.with_name("填好.xlsx")

    assert refused(capsys, leaves, "-o", out) == f"不能写入“{out}”：磁盘空间不足，请清理后再试，或换一个磁盘。\n"
    assert not out.exists()


def test_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, tmp_path / "无.xlsx", "-o", tmp_path / "填好.xlsx")

    assert said == "无.xlsx：文件不存在，请检查路径和文件名。\n"


def test_workbook_without_tables_and_line_items_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = values_only(Workbook([Sheet("Sheet1", [["无关", 1.0]])]), tmp_path / "别的.xlsx")

    said = refused(capsys, path, "-o", tmp_path / "填好.xlsx")

    assert said == f"别的.xlsx：没有找到“{FORM.title}”中的任何一张表，请核对文件是否选错。\n"


def test_old_workbook_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import xlwt

    book = xlwt.Workbook()
    for sheet in FileSource(str(SAMPLES / SAMPLE)).read().sheets:
        target = book.add_sheet(sheet.name)
        for line, row in enumerate(sheet.rows):
            for column, cell in enumerate(row):
                target.write(line, column, cell)
    path = tmp_path / "旧.xls"
    book.save(str(path))

    said = refused(capsys, path, "-o", tmp_path / "填好.xlsx")

    assert said == "旧.xls：旧版 .xls 工作簿不能填，请用 Excel 或 WPS 打开，另存为 .xlsx 再填。\n"


def test_wrong_line_items_are_all_said_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items = FileSource(str(SAMPLES / ITEMS)).read().sheets[0]
    items.rows[1][0] = "2019990"
    items.rows[2][5] = "若干"
    path = values_only(Workbook([items]), tmp_path / "明细.xlsx")

    said = refused(capsys, path, "-o", tmp_path / "填好.xlsx").splitlines()

    assert [line[:8] for line in said[:2]] == ["预算明细!A2：", "预算明细!F3："]
    assert said[2] == f"“{path}”的明细有误，没有生成文件。"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["明细.xlsx"]


def test_json_says_the_same(leaves: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = filled(leaves, "--format", "json")

    said = json.loads(capsys.readouterr().out)
    assert (said["file"], said["output"], said["detail"]) == (str(leaves), str(out), "")
    assert (len(said["added"]), len(said["cells"]), said["emptied"], said["notes"]) == (42, 213, [], [])
    assert said["added"][0] == {"sheet": "表2", "row": 7, "title": "总计"}
    assert {"sheet": "表5", "cell": "E9", "old": "", "new": "452.73"} in said["cells"]
