"""Every rule's page run as it is written: what it calls good passes, what it calls bad is found."""

from collections import Counter

import pytest

from gouji_checks.finding import SEVERITY_WORDS, Address, Finding
from gouji_checks.relation import load
from gouji_checks.rules import BOOK_RULES, TEXT_RULES, Rule
from tests.edits import changed, is_change, report, sheet_of, the_published

RULES = (*BOOK_RULES, *TEXT_RULES)
EVERY_RULE = pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
ABOUT_THE_FILE = {"B01", "B16", "B18"}
"""Rules whose findings have no cell to look at: a table or the file itself is at fault."""


def examples(rule: Rule, kind: str) -> list[str]:
    lines = map(str.strip, rule.page.splitlines())
    return [line.removeprefix(kind) for line in lines if line.startswith(kind)]


def cases(kind: str) -> pytest.MarkDecorator:
    found = [(rule, example) for rule in RULES for example in examples(rule, kind)]
    return pytest.mark.parametrize(("rule", "example"), found, ids=[f"{rule.id} {example}" for rule, example in found])


def findings(example: str) -> list[Finding]:
    """What a check says of the sample after this change, or as it is where the example is a sentence."""
    workbook = changed(example) if is_change(example) else the_published()
    return list(report(workbook).findings)


def is_chinese(text: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in text)


@EVERY_RULE
def test_page_explains_the_rule_and_has_an_example_of_each_kind(rule: Rule) -> None:
    assert is_chinese(rule.page.splitlines()[0])
    assert examples(rule, "好：")
    assert examples(rule, "坏：")


@cases("好：")
def test_good_example_passes(rule: Rule, example: str) -> None:
    assert rule.id not in [finding.rule for finding in findings(example)]


@cases("坏：")
def test_bad_example_is_a_change_to_the_sample(rule: Rule, example: str) -> None:
    assert is_change(example), f"{rule.id} 的例子不能执行：{example}"


@cases("坏：")
def test_bad_example_is_found_where_it_is(rule: Rule, example: str) -> None:
    cells = [finding.cell for finding in findings(example) if finding.rule == rule.id]

    where = "" if rule.id in ABOUT_THE_FILE else sheet_of(example)
    assert where in [cell.rpartition("!")[0].removesuffix(" (2)") for cell in cells]


@cases("坏：")
def test_every_finding_says_in_chinese_what_is_wrong_and_what_to_do(rule: Rule, example: str) -> None:
    for finding in findings(example):
        assert is_chinese(finding.message)
        assert finding.severity in SEVERITY_WORDS
        assert finding.severity == "info" or is_chinese(finding.advice)
        assert finding.rule != rule.id or finding.advice == rule.advice


@EVERY_RULE
def test_rule_is_filed_under_a_severity_a_basis_and_an_advice(rule: Rule) -> None:
    assert rule.severity in SEVERITY_WORDS
    assert is_chinese(rule.title)
    assert is_chinese(rule.basis)
    assert is_chinese(rule.advice)


def test_no_two_rules_or_relations_share_a_number() -> None:
    ids = [rule.id for rule in RULES] + [relation.id for relation in load().relations]

    assert [id for id, count in Counter(ids).items() if count > 1] == []


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        ("表5[2011301].基本支出 = 1.00", "表5!F11"),
        ("表1[单位资金].预算数 = 1.00", "表1!B17"),
        ("表1[结转单位资金].预算数 = 1.00", "表1!B30"),
        ("表4[支出总计].合计 = 1.00", "表4!D35"),
        ("表7[食盐专营管理工作项目].商品和服务支出 = 1.00", "表7!H11"),
        ("改名称 表6[30101] = 工资", "表6!C10"),
    ],
)
def test_change_in_an_example_touches_the_one_cell_it_names(change: str, cell: str) -> None:
    sheets = zip(the_published().sheets, changed(change).sheets, strict=True)

    touched = [
        str(Address(before.name, row, column))
        for before, after in sheets
        for row, cells in enumerate(before.rows)
        for column, value in enumerate(cells)
        if value != after.rows[row][column]
    ]
    assert touched == [cell]
