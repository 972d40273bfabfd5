"""The XML of a worksheet, edited as text: whatever is not touched stays as it was, to the letter."""

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from xml.sax.saxutils import escape

from gouji_checks.edit.references import Shift, place_of, translated
from gouji_checks.finding import column_letters

Value = Decimal | float | str | None

_ROW = re.compile(r"<((?:\w+:)?row)\b([^>]*?)(?:/>|>(.*?)</\1>)", re.DOTALL)
_CELL = re.compile(r"<((?:\w+:)?c)\b([^>]*?)(?:/>|>(.*?)</\1>)", re.DOTALL)
_FORMULA = re.compile(r"<((?:\w+:)?f)\b([^>]*?)(?:/>|>(.*?)</\1>)", re.DOTALL)
_VALUE = re.compile(r"<((?:\w+:)?v)\b([^>]*?)(?:/>|>(.*?)</\1>)", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_DATA = re.compile(r"<((?:\w+:)?)sheetData\b[^>]*?(?:/>|>(.*)</\1sheetData>)", re.DOTALL)
_KEPT_OF_ROW = ("s", "customFormat", "ht", "customHeight", "spans")


def attributes(tag: str) -> dict[str, str]:
    """The attributes in a tag, as written (escaped)."""
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def written(found: dict[str, str]) -> str:
    """Attributes as a tag holds them."""
    return "".join(f' {name}="{value}"' for name, value in found.items())


class Cell:
    """A cell: its attributes without its place, and what stands between its tags."""

    def __init__(self, tag: dict[str, str], inner: str) -> None:
        self.tag = tag
        self.inner = inner

    @property
    def formula(self) -> str:
        """The formula without =; nothing where there is none."""
        match = _FORMULA.search(self.inner)
        return unescape(match[3] or "") if match else ""

    @property
    def has_value(self) -> bool:
        """Whether anything can be seen in the cell."""
        match = _VALUE.search(self.inner)
        return "<is" in self.inner or ":is>" in self.inner or bool(match and match[3])

    @property
    def style(self) -> str:
        return self.tag.get("s", "0")


class SheetXml:
    """A worksheet's rows and cells by place (from 0), between the text before and after them."""

    def __init__(self, text: str) -> None:
        match = _DATA.search(text)
        assert match is not None, "a sheet that was read has its sheetData"
        self.prefix = match[1]
        self.head, self.tail = text[: match.start()], text[match.end() :]
        self.rows: dict[int, dict[str, str]] = {}
        self.cells: dict[int, dict[int, Cell]] = {}
        line = -1
        for row in _ROW.finditer(match[2] or ""):
            tag = attributes(row[2])
            line = int(tag.pop("r")) - 1 if "r" in tag else line + 1
            self.rows[line] = tag
            self.cells[line] = dict(_read_cells(row[3] or ""))
        self._spell_out()

    def text(self) -> str:
        """The XML again."""
        p = self.prefix
        parts = [self.head, f"<{p}sheetData>"]
        for line in sorted(self.rows):
            number = line + 1
            parts.append(f'<{p}row r="{number}"{written(self.rows[line])}>')
            for column, cell in sorted(self.cells[line].items()):
                open_tag = f'<{p}c r="{column_letters(column)}{number}"{written(cell.tag)}'
                parts.append(f"{open_tag}>{cell.inner}</{p}c>" if cell.inner else f"{open_tag}/>")
            parts.append(f"</{p}row>")
        return "".join((*parts, f"</{p}sheetData>", self.tail))

    def cell(self, line: int, column: int) -> Cell:
        """The cell there, made if need be."""
        self.rows.setdefault(line, {})
        return self.cells.setdefault(line, {}).setdefault(column, Cell({}, ""))

    def formulas(self) -> Iterator[tuple[int, int, Cell]]:
        """Every cell with a formula."""
        for line, cells in self.cells.items():
            for column, cell in cells.items():
                if cell.formula:
                    yield line, column, cell

    def put(self, line: int, column: int, value: Value) -> None:
        """A value in place of whatever is there; the format stays."""
        cell = self.cell(line, column)
        for gone in ("t", "cm", "vm"):
            cell.tag.pop(gone, None)
        p = self.prefix
        if value is None or value == "":
            cell.inner = ""
        elif isinstance(value, str):
            cell.tag["t"] = "inlineStr"
            cell.inner = f'<{p}is><{p}t xml:space="preserve">{escape(value)}</{p}t></{p}is>'
        else:
            cell.inner = f"<{p}v>{plain(value)}</{p}v>"

    def cache(self, line: int, column: int, value: Value) -> None:
        """A formula's value, as a reader without a formula engine sees it."""
        cell = self.cell(line, column)
        cell.tag.pop("t", None)
        if value is None or isinstance(value, str):
            cell.tag["t"] = "str"
        shown = escape(value or "") if value is None or isinstance(value, str) else plain(value)
        p = self.prefix
        cell.inner = _VALUE.sub("", cell.inner) + f"<{p}v>{shown}</{p}v>"

    def set_formula(self, line: int, column: int, formula: str) -> None:
        """A formula whose value is not known yet: it reads as blank."""
        p = self.prefix
        self.cell(line, column).inner = f"<{p}f>{escape(formula)}</{p}f>"
        self.cache(line, column, "")

    def make_room(self, shift: Shift) -> None:
        """Move rows down; what their formulas refer to stays for the caller to move."""
        self.rows = {shift.line(line): tag for line, tag in self.rows.items()}
        self.cells = {shift.line(line): cells for line, cells in self.cells.items()}

    def fill_room(self, shift: Shift) -> None:
        """Put in the new rows, with the looks and the formulas of the rows beside them."""
        for line, insert in shift.new_lines():
            like = shift.line(insert.before) if insert.below else line - 1
            tag = self.rows.get(like, {})
            self.rows[line] = {name: tag[name] for name in _KEPT_OF_ROW if name in tag}
            self.cells[line] = {}
            for column, model in self.cells.get(like, {}).items():
                self.cells[line][column] = Cell({"s": model.style} if "s" in model.tag else {}, "")
                if model.formula:
                    self.set_formula(line, column, translated(model.formula, line - like))

    def _spell_out(self) -> None:
        """Give every cell of a shared formula its own: once rows are inserted, it is no longer the same one."""
        masters: dict[str, tuple[int, int, str]] = {}
        for line in sorted(self.cells):
            for column, cell in sorted(self.cells[line].items()):
                match = _FORMULA.search(cell.inner)
                tag = attributes(match[2]) if match else {}
                if not match or tag.get("t") != "shared":
                    continue
                group = tag.get("si", "")
                if match[3]:
                    masters[group] = line, column, unescape(match[3])
                if group in masters:
                    first, left, formula = masters[group]
                    own = escape(translated(formula, line - first, column - left))
                    name = match[1]
                    cell.inner = f"{cell.inner[: match.start()]}<{name}>{own}</{name}>{cell.inner[match.end() :]}"


def plain(value: Decimal | float) -> str:
    """A number as XML holds it."""
    text = f"{value:f}" if isinstance(value, Decimal) else repr(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _read_cells(text: str) -> Iterator[tuple[int, Cell]]:
    column = -1
    for cell in _CELL.finditer(text):
        tag = attributes(cell[2])
        column = place_of(tag.pop("r"))[1] if "r" in tag else column + 1
        yield column, Cell(tag, cell[3] or "")
