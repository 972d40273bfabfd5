"""The charts of the comparison sheets: which cells each series draws, read from the workbook's own parts."""

import re
from functools import cache
from io import BytesIO
from typing import NamedTuple
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from gouji_checks.compare.sections import BEFORE, HEADINGS, ITEM, NOW, Listed, read_sections
from gouji_checks.source import Sheet, read_package
from gouji_templates.content import COMPARISONS
from tests.two_years import built
from tests.year_before import FORM

_NAMES = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}
_AREA = re.compile(r"'?(?P<sheet>[^'!]+)'?!\$(?P<left>[A-Z])\$(?P<top>\d+):\$(?P<right>[A-Z])\$(?P<bottom>\d+)")


class Area(NamedTuple):
    """Cells that a series draws: in one column, the rows counted from 0."""

    sheet: str
    column: int
    rows: range


class Series(NamedTuple):
    """A series of a chart: what it is called and where its names and its amounts stand."""

    name: str
    names: Area
    amounts: Area


@cache
def charts() -> dict[str, list[Series]]:
    """The series of every chart, by its title without the unit."""
    package = ZipFile(BytesIO(built()))
    found = {}
    for part in package.namelist():
        if part.startswith("xl/charts/chart"):
            root = ElementTree.fromstring(package.read(part))
            title = "".join(text.text or "" for text in root.findall("c:chart/c:title//a:t", _NAMES))
            found[title.partition("（万元）")[0]] = [_series(one) for one in root.iterfind(".//c:ser", _NAMES)]
    return found


def _series(one: ElementTree.Element) -> Series:
    name = one.findtext("c:tx//c:v", "", _NAMES)
    return Series(name, _area(one, "c:cat"), _area(one, "c:val"))


def _area(one: ElementTree.Element, what: str) -> Area:
    found = _AREA.fullmatch(one.findtext(f"{what}//c:f", "", _NAMES))
    assert found
    assert found["left"] == found["right"]
    return Area(found["sheet"], ord(found["left"]) - ord("A"), range(int(found["top"]) - 1, int(found["bottom"])))


def listed(sheet: Sheet) -> Listed:
    found = read_sections(sheet, FORM, HEADINGS, NOW)
    assert found
    return found


@cache
def sheets() -> dict[str, Sheet]:
    """The comparison sheets by name."""
    return {sheet.name: sheet for sheet in read_package(built()).sheets if sheet.name in COMPARISONS}


DRAWN = {"收入预算": COMPARISONS[0], "支出预算": COMPARISONS[0], "财政拨款“三公”经费": COMPARISONS[1]}


def test_these_groups_are_drawn() -> None:
    assert set(charts()) == set(DRAWN)


@pytest.mark.parametrize("title", DRAWN)
def test_each_series_draws_the_column_it_is_named_after(title: str) -> None:
    columns = listed(sheets()[DRAWN[title]]).columns

    assert [one.name for one in charts()[title]] == [NOW, BEFORE]
    for one in charts()[title]:
        assert one.amounts.column == columns[one.name]
        assert one.names.column == columns[ITEM]


@pytest.mark.parametrize("title", DRAWN)
def test_both_series_draw_the_lines_of_the_group_and_no_others(title: str) -> None:
    entries = [entry for entry in listed(sheets()[DRAWN[title]]).entries if entry.group.title == title]

    for one in charts()[title]:
        assert {one.names.sheet, one.amounts.sheet} == {DRAWN[title]}
        assert one.names.rows == one.amounts.rows
        # A bar of the whole would dwarf many others.
        left_out = [entry for entry in entries if entry.row not in one.amounts.rows]
        assert [entry.id for entry in left_out] == ([entries[0].group.whole] if len(entries) > 6 else [])
        assert len(one.amounts.rows) == len(entries) - len(left_out)
