"""The published figures tie as they were printed: sums across and down, and the same figures in several tables."""

from decimal import Decimal

import pytest

from tests.published_files import CODED, Row, columns_of, rows_of

HALF_A_UNIT = Decimal("0.005")

INCOME_COLUMNS = {
    "收入总计": "总计",
    "一般财力": "一般公共预算",
    "上级一般公共预算转移支付": "上级一般公共预算",
    "政府性基金收入": "政府性基金",
    "上级政府性基金转移支付": "上级政府性基金",
    "国有资本经营收入": "国有资本",
    "上级国有资本经营预算转移支付": "上级国有资本",
    "财政专户核拨": "财政专户",
    "单位资金": "单位资金",
    "财政拨款结转": "财政拨款结转",
    "非财政拨款结转结余": "非财政拨款结转结余",
}


def amount(figure: str) -> Decimal:
    return Decimal(figure or "0")


def children(rows: list[Row], code: str) -> list[Row]:
    length = len(code) + 2 if code else 3
    return [row for row in rows if len(row["code"]) == length and row["code"].startswith(code)]


def test_the_name_before_a_project_is_the_name_its_code_has_elsewhere() -> None:
    names = {row["code"]: row["name"] for row in rows_of("表5")}
    rows = [row for row in rows_of("表7") if row["code"]]

    assert [names[row["code"]] for row in rows] == [row["name"] for row in rows]
    assert [len(row["code"]) == 7 for row in rows] == [bool(row["project"]) for row in rows]


@pytest.mark.parametrize("stem", ["表3", "表4-支出", "表5", "表6", "表7", "表10"])
def test_each_row_adds_up_to_its_first_figure(stem: str) -> None:
    whole, *parts = columns_of(stem)

    for row in rows_of(stem):
        assert amount(row[whole]) == sum(amount(row[part]) for part in parts), row


def test_each_income_row_adds_up_and_so_does_its_fiscal_part() -> None:
    total, fiscal, *rest = columns_of("表2")

    for row in rows_of("表2"):
        assert amount(row[fiscal]) == sum(amount(row[part]) for part in rest[:6]), row
        assert amount(row[total]) == amount(row[fiscal]) + sum(amount(row[part]) for part in rest[6:]), row


@pytest.mark.parametrize("table", CODED)
def test_a_column_is_blank_in_a_row_exactly_when_it_is_blank_in_all_rows_under_it(table: str) -> None:
    rows = rows_of(table)

    for row in rows:
        under = children(rows, row["code"])
        filled = [column for column in columns_of(table) if any(child[column] for child in under)]
        assert not under or filled == [column for column in columns_of(table) if row[column]], row


@pytest.mark.parametrize("table", CODED)
def test_a_figure_is_the_sum_of_those_under_it_but_for_half_a_unit_each(table: str) -> None:
    rows = rows_of(table)

    for row in rows:
        under = children(rows, row["code"])
        for column in columns_of(table) if under else []:
            difference = amount(row[column]) - sum(amount(child[column]) for child in under)
            assert abs(difference) <= HALF_A_UNIT * (len(under) + 1), (row, column)


def test_the_income_columns_are_those_of_the_named_rows_of_the_first_table() -> None:
    named = {row["row"]: row["预算数"] for row in rows_of("表1-收入")}
    total = rows_of("表2")[0]

    assert {row: named[row] for row in INCOME_COLUMNS} == {row: total[column] for row, column in INCOME_COLUMNS.items()}


def test_the_fiscal_spending_of_a_class_is_its_general_budget() -> None:
    general = {row["code"] or "支出总计": row["合计"] for row in rows_of("表5")}
    rows = rows_of("表4-支出")

    assert [general.get(row["row"], "") for row in rows] == [row["一般公共预算"] for row in rows]


def test_public_expenses_come_from_the_general_budget_where_the_other_two_budgets_are_empty() -> None:
    rows = rows_of("表10")

    assert [row["合计"] for row in rows] == [row["一般公共预算"] for row in rows]


def test_project_money_stands_under_the_uses_that_the_third_part_of_the_document_tells() -> None:
    """Office, inspection and training costs; loan guarantee awards to enterprises; a contest."""
    total = rows_of("表7")[0]

    assert {column: total[column] for column in columns_of("表7")[1:] if total[column]} == {
        "商品和服务支出": "13.00",
        "对企业补助": "11.00",
        "其他支出": "5.00",
    }
