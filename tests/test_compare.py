"""The published comparison of 2025 with 2024 comes out of the workbook to the last digit; gouji compare prints it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gouji_checks.amount import show
from gouji_checks.compare.carried import carried
from gouji_checks.compare.comparison import Compared, Line, compare
from gouji_checks.compare.reading import prior_of
from gouji_checks.compare.sections import BEFORE, CHANGE, CODE, ITEM, NOW, RATE, REASON, SHARE, read_sections
from gouji_checks.live import template
from gouji_checks.source import FileSource
from gouji_templates.content import COMPARISONS, OPERATING, UNIT_KIND, VEHICLES
from samples.build import SAMPLE, SAMPLES, published
from tests import year_before
from tests.edits import changed, report
from tests.year_before import SAID, prior_rows, read, with_sheet

PUBLISHED = SAMPLES / SAMPLE
NARRATIVE = "叙述"
CONTENT = year_before.content()
HEADINGS = (CODE, ITEM, NOW, BEFORE, CHANGE, RATE, SHARE)

AMOUNT = re.compile(r"(?P<turn>减少|下降)?(?P<figure>\d+(?:\.\d+)?)(?P<unit>万元|%)")
"""An amount or a percentage in a sentence, and whether it is said to have gone down."""

OTHER_NUMBER = re.compile(r"\d+(?:\.\d+)?(?=[年人、])")
"""Years, heads and the numbers of items: all other numbers that the sentences have."""

SENTENCES: list[dict[str, Any]] = SAID["sentence"]


def by_hand(_: Path) -> Compared:
    """Last year typed on the sheet 上年预算数."""
    return compare(read(with_sheet(prior_rows())))


def from_workbook(folder: Path) -> Compared:
    """Last year in a workbook of its own."""
    path = year_before.write(folder / "上年.xlsx", year_before.content())
    book = read(FileSource(str(PUBLISHED)).read())
    return compare(book, prior_of(book, str(path)))


def mixed(folder: Path) -> Compared:
    """三公 typed, the rest from last year's workbook."""
    rows = prior_rows()
    kept = next(number for number, row in enumerate(rows) if row[0] == "财政拨款“三公”经费")
    end = next(number for number, row in enumerate(rows) if row[0] == "一般公共预算支出（按科目）")
    book = read(with_sheet([*rows[:3], *rows[kept:end]]))
    path = year_before.write(folder / "上年.xlsx", year_before.content())
    return compare(book, prior_of(book, str(path)))


WAYS = pytest.mark.parametrize("way", [by_hand, from_workbook, mixed])


def line(found: Compared, group: str, id: str) -> Line:
    return next(one for one in found.lines if (one.group, one.id) == (group, id))


def figure(found: Compared, name: str) -> str:
    """A figure of the comparison as a document prints it: group/line/what."""
    group, id, what = name.split("/")
    value = getattr(line(found, group, id), what)
    return show(value) if isinstance(value, int) else str(value)


@WAYS
def test_every_figure_of_the_document_is_reproduced_exactly(way: Callable[[Path], Compared], tmp_path: Path) -> None:
    found = way(tmp_path)

    different = []
    compared = narrative = 0
    for sentence in SENTENCES:
        said = list(AMOUNT.finditer(sentence["text"]))
        assert len(said) == len(sentence["figures"]), sentence["text"]
        for one, name in zip(said, sentence["figures"], strict=True):
            if name == NARRATIVE:
                narrative += 1
                continue
            compared += 1
            printed = f"{'-' if one['turn'] else ''}{one['figure']}"
            if printed != figure(found, name):
                different.append((sentence["section"], name, printed, figure(found, name)))

    assert different == []
    # 12 amounts tell of what money is for (一项目16万元) or of a mistake in the text; no table holds them.
    assert (compared, narrative) == (97, 12)


def test_no_number_of_the_sentences_is_passed_over() -> None:
    for sentence in SENTENCES:
        rest = OTHER_NUMBER.sub("", AMOUNT.sub("", sentence["text"]))

        assert not re.search(r"\d", rest), rest


def test_narrative_amounts_are_all_in_reasons() -> None:
    for sentence in SENTENCES:
        reason = sentence["text"].find("主要原因")
        for one, name in zip(AMOUNT.finditer(sentence["text"]), sentence["figures"], strict=True):
            if name == NARRATIVE:
                assert 0 <= reason < one.start()


