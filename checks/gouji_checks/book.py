"""The figures of a workbook that could be read, by table, row and column, each with its address."""

from typing import NamedTuple

from gouji_checks.amount import COUNT, FEN, Oddity, pack, read, step
from gouji_checks.finding import Address
from gouji_checks.headings import HEAD_ROWS, Head, Match, read_head
from gouji_checks.skeleton import Part, Skeleton, read_skeleton
from gouji_checks.source import Sheet, Workbook
from gouji_checks.titles import speaks_of
from gouji_templates.content import OTHER_SHEETS
from gouji_templates.form import Block, Form, Table
from gouji_templates.wording import fold

# There is one empty text, and identity is quicker to see than equality; another one would only take the longer way.
_EMPTY = ""


class Odd(NamedTuple):
    """A figure cell with something unusual about it."""

    block: Block
    row: int
    column: int
    oddity: Oddity


class TableSheet(NamedTuple):
    """A table found in the workbook; `unit` is what its figures are written in, said by the sheet or not."""

    table: Table
    sheet: Sheet
    skeleton: Skeleton
    unit: str


class Figures(NamedTuple):
    """A block's amounts, row by row, packed (see amount.COUNT); `step` is their last printed digit in 分."""

    part: Part
    home: TableSheet
    packed: list[int]
    step: int

    def address(self, row: int, column: int) -> Address:
        """Where a figure stands: row and column count from 0 within the block."""
        place = self.part.side.columns[column]
        return Address(self.home.sheet.name, self.part.rows[row].line, 0 if place is None else place)


class Book(NamedTuple):
    """A workbook read against a form."""

    form: Form
    workbook: Workbook
    tables: dict[str, TableSheet]
    figures: dict[str, Figures]
    odd: tuple[Odd, ...]
    unreadable: frozenset[tuple[str, int, int]]
    """Figure cells (block, row, column) that leave all arithmetic."""
    broken: tuple[tuple[str, str], ...]
    """Tables whose title is there but whose headings are not: (table, sheet)."""
    repeated: tuple[tuple[str, str], ...]
    """Further sheets that hold a table already found: (table, sheet)."""
    others: tuple[Sheet, ...]
    """Sheets that hold no table of the form."""
    info: dict[str, object]
    department: str
    year: str


class _Found(NamedTuple):
    sheet: Sheet
    head: Head
    match: Match
    score: float


def read_book(workbook: Workbook, form: Form) -> Book:
    """Find the form's tables in a workbook and read their figures."""
    found: dict[str, _Found] = {}
    broken: list[tuple[str, str]] = []
    repeated: list[tuple[str, str]] = []
    others: list[Sheet] = []
    info: dict[str, object] = {}
    for sheet in workbook.sheets:
        if sheet.name == form.info_sheet:
            info = _info(sheet)
            continue
        if sheet.name in OTHER_SHEETS:
            others.append(sheet)
            continue
        head = read_head(sheet.rows, form)
        named = speaks_of(form, sheet.name, head.lines)
        best: _Found | None = None
        table = ""
        for id, result in head.matches.items():
            score = result.score + named.get(id, 0.0)
            if score >= 0.85 and (best is None or score > best.score):
                best, table = _Found(sheet, head, result, score), id
        if best is None:
            sure = [id for id, weight in named.items() if weight >= 1]
            if sure and any(cell != "" for row in sheet.rows for cell in row):
                broken.append((sure[0], sheet.name))
            else:
                others.append(sheet)
        elif table not in found:
            found[table] = best
        else:
            loser, keep = sorted((found[table], best), key=lambda item: item.score)
            found[table] = keep
            repeated.append((table, loser.sheet.name))
    return _assemble(workbook, form, found, broken, repeated, others, info)


def _assemble(
    workbook: Workbook,
    form: Form,
    found: dict[str, _Found],
    broken: list[tuple[str, str]],
    repeated: list[tuple[str, str]],
    others: list[Sheet],
    info: dict[str, object],
) -> Book:
    tables: dict[str, TableSheet] = {}
    figures: dict[str, Figures] = {}
    odd: list[Odd] = []
    unreadable: set[tuple[str, int, int]] = set()
    for table in form.tables:
        place = found.get(table.id)
        if place is None:
            continue
        skeleton = read_skeleton(table, place.sheet.name, place.head, place.match.sides, place.sheet.rows)
        home = TableSheet(table, place.sheet, skeleton, skeleton.unit or form.unit)
        tables[table.id] = home
        for part in skeleton.parts:
            figures[part.side.block.name] = _figures(part, home, form, odd, unreadable)
    departments = [name for home in tables.values() if (name := home.skeleton.department)]
    department = str(info.get("部门名称") or "") or (max(departments, key=departments.count) if departments else "")
    return Book(
        form,
        workbook,
        tables,
        figures,
        tuple(odd),
        frozenset(unreadable),
        tuple((table, sheet) for table, sheet in broken if table not in tables),
        tuple(repeated),
        tuple(others),
        info,
        department,
        _book_year(info, tables),
    )


