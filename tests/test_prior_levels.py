"""上年预算数 given by 款 or 类 where 项 are due: nothing can be compared with it, and nothing wrong is said."""

from decimal import Decimal
from functools import cache
from pathlib import Path

from gouji_checks.compare.comparison import compare
from gouji_checks.compare.prior import merged, whose
from gouji_checks.compare.prior_sheet import from_sheet
from gouji_checks.compare.reading import last_year
from gouji_checks.compare.sections import BEFORE, CHANGE, RATE
from gouji_checks.live import template
from gouji_checks.source import Workbook, read_package
from gouji_templates.content import PRIOR, PriorFigure
from tests import two_years
from tests.comparison_verdicts import disagreements, shown
from tests.office import Office
from tests.year_before import CATALOGUE, FORM, Rows, prior_rows, read, row_of, with_sheet

BY_CODE = "一般公共预算科目"

ITEMS = "一般公共预算支出（按科目）"


def by_section(rows: Rows, *replaced: str) -> Rows:
    """The rows of these codes are gone, and 20805 stands there with what they come to."""
    at = row_of(rows, ITEMS, replaced[0])
    total = sum(float(str(cell)) for row in rows if row[0] in replaced for cell in row[3:5])
    kept = [row for row in rows if row[0] not in replaced]
    kept.insert(at, ["20805", "", round(total, 2), "", "", ""])
    return kept


def test_a_section_in_place_of_its_items_is_not_used_and_said() -> None:
    rows = by_section(prior_rows(), "2080501", "2080505")
    at = row_of(rows, ITEMS, "20805")

    found = compare(read(with_sheet(rows)))

    assert [note for note in found.notes if "20805" in note] == [
        f"“上年预算数”第{at + 1}行的科目 20805 没有填到项级，没有采用，208 类不作对比；"
        "应填到项级，把 146.33 按 7 位编码分行填写"
    ]
    assert "20805" not in {line.id for line in found.lines}
    assert {line.id: line.before for line in found.lines if line.id.startswith("208")} == dict.fromkeys(
        ("208", "2080501", "2080505")
    )
    # Another 类 is compared as ever.
    assert next(line.before for line in found.lines if line.id == "2011301") == 392_450_000
    assert next(line.before for line in found.lines if line.id == "2101101") == 0


def test_a_section_of_nothing_leaves_its_class_compared() -> None:
    found = compare(read(with_sheet([*prior_rows(), ["21011", "", 0.0, "", "", ""]])))

    assert not [note for note in found.notes if "21011" in note]
    assert next(line.before for line in found.lines if line.id == "210") == 0


def test_a_section_above_one_of_its_items_is_their_sum_and_nothing_more() -> None:
    rows = by_section(prior_rows(), "2080501")

    found = {line.id: line.before for line in compare(read(with_sheet(rows))).lines}

    assert (found["208"], found["2080501"], found["2080505"]) == (47_380_000, 0, 47_380_000)


def test_last_years_workbook_knows_the_items_of_such_a_section(last: Path) -> None:
    book = read(with_sheet(by_section(prior_rows(), "2080501", "2080505")))
    published = last_year(str(last), whose(book), FORM)

    found = {line.id: line.before for line in compare(book, merged(from_sheet(book), published, FORM)).lines}

    assert (found["2080501"], found["2080505"], found["208"]) == (98_950_000, 47_380_000, 146_330_000)


@cache
def built() -> bytes:
    """The template with last year's 20805 in place of its items."""
    content = two_years.content()
    prior = {key: figure for key, figure in content.prior.items() if not key[1].startswith("20805")}
    prior[BY_CODE, "20805"] = PriorFigure((Decimal("146.33"), None, None))
    return template.build(CATALOGUE, content._replace(prior=prior))


def is_left_open(book: Workbook) -> bool:
    lines = shown(book)
    open_ones = [lines[BY_CODE, code].cells for code in ("208", "2080501", "2080505")]
    return all(cells[heading] == "" for cells in open_ones for heading in (BEFORE, CHANGE, RATE))


def test_the_sheets_leave_the_class_open_as_well(office: Office, tmp_path: Path) -> None:
    (tmp_path / "本年.xlsx").write_bytes(built())

    for book in (read_package(built()), office.open(tmp_path / "本年.xlsx").workbook()):
        assert disagreements(book) == []
        assert is_left_open(book)
        assert shown(book)[BY_CODE, "2011301"].cells[BEFORE] == 392.45


def test_the_template_with_such_a_section_is_no_error_and_the_section_is_pointed_out() -> None:
    found = two_years.report(two_years.with_reasons(read_package(built())))

    assert [finding.message for finding in found.findings if finding.rule in ("D05", "D06")] == []
    (said,) = [finding for finding in found.findings if finding.rule == "D11"]
    assert said.cell.startswith(PRIOR)
    assert "科目 20805 没有填到项级" in said.message
