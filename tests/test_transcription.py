"""Proof that the files of samples/published-2025 hold the published tables, nothing lost or invented."""

import csv
import re
import tomllib
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

import pytest

from tests.published_files import CODED, EMPTY, HEADERS, PUBLISHED, TWO_SIDED, figures_of, rows_of

PRINTED_LABELS = {
    "表1-收入": {
        "本年收入": "一、本年收入",
        "一般公共预算拨款": "1.一般公共预算拨款",
        "一般财力": "其中：一般财力",
        "上级一般公共预算转移支付": "上级一般公共预算安排转移支付",
        "政府性基金预算拨款": "2.政府性基金预算拨款",
        "政府性基金收入": "其中：政府性基金收入",
        "上级政府性基金转移支付": "上级政府性基金安排转移支付",
        "国有资本经营预算拨款": "3.国有资本经营预算拨款",
        "国有资本经营收入": "其中：国有资本经营收入",
        "上级国有资本经营预算转移支付": "上级国有资本经营预算安排转移支付",
        "财政专户核拨": "4.财政专户核拨",
        "单位资金": "5.单位资金",
        "事业收入": "其中：事业收入",
        "上级补助收入": "上级补助收入",
        "附属单位上缴收入": "附属单位上缴收入",
        "事业单位经营收入": "事业单位经营收入",
        "其他收入": "其他收入",
        "上年结转结余": "二、上年结转结余",
        "财政拨款结转": "1.财政拨款结转",
        "结转一般公共预算": "其中：一般公共预算拨款",
        "结转政府性基金": "政府性基金预算拨款",
        "结转国有资本": "国有资本经营预算拨款",
        "非财政拨款结转结余": "2.非财政拨款结转结余",
        "结转财政专户": "其中：财政专户核拨",
        "结转单位资金": "单位资金",
        "收入总计": "收入总计",
    },
    "表4-收入": {
        "财政拨款": "一、财政拨款（补助）",
        "一般公共预算": "一般公共预算",
        "政府性基金预算": "政府性基金预算",
        "国有资本经营预算": "国有资本经营预算",
        "收入总计": "收入总计",
    },
    "表10": {
        "合计": "合计",
        "因公出国": "因公出国（境）费",
        "公务接待": "公务接待费",
        "公务用车": "公务用车购置及运行费（小计）",
        "公务用车购置": "其中：公务用车购置费",
        "公务用车运行": "公务用车运行费",
    },
}

FIGURE = re.compile(r"-?[\d,]*\d\.\d+")
TRAILING = rf"(?:\s{FIGURE.pattern})*"
ROW_BY_CODE = re.compile(rf"(?P<code>\d{{3}}(?:\s\d{{2}}){{0,2}}\s)?(?P<name>.+?)(?P<figures>{TRAILING})")
ROW_OF_TWO_SIDES = re.compile(
    rf"(?:(?P<left>.*?\D)(?P<left_figures>{TRAILING})\s)?"
    rf"(?P<right>\d{{3}}\s\D+?|支\s?出\s?总\s?计)(?P<right_figures>{TRAILING})"
)
PAGE_TOP = re.compile(r"\d+|编制部门：.*")


class PrintedRow(NamedTuple):
    """A printed row: its code or label, its name if it has both, and its figures from left to right."""

    key: str
    name: str
    figures: list[str]


def excerpt() -> str:
    return (PUBLISHED / "tables.txt").read_text(encoding="utf-8")


def section(table: str) -> str:
    pieces = re.split(r"^\s*表 (\d+)$", excerpt(), flags=re.MULTILINE)
    numbers, texts = pieces[1::2], pieces[2::2]
    assert numbers == [str(number) for number in range(1, 12)]
    return texts[numbers.index(table.removeprefix("表"))]


def body(table: str) -> Iterator[str]:
    """The lines under the headings of each page; those of 表1 and 表4 have no 栏次 line and begin at 一、."""
    under_headings = False
    for line in map(str.strip, section(table).splitlines()):
        if line.startswith("※"):
            under_headings = True
        elif PAGE_TOP.fullmatch(line):
            under_headings = False
        elif line and (under_headings or line.startswith("一、")):
            under_headings = True
            yield line


def without_space(text: str | None) -> str:
    return re.sub(r"\s", "", text or "")


def printed_by_code(table: str) -> list[PrintedRow]:
    rows = []
    broken: list[str] = []
    for line in body(table):
        broken.append(line)
        if FIGURE.search(line):
            match = ROW_BY_CODE.fullmatch(" ".join(broken))
            assert match, broken
            rows.append(
                PrintedRow(without_space(match["code"]), without_space(match["name"]), match["figures"].split())
            )
            broken.clear()
    assert broken == []
    return rows


