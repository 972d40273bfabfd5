"""Line items: the sheet is found, and read whole or refused with every problem."""

from collections.abc import Sequence

import pytest

from gouji_checks import detail
from gouji_checks.check import known_codes
from gouji_checks.detail import DetailError, LineItem
from gouji_checks.source import MemorySource, Sheet, Workbook
from gouji_templates.classification import Subject
from tests.stored import FORM

CODES = known_codes()
HEADINGS = ("预算单位", "功能科目编码", "资金来源", "支出类型", "项目名称", "部门经济分类编码", "金额（元）")
BASIC = ("", "2011301", "一般公共预算", "人员经费", "", "30101", 1234567.0)
PROJECT = ("服务中心", "2150805", "其他收入", "项目支出", "专项业务", "30231", 500000.0)
FUNDING = {funding.name: funding for funding in FORM.funding}
SPENDING = {spending.name: spending for spending in FORM.spending}

Row = Sequence[object]


def sheet(*rows: Row, headings: Row = HEADINGS, above: Sequence[Row] = (), uncalculated: bool = False) -> Sheet:
    """A sheet of line items; with `uncalculated` the amounts are formulas that nobody has worked out."""
    grid = [[*row, *[""] * (len(headings) - len(row))] for row in (*above, headings, *rows)]
    waiting = frozenset((row, len(headings) - 1) for row in range(len(grid)) if uncalculated)
    return Sheet("预算明细", grid, uncalculated=waiting)


def entries(found: Sheet) -> tuple[LineItem, ...]:
    return detail.read(found, FORM, CODES).entries


def problems(found: Sheet) -> tuple[str, ...]:
    with pytest.raises(DetailError) as caught:
        detail.read(found, FORM, CODES)
    return caught.value.problems


def item(
    code: str = "2011301",
    economic: str = "30101",
    fen: int = 1_000_000,
    funding: str = "一般公共预算",
    spending: str = "人员经费",
    project: str = "",
    unit: str = "",
) -> LineItem:
    return LineItem(unit, code, FUNDING[funding], SPENDING[spending], project, economic, fen)


# ── finding the sheet ──


def test_sheet_is_found_by_its_name_or_its_headings() -> None:
    own = sheet(BASIC)
    other = own._replace(name="Sheet1")
    plain = Sheet("说明", [["预算明细"], ["项目名称"]])

    assert detail.find(Workbook([plain, other, own])) is own
    assert detail.find(Workbook([plain, other])) is other
    assert detail.find(Workbook([plain])) is None


@pytest.mark.parametrize("rows", [[], [["", " "]], [["预算明细"], HEADINGS, [""] * 7, [" "] * 7]])
def test_sheet_left_empty_is_no_line_items(rows: list[list[object]]) -> None:
    assert detail.find(Workbook([Sheet("预算明细", rows)])) is None


def test_named_sheet_without_the_headings_is_found_and_refused() -> None:
    found = detail.find(MemorySource({"预算明细": [["我的明细"], ["甲", 1]]}).read())

    assert found is not None
    needed = "“功能科目编码”、“资金来源”、“支出类型”、“项目名称”、“部门经济分类编码”、“金额（元）”"
    assert problems(found) == (f"预算明细：前 10 行没有找到栏名，应有{needed}各栏",)


# ── reading ──

SAME: dict[str, dict[int, object]] = {
    "codes as numbers": {1: 2011301.0, 5: 30101.0},
    "codes glued to names": {1: "2011301 行政运行", 5: "30101-基本工资"},
    "codes with full-width digits": {1: "２０１１３０１", 5: "30101　基本工资"},
    "a code with spaces": {1: "201 13 01"},
    "another name for the money": {2: "经费拨款"},
    "the money with a number before it": {2: "11-一般公共预算拨款"},
    "a kind of project that is a kind of spending": {3: "人员类项目"},
    "spending spelled out": {3: "基本支出-人员经费"},
    "spending with a number before it": {3: "1.人员经费"},
    "a name where basic spending needs none": {4: "工资"},
    "spaces for blanks": {0: " ", 4: "　"},
    "a whole number": {6: 1234567},
    "a sum of floats": {6: 1234567 + 1e-9},
}


@pytest.mark.parametrize("name", SAME)
def test_line_item_written_another_way_is_the_same(name: str) -> None:
    row = [SAME[name].get(place, cell) for place, cell in enumerate(BASIC)]

    assert entries(sheet(row)) == entries(sheet(BASIC)) == (item(fen=123_456_700),)


