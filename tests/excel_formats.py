"""The formats of cells in the Excel for tests: fills, and conditional formats with a formula."""

from collections.abc import Callable, Iterator

from openpyxl.formatting.formatting import ConditionalFormatting
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes


class Refused(Exception):  # noqa: N818
    """What Excel says of anything protected: that it did not work."""


def fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour.removeprefix("#"), bgColor=colour.removeprefix("#"))


class Format(base_classes.ConditionalFormat):
    def __init__(self, formats: "Formats", area: ConditionalFormatting, rule: Rule) -> None:
        self._formats = formats
        self._area = area
        self._rule = rule

    @property
    def formula(self) -> str | None:
        return f"={self._rule.formula[0]}" if self._rule.type == "expression" else None

    def delete(self) -> None:
        """From everywhere it applies."""
        self._formats.change()
        every = self._formats.sheet.conditional_formatting
        every[self._area].remove(self._rule)
        if not every[self._area]:
            del every[str(self._area.sqref)]


class Formats(base_classes.ConditionalFormats):
    """Those of an area; the remote engine does not tell which there are."""

    def __init__(self, sheet: Worksheet, area: str, told: bool, written: Callable[[], None]) -> None:
        self.sheet = sheet
        self._area = area
        self._told = told
        self._written = written

    def __iter__(self) -> Iterator[Format]:
        if not self._told:
            raise NotImplementedError
        area = CellRange(self._area)
        for found in self.sheet.conditional_formatting:
            if any(not area.isdisjoint(one) for one in found.sqref.ranges):
                yield from (Format(self, found, rule) for rule in found.rules)

    def add_custom(self, spec: dict[str, object]) -> Format:
        """Before all others. Excel takes no longer formula, and a reference from whichever cell is active."""
        self.change()
        formula, colour = str(spec["formula"]), spec["fill_color"]
        if len(formula) > 255 or not isinstance(colour, tuple):
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
        self._written()
