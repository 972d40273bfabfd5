"""Templates given out to a list of departments, by the command line."""

import hashlib
import os
import sys
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openxml_audit import OpenXmlValidator

from gouji_checks.live.template import build
from gouji_checks.relation import load
from gouji_checks.source import FileSource
from gouji_templates import __version__, atomic, file_name
from gouji_templates.content import CODE, FINGERPRINT, UNIT_KIND, blank
from gouji_templates.copies import Copies
from gouji_templates.manifest import HEADINGS, NAME
from tests import microsoft
from tests.command import run
from tests.lists import FILES, HEAD, LIST, as_csv, as_xlsx, copied, distributed, manifest, snapshot

CATALOGUE = load()
FORM = CATALOGUE.form
Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def given_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the three departments' workbooks; not to be changed."""
    return distributed(tmp_path_factory.mktemp("发放"))


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ('甲/乙\\丙:丁*?"<>|', "甲／乙＼丙：丁＊？＂＜＞｜_末.xlsx"),
        ("CON", "CON_末.xlsx"),
        ("con.甲", "con．甲_末.xlsx"),
        (".甲", "．甲_末.xlsx"),
        ("~$甲", "～$甲_末.xlsx"),
        ("甲. ", "甲. _末.xlsx"),
        ("局" * 100, "局" * 77 + "_末.xlsx"),
    ],
    ids=["signs", "a device", "a device with a dot", "hidden", "a lock file", "a dot and a space", "long"],
)
def test_file_name_is_made_safe(stem: str, expected: str) -> None:
    assert file_name.safe(stem, "_末.xlsx") == expected
    assert len(expected.encode()) <= 240


def test_each_department_gets_its_workbook_and_a_line_of_the_manifest(given_out: Path) -> None:
    entries = manifest(given_out)

    assert sorted(path.name for path in given_out.iterdir()) == sorted([*FILES, NAME])
    assert list(entries[0]) == list(HEADINGS)
    assert [(e["部门编码"], e["部门名称"], e["单位性质"], e["文件名"]) for e in entries] == [
        (code, name, kind, file) for (name, code, kind), file in zip(LIST[1:], FILES, strict=True)
    ]
    assert {(e["年度"], e["表样"], e["模板版本"]) for e in entries} == {("2025", "xinjiang-2025", __version__)}
    assert {len(e["模板指纹"]) for e in entries} == {16}
    for entry in entries:
        assert entry["文件摘要"] == hashlib.sha256((given_out / entry["文件名"]).read_bytes()).hexdigest()
        assert datetime.fromisoformat(entry["发放时间"]) <= datetime.now()


def test_workbook_says_whose_it_is_on_its_first_sheet_and_in_its_properties(given_out: Path) -> None:
    book = FileSource(str(given_out / FILES[0])).read()
    sheet = next(sheet for sheet in book.sheets if sheet.name == FORM.info_sheet)
    said = {row[0]: row[1] for row in sheet.rows}
    properties = dict(book.properties)

    for field, value in (("部门名称", "某某市教育局"), (CODE, "001"), (UNIT_KIND, "行政单位"), ("表样", FORM.id)):
        assert said[field] == properties[field] == value
    assert said[FINGERPRINT] == properties[FINGERPRINT] == manifest(given_out)[0][FINGERPRINT]


NAMES = [
    ("某某局", "001"),
    ("某某局", ""),
    ("A&B<\"某\">'局' &amp;", "1&2"),
    ("新疆维吾尔自治区克孜勒苏柯尔克孜自治州（本级）" * 3, "101001"),
    ("𠮷林局", "x"),
    ("局" * 80, "1"),
]


@pytest.mark.parametrize(("name", "code"), NAMES, ids=["plain", "no code", "signs", "long", "rare", "longest"])
def test_copy_is_part_by_part_what_would_be_built_for_the_department_alone(name: str, code: str) -> None:
    copies = Copies(lambda content: build(CATALOGUE, content), FORM, 2026, {FINGERPRINT: "0123456789abcdef"})
    info: dict[str, str | int] = {UNIT_KIND: "事业单位", FINGERPRINT: "0123456789abcdef"}
    info |= {CODE: code} if code else {}
    made = ZipFile(BytesIO(copies.make(name, code, "事业单位")))
    built = ZipFile(BytesIO(build(CATALOGUE, blank(FORM, name, 2026)._replace(info=info))))

    assert made.testzip() is None
    assert made.namelist() == built.namelist()
    assert [part for part in built.namelist() if made.read(part) != built.read(part)] == []


