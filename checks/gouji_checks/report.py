"""A check's outcome as text for a reviewer and as the public JSON shape."""

from collections.abc import Iterable
from typing import Any

from gouji_checks.check import Report
from gouji_checks.finding import Finding, Suspect
from gouji_checks.suspects import MOST_EQUALS

MOST_SYMPTOMS = 8
"""So many symptoms of one problem are printed; the rest are counted, and all are in the JSON."""

_MARKS = {"error": "×", "warning": "！", "info": "·"}


def status(report: Report) -> str:
    """clean (尾差 and warnings allowed) or findings."""
    return "findings" if report.worst == "error" else "clean"


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each severity."""
    found = {"error": 0, "warning": 0, "info": 0}
    for finding in findings:
        found[finding.severity] += 1
    return found


def text(path: str, report: Report) -> str:
    """The report on one file, problems first, each with its symptoms."""
    book, ledger = report.book, report.ledger
    count = counts(report.findings)
    head = " ".join(filter(None, (path, book.department, book.year and f"{book.year}年")))
    problems, rest = _by_problem(report.findings)
    if count["error"]:
        alone = len({finding.rule for finding in rest if finding.severity == "error"})
        verdict = f"{len(problems) + alone} 个问题，{count['error']} 条错误"
    else:
        verdict = "没有错误"
    verdict += f"，{count['warning']} 条提示" if count["warning"] else ""
    lines = [f"{'×' if count['error'] else '√'} {head}：{verdict}"]
    for number, (suspects, findings) in enumerate(problems, 1):
        lines.append(f"  问题{number}  {_suspect_line(suspects)}")
        lines += _listed(findings, "        ")
    if rest:
        if problems:
            lines.append("  其他")
        lines += _by_rule(rest)
    rounding = [finding for finding in report.findings if finding.allowed and finding.severity == "info"]
    if rounding:
        lines.append(f"  尾差 {len(rounding)} 处，四舍五入所致，不必改正")
        lines += [f"    · {finding.rule} {finding.cell} {finding.message}" for finding in rounding]
    total = ledger.agreed + ledger.rounding + ledger.failed + ledger.not_applicable
    unchecked = sum(item.instances for item in ledger.not_checked)
    lines.append(
        f"  共核对 {total + unchecked} 条关系：相符 {ledger.agreed}，尾差 {ledger.rounding}，不符 {ledger.failed}，"
        f"未核验 {unchecked}，不适用 {ledger.not_applicable}"
    )
    reasons: dict[str, list[str]] = {}
    for item in ledger.not_checked:
        reasons.setdefault(item.reason, []).append(item.rule)
    lines += [f"    未核验 {'、'.join(dict.fromkeys(rules))}：{reason}" for reason, rules in reasons.items()]
    return "\n".join(lines) + "\n"


def _by_problem(findings: Iterable[Finding]) -> tuple[list[tuple[tuple[Suspect, ...], list[Finding]]], list[Finding]]:
    """Findings grouped by their likeliest suspect, the largest group first, and those that have none."""
    problems: dict[Suspect, tuple[tuple[Suspect, ...], list[Finding]]] = {}
    rest: list[Finding] = []
    for finding in findings:
        if finding.suspects:
            problems.setdefault(finding.suspects[0], (finding.suspects, []))[1].append(finding)
        elif not (finding.allowed and finding.severity == "info"):
            rest.append(finding)
    # A cell that a problem already names as unreadable, hidden or the like is the same problem.
    cells = {suspect.cell: group for suspect, (_, group) in problems.items()}
    alone: list[Finding] = []
    for finding in rest:
        if finding.cell in cells:
            # Ahead of the relations: it says what is wrong in itself.
            cells[finding.cell].insert(0, finding)
        else:
            alone.append(finding)
    return sorted(problems.values(), key=lambda item: -len(item[1])), alone


def _suspect_line(suspects: tuple[Suspect, ...]) -> str:
    first = suspects[0]
    if first.kind in ("row", "code", "extra", "swap", "unit"):
        line = f"疑似{first.hint}（{first.cell}）"
        if first.kind == "row" and first.value:
            line += f"，金额 {first.value}"
        return line
    stated = f"现为 {first.stated}" if first.stated else "现为空"
    value = f"应为 {first.value}" if first.value else "应为空"
    line = f"疑似 {first.cell}{first.title}有误：{stated}，{value}"
    if first.hint and first.hint != "应为空":
        line += f"（{first.hint}）"
    others = [suspect for suspect in suspects[1:] if suspect.cell and suspect.cell != first.cell]
    if others:
        line += "；也可能是 " + "、".join(f"{o.cell} 应为{' ' + o.value if o.value else '空'}" for o in others)
        line += " 等" if len(others) >= MOST_EQUALS else ""
    return line


def _line(finding: Finding) -> str:
    return f"{_MARKS[finding.severity]} {finding.rule} {finding.cell + ' ' if finding.cell else ''}{finding.message}"


def _listed(findings: list[Finding], indent: str) -> list[str]:
    """The symptoms of one problem, cut short where they are many."""
    shown = findings if len(findings) <= MOST_SYMPTOMS + 1 else findings[:MOST_SYMPTOMS]
    lines = [indent + _line(finding) for finding in shown]
    if len(shown) < len(findings):
        lines.append(f"{indent}  另有 {len(findings) - len(shown)} 条同因不符，见 --format json")
    return lines


def _by_rule(findings: list[Finding]) -> list[str]:
    """Findings without a suspect, rule by rule, each rule's advice once below them."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.rule, finding.severity), []).append(finding)
    lines: list[str] = []
    for group in groups.values():
        lines += [f"    {_line(finding)}" for finding in group]
        if group[0].advice:
            lines.append(f"      办法：{group[0].advice}")
    return lines


def as_json(path: str, report: Report) -> dict[str, Any]:
    """The report on one file in the public shape (design §7)."""
    book, ledger = report.book, report.ledger
    return {
        "file": path,
        "form": book.form.id,
        "department": book.department,
        "year": book.year,
        "status": status(report),
        "findings": [_finding(finding) for finding in report.findings],
        "ledger": {
            "agreed": ledger.agreed,
            "rounding": ledger.rounding,
            "failed": ledger.failed,
            "not_checked": [item._asdict() for item in ledger.not_checked],
            "not_applicable": ledger.not_applicable,
        },
    }


def unreadable_json(path: str, message: str) -> dict[str, Any]:
    """A file that could not be checked, in the same shape."""
    return {
        "file": path,
        "form": "",
        "department": "",
        "year": "",
        "status": "unreadable",
        "message": message,
        "findings": [],
        "ledger": {"agreed": 0, "rounding": 0, "failed": 0, "not_checked": [], "not_applicable": 0},
    }


def _finding(finding: Finding) -> dict[str, Any]:
    sheet, _, cell = finding.cell.rpartition("!")
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "sheet": sheet,
        "cell": cell,
        "cells": list(finding.cells),
        "message": finding.message,
        "stated": finding.stated,
        "expected": finding.expected,
        "difference": finding.difference,
        "allowed": finding.allowed,
        "advice": finding.advice,
        "suspects": [
            {"cell": s.cell, "value": s.value, "stated": s.stated, "kind": s.kind, "title": s.title, "hint": s.hint}
            for s in finding.suspects
        ],
    }
