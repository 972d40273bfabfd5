"""The published sample is clean, and every faulty variant gives exactly the findings beside it."""

from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from gouji_checks.check import Report, check
from gouji_checks.finding import Finding
from gouji_checks.source import FileSource
from samples.build import SAMPLE, SAMPLES
from samples.faults import FAULTY, Fault, build, faults, projection

FAULTS = faults()
EVERY_FAULT = pytest.mark.parametrize("fault", FAULTS, ids=[fault.name[:2] for fault in FAULTS])
STALE = "已过时：运行 python samples/faults.py 重新生成"

KINDS_OF_FAULT = [
    "01-单表改数",
    "02-数字颠倒",
    "03-漏列一行",
    "04-编码挂错上级",
    "05-单格按元填列",
    "06-整表按元填列",
    "07-总计粘贴旧数",
    "08-数字格填文字",
    "09-缺空表说明",
    "10-部门名称不一",
    "11-两处错误",
    "12-留着去年的年度",
    "13-文本数字与负数",
    "14-隐藏行有数",
    "15-源头数填错",
    "16-改表名与缺表",
    "17-五处错误",
    "18-重复一行",
    "19-整册以元为单位",
    "20-移表加行",
    "21-三公增长",
    "22-上年数填错",
]


@cache
def checked(path: str) -> Report:
    return check(FileSource(path))


def report_on(fault: Fault) -> Report:
    return checked(str(fault.workbook))


def first_suspects(report: Report) -> set[str]:
    """What each problem is put down to: 表5!F11 = 339.83 (cell)."""
    named = [finding.suspects[0] for finding in report.findings if finding.suspects]
    return {" ".join(filter(None, (one.cell, "=", one.value, f"({one.kind})"))) for one in named}


def names(finding: Finding) -> set[str]:
    """How a declaration may call a finding: X33, or X33 表5!E11."""
    return {finding.rule, f"{finding.rule} {finding.cell}"}


def test_every_kind_of_fault_has_its_variant_and_no_file_is_left_over() -> None:
    files = {path.name for path in FAULTY.iterdir()}

    assert [fault.name for fault in FAULTS] == KINDS_OF_FAULT
    assert files == {path.name for fault in FAULTS for path in (fault.workbook, fault.findings)}


@EVERY_FAULT
def test_stored_variant_is_a_fresh_build(fault: Fault) -> None:
    with ZipFile(fault.workbook) as stored, ZipFile(BytesIO(build(fault))) as built:
        parts = {name: built.read(name) for name in built.namelist()}

        assert parts == {name: stored.read(name) for name in stored.namelist()}, STALE


@EVERY_FAULT
def test_check_gives_exactly_the_findings_beside_the_workbook(fault: Fault) -> None:
    assert projection(report_on(fault)) == fault.findings.read_text(encoding="utf-8"), STALE


@EVERY_FAULT
def test_problems_are_put_down_to_the_cells_that_were_changed_and_to_no_other(fault: Fault) -> None:
    assert first_suspects(report_on(fault)) == set(fault.suspects)


@EVERY_FAULT
def test_declared_findings_are_there(fault: Fault) -> None:
    given = {name for finding in report_on(fault).findings for name in names(finding)}

    assert set(fault.rules) - given == set()


@EVERY_FAULT
def test_every_error_is_explained_or_declared(fault: Fault) -> None:
    errors = [finding for finding in report_on(fault).findings if finding.severity == "error"]

    assert [one for one in errors if not one.suspects and names(one).isdisjoint(fault.rules)] == []


@EVERY_FAULT
def test_variant_is_an_error_unless_it_is_declared_clean(fault: Fault) -> None:
    assert (report_on(fault).worst != "error") == fault.clean


@EVERY_FAULT
def test_declared_value_of_a_cell_is_the_published_one(fault: Fault) -> None:
    published = load_workbook(SAMPLES / SAMPLE)
    declared = [suspect.split(" ") for suspect in fault.suspects if suspect.endswith(("(cell)", "(entered)"))]

    for address, _, value, _ in declared:
        sheet, _, cell = address.partition("!")
        assert f"{published[sheet][cell].value:.2f}" == value


def test_published_disclosure_has_no_error_and_everything_was_checked() -> None:
    report = checked(str(SAMPLES / SAMPLE))

    assert [finding for finding in report.findings if finding.severity == "error"] == []
    assert (report.ledger.failed, report.ledger.not_checked) == (0, ())


def test_published_disclosure_is_out_by_a_hundredth_eight_times_in_one_table() -> None:
    rounding = [finding for finding in checked(str(SAMPLES / SAMPLE)).findings if finding.severity == "info"]

    assert [(one.cell.partition("!")[0], one.difference.removeprefix("-")) for one in rounding] == [("表6", "0.01")] * 8


def test_published_disclosure_is_warned_of_project_money_under_administration_alone() -> None:
    warnings = [finding for finding in checked(str(SAMPLES / SAMPLE)).findings if finding.severity == "warning"]

    assert [(one.rule, one.cell, one.stated) for one in warnings] == [("N07", "表3!G11", "213.00")]
