"""The published sample, to be changed cell by cell on its sheets before anything reads them."""

import random
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import NamedTuple

from gouji_checks.book import read_book
from gouji_checks.check import Report, check_book, known_codes
from gouji_checks.evaluate import system_for
from gouji_checks.finding import Finding
from gouji_checks.relation import load
from gouji_checks.source import FileSource, Workbook
from gouji_checks.system import Cells
from samples.build import SAMPLE, SAMPLES

Amount = int | None
"""What a cell prints, in hundredths of 万元; None where it is blank."""

Amounts = Mapping[int, Amount]
"""By the number of the cell."""

PATH = SAMPLES / SAMPLE
ONE, TENTH = 100, 10


class Named(NamedTuple):
    """A cell with the amount it should have, as a report names it."""

    cell: str
    value: str


class Sample:
    """The sample as read once, and what it becomes with some cells changed."""

    def __init__(self) -> None:
        self.catalogue = load()
        self.codes = known_codes()
        self.workbook = FileSource(str(PATH)).read()
        self.book = read_book(self.workbook, self.catalogue.form)
        self.system = system_for(self.catalogue, self.book)
        self._parts: dict[int, dict[int, int]] = {}
        self._sheets = {sheet.name: place for place, sheet in enumerate(self.workbook.sheets)}

    @cached_property
    def places(self) -> dict[int, tuple[str, int, int]]:
        """Every figure cell of a row that is printed, with its sheet, row and column."""
        found = {}
        for layout in self.system.layouts.values():
            figures = self.book.figures[layout.block.name]
            for row in range(layout.real):
                for column in range(layout.width):
                    cell = self.system.cell(layout.block.name, row, column)
                    found[cell] = figures.address(row, column)
        return {cell: (address.sheet, address.row, address.column) for cell, address in found.items()}

    @cached_property
    def amounts(self) -> dict[int, Amount]:
        """What every cell prints, taken from the sheets themselves."""
        return {cell: _hundredths(self._at(*place)) for cell, place in self.places.items()}

    @cached_property
    def entered(self) -> dict[int, dict[int, int]]:
        """The cells a person types and others follow, each with all that moves with it and by what factor."""
        moved: dict[int, dict[int, int]] = {}
        for cell in self.places:
            for source, factor in self._made_of(cell).items():
                moved.setdefault(source, {})[cell] = factor
        # Rows that a table lacks have cells as well, which nobody typed.
        return {cell: others for cell, others in moved.items() if cell in self.places and len(others) > 1}

    @property
    def unlisted(self) -> list[str]:
        """The tables without any figure cell."""
        tables = {layout.block.table for layout in self.system.layouts.values() if layout.real}
        return [table.id for table in self.catalogue.form.tables if table.id not in tables]

    def table(self, cell: int) -> str:
        """The table a cell is in."""
        return self.system.place(cell)[0].block.table

    def named(self, cell: int, amount: Amount) -> Named:
        """A cell with an amount, in the words of a report."""
        layout, row, column = self.system.place(cell)
        address = self.book.figures[layout.block.name].address(row, column)
        return Named(str(address), shown(amount))

    def title(self, cell: int) -> str:
        """A cell in words, for the lists of a benchmark."""
        layout, row, column = self.system.place(cell)
        title = self.book.figures[layout.block.name].part.rows[row].title
        return f"{self.named(cell, None).cell} {title}·{layout.block.columns[column].name}"

    def followed(self, cell: int, amount: Amount) -> Amounts | None:
        """An entered cell changed and all that follows it; None if a figure would become negative."""
        shift = (amount or 0) - (self.amounts[cell] or 0)
        moved = {other: (self.amounts[other] or 0) + factor * shift for other, factor in self.entered[cell].items()}
        return None if min(moved.values()) < 0 else {other: new or None for other, new in moved.items()}

    def changed(self, amounts: Amounts) -> Workbook:
        """The workbook with other amounts in some cells."""
        sheets = list(self.workbook.sheets)
        for cell, amount in amounts.items():
            name, row, column = self.places[cell]
            place = self._sheets[name]
            rows = list(sheets[place].rows)
            rows[row] = list(rows[row])
            rows[row][column] = "" if amount is None else amount / 100
            sheets[place] = sheets[place]._replace(rows=rows)
        return self.workbook._replace(sheets=sheets)

    def check(self, amounts: Amounts) -> Report:
        """What a check says of the workbook with these amounts."""
        book = read_book(self.changed(amounts), self.catalogue.form)
        return check_book(book, self.catalogue, self.codes)

    def failures(self, report: Report) -> list[Finding]:
        """The error-level findings of a report that come from relations."""
        return [f for f in report.findings if f.severity == "error" and f.rule in self._relations]

    @cached_property
    def _definitions(self) -> dict[int, Cells]:
        """The formula behind each cell that is derived; where a row sum and a column sum define it, the first."""
        found: dict[int, Cells] = {}
        for constraint in self.system.constraints:
            if constraint.relation.fills and len(constraint.left) == 1:
                found.setdefault(constraint.left[0], constraint.right)
        return found

    def _made_of(self, cell: int) -> dict[int, int]:
        """The entered cells whose sum a cell is, with their factors: itself, if it is entered."""
        known = self._parts.get(cell)
        if known is None:
            known = self._parts[cell] = {}
            size = self.system.size
            for part in self._definitions.get(cell, ()):
                for source, factor in self._made_of(part % size).items():
                    known[source] = known.get(source, 0) + (factor if part < size else -factor)
            if cell not in self._definitions:
                known[cell] = 1
        return known

    @cached_property
    def _relations(self) -> frozenset[str]:
        return frozenset(relation.id for relation in self.catalogue.relations)

    def _at(self, sheet: str, row: int, column: int) -> object:
        return self.workbook.sheets[self._sheets[sheet]].rows[row][column]


