"""Reading the list of departments: every kind of file, and every problem in one sentence with its row."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gouji_checks import departments
from gouji_checks.relation import load
from gouji_templates.distribute import Department
from tests.command import run
from tests.lists import HEAD, LIST, Rows, as_csv, as_xls, as_xlsx

Printed = pytest.CaptureFixture[str]
FORM = load().form


def read(path: Path) -> list[Department]:
    return departments.read(str(path), FORM, 2025)


FORMATS: dict[str, Callable[[Path, Rows], Path]] = {
    "xlsx, the list on its second sheet": as_xlsx,
    "xls": as_xls,
    "csv, UTF-8": as_csv,
    "csv, UTF-8 with a mark": lambda path, rows: as_csv(path, rows, "utf-8-sig"),
    "csv, GB18030": lambda path, rows: as_csv(path, rows, "gb18030"),
    "csv, tabs": lambda path, rows: as_csv(path, rows, separator="\t"),
    "xlsx named csv": lambda path, rows: as_xlsx(path, rows).rename(path.with_suffix(".csv")),
}


@pytest.mark.parametrize("write", FORMATS.values(), ids=FORMATS)
def test_every_kind_of_list_reads_the_same(write: Callable[[Path, Rows], Path], tmp_path: Path) -> None:
    found = read(write(tmp_path / "名单", LIST))

    assert [tuple(department) for department in found] == [
        ("某某市教育局", "001", "行政单位", "", 2),
        ("某某市第一中学（本级）", "002001", "事业单位", "", 3),
        ("某某市供销合作社", "", "参照公务员法管理的事业单位", "", 4),
    ]


def test_headings_are_found_by_other_names_below_a_title_between_other_columns(tmp_path: Path) -> None:
    rows: Rows = [
        ("2025年发放名单",),
        (),
        ("序号", "预算单位代码", "单位 名称", "联系科室", "单位类型"),
        (1, 1.0, " 某某局 ", "预算科", "行政单位"),
        (),
        (2, "007", "某某办", "", "事业单位"),
    ]

    assert [(d.name, d.code, d.row) for d in read(as_xlsx(tmp_path / "名单", rows))] == [
        ("某某局", "1", 4),
        ("某某办", "007", 6),
    ]


def test_short_names_that_are_text_in_either_encoding_are_read_by_the_headings(tmp_path: Path) -> None:
    """联通 in GB18030 is also valid UTF-8."""
    path = as_csv(tmp_path / "名单", [HEAD, ("联通", "1", "行政单位")], "gb18030")

    assert [department.name for department in read(path)] == ["联通"]


PROBLEMS: dict[str, tuple[Rows, list[str]]] = {
    "no column for the code or the kind": (
        [("部门名称", "联系科室"), ("某局", "")],
        ["第 1 行缺少“部门编码”“单位性质”栏"],
    ),
    "no headings": ([("甲", "乙"), ("1", "2")], ["不像部门名单"]),
    "nobody": ([HEAD], ["下面没有部门"]),
    "empty name": ([HEAD, ("", "1", "行政单位")], ["第 2 行：部门名称为空"]),
    "name twice, brackets of another width": (
        [HEAD, ("某局（本级）", "1", "行政单位"), ("某局(本级)", "2", "行政单位")],
        ["第 3 行：部门名称“某局(本级)”与第 2 行重复"],
    ),
    "code twice": (
        [HEAD, ("甲", "01", "行政单位"), ("乙", "1", "行政单位"), ("丙", "01", "行政单位")],
        ["第 4 行：部门编码“01”与第 2 行重复"],
    ),
    "unknown kind": ([HEAD, ("甲", "1", "公司")], ["第 2 行：单位性质“公司”不能用，应为行政单位、"]),
    "no kind": ([HEAD, ("甲", "1", "")], ["第 2 行：单位性质为空，应为行政单位、"]),
    "line break in a name": ([HEAD, ("甲\n局", "1", "行政单位")], ["第 2 行：部门名称“甲局”中有换行"]),
    "sign nobody sees": ([HEAD, ("甲\u200b局", "1", "行政单位")], ["看不见的字符（U+200B）"]),
    "name too long": ([HEAD, ("局" * 81, "1", "行政单位")], ["部门名称有 81 个字，超过 80 个"]),
    "name that is a formula": ([HEAD, ("=A1", "1", "行政单位")], ["部门名称“=A1”以“=”开头"]),
    "broken formula": ([HEAD, ("#REF!", "1", "行政单位")], ["部门名称是出错的公式 #REF!"]),
    "files of the same name": (
        [HEAD, ("甲/乙", "", "行政单位"), ("甲：乙", "", "行政单位"), ("甲:乙", "1", "行政单位"), ("A", "", "行政单位"),
         ("甲?", "", "行政单位"), ("甲？乙", "", "行政单位"), ("1_甲：乙 ", "", "行政单位")],
        ["第 4 行：部门名称“甲:乙”与第 3 行重复", "第 8 行：文件名与第 4 行的“甲:乙”相同"],
    ),
    "last year's workbook missing": (
        [(*HEAD, "上年工作簿"), ("甲", "1", "行政单位", "去年/甲.xlsx")],
        ["第 2 行：上年工作簿“去年/甲.xlsx”不存在"],
    ),
    "several at once, in order": (
        [HEAD, ("甲", "1", "公司"), ("", "2", "行政单位"), ("甲", "1", "行政单位")],
        ["第 2 行：单位性质", "第 3 行：部门名称为空", "第 4 行：部门名称“甲”与", "第 4 行：部门编码“1”与"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "said"), PROBLEMS.values(), ids=PROBLEMS)
def test_every_problem_of_a_list_is_one_sentence_with_its_row_and_nothing_is_written(
    rows: Rows, said: list[str], tmp_path: Path, capsys: Printed
) -> None:
    path = as_csv(tmp_path / "名单", rows)

    assert run("distribute", path, "-o", tmp_path / "发") == 2

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == len(said) + 1
    assert all(words in line and line.endswith("。") for words, line in zip(said, lines, strict=False))
    assert [each.name for each in tmp_path.iterdir()] == ["名单.csv"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(lambda _: None, "文件不存在", id="missing"),
        pytest.param(lambda path: path.mkdir(), "这是文件夹", id="a folder"),
        pytest.param(lambda path: path.write_bytes(b""), "文件内容为空", id="empty"),
        pytest.param(lambda path: path.write_bytes(b"%PDF-1.4\0\xff\xff"), "PDF", id="another kind of file"),
        pytest.param(lambda path: path.write_bytes(b"PK\3\4 cut off"), "损坏", id="damaged"),
        pytest.param(
            lambda path: path.write_text("姓名,电话\n", encoding="gb18030"), "不像部门名单", id="another list"
        ),
    ],
)
def test_what_is_no_list_is_said(make: Callable[[Path], object], said: str, tmp_path: Path, capsys: Printed) -> None:
    make(tmp_path / "名单.csv")

    assert run("distribute", tmp_path / "名单.csv", "-o", tmp_path / "发") == 2

    printed = capsys.readouterr().err
    assert said in printed
    assert "Traceback" not in printed
    assert not (tmp_path / "发").exists()
