"""What was done to the formulas of a template that has come back, held against a fresh build of the same template."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from gouji_checks.book import Book, Figures
from gouji_checks.cell_formulas import SheetFormulas, Written, shape, written
from gouji_checks.evaluate import Evaluation
from gouji_checks.finding import Address
from gouji_checks.refusal import Refusal
from gouji_checks.relation import Catalogue
from gouji_checks.skeleton import TOTAL, Row
from gouji_checks.source import Workbook, read_package
from gouji_templates.content import CHECKING_SHEETS, FORMULAS, blank, is_total, name_index
from gouji_templates.form import CODED, Block
from gouji_templates.formula_digest import digest
from gouji_templates.layout import lay_out, line_rows

TYPED, OTHER = "typed", "other"


class AlteredCell(NamedTuple):
    """A derived cell without its formula: `kind` is typed (a value or nothing stands there) or other (a formula that
    is not the template's); `right` if the figure there is what the formula would give, rounding aside."""

    cell: str
    kind: str
    right: bool


def _formulas(workbook: Workbook, sheet: str) -> SheetFormulas | None:
    """The formulas of a sheet, None where it is missing or damaged."""
    if workbook.xml is None:
        return None
    try:
        return SheetFormulas(workbook.xml(sheet))
    except Refusal:
        return None


def changed_cells(book: Book, evaluation: Evaluation) -> Iterator[AlteredCell]:
    """Every derived cell of the tables whose formula is gone or another, table by table."""
    wrong = _wrong(evaluation)
    for home in book.tables.values():
        formulas = _formulas(book.workbook, home.sheet.name)
        for block in home.table.blocks:
            if formulas:
                yield from _changed(book.figures[block.name], formulas, evaluation, wrong)


def _wrong(evaluation: Evaluation) -> set[int]:
    """Derived cells that are not what they are derived from, by more than rounding."""
    constraints = evaluation.system.constraints
    return {
        constraints[outcome.number].left[0]
        for outcome in evaluation.outcomes
        if outcome.failed and constraints[outcome.number].relation.fills and constraints[outcome.number].left
    }


def _changed(
    figures: Figures, formulas: SheetFormulas, evaluation: Evaluation, wrong: set[int]
) -> Iterator[AlteredCell]:
    block, system = figures.part.side.block, evaluation.system
    template = _template(system.catalogue, block)
    real = len(figures.part.rows)
    parents = {up for (name, row), up in system.parent.items() if name == block.name and row < real}
    for number, row in enumerate(figures.part.rows):
        leaf = block.kind in CODED and row.level != TOTAL and number not in parents
        wanted = template.get(_key(block, row), ())
        for index, (column, place, formula) in enumerate(
            zip(block.columns, figures.part.side.columns, wanted, strict=False)
        ):
            # Over the formulas of a leaf the department types its figures.
            if place is None or not formula or (leaf and not (column.sum or column.derived)):
                continue
            there = formulas.shape((row.line, place))
            if there != formula:
                cell = str(Address(figures.home.sheet.name, row.line, place))
                right = system.cell(block.name, number, index) not in wrong
                yield AlteredCell(cell, TYPED if there is None else OTHER, right)


@lru_cache(maxsize=64)
def _template(catalogue: Catalogue, block: Block) -> dict[str, tuple[str, ...]]:
    """The shapes of the formulas in a line of the template as it is given out, "" for a figure without: by the line's
    id, for the total, and under "" for a line of the department's own."""
    from gouji_checks.live.derived import formula
    from gouji_templates.live import Spot
    from gouji_templates.names import reach_of

    content = blank(catalogue.form)
    table = next(table for table in catalogue.form.tables if table.id == block.table)
    layout, reach = lay_out(table), reach_of(table, content)
    ids = {spec.label: spec.id for spec in block.specs}
    found: dict[str, tuple[str, ...]] = {}
    rows = line_rows(layout, content.lines)[block.name]
    lines = [ids.get(line.labels[name_index(block)], "") for line in content.lines[block.name]]
    known = {id: row for id, row in zip(lines, rows, strict=True) if id}
    for id, row, line in zip(lines, rows, content.lines[block.name], strict=True):
        spots = (
            Spot(block, id, index, row, layout.figure_column(block), layout.first_row - 1, known, reach)
            for index in range(len(block.columns))
        )
        key = TOTAL if is_total(block, line) else id
        if key not in found:
            found[key] = tuple(shape(formula(catalogue, spot)) for spot in spots)
    return found


def _key(block: Block, row: Row) -> str:
    if row.level == TOTAL and (not block.rows or (block.total is not None and row.key == block.total.id)):
        return TOTAL
    return row.key if block.rows else ""


class SheetChange(NamedTuple):
    """A checking sheet that is gone or unreadable, or its cells whose formulas are not the template's."""

    sheet: str
    cells: tuple[str, ...]


def changed_sheets(book: Book, catalogue: Catalogue) -> Iterator[SheetChange]:
    """The sheets of the template that check, where they are not as they were given out."""
    stamped = dict(book.workbook.properties).get(FORMULAS)
    if stamped and stamped == digest(_written(book.workbook)):
        return
    for sheet, template in _checking(catalogue).items():
        formulas = _formulas(book.workbook, sheet)
        if formulas is None:
            yield SheetChange(sheet, ())
            continue
        places = sorted(place for place in template if formulas.shape(place) != template.shape(place))
        if places:
            yield SheetChange(sheet, tuple(str(Address(sheet, *place)) for place in places))


@lru_cache(maxsize=4)
def _checking(catalogue: Catalogue) -> Mapping[str, SheetFormulas]:
    """The formulas of the sheets that check in the template as it is given out; building it takes far longer than
    checking a workbook, so that this comes only after the digests differ."""
    from gouji_checks.live.template import build

    fresh = read_package(build(catalogue, blank(catalogue.form)))
    return {name: formulas for name in CHECKING_SHEETS if (formulas := _formulas(fresh, name))}


def _written(workbook: Workbook) -> Iterator[tuple[str, list[Written]]]:
    for sheet in workbook.sheets:
        if workbook.xml is not None and sheet.name in CHECKING_SHEETS:
            try:
                yield sheet.name, written(workbook.xml(sheet.name))
            except Refusal:
                yield sheet.name, []