def printed_sides(table: str) -> tuple[list[PrintedRow], list[PrintedRow]]:
    left, right = [], []
    for line in body(table):
        match = ROW_OF_TWO_SIDES.fullmatch(line)
        assert match, line
        if match["left"]:
            left.append(PrintedRow(without_space(match["left"]), "", match["left_figures"].split()))
        key = match["right"][:3] if match["right"][0].isdigit() else without_space(match["right"])
        right.append(PrintedRow(key, "", match["right_figures"].split()))
    return left, right


def printed_by_label(table: str) -> list[PrintedRow]:
    return [PrintedRow(FIGURE.sub("", line).strip(), "", FIGURE.findall(line)) for line in body(table)]


def transcribed(stem: str) -> list[PrintedRow]:
    if "code" in HEADERS[stem].split(","):
        return [
            PrintedRow(row["code"], row["name"] + row.get("project", ""), figures_of(stem, row))
            for row in rows_of(stem)
        ]
    labels = PRINTED_LABELS.get(stem, {})
    return [PrintedRow(labels.get(row["row"], row["row"]), "", figures_of(stem, row)) for row in rows_of(stem)]


def in_reading_order(table: str) -> list[PrintedRow]:
    """The rows as the eye meets them: in a table of two sides the totals share the last line."""
    if table not in TWO_SIDED:
        return transcribed(table)
    *left, left_total = transcribed(f"{table}-收入")
    *right, right_total = transcribed(f"{table}-支出")
    lines = [*zip_longest(left, right), (left_total, right_total)]
    return [row for line in lines for row in line if row]


def test_every_table_with_figures_has_its_file_and_no_empty_table_has_one() -> None:
    assert set(HEADERS) == {path.stem for path in PUBLISHED.glob("*.csv")}


def test_the_excerpt_is_the_second_part_alone() -> None:
    text = excerpt()

    assert text.startswith(" 第二部分 2025 年部门预算公开表\n")
    assert "第三部分" not in text
    assert re.search(r"\d{7}", text) is None


@pytest.mark.parametrize("stem", HEADERS)
def test_a_file_has_its_header_and_every_cell_is_blank_or_two_decimals(stem: str) -> None:
    content = (PUBLISHED / f"{stem}.csv").read_bytes().decode("utf-8")

    assert content.endswith("\n")
    assert "\r" not in content
    assert content.split("\n")[0] == HEADERS[stem]
    width = len(HEADERS[stem].split(","))
    assert {len(cells) for cells in csv.reader(content.splitlines())} == {width}
    figures = [figure for row in rows_of(stem) for figure in figures_of(stem, row)]
    assert [figure for figure in figures if not re.fullmatch(r"\d+\.\d\d", figure)] == []


@pytest.mark.parametrize("table", [*TWO_SIDED, *CODED, "表10"])
def test_the_figures_are_those_printed_and_in_the_printed_order(table: str) -> None:
    printed = FIGURE.findall(section(table))

    assert printed
    assert printed == [figure for row in in_reading_order(table) for figure in row.figures]


@pytest.mark.parametrize("table", CODED)
def test_each_coded_row_has_the_code_the_name_and_the_figures_of_its_printed_row(table: str) -> None:
    assert printed_by_code(table) == transcribed(table)


@pytest.mark.parametrize("table", TWO_SIDED)
def test_each_row_has_the_figures_printed_on_its_side_of_the_line(table: str) -> None:
    left, right = printed_sides(table)

    assert left == transcribed(f"{table}-收入")
    assert right == transcribed(f"{table}-支出")


def test_each_row_of_the_three_public_expenses_has_its_printed_figures() -> None:
    assert printed_by_label("表10") == transcribed("表10")


@pytest.mark.parametrize("stem", PRINTED_LABELS)
def test_row_ids_are_in_the_printed_order(stem: str) -> None:
    assert list(PRINTED_LABELS[stem]) == [row["row"] for row in rows_of(stem)]


def test_a_table_without_a_file_prints_no_figure_and_says_that_it_is_empty() -> None:
    info = tomllib.loads((PUBLISHED / "info.toml").read_text(encoding="utf-8"))

    assert info["empty"] == EMPTY
    for table in EMPTY:
        assert FIGURE.findall(section(table)) == []
        assert "表为空表。" in without_space(section(table))


def test_every_table_names_the_department_and_the_year_of_the_info_file() -> None:
    info = tomllib.loads((PUBLISHED / "info.toml").read_text(encoding="utf-8"))

    for number in range(1, 12):
        departments = set(re.findall(r"编制部门：(\S+) 单位：万元", section(f"表{number}")))
        assert departments == {info["department"]}
    assert set(re.findall(r"(\d{4}) 年", excerpt())) == {str(info["year"])}
    assert info["department"] == rows_of("表7")[1]["name"]
