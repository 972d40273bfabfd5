"""Two engines, one verdict: LibreOffice's recalculation and the checks agree on every derived figure and relation."""

from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from gouji_checks.complete import complete
from gouji_checks.live import template
from gouji_checks.relation import load
from gouji_checks.source import FileSource
from gouji_templates.content import RELATIONS, Content, blank
from samples.build import published
from samples.faults import Fault, faults
from tests import rich
from tests.imprint import imprint
from tests.mutate import KINDS, Mutation, mutations
from tests.office import Office, Type, Values, filled
from tests.verdicts import after_each, disagreements, shown_by

CATALOGUE = load()
SAMPLE = "the published sample"
CONTENTS = {
    SAMPLE: published(CATALOGUE.form),
    "a department with everything": rich.content(7),
    "the blank template": blank(CATALOGUE.form),
}
EVERY = pytest.mark.parametrize("name", CONTENTS)

CHUNK = 50
STARTS = range(0, 150, CHUNK)
"""Mutations of each workbook, and how many of them make one test."""

WITHOUT_A_TABLE = ("16-改表名与缺表",)
"""The faulty variants that lack a whole sheet: formulas that speak of it have nothing left to say."""

KNOWN = {"19-整册以元为单位": ["Z6.1: the sheet says 不符, the check 尾差"]}
"""The template's sheets are in 万元 and its formulas allow for half of that unit's last digit; the checks see that
figures in 元 were rounded in 万元."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


def live(folder: Path, name: str) -> Path:
    """The workbook with its formulas."""
    path = folder / f"{name}.xlsx"
    if not path.exists():
        path.write_bytes(template.build(CATALOGUE, completed(name)))
    return path


@cache
def completed(name: str) -> Content:
    return complete(CATALOGUE, CONTENTS[name])


@EVERY
def test_recalculation_changes_nothing_the_workbook_shows(office: Office, folder: Path, name: str) -> None:
    stored = FileSource(str(live(folder, name))).read()

    found = office.open(live(folder, name)).values()

    # The hidden sheet is for formulas only: nobody reads what it held before they are calculated.
    for sheet in (sheet for sheet in stored.sheets if sheet.visible):
        assert differing(sheet.rows, found[sheet.name]) == [], sheet.name


def differing(stored: list[list[object]], found: list[list[object]]) -> list[tuple[int, int, object, object]]:
    """The cells (row, column, as stored, as recalculated) that are not the same; beyond a sheet everything is blank."""
    one, other = filled(stored), filled(found)
    places = sorted(place for place in one | other if one.get(place) != other.get(place))
    return [(*place, one.get(place, ""), other.get(place, "")) for place in places]


@EVERY
def test_both_agree_on_the_workbook_as_built(office: Office, folder: Path, name: str) -> None:
    document = office.open(live(folder, name))

    assert disagreements(shown_by(document), CATALOGUE) == []


@pytest.mark.parametrize("fault", [f for f in faults() if f.name not in WITHOUT_A_TABLE], ids=lambda fault: fault.name)
def test_both_agree_on_a_faulty_variant(office: Office, folder: Path, fault: Fault) -> None:
    wanted = {sheet.name: sheet.rows for sheet in FileSource(str(fault.workbook)).read().sheets}
    document = office.open(live(folder, SAMPLE))

    # A formula follows what is typed elsewhere; where it must show something else it is typed over in turn.
    while edits := imprint(CATALOGUE.form, document.values(), wanted):
        document.apply(edits)

    assert disagreements(shown_by(document), CATALOGUE) == KNOWN.get(fault.name, [])


@EVERY
@pytest.mark.parametrize("start", STARTS)
def test_both_agree_after_random_edits(offices: list[Office], folder: Path, name: str, start: int) -> None:
    values = offices[0].open(live(folder, name)).values()

    found = [
        told(mutation, wrong)
        for mutation, shown in after_each(offices, live(folder, name), chosen(values, start))
        if (wrong := disagreements(shown, CATALOGUE))
    ]

    assert not found, "\n".join(found)


def test_random_edits_are_of_every_kind_and_the_same_for_the_same_seed(office: Office, folder: Path) -> None:
    values = {name: office.open(live(folder, name)).values() for name in CONTENTS}

    once, again = ([chosen(shown, start) for shown in values.values() for start in STARTS] for _ in range(2))

    assert once == again
    assert {kind for chunk in once for mutation in chunk for kind in mutation.kinds} == {
        kind.__name__ for kind in KINDS
    }


def test_a_formula_that_computes_something_else_is_told(office: Office, folder: Path) -> None:
    document = office.open(live(folder, SAMPLE))
    sheet = document.values()[RELATIONS]
    heading = next(number for number, row in enumerate(sheet) if "结果" in row)

    document.apply([Type("表6", 7, 3, "=1+1"), Type(RELATIONS, heading + 1, sheet[heading].index("结果"), "尾差")])

    first = CATALOGUE.relations[0].id
    assert disagreements(shown_by(document), CATALOGUE) == [
        "表6!D8 shows 2.0, its sources come to 672180000 分",
        f"{first}: the sheet says 尾差, the check 相符",
    ]


def chosen(values: Values, start: int) -> list[Mutation]:
    """A chunk of mutations of the workbook that shows these values."""
    return list(islice(mutations(CATALOGUE.form, values, seed=2025 + start), CHUNK))


def told(mutation: Mutation, wrong: list[str]) -> str:
    return "\n    ".join([mutation.told, *wrong])
