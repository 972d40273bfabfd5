"""A summary as plain data: for the page, and for JSON, which is written as it comes."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from gouji_checks.compare.ratios import growth_from_zero
from gouji_checks.summary.choice import UNREADABLE, Row
from gouji_checks.summary.figures import money
from gouji_checks.summary.overview import Overview, uncounted, unreadable
from gouji_templates import __version__

_COLUMNS = {
    "file": "文件",
    "department": "部门",
    "code": "部门编码",
    "year": "年度",
    "status": "状态",
    "errors": "错误",
    "warnings": "提示",
    "unchecked": "未核验",
    "version": "模板版本",
    "not_counted": "不计入合计",
}
"""What is said of a department besides its figures: of a record what has this name, and why it counts nowhere."""


def for_page(overview: Overview, when: datetime) -> dict[str, Any]:
    """What the page shows, all of it in memory; amounts are texts in 万元, blank where not known."""
    form = overview.catalogue.form
    return {
        "title": title(overview),
        "when": f"{when:%Y-%m-%d %H:%M}",
        "gouji": __version__,
        "form": form.id,
        "from_zero": growth_from_zero(form.comparison.from_zero) if form.comparison else "",
        "uncounted": uncounted(overview),
        "columns": _columns(overview),
        "departments": list(_departments(overview)),
        "findings": list(_findings(overview)),
        "unreadable": [{"file": file, "message": message} for file, message in unreadable(overview)],
        "left_out": [one for one in _left_out(overview) if one["kind"] != UNREADABLE],
        "without_last_year": list(_without_last_year(overview)),
        "unread_last_year": list(overview.unread),
    }


def json_text(overview: Overview) -> Iterator[str]:
    """One JSON object in pieces, so that a thousand departments' findings are never in memory together."""
    yield f'{{"gouji": {_json(__version__)},\n"form": {_json(overview.catalogue.form.id)},\n'
    yield f'"year": {_json(overview.choice.year)},\n"columns": {_json(_columns(overview))},\n"departments": ['
    yield from _listed(_departments(overview))
    yield '],\n"left_out": ['
    yield from _listed(_left_out(overview))
    yield '],\n"without_last_year": ['
    yield from _listed(_without_last_year(overview))
    yield f'],\n"unread_last_year": {_json(overview.unread)}'
    yield f',\n"total": {_json(_total(overview))},\n"findings": ['
    yield from _listed(_findings(overview))
    yield "]}\n"


def title(overview: Overview) -> str:
    """What the whole is called."""
    year = f"{overview.choice.year} 年" if overview.choice.year else ""
    return f"{year}部门预算汇总"


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False)


def _listed(items: Iterator[dict[str, Any]]) -> Iterator[str]:
    between = "\n"
    for item in items:
        yield between + _json(item)
        between = ",\n"


def _columns(overview: Overview) -> list[dict[str, str]]:
    """The names of a department's figures and what to call them."""
    columns = dict(_COLUMNS)
    for figure in overview.shown:
        columns[figure.name] = figure.heading
        if figure.compared:
            columns |= {
                f"{figure.name}_before": f"{figure.heading}上年",
                f"{figure.name}_change": f"{figure.heading}增减额",
                f"{figure.name}_rate": f"{figure.heading}增减率（%）",
            }
    return [{"name": name, "heading": heading} for name, heading in columns.items()]


def _left_out(overview: Overview) -> Iterator[dict[str, str]]:
    return ({"file": left.row.file, "kind": left.kind, "reason": left.reason} for left in overview.choice.left)


def _without_last_year(overview: Overview) -> Iterator[dict[str, str]]:
    for row, kind, reason in overview.without_last_year:
        yield {"department": row.name, "file": row.file, "kind": kind, "reason": reason}


def _departments(overview: Overview) -> Iterator[dict[str, Any]]:
    why = {left.row.file: left.kind for left in overview.choice.uncounted}
    for row in overview.readable:
        record = row.record
        said = record._asdict() | {"file": row.file, "not_counted": why.get(row.file, "")}
        found = {name: said[name] for name in _COLUMNS}
        for figure in overview.shown:
            main = record.figures[figure.id]
            found[figure.name] = money(main.now)
            if figure.compared:
                found |= {
                    f"{figure.name}_before": money(main.before),
                    f"{figure.name}_change": money(main.change),
                    f"{figure.name}_rate": main.rate,
                }
        yield found


def _total(overview: Overview) -> dict[str, Any]:
    """The departments that are added up: what their figures come to, and what the tables over them say."""
    found = overview.tables
    return {
        "departments": found.departments if found else 0,
        "sums": {figure.name: money(overview.taken(figure).now) for figure in overview.shown},
        "tables": {figure.name: money(found.figures[figure.id].now) if found else "" for figure in overview.shown},
        "settled": [{"cell": shift.cell, "amount": money(shift.fen)} for shift in found.settled] if found else [],
        "errors": [{"rule": error.rule, "message": error.message} for error in found.errors] if found else [],
    }


def _findings(overview: Overview) -> Iterator[dict[str, Any]]:
    for row, finding in overview.findings():
        yield as_shown(overview, row, finding)


def as_shown(overview: Overview, row: Row, finding: dict[str, Any]) -> dict[str, Any]:
    """A finding with whose it is and the relation behind it."""
    names = ("table", "sheet", "cell", "rule", "severity", "message", "stated", "expected", "difference", "allowed")
    rule = overview.rules.get(finding["rule"])
    return {
        "department": row.name,
        "file": row.file,
        **{name: finding[name] for name in (*names, "advice")},
        "suspect": _suspect(finding["suspects"]),
        "relation": {"title": rule.title if rule else "", "formula": rule.formula if rule else ""},
    }


def _suspect(suspects: list[dict[str, str]]) -> str:
    """The change that would mend it, in words."""
    if not suspects:
        return ""
    first = suspects[0]
    if first["kind"] in ("cell", "entered"):
        return f"{first['cell']} 应{'为 ' + first['value'] if first['value'] else '为空'}"
    return f"{first['cell']} 疑似{first['hint']}"
