"""Invented data for the summary page: departments and findings as `page` takes them, the same for the same seed."""

import random
from typing import Any

KINDS = ("教育", "财政", "民政", "林业和草原", "住房和城乡建设", "工业和信息化", "文化体育广播电视和旅游")
RELATIONS = {
    "X09": ("一般公共预算基本支出两表一致", "表5[总计].基本支出 = 表6[总计].合计"),
    "X17": ("各科目：表2收入与表3支出一致", "表2[每项].合计 = 表3[每项].合计"),
    "Z6.1": ("表6总计、类、款等于下级各行之和", "表6[类].合计 = Σ 表6[款].合计"),
    "S01": ("“三公”经费只减不增", "表10[合计].合计 ≤ 上年[合计].合计"),
}


def overview(departments: int, findings: int, seed: int = 1) -> dict[str, Any]:
    """So many departments and findings, the latter dealt out at random; every seventh has no last year."""
    dice = random.Random(seed)
    made = [_department(dice, number) for number in range(departments)]
    dealt = [_finding(dice, dice.choice(made)) for _ in range(findings)]
    for department in made:
        department["errors"] = department["warnings"] = 0
    by_file = {department["file"]: department for department in made}
    for finding in dealt:
        by_file[finding["file"]][f"{finding['severity']}s"] += 1
    for department in made:
        department["status"] = "findings" if department["errors"] else "clean"
    return {
        "title": "克孜勒苏柯尔克孜自治州2025年部门预算公开汇总",
        "when": "2025-02-14 09:30",
        "gouji": "0.5.0",
        "form": "xinjiang-2025",
        "from_zero": "上年为零、本年有数的，增长率按 100.00% 列示",
        "departments": made,
        "findings": dealt,
        "unreadable": [{"file": "某某局（旧）.xls", "message": "文件有密码，打不开。请取消密码后另存再交。"}],
    }


def _department(dice: random.Random, number: int) -> dict[str, Any]:
    income = dice.randrange(20_000, 9_000_000)
    figures: dict[str, str] = {}
    for name, most in (("three_public", 6_000), ("operating", 40_000)):
        now, before = dice.randrange(100, most), dice.randrange(100, most)
        known = number % 7 != 6
        figures |= {
            name: _yuan(now),
            f"{name}_before": _yuan(before) if known else "",
            f"{name}_change": _yuan(now - before) if known else "",
            f"{name}_rate": f"{(now - before) / before * 100:.2f}" if known else "",
        }
    name = f"克孜勒苏柯尔克孜自治州{KINDS[number % len(KINDS)]}局{number + 1}"
    return {
        "file": f"2025/{number + 1:03}-{name}.xlsx",
        "department": name,
        "code": f"{number + 1:03}001",
        "year": "2025",
        "status": "",
        "errors": 0,
        "warnings": 0,
        "unchecked": dice.choice((0, 0, 0, 4)),
        "version": "0.5.0",
        "income": _yuan(income),
        "spending": _yuan(income),
        **figures,
    }


def _finding(dice: random.Random, department: dict[str, Any]) -> dict[str, Any]:
    rule = dice.choice(["X09", "X17", "Z6.1", "Z6.1", "S01", "N07"])
    severity = {"S01": "warning", "N07": "warning"}.get(rule, "error")
    table = f"表{dice.randrange(1, 12)}"
    row = dice.randrange(8, 60)
    stated, expected = dice.randrange(100_000), dice.randrange(100_000)
    relation = RELATIONS.get(rule)
    words = f"{table}!F{row} {_yuan(stated)} 应等于 表3!E{row} {_yuan(expected)}，相差 {_yuan(stated - expected)}"
    alone = f"{table}“2011301 行政运行”列了项目支出 {_yuan(stated)} 万元"
    suspect = f"疑似 {table}!F{row} 有误：现为 {_yuan(stated)}，应为 {_yuan(expected)}"
    return {
        **{key: department[key] for key in ("department", "file")},
        "table": table,
        "sheet": table,
        "cell": f"F{row}",
        "rule": rule,
        "severity": severity,
        "message": f"{relation[0]}：{words}" if relation else alone,
        "stated": _yuan(stated) if relation else "",
        "expected": _yuan(expected) if relation else "",
        "difference": _yuan(stated - expected) if relation else "",
        "allowed": "0.015" if rule == "Z6.1" else "",
        "advice": "对照两表的来源科目，改正填错的一处。",
        "suspect": suspect if severity == "error" else "",
        "relation": {"title": relation[0], "formula": relation[1]} if relation else None,
    }


def _yuan(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"
