"""What the sheet 校验结果 says of a check, and the formulas that mark the cells it lists."""

import re
from collections.abc import Iterable, Sequence
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

TITLE, FILLED, COMPARED = "预算公开校验结果", "预算公开填充结果", "预算公开对比说明"
"""Its first cell after 校验, 填充 and 对比, by which we know the sheet for ours."""

HEADINGS = (
    *("问题", "级别", "规则", "单元格", "说明", "现为", "应为", "差额"),
    *("疑似单元格", "疑似应为", "疑似情况", "办法"),
)
FILLED_HEADINGS = ("事项", "单元格", "原为", "现为", "说明")
COMPARED_HEADINGS = ("事项", "单元格", "说明")
SEVERITY = HEADINGS.index("级别")
"""The column that says how grave it is, from 0."""
LISTS = {TITLE: (HEADINGS, SEVERITY), FILLED: (FILLED_HEADINGS, 0), COMPARED: (COMPARED_HEADINGS, 0)}
"""By the sheet's first cell: the headings of its list, and the column, from 0, in which no line of it is blank."""
AMOUNTS = ("现为", "应为", "差额", "疑似应为")
LINKS = ("单元格", "疑似单元格")
WRAPPED = ("说明", "疑似情况", "办法")

_LINE = 24
"""How many signs of a sentence are written side by side."""

_SEVERITY, _CELL, _SUSPECT = (chr(ord("A") + HEADINGS.index(name)) for name in ("级别", "单元格", "疑似单元格"))

_HERE = "ADDRESS(ROW(),COLUMN(),4)"
"""The address of the cell that a conditional format looks at: a reference would be taken from whichever cell happens to
be active when the format is added."""

_AMOUNT = re.compile(r"-?\d+\.\d\d")
"""As amounts are printed; a year or what someone typed is a text."""

Row = list[str | float]


class ConditionalFormat(NamedTuple):
    """A conditional format: the formula that is its condition, and its fill."""

    condition: str
    fill: str


class Results(NamedTuple):
    """The rows of the sheet, which of them (from 0) holds the headings, what marks each sheet with tables, which
    columns (from 0) may hold amounts, hold addresses that lead to their cell, and hold whole sentences, which take
    several lines, and what colours the severities."""

    rows: list[Row]
    header: int
    rules: dict[str, tuple[ConditionalFormat, ...]]
    amounts: tuple[int, ...]
    links: tuple[int, ...]
    wrapped: tuple[int, ...]
    legend: tuple[ConditionalFormat, ...] = ()

    @property
    def headings(self) -> Row:
        return self.rows[self.header]


def results(name: str, report: Report, when: datetime) -> Results:
    """What the sheet says of the check of a workbook of this name."""
    head: list[Row] = [[TITLE]]
    head += [[text_cell(line)] for line in _headline(name, report, when)]
    body = [_row(number, finding) for number, finding in _grouped(report.findings)]
    body += [
        _line(级别=text_cell(UNCHECKED), 规则=text_cell(one.rule), 说明=text_cell(one.reason))
        for one in report.ledger.not_checked
    ]
    sheets = dict.fromkeys(home.sheet.name for home in report.book.tables.values())
    found = listed(head, HEADINGS, body, AMOUNTS, LINKS, WRAPPED)
    return found._replace(rules={sheet: rules(sheet) for sheet in sheets}, legend=LEGEND)


def listed(
    head: list[Row],
    headings: Sequence[str],
    body: list[Row],
    amounts: Sequence[str],
    links: Sequence[str],
    wrapped: Sequence[str],
) -> Results:
    """A sheet with this headline and below it a table, whose columns are named by their headings; it marks nothing."""
    lines: list[Row] = [*head, [""], list(headings), *body]
    rows = [[*line, *[""] * (len(headings) - len(line))] for line in lines]
    places = {heading: place for place, heading in enumerate(headings)}

    def columns(names: Sequence[str]) -> tuple[int, ...]:
        return tuple([places[name] for name in names])

    return Results(rows, len(head) + 1, {}, columns(amounts), columns(links), columns(wrapped))


