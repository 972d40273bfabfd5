"""填充 in an open workbook: what gouji fill does to a file."""

from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from gouji_addin.buttons import clear_marks, fill
from gouji_addin.results import NAME
from gouji_checks.live.template import build as build_live
from gouji_checks.source import FileSource
from gouji_templates.content import blank
from samples.build import ITEMS, SAMPLES
from tests import rich
from tests.clicks import (
    clicked,
    everything,
    findings,
    headline,
    listed,
    noon,
    opened,
    saved,
    saved_with_formulas,
    with_backup,
    with_formulas,
)
from tests.excel_parts import content
from tests.fills import (
    CATALOGUE,
    COMPLETED,
    FORM,
    LEAVES,
    PUBLISHED,
    errors,
    filled,
    plain,
    printed,
    printed_content,
    put_items,
    typed_into_template,
    values_only,
)
from tests.leaves import leaves_of, without_derived
from tests.office import Office
from tests.workbooks import EVERY_FILLED_IN


def test_the_cells_of_the_command_line_are_filled(leaves: Path, tmp_path: Path) -> None:
    excel, book = clicked(leaves)

    ours = saved(book, tmp_path / "存.xlsx")
    assert printed(ours) == printed(filled(leaves)) == printed_content(COMPLETED)
    assert errors(ours) == ["X38"]
    assert not excel.messages
    assert book.sheets.active.name == NAME


