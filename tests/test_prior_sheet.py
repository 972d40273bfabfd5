"""上年预算数: how it is laid out, what may be typed, and how it is filled from last year's workbook."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from gouji_checks.book import read_book
from gouji_checks.compare.prior_sheet import from_sheet
from gouji_checks.live import template
from gouji_checks.relation import load
from gouji_checks.source import FileSource, Sheet, read_package
from gouji_templates import workbook
from gouji_templates.content import CODE, PRIOR, UNIT_KIND, Content, PriorFigure, blank
from gouji_templates.manifest import NAME, read
from gouji_templates.prior_sheet import CODES, sections
from samples.build import published
from tests import last_year
from tests.command import run
from tests.entering import validation
from tests.lists import HEAD, as_csv
from tests.office import Office, Put

CATALOGUE = load()
FORM = CATALOGUE.form
DEPARTMENT = published(FORM).department
TEMPLATE = template.build(CATALOGUE, blank(FORM, "某局"))
BY_CODE = "一般公共预算科目"
Printed = pytest.CaptureFixture[str]


def rows_of(data: bytes) -> list[list[object]]:
    return sheet_in(data).rows


def sheet_in(data: bytes) -> Sheet:
    return next(sheet for sheet in read_package(data).sheets if sheet.name == PRIOR)


def worksheet() -> Worksheet:
    sheet = load_workbook(BytesIO(TEMPLATE))[PRIOR]
    assert isinstance(sheet, Worksheet)
    return sheet


def with_prior(content: Content) -> Content:
    return content._replace(prior=last_year.figures())


def test_every_group_is_a_section_with_its_lines_in_order_and_the_codes_come_last() -> None:
    assert FORM.comparison is not None
    rows = rows_of(TEMPLATE)
    found = {section.group.title: section for section in sections(FORM, blank(FORM))}

    assert rows[3] == ["编码", "项目", "上年预算数", "其中：基本支出", "其中：项目支出", "来源"]
    assert set(found) == {group.title for group in FORM.comparison.groups}
    for title, section in found.items():
        assert rows[section.heading][0] == title
        below = rows[section.heading + 1 : section.heading + 1 + section.size]
        assert len(below) == section.size
        if not section.group.codes:
            assert [row[1] for row in below] == [line.label for line in section.group.lines]
        assert all(row[0] == row[2] == row[5] == "" for row in below)
    last = list(found.values())[-1]
    assert (last.group.id, last.size, last.heading + last.size + 1) == (BY_CODE, 40, len(rows))


def test_head_names_the_department_and_the_year_before() -> None:
    assert [cell for cell in rows_of(TEMPLATE)[1] if cell] == ["编制部门：某局", "上年：2024 年    单位：万元"]


def test_amounts_origins_and_codes_are_free_and_the_rest_is_locked() -> None:
    sheet = worksheet()
    free = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    codes = sections(FORM, blank(FORM))[-1]
    expected = set()
    for section in sections(FORM, blank(FORM)):
        for row in range(section.heading + 2, section.heading + section.size + 2):
            expected |= {f"{letter}{row}" for letter in ("ACDEF" if section is codes or section == codes else "CF")}

    assert sheet.protection.sheet
    assert free == expected


@pytest.mark.parametrize("cell", ["C6", "C16", "C45", "D50", "E81"])
def test_amounts_are_checked_as_in_the_tables(cell: str) -> None:
    rule = validation(worksheet(), cell)

    assert rule is not None
    assert (rule.type, rule.allowBlank) == ("custom", False)
    assert str(rule.error).startswith("请填不小于 0 的数字，最多 2 位小数")


def test_codes_are_checked_against_the_classification_and_kept_as_text() -> None:
    sheet = worksheet()
    top = sections(FORM, blank(FORM))[-1].heading + 2
    rule = validation(sheet, f"A{top}")

    assert rule is not None
    assert rule.errorStyle == "warning"
    assert f"LEN($A{top})=7" in str(rule.formula1)
    assert sheet[f"A{top}"].number_format == "@"


def test_sheet_prints_on_landscape_a4_one_page_wide() -> None:
    sheet = worksheet()

    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth or 1, sheet.print_title_rows, sheet.freeze_panes) == (1, "$1:$4", "A5")


@pytest.mark.parametrize("live", [True, False])
def test_figures_given_are_read_back_with_their_origin(live: bool) -> None:
    given = with_prior(published(FORM))
    data = template.build(CATALOGUE, given) if live else workbook.build(FORM, given)

    prior = from_sheet(read_book(read_package(data), FORM))

    assert prior is not None
    assert {key: figure.origin for key, figure in prior.figures.items()} == dict.fromkeys(given.prior, last_year.ORIGIN)
    for key, figure in given.prior.items():
        assert prior.figures[key].amounts == tuple(int((one or Decimal(0)) * 1_000_000) for one in figure.figures)


def test_a_workbook_without_last_years_figures_has_no_such_sheet_unless_it_is_live() -> None:
    plain = read_package(workbook.build(FORM, published(FORM)))

    assert PRIOR not in [sheet.name for sheet in plain.sheets]


def test_more_codes_than_the_template_has_room_for_leave_rows_open() -> None:
    prior = {(BY_CODE, f"2{number:03d}101"): PriorFigure((Decimal(1), None, None)) for number in range(60)}
    data = template.build(CATALOGUE, blank(FORM)._replace(prior=prior))
    with_codes = [row for row in rows_of(data) if str(row[0]).isdecimal()]

    assert len(with_codes) == 60
    assert sections(FORM, blank(FORM)._replace(prior=prior))[-1].size == 70


def test_a_code_fills_in_its_name_and_its_sum(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(TEMPLATE)
    document = office.open(path)
    top = sections(FORM, blank(FORM))[-1].heading + 1

    document.apply([Put(PRIOR, top, 0, "2011301"), Put(PRIOR, top, 3, 1.1), Put(PRIOR, top, 4, 2.2)])

    assert document.values()[PRIOR][top][:5] == ["2011301", "行政运行", 3.3, 1.1, 2.2]
    assert CODES in document.names()


# ── from last year's workbook ──


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published workbook, as if it were that of the year before 2026."""
    path = tmp_path_factory.mktemp("上年") / "去年.xlsx"
    workbook.write(path, FORM, published(FORM))
    return path


