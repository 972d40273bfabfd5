"""Lines, indents and wrapping: what the workbook's layout is computed from."""

import pytest

from gouji_templates.content import is_total, line_of
from gouji_templates.form import load
from gouji_templates.layout import indents, text_width, wrapped

BLOCKS = {block.name: block for block in load().blocks}


def test_a_line_puts_texts_where_the_block_wants_them() -> None:
    given = [
        line_of(BLOCKS["表5"], "行政运行", "2011301"),
        line_of(BLOCKS["表6"], "办公费", "30201"),
        line_of(BLOCKS["表7"], "行政运行", "2011301", "某项目"),
        line_of(BLOCKS["表5"], "总计"),
        line_of(BLOCKS["表11"], "某项目"),
    ]

    assert [line.labels for line in given] == [
        ("201", "13", "01", "行政运行"),
        ("302", "01", "办公费"),
        ("201", "13", "01", "行政运行", "某项目"),
        ("", "", "", "总计"),
        ("某项目",),
    ]


def test_only_the_total_line_is_a_total() -> None:
    block = BLOCKS["表1收入"]
    lines = [line_of(block, "一、本年收入"), line_of(block, "收 入 总 计")]

    assert [is_total(block, line) for line in lines] == [False, True]


def test_sub_items_are_set_in_below_what_they_add_to() -> None:
    block = BLOCKS["表1收入"]
    labels = [
        "一、本年收入",
        "1.一般公共预算拨款",
        "其中：一般财力",
        "上级一般公共预算安排转移支付",
        "4.财政专户核拨",
    ]

    assert [indents(block)[label] for label in labels] == [0, 1, 2, 4, 1]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        pytest.param("合计", 12, 1, id="short text"),
        pytest.param("国有资本经营预算", 10, 2, id="eight signs in room for four"),
        pytest.param("上级国有资本经营预算安排的转移支付", 12, 4, id="seventeen signs in room for five"),
        pytest.param("资本性支出（基本建设）", 13, 2, id="bracket moves on with its word"),
        pytest.param("", 5, 1, id="nothing"),
    ],
)
def test_wrapped_lines(text: str, width: float, lines: int) -> None:
    assert wrapped(text, width) == lines


def test_chinese_signs_are_two_units_wide() -> None:
    assert [text_width(text) for text in ("合计", "（", "a1.", "“三公”")] == [4, 2, 3, 8]
