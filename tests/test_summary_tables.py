"""The tables over all departments: to the cent the sums of the departments' own, and tied like any department's."""

import random
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gouji_checks.check import known_codes
from gouji_checks.line_keys import keys_of
from gouji_checks.single import Options
from gouji_checks.summary.choice import SHALLOW, Row, choose
from gouji_checks.summary.consolidate import Sums, consolidated
from gouji_checks.summary.leaves import OTHER_ITEM
from gouji_checks.summary.record import Record, record_of
from gouji_checks.summary.tables import Tables, tables
from gouji_templates import workbook
from gouji_templates.content import Content, Line, line_of, name_index
from gouji_templates.form import DEFAULT_FORM
from tests import bureau
from tests.bureau import CATALOGUE, FORM, Department

OPTIONS = Options(DEFAULT_FORM)
PUBLISHED = Path(__file__).parents[1] / "samples" / "published-2025.xlsx"
COUNT = 40

PrintedSums = dict[tuple[str, str], list[Decimal]]
"""The figures of every row by block and key, a blank as zero."""


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    paths = bureau.write(bureau.bureau(COUNT, broken_every=COUNT + 1), tmp_path_factory.mktemp("上交"))
    return [record_of(path, OPTIONS) for path in paths]


def over(records: list[Record]) -> Tables:
    sums = Sums()
    for record in records:
        sums.add(record)
    return tables(CATALOGUE, known_codes(), sums, 2025)


def printed(*contents: Content) -> PrintedSums:
    """The sums of these contents' rows by what departments have in common, worked out from what is printed."""
    found: PrintedSums = defaultdict(list)
    for content in contents:
        for block in FORM.blocks:
            lines = content.lines.get(block.name, [])
            for key, line in zip(keys_of(block, lines), lines, strict=True):
                # Budget units, and the names of items, are departments' own.
                own = block.kind in ("projects", "items") and key and not key[0].isdigit() and "计" not in key[0]
                if key and not own:
                    figures = [figure or Decimal(0) for figure in line.figures]
                    sums = found.setdefault((block.name, key[0]), [Decimal(0)] * len(figures))
                    found[block.name, key[0]] = [a + b for a, b in zip(sums, figures, strict=True)]
    return {key: figures for key, figures in found.items() if any(figures)}


def test_every_figure_is_the_sum_of_the_departments_to_the_cent(records: list[Record]) -> None:
    found = over(records)

    assert found.errors == ()
    assert found.settled == ()
    assert printed(found.content) == printed(*(bureau.content(Department(number)) for number in range(COUNT)))


def test_main_figures_are_the_sums_of_the_departments(records: list[Record]) -> None:
    found = over(records)

    for id, main in found.figures.items():
        if main.now is not None:
            assert main.now == sum(record.figures[id].now or 0 for record in records), id


@settings(deadline=None, max_examples=20)
@given(some.randoms(use_true_random=False))
def test_the_order_of_the_departments_does_not_matter(records: list[Record], chance: random.Random) -> None:
    shuffled = list(records)
    chance.shuffle(shuffled)
    one, other = Sums(), Sums()
    for record, another in zip(records, shuffled, strict=True):
        one.add(record)
        other.add(another)

    contents = [consolidated(CATALOGUE, known_codes(), sums, "各部门", 2025) for sums in (one, other)]

    assert contents[0] == contents[1]


@pytest.mark.parametrize("count", [1, 7, 100])
def test_rounding_of_many_departments_is_settled_and_named(count: int) -> None:
    """The published department's 表6 is 0.02 short of its own total: a hundred of them would be 2.00 out."""
    found = over([record_of(str(PUBLISHED), OPTIONS)] * count)

    assert found.errors == ()
    assert [(shift.block, shift.fen) for shift in found.settled] == [("表6", count * 20_000)]
    assert found.figures["一般公共预算/一般公共预算支出"].now == count * 701_200_000


def test_a_wrong_figure_is_not_settled(tmp_path: Path) -> None:
    """Not even where the others' 尾差 come to more than it is wrong by."""
    (path,) = bureau.write([Department(3, broken=True)], tmp_path)

    found = over([record_of(path, OPTIONS), *[record_of(str(PUBLISHED), OPTIONS)] * 100])

    assert found.settled == ()
    assert "X17" in {error.rule for error in found.errors}


def test_figures_in_a_smaller_unit_are_rounded_once_in_the_sum(records: list[Record]) -> None:
    sums = Sums()
    for record in records[:2]:
        sums.add(record)
    code = next(iter(sums.parts["表6"]))
    place, amount = next((i, fen) for i, fen in enumerate(sums.parts["表6"][code]) if fen)
    sums.shift("表6", code, place, 4_999)
    sums.shift("表6", code, place, 2)

    sums.round(FORM)

    assert sums.parts["表6"][code][place] == amount + 10_000
    assert sums.rounding == 4_999


