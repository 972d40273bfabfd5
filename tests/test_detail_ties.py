"""Whatever the line items, the tables made from them tie: a check finds no error, only rounding."""

from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gouji_checks.check import check
from gouji_checks.detail import LineItem
from gouji_checks.source import MemorySource, read_package
from gouji_templates import workbook
from gouji_templates.content import Content
from gouji_templates.form import Spending
from tests.stored import FORM
from tests.test_detail import CODES, SPENDING
from tests.test_detail_tables import LIMITED, OWN_TABLE, made

CLASSES = {spec.id for block in FORM.blocks if block.kind == "classes" for spec in block.rows}
FUNCTIONS = sorted(code for code in CODES["functional"] if len(code) == 7 and code[:3] in CLASSES)
ECONOMIC = {
    name: [code for code in CODES["economic"] if len(code) == 5 and code[:3] in spending.classes]
    for name, spending in SPENDING.items()
}
PROJECTS = ("运转项目", "专项 业务", "设备更新（二期）")
UNITS = ("", "服务中心", "某某站")
PRINTED = 5_000
"""The least amount that prints as more than 0.00, in 分."""


@st.composite
def line_items(draw: st.DrawFn, least: int) -> tuple[LineItem, ...]:
    """Line items of a few codes and sources of money; `least` is the least amount, in 分."""
    codes = draw(st.lists(st.sampled_from(FUNCTIONS), min_size=1, max_size=6, unique=True))
    sources = draw(st.lists(st.sampled_from(FORM.funding), min_size=1, unique=True))
    units = draw(st.lists(st.sampled_from(UNITS), min_size=1, unique=True))
    amounts = st.one_of(
        st.integers(least, 20_000),
        st.integers(least, 2_000_000_000),
        st.integers(1, 5_000).map(lambda count: count * 10_000 + 5_000),
    )

    def one(spending: Spending) -> st.SearchStrategy[LineItem]:
        known = ECONOMIC[spending.name]
        limited = [code for code in LIMITED if code in known] or known
        return st.builds(
            LineItem,
            st.sampled_from(units),
            st.sampled_from(codes),
            st.sampled_from(sources),
            st.just(spending),
            st.just("") if spending.item else st.sampled_from(PROJECTS),
            st.one_of(st.sampled_from(known), st.sampled_from(limited)),
            amounts,
        )

    kinds = [one(spending) for spending in FORM.spending]
    return tuple(draw(st.lists(st.one_of(kinds), min_size=1, max_size=40)))


def errors(content: Content) -> list[tuple[str, str, str]]:
    """The error-level findings on the workbook that this content makes."""
    built = read_package(workbook.build(FORM, content))
    return [(f.rule, f.cell, f.message) for f in check(MemorySource(built)).findings if f.severity == "error"]


@settings(deadline=None, max_examples=100)
@given(line_items(least=PRINTED))
def test_any_line_items_give_tables_that_tie(given: tuple[LineItem, ...]) -> None:
    assert errors(made(*given)) == []


@settings(deadline=None, max_examples=100)
@given(line_items(least=1))
def test_so_do_line_items_that_print_as_nothing(given: tuple[LineItem, ...]) -> None:
    """Where a whole table prints as 0.00 it counts as empty, and a relation takes its money for none."""
    content = made(*given)
    assume(not any(OWN_TABLE.get(tag) in content.empty for entry in given for tag in entry.funding.tags))

    assert errors(content) == []


@settings(deadline=None, max_examples=100)
@given(line_items(least=1))
def test_every_figure_is_the_rounded_sum_whatever_the_order(given: tuple[LineItem, ...]) -> None:
    forward, backward = made(*given), made(*reversed(given))
    total = sum(entry.fen for entry in given)

    for block in FORM.blocks:
        # Units, projects and items stand in the order in which they first occur.
        if block.kind not in ("projects", "items"):
            assert forward.lines.get(block.name) == backward.lines.get(block.name)
    assert forward.lines["表3"][0].figures[0] == Decimal((total + 5_000) // 10_000) / 100