def test_validators_find_nothing(given_out: Path) -> None:
    assert OpenXmlValidator().validate(given_out / FILES[0]).errors == []
    assert microsoft.findings(given_out / FILES[0]) == []


def test_distributing_twice_gives_the_same_bytes(given_out: Path, tmp_path: Path) -> None:
    run("distribute", as_csv(tmp_path / "名单", LIST), "-o", tmp_path / "又")

    assert [(tmp_path / "又" / file).read_bytes() == (given_out / file).read_bytes() for file in FILES] == [True] * 3


def test_running_again_changes_nothing_and_adds_who_is_new(given_out: Path, tmp_path: Path, capsys: Printed) -> None:
    folder = copied(given_out, tmp_path / "发")
    (folder / FILES[0]).write_bytes(b"typed into by the department")
    before = snapshot(folder)

    assert run("distribute", as_xlsx(tmp_path / "名单", LIST), "-o", folder) == 0
    assert snapshot(folder) == before
    assert "新生成 0 个工作簿，已有 3 个没有改动" in capsys.readouterr().out

    longer = [*LIST, ("某某市水利局", "003", "行政单位")]
    assert run("distribute", as_xlsx(tmp_path / "名单", longer), "-o", folder) == 0
    after = snapshot(folder)
    assert {name for name in after if after.get(name) != before.get(name)} == {
        NAME,
        "003_某某市水利局_2025年部门预算公开表.xlsx",
    }
    assert [entry["部门名称"] for entry in manifest(folder)] == [str(row[0]) for row in longer[1:]]


def test_force_makes_everything_anew(given_out: Path, tmp_path: Path) -> None:
    folder = copied(given_out, tmp_path / "发")
    (folder / FILES[0]).write_bytes(b"old")

    assert run("distribute", as_csv(tmp_path / "名单", LIST), "-o", folder, "--force") == 0

    assert (folder / FILES[0]).read_bytes() == (given_out / FILES[0]).read_bytes()
    assert [entry["文件名"] for entry in manifest(folder)] == FILES


def test_deleted_workbook_is_made_again(given_out: Path, tmp_path: Path) -> None:
    folder = copied(given_out, tmp_path / "发")
    (folder / FILES[1]).unlink()

    assert run("distribute", as_csv(tmp_path / "名单", LIST), "-o", folder) == 0

    assert (folder / FILES[1]).read_bytes() == (given_out / FILES[1]).read_bytes()


def test_what_no_longer_fits_the_list_is_said_and_left(given_out: Path, tmp_path: Path, capsys: Printed) -> None:
    folder = copied(given_out, tmp_path / "发")
    before = snapshot(folder)

    assert run("distribute", as_csv(tmp_path / "名单", [HEAD, (*LIST[1][:2], "事业单位")]), "-o", folder) == 0

    out = capsys.readouterr().out
    assert f"要重新生成请加 --force：1 个\n    {FILES[0]}" in out
    assert f"这份名单上没有的部门，文件和清单都保留：2 个\n    {FILES[1]}\n    {FILES[2]}" in out
    assert snapshot(folder) == before


def test_file_that_is_not_in_the_manifest_is_left_and_said(tmp_path: Path, capsys: Printed) -> None:
    folder = tmp_path / "发"
    folder.mkdir()
    (folder / FILES[0]).write_bytes(b"somebody's own")

    assert run("distribute", as_csv(tmp_path / "名单", LIST), "-o", folder) == 1

    assert f"没有覆盖也没有登记；请移走，或加 --force 覆盖：1 个\n    {FILES[0]}" in capsys.readouterr().out
    assert (folder / FILES[0]).read_bytes() == b"somebody's own"
    assert [entry["文件名"] for entry in manifest(folder)] == FILES[1:]


