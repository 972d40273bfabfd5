"""Rows put into a sheet of a workbook file, and everything in the file that speaks of the rows below moved along."""

import re
from collections.abc import Callable, Collection, Iterator
from html import unescape
from xml.sax.saxutils import escape

from gouji_checks.edit.parts import FileParts
from gouji_checks.edit.references import Insert, Shift, reaches_over, translated
from gouji_checks.edit.sheet import SheetXml, attributes

Change = Callable[[str], str]

# What covers cells; its formulas are told for the first of them.
_RULES = "conditionalFormatting|dataValidation|ignoredError|protectedRange"
_RULE = re.compile(rf"(<((?:\w+:)?(?:{_RULES}))\b(?:[^>]*/>|.*?</\2>))", re.DOTALL)
_FORMULAS = "f|formula|formula1|formula2|definedName|calculatedColumnFormula|totalsRowFormula"
_FORMULA = re.compile(rf"(<((?:\w+:)?(?:{_FORMULAS}))\b[^>]*>)([^<]+)(</\2>)")
_SQREF = re.compile(r"(\bsqref=[\"']|<(?:\w+:)?sqref>)([^\"'<]*)")
_REF = re.compile(r"(\s(?:ref|activeCell)=[\"'])([^\"']*)")
_LOCATION = re.compile(r"(\slocation=(?P<quote>[\"']))((?:(?!(?P=quote)).)*)")
_BREAKS = re.compile(r"<(?:\w+:)?rowBreaks\b.*?</(?:\w+:)?rowBreaks>", re.DOTALL)
_BREAK = re.compile(r"(\sid=[\"'])(\d+)")
_DRAWN = re.compile(r"(<(?:\w+:)?[rR]ow>\s*)(\d+)")
_ANCHOR = re.compile(r"(<(?:\w+:)?Anchor>)([^<]*)")
_SOURCE = re.compile(r"<(?:\w+:)?worksheetSource\b[^>]*>")
_ON_SHEET = {"comments", "threadedComment", "table", "pivotTable", "drawing", "vmlDrawing"}
_ANYWHERE = re.compile(r"xl/(?:charts|pivotCache)/[^/]*\.xml|xl/tables/[^/]*\.xml", re.IGNORECASE)


class SheetEdit:
    """The worksheets of a file, each taken apart when it is first asked for and put back in the end."""

    def __init__(self, parts: FileParts) -> None:
        self.parts = parts
        self._places = parts.sheets()
        self._open: dict[str, SheetXml] = {}

    def sheet(self, name: str) -> SheetXml:
        """A worksheet, to be changed."""
        if name not in self._open:
            self._open[name] = SheetXml(self.parts.text(self._places[name]))
        return self._open[name]

    def insert(self, name: str, inserts: list[Insert]) -> None:
        """Put rows into one sheet."""
        shift = Shift(inserts)
        target = self.sheet(name)
        target.make_room(shift)
        target.head = _own(target.head, shift, name)
        target.tail = _own(target.tail, shift, name)
        for _, _, cell in target.formulas():
            cell.inner = _REF.sub(lambda match: match[1] + shift.area(match[2]), cell.inner)
        for other in self._places:
            self._follow(other, shift, name)
        target.fill_room(shift)
        for kind, part in self.parts.related(self._places[name]):
            if kind in _ON_SHEET and part in self.parts:
                self.parts.replace(part, _beside(self.parts.text(part), shift))
        for part in [self.parts.workbook, *filter(_ANYWHERE.fullmatch, self.parts.names())]:
            text = _formulas(self.parts.text(part), lambda formula: shift.formula(formula, "", name))
            self.parts.replace(part, _SOURCE.sub(lambda match: _source(match[0], shift, name), text))

    def formulas_over(self, name: str, lines: Collection[int]) -> Iterator[tuple[str, int, int, str]]:
        """Sheet, row, column and text of the formulas that reach over any of these rows of a sheet."""
        for host in self._places:
            if host in self._open or _mentions(self.parts.text(self._places[host]), name):
                for line, column, cell in self.sheet(host).formulas():
                    if reaches_over(cell.formula, host, name, lines):
                        yield host, line, column, cell.formula

    def close(self) -> None:
        """Put the changed worksheets back into the file."""
        for name, sheet in self._open.items():
            self.parts.replace(self._places[name], sheet.text())

    def _follow(self, host: str, shift: Shift, name: str) -> None:
        """The formulas of a sheet, which may be the one that got the rows."""
        if host != name and host not in self._open and not _mentions(self.parts.text(self._places[host]), name):
            return
        sheet = self.sheet(host)

        def moved(formula: str) -> str:
            return shift.formula(formula, host, name)

        for _, _, cell in sheet.formulas():
            cell.inner = _formulas(cell.inner, moved)
        if host != name:
            sheet.tail = _formulas(sheet.tail, moved)
        sheet.tail = _LOCATION.sub(lambda match: match[1] + _unescaped(match[3], moved), sheet.tail)