@cache
def sample() -> Sample:
    """The sample, read once for all benchmarks of a run."""
    return Sample()


def slips(amount: Amount) -> Iterator[tuple[str, Amount]]:
    """The changes a cell is put through, by kind."""
    if amount is None:
        yield "blank made 1.00", ONE
        return
    yield "+1.00", amount + ONE
    yield "+0.10", amount + TENTH
    if (swapped := _swapped(amount)) != amount:
        yield "digits swapped", swapped
    if amount:
        yield "×10", amount * 10
        yield "blanked", None


KINDS = ("+1.00", "+0.10", "digits swapped", "×10", "blanked", "blank made 1.00")


def draw(source: random.Random, cells: list[int], count: int, amounts: Amounts) -> dict[int, Amount]:
    """Different cells at random, each with a change of a random kind."""
    return {cell: source.choice(list(slips(amounts[cell])))[1] for cell in source.sample(cells, count)}


def named_by(report: Report) -> list[Named]:
    """The cells a report names as its problems, the one with most symptoms first."""
    symptoms: dict[Named, int] = {}
    for finding in report.findings:
        if finding.suspects:
            first = Named(finding.suspects[0].cell, finding.suspects[0].value)
            symptoms[first] = symptoms.get(first, 0) + 1
    return sorted(symptoms, key=lambda named: -symptoms[named])


def listed_by(report: Report) -> set[Named]:
    """Every cell a report names, alternatives included."""
    return {Named(s.cell, s.value) for finding in report.findings for s in finding.suspects}


def shown(amount: Amount) -> str:
    """An amount as printed, nothing where it is blank."""
    return "" if amount is None else f"{amount // 100}.{amount % 100:02d}"


def _swapped(amount: int) -> int:
    """The first two neighbouring digits that differ, swapped."""
    digits = str(amount)
    for place in range(len(digits) - 1):
        one, other = digits[place], digits[place + 1]
        if one != other:
            return int(digits[:place] + other + one + digits[place + 2 :])
    return amount


def _hundredths(value: object) -> Amount:
    return None if not isinstance(value, float | int) else round(value * 100)