LEGEND = tuple(
    ConditionalFormat(f'=INDEX(${_SEVERITY}:${_SEVERITY},ROW())="{SEVERITY_WORDS[severity]}"', fill)
    for severity, fill in (("warning", FILLS[UNCHECKED]), ("error", FILLS[FAILED]))
)
"""Colours the severities as their marks are."""


def narrowed(results: Results) -> list[Row]:
    """The rows with their sentences cut short, and in the headings the room that a button to filter takes: what the
    columns are to be as wide as.
    """
    rows = [list(row) for row in results.rows]
    rows[results.header] = [f"{heading}　　" for heading in results.headings]
    for row in rows[results.header + 1 :]:
        for column in results.wrapped:
            # With the apostrophe in front that makes it a text.
            row[column] = str(row[column])[: _LINE + 1]
    return rows


def _headline(name: str, report: Report, when: datetime) -> list[str]:
    book, ledger, count = report.book, report.ledger, counts(report.findings)
    found = "，".join(f"{count[severity]} 条{word}" for severity, word in SEVERITY_WORDS.items() if count[severity])
    unchecked = sum(one.instances for one in ledger.not_checked)
    clean = f"没有错误，但有 {unchecked} 项没有核对，" if unchecked else "没有错误，"
    return [
        "核对：" + " ".join(filter(None, (name, book.department, book.year and f"{book.year}年", book.form.title))),
        f"结果：{'' if count['error'] else clean}{found}".removesuffix("，"),
        f"关系：相符 {ledger.agreed}，尾差 {ledger.rounding}，不符 {ledger.failed}，未核验 {unchecked}，"
        f"不适用 {ledger.not_applicable}",
        "标记：红色的格有错误或疑似出错，黄色的格有提示",
        *made(when),
    ]


def made(when: datetime) -> tuple[str, str]:
    """When the sheet was written, and by which version."""
    return f"时间：{when:%Y-%m-%d %H:%M:%S}", f"版本：gouji {__version__}"


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
        级别=text_cell(SEVERITY_WORDS[finding.severity]),
        规则=text_cell(finding.rule),
        单元格=link(finding.cell),
        说明=text_cell(finding.message),
        现为=amount_cell(finding.stated),
        应为=amount_cell(finding.expected),
        差额=amount_cell(finding.difference),
        疑似单元格=link(suspect.cell),
        疑似应为=amount_cell(suspect.value),
        疑似情况=text_cell(suspect.hint),
        办法=text_cell(finding.advice),
    )


def _line(**cells: str | float) -> Row:
    return [cells.get(heading, "") for heading in HEADINGS]


def link(address: str) -> str:
    """A formula that shows an address (表5!F9) and leads there; nothing for none."""
    sheet, _, cell = address.rpartition("!")
    if not sheet:
        return text_cell(address)
    target = "#'" + sheet.replace("'", "''") + f"'!{cell}"
    return f"=HYPERLINK({quoted(target)},{quoted(address)})"


def rules(sheet: str) -> tuple[ConditionalFormat, ...]:
    """What marks the cells of a sheet that are listed, the most important last: each one added goes before the others.

    An error marks the cell that it is likely due to as well.
    """
    errors = f"{_listed('error', _CELL, sheet)}+{_listed('error', _SUSPECT, sheet)}>0"
    return (
        ConditionalFormat(f"={_listed('warning', _CELL, sheet)}>0", FILLS[UNCHECKED]),
        ConditionalFormat(f"={errors}", FILLS[FAILED]),
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


def text_cell(text: str) -> str:
    """A text so that Excel takes it for one whatever it looks like."""
    return f"'{text}" if text else ""


def amount_cell(text: str) -> str | float:
    """An amount as a number, anything else as a text."""
    return float(text) if _AMOUNT.fullmatch(text) else text_cell(text)
