"""What a row's label cells say: a name that is lost, or is a number, is no part of the code before it."""

import pytest

from gouji_checks.labels import read_label
from gouji_checks.source import Workbook
from tests.edits import projection, report, tally, the_published
from tests.layouts import codes, each_table


def without_names(lost: object, joined: bool) -> Workbook:
    """The published tables by code with this in place of every name, their codes in one cell or in several."""
    return each_table(codes(lambda parts, _: (["".join(parts)] if joined else parts, lost)))


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("lost", [0, 0.0, "0"])
def test_names_that_became_zeros_are_missing_and_nothing_else(lost: object, joined: bool) -> None:
    found = report(without_names(lost, joined))

    assert projection(found, "error") == []
    assert {rule for _, rule in projection(found, "warning")} == {"C07"}
    assert tally(found) == tally(report(the_published()))


@pytest.mark.parametrize(
    ("kind", "project", "cells", "code", "name", "named"),
    [
        ("functional", None, (201.0, "", "", 0.0), "201", "", ""),
        ("functional", None, ("201", "13", "01", 5.0), "2011301", "5", ""),
        ("functional", None, ("201", 0.0, 0.0, "一般公共服务支出"), "201", "一般公共服务支出", ""),
        ("functional", None, ("2011301", 0.0), "2011301", "", ""),
        ("functional", None, ("201", "13", "01"), "2011301", "", ""),
        ("functional", None, ("201", 13.0, 1.0, "行政运行"), "2011301", "行政运行", ""),
        ("functional", None, ("20113", "01行政运行"), "20113", "01行政运行", ""),
        ("functional", None, ("2011301 行政运行",), "2011301", "行政运行", ""),
        ("economic", None, ("301", "01"), "30101", "", ""),
        ("economic", None, ("301", "01", 0.0), "30101", "", ""),
        ("projects", 4, ("201", "13", "99", 0.0, "2025"), "2011399", "", "2025"),
        ("projects", 4, ("201", "13", "99", "其他商贸事务支出", 7.0), "2011399", "其他商贸事务支出", "7"),
    ],
)
def test_numbers_behind_a_code(
    kind: str, project: int | None, cells: tuple[object, ...], code: str, name: str, named: str
) -> None:
    found = read_label(kind, project, cells)

    assert found is not None
    assert (found.code, found.name, found.project) == (code, name, named)
