"""Reading back the sheets of ours that list what is compared, group by group: by their headings, not by place."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from gouji_checks.finding import Address
from gouji_checks.headings import HEAD_ROWS
from gouji_checks.labels import read_label
from gouji_checks.source import Sheet
from gouji_checks.titles import unit_of
from gouji_templates.content import PRIOR_HEADINGS
from gouji_templates.form import CODED, Form, Group
from gouji_templates.wording import fold

CODE, ITEM, BEFORE, ORIGIN = PRIOR_HEADINGS
NOW, CHANGE, RATE, SHARE, REASON = "本年预算数", "增减额", "增减率（%）", "占比（%）", "增减原因"
FIGURES = (NOW, BEFORE, CHANGE, RATE, SHARE)
HEADINGS = (CODE, ITEM, *FIGURES, REASON)
"""The columns of a sheet that compares."""

_AMONG = "其中:"
_TOTALS = ("合计", "总计")
"""What somebody adds below the lines by code says nothing that these do not."""

_NUMBERED = re.compile(r"^(?:\(?[一二三四五六七八九十\d]+[)、.])+")


class Entry(NamedTuple):
    """A line of a sheet: of which group, the id of the line or its code, its name as printed, the row from 0, and its
    cells by heading, those of columns that are not there left out."""

    group: Group
    id: str
    name: str
    row: int
    cells: dict[str, object]


class Listed(NamedTuple):
    """A sheet as read: where each column stands (the last heading row counts), its lines, rows under its headings that
    are none of the form's, with what they are called, and by the group's id the row of each section's heading."""

    sheet: Sheet
    columns: dict[str, int]
    entries: tuple[Entry, ...]
    strays: tuple[tuple[int, str], ...]
    tops: dict[str, int]

    def unit(self, form: Form) -> str:
        """What the figures are written in."""
        top = [(i, j, cell) for i, row in enumerate(self.sheet.rows[:HEAD_ROWS]) for j, cell in enumerate(row)
               if isinstance(cell, str) and cell]  # fmt: skip
        return unit_of(tuple(top)) or form.unit

    def address(self, row: int, heading: str) -> str:
        """The cell of a row under a heading."""
        return str(Address(self.sheet.name, row, self.columns[heading]))


def read_sections(sheet: Sheet, form: Form, headings: Sequence[str], amount: str) -> Listed | None:
    """The lines of a sheet that has the headings 项目 and `amount` near its top; None where it has not."""
    columns: dict[str, int] = {}
    group: Group | None = None
    groups = form.comparison.groups if form.comparison else ()
    titles = {fold(one.title): one for one in groups}
    entries: list[Entry] = []
    strays: list[tuple[int, str]] = []
    tops: dict[str, int] = {}
    for number, row in enumerate(sheet.rows):
        heads = _headings(row, headings)
        if ITEM in heads and amount in heads:
            columns = heads
            continue
        if not columns:
            if number >= HEAD_ROWS:
                break
            continue
        cells = {heading: row[place] for heading, place in columns.items()}
        free = {columns.get(heading) for heading in (ORIGIN, REASON)}
        texts = [fold(cell) for place, cell in enumerate(row) if isinstance(cell, str) and place not in free]
        title = next((titles[text] for text in map(_plain, texts) if text in titles), None)
        # The one line of a group may be called as the group is: its heading comes first, and has no figure.
        if title and (title is not group or not _line(title, cells, entries)):
            group = title
            tops.setdefault(group.id, number)
            if cells[amount] in ("", None):
                continue
        found = _line(group, cells, entries) if group else None
        if found and group:
            entries.append(Entry(group, *found, number, cells))
        elif _says(cells, amount):
            strays.append((number, " ".join(str(cells[heading]) for heading in (CODE, ITEM) if cells.get(heading))))
    return Listed(sheet, columns, tuple(entries), tuple(strays), tops) if columns else None


def _says(cells: dict[str, object], amount: str) -> bool:
    """Whether a row that is none of the form's has something that might be missed."""
    if isinstance(item := cells[ITEM], str) and fold(item) in _TOTALS:
        return False
    return any(cells.get(heading) not in ("", None) for heading in (CODE, amount))


def _headings(row: Sequence[object], wanted: Sequence[str]) -> dict[str, int]:
    said = {_heading(cell): place for place, cell in reversed(list(enumerate(row))) if isinstance(cell, str)}
    return {heading: said[key] for heading in wanted if (key := _heading(heading)) in said}


@lru_cache(maxsize=1024)
def _heading(text: str) -> str:
    """A heading without 其中： and the unit behind it."""
    return re.sub(r"\(.*\)$", "", fold(text).removeprefix(_AMONG))


def _plain(text: str) -> str:
    return _NUMBERED.sub("", text)


def _line(group: Group, cells: dict[str, object], before: list[Entry]) -> tuple[str, str] | None:
    """The id and the name of the group's line that these cells are about; of two called alike, the next one."""
    if group.codes:
        label = read_label(group.codes.kind, None, (cells.get(CODE, ""), cells[ITEM]))
        return (label.code, label.name) if label and len(label.code) in CODED[group.codes.kind] else None
    name = cells[ITEM]
    if not isinstance(name, str) or not fold(name):
        return None
    taken = {entry.id for entry in before if entry.group is group}
    said = _called(name)
    line = next((line for line in group.lines if line.id not in taken and _called(line.label) == said), None)
    return (line.id, name.strip()) if line else None


def _called(name: str) -> str:
    return _plain(fold(name)).removeprefix(_AMONG)


def reasons(sheets: Iterable[Sheet], form: Form) -> dict[tuple[str, str], str]:
    """The 增减原因 that the sheets give, by group and line."""
    found: dict[tuple[str, str], str] = {}
    for sheet in sheets:
        listed = read_sections(sheet, form, (CODE, ITEM, NOW, REASON), NOW)
        for entry in listed.entries if listed else ():
            if said := reason_in(entry.cells):
                found[entry.group.id, entry.id] = said
    return found


def reason_in(cells: Mapping[str, object]) -> str:
    """The 增减原因 among the cells of a line, by heading; nothing for none."""
    said = cells.get(REASON)
    return said.strip() if isinstance(said, str) else ""


def part_names(group: Group) -> tuple[str, ...]:
    """The headings of what adds to the figures of a group by code."""
    return tuple([group.codes.columns[place].name for place in group.columns[1:]]) if group.codes else ()
