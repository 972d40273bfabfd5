"""A plan carried out on a workbook file: a new file is made, in which nothing but the plan's cells and what follows the
inserted rows is different.

The XML is edited as text, so pictures, charts, notes, macros and what other programs have put into the file stay.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from gouji_checks.book import TableSheet
from gouji_checks.edit.insertion import SheetEdit
from gouji_checks.edit.parts import FileParts
from gouji_checks.edit.references import place_of
from gouji_checks.edit.sheet import SheetXml
from gouji_checks.fill.owners import Template, owners
from gouji_checks.fill.plan import EMPTY_TABLE, FigureCell, LabelCell, Plan
from gouji_templates.form import Form

_MERGED = re.compile(r"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]+\d+):([A-Z]+\d+)[\"']")
_CALCULATION = re.compile(r"<((?:\w+:)?)calcPr\b([^>]*?)(/?)>")
_AFTER_NAMES = re.compile(
    r"<(?:\w+:)?(?:oleSize|customWorkbookViews|pivotCaches|smartTagPr|smartTagTypes|webPublishing|fileRecoveryPr|"
    r"webPublishObjects|extLst)\b|</(?:\w+:)?workbook>"
)
_CHAIN = "calcChain"
MergedRange = tuple[int, int, int, int]
"""Top, left, bottom and right of a merged range, from 0."""


class Applied(NamedTuple):
    """The new file, and what its owner should look at, in Chinese."""

    data: bytes
    notes: tuple[str, ...]


class FileTarget:
    """A workbook file to be changed in a copy."""

    def __init__(self, data: bytes, form: Form) -> None:
        self._data = data
        self._parts = FileParts(data)
        self._edit = SheetEdit(self._parts)
        self._template = Template(form)

    def free(self, home: TableSheet, line: int) -> bool:
        """Whether a row is a blank row of this table: its cells have a format, and hold nothing but our formulas."""
        sheet = self._edit.sheet(home.sheet.name)
        cells = sheet.cells.get(line, {})
        columns = columns_of(home)
        if any(column not in cells or "s" not in cells[column].tag for column in columns):
            return False
        if any(cell.has_value or (cell.formula and not self._template.wrote(cell.formula)) for cell in cells.values()):
            return False
        return not any(top <= line <= bottom and left in columns for top, left, bottom, _ in _merged(sheet))

    def apply(self, plan: Plan) -> Applied:
        """The file with the plan carried out; the same bytes where there is nothing to do."""
        touched = [figure for figure in plan.figures if figure.changed or not figure.follows]
        if not (plan.inserts or plan.labels or touched):
            return Applied(self._data, ())
        for name in dict.fromkeys(insert.sheet for insert in plan.inserts):
            self._edit.insert(name, [insert for insert in plan.inserts if insert.sheet == name])
        for name in dict.fromkeys(added.sheet for added in plan.added):
            self._lend(name, [added.row for added in plan.added if added.sheet == name])
        found = owners(plan, self._template, lambda name, lines: list(self._edit.formulas_over(name, lines)))
        for figure in found.figures:
            self._edit.sheet(figure.sheet).put(figure.row, figure.column, figure.value)
        for label in plan.labels:
            self._label(label)
        for figure in touched:
            self._figure(figure)
        for name, text in plan.sentences:
            sheet = self._edit.sheet(name)
            for line, column, cell in list(sheet.formulas()):
                if EMPTY_TABLE in cell.formula:
                    sheet.cache(line, column, text)
        self._edit.close()
        self._recalculate()
        return Applied(self._parts.packed(), found.notes)

    def _lend(self, name: str, lines: list[int]) -> None:
        """Give new rows the formulas that the template's rows share, where the rows they were copied from have figures
        typed over them."""
        sheet = self._edit.sheet(name)
        lacking = [(line, column) for line in lines for column, cell in sheet.cells[line].items() if not cell.formula]
        shapes = {column: self._template.shared(_upwards(sheet, column)) for column in {each for _, each in lacking}}
        for line, column in lacking:
            if shape := shapes[column]:
                sheet.set_formula(line, column, shape.at(line))

    def _label(self, label: LabelCell) -> None:
        sheet = self._edit.sheet(label.sheet)
        cell = sheet.cell(label.row, label.column)
        if any(
            top <= label.row <= bottom and left <= label.column <= right and (top, left) != (label.row, label.column)
            for top, left, bottom, right in _merged(sheet)
        ):
            # Only the first cell of a merged range can be seen.
            return
        if cell.formula and label.follows and (self._template.wrote(cell.formula) or EMPTY_TABLE in cell.formula):
            sheet.cache(label.row, label.column, label.value)
        else:
            sheet.put(label.row, label.column, label.value)

    def _figure(self, figure: FigureCell) -> None:
        sheet = self._edit.sheet(figure.sheet)
        formula = sheet.cell(figure.row, figure.column).formula
        if formula and figure.follows and self._template.wrote(formula):
            sheet.cache(figure.row, figure.column, figure.value)
        else:
            sheet.put(figure.row, figure.column, figure.value)

    def _recalculate(self) -> None:
        """Have every formula calculated again when the file is opened."""
        for kind, part in self._parts.related(self._parts.workbook):
            if kind == _CHAIN and part in self._parts:
                self._parts.remove(part)
        main = self._parts.workbook
        text = self._parts.text(main)
        if found := _CALCULATION.search(text):
            kept = re.sub(r"\sfullCalcOnLoad=\"[^\"]*\"", "", found[2])
            tag = f'<{found[1]}calcPr{kept} fullCalcOnLoad="1"{found[3]}>'
            self._parts.replace(main, text[: found.start()] + tag + text[found.end() :])
        elif place := _AFTER_NAMES.search(text):
            prefix = re.match(r"<(?:/)?((?:\w+:)?)", place[0])
            tag = f'<{prefix[1] if prefix else ""}calcPr fullCalcOnLoad="1"/>'
            self._parts.replace(main, text[: place.start()] + tag + text[place.start() :])


def _upwards(sheet: SheetXml, column: int) -> Iterator[tuple[int, str]]:
    """The rows and formulas of a column from the bottom."""
    for line in sorted(sheet.cells, reverse=True):
        if cell := sheet.cells[line].get(column):
            yield line, cell.formula


def columns_of(home: TableSheet) -> range:
    """The columns that a table takes up, labels and figures."""
    sides = [part.side for part in home.skeleton.parts]
    places = [column for side in sides for column in side.columns if column is not None]
    return range(min(side.start for side in sides), max(places) + 1)


def _merged(sheet: SheetXml) -> list[MergedRange]:
    return [(*place_of(start), *place_of(end)) for start, end in _MERGED.findall(sheet.tail)]
