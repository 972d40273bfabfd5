"""The files of samples/published-2025 as they stand: which tables they hold, their columns and their rows."""

import csv
from pathlib import Path

PUBLISHED = Path(__file__).parents[1] / "samples" / "published-2025"

Row = dict[str, str]

HEADERS = {
    "表1-收入": "row,预算数",
    "表1-支出": "row,预算数",
    "表2": "code,name,总计,财政拨款小计,一般公共预算,上级一般公共预算,政府性基金,上级政府性基金,"
    "国有资本,上级国有资本,财政专户,单位资金,财政拨款结转,非财政拨款结转结余",
    "表3": "code,name,合计,基本支出,项目支出",
    "表4-收入": "row,合计",
    "表4-支出": "row,合计,一般公共预算,政府性基金预算,国有资本经营预算",
    "表5": "code,name,合计,基本支出,项目支出",
    "表6": "code,name,合计,人员经费,公用经费",
    "表7": "code,name,project,项目支出合计,工资福利支出,商品和服务支出,对个人和家庭的补助,债务利息及费用支出,"
    "资本性支出基建,资本性支出,对企业补助基建,对企业补助,对社会保障基金补助,其他支出",
    "表10": "row,合计,一般公共预算,政府性基金,国有资本经营预算",
}
TWO_SIDED = ["表1", "表4"]
CODED = ["表2", "表3", "表5", "表6", "表7"]
EMPTY = ["表8", "表9", "表11"]


def rows_of(stem: str) -> list[Row]:
    with (PUBLISHED / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def columns_of(stem: str) -> list[str]:
    return [column for column in HEADERS[stem].split(",") if column not in {"row", "code", "name", "project"}]


def figures_of(stem: str, row: Row) -> list[str]:
    return [row[column] for column in columns_of(stem) if row[column]]
