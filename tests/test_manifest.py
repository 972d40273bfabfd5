"""Workbooks that come back, ticked off against what was given out, by the command line."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from gouji_checks.live.template import build
from gouji_checks.relation import load
from gouji_templates.content import blank
from gouji_templates.manifest import NAME
from tests.command import run
from tests.lists import FILES, distributed
from tests.returned import set_info

CATALOGUE = load()
FORM = CATALOGUE.form
Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the three departments' workbooks; not to be changed."""
    return distributed(tmp_path_factory.mktemp("发放"))


def test_copies_that_nobody_has_touched_check_clean_and_are_not_in(given_out: Path, capsys: Printed) -> None:
    assert run("check", given_out, "--manifest", given_out / NAME) == 1

    out = capsys.readouterr().out
    assert "某某市教育局 2025年：没有错误\n" in out
    assert "应交 3 个部门，已交 0 个，未交 3 个\n" in out
    assert f"没有填报，不算已交（3）\n    001 某某市教育局：{given_out / FILES[0]}\n" in out


def test_copies_that_were_saved_again_are_all_in(given_out: Path, tmp_path: Path, capsys: Printed) -> None:
    for name in FILES:
        (tmp_path / name).write_bytes(touched(given_out / name))

    assert run("check", tmp_path, "--manifest", given_out / NAME) == 0
    assert "应交 3 个部门，已交 3 个，未交 0 个\n" in capsys.readouterr().out


def test_who_is_missing_who_came_twice_and_who_is_nobody_is_told(
    given_out: Path, tmp_path: Path, capsys: Printed
) -> None:
    back = tmp_path / "交回"
    back.mkdir()
    (back / "一.xlsx").write_bytes(touched(given_out / FILES[0]))
    (back / "一(1).xlsx").write_bytes(touched(given_out / FILES[0]))
    (back / FILES[2]).write_bytes(b"broken on its way")
    (back / "外人.xlsx").write_bytes(build(CATALOGUE, blank(FORM, "另一个市的局")))
    (back / "改名.xlsx").write_bytes(renamed(given_out / FILES[1], "某某市第一中学（更名）"))

    assert run("check", back, "--manifest", given_out / NAME, "--format", "json") == 2
    assert json.loads(capsys.readouterr().out)["manifest"] == {
        "expected": 3,
        "not_returned": [],
        "repeated": [
            {"code": "001", "department": "某某市教育局", "files": [str(back / "一(1).xlsx"), str(back / "一.xlsx")]}
        ],
        "unknown": [{"file": str(back / "外人.xlsx"), "department": "另一个市的局"}],
        "renamed": [
            {
                "code": "002001",
                "department": "某某市第一中学（本级）",
                "file": str(back / "改名.xlsx"),
                "now": "某某市第一中学(更名)",
            }
        ],
        "untouched": [],
    }

    (back / FILES[2]).unlink()
    (back / "改名.xlsx").unlink()
    assert run("check", back, "--manifest", given_out / NAME) == 1
    out = capsys.readouterr().out
    assert "未交（2）\n    002001 某某市第一中学（本级）\n    某某市供销合作社\n" in out
    assert f"交了不止一份，请核对以哪份为准（1）\n    001 某某市教育局：{back / '一(1).xlsx'}、" in out
    assert f"不在清单上（1）\n    {back / '外人.xlsx'}：另一个市的局\n" in out


def touched(path: Path) -> bytes:
    """The same once more, otherwise packed."""
    packed = BytesIO()
    with ZipFile(path) as archive, ZipFile(packed, "w", ZIP_DEFLATED) as again:
        for name in archive.namelist():
            again.writestr(name, archive.read(name))
    return packed.getvalue()


def renamed(path: Path, name: str) -> bytes:
    return set_info(path.read_bytes(), "部门名称", name)


def test_manifest_saved_by_excel_without_leading_zeros_still_finds_everybody(given_out: Path, tmp_path: Path) -> None:
    text = (given_out / NAME).read_text(encoding="utf-8-sig").replace("\n001,", "\n1,").replace("\n002001,", "\n2001,")
    (tmp_path / NAME).write_text(text, encoding="gb18030")
    for name in FILES:
        (tmp_path / name).write_bytes(touched(given_out / name))

    assert run("check", tmp_path, "--manifest", tmp_path / NAME) == 0


def test_json_without_a_manifest_says_nothing_of_one(given_out: Path, capsys: Printed) -> None:
    run("check", given_out, "--format", "json")

    assert set(json.loads(capsys.readouterr().out)) == {"gouji", "files"}


def test_manifest_that_is_none_is_one_sentence(tmp_path: Path, capsys: Printed) -> None:
    assert run("check", tmp_path, "--manifest", tmp_path / "没有.csv") == 2
    assert "打不开" in capsys.readouterr().err
