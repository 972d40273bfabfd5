"""Codes that got another number between the years: last year's money stands under this year's."""

from decimal import Decimal
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gouji_checks.amount import show
from gouji_checks.compare.comparison import Compared, compare
from gouji_checks.compare.prior import Figure
from gouji_checks.compare.renamed import matched
from gouji_checks.compare.sections import BEFORE, CODE, ITEM, NOW
from gouji_checks.live import template
from gouji_checks.source import read_package
from gouji_templates.content import Line, PriorFigure
from gouji_templates.renames import Rename, load
from tests import two_years
from tests.comparison_verdicts import disagreements, shown
from tests.office import Office, Put
from tests.year_before import CATALOGUE, prior_rows, read, row_of, with_sheet

ITEMS = "一般公共预算支出（按科目）"
BY_CODE = "一般公共预算科目"


def test_the_stored_renames_are_those_with_two_codes() -> None:
    found = {(rename.old, rename.new) for rename in load()}

    assert (("2100601",), "2101704") in found
    assert (("2210106", "2210107", "2210110"), "2210111") in found
    assert all(rename.confidence for rename in load())
    # 20805 has a new name and no new code; 2010308 became a whole 款, of which nobody knows the 项.
    assert not {"20805", "2010308"} & {old for rename in load() for old in rename.old}


def compared_with(codes: dict[str, float]) -> Compared:
    """The published year, its 2210201 called 2210111, against these amounts of last year."""
    start = row_of(prior_rows(), ITEMS)
    rows = [*prior_rows()[: start + 1], *[[code, "", amount, "", "", ""] for code, amount in codes.items()]]
    book = with_sheet(rows)
    for sheet in book.sheets:
        if sheet.name == "表5":
            for row in sheet.rows:
                if row[:3] == ["221", "02", "01"]:
                    row[1:3] = ["01", "11"]
    return compare(read(book))


def test_codes_that_became_one_are_added_up_with_their_confidence() -> None:
    found = compared_with({"2210106": 1.0, "2210107": 2.5, "2299999": 4.0})

    lines = {one.id: one for one in found.lines if one.group == BY_CODE}
    assert show(lines["2210111"].before or 0) == "3.50"
    assert not {"2210106", "2210107"} & lines.keys()
    assert (lines["2299999"].now, show(lines["2299999"].before or 0), lines["2299999"].rate) == (0, "4.00", "-100.00")
    assert any(
        "2210106、2210107 并入本年的 2210111" in note and "B(2210111在用)/E(旧三项是否停用)" in note
        for note in found.notes
    )
    assert any("上年有、本年没有的科目" in note and "2299999 其他支出" in note for note in found.notes)


def test_an_old_code_that_is_still_used_stays_as_it_is() -> None:
    figures = {"2100601": Figure((5,), ""), "2101704": Figure((7,), "")}

    assert matched(figures, {"2100601", "2101704"}).figures == figures


@pytest.mark.parametrize(
    ("old", "new", "code", "now"),
    [
        (("20124",), "2013404", "2012401", "2013404"),
        (("21006",), "21017", "2100602", "2101702"),
        (("2100601",), "2101704", "2100601", "2101704"),
        (("2100601",), "2101704", "2100602", ""),
    ],
)
def test_whole_classes_keep_the_last_digits_of_their_items(old: tuple[str, ...], new: str, code: str, now: str) -> None:
    assert Rename(old, new, "B").now(code) == now


SOME_CODES = some.sampled_from(["2010101", "2010102", "2010201", "2020101", "2020102", "2030101", "2030199"])
SOME_RENAMES = some.lists(
    some.builds(
        Rename, some.tuples(SOME_CODES) | some.tuples(some.sampled_from(["20101", "203"])), SOME_CODES, some.just("B")
    ),
    max_size=4,
).map(tuple)


@given(some.dictionaries(SOME_CODES, some.integers(0, 10**9)), some.sets(SOME_CODES), SOME_RENAMES)
def test_renaming_conserves_the_sum(before: dict[str, int], now: set[str], renames: tuple[Rename, ...]) -> None:
    found = matched({code: Figure((amount,), "") for code, amount in before.items()}, now, renames)

    assert sum(figure.amounts[0] or 0 for figure in found.figures.values()) == sum(before.values())
    assert set(found.vanished) == set(found.figures) - now


# The sheets.


@cache
def built() -> bytes:
    """The template for a year whose 2210201 is called 2210111, three codes of last year being what it took over, one
    nobody's and one unknown to the official list."""
    content = two_years.content()
    lines = {**content.lines, "表5": [_called(line) for line in content.lines["表5"]]}
    codes = {"2210106": "1.00", "2210107": "2.50", "2210110": "0.25", "2299999": "4.00", "2299998": "7.00"}
    prior = dict(content.prior)
    for code, amount in codes.items():
        prior[BY_CODE, code] = PriorFigure((Decimal(amount), Decimal(amount), Decimal()))
    return template.build(CATALOGUE, content._replace(lines=lines, prior=prior))


def _called(line: Line) -> Line:
    codes = {"22102": ("221", "01", ""), "2210201": ("221", "01", "11")}
    return line._replace(labels=(*codes.get("".join(line.labels[:3]), line.labels[:3]), *line.labels[3:]))


def test_the_sheets_bring_the_codes_together_as_well(office: Office, tmp_path: Path) -> None:
    (tmp_path / "本年.xlsx").write_bytes(built())

    for book in (read_package(built()), office.open(tmp_path / "本年.xlsx").workbook()):
        lines = shown(book)
        assert disagreements(book) == []
        assert lines[BY_CODE, "2210111"].cells[BEFORE] == 3.75
        assert lines[BY_CODE, "2210111"].cells[NOW] != 0
        assert lines[BY_CODE, "221"].cells[BEFORE] == 3.75
        assert not {(BY_CODE, code) for code in ("2210106", "2210107", "2210110")} & lines.keys()
    found = two_years.report(two_years.with_reasons(read_package(built()))).findings
    assert [finding.message for finding in found if finding.rule in ("D05", "D06")] == []


def test_a_code_that_only_last_year_has_is_called_as_last_years_sheet_calls_it(office: Office, tmp_path: Path) -> None:
    (tmp_path / "本年.xlsx").write_bytes(built())
    document = office.open(tmp_path / "本年.xlsx")
    row = next(number for number, cells in enumerate(document.values()["上年预算数"]) if cells[0] == "2299998")
    document.apply([Put("上年预算数", row, 1, "另一项支出")])

    entry = shown(document.workbook())[BY_CODE, "2299998"]

    assert (entry.cells[CODE], entry.cells[ITEM], entry.cells[NOW]) == ("2299998", "另一项支出", 0.0)


def test_no_code_has_two_that_took_it_over() -> None:
    """The sheets look each one up once."""
    old = [code for rename in load() for code in rename.old]

    assert old
    assert [(one, two) for one, two in permutations(old, 2) if two.startswith(one)] == []