@WAYS
def test_what_the_document_says_was_not_budgeted_is_zero(way: Callable[[Path], Compared], tmp_path: Path) -> None:
    found = way(tmp_path)

    for statement in SAID["absent"]:
        for name in statement["lines"]:
            assert figure(found, f"{name}/now") == "0.00"


def test_what_the_document_rounds() -> None:
    """Last year's 项 as the text implies them add to a cent more than its total; the five shares to 100.01."""
    found = by_hand(PUBLISHED)
    items = [one for one in found.lines if one.group == "一般公共预算科目" and one.level == "项"]
    shares = [one.share for one in found.lines if one.group == "一般公共预算科目" and one.level == "类"]

    assert show(sum(one.before or 0 for one in items)) == "603.82"
    assert figure(found, "一般公共预算/一般公共预算支出/before") == "603.81"
    assert len(shares) == 5
    assert sum(round(float(share) * 100) for share in shares) == 10_001


def test_last_years_workbook_ties(tmp_path: Path) -> None:
    """So that nothing is proved from a workbook that could not have been published."""
    path = year_before.write(tmp_path / "上年.xlsx", year_before.content())

    assert report(FileSource(str(path)).read()).worst != "error"


def test_where_each_figure_came_from_is_told(tmp_path: Path) -> None:
    found = from_workbook(tmp_path)

    assert line(found, "收入", "一般公共预算").cell == "表2!G7"
    assert line(found, "收入", "一般公共预算").origin == "上年工作簿 上年.xlsx 表2!G7"
    assert line(by_hand(tmp_path), "收入", "一般公共预算").origin == "手工填写"


@pytest.mark.parametrize(
    ("kind", "stated", "amount", "said"),
    [
        pytest.param("行政单位", "", "30.20", "按单位性质“行政单位”取 表6!F8 的公用经费", id="an administrative unit"),
        pytest.param("参照公务员法管理的事业单位", "", "30.20", "取 表6!F8", id="managed by the civil-service law"),
        pytest.param("行政单位和事业单位", 12.5, "12.50", "填列的数", id="a mixed department states it"),
        pytest.param("行政单位和事业单位", 40.0, "40.00", "大于 表6!F8 的公用经费 30.20", id="more than the bound"),
        pytest.param("行政单位和事业单位", "", None, "“机关运行经费”没有填写", id="a mixed one that states nothing"),
        pytest.param("行政单位和事业单位", "很多", None, "“很多”不是金额", id="a mixed one that states no amount"),
        pytest.param("事业单位", "", None, "单位性质为“事业单位”，不列示机关运行经费", id="an institution has none"),
        pytest.param("", "", None, "没有填写单位性质", id="nobody knows"),
        pytest.param("参公单位", "", None, "单位性质“参公单位”不是列表中的", id="a kind that the form does not have"),
    ],
)
def test_operating_cost_depends_on_what_the_department_is(
    kind: str, stated: object, amount: str | None, said: str
) -> None:
    found = compare(read(with_info({UNIT_KIND: kind, OPERATING: stated})))

    one = line(found, OPERATING, OPERATING)
    assert (None if one.now is None else show(one.now)) == amount
    assert any(said in note for note in found.notes)


def with_info(values: dict[str, object]) -> Any:
    """The published workbook with other values on its first sheet."""
    workbook = with_sheet(prior_rows())
    rows = [list(row) for row in workbook.sheets[0].rows]
    for row in rows:
        if row[0] in values:
            row[1] = values[str(row[0])]
    have = {row[0] for row in rows}
    rows += [[field, value, *[""] * (len(rows[0]) - 2)] for field, value in values.items() if field not in have]
    return workbook._replace(sheets=[workbook.sheets[0]._replace(rows=rows), *workbook.sheets[1:]])


def test_figures_per_head_and_per_vehicle_only_where_the_numbers_are_given() -> None:
    with_vehicles = compare(read(with_info({VEHICLES: 2.0})))
    without_staff = compare(read(with_info({VEHICLES: 0.0, "在职人数": ""})))

    # 302,000 元 and 138,000 元 among 28 people, 108,000 元 for 2 vehicles.
    values = {one.label: one.value for one in with_vehicles.per_head}
    assert values == {"人均公用经费": "10785.71", "“三公”经费人均": "4928.57", "单车运行费": "54000.00"}
    assert without_staff.per_head == ()


