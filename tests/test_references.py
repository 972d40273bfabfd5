"""References in formulas: what moves when rows are inserted or formulas are copied."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gouji_checks.edit.references import Insert, Shift, translated

FORMULAS = {
    "SUM(F10:F12)": "SUM(F11:F13)",
    "SUM(F8:F12)+F9": "SUM(F8:F13)+F9",
    "$F$10+F$9+$F11": "$F$11+F$9+$F12",
    "SUM(10:12)+SUM(F:G)+SUM($9:$10)": "SUM(11:13)+SUM(F:G)+SUM($9:$11)",
    "LOG10(F10)+ABC1(F10)": "LOG10(F11)+ABC1(F11)",
    '"F10"&F10&"a""F10"': '"F10"&F11&"a""F10"',
    "我的!F10+'我的'!F10+表5!F10+'表5'!F10": "我的!F10+'我的'!F10+表5!F11+'表5'!F11",
    "[1]表5!F10+'[1]表5'!F10": "[1]表5!F10+'[1]表5'!F10",
    "表5_F10+F10_表5+表5_基本支出": "表5_F10+F10_表5+表5_基本支出",
    "清单[F10]+清单[[#All],[F10]:[G10]]": "清单[F10]+清单[[#All],[F10]:[G10]]",
    "F8:INDEX(F8:F100,10)": "F8:INDEX(F8:F101,10)",
    "F1:F1048576": "F1:F1048576",
    "1E10+TRUE+#REF!": "1E10+TRUE+#REF!",
    "SUM(F9:F9,F10)": "SUM(F9:F9,F11)",
}


@pytest.mark.parametrize(("before", "after"), FORMULAS.items())
def test_references_below_an_inserted_row_move(before: str, after: str) -> None:
    assert Shift([Insert("表5", 9, below=True)]).formula(before, "表5", "表5") == after


def test_references_of_other_sheets_move_only_where_they_name_the_sheet() -> None:
    shift = Shift([Insert("A 表", 9, below=True)])

    assert shift.formula("F10+'A 表'!F10+'a 表'!F10", "别", "A 表") == "F10+'A 表'!F11+'a 表'!F11"


@given(some.lists(some.integers(0, 30)), some.integers(0, 40))
def test_many_rows_at_once_do_what_one_after_the_other_does(befores: list[int], line: int) -> None:
    expected = line + sum(before <= line for before in befores)

    assert Shift(Insert("表5", before, below=True) for before in befores).line(line) == expected


def copies() -> Iterator[tuple[str, int, int, str]]:
    yield "SUM(F9:$G$9)+$A9+B$3", 2, 1, "SUM(G11:$G$9)+$A11+C$3"
    yield "SUM(9:9)+SUM($9:$9)+SUM(A:A)+SUM($A:$A)", 1, 1, "SUM(10:10)+SUM($9:$9)+SUM(B:B)+SUM($A:$A)"
    yield '"A1"&表5_类&INDEX(表5!A1:A9,1)', 3, 0, '"A1"&表5_类&INDEX(表5!A4:A12,1)'


@pytest.mark.parametrize(("formula", "rows", "columns", "expected"), list(copies()))
def test_copied_formulas_move_what_is_relative(formula: str, rows: int, columns: int, expected: str) -> None:
    assert translated(formula, rows, columns) == expected