def test_error_half_way_leaves_a_true_manifest_and_the_next_run_completes_it(
    given_out: Path, tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, path, write = tmp_path / "发", as_csv(tmp_path / "名单", LIST), atomic.write

    def full(target: Path, data: bytes) -> None:
        if target.name == FILES[1]:
            raise OSError(28, "No space left on device", str(target))
        write(target, data)

    monkeypatch.setattr(atomic, "write", full)
    assert run("distribute", path, "-o", folder) == 2
    assert sorted(each.name for each in folder.iterdir()) == sorted([FILES[0], NAME])
    assert [entry["文件名"] for entry in manifest(folder)] == FILES[:1]
    assert f"不能写入“{folder / FILES[1]}”" in capsys.readouterr().err

    monkeypatch.setattr(atomic, "write", write)
    assert run("distribute", path, "-o", folder) == 0
    assert [(folder / file).read_bytes() == (given_out / file).read_bytes() for file in FILES] == [True] * 3
    assert [entry["文件名"] for entry in manifest(folder)] == FILES


def test_run_that_was_killed_is_completed_without_force(given_out: Path, tmp_path: Path) -> None:
    """Killed between a workbook and the manifest, which then does not know of it."""
    folder = copied(given_out, tmp_path / "发")
    (folder / NAME).unlink()
    (folder / FILES[2]).unlink()

    assert run("distribute", as_csv(tmp_path / "名单", LIST), "-o", folder) == 0

    assert [entry["文件名"] for entry in manifest(folder)] == FILES


@pytest.mark.parametrize("inside", ["", "下/面"], ids=["a file", "below a file"])
def test_folder_that_cannot_be_one_is_said(inside: str, tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "文件").write_bytes(b"")

    assert run("distribute", as_csv(tmp_path / "名单", LIST), "-o", tmp_path / "文件" / inside) == 2

    assert "是一个文件，请换一个文件夹" in capsys.readouterr().err


def test_folder_without_permission_is_said_beside_the_problems_of_the_list(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "发"
    folder.mkdir()
    # Whoever runs the tests as root may write anywhere.
    monkeypatch.setattr(os, "access", lambda *_: False)

    assert run("distribute", as_csv(tmp_path / "名单", [HEAD, ("", "1", "行政单位")]), "-o", folder) == 2

    err = capsys.readouterr().err
    assert "部门名称为空" in err
    assert "没有写入权限" in err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda text: text.replace("2025,xinjiang", "2024,xinjiang"), "里是 2024 年", id="another year"),
        pytest.param(lambda text: text.replace("文件名", "文件"), "缺少“文件名”栏", id="a column renamed"),
        pytest.param(lambda text: text[: text.rindex("xinjiang")], "第 4 行不完整", id="cut off"),
        pytest.param(lambda text: text + text.splitlines()[-1], "有两行", id="a line twice"),
        pytest.param(lambda _: "\0\0", "不是发放清单", id="no text"),
    ],
)
def test_manifest_that_cannot_be_gone_on_with_stops_everything(
    spoil: Callable[[str], str], said: str, given_out: Path, tmp_path: Path, capsys: Printed
) -> None:
    folder = copied(given_out, tmp_path / "发")
    text = (folder / NAME).read_text(encoding="utf-8-sig")
    (folder / NAME).write_text(spoil(text), encoding="utf-8-sig")
    before = snapshot(folder)

    assert run("distribute", as_csv(tmp_path / "名单", LIST), "-o", folder, "--force") == 2

    assert said in capsys.readouterr().err
    assert snapshot(folder) == before


def test_last_years_workbook_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "去年").mkdir()
    (tmp_path / "去年" / "甲.xlsx").write_bytes(build(CATALOGUE, blank(FORM, "甲", 2025)))
    rows = [(*HEAD, "上年工作簿"), ("甲", "1", "行政单位", "去年/甲.xlsx")]

    assert run("distribute", as_csv(tmp_path / "名单", rows), "-o", tmp_path / "发", "--year", "2026") == 0

    assert [(e["上年工作簿"], e["年度"]) for e in manifest(tmp_path / "发")] == [("../去年/甲.xlsx", "2026")]


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_progress_is_shown_on_a_terminal_and_only_there(tmp_path: Path) -> None:
    import fcntl
    import pty
    import struct
    import subprocess
    import termios

    master, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    path = as_csv(tmp_path / "名单", LIST)
    command = [sys.executable, "-m", "gouji_checks.cli", "distribute", str(path), "-o", str(tmp_path / "发"), "--force"]

    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=terminal, check=True)
    shown = os.read(master, 100_000).decode()
    quiet = subprocess.run(command, capture_output=True, text=True, check=True)

    assert "3/3" in shown
    assert quiet.stderr == ""