def test_departments_in_a_smaller_unit_tie_when_rounded_together() -> None:
    """Ten departments with 37 元 more each: 0.04 万元 in all, of which 表6 would round to 0.01 and 0.02."""
    record = record_of(str(PUBLISHED), OPTIONS)
    finer = {
        ("表2", "2011301", "一般公共预算"): 3_700,
        ("表3", "2011301", "基本支出"): 3_700,
        ("表5", "2011301", "基本支出"): 3_700,
        ("表6", "30101", "人员经费"): 1_400,
        ("表6", "30102", "人员经费"): 2_300,
    }
    sums = Sums()
    for _ in range(10):
        sums.add(record)
    plain = over([record] * 10)
    for (name, code, column), fen in finer.items():
        place = next(block for block in FORM.blocks if block.name == name).column(column)
        assert place is not None
        sums.shift(name, code, place, 10 * fen)

    found = tables(CATALOGUE, known_codes(), sums, 2025)

    assert found.errors == ()
    whole, before = (one.figures["一般公共预算/一般公共预算支出"].now or 0 for one in (found, plain))
    assert whole == before + 40_000


def changed(name: str, change: "dict[str, str]", number: int = 0) -> Content:
    """A department with other names of rows in a block."""
    content = bureau.content(Department(number))
    block = next(block for block in FORM.blocks if block.name == name)
    at = name_index(block)
    lines = [
        line._replace(labels=(*line.labels[:at], change.get(line.labels[at], line.labels[at]), *line.labels[at + 1 :]))
        for line in content.lines[name]
    ]
    return content._replace(lines=content.lines | {name: lines})


def test_items_under_names_of_their_own_share_a_row(tmp_path: Path) -> None:
    own = changed("表11", {"上年项目结转": "某某大桥", "上年人员经费结转": "某某隧道"})
    standard = changed("表11", {"上年人员经费结转": "基本支出人员经费"}, 1)
    for number, content in enumerate((own, standard)):
        workbook.write(tmp_path / f"{number}.xlsx", FORM, content)

    found = over([record_of(str(tmp_path / f"{number}.xlsx"), OPTIONS) for number in range(2)])

    assert [line.labels[0] for line in found.content.lines["表11"]] == ["合计", "基本支出人员经费", OTHER_ITEM]
    assert found.errors == ()


def test_projects_of_a_code_share_a_row(records: list[Record]) -> None:
    found = over(records)

    rows = [line for line in found.content.lines["表7"] if line.labels[-1]]
    codes = ["".join(line.labels[:3]) for line in rows]
    assert codes == sorted(set(codes))
    assert rows[0].labels[-1] == f"{rows[0].labels[3]}项目汇总"
    assert [line.labels[3] for line in found.content.lines["表7"][:2]] == ["总计", "各部门汇总"]


def test_codes_that_no_list_has_keep_the_departments_names(tmp_path: Path) -> None:
    content = bureau.content(Department(0))
    lines = {
        name: [_recoded(line, name) for line in rows] if name in ("表2", "表3", "表5", "表7", "表8", "表9") else rows
        for name, rows in content.lines.items()
    }
    workbook.write(tmp_path / "甲.xlsx", FORM, content._replace(lines=lines))

    found = over([record_of(str(tmp_path / "甲.xlsx"), OPTIONS)])

    named = {"".join(line.labels[:3]): line.labels[3] for line in found.content.lines["表3"]}
    assert named["2230177"] == "新增的科目"
    assert found.errors == ()


def _recoded(line: Line, name: str) -> Line:
    if line.labels[:3] != ("223", "01", "05"):
        return line
    block = next(block for block in FORM.blocks if block.name == name)
    project = line.labels[-1] if block.kind == "projects" else ""
    return line_of(block, "新增的科目", "2230177", project)._replace(figures=line.figures)


def test_a_department_that_stops_above_the_last_level_cannot_be_added_up(tmp_path: Path) -> None:
    content = bureau.content(Department(0))
    lines = [line for line in content.lines["表6"] if not line.labels[1]]
    workbook.write(tmp_path / "甲.xlsx", FORM, content._replace(lines=content.lines | {"表6": lines}))
    record = record_of(str(tmp_path / "甲.xlsx"), OPTIONS)

    (left,) = choose([Row("甲.xlsx", record)], everything=True).left

    assert left.kind == SHALLOW
    assert "表6“301 工资福利支出”" in left.reason


def test_tables_that_nobody_has_figures_for_say_so() -> None:
    found = over([record_of(str(PUBLISHED), OPTIONS)] * 2)

    assert found.content.empty == {"表8", "表9", "表11"}
    assert found.errors == ()