@EVERY_FILLED_IN
def test_every_sample_comes_out_as_from_the_command_line(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    excel, book = opened(path)
    # Whatever is asked.
    excel.answers += ["yes"]

    fill(book, noon)

    ours, theirs = saved(book, tmp_path / "存.xlsx"), filled(copy)
    assert printed(ours) == printed(theirs)
    assert findings(ours) == with_backup(book, findings(theirs))


@given(seed=some.integers(0, 2**32), kinds=some.lists(some.integers(0, 2), min_size=15, max_size=15))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_blanked_cells_are_filled(tmp_path: Path, seed: int, kinds: list[int]) -> None:
    whole = rich.content(seed)
    contents = (whole, without_derived(FORM, whole), leaves_of(FORM, whole))
    lines = {name: contents[kind].lines[name] for name, kind in zip(whole.lines, kinds, strict=False)}
    path = plain(whole._replace(lines=whole.lines | lines), tmp_path / "预算.xlsx")

    _, book = clicked(path)

    ours = saved(book, tmp_path / "存.xlsx")
    assert printed(ours) == printed_content(whole)
    assert findings(ours) == with_backup(book, [])


def test_every_change_is_listed_with_a_link(leaves: Path) -> None:
    _, book = clicked(leaves)

    told = listed(book)
    assert headline(book) == [
        "预算公开填充结果",
        "填充：预算.xlsx",
        "结果：新增 42 行，填写 213 格",
        "撤销：点“撤销填充”恢复；保存以后也可以，再填充一次就只能撤销后一次",
        "时间：2025-03-01 12:00:00",
        "版本：gouji 0.2.0",
    ]
    assert [one["事项"] for one in told] == ["新增行"] * 42 + ["填写"] * 213
    assert {"事项": "填写", "单元格": "表5!E9", "原为": "", "现为": 452.73, "说明": ""} in told
    links = [cell.value for cell in content(book)[NAME]["B"] if str(cell.value).startswith("=")]
    assert len(links) == 42 + 213
    assert '=HYPERLINK("#\'表5\'!E9","表5!E9")' in links


def test_filling_again_says_that_there_is_nothing_to_fill(leaves: Path) -> None:
    excel, book = clicked(leaves)
    before = everything(book)

    fill(book, noon)

    assert excel.messages == [("预算公开", "没有需要填的。")]
    assert everything(book) == before


def test_sheets_are_read_twice_and_written_in_blocks(leaves: Path) -> None:
    excel, book = opened(leaves)
    names = [sheet.name for sheet in book.sheets]

    fill(book, noon)

    assert dict(excel.reads) == dict.fromkeys(names, 2)
    assert max(excel.writes[name] for name in names) < 30
    assert sum(excel.writes[name] for name in names) < 213 / 1.5


@pytest.mark.parametrize("rows", [1, 4, 100])
def test_a_column_takes_one_write_however_many_of_its_cells_are_blank(rows: int, tmp_path: Path) -> None:
    whole = rich.content(3)
    lines = [line._replace(figures=(None, *line.figures[1:])) for line in whole.lines["表5"][:rows]]
    lines += whole.lines["表5"][rows:]

    excel, _ = clicked(plain(whole._replace(lines=whole.lines | {"表5": lines}), tmp_path / "预算.xlsx"))

    assert excel.writes["表5"] == 1


# ── formulas ──


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with typed leaves, protected as it is given out."""
    return typed_into_template(LEAVES, tmp_path_factory.mktemp("live"))


def test_the_template_keeps_its_formulas_and_calculates_the_same(typed: Path, office: Office, tmp_path: Path) -> None:
    _, book = clicked(typed)

    (again,) = office.convert([saved_with_formulas(book, tmp_path / "存.xlsx")], tmp_path)

    assert printed(again) == printed_content(COMPLETED)
    assert not [one for one in listed(book) if one["说明"] and "公式" in str(one["说明"])]


def test_tables_protected_by_a_password_that_lack_rows_are_named_and_stay(leaves: Path) -> None:
    saved_before = openpyxl.load_workbook(leaves)
    for sheet in saved_before:
        # As the template does it: Excel then puts rows in, but takes neither figures for locked cells nor rows out.
        sheet.protection.sheet, sheet.protection.insertRows, sheet.protection.deleteRows = True, False, False
        sheet.protection.password = "1"
    saved_before.save(leaves)
    excel, book = opened(leaves)
    before = everything(book)

    fill(book, noon)

    named = "“表7”、“表6”、“表5”、“表3”、“表2”"
    assert [text for _, text in excel.messages] == [
        f"工作表{named}有保护，插不进也删不掉行，请撤销这些工作表的保护，再点按钮。"
    ]
    assert everything(book) == before
    assert not excel.writes


def formulas(book: xw.Book) -> dict[tuple[int, int], str]:
    """Those of the rows of 表5, by row and column from 1."""
    return {place: text for place, text in book.impl.formulas.of(content(book)["表5"]).items() if place[0] > 7}


def test_a_formula_stays_where_it_is_right_and_gives_way_where_it_is_wrong(tmp_path: Path) -> None:
    first, second, *_ = (float(line.figures[0] or 0) for line in rich.content(1).lines["表5"])
    path = with_formulas(
        plain(rich.content(1), tmp_path / "预算.xlsx"), {"E8": "F8+G8", "E9": "F9*2"}, {"E8": first, "E9": 1.0}
    )

    _, book = clicked(path)

    assert formulas(book) == {(8, 5): "=F8+G8"}
    assert content(book)["表5"]["E9"].value == second
    assert listed(book) == [
        {"事项": "填写", "单元格": "表5!E9", "原为": 1.0, "现为": second, "说明": "原有公式 =F9*2，已改为数值"}
    ]


def test_owners_sum_over_new_rows_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content_ = LEAVES._replace(lines=LEAVES.lines | {"表5": [PUBLISHED.lines["表5"][0], *LEAVES.lines["表5"]]})
    path = with_formulas(plain(content_, tmp_path / "预算.xlsx"), {"F8": "SUM(F9:F17)"}, {"F8": 672.20})

    _, book = clicked(path)
    filled(path)

    (said,) = [str(one["说明"]) for one in listed(book) if one["事项"] == "请核对"]
    assert said in capsys.readouterr().out.splitlines()
    assert formulas(book) == {}


# ── line items ──


def test_tables_are_made_from_line_items(detailed: Path, tmp_path: Path) -> None:
    _, book = clicked(detailed)

    ours = saved(book, tmp_path / "存.xlsx")
    assert printed(ours) == printed_content(PUBLISHED)
    assert errors(ours) == []
    assert headline(book)[2].startswith("结果：由“预算明细”得出，")


def test_line_items_fill_the_template(tmp_path: Path, office: Office) -> None:
    template = tmp_path / "模板.xlsx"
    template.write_bytes(build_live(CATALOGUE, blank(FORM, PUBLISHED.department)))
    _, book = clicked(put_items(template))

    (again,) = office.convert([saved_with_formulas(book, tmp_path / "存.xlsx")], tmp_path)

    assert printed(again) == printed_content(PUBLISHED)
    assert errors(again) == []


def test_wrong_line_items_are_listed_and_nothing_is_filled(detailed: Path, tmp_path: Path) -> None:
    source = FileSource(str(detailed)).read()
    items = next(sheet for sheet in source.sheets if sheet.name == "预算明细")
    items.rows[1][0] = "2019990"
    items.rows[2][5] = "若干"
    _, book = opened(values_only(source, tmp_path / "错.xlsx"))
    before = everything(book)

    fill(book, noon)

    told = listed(book)
    assert [(one["事项"], one["单元格"]) for one in told[:2]] == [
        ("明细有误", "预算明细!A2"),
        ("明细有误", "预算明细!F3"),
    ]
    assert "2 处错误，没有填" in headline(book)[2]
    clear_marks(book)
    assert everything(book) == before


def test_line_items_alone_are_told_what_to_do(tmp_path: Path) -> None:
    items = FileSource(str(SAMPLES / ITEMS)).read()
    excel, book = opened(values_only(items, tmp_path / "明细.xlsx"))

    fill(book, noon)

    ((_, said),) = excel.messages
    assert said.startswith("工作簿里只有“预算明细”，没有公开表。请先点“新建模板”")
    assert not excel.writes
