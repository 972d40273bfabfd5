"""All that a summary needs of one workbook, small and fit for JSON: whose it is, its main figures, what is wrong."""

from decimal import Decimal
from typing import Any, NamedTuple

from gouji_checks import report
from gouji_checks.amount import FEN
from gouji_checks.book import spelled_department
from gouji_checks.check import Report
from gouji_checks.compare.prior import whose
from gouji_checks.compare.stated import stated_number
from gouji_checks.finding import Finding
from gouji_checks.single import Options, report_on, why
from gouji_checks.source import Unreadable
from gouji_checks.stamps import Stamps, stamps
from gouji_checks.summary.digests import last_year
from gouji_checks.summary.figures import Main, main_figures
from gouji_checks.summary.leaves import Rows, leaves_of
from gouji_templates.content import STAFF, VEHICLES, VEHICLES_BOUGHT

COUNTED = (*STAFF, VEHICLES, VEHICLES_BOUGHT)
"""The lines of the first sheet that are added up over departments."""

MARK = "汇总部门数"
"""The custom property of a workbook that is a summary itself."""


class Record(NamedTuple):
    """One workbook. `status` is clean, findings or unreadable, the latter with a `message`.

    `figures` are the main ones by id, each this year, last year (分, None where not known) and the rate as printed;
    `no_last_year` is the kind of reason why no workbook of last year was used and the reason in words, empty where one
    was or none was asked for; `last_year` is as in `digests.last_year`; `findings` are in the public shape; `parts`,
    `names` and `shallow` are as in `leaves.Leaves`, `counts` what the first sheet counts; `rounding` is what 尾差
    amounts to in all relations together, in 分.
    """

    status: str
    message: str
    department: str
    code: str
    year: str
    version: str
    errors: int
    warnings: int
    unchecked: int
    rounding: int
    figures: dict[str, Main]
    no_last_year: list[str]
    last_year: list[str]
    counts: dict[str, int]
    parts: dict[str, Rows]
    names: dict[str, str]
    shallow: list[str]
    findings: list[dict[str, Any]]


def record_of(path: str, options: Options) -> Record:
    """The record of one file; one that can't be read is a record as well, never an exception."""
    try:
        found = report_on(path, options)
    except Unreadable as error:
        return _unread(why(path, error))
    book = found.book
    if any(name == MARK for name, _ in book.workbook.properties):
        return _unread("这是汇总得到的工作簿，不是部门的，请移到别的文件夹")
    count = report.counts(found.findings)
    said, this = stamps(book), whose(book)
    leaves = leaves_of(book)
    return Record(
        report.status(found),
        "",
        spelled_department(book),
        said.sheet.code or said.file.code,
        book.year,
        _version(said),
        count["error"],
        count["warning"],
        sum(item.instances for item in found.ledger.not_checked),
        sum(map(_rounding, found.findings)),
        main_figures(book, found.last.prior if found.last else None),
        [found.last.kind, found.last.why] if found.last and found.last.why else [],
        last_year(options, this.department, this.code, this.year),
        {field: number for field in COUNTED if (number := stated_number(book, field)) is not None},
        *leaves,
        _findings(found),
    )


def _unread(message: str) -> Record:
    return Record("unreadable", message, "", "", "", "", 0, 0, 0, 0, {}, [], [], {}, {}, {}, [], [])


def _version(said: Stamps) -> str:
    return said.sheet.version or said.file.version


def _rounding(finding: Finding) -> int:
    """A 尾差 in 分."""
    if finding.severity != "info" or not finding.allowed or not finding.difference:
        return 0
    return abs(int(Decimal(finding.difference) * FEN["万元"]))


def _findings(found: Report) -> list[dict[str, Any]]:
    """Errors and warnings; what is merely worth knowing needs no attention."""
    tables = {home.sheet.name: table for table, home in found.book.tables.items()}
    shown = [finding for finding in found.findings if finding.severity != "info"]
    return [
        # Other sheets are called by their names.
        finding | {"table": tables.get(finding["sheet"], finding["sheet"])}
        for finding in report.as_json("", found._replace(findings=tuple(shown)))["findings"]
    ]
