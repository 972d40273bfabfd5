"""对比 in a workbook without comparison sheets: what gouji compare says, on sheets of its own."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from gouji_addin.buttons import compare
from gouji_checks.compare.comparison import Line
from gouji_checks.compare.comparison import compare as compared
from gouji_checks.compare.reading import prior_of, this_year
from gouji_checks.compare.sections import BEFORE, CHANGE, NOW, RATE, REASON, SHARE, Entry
from gouji_checks.compare.stated import NOT_STATED
from gouji_checks.source import FileSource
from gouji_templates.content import COMPARISONS, Content, line_of
from gouji_templates.content import Line as ContentLine
from gouji_templates.workbook import build
from samples.build import SAMPLE, SAMPLES
from tests import rich, year_before
from tests.clicks import everything, findings, noon, opened, saved
from tests.comparison_verdicts import shown
from tests.excel import Excel
from tests.excel_parts import content
from tests.fills import FORM, PUBLISHED, filled

PUBLISHED_FILE = SAMPLES / SAMPLE
FIGURES = (NOW, BEFORE, CHANGE, RATE, SHARE)


def beside(path: Path, *others: Path) -> tuple[Excel, xw.Book]:
    """A workbook after 对比 with these others open."""
    excel, book = opened(path)
    for other in others:
        excel.open(other)
    compare(book, noon)
    return excel, book


def told(excel: Excel) -> str:
    """The one message box."""
    ((title, text),) = excel.messages
    assert title == "预算公开"
    return text


def on_sheets(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """The figures of every line that the sheets of a file show, as printed."""
    entries = shown(FileSource(str(path)).read())
    return {key: tuple(printed(entry, heading) for heading in FIGURES) for key, entry in entries.items()}


def printed(entry: Entry, heading: str) -> str:
    value = entry.cells[heading]
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def said(path: Path, last: Path | None = None) -> dict[tuple[str, str], tuple[str, ...]]:
    """The same as the command line has it."""
    book = this_year(str(path), FORM)
    return {(line.group, line.id): of_line(line) for line in compared(book, prior_of(book, str(last or ""))).lines}


def of_line(line: Line) -> tuple[str, ...]:
    amounts = ["" if fen is None else f"{Decimal(fen) / 1_000_000:.2f}" for fen in (line.now, line.before, line.change)]
    if line.remark == NOT_STATED:
        amounts[0] = NOT_STATED
    return *amounts, line.rate, line.share


def cell_of(path: Path, key: tuple[str, str], heading: str) -> tuple[str, int, int]:
    """Sheet, row and column, from 1, of a line's cell."""
    for sheet in FileSource(str(path)).read().sheets:
        if sheet.name in COMPARISONS:
            heads = next(row for row in sheet.rows if heading in row)
            entry = shown(FileSource(str(path)).read())[key]
            if entry.group.sheet == sheet.name:
                return sheet.name, entry.row + 1, heads.index(heading) + 1
    raise AssertionError(key)


def without_new(parts: dict[str, object]) -> dict[str, object]:
    return {name: part for name, part in parts.items() if name not in COMPARISONS}


def test_the_sheets_show_what_the_command_line_says(last: Path, tmp_path: Path) -> None:
    _, book = beside(PUBLISHED_FILE, last)

    path = saved(book, tmp_path / "存.xlsx")
    assert on_sheets(path) == said(PUBLISHED_FILE, last)
    assert book.sheets.active.name == "三公经费对比"
    assert [sheet.name for sheet in book.sheets][-2:] == list(COMPARISONS)
    rows = book.sheets["三公经费对比"].used_range.value
    assert ["人均公用经费", 10785.71] in [row[1:3] for row in rows]
    notes = [row[0] for name in COMPARISONS for row in book.sheets[name].used_range.value if row[0]]
    assert sum("上年为零、本年有数的，增长率按 100.00% 列示" in note for note in notes) == 1


@pytest.mark.parametrize("seed", range(4))
def test_any_two_years_come_out_as_from_the_command_line(seed: int, tmp_path: Path) -> None:
    this, before = tmp_path / "本年.xlsx", tmp_path / "上年.xlsx"
    now, then = rich.content(seed), rich.content(seed + 100)
    this.write_bytes(build(FORM, now))
    before.write_bytes(build(FORM, then._replace(year=now.year - 1, department=now.department)))

    _, book = beside(this, before)

    path = saved(book, tmp_path / "存.xlsx")
    assert on_sheets(path) == said(this, before)
    assert findings(path) == findings(this)


def test_everything_else_stays_as_it_was(last: Path) -> None:
    excel, book = opened(PUBLISHED_FILE)
    before = everything(book)
    other = excel.open(last)
    others = everything(other)

    compare(book, noon)

    assert without_new(everything(book)) == before
    assert everything(other) == others


def test_the_saved_file_is_read_back_without_new_findings(last: Path, tmp_path: Path) -> None:
    _, book = beside(PUBLISHED_FILE, last)

    path = saved(book, tmp_path / "存.xlsx")
    assert findings(path) == findings(PUBLISHED_FILE)
    assert said(path, last) == said(PUBLISHED_FILE, last)
    assert on_sheets(filled(path)) == on_sheets(path)


