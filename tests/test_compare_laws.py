"""What holds of every comparison: exact arithmetic, and which typed changes and rates can be right."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from gouji_checks.amount import show
from gouji_checks.compare.comparison import compare
from gouji_checks.compare.intervals import Printed, admits_change, admits_rate, printed
from gouji_checks.compare.prior import Figure, Prior
from gouji_checks.compare.ratios import growth_from_zero, hundredths, percent, rate, rounded
from tests.year_before import FORM, prior_rows, read, with_sheet

STEP = 10_000
"""The last digit of 万元 with two decimals, in 分."""

AMOUNTS = some.integers(0, 10**9).map(lambda count: count * STEP)
FREE = some.integers(-(10**12), 10**12)
"""Not rounded, and negative too."""


@given(FREE, FREE)
def test_rate_is_the_exact_quotient_rounded_half_away_from_zero(now: int, before: int) -> None:
    assume(before)

    exact = Fraction(now - before, before) * 100
    quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
    shown = rate(now, before, "100.00")

    assert abs(Fraction(shown) - exact) <= Fraction(1, 200)
    if abs(Fraction(shown) - exact) == Fraction(1, 200):
        assert abs(Fraction(shown)) > abs(exact)
    assert Decimal(shown) == quotient.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert not shown.startswith("-0.00")


@given(AMOUNTS.filter(bool))
def test_from_and_to_zero(amount: int) -> None:
    assert rate(amount, 0, "100.00") == "100.00"
    assert rate(amount, 0, "") == ""
    assert rate(0, amount, "100.00") == "-100.00"
    assert rate(0, 0, "100.00") == "0.00"


@pytest.mark.parametrize(("stated", "said"), [("100.00", "按 100.00% 列示"), ("", "不计算，以“—”表示")])
def test_growth_from_zero_is_worded_as_the_form_has_it(stated: str, said: str) -> None:
    assert growth_from_zero(stated) == f"上年为零、本年有数的，增长率{said}"


@pytest.mark.parametrize(
    ("numerator", "denominator", "nearest"),
    [(1, 2, 1), (-1, 2, -1), (1, -2, -1), (3, 2, 2), (5, 10, 1), (49, 100, 0), (-49, 100, 0), (0, 7, 0)],
)
def test_halves_go_away_from_zero(numerator: int, denominator: int, nearest: int) -> None:
    assert rounded(numerator, denominator) == nearest


@given(some.integers(-(10**9), 10**9))
def test_hundredths_are_read_back(number: int) -> None:
    assert Fraction(hundredths(number)) * 100 == number


@given(AMOUNTS, AMOUNTS.filter(bool))
def test_shares_of_parts_and_rest_add_to_a_hundred_but_for_rounding(part: int, whole: int) -> None:
    assume(part <= whole)

    both = Fraction(percent(part, whole)) + Fraction(percent(whole - part, whole))

    assert abs(both - 100) <= Fraction(1, 100)


GROUPS = FORM.comparison.groups if FORM.comparison else ()
LINES = [(group.id, line.id) for group in GROUPS for line in group.lines]
BOOK = read(with_sheet(prior_rows()))
CODES = ["2011301", "2011350", "2080501", "2210201", "2299999", "2130104"]


@settings(deadline=None)
@given(
    some.dictionaries(some.sampled_from(LINES), AMOUNTS, max_size=12),
    some.dictionaries(some.sampled_from(CODES), some.tuples(AMOUNTS, AMOUNTS), max_size=4),
)
def test_every_line_changes_by_this_year_less_last(
    before: dict[tuple[str, str], int], codes: dict[str, tuple[int, int]]
) -> None:
    figures = {key: Figure((amount,), "") for key, amount in before.items()}
    figures |= {("一般公共预算科目", code): Figure((sum(pair), *pair), "") for code, pair in codes.items()}

    found = compare(BOOK, Prior(figures, frozenset(key[0] for key in figures), frozenset()))

    known = {key[0] for key in figures}
    for line in found.lines:
        assert line.now is not None
        assert (line.before is None) == (line.group not in known)
        if line.before is None:
            assert (line.change, line.rate) == (None, "")
            continue
        assert line.change == line.now - line.before
        assert line.rate == rate(line.now, line.before, "100.00")
    items = [line for line in found.lines if line.group == "一般公共预算科目"]
    if codes:
        assert sum(line.before or 0 for line in items if line.level == "类") == sum(map(sum, codes.values()))
        assert sum(line.before or 0 for line in items if line.level == "项") == sum(map(sum, codes.values()))
        assert all(line.before == sum(last or 0 for _, last in line.parts) for line in items)
    assert sum(line.now or 0 for line in items if line.level == "项") == 701_200_000
    assert any("100.00% 列示" in note for note in found.notes) == any(
        line.now and line.before == 0 for line in found.lines
    )


# What may have been typed.

WITHIN = some.fractions(Fraction(-1, 2), Fraction(1, 2), max_denominator=50).map(lambda part: part * STEP)
DECIMALS = some.integers(0, 2)


def typed_as(value: Fraction, decimals: int) -> Printed:
    """A true figure as somebody would print it, with so many decimals."""
    scaled = value * 10**decimals
    number = rounded(scaled.numerator, scaled.denominator)
    text = f"{number / 10**decimals:.{decimals}f}"
    found = printed(text)
    assert found is not None
    assert abs(found.value - value) <= found.half
    return found


@given(AMOUNTS, AMOUNTS, WITHIN, WITHIN, DECIMALS)
def test_a_rate_worked_out_from_true_amounts_is_admitted(
    now: int, before: int, up: Fraction, down: Fraction, decimals: int
) -> None:
    assume(before)
    assume(now < 10**6 * before)

    true = ((now + up) / (before + down) - 1) * 100

    assert admits_rate(now, before, typed_as(true, decimals), STEP)


@given(AMOUNTS, AMOUNTS, some.integers(-500_000, 500_000))
def test_a_rate_that_is_refused_is_given_by_no_true_amounts(now: int, before: int, hundredth: int) -> None:
    assume(before)
    typed = Printed(Fraction(hundredth, 100), Fraction(1, 200))
    assume(not admits_rate(now, before, typed, STEP))

    halves = [Fraction(part, 20) * STEP for part in range(-10, 11, 2)]
    for up in halves:
        for down in halves:
            true = ((now + up) / (before + down) - 1) * 100
            assert abs(true - typed.value) > typed.half


@given(AMOUNTS, AMOUNTS, some.integers(-500_000, 500_000))
def test_an_admitted_rate_is_given_by_some_true_amounts(now: int, before: int, hundredth: int) -> None:
    """The amounts are found along the diagonal on which the rate runs from its least to its greatest."""
    assume(before)
    typed = Printed(Fraction(hundredth, 100), Fraction(1, 200))
    half = Fraction(STEP, 2)
    least = ((now - half) / (before + (half if now >= half else -half)) - 1) * 100
    greatest = ((now + half) / (before - half) - 1) * 100
    wanted = min(max(typed.value, least), greatest)

    assert admits_rate(now, before, typed, STEP) == (abs(wanted - typed.value) <= typed.half)


@given(AMOUNTS, AMOUNTS, WITHIN, WITHIN)
def test_a_change_of_true_amounts_is_admitted_and_one_beyond_their_halves_is_not(
    now: int, before: int, up: Fraction, down: Fraction
) -> None:
    half = Fraction(STEP, 2)
    true = now + up - before - down

    assert admits_change(now, before, Printed(Fraction(rounded(*true.as_integer_ratio())), half), STEP)
    assert admits_change(now, before, Printed(Fraction(now - before), half), STEP)
    # Half a unit of each amount and of the change itself: one and a half in all.
    assert admits_change(now, before, Printed(Fraction(now - before + STEP), half), STEP)
    assert not admits_change(now, before, Printed(Fraction(now - before + 2 * STEP), half), STEP)


@pytest.mark.parametrize(
    ("now", "before", "typed", "right"),
    [
        pytest.param("685.20", "603.81", "13.48", True, id="as published"),
        pytest.param("685.20", "603.81", "13.5", True, id="one decimal"),
        pytest.param("685.20", "603.81", "13.48%", True, id="with the sign"),
        pytest.param("685.20", "603.81", "１３．４８％", True, id="full width"),
        pytest.param("685.20", "603.81", "13.47", False, id="cut off instead of rounded"),
        pytest.param("685.20", "603.81", "13.84", False, id="two digits exchanged"),
        pytest.param("0.03", "0.02", "66.67", True, id="small amounts leave much room"),
        pytest.param("0.03", "0.02", "150.00", False, id="but not all of it"),
        pytest.param("16.00", "0.00", "100.00", True, id="from nothing, as the form has it"),
        pytest.param("16.00", "0.00", "0.00", False, id="from nothing is not nothing"),
        pytest.param("0.00", "0.00", "0.00", True, id="nothing to nothing"),
        pytest.param("0.00", "0.00", "100.00", False, id="nothing does not grow"),
        pytest.param("0.00", "8.00", "-100.00", True, id="gone"),
    ],
)
def test_typed_rates(now: str, before: str, typed: str, right: bool) -> None:
    figure = printed(typed)
    assert figure is not None
    this, last = (round(float(text) * 100) * STEP for text in (now, before))

    assert admits_rate(this, last, figure, STEP, "100.00") == right


@pytest.mark.parametrize("text", ["", "—", "增长", "1.2.3", "1,23"])
def test_what_is_no_figure_is_none(text: str) -> None:
    assert printed(text) is None


@given(AMOUNTS)
def test_printed_amounts_are_read_back(amount: int) -> None:
    figure = printed(show(amount))

    assert figure == Printed(Fraction(amount, 1_000_000), Fraction(1, 200))
