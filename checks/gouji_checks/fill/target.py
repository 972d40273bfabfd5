"""A plan carried out on a workbook file: a new file is made, in which nothing but the plan's cells and what follows the
inserted rows is different.

The XML is edited as text, so pictures, charts, notes, macros and what other programs have put into the file stay.
"""

import re
from typing import NamedTuple

from gouji_checks.book import TableSheet
from gouji_checks.edit.insertion import SheetEdit
from gouji_checks.edit.parts import FileParts
from gouji_checks.edit.references import names_in, place_of, translated
from gouji_checks.edit.sheet import SheetXml
from gouji_checks.fill.plan import EMPTY_TABLE, Figure, Label, Plan
from gouji_checks.finding import Address
from gouji_templates.content import OTHER_SHEETS
from gouji_templates.form import Form

_MERGED = re.compile(r"<(?:\w+:)?mergeCell\b[^>]*\bref=[\"']([A-Z]+\d+):([A-Z]+\d+)[\"']")
_CALCULATION = re.compile(r"<((?:\w+:)?)calcPr\b([^>]*?)(/?)>")
_AFTER_NAMES = re.compile(
    r"<(?:\w+:)?(?:oleSize|customWorkbookViews|pivotCaches|smartTagPr|smartTagTypes|webPublishing|fileRecoveryPr|"
    r"webPublishObjects|extLst)\b|</(?:\w+:)?workbook>"
)
_CHAIN = "calcChain"
_SUM_ACROSS = re.compile(r"IF\(COUNT\((.+)\)=0,\"\",ROUND\(SUM\(\1\),\d\)\)")

_MOST_NAMED = 5
"""So many cells are named; the rest are counted."""

_FAR = 100_000
"""Formulas are compared as they would read in this row: none of their references then falls off the sheet."""

Area = tuple[int, int, int, int]
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
        self._prefixes = tuple([f"{block.name}_" for block in form.blocks])

    def free(self, home: TableSheet, line: int) -> bool:
        """Whether a row is a blank row of this table: its cells have a format, and hold nothing but our formulas."""
        sheet = self._edit.sheet(home.sheet.name)
        cells = sheet.cells.get(line, {})
        columns = _columns(home)
        if any(column not in cells or "s" not in cells[column].tag for column in columns):
            return False
        if any(cell.has_value or (cell.formula and not self._is_ours(cell.formula)) for cell in cells.values()):
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
        notes = self._formulas_over(plan)
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
        return Applied(self._parts.packed(), notes)

    def _formulas_over(self, plan: Plan) -> tuple[str, ...]:
        """The owner's formulas over rows that are added: their sums would count what 类 and 款 rows repeat. Those of
        derived figures give way to the figure; others stay, and are said."""
        figures = {(figure.sheet, figure.row, figure.column): figure for figure in plan.figures}
        replaced: list[str] = []
        doubtful: list[str] = []
        for name in dict.fromkeys(added.sheet for added in plan.added):
            lines = {added.row for added in plan.added if added.sheet == name}
            for host, line, column, formula in list(self._edit.formulas_over(name, lines)):
                figure = figures.get((host, line, column))
                if self._is_ours(formula) or EMPTY_TABLE in formula:
                    continue
                if figure is None:
                    doubtful.append(str(Address(host, line, column)))
                else:
                    self._edit.sheet(host).put(line, column, figure.value)
                    replaced.append(f"{figure.address} 的公式 ={formula} 会把新增的行重复计入，已改为数值")
        if doubtful:
            more = f"等 {len(doubtful)} 处" if len(doubtful) > _MOST_NAMED else " "
            said = "、".join(doubtful[:_MOST_NAMED])
            replaced.append(f"{said}{more}的公式所指的范围里新增了行，请核对是否还要这样算")
        return tuple(replaced)

    def _is_ours(self, formula: str) -> bool:
        """Whether the template wrote this formula: a sum across, or one that names a table's columns or another of its
        sheets."""
        return (
            _SUM_ACROSS.fullmatch(formula) is not None
            or any(name.startswith(self._prefixes) for name in names_in(formula))
            or any(name in formula for name in OTHER_SHEETS)
        )

    def _lend(self, name: str, lines: list[int]) -> None:
        """Give new rows the formulas that the template's rows share, where the rows they were copied from have figures
        typed over them."""
        sheet = self._edit.sheet(name)
        lacking = [(line, column) for line in lines for column, cell in sheet.cells[line].items() if not cell.formula]
        shapes = {column: self._shared(sheet, column) for column in {column for _, column in lacking}}
        for line, column in lacking:
            if shape := shapes[column]:
                sheet.set_formula(line, column, translated(shape, line - _FAR))

    def _shared(self, sheet: SheetXml, column: int) -> str:
        """The formula that the lowest rows of a column share, as it would read far down; nothing if it is in one row
        only, as the total's is."""
        seen: set[str] = set()
        for line in sorted(sheet.cells, reverse=True):
            cell = sheet.cells[line].get(column)
            if cell and cell.formula and self._is_ours(cell.formula):
                shape = translated(cell.formula, _FAR - line)
                if shape in seen:
                    return shape
                seen.add(shape)
        return ""

    def _label(self, label: Label) -> None:
        sheet = self._edit.sheet(label.sheet)
        cell = sheet.cell(label.row, label.column)
        if any(
            top <= label.row <= bottom and left <= label.column <= right and (top, left) != (label.row, label.column)
            for top, left, bottom, right in _merged(sheet)
        ):
            # Only the first cell of a merged range can be seen.
            return
        if cell.formula and label.follows and (self._is_ours(cell.formula) or EMPTY_TABLE in cell.formula):
            sheet.cache(label.row, label.column, label.value)
        else:
            sheet.put(label.row, label.column, label.value)

    def _figure(self, figure: Figure) -> None:
        sheet = self._edit.sheet(figure.sheet)
        formula = sheet.cell(figure.row, figure.column).formula
        if formula and figure.follows and self._is_ours(formula):
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


def _columns(home: TableSheet) -> range:
    sides = [part.side for part in home.skeleton.parts]
    places = [column for side in sides for column in side.columns if column is not None]
    return range(min(side.start for side in sides), max(places) + 1)


def _merged(sheet: SheetXml) -> list[Area]:
    return [(*place_of(start), *place_of(end)) for start, end in _MERGED.findall(sheet.tail)]
