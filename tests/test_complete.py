"""Derived figures worked out from entered ones, and the rows above the leaves."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gouji_checks.complete import complete
from gouji_checks.relation import load
from gouji_templates.content import Content, Line, line_of
from gouji_templates.form import Block
from samples.build import published
from tests import rich
from tests.leaves import leaves_of, without_derived

CATALOGUE = load()
FORM = CATALOGUE.form
SEEDS = pytest.mark.parametrize("seed", range(25))

ROUNDED = {
    ("总计", "合计"): ("672.20", "672.18"),
    ("总计", "人员经费"): ("642.00", "641.99"),
    ("总计", "公用经费"): ("30.20", "30.19"),
    ("301", "合计"): ("522.71", "522.70"),
    ("301", "人员经费"): ("522.71", "522.70"),
    ("302", "合计"): ("30.20", "30.19"),
    ("302", "公用经费"): ("30.20", "30.19"),
    ("303", "合计"): ("119.30", "119.29"),
    ("303", "人员经费"): ("119.30", "119.29"),
}
"""Where the department rounded 表6 from exact 元 (尾差): as published, and as the printed parts add up."""


def block(name: str) -> Block:
    return next(block for block in FORM.blocks if block.name == name)


def content_with(**lines: list[Line]) -> Content:
    return Content("某局", 2025, {}, lines, frozenset())


def line(name: str, code: str, *figures: str | None, project: str = "") -> Line:
    amounts = [None if figure is None else Decimal(figure) for figure in figures]
    found = line_of(block(name), "", code, project)
    return found._replace(figures=(*amounts, *[None] * (len(found.figures) - len(amounts))))


def rows(content: Content, name: str) -> dict[str, tuple[str | None, ...]]:
    """The lines' figures as printed, by code, label or project."""
    found = {}
    for each in content.lines[name]:
        key = "".join(each.labels[: len(each.labels) - (2 if name == "表7" else 1)]) or each.labels[-1]
        key = each.labels[-1] if name == "表7" and each.labels[-1] else key or each.labels[-2]
        found[key] = tuple(None if figure is None else f"{figure:.2f}" for figure in each.figures)
    return found


def test_sample_comes_out_as_published_but_for_its_rounding() -> None:
    sample = published(FORM)

    found = complete(CATALOGUE, leaves_of(FORM, sample))

    different = {}
    for name, lines in sample.lines.items():
        for as_published, as_completed in zip(lines, found.lines[name], strict=True):
            assert as_completed.labels == as_published.labels
            pairs = zip(block(name).columns, as_published.figures, as_completed.figures, strict=True)
            for column, there, here in pairs:
                if there != here:
                    key = "".join(as_published.labels[:-1]) or as_published.labels[-1]
                    different[name, key, column.name] = (f"{there:.2f}", f"{here:.2f}")
    assert different == {("表6", *place): figures for place, figures in ROUNDED.items()}


@SEEDS
def test_consistent_department_comes_back_from_its_entered_figures(seed: int) -> None:
    whole = rich.content(seed)

    assert complete(CATALOGUE, without_derived(FORM, whole)) == whole


@SEEDS
def test_rows_above_the_leaves_are_made(seed: int) -> None:
    whole = rich.content(seed)

    assert complete(CATALOGUE, leaves_of(FORM, whole)) == whole


@SEEDS
def test_completing_twice_changes_nothing(seed: int) -> None:
    once = complete(CATALOGUE, leaves_of(FORM, rich.content(seed)))

    assert complete(CATALOGUE, once) == once


AMOUNTS = some.one_of(some.none(), some.integers(0, 10**8).map(lambda cents: Decimal(cents).scaleb(-2)))
ENTRIES = some.dictionaries(some.sampled_from(rich.CODES), some.tuples(AMOUNTS, AMOUNTS), min_size=1)


def added(figures: Iterable[Decimal | None]) -> Decimal | None:
    printed = [figure for figure in figures if figure is not None]
    return sum(printed, Decimal()) if printed else None


@given(ENTRIES)
def test_every_sum_is_of_what_is_below_it(entries: dict[str, tuple[Decimal | None, Decimal | None]]) -> None:
    given_lines = [line_of(block("表3"), "", code)._replace(figures=(None, *pair)) for code, pair in entries.items()]

    found = complete(CATALOGUE, content_with(表3=given_lines)).lines["表3"]

    codes = ["".join(each.labels[:3]) for each in found]
    assert {code[:length] for code in entries for length in (3, 5, 7)} == set(codes) - {""}
    assert len(codes) == len(set(codes))
    assert (codes[0], found[0].labels[3]) == ("", "总计")
    for code, each in zip(codes, found, strict=True):
        below = [pair for other, pair in entries.items() if other.startswith(code)]
        basic, project = (added(pair[column] for pair in below) for column in (0, 1))
        assert each.figures == (added((basic, project)), basic, project)


