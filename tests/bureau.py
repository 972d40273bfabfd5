"""The departments of an invented bureau: workbooks of random leaf data, completed by the program, some broken."""

import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from gouji_checks.complete import complete
from gouji_checks.relation import load
from gouji_templates import workbook
from gouji_templates.content import CODE, UNIT_KIND, Content, Line
from tests import rich
from tests.leaves import leaves_of

CATALOGUE = load()
FORM = CATALOGUE.form
KIND = "行政单位"


class Department(NamedTuple):
    """A department by its number; a broken one has the last figure of a 项 typed over in 表3."""

    number: int
    broken: bool = False

    @property
    def name(self) -> str:
        return f"某某市第{self.number + 1}局"

    @property
    def code(self) -> str:
        return f"{self.number + 1:06d}"

    @property
    def file(self) -> str:
        return f"{self.code}.xlsx"


def content(department: Department) -> Content:
    """Random leaves, different for every number, and all that follows from them."""
    made = complete(CATALOGUE, leaves_of(FORM, rich.content(department.number)))
    if department.broken:
        made = _broken(made, random.Random(department.number))
    return made._replace(department=department.name, info={CODE: department.code, UNIT_KIND: KIND})


def _broken(made: Content, chance: random.Random) -> Content:
    lines = list(made.lines["表3"])
    place = chance.choice([number for number, line in enumerate(lines) if line.labels[2]])
    *first, last = lines[place].figures
    lines[place] = Line(lines[place].labels, (*first, (last or Decimal(0)) + 1))
    return made._replace(lines=made.lines | {"表3": lines})


def write(departments: Iterable[Department], folder: Path) -> list[str]:
    """Their workbooks in this folder."""
    departments = list(departments)
    if len(departments) < 20:
        return [_write(folder, department) for department in departments]
    with ProcessPoolExecutor() as pool:
        return list(pool.map(partial(_write, folder), departments, chunksize=4))


def _write(folder: Path, department: Department) -> str:
    path = folder / department.file
    path.write_bytes(_built(department))
    return str(path)


@lru_cache(maxsize=100)
def _built(department: Department) -> bytes:
    return workbook.build(FORM, content(department))


def bureau(count: int, broken_every: int) -> Iterator[Department]:
    """So many departments, every so many-th of them broken."""
    return (Department(number, number % broken_every == broken_every - 1) for number in range(count))