def test_template_is_filled_from_last_years_workbook(before: Path, tmp_path: Path, capsys: Printed) -> None:
    made = tmp_path / "今年.xlsx"

    assert run("template", "-o", made, "--department", DEPARTMENT, "--year", "2026", "--prior", before) == 0

    prior = from_sheet(read_book(FileSource(str(made)).read(), FORM))
    assert prior is not None
    assert prior.figures["收入", "收入合计"].amounts == (901_200_000,)
    assert prior.figures["收入", "收入合计"].origin.startswith("上年工作簿 去年.xlsx 表2!")
    assert prior.figures["机关运行经费", "机关运行经费"].amounts == (30_200_000,)
    assert prior.figures[BY_CODE, "2011301"].amounts == (352_830_000, 339_830_000, 13_000_000)
    assert f"上年预算数取自 {before}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--year", "2026"), "要用 --department 写明部门名称"),
        (("--department", DEPARTMENT, "--year", "2027"), "上年应为2026年"),
        (("--department", "另一个局", "--year", "2026"), "请换成同一部门的"),
    ],
)
def test_template_refuses_what_is_not_last_years_workbook(
    before: Path, tmp_path: Path, capsys: Printed, arguments: tuple[str, ...], said: str
) -> None:
    assert run("template", "-o", tmp_path / "今年.xlsx", "--prior", before, *arguments) == 2

    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_distribution_fills_in_last_year_where_a_workbook_is_named(before: Path, tmp_path: Path) -> None:
    folder = tmp_path / "名单"
    folder.mkdir()
    (folder / "去年.xlsx").write_bytes(before.read_bytes())
    rows = [
        (*HEAD, "上年工作簿"),
        (DEPARTMENT, "101", "行政单位", "去年.xlsx"),
        ("某某市教育局", "102", "行政单位", ""),
    ]

    assert run("distribute", as_csv(folder / "名单", rows), "-o", tmp_path / "发", "--year", "2026") == 0

    with_, without = sorted((tmp_path / "发").glob("*.xlsx"))
    filled, empty = (from_sheet(read_book(FileSource(str(path)).read(), FORM)) for path in (with_, without))
    book = read_book(FileSource(str(with_)).read(), FORM)
    assert filled is not None
    assert empty is not None
    assert filled.figures["支出", "项目支出"].amounts == (229_000_000,)
    assert (book.info[CODE], book.info[UNIT_KIND]) == ("101", "行政单位")
    assert empty.figures == {}


