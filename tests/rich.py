"""A department that has everything the published one lacks: funds, state capital, carry-overs, several budget units.

Amounts are whole hundredths of 万元, made at random, and every table is added up from the same leaves by plain sums
that owe nothing to the program under test.
"""

import random
from collections import defaultdict
from decimal import Decimal

from gouji_templates import classification
from gouji_templates.content import UNIT_KIND, Content, Line, line_of
from gouji_templates.form import Block, load

FORM = load()
DEPARTMENT = "某某市综合服务局"
CODES = ("2011350", "2013150", "2050202", "2080501", "2120303", "2130104", "2150805", "2210202", "2230105")
SOURCES = ("一般公共预算", "上级一般公共预算", "政府性基金", "上级政府性基金", "国有资本", "上级国有资本")
OTHER = ("财政专户", "单位资金", "非财政拨款结转结余")
CARRIED = ("结转一般公共预算", "结转政府性基金", "结转国有资本")

Cents = dict[str, int]
Rows = dict[str, Cents]


def content(seed: int) -> Content:
    """A consistent workbook, different for each seed."""
    chance = random.Random(seed)
    received: Rows = {code: _some(chance, (*SOURCES, *OTHER, *CARRIED)) for code in CODES}
    spent = {
        "表5": {code: _sum(row, SOURCES[0], SOURCES[1], CARRIED[0]) for code, row in received.items()},
        "表8": {code: _sum(row, SOURCES[2], SOURCES[3], CARRIED[1]) for code, row in received.items()},
        "表9": {code: _sum(row, SOURCES[4], SOURCES[5], CARRIED[2]) for code, row in received.items()},
    }
    lines: dict[str, list[Line]] = {}
    general = {code: _split(chance, total, ("基本支出", "项目支出")) for code, total in spent["表5"].items()}
    parts = ("人员经费", "公用经费", "项目支出")
    funds = {table: {c: _split(chance, n, parts) for c, n in spent[table].items()} for table in ("表8", "表9")}
    outside = {code: _split(chance, _sum(row, *OTHER), ("基本支出", "项目支出")) for code, row in received.items()}
    every: Rows = {}
    for code in CODES:
        fund = [funds[table][code] for table in funds]
        every[code] = {
            "基本支出": sum(row["人员经费"] + row["公用经费"] for row in fund),
            "项目支出": sum(row["项目支出"] for row in fund),
        }
        for row in (general[code], outside[code]):
            every[code] = {name: every[code][name] + row[name] for name in every[code]}
    income = {
        code: {name: row[name] for name in (*SOURCES, *OTHER)} | {"财政拨款结转": _sum(row, *CARRIED)}
        for code, row in received.items()
    }
    for table, rows in (("表2", income), ("表3", every), ("表5", general), *funds.items()):
        lines[table] = _coded(_block(table), rows)
    lines["表6"] = _economic(chance, sum(row["基本支出"] for row in general.values()))
    lines["表7"] = _projects(chance, {code: row["项目支出"] for code, row in general.items()})
    _fixed(lines, received, every, spent)
    lines["表10"] = _listed("表10", {"公务接待": {"一般公共预算": 5}, "公务用车运行": {"一般公共预算": 7}})
    lines["表11"] = _items(chance, sum(_sum(r, *CARRIED) for r in received.values()), _sum(_totals(received), OTHER[2]))
    return Content(DEPARTMENT, 2025, {UNIT_KIND: "事业单位"}, lines, frozenset())


def _some(chance: random.Random, names: tuple[str, ...]) -> Cents:
    return {name: chance.choice((0, 0, chance.randrange(1, 2_000_000))) for name in names}


def _sum(row: Cents, *names: str) -> int:
    return sum(row[name] for name in names)


def _split(chance: random.Random, total: int, names: tuple[str, ...]) -> Cents:
    cuts = sorted(chance.randrange(total + 1) for _ in names[1:])
    edges = [0, *cuts, total]
    return {name: edges[i + 1] - edges[i] for i, name in enumerate(names)}


def _totals(rows: Rows) -> Cents:
    total: Cents = defaultdict(int)
    for row in rows.values():
        for name, amount in row.items():
            total[name] += amount
    return total


def _block(name: str) -> Block:
    return next(block for block in FORM.blocks if block.name == name)


def _figures(block: Block, row: Cents) -> tuple[Decimal | None, ...]:
    """The row's figures with its sums across, blank where nothing is."""

    def amount(name: str) -> int:
        column = next(column for column in block.columns if column.name == name)
        return sum(map(amount, column.sum)) if column.sum else row.get(name, 0)

    return tuple(Decimal(value) / 100 if (value := amount(column.name)) else None for column in block.columns)


def _line(block: Block, row: Cents, name: str, code: str = "", project: str = "") -> Line:
    return line_of(block, name, code, project)._replace(figures=_figures(block, row))


