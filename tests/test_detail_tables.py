"""The tables made from line items: the sample's figures come out, and each goes where it belongs."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from openxml_audit import OpenXmlValidator

from gouji_checks import detail
from gouji_checks.detail import Detail, LineItem
from gouji_checks.detail_tables import tables
from gouji_checks.source import FileSource
from gouji_templates.content import Content
from gouji_templates.form import Block, Funding, Spending
from samples.build import ITEMS, LINE_ITEMS, SAMPLES, build_detail, published
from tests.stored import FORM
from tests.test_detail import CODES, FUNDING, SPENDING, item

BLOCKS = {block.name: block for block in FORM.blocks}
OWN_TABLE = {"政府性基金资金": "表8", "国有资本经营资金": "表9", "上年结转结余": "表11"}
"""The tables that only money with a tag goes to."""


def made(*given: LineItem, department: str = "某某市综合服务局") -> Content:
    return tables(Detail(given, CODES), FORM, department, 2025)


def figures(content: Content, block: Block) -> Iterator[tuple[str, str, Decimal]]:
    """The printed figures as (the row's texts, column, figure)."""
    for line in content.lines.get(block.name, ()):
        for column, figure in zip(block.columns, line.figures, strict=True):
            if figure is not None:
                yield " ".join(filter(None, line.labels)), column.name, figure


def printed(content: Content, block: str) -> dict[tuple[str, str], str]:
    return {(row, column): str(figure) for row, column, figure in figures(content, BLOCKS[block])}


# ── the published sample ──

PARENTS = ("301", "302", "303")


def test_line_items_give_back_every_published_figure() -> None:
    original = published(FORM)
    found = detail.find(FileSource(str(SAMPLES / ITEMS)).read())
    assert found is not None
    content = tables(detail.read(found, FORM, CODES), FORM, original.department, original.year)

    assert sum(len(list(figures(original, block))) for block in FORM.blocks) == 273
    assert content.lines == original.lines
    assert content.empty == original.empty


def test_rounding_differences_of_the_sample_come_out_of_exact_amounts() -> None:
    found = detail.find(FileSource(str(SAMPLES / ITEMS)).read())
    assert found is not None
    content = tables(detail.read(found, FORM, CODES), FORM, "", 2025)
    lines = [(line.labels, line.figures[0] or Decimal()) for line in content.lines["表6"]]
    below = {code: sum(figure for labels, figure in lines if labels[:1] == (code,) and labels[1]) for code in PARENTS}
    above = {labels[0]: figure for labels, figure in lines if labels[0] and not labels[1]}

    assert {code: above[code] - below[code] for code in PARENTS} == dict.fromkeys(PARENTS, Decimal("0.01"))


def test_stored_line_items_are_a_fresh_build(tmp_path: Path) -> None:
    build_detail(tmp_path)

    with ZipFile(SAMPLES / ITEMS) as stored, ZipFile(tmp_path / ITEMS) as built:
        assert stored.namelist() == built.namelist()
        stale = [part for part in built.namelist() if stored.read(part) != built.read(part)]
    assert stale == [], f"{ITEMS} 已过时：运行 python samples/build.py 重新生成"


def test_open_xml_validator_finds_nothing() -> None:
    assert OpenXmlValidator().validate(SAMPLES / ITEMS).errors == []


def test_line_items_are_as_many_as_in_the_csv() -> None:
    found = detail.find(FileSource(str(SAMPLES / ITEMS)).read())
    assert found is not None

    assert len(detail.read(found, FORM, CODES).entries) == LINE_ITEMS.read_text(encoding="utf-8").count("\n") - 1


# ── the tables ──


def test_figures_are_rounded_half_up_from_exact_amounts() -> None:
    content = made(item(fen=15_000), item(economic="30102", fen=15_000), item(economic="30103", fen=4_999))

    rows = {row: figure for (row, column), figure in printed(content, "表6").items() if column == "合计"}
    assert rows == {
        "总计": "0.03",
        "301 工资福利支出": "0.03",
        "301 01 基本工资": "0.02",
        "301 02 津贴补贴": "0.02",
        "301 03 奖金": "0.00",
    }


def test_cells_without_a_line_item_are_blank() -> None:
    content = made(item())

    assert printed(content, "表5") == {
        (row, column): "1.00"
        for row in ("总计", "201 一般公共服务支出", "201 13 商贸事务", "201 13 01 行政运行")
        for column in ("合计", "基本支出")
    }
    assert printed(content, "表7") == {}
    assert content.empty == {"表8", "表9", "表11"}


def test_table_of_nothing_but_zeros_is_empty() -> None:
    assert "表8" in made(item(), item(funding="政府性基金预算", fen=4_999)).empty
    assert "表8" not in made(item(), item(funding="政府性基金预算", fen=5_000)).empty


def test_projects_stand_under_their_unit_in_code_order_and_are_merged_by_name() -> None:
    def project(code: str, name: str, unit: str, economic: str = "30201", funding: str = "一般公共预算") -> LineItem:
        return item(code, economic, 1_000_000, funding, "项目支出", name, unit)

    content = made(
        project("2150805", "设备更新", "服务中心", "31002"),
        project("2011301", "专项业务（一）", ""),
        project("2011301", "专项业务(一)", "", funding="上级一般公共预算转移支付"),
        project("2011301", "专项业务（一）", "", funding="其他收入"),
        project("2011301", "食盐专营", "服务中心"),
        project("2011301", "专项业务（一）", "服务中心", "31204"),
        department="某局",
    )

    found = [(line.labels[:3], line.labels[3:], str(line.figures[0])) for line in content.lines["表7"]]
    general, trade, running = ("201", "", ""), ("201", "13", ""), ("201", "13", "01")
    assert found == [
        (("", "", ""), ("总计", ""), "5.00"),
        (("", "", ""), ("服务中心", ""), "3.00"),
        (general, ("一般公共服务支出", ""), "2.00"),
        (trade, ("商贸事务", ""), "2.00"),
        (running, ("行政运行", "专项业务（一）"), "1.00"),
        (running, ("行政运行", "食盐专营"), "1.00"),
        (("215", "", ""), ("资源勘探工业信息等支出", ""), "1.00"),
        (("215", "08", ""), ("支持中小企业发展和管理支出", ""), "1.00"),
        (("215", "08", "05"), ("中小企业发展专项", "设备更新"), "1.00"),
        (("", "", ""), ("某局", ""), "2.00"),
        (general, ("一般公共服务支出", ""), "2.00"),
        (trade, ("商贸事务", ""), "2.00"),
        (running, ("行政运行", "专项业务（一）"), "2.00"),
    ]


def test_cars_and_guests_are_counted_over_basic_and_project_spending_of_fiscal_money() -> None:
    content = made(
        item(economic="30231", fen=7_000_000, spending="公用经费"),
        item(economic="30231", fen=3_800_000, spending="项目支出", project="检查"),
        item(economic="30231", fen=2_000_000, spending="项目支出", project="检查", funding="其他收入"),
        item(economic="30231", fen=1_000_000, spending="项目支出", project="检查", funding="一般公共预算结转"),
        item(economic="30217", fen=500_000, spending="公用经费", funding="政府性基金预算"),
        item(economic="31013", fen=250_000, spending="公用经费", funding="国有资本经营预算"),
        item(economic="30212", fen=125_000, spending="公用经费", funding="上级一般公共预算转移支付"),
    )

    assert printed(content, "表10") == {
        ("合计", "合计"): "12.68",
        ("合计", "一般公共预算"): "11.93",
        ("合计", "政府性基金"): "0.50",
        ("合计", "国有资本经营预算"): "0.25",
        ("因公出国（境）费", "合计"): "0.13",
        ("因公出国（境）费", "一般公共预算"): "0.13",
        ("公务接待费", "合计"): "0.50",
        ("公务接待费", "政府性基金"): "0.50",
        ("公务用车购置及运行费（小计）", "合计"): "12.05",
        ("公务用车购置及运行费（小计）", "一般公共预算"): "11.80",
        ("公务用车购置及运行费（小计）", "国有资本经营预算"): "0.25",
        ("其中：公务用车购置费", "合计"): "0.25",
        ("其中：公务用车购置费", "国有资本经营预算"): "0.25",
        ("公务用车运行费", "合计"): "11.80",
        ("公务用车运行费", "一般公共预算"): "11.80",
    }


def test_carried_over_money_is_listed_basic_first_then_by_project() -> None:
    content = made(
        item(fen=4_000_000, spending="项目支出", project="续建", economic="31005", funding="政府性基金预算结转"),
        item(fen=3_000_000, spending="项目支出", project="续建", economic="31005", funding="单位资金结转结余"),
        item(fen=2_000_000, spending="公用经费", economic="30201", funding="财政专户结转结余"),
        item(fen=1_000_000, funding="一般公共预算结转"),
        item(fen=9_000_000),
    )

    rows = [line.labels[0] for line in content.lines["表11"]]
    assert rows == ["合计", "基本支出人员经费", "基本支出公用经费", "续建"]
    assert printed(content, "表11") == {
        ("合计", "合计"): "10.00",
        ("合计", "财政拨款小计"): "5.00",
        ("合计", "财政拨款人员经费"): "1.00",
        ("合计", "财政拨款项目支出"): "4.00",
        ("合计", "非财政拨款小计"): "5.00",
        ("合计", "非财政拨款公用经费"): "2.00",
        ("合计", "非财政拨款项目支出"): "3.00",
        ("基本支出人员经费", "合计"): "1.00",
        ("基本支出人员经费", "财政拨款小计"): "1.00",
        ("基本支出人员经费", "财政拨款人员经费"): "1.00",
        ("基本支出公用经费", "合计"): "2.00",
        ("基本支出公用经费", "非财政拨款小计"): "2.00",
        ("基本支出公用经费", "非财政拨款公用经费"): "2.00",
        ("续建", "合计"): "7.00",
        ("续建", "财政拨款小计"): "4.00",
        ("续建", "财政拨款项目支出"): "4.00",
        ("续建", "非财政拨款小计"): "3.00",
        ("续建", "非财政拨款项目支出"): "3.00",
    }
    assert printed(content, "表4收入")["收入总计", "合计"] == "14.00"


@pytest.mark.parametrize("funding", FORM.funding, ids=list(FUNDING))
@pytest.mark.parametrize("spending", FORM.spending, ids=list(SPENDING))
def test_every_line_item_counts_once_wherever_its_money_is_told_apart(funding: Funding, spending: Spending) -> None:
    project = "" if spending.item else "专项"
    kinds = [f"{kind}02" if kind in ("307", "313") else f"{kind}99" for kind in spending.classes]
    content = made(*(LineItem("", "2011301", funding, spending, project, code, 1_000_000) for code in kinds))
    counted = {"表1收入", "表1支出", "表2", "表3"}
    if "财政拨款" in funding.tags:
        counted |= {"表4收入", "表4支出"}
    if "一般公共预算资金" in funding.tags:
        counted |= {"表5", "表6" if spending.item else "表7"}
    counted |= {OWN_TABLE[tag] for tag in funding.tags if tag in OWN_TABLE}

    found: dict[str, Decimal] = {}
    for block in FORM.blocks:
        entered = {column.name for column in block.columns if not column.sum}
        for row, column, figure in figures(content, block):
            if block.total and row == block.total.label and column in entered:
                found[block.name] = found.get(block.name, Decimal()) + figure
    assert set(found) == counted
    assert set(found.values()) == {Decimal(len(kinds))}


LIMITED = ("30212", "30217", "30231", "31013")
"""“三公”经费."""


def test_limited_spending_is_declared_for_every_row_of_its_table() -> None:
    rows = [row for row in BLOCKS["表10"].rows if not row.sum]

    assert sorted(tag for row in rows for tag in row.takes) == sorted(LIMITED)