def test_what_is_to_be_looked_at_is_told(last: Path) -> None:
    excel, _ = beside(PUBLISHED_FILE, last)

    lines = told(excel).splitlines()
    assert "· 上年有、本年没有的科目，本年按 0.00 对比：2011399 其他商贸事务支出。" in lines
    assert any(line.startswith("· 本年有、上年没有的科目，上年按 0.00 对比：2101101 行政单位医疗、") for line in lines)


def test_the_number_of_calls_does_not_grow_with_the_lines(last: Path, tmp_path: Path) -> None:
    calls = []
    for name, this in (("少", PUBLISHED), ("多", grown(PUBLISHED, 60))):
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(build(FORM, this))
        excel, _ = beside(path, last)
        assert excel.writes["收支对比"] > 0
        calls.append((dict(excel.writes), dict(excel.reads)))
        # Of both workbooks the sheets are called alike.
        assert set(excel.reads.values()) == {2}
    assert calls[0] == calls[1]


def grown(of: Content, codes: int) -> Content:
    """The content with so many codes more in 表5."""
    block = next(block for block in FORM.blocks if block.name == "表5")
    more: list[ContentLine] = [
        line_of(block, "", f"2130{number:03d}")._replace(figures=(Decimal(1), Decimal(1), None))
        for number in range(101, 101 + codes)
    ]
    return of._replace(lines=of.lines | {"表5": [*of.lines["表5"], *more]})


# ── again ──


def test_a_second_click_changes_nothing(last: Path) -> None:
    excel, book = beside(PUBLISHED_FILE, last)
    before = everything(book)
    excel.writes.clear()

    compare(book, noon)

    assert everything(book) == before
    assert not excel.writes


def test_a_second_click_changes_only_figures_and_keeps_what_was_typed(last: Path, tmp_path: Path) -> None:
    _, book = beside(PUBLISHED_FILE, last)
    path = saved(book, tmp_path / "存.xlsx")
    reason = cell_of(path, ("三公经费", "公务接待"), REASON)
    typed = openpyxl.load_workbook(path)
    typed[reason[0]].cell(*reason[1:]).value = "接待任务减少"
    typed["收支对比"]["J3"] = "自己的备注"
    typed["收支对比"].column_dimensions["B"].width = 77
    typed["表10"]["C9"] = 2.5
    typed["表10"]["B9"] = 2.5
    typed.save(path)

    excel, book = opened(path)
    excel.open(last)
    before = everything(book)
    compare(book, noon)

    after = everything(book)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"三公经费对比"}
    again = saved(book, tmp_path / "再存.xlsx")
    assert on_sheets(again) == said(again, last)
    assert shown(FileSource(str(again)).read())["三公经费", "公务接待"].cells[REASON] == "接待任务减少"
    assert content(book)["收支对比"].column_dimensions["B"].width == 77


def test_the_owners_formulas_stay_and_the_note_is_put_right(last: Path) -> None:
    _, book = beside(PUBLISHED_FILE, last)
    sheet = book.sheets["收支对比"]
    note = sheet.range("A3").value
    sheet.range("A3").value = note[:30]
    sheet.range("E6").formula = "=C6-D6"
    sheet.range("F6").value = 1.0

    compare(book, noon)

    assert book.impl.formulas.of(content(book)["收支对比"]) == {(6, 5): "=C6-D6"}
    assert (sheet.range("A3").value, sheet.range("F6").value) == (note, 29.33)


def another_last(folder: Path, code: str) -> Path:
    """Last year's workbook with one code more."""
    of = year_before.content()
    block = next(block for block in FORM.blocks if block.name == "表5")
    line = line_of(block, "", code)._replace(figures=(Decimal(4), Decimal(4), None))
    return year_before.saved(folder, other=of._replace(lines=of.lines | {"表5": [*of.lines["表5"], line]}))


def test_reasons_go_with_their_codes(last: Path, tmp_path: Path) -> None:
    _, book = beside(PUBLISHED_FILE, last)
    path = saved(book, tmp_path / "存.xlsx")
    typed = openpyxl.load_workbook(path)
    for code in ("2011399", "2210201"):
        name, row, column = cell_of(path, ("一般公共预算科目", code), REASON)
        typed[name].cell(row, column).value = f"{code}的原因"
    typed.save(path)

    more = another_last(tmp_path, "2040101")
    _, book = beside(path, more)

    again = saved(book, tmp_path / "再存.xlsx")
    assert on_sheets(again) == said(again, more)
    entries = shown(FileSource(str(again)).read())
    reasons = {key[1]: entry.cells[REASON] for key, entry in entries.items() if entry.cells[REASON]}
    assert reasons == {"2011399": "2011399的原因", "2210201": "2210201的原因"}
    _, row, column = cell_of(again, ("一般公共预算科目", "2210201"), NOW)
    assert content(book)["收支对比"].cell(row, column).number_format == "#,##0.00"

    _, book = beside(again, last)

    back = saved(book, tmp_path / "又存.xlsx")
    assert on_sheets(back) == said(back, last)


def test_a_reason_whose_line_is_gone_is_told(last: Path, tmp_path: Path) -> None:
    more = another_last(tmp_path, "2040101")
    _, book = beside(PUBLISHED_FILE, more)
    path = saved(book, tmp_path / "存.xlsx")
    typed = openpyxl.load_workbook(path)
    name, row, column = cell_of(path, ("一般公共预算科目", "2040101"), REASON)
    typed[name].cell(row, column).value = "已撤销"
    typed.save(path)

    excel, _ = beside(path, last)

    assert "原来写的增减原因是“已撤销”" in told(excel)