def _figures(
    part: Part, home: TableSheet, form: Form, odd: list[Odd], unreadable: set[tuple[str, int, int]]
) -> Figures:
    """Read a block's figures; the ordinary cell, a float with no more decimals than are printed, is read right here."""
    side = part.side
    grid = home.sheet.rows
    columns = side.columns
    uncalculated = home.sheet.uncalculated
    per_unit, grain = FEN[home.unit], step(home.unit, form.decimals)
    # The columns usually stand side by side: then a row's figures are one slice.
    first = columns[0] or 0
    run = slice(first, first + len(columns)) if columns == tuple(range(first, first + len(columns))) else None
    packed: list[int] = []
    add = packed.append
    blank = [0] * len(columns)
    for number, row in enumerate(part.rows):
        cells = grid[row.line]
        values = cells[run] if run else [cells[place] if place is not None else "" for place in columns]
        if values.count("") == len(values) and not uncalculated:
            packed += blank
            continue
        for value in values:
            if value is _EMPTY and not uncalculated:
                add(0)
                continue
            if type(value) is float and 0 <= value < 1e9:
                exact = value * per_unit
                fen = round(exact)
                if fen % grain == 0 and -0.01 < exact - fen < 0.01:
                    add(fen * COUNT + 1)
                    continue
            column = len(packed) - number * len(columns)
            place = (side.block.name, number, column)
            amount, oddity = read(value, home.unit, form.decimals)
            add(pack(amount))
            if oddity is not None:
                odd.append(Odd(side.block, number, column, oddity))
            if amount is None and (oddity is not None or (row.line, columns[column]) in uncalculated):
                unreadable.add(place)
    return Figures(part, home, packed, _grain(packed, grain, form))


def _grain(packed: list[int], grain: int, form: Form) -> int:
    """The last digit figures were rounded to: that of the form's unit where a sheet in another unit (元) holds
    nothing finer, as when figures rounded in 万元 were multiplied."""
    usual = step(form.unit, form.decimals)
    if grain < usual and not any(one // COUNT % usual for one in packed):
        return usual
    return grain


def _info(sheet: Sheet) -> dict[str, object]:
    """The 基本信息 sheet: in each row the first text is a label, the cell to its right the value."""
    values: dict[str, object] = {}
    for row in sheet.rows:
        place = next((i for i, cell in enumerate(row) if cell not in ("", None)), len(row))
        if place + 1 < len(row) and isinstance(row[place], str) and row[place + 1] not in ("", None):
            value = row[place + 1]
            values[fold(str(row[place]))] = fold(value) if isinstance(value, str) else value
    return values


def _book_year(info: dict[str, object], tables: dict[str, TableSheet]) -> str:
    stated = info.get("预算年度")
    if isinstance(stated, float) and stated.is_integer():
        return str(int(stated))
    if stated:
        return str(stated).removesuffix("年")
    years = [year for home in tables.values() for _, year in home.skeleton.years]
    return max(years, key=years.count) if years else ""


def label_cell(book: Book, field: str) -> str:
    """The cell of the first sheet beside this label; nothing where it has no such line."""
    rows = next((sheet.rows for sheet in book.workbook.sheets if sheet.name == book.form.info_sheet), [])
    for number, row in enumerate(rows):
        if field in row[:-1]:
            return str(Address(book.form.info_sheet, number, row.index(field) + 1))
    return ""


def refusal_of(book: Book, form: Form) -> str:
    """Why a workbook is not one we can check: it is another form, said by name, or holds none of our tables."""
    if len(book.tables) == len(form.tables):
        return ""
    titles = {
        fold(cell) for sheet in book.workbook.sheets for row in sheet.rows[:8] for cell in row if isinstance(cell, str)
    }
    for other in form.other_forms:
        shown = sum(any(title.endswith(fold(wanted)) for title in titles) for wanted in other.titles)
        lacks = not any(title.endswith(fold(other.without)) for title in titles) if other.without else True
        if shown >= min(2, len(other.titles)) and lacks:
            return f"这是“{other.name}”，不是“{form.title}”，请换成本年表样后再核对"
    return "" if book.tables else f"没有找到“{form.title}”中的任何一张表，请核对文件是否选错"


def spelled_department(book: Book) -> str:
    """The department as it is spelled, where a cell near a sheet's top holds nothing else; else as it is folded."""
    cells = (cell for sheet in book.workbook.sheets for row in sheet.rows[:HEAD_ROWS] for cell in row)
    return next((cell for cell in cells if isinstance(cell, str) and fold(cell) == book.department), book.department)
