"""The lines of a table on its sheet: their texts, their figures or the formulas of these, and a mark beside them."""

from collections.abc import Iterator, Mapping, Sequence

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from gouji_templates.classification import official_name
from gouji_templates.content import Content, Line, is_total, name_index
from gouji_templates.entry import leaf_index
from gouji_templates.form import CODE_LABELS, CODED, Block, Form
from gouji_templates.layout import Layout, indents, line_rows, wrapped
from gouji_templates.live import BLANK, Live, Spot
from gouji_templates.protection import is_entered, is_open
from gouji_templates.styles import CODE, DERIVED, HEADING, NAME, TEXT, Styles, figure, put, row_height
from gouji_templates.subject_sheet import lookup

_INDENT_WIDTH = 1.3
"""A step of indentation in units of column width."""

_MARK_WIDTH = 20
_GREY = "#7F7F7F"


class LineWriter:
    """Writes the lines of every block of a table."""

    def __init__(
        self,
        sheet: Worksheet,
        styles: Styles,
        form: Form,
        layout: Layout,
        content: Content,
        live: Live | None,
        reach: int,
    ) -> None:
        self.sheet = sheet
        self.styles = styles
        self.form = form
        self.layout = layout
        self.lines = content.lines
        self.live = live
        self.reach = reach

    def write(self) -> int:
        """Returns the row below the last line."""
        first = self.layout.first_row
        placed = line_rows(self.layout, self.lines)
        end = max((row + 1 for rows in placed.values() for row in rows), default=first)
        tallest = dict.fromkeys(range(first, end), 1)
        for block in self.layout.table.blocks:
            left = self.layout.lefts[block.name]
            # Beside a longer block the rows without a line keep their borders.
            for row in set(tallest).difference(placed[block.name]):
                for column in range(left, left + len(block.labels) + len(block.columns)):
                    put(self.sheet, row, column, None, self.styles(NAME))
            known = dict(self._known(block, placed[block.name]))
            for row, line in zip(placed[block.name], self.lines.get(block.name, ()), strict=True):
                tallest[row] = max(tallest[row], self._labels(block, row, line))
                self._figures(block, row, line, known)
            self._codes(block, end - 1)
            self._marks(block, placed[block.name])
        if end > first:
            self._quiet(first, end - 1)
        for row, count in tallest.items():
            # A row of one line keeps its automatic height, so that it grows with what somebody types.
            if count > 1:
                self.sheet.set_row(row, row_height(count))
        return end

    def _quiet(self, first: int, last: int) -> None:
        """No green corners: codes are text, formulas are there to be typed over, and neighbours differ on purpose."""
        quiet: dict[str, str] = {}
        for block in self.layout.table.blocks:
            left = self.layout.lefts[block.name]
            if block.kind in CODED:
                quiet["number_stored_as_text"] = xl_range(first, left, last, left + name_index(block) - 1)
        if self.live:
            lines = xl_range(first, 0, last, self.layout.last_column)
            quiet |= dict.fromkeys(("formula_unlocked", "formula_differs", "formula_range"), lines)
        if quiet:
            self.sheet.ignore_errors(quiet)

    def _known(self, block: Block, rows: Sequence[int]) -> Iterator[tuple[str, int]]:
        """The rows known beforehand, by id."""
        labels = {spec.label: spec.id for spec in block.specs}
        for row, line in zip(rows, self.lines.get(block.name, ()), strict=True):
            id = labels.get(line.labels[name_index(block)])
            if id:
                yield id, row

    def _labels(self, block: Block, row: int, line: Line) -> int:
        """Writes the texts of a line; returns how many lines of text the tallest takes."""
        tallest = 1
        steps = indents(block)
        left = self.layout.lefts[block.name]
        for index, (label, text) in enumerate(zip(block.labels, line.labels, strict=True)):
            # A block to the right keeps its labels off the figures beside it.
            step = steps.get(text, 0) + bool(left)
            look = NAME | {"indent": step} if step else NAME
            if label.name in CODE_LABELS:
                look = CODE
            elif text and is_total(block, line):
                look = HEADING
            style = self.styles(look, locked=not is_open(block, line))
            formula = self._name(block, row, line) if index == name_index(block) else ""
            if formula:
                self.sheet.write_formula(row, left + index, formula, style, text or BLANK)
            else:
                put(self.sheet, row, left + index, text, style)
            tallest = max(tallest, wrapped(text, label.width - step * _INDENT_WIDTH))
        return tallest

    def _name(self, block: Block, row: int, line: Line) -> str:
        """The formula that looks up the official name of the line's code; nothing where the name is another."""
        if self.live is None or not is_open(block, line) or block.classification is None or block.kind not in CODED:
            return ""
        text, code = line.labels[name_index(block)], "".join(line.labels[: name_index(block)])
        if text and text != official_name(block.classification, code):
            return ""
        left = self.layout.lefts[block.name]
        cells = (xl_rowcol_to_cell(row, left + index, col_abs=True) for index in range(name_index(block)))
        return "=" + lookup(block.classification, "&".join(cells))

    def _figures(self, block: Block, row: int, line: Line, known: Mapping[str, int]) -> None:
        left = self.layout.figure_column(block)
        id = next((id for id, place in known.items() if place == row), "")
        leaf = not id and self._is_leaf(block, line)
        for index, (column, amount) in enumerate(zip(block.columns, line.figures, strict=True)):
            look = figure(self.form.decimals)
            if is_total(block, line):
                look["bold"] = True
            entered = is_entered(block, line, column)
            look |= {"locked": False} if entered else {"bg_color": DERIVED}
            spot = Spot(block, id, index, row, left, self.layout.first_row - 1, known, self.reach)
            formula = self.live.formula(spot) if self.live else ""
            if formula and not (entered and leaf and amount is not None):
                self.sheet.write_formula(
                    row, left + index, formula, self.styles(look), BLANK if amount is None else amount
                )
            else:
                put(self.sheet, row, left + index, amount, self.styles(look))

    def _is_leaf(self, block: Block, line: Line) -> bool:
        """Whether no other line rolls up into this one: none goes on from its code, or it is a project."""
        if block.kind == "projects":
            return bool(line.labels[leaf_index(block)])
        code = "".join(line.labels[: name_index(block)])
        others = ("".join(other.labels[: name_index(block)]) for other in self.lines[block.name])
        return not code or not any(other.startswith(code) and other != code for other in others)

    def _codes(self, block: Block, last: int) -> None:
        """A line above the leaves looks derived where it stands."""
        first, left = self.layout.first_row, self.layout.lefts[block.name]
        if block.kind not in CODED or last <= first:
            return
        name = left + name_index(block)
        top = first + 1
        named, without = (xl_rowcol_to_cell(top, column, col_abs=True) for column in (name, left + leaf_index(block)))
        self.sheet.conditional_format(
            top,
            self.layout.figure_column(block),
            last,
            self.layout.figure_column(block, len(block.columns) - 1),
            {
                "type": "formula",
                "criteria": f'=AND({named}<>"",{without}="")',
                "format": self.styles({"bg_color": DERIVED}),
            },
        )

    def _marks(self, block: Block, rows: Sequence[int]) -> None:
        """Beside the table, outside what is printed: which relations fail in a line."""
        if self.live is None:
            return
        top, column = self.layout.first_row - 1, self.layout.last_column + 2
        look = self.styles(TEXT, font_color=_GREY)
        for row in rows:
            formula, shown = self.live.mark(block, row, top)
            if not formula:
                return
            self.sheet.write_formula(row, column, formula, look, shown or BLANK)
        self.sheet.set_column(column, column, _MARK_WIDTH)
        self.sheet.write_string(top, column, "核对（不打印）", look)
        if rows:
            first = xl_rowcol_to_cell(rows[0], column)
            wrong = {
                "type": "formula",
                "criteria": f'=LEFT({first},1)="✗"',
                "format": self.styles({"font_color": "#C00000"}),
            }
            self.sheet.conditional_format(rows[0], column, rows[-1], column, wrong)
