"""What the sheet 校验结果 says of a check, and the formulas that mark the cells it lists."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from gouji_checks.check import Report
from gouji_checks.finding import SEVERITY_WORDS, Finding, Suspect
from gouji_checks.report import counts
from gouji_templates import __version__
from gouji_templates.content import RESULTS
from gouji_templates.results import FAILED, FILLS, UNCHECKED
from gouji_templates.wording import quoted

NAME = RESULTS
"""The sheet."""

TITLE = "预算公开校验结果"
"""Its first cell, by which we know the sheet for ours."""

HEADINGS = (
    *("问题", "级别", "规则", "单元格", "说明", "现为", "应为", "差额"),
    *("疑似单元格", "疑似应为", "疑似情况", "办法"),
)
AMOUNTS = tuple(HEADINGS.index(name) for name in ("现为", "应为", "差额", "疑似应为"))
"""The columns that may hold amounts, from 0."""

_SEVERITY, _CELL, _SUSPECT = (chr(ord("A") + HEADINGS.index(name)) for name in ("级别", "单元格", "疑似单元格"))

_HERE = "ADDRESS(ROW(),COLUMN(),4)"
"""The address of the cell that a conditional format looks at: a reference would be taken from whichever cell happens to
be active when the format is added."""

_AMOUNT = re.compile(r"-?\d+\.\d\d")
"""As amounts are printed; a year or what someone typed is a text."""

Row = list[str | float]


class Rule(NamedTuple):
    """A conditional format: the formula that is its condition, and its fill."""

    condition: str
    fill: str


class Results(NamedTuple):
    """The rows of the sheet, which of them (from 0) holds the headings, and what marks each sheet with tables."""

    rows: list[Row]
    header: int
    rules: dict[str, tuple[Rule, ...]]


def results(name: str, report: Report, when: datetime) -> Results:
    """What the sheet says of the check of a workbook of this name."""
    head: list[Row] = [[TITLE]]
    head += [[_text(line)] for line in _headline(name, report, when)]
    body = [_row(number, finding) for number, finding in _grouped(report.findings)]
    body += [
        _line(级别=_text(UNCHECKED), 规则=_text(one.rule), 说明=_text(one.reason)) for one in report.ledger.not_checked
    ]
    lines: list[Row] = [*head, [""], list(HEADINGS), *body]
    rows = [[*line, *[""] * (len(HEADINGS) - len(line))] for line in lines]
    sheets = dict.fromkeys(home.sheet.name for home in report.book.tables.values())
    return Results(rows, len(head) + 1, {sheet: rules(sheet) for sheet in sheets})


def _headline(name: str, report: Report, when: datetime) -> list[str]:
    book, ledger, count = report.book, report.ledger, counts(report.findings)
    found = "，".join(f"{count[severity]} 条{word}" for severity, word in SEVERITY_WORDS.items() if count[severity])
    unchecked = sum(one.instances for one in ledger.not_checked)
    return [
        "核对：" + " ".join(filter(None, (name, book.department, book.year and f"{book.year}年", book.form.title))),
        f"结果：{'' if count['error'] else '没有错误，'}{found}".removesuffix("，"),
        f"关系：相符 {ledger.agreed}，尾差 {ledger.rounding}，不符 {ledger.failed}，未核验 {unchecked}，"
        f"不适用 {ledger.not_applicable}",
        f"时间：{when:%Y-%m-%d %H:%M:%S}",
        f"版本：gouji {__version__}",
    ]


def _grouped(findings: Iterable[Finding]) -> list[tuple[int, Finding]]:
    """Findings with the number of the problem they are put down to, the largest problem first; 0 for the rest."""
    problems: dict[Suspect, list[Finding]] = {}
    rest: list[Finding] = []
    for finding in findings:
        (problems.setdefault(finding.suspects[0], []) if finding.suspects else rest).append(finding)
    largest = sorted(problems.values(), key=lambda group: -len(group))
    return [(n, one) for n, group in enumerate(largest, 1) for one in group] + [(0, one) for one in rest]


def _row(number: int, finding: Finding) -> Row:
    suspect = finding.suspects[0] if finding.suspects else Suspect("", "", "", "", "", "")
    return _line(
        问题=number or "",
        级别=_text(SEVERITY_WORDS[finding.severity]),
        规则=_text(finding.rule),
        单元格=link(finding.cell),
        说明=_text(finding.message),
        现为=_figure(finding.stated),
        应为=_figure(finding.expected),
        差额=_figure(finding.difference),
        疑似单元格=link(suspect.cell),
        疑似应为=_figure(suspect.value),
        疑似情况=_text(suspect.hint),
        办法=_text(finding.advice),
    )


def _line(**cells: str | float) -> Row:
    return [cells.get(heading, "") for heading in HEADINGS]


def link(address: str) -> str:
    """A formula that shows an address (表5!F9) and leads there; nothing for none."""
    sheet, _, cell = address.rpartition("!")
    if not sheet:
        return _text(address)
    target = "#'" + sheet.replace("'", "''") + f"'!{cell}"
    return f"=HYPERLINK({quoted(target)},{quoted(address)})"


def rules(sheet: str) -> tuple[Rule, ...]:
    """What marks the cells of a sheet that are listed, the most important last: each one added goes before the others.

    An error marks the cell that it is likely due to as well.
    """
    errors = f"{_listed('error', _CELL, sheet)}+{_listed('error', _SUSPECT, sheet)}>0"
    return (
        Rule(f"={_listed('warning', _CELL, sheet)}>0", FILLS[UNCHECKED]),
        Rule(f"={errors}", FILLS[FAILED]),
    )


def is_rule(formula: str | None) -> bool:
    """Whether this is the formula of one of our conditional formats, even after its sheet was deleted by hand."""
    return formula is not None and formula.startswith("=COUNTIFS(") and _HERE in formula


def _listed(severity: str, column: str, sheet: str) -> str:
    """How often the address of the cell at hand is listed in a column with this severity."""
    # With = in front nothing in a sheet's name is a comparison; ~ is the one wildcard that a name may hold.
    key = quoted("=" + sheet.replace("~", "~~") + "!")
    word = SEVERITY_WORDS[severity]
    return f'COUNTIFS({NAME}!${_SEVERITY}:${_SEVERITY},"{word}",{NAME}!${column}:${column},{key}&{_HERE})'


def _text(text: str) -> str:
    """So that Excel takes it for a text whatever it looks like."""
    return f"'{text}" if text else ""


def _figure(text: str) -> str | float:
    return float(text) if _AMOUNT.fullmatch(text) else _text(text)
