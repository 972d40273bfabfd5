"""gouji fill from line items: tables made, filled and emptied."""

from decimal import Decimal
from pathlib import Path
from shutil import copyfile

import pytest
from hypothesis import HealthCheck, given, settings
from openxml_audit import OpenXmlValidator

from gouji_checks import detail
from gouji_checks.check import known_codes
from gouji_checks.detail_tables import tables
from gouji_checks.fill.items import with_items as into_sheet
from gouji_checks.live.template import build as build_live
from gouji_checks.source import FileSource, Workbook
from gouji_templates.content import Content, Line, blank, line_of
from gouji_templates.form import Block
from samples.build import ITEMS, SAMPLE, SAMPLES
from tests.fills import (
    CATALOGUE,
    FORM,
    PUBLISHED,
    book_of,
    checked,
    errors,
    filled,
    plain,
    printed,
    printed_content,
    put_items,
    values_only,
    with_items,
)
from tests.office import Office
from tests.test_detail_ties import PRINTED, line_items


def block_of(name: str) -> Block:
    return next(block for block in FORM.blocks if block.name == name)


def with_line(content: Content, block: str, line: Line) -> Content:
    return content._replace(lines=content.lines | {block: [*content.lines[block], line]})


def test_line_items_alone_become_the_published_workbook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "明细.xlsx"
    copyfile(SAMPLES / ITEMS, path)

    out = filled(path, "--department", PUBLISHED.department)

    assert printed(out) == printed_content(PUBLISHED)
    assert errors(out) == []
    assert (checked(out).book.department, checked(out).ledger.rounding) == (PUBLISHED.department, 8)
    assert OpenXmlValidator().validate(out).errors == []
    assert capsys.readouterr().out.splitlines()[-1].endswith("由“预算明细”得出，新建各张公开表，填写 273 格")


def test_workbook_made_from_line_items_calculates_the_same(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "明细.xlsx"
    copyfile(SAMPLES / ITEMS, path)

    (again,) = office.convert([filled(path, "--department", PUBLISHED.department)], tmp_path / "..")

    assert printed(again) == printed_content(PUBLISHED)


def test_line_items_without_a_department_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "明细.xlsx"
    copyfile(SAMPLES / ITEMS, path)

    out = filled(path)

    assert capsys.readouterr().out.startswith("没有部门名称：请在“基本信息”里填写，或加 --department 重新生成\n")
    assert errors(out) == []


def test_line_items_fill_the_tables_that_are_there(detailed: Path) -> None:
    out = filled(detailed)

    assert printed(out) == printed_content(PUBLISHED)
    assert errors(out) == []
    assert filled(out).read_bytes() == out.read_bytes()


def test_line_items_fill_the_template_and_stay_beside_it(tmp_path: Path, office: Office) -> None:
    template = tmp_path / "模板.xlsx"
    template.write_bytes(build_live(CATALOGUE, blank(FORM, PUBLISHED.department)))
    path = put_items(template)

    out = filled(path)

    assert printed(out) == printed_content(PUBLISHED)
    assert errors(out) == []
    assert items_of(out) == items_of(path)
    (again,) = office.convert([out], tmp_path)
    assert printed(again) == printed_content(PUBLISHED)


def items_of(path: Path) -> detail.Detail:
    sheet = detail.find(FileSource(str(path)).read())
    assert sheet is not None
    return detail.read(sheet, FORM, known_codes())


def test_what_the_line_items_do_not_know_is_emptied_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extra = line_of(block_of("表5"), "宣传管理", "2013350")._replace(figures=(None, Decimal("7.00"), None))
    path = plain(with_line(PUBLISHED, "表5", extra), tmp_path / "空.xlsx")

    out = filled(with_items(path, SAMPLES / ITEMS, tmp_path))

    said = capsys.readouterr().out.splitlines()
    assert printed(out) == printed_content(PUBLISHED)
    assert "表5 第28行：预算明细里没有 2013350 宣传管理，数字已清空" in said
    assert "表5!F28：7.00 → 空" in said
    assert book_of(out).figures["表5"].part.rows[-1].title == "2013350 宣传管理"


def test_figures_that_the_line_items_change_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(PUBLISHED.lines["表5"])
    lines[3] = lines[3]._replace(figures=(None, Decimal("300.00"), None))
    content = PUBLISHED._replace(lines=PUBLISHED.lines | {"表5": lines})

    filled(with_items(plain(content, tmp_path / "空.xlsx"), SAMPLES / ITEMS, tmp_path))

    assert capsys.readouterr().out.splitlines()[:3] == [
        "表5!E11：空 → 352.83",
        "表5!F11：300.00 → 339.83",
        "表5!G11：空 → 13.00",
    ]


def test_empty_table_sentence_gives_way_to_figures(tmp_path: Path) -> None:
    items = FileSource(str(SAMPLES / ITEMS)).read().sheets[0]
    items.rows.append(["2120303", "政府性基金预算", "项目支出", "道路", "31005", 10_000.0])
    path = values_only(Workbook([*FileSource(str(SAMPLES / SAMPLE)).read().sheets, items]), tmp_path / "预算.xlsx")

    out = filled(path)

    assert errors(out) == []
    assert printed(out)["表8", "2120303", "", "1"] == ("1.00", "", "", "1.00")
    assert not any("为空表" in str(cell) for row in book_of(out).tables["表8"].sheet.rows for cell in row)


def test_budget_unit_is_spelled_as_the_department_spells_itself(tmp_path: Path) -> None:
    path = plain(blank(FORM, "某某局（本级）"), tmp_path / "空.xlsx")

    out = filled(with_items(path, SAMPLES / ITEMS, tmp_path))

    assert FileSource(str(out)).read().sheets[7].rows[7][3] == "某某局（本级）"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("items") / "模板.xlsx"
    path.write_bytes(build_live(CATALOGUE, blank(FORM, "某某市综合服务局")))
    return path


@given(given=line_items(least=PRINTED))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_line_items_fill_the_template_so_that_it_ties(
    given: tuple[detail.LineItem, ...], template: Path, tmp_path: Path, office: Office
) -> None:
    items = detail.Detail(given, known_codes())
    path = tmp_path / "预算.xlsx"
    path.write_bytes(into_sheet(template.read_bytes(), FileSource(str(template)).read(), items))

    once = filled(path, "--force")

    assert errors(once) == []
    assert printed(once) == printed_content(tables(items, FORM, "某某市综合服务局", FORM.year))
    assert filled(once, "--force").read_bytes() == once.read_bytes()
    (again,) = office.convert([once], recalculated_in(once))
    assert printed(again) == printed(once)


def recalculated_in(path: Path) -> Path:
    folder = path.parent / "重算"
    folder.mkdir(exist_ok=True)
    return folder