def test_rows_that_are_there_keep_their_order_and_new_ones_stand_above_what_they_add_up() -> None:
    given_lines = [line("表3", code, None, "1") for code in ("2080501", "2011350", "20113", "2011301")]

    found = complete(CATALOGUE, content_with(表3=given_lines))

    assert list(rows(found, "表3")) == ["总计", "208", "20805", "2080501", "201", "2011350", "20113", "2011301"]


def test_class_without_anything_below_keeps_its_figures() -> None:
    found = complete(
        CATALOGUE, content_with(表3=[line("表3", "201", None, "5.00"), line("表3", "20805", None, "1.00")])
    )

    assert rows(found, "表3") == {
        "总计": ("6.00", "6.00", None),
        "201": ("5.00", "5.00", None),
        "208": ("1.00", "1.00", None),
        "20805": ("1.00", "1.00", None),
    }


def test_economic_class_without_items_keeps_its_figures_too() -> None:
    found = complete(CATALOGUE, content_with(表6=[line("表6", "301", None, "5.00")]))

    assert rows(found, "表6")["301"] == ("5.00", "5.00", None)


def test_sum_of_blanks_is_blank_and_of_zeros_is_printed() -> None:
    given_lines = [line("表3", "2011301", "9.99", None, None), line("表3", "2080501", None, "0", None)]

    found = rows(complete(CATALOGUE, content_with(表3=given_lines)), "表3")

    assert found["2011301"] == found["20113"] == found["201"] == (None, None, None)
    assert found["208"] == found["总计"] == ("0.00", "0.00", None)


def test_sum_is_rounded_half_up_and_the_next_one_adds_what_is_printed() -> None:
    given_lines = [line("表3", "2011301", None, "1.002", "0.003"), line("表3", "2080501", None, "0.004", "0")]

    found = rows(complete(CATALOGUE, content_with(表3=given_lines)), "表3")

    assert [found[key][0] for key in ("2011301", "2080501")] == ["1.01", "0.00"]
    # 合计 of the 总计 row is what stands beside it, 1.00 + 0.00, not the column's 1.01.
    assert found["总计"] == ("1.00", "1.00", "0.00")


def test_tables_in_yuan_are_rounded_to_the_fen() -> None:
    given_lines = [line("表3", "2011301", None, "0.123456", "0.000001")]

    found = complete(CATALOGUE, content_with(表3=given_lines), {"表3": 1})

    assert found.lines["表3"][0].figures[0] == Decimal("0.123457")


def test_projects_of_table_7_fill_table_5_and_bring_the_row_it_lacks() -> None:
    projects = [
        line("表7", "2011301", None, "3.00", project="甲"),
        line("表7", "2011301", None, None, "10.00", project="乙"),
        line("表7", "2150805", None, "16.00", project="丙"),
    ]
    general = [line("表5", "2011301", None, "339.83", "999.00"), line("表5", "2210201", None, "42.02", "1.00")]

    found = complete(CATALOGUE, content_with(表5=general, 表7=projects))

    assert rows(found, "表5") == {
        "总计": ("410.85", "381.85", "29.00"),
        "201": ("352.83", "339.83", "13.00"),
        "20113": ("352.83", "339.83", "13.00"),
        "2011301": ("352.83", "339.83", "13.00"),
        "215": ("16.00", None, "16.00"),
        "21508": ("16.00", None, "16.00"),
        "2150805": ("16.00", None, "16.00"),
        "221": ("42.02", "42.02", None),
        "22102": ("42.02", "42.02", None),
        "2210201": ("42.02", "42.02", None),
    }
    assert rows(found, "表7")["总计"][:3] == ("29.00", "19.00", "10.00")


def test_what_another_table_would_fill_stays_where_that_table_is_missing() -> None:
    found = complete(CATALOGUE, content_with(表5=[line("表5", "2011301", None, "1.00", "2.00")]))

    assert rows(found, "表5")["总计"] == ("3.00", "1.00", "2.00")


def test_known_rows_are_made_where_they_come_to_hold_a_figure() -> None:
    spending = [line("表3", "2011301", None, "5.00")]
    some_rows = [line_of(block("表1支出"), "208 社会保障和就业支出")]

    found = complete(CATALOGUE, content_with(表1支出=some_rows, 表3=spending)).lines["表1支出"]

    assert [(each.labels[0], each.figures[0]) for each in found] == [
        ("201 一般公共服务支出", Decimal(5)),
        ("208 社会保障和就业支出", None),
        ("支 出 总 计", Decimal(5)),
    ]


def test_names_that_are_missing_are_the_official_ones() -> None:
    found = complete(CATALOGUE, content_with(表3=[line("表3", "2011301", None, "5.00")])).lines["表3"]

    assert [each.labels[3] for each in found] == ["总计", "一般公共服务支出", "商贸事务", "行政运行"]


def test_blank_template_stays_as_it_is() -> None:
    from gouji_templates.content import blank

    assert complete(CATALOGUE, blank(FORM)) == blank(FORM)