def test_line_item_of_a_unit_and_a_project() -> None:
    expected = item("2150805", "30231", 50_000_000, "其他收入", "项目支出", "专项业务", "服务中心")

    assert entries(sheet(PROJECT)) == (expected,)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("401001 市急救中心", "市急救中心"), ("401001-市急救中心", "市急救中心"), ("120急救中心", "120急救中心")],
)
def test_unit_loses_its_code_and_keeps_its_own_number(typed: str, read: str) -> None:
    assert entries(sheet((typed, *BASIC[1:])))[0].unit == read


HEADED: dict[str, tuple[Row, Row, int]] = {
    "as some systems export them": (
        ("单位名称", "功能分类科目编码", "资金性质", "支出性质", "项目名称", "部门经济科目编码", "金额"),
        BASIC,
        123_456_700,
    ),
    "names beside codes, columns nobody asked for": (
        (
            "序号",
            "功能分类科目",
            "功能分类科目编码",
            "资金来源",
            "支出类型",
            "项目名称",
            "政府经济分类",
            "经济分类编码",
            "预算数",
        ),
        (1.0, "行政运行", "2011301", "一般公共预算", "人员经费", "", "50101", "30101", 1234567.0),
        123_456_700,
    ),
    "in 万元": ((*HEADINGS[:-1], "金额（万元）"), (*BASIC[:-1], 123.4567), 123_456_700),
    "in 千元, said in brackets": ((*HEADINGS[:-1], "预算数\n(单位：千元)"), (*BASIC[:-1], 1234.567), 123_456_700),
    "without units": (HEADINGS[1:], BASIC[1:], 123_456_700),
}


@pytest.mark.parametrize("name", HEADED)
def test_columns_are_found_by_their_headings(name: str) -> None:
    headings, row, fen = HEADED[name]

    assert entries(sheet(row, headings=headings)) == (item(fen=fen),)


def test_headings_may_stand_lower_under_a_line_with_the_unit() -> None:
    headings = (*HEADINGS[:-1], "金额")
    above = [["2025年预算明细"], ["编制单位：某局"], ["单位：万元"]]

    assert entries(sheet((*BASIC[:-1], 123.4567), headings=headings, above=above)) == (item(fen=123_456_700),)


def test_blank_rows_are_passed_over_and_line_items_of_nothing_left_out() -> None:
    nothing = (*BASIC[:-1], 0.0)

    assert entries(sheet((), BASIC, ["", " "], nothing, PROJECT, ())) == entries(sheet(BASIC, PROJECT))


@pytest.mark.parametrize("place", [0, 1, 4])
def test_total_that_agrees_is_passed_over(place: int) -> None:
    total = ["", "", "", "", "", "", 1734567.0]
    total[place] = "合　计"

    assert (
        entries(sheet(total, BASIC, PROJECT))
        == entries(sheet(BASIC, PROJECT, total))
        == entries(sheet(BASIC, PROJECT, [*total[:-1], ""]))
    )


# ── problems ──

