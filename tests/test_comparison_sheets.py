"""收支对比 and 三公经费对比: what they show is what the program says, as built and as LibreOffice recalculates them."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from queue import SimpleQueue

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import OpenXmlValidator

from gouji_checks.compare.sections import BEFORE, CHANGE, NOW, RATE, SHARE
from gouji_checks.complete import complete
from gouji_checks.live import template
from gouji_checks.relation import load
from gouji_checks.source import FileSource, Sheet, read_package
from gouji_templates.content import COMPARISONS, DETAIL, VEHICLES, Content, PriorFigure, blank
from samples.build import ITEMS, SAMPLES, published
from tests import last_year, microsoft, rich, year_pairs
from tests.command import run
from tests.comparison_verdicts import COLUMNS, disagreements, shown
from tests.office import Delete, Document, Insert, Office, Put, Type, filled

CATALOGUE = load()
FORM = CATALOGUE.form
SAMPLE, FULL = "the published sample", "a department with everything"

CHUNK = 50
PAIRS = range(0, 200, CHUNK)


@cache
def content(name: str) -> Content:
    if name == SAMPLE:
        found = published(FORM)
        return found._replace(prior=last_year.figures(), info=found.info | {VEHICLES: 2})
    found = rich.content(11)
    code = found.lines["表5"][-1].labels
    prior = {
        ("一般公共预算科目", "2011301"): PriorFigure((Decimal("1.25"), Decimal("1.25"), None)),
        ("一般公共预算科目", "".join(code[:3])): PriorFigure((None, None, Decimal("8.00"))),
        ("三公经费", "公务接待"): PriorFigure((Decimal("0.08"),)),
    }
    return found._replace(prior=prior)


@cache
def built(name: str) -> bytes:
    return template.build(CATALOGUE, complete(CATALOGUE, content(name)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("comparison")


def stored(folder: Path, name: str) -> Path:
    path = folder / f"{name}.xlsx"
    if not path.exists():
        path.write_bytes(built(name))
    return path


@pytest.mark.parametrize("name", [SAMPLE, FULL])
def test_an_unopened_workbook_shows_what_the_program_says(name: str) -> None:
    assert disagreements(read_package(built(name))) == []


@pytest.mark.parametrize("name", [SAMPLE, FULL])
def test_recalculation_changes_nothing(office: Office, folder: Path, name: str) -> None:
    before = {sheet.name: filled(sheet.rows) for sheet in FileSource(str(stored(folder, name))).read().sheets}

    after = office.open(stored(folder, name)).values()

    for sheet in COMPARISONS:
        assert filled(after[sheet]) == before[sheet]


@pytest.mark.parametrize(
    ("key", "cells"),
    [
        (("收入", "一般公共预算"), (685.20, 603.81, 81.39, 13.48, 76.03)),
        (("收入", "上级一般公共预算"), (16.00, 0.0, 16.00, 100.00, 1.78)),
        (("支出", "项目支出"), (229.00, 101.00, 128.00, 126.73, 25.41)),
        (("三公经费", "三公经费合计"), (13.80, 10.00, 3.80, 38.00, 100.00)),
        (("三公经费", "因公出国"), (0.0, 0.0, 0.0, 0.0, 0.0)),
        (("机关运行经费", "机关运行经费"), (30.19, 28.74, 1.45, 5.05, "")),
        (("一般公共预算科目", "2011301"), (352.83, 392.45, -39.62, -10.10, 50.32)),
        (("一般公共预算科目", "2011399"), (0.0, 8.00, -8.00, -100.00, 0.0)),
        (("一般公共预算科目", "2101101"), (21.20, 0.0, 21.20, 100.00, 3.02)),
        (("一般公共预算科目", "201"), (452.73, 457.49, -4.76, -1.04, 64.57)),
    ],
)
def test_published_lines(key: tuple[str, str], cells: tuple[object, ...]) -> None:
    entry = shown(read_package(built(SAMPLE)))[key]

    assert tuple(entry.cells[heading] for heading in (NOW, BEFORE, CHANGE, RATE, SHARE)) == cells


def test_growth_from_zero_is_explained_once_on_the_sheet_that_has_any() -> None:
    texts = {name: [cell for row in _sheet(built(SAMPLE), name).rows for cell in row] for name in COMPARISONS}

    said = {name: found.count("注：上年为零、本年有数的，增长率按 100.00% 列示。") for name, found in texts.items()}

    assert said == {"收支对比": 1, "三公经费对比": 0}


def test_a_blank_template_shows_no_figure() -> None:
    book = read_package(template.build(CATALOGUE, blank(FORM)))

    for entry in shown(book).values():
        assert [entry.cells[heading] for heading in COLUMNS[2:]] == [""] * 6
    assert not any(entry.group.codes for entry in shown(book).values())


@pytest.mark.parametrize("start", PAIRS)
def test_both_agree_on_random_pairs_of_years(offices: list[Office], folder: Path, start: int) -> None:
    path = folder / "blank.xlsx"
    if not path.exists():
        path.write_bytes(template.build(CATALOGUE, blank(FORM, "某局")))
    documents: SimpleQueue[Document] = SimpleQueue()
    for office in offices:
        documents.put(office.open(path))

    def wrong(seed: int) -> list[str]:
        document = documents.get()
        try:
            document.apply(year_pairs.edits(FORM, seed))
            workbook = document.workbook()
            document.revert()
        finally:
            documents.put(document)
        return [f"pair {seed}: {text}" for text in disagreements(workbook)]

    with ThreadPoolExecutor(len(offices)) as pool:
        found = [text for texts in pool.map(wrong, range(start, start + CHUNK)) for text in texts]

    assert not found, "\n".join(found)


def test_rows_inserted_and_deleted_in_the_tables_are_followed(office: Office, folder: Path) -> None:
    document = office.open(stored(folder, SAMPLE))
    values = document.values()
    row = next(number for number, cells in enumerate(values["表5"]) if cells[:3] == ["208", "05", "01"])
    old = next(number for number, cells in enumerate(values["上年预算数"]) if cells[0] == "2011350")

    document.apply(
        [
            Insert("表5", row),
            *(Put("表5", row, column, text) for column, text in enumerate(("204", "06", "01"))),
            Put("表5", row, 4, 2.0),
            Put("表5", row, 5, 2.0),
            Insert("上年预算数", old, 2),
            Put("上年预算数", old + 1, 0, "2040601"),
            Put("上年预算数", old + 1, 2, 1.5),
            Insert("上年预算数", 6),
            Delete("表10", 7),
        ]
    )

    found = shown(document.workbook())
    line = found["一般公共预算科目", "2040601"].cells
    assert (line[NOW], line[BEFORE], line[CHANGE], line[RATE]) == (2.0, 1.5, 0.5, 33.33)
    assert found["收入", "一般公共预算"].cells[BEFORE] == 603.81
    document.revert()


@pytest.mark.parametrize(
    ("kind", "stated", "text"),
    [
        ("行政单位", None, 30.19),
        ("参照公务员法管理的事业单位", 9.0, 30.19),
        ("行政单位和事业单位", 12.5, 12.5),
        ("行政单位和事业单位", None, ""),
        ("事业单位", 12.5, "不列示"),
        ("", 12.5, ""),
    ],
)
def test_operating_cost_depends_on_the_kind_of_unit(
    office: Office, folder: Path, kind: str, stated: float | None, text: object
) -> None:
    document = office.open(stored(folder, SAMPLE))
    document.apply([Put(FORM.info_sheet, 5, 1, kind or None), Put(FORM.info_sheet, 12, 1, stated)])

    assert shown(document.workbook())["机关运行经费", "机关运行经费"].cells[NOW] == text
    document.revert()


def test_codes_beyond_the_room_are_counted(office: Office, folder: Path) -> None:
    document = office.open(stored(folder, SAMPLE))
    top = next(number for number, cells in enumerate(document.values()["上年预算数"]) if cells[0] == "2011301")
    codes = [f"2{number:02d}0101" for number in range(50, 85)]
    document.apply([Type("上年预算数", top + 5 + number, 0, code) for number, code in enumerate(codes)])

    texts = [str(row[0]) for row in document.values()["收支对比"] if str(row[0]).startswith("注：两年")]
    document.revert()

    assert len(texts) == 1
    assert "另有 35 个科目没有列出" in texts[0]


def test_reasons_are_the_only_cells_to_be_typed() -> None:
    book = load_workbook(BytesIO(built(SAMPLE)))
    for name in COMPARISONS:
        sheet = book[name]
        assert isinstance(sheet, Worksheet)
        free = [cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
        assert sheet.protection.sheet
        assert {cell.column for cell in free} == {8}
        assert all(cell.alignment.wrap_text and cell.value is None for cell in free)


def test_charts_lie_inside_what_is_printed_and_over_no_line() -> None:
    book = load_workbook(BytesIO(built(SAMPLE)))
    for name, count in zip(COMPARISONS, (2, 1), strict=True):
        sheet, rows = book[name], _sheet(built(SAMPLE), name).rows
        assert isinstance(sheet, Worksheet)
        last = int(str(sheet.print_area).rpartition("$")[2])
        charts = sheet._charts  # type: ignore[attr-defined]
        assert len(charts) == count
        for chart in charts:
            start, end = chart.anchor._from, chart.anchor.to
            assert end.row < last
            assert end.col <= 7
            assert not any(cell not in ("", None) for row in rows[start.row : end.row + 1] for cell in row)
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")


def _sheet(data: bytes, name: str) -> Sheet:
    return next(sheet for sheet in read_package(data).sheets if sheet.name == name)


@pytest.mark.parametrize("name", [SAMPLE, FULL])
def test_validators_find_nothing(folder: Path, name: str) -> None:
    assert OpenXmlValidator().validate(stored(folder, name)).errors == []
    assert microsoft.findings(stored(folder, name)) == []


def test_a_filled_workbook_shows_what_the_program_says_before_anybody_opens_it(folder: Path) -> None:
    """From line items the published figures come out, of which 尾差 makes some differ from what the formulas give."""
    assert run("fill", SAMPLES / ITEMS, "-o", folder / "明细.xlsx", "--department", "某局") == 0

    filled_in = FileSource(str(folder / "明细.xlsx")).read()

    assert disagreements(filled_in) == []
    assert shown(filled_in)["一般公共预算", "公用经费"].cells[NOW] == 30.2
    assert shown(filled_in)["一般公共预算科目", "2011301"].cells[NOW] == 352.83


def test_line_items_pasted_into_the_template_fill_the_comparison(folder: Path) -> None:
    path = folder / "粘贴.xlsx"
    book = load_workbook(BytesIO(template.build(CATALOGUE, blank(FORM, "某局"))))
    items = next(load_workbook(SAMPLES / ITEMS).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    pasted = book[DETAIL]
    headings = [cell.value for cell in pasted[4]]
    for number, row in enumerate(list(load_workbook(SAMPLES / ITEMS).active.iter_rows(values_only=True))[1:], 5):  # type: ignore[union-attr]
        for heading, value in zip(items, row, strict=True):
            pasted.cell(number, headings.index(heading) + 1, value)
    book.save(path)

    assert run("fill", path, "-o", folder / "填好.xlsx") == 0

    assert disagreements(FileSource(str(folder / "填好.xlsx")).read()) == []
