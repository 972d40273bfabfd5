"""Last year's figures as last year's workbook gives them, alone or together with those that were typed."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gouji_checks.amount import show
from gouji_checks.book import read_book
from gouji_checks.cli import main
from gouji_checks.compare.comparison import compare
from gouji_checks.compare.prior import Figure, Key, Prior, from_workbook, merged, whose
from gouji_checks.compare.prior_sheet import BY_HAND, from_sheet
from gouji_checks.compare.reading import last_year
from gouji_checks.source import FileSource, MemorySource, Unreadable
from gouji_templates.content import CODE, DEPARTMENT, UNIT_KIND, Content
from samples.build import SAMPLE, SAMPLES
from tests import year_before
from tests.year_before import FORM, Rows, amounts, entered, prior_rows, read, row_of, saved, with_sheet

PUBLISHED = SAMPLES / SAMPLE
INCOME, ITEMS = "收入预算", "一般公共预算支出（按科目）"
BY_CODE = "一般公共预算科目"

Printed = pytest.CaptureFixture[str]


def test_last_years_workbook_gives_what_the_sheet_would_have(tmp_path: Path) -> None:
    found = last_year(str(saved(tmp_path)), whose(read(FileSource(str(PUBLISHED)).read())), FORM)

    given = amounts(found)
    assert {key: given[key] for key in entered()} == entered()
    assert (found.file, found.year, found.notes) == ("上年.xlsx", "2024", ())


def test_last_year_without_a_kind_goes_by_this_years(tmp_path: Path) -> None:
    path = saved(tmp_path, other=year_before.content()._replace(info={}))

    found = last_year(str(path), whose(read(FileSource(str(PUBLISHED)).read())), FORM)

    assert amounts(found)["机关运行经费", "机关运行经费"] == ("28.74",)
    assert found.notes == ("上年工作簿没有写单位性质，上年机关运行经费也按“行政单位”计算",)


def test_last_years_kind_that_is_none_of_the_forms_is_not_taken_for_blank(tmp_path: Path) -> None:
    path = saved(tmp_path, other=year_before.content()._replace(info={UNIT_KIND: "其他事业单位"}))

    found = last_year(str(path), whose(read(FileSource(str(PUBLISHED)).read())), FORM)

    assert ("机关运行经费", "机关运行经费") in found.unread
    assert found.notes == (
        "上年工作簿的“机关运行经费”（机关运行经费）没有取到：单位性质“其他事业单位”不是列表中的"
        f"（{'、'.join(FORM.unit_kinds)}），不知应否列示",
    )


def test_a_renamed_department_is_known_by_its_code(tmp_path: Path) -> None:
    path = saved(tmp_path, other=coded("101", "克州经济和信息化委员会"))
    this = whose(read(FileSource(str(PUBLISHED)).read()))._replace(code="101")

    found = last_year(str(path), this, FORM)

    assert [note for note in found.notes if "部门编码同为 101，按同一部门对比" in note]


def test_a_department_of_the_same_name_with_another_code_is_pointed_out(tmp_path: Path) -> None:
    this = whose(read(FileSource(str(PUBLISHED)).read()))
    path = saved(tmp_path, other=coded("101", this.department))

    assert last_year(str(path), this._replace(code="102"), FORM).notes == (
        "两年的部门编码不同（上年 101，本年 102），部门名称相同，按同一部门对比，请核对",
    )
    assert last_year(str(path), this._replace(code=""), FORM).notes == ()


def coded(code: str, name: str) -> Content:
    content = year_before.content()
    return content._replace(department=name, info=content.info | {CODE: code, DEPARTMENT: name})


def another_department(folder: Path) -> Path:
    return saved(folder, other=coded("102", "某某局"))


def another_year(folder: Path) -> Path:
    return saved(folder, other=year_before.content()._replace(year=2023))


def the_same_year(folder: Path) -> Path:
    return Path(shutil.copy(PUBLISHED, folder / "上年.xlsx"))


def the_same_file(_: Path) -> Path:
    return PUBLISHED


def no_workbook(folder: Path) -> Path:
    (folder / "上年.xlsx").write_text("不是工作簿", encoding="utf-8")
    return folder / "上年.xlsx"


def no_file(folder: Path) -> Path:
    return folder / "上年.xlsx"


def a_folder(folder: Path) -> Path:
    return folder


def another_form(folder: Path) -> Path:
    """Some workbook of ours without any table."""
    return Path(shutil.copy(SAMPLES / "明细-2025.xlsx", folder / "上年.xlsx"))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (another_department, "上年.xlsx：工作簿是“某某局”的，本年是“克孜勒苏柯尔克孜自治州工业和信息化局”的"),
        (another_year, "上年.xlsx：工作簿是2023年的，上年应为2024年"),
        (the_same_year, "上年.xlsx：工作簿是2025年的，上年应为2024年"),
        (the_same_file, "就是要对比的本年工作簿"),
        (no_workbook, "上年.xlsx：文件其实是文本文件"),
        (no_file, "上年.xlsx：文件不存在"),
        (a_folder, "这是文件夹"),
        (another_form, "上年.xlsx：没有找到"),
    ],
)
def test_a_workbook_that_is_not_last_years_is_refused_in_one_sentence(
    make: object, said: str, tmp_path: Path, capsys: Printed
) -> None:
    assert callable(make)

    assert main(["compare", str(PUBLISHED), "--prior", str(make(tmp_path))]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err
    assert printed.err.count("\n") == printed.err.count("。") == 1


@pytest.mark.parametrize("make", [no_workbook, no_file, another_form])
def test_a_workbook_that_cannot_be_compared_is_refused_in_one_sentence(
    make: object, tmp_path: Path, capsys: Printed
) -> None:
    assert callable(make)

    assert main(["compare", str(make(tmp_path))]) == 2

    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)


def test_an_older_form_is_refused_with_what_to_do_instead() -> None:
    older: dict[str, list[list[object]]] = {
        f"表{number}": [[title], ["编制单位：某单位", "单位：万元"], ["项目", "预算数"], ["合计", 1.0]]
        for number, title in enumerate(FORM.other_forms[0].titles, 1)
    }
    book = read_book(MemorySource(older).read(), FORM)

    with pytest.raises(Unreadable) as refused:
        from_workbook(book, whose(read(FileSource(str(PUBLISHED)).read())), "上年.xlsx")

    said = str(refused.value)
    assert said.startswith("上年.xlsx：这是“新疆2023年单位预算公开表")
    assert said.endswith("，不能从中取上年数，请换一个文件，或在“上年预算数”中手工填写。")


def test_from_workbook_wants_to_know_this_year() -> None:
    last = read(FileSource(str(PUBLISHED)).read())
    this = whose(last)._replace(year="")

    with pytest.raises(Unreadable, match="没有写明预算年度"):
        from_workbook(last, this, "上年.xlsx")


def both(rows: Rows, folder: Path) -> Prior:
    book = read(with_sheet(rows))
    found = merged(from_sheet(book), last_year(str(saved(folder)), whose(book), FORM), FORM)
    assert found is not None
    return found


def test_the_workbook_fills_what_was_left_blank(tmp_path: Path) -> None:
    rows = prior_rows()
    rows[row_of(rows, INCOME, "单位资金")][2] = ""

    figure = both(rows, tmp_path).figures["收入", "单位资金"]

    assert (show(figure.amounts[0] or 0), figure.origin) == ("93.00", "上年工作簿 上年.xlsx 表2!N7")


def test_the_workbook_fills_what_cannot_be_read(tmp_path: Path) -> None:
    rows = prior_rows()
    rows[row_of(rows, ITEMS, "2011350")][3] = "不详"
    book = read(with_sheet(rows))

    found = compare(book, merged(from_sheet(book), last_year(str(saved(tmp_path)), whose(book), FORM), FORM))

    one = next(one for one in found.lines if one.id == "2011350")
    assert (one.before, one.origin) == (57_040_000, "上年工作簿 上年.xlsx 表5!E12")


def test_what_neither_can_tell_stays_unknown() -> None:
    """The workbook's figure can't be read and the sheet has only others of its group: a blank is then no zero."""
    key = ("收入", "单位资金")
    typed = prior_with({("收入", "一般公共预算"): Figure((5,), "")})
    stored = Prior({}, frozenset(), frozenset({key}))

    found = merged(typed, stored, FORM)

    assert found is not None
    assert found.figure(key).amounts == (None,)
    assert found.figure(("收入", "财政专户")).amounts == (0,)


def test_what_was_typed_stays_and_the_contradiction_is_told(tmp_path: Path) -> None:
    rows = prior_rows()
    rows[row_of(rows, INCOME, "单位资金")][2] = 95.0

    found = both(rows, tmp_path)

    assert found.figures["收入", "单位资金"].origin == BY_HAND
    assert [(one.key, one.entered.cell) for one in found.contradictions] == [(("收入", "单位资金"), "上年预算数!C13")]
    assert found.notes == (
        "“单位资金”的上年数，“上年预算数”填的是 95.00，上年工作簿是 93.00（上年工作簿 上年.xlsx 表2!N7），按填写的对比",
    )


def test_a_typed_code_that_last_years_workbook_does_not_have_is_a_contradiction(tmp_path: Path) -> None:
    found = both([*prior_rows(), ["2130104", "", 12.0, 12.0, "", ""]], tmp_path)

    assert [one.key for one in found.contradictions] == [(BY_CODE, "2130104")]


GROUPS = [group for group in FORM.comparison.groups if not group.codes] if FORM.comparison else []
KEYS = [(group.id, line.id) for group in GROUPS for line in group.lines]
FIGURES = some.dictionaries(
    some.sampled_from(KEYS), some.builds(Figure, some.tuples(some.integers(0, 10**9)), some.just("某处")), max_size=8
)


def prior_with(figures: dict[Key, Figure]) -> Prior:
    return Prior(figures, frozenset(key[0] for key in figures), frozenset())


@settings(deadline=None)
@given(FIGURES, FIGURES)
def test_merging_keeps_what_was_typed_and_loses_nothing(typed: dict[Key, Figure], stored: dict[Key, Figure]) -> None:
    found = merged(prior_with(typed), prior_with(stored), FORM)

    assert found is not None
    assert found.figures == stored | typed
    known = {key[0] for key in stored}
    differing = {
        key
        for key in typed
        if key[0] in known and typed[key].amounts != (stored[key].amounts if key in stored else (0,))
    }
    assert {one.key for one in found.contradictions} == differing
