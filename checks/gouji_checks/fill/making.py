"""The plan that brings a workbook to a wanted content: rows put in, figures written."""

from collections import defaultdict
from decimal import Decimal

from gouji_checks.amount import COUNT, FEN, show
from gouji_checks.book import Book, Figures
from gouji_checks.complete import complete, derived, lay, to_figure
from gouji_checks.edit.references import Insert, Shift
from gouji_checks.fill.places import LinePlace, places_of
from gouji_checks.fill.plan import EMPTY_TABLE, FigureCell, LabelCell, Plan, RowNote, Target
from gouji_checks.fill.row_labels import RowWriting, writing_of
from gouji_checks.line_keys import official_name
from gouji_checks.relation import Catalogue
from gouji_checks.skeleton import PROJECT, UNIT, Row
from gouji_templates.content import Content, Line, line_of, name_index, sentence
from gouji_templates.form import LEVELS, Block


def content_of(book: Book) -> Content:
    """What a workbook's tables hold, unreadable figures blank."""
    lines: dict[str, list[Line]] = {}
    for name, figures in book.figures.items():
        width = len(figures.part.side.columns)
        lines[name] = []
        for number, row in enumerate(figures.part.rows):
            packed = figures.packed[number * width : (number + 1) * width]
            amounts = [to_figure(one // COUNT if one else None, book.form) for one in packed]
            lines[name].append(_line(figures.part.side.block, row)._replace(figures=tuple(amounts)))
    year = int(book.year) if book.year.isdigit() else book.form.year
    return Content(book.department, year, {}, lines, frozenset())


def _line(block: Block, row: Row) -> Line:
    """The row's texts, as the form prints them."""
    specs = {spec.id: spec.label for spec in block.specs}
    if row.key in specs and row.level != UNIT:
        return line_of(block, specs[row.key])
    return line_of(block, row.name, row.key if row.level in (*LEVELS, PROJECT) else "", row.project)


def plan(catalogue: Catalogue, book: Book, items: Content | None, target: Target) -> Plan:
    """How to bring a workbook to what its line items make of it, or, without any, to what its entered figures come
    to."""
    if items is None:
        steps = {name: figures.step for name, figures in book.figures.items()}
        wanted = complete(catalogue, content_of(book), steps)
    else:
        # A table that the line items leave empty has lines all the same: none.
        blocks = {block.name: items.lines.get(block.name, []) for block in catalogue.form.blocks}
        wanted = items._replace(lines=blocks)
    return _Maker(catalogue, book, wanted, target, from_items=items is not None).plan()


class _Maker:
    """A plan being made."""

    def __init__(self, catalogue: Catalogue, book: Book, wanted: Content, target: Target, *, from_items: bool) -> None:
        self.book = book
        self.wanted = wanted
        self.from_items = from_items
        steps = {name: figures.step for name, figures in book.figures.items()}
        self.laid = lay(catalogue, {name: wanted.lines[name] for name in book.figures}, steps)
        self.places: list[tuple[Figures, list[LinePlace]]] = []
        self.inserts: list[Insert] = []
        for name, figures in book.figures.items():
            places, inserts = places_of(figures, wanted.lines[name], target)
            self.places.append((figures, places))
            self.inserts += inserts
        self.labels: list[LabelCell] = []
        self.figures: list[FigureCell] = []
        self.added: list[RowNote] = []
        self.emptied: list[RowNote] = []
        self.replaced: set[tuple[str, int, int]] = set()
        """Unreadable cells (block, row, column) that get a figure."""

    def plan(self) -> Plan:
        """The plan, now that every row's place is known."""
        sheets = {home.sheet.name for home in self.book.tables.values()}
        shifts = {sheet: Shift(each for each in self.inserts if each.sheet == sheet) for sheet in sheets}
        new: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for sheet, shift in shifts.items():
            for line, insert in shift.new_lines():
                new[sheet, insert.before].append(line)
        for figures, places in self.places:
            name = figures.home.sheet.name
            writing = writing_of(figures.part, figures.home.sheet.rows)
            for place in places:
                line = new[name, place.line].pop(0) if place.new else shifts[name].line(place.line)
                self._row(figures, writing, place, line)
        self._sentences(shifts)
        return Plan(
            tuple(sorted(self.inserts, key=lambda insert: (insert.sheet, insert.before))),
            tuple(self.labels),
            tuple(self.figures),
            tuple(self.added),
            tuple(self.emptied),
            tuple(self._empty_tables().items()),
            self._notes(),
        )

    def _row(self, figures: Figures, writing: RowWriting, place: LinePlace, line: int) -> None:
        """The cells of a row, which is at `line` in the end."""
        part, sheet = figures.part, figures.home.sheet
        block, old = part.side.block, place.old
        cells = self._cells(figures, place, line)
        self.figures += cells
        if place.number is None:
            if old is not None and any(cell.changed for cell in cells):
                self.emptied.append(RowNote(sheet.name, line, part.rows[old].title))
            return
        wanted = self.wanted.lines[block.name][place.number]
        if old is None:
            self.added.append(RowNote(sheet.name, line, _title(block, wanted)))
        if old is None or not part.rows[old].name:
            taken = [] if old is None else sheet.rows[place.line]
            official = official_name(block, wanted)
            self.labels += [
                LabelCell(sheet.name, line, column, value, value == official)
                for column, value in writing.labels(wanted).items()
                if column >= len(taken) or taken[column] == ""
            ]

    def _cells(self, figures: Figures, place: LinePlace, line: int) -> list[FigureCell]:
        """The figure cells of one row."""
        side, home = figures.part.side, figures.home
        found: list[FigureCell] = []
        for index, column in enumerate(side.columns):
            if column is None:
                continue
            now, shown = _now(figures, place.old, index, column)
            fen, follows = self._amount(side.block, place.number, index)
            where = (side.block.name, place.old or 0, index)
            if place.old is not None and where in self.book.unreadable:
                # What can't be read and is not ours to compute stays as it is.
                changed = fen is not None
                self.replaced |= {where} if changed else set()
            else:
                # A zero that is printed may stay where a blank would do.
                changed = fen != now and not (fen is None and now == 0)
            value = None if fen is None else Decimal(fen) / FEN[home.unit]
            follows = follows or not (changed or self.from_items)
            found.append(FigureCell(home.sheet.name, line, column, value, shown, changed, follows))
        return found

    def _amount(self, block: Block, number: int | None, index: int) -> tuple[int | None, bool]:
        """What a cell is to hold, in 分, and whether a formula would give it; a formula gives nothing for a leaf."""
        row = None if number is None else self.laid.numbers[block.name][number]
        if row is None:
            return None, True
        cell = self.laid.derivation.system.cell(block.name, row, index)
        fen = self.laid.amounts[cell]
        return fen, fen == (derived(self.laid, cell) if cell in self.laid.derivation.sources else None)

    def _sentences(self, shifts: dict[str, Shift]) -> None:
        """Take away the empty-table sentences that a table with figures must not have."""
        empty = self._empty_tables()
        for home in self.book.tables.values():
            sheet = home.sheet
            for line, _ in home.skeleton.sentences if not empty.get(sheet.name, "-") else ():
                self.labels += [
                    LabelCell(sheet.name, shifts[sheet.name].line(line), column, "", follows=True)
                    for column, cell in enumerate(sheet.rows[line])
                    if isinstance(cell, str) and EMPTY_TABLE in cell
                ]

    def _empty_tables(self) -> dict[str, str]:
        """What each sheet whose table may be empty is to say."""
        full = {cell.sheet for cell in self.figures if cell.value}
        return {
            home.sheet.name: "" if home.sheet.name in full else sentence(self.wanted, home.table)
            for home in self.book.tables.values()
            if home.table.empty
        }

    def _notes(self) -> tuple[str, ...]:
        notes = [
            f"没有找到{table.id}“{table.title}”，这张表没有填"
            for table in self.book.form.tables
            if table.id not in self.book.tables
        ]
        for name, row, index in sorted(self.book.unreadable - self.replaced):
            figures = self.book.figures[name]
            address = figures.address(row, index)
            _, shown = _now(figures, row, index, address.column)
            if shown:
                notes.append(f"{address} 的“{shown}”不是数字，没有改动，也没有计入合计")
            else:
                notes.append(f"{address} 的公式没有计算结果，没有计入合计；请先用 Excel 或 WPS 打开保存一次")
        return tuple(notes)


def _now(figures: Figures, old: int | None, index: int, column: int) -> tuple[int | None, str]:
    """A cell's amount in 分 and how it reads."""
    if old is None:
        return None, ""
    packed = figures.packed[old * len(figures.part.side.columns) + index]
    if not packed:
        return None, str(figures.home.sheet.rows[figures.part.rows[old].line][column]).strip()
    if figures.home.unit == "万元":
        return packed // COUNT, show(packed // COUNT)
    return packed // COUNT, f"{Decimal(packed // COUNT) / FEN[figures.home.unit]:f}"


def _title(block: Block, line: Line) -> str:
    name = name_index(block)
    return " ".join(filter(None, ("".join(line.labels[:name]), *line.labels[name:])))
