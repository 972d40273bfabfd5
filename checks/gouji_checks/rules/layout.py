"""Rules about the rows and columns a sheet must have. They need its texts only, not its figures."""

from collections.abc import Iterator

from gouji_checks.finding import Finding
from gouji_checks.rules.rule import found, rule
from gouji_checks.skeleton import TOTAL, Skeleton
from gouji_templates.classification import Codes


@rule("B04", "表中缺少栏目", "error", "公开表样", "按表样补上这一栏")
def missing_column(skeleton: Skeleton, codes: Codes) -> Iterator[Finding]:
    """表样规定的每一栏都要在，没有数字的栏也要保留。

    好：各栏齐全
    坏：删栏 表3.项目支出
    """
    for part in skeleton.parts:
        for column, place in zip(part.side.block.columns, part.side.columns, strict=True):
            if place is None:
                name = "·".join(column.heading)
                yield found(f"{skeleton.table.id}没有找到“{name}”栏", f"{skeleton.sheet}!A{skeleton.head.first_row}")


@rule("B05", "表中缺少固定的行", "warning", "公开表样", "按表样补上这一行；没有数字也要保留")
def missing_row(skeleton: Skeleton, codes: Codes) -> Iterator[Finding]:
    """表1、表4、表10 的行是固定的，各表都要有总计行。缺少的行按零核对；缺少总计行时，与总计有关的关系无法核对。

    好：各行齐全
    坏：删行 表10[因公出国]
    坏：删行 表3[总计]
    """
    for part in skeleton.parts:
        block = part.side.block
        keys = {row.key for row in part.rows}
        listed = any(row.level != TOTAL for row in part.rows)
        totals = [block.total] if block.total and (block.rows or listed) else []
        for spec in (*block.rows, *totals):
            if spec.id not in keys:
                severity = "error" if spec.required else "warning"
                first = f"{skeleton.sheet}!A{skeleton.head.first_row + 1}"
                yield found(f"{block.table}没有“{spec.label.replace(' ', '')}”行", first, severity=severity)


RULES = (missing_column, missing_row)
