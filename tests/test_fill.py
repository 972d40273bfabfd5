"""gouji fill, file in and file out: typed leaves completed, in plain tables and in the template."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from gouji_checks.edit.insertion import SheetEdit
from gouji_checks.edit.parts import FileParts
from gouji_checks.source import FileSource
from tests import rich
from tests.fills import (
    COMPLETED,
    FORM,
    LEAVES,
    PUBLISHED,
    book_of,
    checked,
    errors,
    filled,
    plain,
    printed,
    printed_content,
    typed_into_template,
    values_only,
)
from tests.leaves import leaves_of, without_derived
from tests.office import Office, Put


def test_typed_leaves_come_out_as_published_but_for_rounding(leaves: Path) -> None:
    out = filled(leaves)

    assert printed(out) == printed_content(COMPLETED)
    assert errors(out) == ["X38"]


@given(some.integers(0, 2**32))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_consistent_leaves_give_a_workbook_without_finding(tmp_path: Path, seed: int) -> None:
    whole = rich.content(seed)

    out = filled(plain(leaves_of(FORM, whole), tmp_path / "预算.xlsx"), "--force")

    assert printed(out) == printed_content(whole)
    assert checked(out).findings == ()
    assert OpenXmlValidator().validate(out).errors == []
    assert filled(out, "--force").read_bytes() == out.read_bytes()


def test_filling_again_changes_nothing(leaves: Path, capsys: pytest.CaptureFixture[str]) -> None:
    once = filled(leaves)
    capsys.readouterr()

    twice = filled(once)

    assert twice.read_bytes() == once.read_bytes()
    assert capsys.readouterr().out == f"已生成 {twice}：没有需要填的\n"


def test_every_row_and_cell_is_listed(leaves: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = leaves.read_bytes()

    out = filled(leaves)

    lines = capsys.readouterr().out.splitlines()
    assert leaves.read_bytes() == before
    assert lines[0] == "表2 第7行：新增 总计"
    assert "表5 第10行：新增 20113 商贸事务" in lines
    assert "表5!E9：空 → 452.73" in lines
    assert lines[-1] == f"已生成 {out}：新增 42 行，填写 213 格"
    assert len(lines) == 42 + 213 + 1


def test_entered_figures_are_never_changed(leaves: Path) -> None:
    typed = printed(leaves)

    after = printed(filled(leaves))

    for key, figures in typed.items():
        assert all(now == figure for now, figure in zip(after[key], figures, strict=True) if figure)


def test_derived_figure_typed_wrong_is_put_right_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(rich.content(1).lines["表3"])
    right = lines[0].figures[0]
    lines[0] = lines[0]._replace(figures=(Decimal("9.99"), *lines[0].figures[1:]))
    content = rich.content(1)._replace(lines=rich.content(1).lines | {"表3": lines})

    out = filled(plain(content, tmp_path / "预算.xlsx"))

    assert capsys.readouterr().out == f"表3!E8：9.99 → {right:.2f}\n已生成 {out}：新增 0 行，填写 1 格\n"
    assert errors(out) == []


def test_figure_that_cannot_be_read_is_said_and_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = FileSource(str(plain(without_derived(FORM, PUBLISHED), tmp_path / "a.xlsx"))).read()
    table = next(sheet for sheet in source.sheets if sheet.name == "表5")
    table.rows[10][5] = "见附件"

    out = filled(values_only(source, tmp_path / "预算.xlsx"))

    assert "表5!F11 的“见附件”不是数字，没有改动，也没有计入合计" in capsys.readouterr().out.splitlines()
    assert FileSource(str(out)).read().sheets[5].rows[10][5] == "见附件"


def test_row_of_table_5_comes_from_the_projects(tmp_path: Path) -> None:
    content = LEAVES._replace(
        lines=LEAVES.lines | {"表5": [each for each in LEAVES.lines["表5"] if each.labels[0] != "215"]}
    )

    out = filled(plain(content, tmp_path / "预算.xlsx"))

    assert printed(out) == printed_content(COMPLETED)


def test_missing_table_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = FileSource(str(plain(without_derived(FORM, PUBLISHED), tmp_path / "a.xlsx"))).read()
    rest = source._replace(sheets=[sheet for sheet in source.sheets if sheet.name != "表4"])

    filled(values_only(rest, tmp_path / "预算.xlsx"))

    assert "没有找到表4“财政拨款收支预算总体情况表”，这张表没有填" in capsys.readouterr().out.splitlines()


def test_sum_of_the_owner_that_would_count_twice_gives_way_to_its_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = LEAVES._replace(lines=LEAVES.lines | {"表5": [PUBLISHED.lines["表5"][0], *LEAVES.lines["表5"]]})
    path = plain(content, tmp_path / "预算.xlsx")
    parts = FileParts(path.read_bytes())
    edit = SheetEdit(parts)
    for name, line, column in (("表5", 7, 5), ("表2", 30, 14)):
        edit.sheet(name).set_formula(line, column, "SUM(表5!F9:F17)")
        edit.sheet(name).cache(line, column, Decimal("672.20"))
    edit.close()
    path.write_bytes(parts.packed())

    out = filled(path)

    said = capsys.readouterr().out.splitlines()
    assert "表5!F8 的公式 =SUM(表5!F11:F27) 会把新增的行重复计入，已改为数值" in said
    assert "表2!O42 的公式所指的范围里新增了行，请核对是否还要这样算" in said
    sheets = load_workbook(out)
    assert (sheets["表5"]["F8"].value, sheets["表2"]["O42"].value) == (672.2, "=SUM(表5!F11:F27)")


# ── the template with its formulas ──


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with typed leaves, filled."""
    return filled(typed_into_template(LEAVES, tmp_path_factory.mktemp("live")))


def test_template_with_typed_leaves_comes_out_whole(live: Path) -> None:
    assert printed(live) == printed_content(COMPLETED)
    assert errors(live) == ["X38"]
    assert OpenXmlValidator().validate(live).errors == []


def test_formulas_stay_formulas_and_say_what_was_filled_in(live: Path, office: Office, tmp_path: Path) -> None:
    filled_in = printed(live)

    (again,) = office.convert([live], tmp_path)

    assert printed(again) == filled_in


def test_checks_of_the_template_show_what_they_will_come_to(live: Path, office: Office) -> None:
    shown = {sheet.name: sheet.rows for sheet in FileSource(str(live)).read().sheets}

    found = office.open(live).values()

    for name in ("表2", "表3", "表5", "表6", "表7", "勾稽关系"):
        assert filled_cells(shown[name]) == filled_cells(found[name]), name
    assert found["勾稽关系"][1][0] == "1 项不符"


def filled_cells(rows: list[list[object]]) -> dict[tuple[int, int], object]:
    return {
        (line, column): round(cell, 6) if isinstance(cell, float) else cell
        for line, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell != ""
    }


def test_typing_over_a_filled_template_is_followed(live: Path, office: Office) -> None:
    document = office.open(live)
    row = next(row for row in book_of(live).figures["表5"].part.rows if row.key == "2011301")

    document.apply([Put("表5", row.line, 5, 1339.83)])

    assert document.values()["表5"][7][4] == pytest.approx(1701.20)
