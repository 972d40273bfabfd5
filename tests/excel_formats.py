"""The formats of cells in the Excel for tests: fills, fonts, tables, and conditional formats with a formula."""

import re
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.formatting.formatting import ConditionalFormatting
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes

from gouji_templates.layout import text_width, wrapped
from tests.excel_manner import COM, shown
from tests.excel_objects import LETTERS

if TYPE_CHECKING:
    from tests.excel_sheets import Sheet

_REFERENCE = re.compile(r"\$[A-Z]{1,3}:\$[A-Z]{1,3}|\$?[A-Z]{1,3}\$?[1-9]")


class Refused(Exception):  # noqa: N818
    """What Excel says of anything protected: that it did not work."""


def fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour.removeprefix("#"), bgColor=colour.removeprefix("#"))


def fit_columns(sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
    """Columns as wide as the longest text in an area."""
    for column, cells in enumerate(sheet.iter_cols(left, right, top, bottom), left):
        width = max(text_width(str(shown(cell) or "")) for cell in cells)
        sheet.column_dimensions[get_column_letter(column)].width = width + 1


def fit_rows(sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
    """Rows as high as the text of the most lines in an area."""
    widths = [sheet.column_dimensions[get_column_letter(column)].width for column in range(left, right + 1)]
    for row, cells in enumerate(sheet.iter_rows(top, bottom, left, right), top):
        texts = [(str(shown(cell) or ""), width) for cell, width in zip(cells, widths, strict=True) if _wraps(cell)]
        sheet.row_dimensions[row].height = 15 * max((wrapped(*text) for text in texts), default=1)


def _wraps(cell: Any) -> bool:
    return bool(cell.alignment.wrap_text)


class Format(base_classes.ConditionalFormat):
    def __init__(self, formats: "Formats", area: ConditionalFormatting, rule: Rule) -> None:
        self._formats = formats
        self._area = area
        self._rule = rule

    @property
    def formula(self) -> str | None:
        return f"={self._rule.formula[0]}" if self._rule.type == "expression" else None

    def delete(self) -> None:
        """From everywhere it applies; those behind it move up."""
        self._formats.change()
        every = self._formats.sheet.conditional_formatting
        for rule in [rule for area in every for rule in area.rules]:
            rule.priority -= rule.priority > self._rule.priority
        every[self._area].remove(self._rule)
        if not every[self._area]:
            del every[str(self._area.sqref)]


class Formats(base_classes.ConditionalFormats):
    """Those of an area; the remote engine does not tell which there are."""

    def __init__(self, host: "Sheet", area: str) -> None:
        self._host = host
        self.sheet = host.content
        self._area = area

    def __iter__(self) -> Iterator[Format]:
        if self._host.excel.manner != COM:
            raise NotImplementedError
        area = CellRange(self._area)
        for found in self.sheet.conditional_formatting:
            if any(not area.isdisjoint(one) for one in found.sqref.ranges):
                yield from (Format(self, found, rule) for rule in found.rules)

    def add_custom(self, spec: dict[str, object]) -> Format:
        """Before all others. Excel takes no longer formula, a reference from whichever cell is active, and none in
        another style than that in force."""
        self.change()
        formula, colour = str(spec["formula"]), spec["fill_color"]
        foreign = self._host.excel.reference_style != LETTERS and _REFERENCE.search(formula)
        if len(formula) > 255 or not isinstance(colour, tuple) or foreign:
            raise Refused
        for found in self.sheet.conditional_formatting:
            for rule in found.rules:
                rule.priority += 1
        rule = Rule("expression", dxf=DifferentialStyle(fill=fill("{:02X}{:02X}{:02X}".format(*colour))))
        rule.formula = [formula.removeprefix("=")]
        # openpyxl numbers a rule that has no priority.
        rule.priority = 1
        self.sheet.conditional_formatting.add(self._area, rule)
        return Format(self, ConditionalFormatting(self._area), rule)

    def change(self) -> None:
        """Before any change: a protected sheet takes formats only where its protection lets them through."""
        protection = self.sheet.protection
        if protection.sheet and protection.formatCells:
            raise Refused
        self._host.furnish()


class Border(base_classes.Border):
    """One side of a cell."""

    def __init__(self, style: str | None) -> None:
        self._style = style

    line_style = property(lambda border: "continuous" if border._style else "none")


class Borders(base_classes.Borders):
    """The sides of a cell."""

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    def __getitem__(self, side: str) -> Border:
        return Border(getattr(self._cell.border, side.removeprefix("edge_")).style)


class Font(base_classes.Font):
    """The font of all cells of a range."""

    def __init__(self, cells: Callable[[], Iterable[Any]], written: Callable[[], None]) -> None:
        self._cells = cells
        self._written = written

    def _set(self, **changes: object) -> None:
        self._written()
        for cell in self._cells():
            font = copy(cell.font)
            for name, value in changes.items():
                setattr(font, name, value)
            cell.font = font

    color = property(fset=lambda self, value: self._set(color=value.removeprefix("#")))
    bold = property(fset=lambda self, value: self._set(b=value))
    size = property(fset=lambda self, value: self._set(sz=value))


class Tables(base_classes.Tables):
    """The tables of a sheet."""

    def __init__(self, sheet: Worksheet, written: Callable[[], None]) -> None:
        self._sheet = sheet
        self._written = written

    def __len__(self) -> int:
        return len(self._sheet.tables)

    def add(  # type: ignore[override]  # Neither engine has it as its base class does.
        self, *, source: Any, has_headers: bool, table_style_name: str, name: str | None, **_: object
    ) -> base_classes.Table:
        """Excel numbers a table that is given no name, and takes neither tables that overlap nor headings that it
        would have to change."""
        self._written()
        area = CellRange(
            min_row=source.row,
            min_col=source.column,
            max_row=source.row + source.shape[0] - 1,
            max_col=source.column + source.shape[1] - 1,
        )
        headings = [self._sheet.cell(*place).value for place in area.top]
        if not has_headers or area.size["rows"] < 2 or not all(isinstance(one, str) for one in headings):
            raise NotImplementedError
        overlapping = [table for table in self._sheet.tables.values() if not area.isdisjoint(CellRange(table.ref))]
        if overlapping or len(set(headings)) < len(headings):
            raise Refused
        book = self._sheet.parent
        assert book is not None
        number = sum(len(sheet.tables) for sheet in book.worksheets) + 1
        table = Table(displayName=name or f"表_{number}", ref=area.coord)
        table.tableStyleInfo = TableStyleInfo(name=table_style_name, showRowStripes=True)
        self._sheet.add_table(table)
        return base_classes.Table()