def test_distribution_makes_nothing_when_one_of_last_years_workbooks_is_wrong(
    before: Path, tmp_path: Path, capsys: Printed
) -> None:
    folder = tmp_path / "名单"
    folder.mkdir()
    (folder / "去年.xlsx").write_bytes(before.read_bytes())
    (folder / "坏.xlsx").write_bytes(b"no workbook")
    rows = [
        (*HEAD, "上年工作簿"),
        ("某某市教育局", "102", "行政单位", "去年.xlsx"),
        ("某某市水利局", "103", "行政单位", "坏.xlsx"),
    ]

    assert run("distribute", as_csv(folder / "名单", rows), "-o", tmp_path / "发", "--year", "2026") == 2

    said = capsys.readouterr().err.splitlines()
    assert [line[:15] for line in said[:2]] == ["名单“名单.csv”第 2 行", "名单“名单.csv”第 3 行"]
    assert "请换成同一部门的" in said[0]
    assert said[-1] == "没有生成任何文件。"
    assert not (tmp_path / "发").exists()


def test_distribution_finds_last_years_workbooks_in_a_folder(before: Path, tmp_path: Path, capsys: Printed) -> None:
    old = tmp_path / "上年"
    (old / "一").mkdir(parents=True)
    (old / "一" / "甲.xlsx").write_bytes(before.read_bytes())
    (old / "坏.xlsx").write_bytes(b"no workbook")
    rows = [HEAD, (DEPARTMENT, "101", "行政单位"), ("某某市教育局", "102", "行政单位")]
    out = tmp_path / "发"

    assert run("distribute", as_csv(tmp_path / "名单", rows), "-o", out, "--year", "2026", "--prior", old) == 0

    said = capsys.readouterr().out
    assert "坏.xlsx：" in said
    assert "某某市教育局：文件夹“" in said
    assert "里没有本部门2025年的工作簿，上年预算数留空" in said
    books = [read_book(FileSource(str(path)).read(), FORM) for path in sorted(out.glob("*.xlsx"))]
    filled, empty = (from_sheet(book) for book in books)
    assert filled is not None
    assert empty is not None
    assert filled.figures["支出", "项目支出"].amounts == (229_000_000,)
    assert empty.figures == {}
    assert [entry.prior for entry in read(out / NAME)] == ["../上年/一/甲.xlsx", ""]


def test_distribution_takes_none_of_two_workbooks_of_last_year(before: Path, tmp_path: Path, capsys: Printed) -> None:
    for name in ("甲.xlsx", "乙.xlsx"):
        (tmp_path / "上年").mkdir(exist_ok=True)
        (tmp_path / "上年" / name).write_bytes(before.read_bytes())
    path = as_csv(tmp_path / "名单", [HEAD, (DEPARTMENT, "101", "行政单位")])

    assert run("distribute", path, "-o", tmp_path / "发", "--year", "2026", "--prior", tmp_path / "上年") == 0
    assert "不止一个" in capsys.readouterr().out
    assert run("distribute", path, "-o", tmp_path / "发", "--year", "2026", "--prior", tmp_path / "没有") == 2

    assert "没有“" in capsys.readouterr().err
    assert [entry.prior for entry in read(tmp_path / "发" / NAME)] == [""]