def _coded(block: Block, rows: Rows) -> list[Line]:
    names = classification.load(block.classification or "")
    rows = {code: row for code, row in rows.items() if any(row.values())}
    lines = [_line(block, _totals(rows), "总计")]
    for code in sorted({code[:length] for code in rows for length in (3, 5, 7)}):
        below = {other: row for other, row in rows.items() if other.startswith(code)}
        lines.append(_line(block, _totals(below), names[code].name, code))
    return lines


def _economic(chance: random.Random, total: int) -> list[Line]:
    staff = ("30101", "30102", "30103", "30304", "30305")
    offices = ("30201", "30202", "30207", "30299")
    leaves = _split(chance, total, (*staff, *offices))
    rows = {code: {"人员经费" if code in staff else "公用经费": cents} for code, cents in leaves.items()}
    return _coded(_block("表6"), rows)


def _projects(chance: random.Random, totals: Cents) -> list[Line]:
    block = _block("表7")
    names = classification.load("functional")
    kinds = tuple(column.name for column in block.columns if not column.sum)
    units: dict[str, list[tuple[str, str, Cents]]] = {}
    for code, total in totals.items():
        for unit, cents in _split(chance, total, ("局机关", "服务中心")).items():
            for project, part in _split(chance, cents, ("运转项目", "专项业务", "设备更新")).items():
                if part:
                    units.setdefault(unit, []).append((code, project, _split(chance, part, kinds)))
    everything = {str(i): row for i, (_, _, row) in enumerate(p for found in units.values() for p in found)}
    lines = [_line(block, _totals(everything), "总计")]
    for unit, found in units.items():
        lines.append(_line(block, _totals({str(i): row for i, (_, _, row) in enumerate(found)}), unit))
        for code in sorted({code[:length] for code, _, _ in found for length in (3, 5, 7)}):
            below = [(project, row) for other, project, row in found if other.startswith(code)]
            if len(code) < 7:
                rows = {str(i): row for i, (_, row) in enumerate(below)}
                lines.append(_line(block, _totals(rows), names[code].name, code))
            else:
                lines += [_line(block, row, names[code].name, code, project) for project, row in below]
    return lines


def _listed(name: str, rows: Rows) -> list[Line]:
    """A block whose rows are known: the given leaves, and the sums down and across."""
    block = _block(name)
    specs = block.specs
    names = [column.name for column in block.columns]

    def cents(id: str) -> Cents:
        spec = next(spec for spec in specs if spec.id == id)
        if not spec.sum:
            return rows.get(id, {})
        parts = [cents(part) for part in spec.sum]
        return {column: sum(part.get(column, 0) for part in parts) for column in names}

    return [_line(block, cents(spec.id), spec.label) for spec in specs]


def _fixed(lines: dict[str, list[Line]], received: Rows, every: Rows, spent: dict[str, Cents]) -> None:
    """表1 and 表4."""
    total = _totals(received)
    left = {
        "一般财力": "一般公共预算",
        "上级一般公共预算转移支付": "上级一般公共预算",
        "政府性基金收入": "政府性基金",
        "上级政府性基金转移支付": "上级政府性基金",
        "国有资本经营收入": "国有资本",
        "上级国有资本经营预算转移支付": "上级国有资本",
        "财政专户核拨": "财政专户",
        "其他收入": "单位资金",
        "结转单位资金": "非财政拨款结转结余",
    } | {name: name for name in CARRIED}
    lines["表1收入"] = _listed("表1收入", {row: {"预算数": total[name]} for row, name in left.items()})
    classes = sorted({code[:3] for code in CODES})
    used = {c: sum(sum(row.values()) for code, row in every.items() if code.startswith(c)) for c in classes}
    lines["表1支出"] = _listed("表1支出", {c: {"预算数": cents} for c, cents in used.items()})
    columns = {"表5": "一般公共预算", "表8": "政府性基金预算", "表9": "国有资本经营预算"}
    out = {
        c: {
            column: sum(cents for code, cents in spent[table].items() if code.startswith(c))
            for table, column in columns.items()
        }
        for c in classes
    }
    lines["表4支出"] = _listed("表4支出", out)
    pairs = zip(columns.values(), (SOURCES[:2], SOURCES[2:4], SOURCES[4:]), strict=True)
    given = {column: {"合计": _sum(total, *names)} for column, names in pairs}
    given["收入总计"] = {"合计": sum(row["合计"] for row in given.values()) + _sum(total, *CARRIED)}
    lines["表4收入"] = _listed("表4收入", given)


def _items(chance: random.Random, fiscal: int, other: int) -> list[Line]:
    block = _block("表11")
    parts = ("人员经费", "公用经费", "项目支出")
    items: Rows = {}
    for side, total in (("财政拨款", fiscal), ("非财政拨款", other)):
        for name, cents in _split(chance, total, ("上年人员经费结转", "上年项目结转")).items():
            row = {side + part: value for part, value in _split(chance, cents, parts).items()}
            items[name] = items.get(name, {}) | row
    return [_line(block, _totals(items), "合计"), *[_line(block, row, name) for name, row in items.items()]]