def test_a_group_without_last_years_figures_is_not_compared() -> None:
    rows = prior_rows()
    end = next(number for number, row in enumerate(rows) if row[0] == "支出预算")

    found = compare(read(with_sheet(rows[:end])))

    assert line(found, "收入", "一般公共预算").change is not None
    expenses = line(found, "支出", "基本支出")
    assert (expenses.before, expenses.change, expenses.rate) == (None, None, "")
    assert any(note.startswith("没有上年数，未作对比：支出预算、财政拨款收支预算") for note in found.notes)


def test_a_missing_table_leaves_its_lines_without_a_figure() -> None:
    found = compare(read(changed("删表 表10", of=with_sheet(prior_rows()))))

    one = line(found, "三公经费", "三公经费合计")
    assert (one.now, one.change, one.rate, one.remark) == (None, None, "", "没有表10")
    assert any("没有表10" in note for note in found.notes)


def test_an_unreadable_figure_is_named_and_not_compared() -> None:
    found = compare(read(changed("表10[公务接待].合计 = 三万", of=with_sheet(prior_rows()))))

    one = line(found, "三公经费", "公务接待")
    assert (one.now, one.change) == (None, None)
    assert one.remark == "表10!B9 读不出数字"


def test_an_unreadable_figure_by_code_leaves_its_line_and_its_total_alone() -> None:
    found = compare(read(changed("表5[2011350].合计 = 不详", of=with_sheet(prior_rows()))))

    one = line(found, "一般公共预算科目", "2011350")
    assert (one.now, one.change, one.remark) == (None, None, "表5!E12 读不出数字")
    assert one.parts[0] == (99_900_000, 57_040_000)
    assert figure(found, "一般公共预算科目/201/now") == "452.73"
    assert "表5!E12 读不出数字" in found.notes


def test_formulas_without_results_are_said_once_of_their_tables() -> None:
    book = with_sheet(prior_rows())
    for number, sheet in enumerate(book.sheets):
        if sheet.name in ("表5", "表10", "表11"):
            cells = [(i, j, cell) for i, row in enumerate(sheet.rows) for j, cell in enumerate(row)]
            places = frozenset((i, j) for i, j, cell in cells if isinstance(cell, float))
            empty = [["" if isinstance(cell, float) else cell for cell in row] for row in sheet.rows]
            book.sheets[number] = sheet._replace(rows=empty, uncalculated=places)

    found = compare(read(book))

    assert line(found, "三公经费", "公务接待").now is None
    assert [note for note in found.notes if "公式" in note] == [
        "表5、表10的公式没有计算结果，不能对比，请用 Excel 或 WPS 打开后保存一次"
    ]
    assert not [note for note in found.notes if "读不出数字" in note]


def test_rows_that_share_a_code_are_added_up_and_said() -> None:
    found = compare(read(changed("重复行 表5[2011350]", of=with_sheet(prior_rows()))))

    assert figure(found, "一般公共预算科目/2011350/now") == "199.80"
    assert "表5的科目 2011350 出现 2 次，已加在一起对比" in found.notes


def test_the_templates_own_sheets_are_read_back(tmp_path: Path) -> None:
    """Their headings, their lines and what they showed when built, and the reasons that somebody wrote."""
    prior = prior_of(read(FileSource(str(PUBLISHED)).read()), str(year_before.write(tmp_path / "a.xlsx", CONTENT)))
    assert prior is not None
    filled = published(year_before.FORM)._replace(prior=carried(prior, year_before.FORM))
    (tmp_path / "b.xlsx").write_bytes(template.build(year_before.CATALOGUE, filled))
    workbook = FileSource(str(tmp_path / "b.xlsx")).read()
    found = compare(read(workbook))

    shown: dict[tuple[str, str], list[object]] = {}
    for sheet in workbook.sheets:
        if sheet.name in COMPARISONS:
            listed = read_sections(sheet, year_before.FORM, (*HEADINGS, REASON), NOW)
            assert listed is not None
            for entry in listed.entries:
                shown[entry.group.id, entry.id] = [entry.cells[heading] for heading in HEADINGS[2:]]
                sheet.rows[entry.row][listed.columns[REASON]] = f"因为{entry.id}"

    expected = {
        (one.group, one.id): [
            *(show(amount or 0) for amount in (one.now, one.before, one.change)),
            one.rate,
            one.share,
        ]
        for one in found.lines
    }
    printed = {key: [f"{cell:.2f}" if isinstance(cell, float) else cell for cell in row] for key, row in shown.items()}
    assert printed == expected
    again = compare(read(workbook))
    assert {one.reason for one in again.lines} == {f"因为{one.id}" for one in found.lines}