def _mentions(text: str, sheet: str) -> bool:
    """Whether any formula names this sheet; by a defined name or a text alone it does not."""
    named = re.compile(re.escape(sheet.replace("'", "''")) + "'?!")
    return named.search(text) is not None or ("&" in text and named.search(unescape(text)) is not None)


def _own(text: str, shift: Shift, name: str) -> str:
    """What stands around the cells of the sheet that got the rows."""
    pieces = _RULE.split(text)
    moved: list[str] = []
    for number, piece in enumerate(pieces):
        if number % 3 == 1:
            moved.append(_rule(piece, shift, name))
        elif number % 3 == 0:
            piece = _REF.sub(lambda match: match[1] + shift.area(match[2]), piece)
            piece = _SQREF.sub(lambda match: match[1] + " ".join(map(shift.area, match[2].split())), piece)
            piece = _BREAKS.sub(lambda match: _breaks(match[0], shift), piece)
            piece = _DRAWN.sub(lambda match: match[1] + str(shift.line(int(match[2]))), piece)
            moved.append(_formulas(piece, lambda formula: shift.formula(formula, name, name)))
    return "".join(moved)


def _rule(text: str, shift: Shift, name: str) -> str:
    covered = _SQREF.search(text)
    lift = shift.lift(covered[2]) if covered else 0
    text = _SQREF.sub(lambda match: match[1] + shift.areas(match[2]), text)
    return _formulas(text, lambda formula: translated(shift.formula(formula, name, name), -lift))


def _breaks(text: str, shift: Shift) -> str:
    return _BREAK.sub(lambda match: match[1] + str(shift.line(int(match[2]))), text)


def _beside(text: str, shift: Shift) -> str:
    """A part of the sheet's own: notes, drawings, tables."""

    def anchor(match: re.Match[str]) -> str:
        numbers = match[2].split(",")
        for place in (2, 6):
            if len(numbers) == 8 and numbers[place].strip().isdigit():
                numbers[place] = f" {shift.line(int(numbers[place]))}"
        return match[1] + ",".join(numbers)

    text = _REF.sub(lambda match: match[1] + shift.area(match[2]), text)
    text = _DRAWN.sub(lambda match: match[1] + str(shift.line(int(match[2]))), text)
    return _ANCHOR.sub(anchor, text)


def _source(tag: str, shift: Shift, name: str) -> str:
    """Where a pivot table takes its figures from."""
    if unescape(attributes(tag).get("sheet", "")) != name:
        return tag
    return _REF.sub(lambda match: match[1] + shift.area(match[2]), tag)


def _formulas(text: str, change: Change) -> str:
    return _FORMULA.sub(lambda match: match[1] + _unescaped(match[3], change) + match[4], text)


def _unescaped(text: str, change: Change) -> str:
    """A change made to what the XML says; the XML as it was where that makes no difference."""
    plain = unescape(text)
    changed = change(plain)
    return text if changed == plain else escape(changed, {'"': "&quot;", "'": "&apos;"})