FUNDS = "、".join(FUNDING)
UNLISTED = "没有收录，请核对编码；确有这个科目的，用 --codes 提供完整的科目表"
CLASS = "请核对编码或支出类型"
BAD: dict[str, tuple[int, object, str, str]] = {
    "unknown function": (1, "2019977", "C2", f"科目 2019977 {UNLISTED}"),
    "unknown class": (1, "2982101", "C2", f"科目 2982101 {UNLISTED}"),
    "款 for 项": (1, "20113", "C2", "“20113”不是功能科目的项级（7 位，如 2011301）编码，请改正"),
    "words for a code": (1, "行政运行", "C2", "“行政运行”里没有科目编码，请填项级（7 位，如 2011301）"),
    "no function": (1, "", "C2", "没有填功能科目编码，请填项级（7 位，如 2011301）"),
    "unknown money": (2, "财政资金", "D2", f"资金来源“财政资金”不认识，应为下列之一：{FUNDS}"),
    "no money": (2, "", "D2", f"没有填资金来源，应为下列之一：{FUNDS}"),
    "unknown spending": (3, "基本支出", "E2", "支出类型“基本支出”不认识，应为下列之一：人员经费、公用经费、项目支出"),
    "no spending": (3, "", "E2", "没有填支出类型，应为下列之一：人员经费、公用经费、项目支出"),
    "project without a name": (3, "项目支出", "F2", "项目支出没有填项目名称，请补上"),
    "salaries outside their class": (5, "30201", "G2", f"人员经费不能用经济分类 30201，应为 301、303 类，{CLASS}"),
    "running costs outside theirs": (3, "公用经费", "G2", f"公用经费不能用经济分类 30101，应为 302、310 类，{CLASS}"),
    "类 for 款": (5, 301.0, "G2", "“301”不是部门经济分类的款级（5 位，如 30101）编码，请改正"),
    "unknown economic": (5, "30188", "G2", f"科目 30188 {UNLISTED}"),
    "no economic": (5, "", "G2", "没有填部门经济分类编码，请填款级（5 位，如 30101）"),
    "number as text": (6, "12000", "H2", "金额“12000”是文本，不是数字，请把这一栏改成数值格式"),
    "words for an amount": (6, "三万元", "H2", "金额“三万元”不是数字，请改填数字"),
    "an error": (6, "#REF!", "H2", "金额“#REF!”是公式的错误，请改正公式或改填数字"),
    "less than nothing": (6, -5.0, "H2", "金额“-5”是负数，请改填正数；调减的请与原来的一行合并"),
    "finer than 分": (6, 9012000.004, "H2", "金额 9012000.004 元比分还细，请四舍五入到分"),
    "no amount": (6, "", "H2", "没有填金额，请补上，或删去这一行"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_problem_is_said_with_its_cell(name: str) -> None:
    place, value, cell, words = BAD[name]
    row = [value if i == place else typed for i, typed in enumerate(BASIC)]
    # One column to the right, so that places follow from the headings.
    found = sheet(["", *row], headings=["", *HEADINGS])

    assert problems(found) == (f"预算明细!{cell}：{words}",)


def test_every_problem_is_said_in_order() -> None:
    found = problems(sheet(BASIC, ("", "20113", "钱", "人员", "", "30101", "x"), PROJECT, (*BASIC[:-1], -1.0)))

    assert [text.split("：")[0] for text in found] == ["预算明细!B3", "预算明细!C3", "预算明细!G3", "预算明细!G5"]


@pytest.mark.parametrize(
    ("code", "listed", "words"),
    [
        ("2011301", ["2011301"], f"科目 2011301 的上级 201 {UNLISTED}"),
        ("2011301", ["2011301", "201"], f"科目 2011301 的上级 20113 {UNLISTED}"),
        ("2340101", ["2340101", "23401", "234"], "科目 2340101 所属的类 234 不在公开表样中，请核对编码"),
    ],
)
def test_code_that_no_table_has_room_for_is_named(code: str, listed: list[str], words: str) -> None:
    functional = {listed_code: Subject(listed_code, "某科目", "A", "") for listed_code in listed}
    with pytest.raises(DetailError) as caught:
        detail.read(sheet(("", code, *BASIC[2:])), FORM, {**CODES, "functional": functional})

    assert caught.value.problems == (f"预算明细!B2：{words}",)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (sheet(BASIC, headings=[*HEADINGS[:2], "", *HEADINGS[3:]]),
         "预算明细第1行：栏名中缺少“资金来源”，请补上这一栏"),
        (sheet(BASIC, headings=[*HEADINGS[:-2], "", "", ""]),
         "预算明细第1行：栏名中缺少“部门经济分类编码”、“金额（元）”，请补上这一栏"),
        (sheet(), "预算明细：栏名下面没有金额不为零的明细，请一行填一笔"),
        (sheet((*BASIC[:-1], 0.0)), "预算明细：栏名下面没有金额不为零的明细，请一行填一笔"),
        (sheet((*BASIC[:-1], ""), uncalculated=True),
         "预算明细!G2：金额的公式没有计算结果，请用 Excel 或 WPS 打开文件，保存一次"),
        (sheet(BASIC, ["注：不含涉密项目"]),
         "预算明细第3行：只有“注：不含涉密项目”，不是一笔明细，请补全，或删去这一行"),
        (sheet(BASIC, ["小计", "", "", "", "", "", 1234567.0]), "预算明细第3行：是小计行，请删去，只留一笔一笔的明细"),
        (sheet(BASIC, ["合计", "", "", "", "", "", 1234567.1]),
         "预算明细!G3：合计是 1234567.10 元，各行相加是 1234567.00 元，请核对有无漏行或填错"),
    ],
)  # fmt: skip
def test_problem_with_the_sheet_is_said(found: Sheet, expected: str) -> None:
    assert problems(found) == (expected,)
