"""Two engines, one verdict: what LibreOffice makes of a workbook's own formulas against what the checks make of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from gouji_checks.amount import COUNT
from gouji_checks.book import Book, Odd, read_book
from gouji_checks.complete import derivation_of
from gouji_checks.evaluate import Evaluation, evaluate, fill_in
from gouji_checks.live.summary import results
from gouji_checks.relation import Catalogue
from gouji_checks.rules.figures import unreadable
from gouji_checks.rules.rule import run
from gouji_checks.rules.workbook import stray_row
from gouji_checks.source import Rows, Workbook
from gouji_checks.system import System
from gouji_templates.content import RELATIONS
from gouji_templates.form import CODED
from gouji_templates.results import AGREED, FAILED, IDLE
from tests.mutate import Mutation
from tests.office import Document, Office

_TEXTS = {"text", "unreadable", "error"}
"""The kinds of oddities that no formula counts as a number."""

Cells = set[tuple[int, int]]


class Recalculated(NamedTuple):
    """A workbook as LibreOffice shows it, and by sheet the cells (row, column) that hold formulas."""

    workbook: Workbook
    computed: Mapping[str, Cells]


def shown_by(document: Document) -> Recalculated:
    """What the document shows now."""
    return Recalculated(document.workbook(), document.computed())


def after_each(
    offices: Iterable[Office], path: Path, mutations: Iterable[Mutation]
) -> list[tuple[Mutation, Recalculated]]:
    """What the workbook shows after each mutation, each made from the workbook as it is; the offices share the work."""
    documents: SimpleQueue[Document] = SimpleQueue()
    opened = [office.open(path) for office in offices]
    for document in opened:
        documents.put(document)

    def make(mutation: Mutation) -> tuple[Mutation, Recalculated]:
        document = documents.get()
        try:
            document.apply(mutation.edits)
            shown = shown_by(document)
            document.revert()
        finally:
            documents.put(document)
        return mutation, shown

    with ThreadPoolExecutor(len(opened)) as pool:
        return list(pool.map(make, mutations))


def disagreements(shown: Recalculated, catalogue: Catalogue) -> list[str]:
    """Every derived figure and every relation's result on which the two engines differ, in words."""
    book = read_book(shown.workbook, catalogue.form)
    return [*derived_figures(book, catalogue, shown.computed), *relation_results(book, catalogue)]


def derived_figures(book: Book, catalogue: Catalogue, computed: Mapping[str, Cells]) -> list[str]:
    """The cells with formulas that show something else than what their sources as shown come to.

    Where every one agrees with its sources, all agree with what follows from the entered figures. A formula in a
    leaf's row shows nothing. Two limits are the template's own: a roll-up adds only rows below it, and where rows
    share a code nobody can say which of them sums up the others. There the relations must show what is wrong.
    """
    shape = tuple((name, figures.part.keys, figures.part.present) for name, figures in book.figures.items())
    derivation = derivation_of(catalogue, shape)
    system = derivation.system
    amounts = [packed // COUNT if packed else None for packed in fill_in(system, book)]
    for odd in book.odd:
        if odd.oddity.kind in _TEXTS:
            amounts[system.cell(odd.block.name, odd.row, odd.column)] = None
    found: list[str] = []
    for name, figures in book.figures.items():
        keys = Counter(figures.part.keys)
        for row, column in product(range(len(figures.part.rows)), range(len(figures.part.side.columns))):
            address = figures.address(row, column)
            if (address.row, address.column) not in computed[address.sheet]:
                continue
            block, cell = figures.part.side.block, system.cell(name, row, column)
            if across := block.columns[column].sum:
                parts = [place for part in across if (place := block.column(part)) is not None]
                sources = [(system.cell(name, row, place), 1) for place in parts]
            elif block.kind != "projects" and keys[figures.part.keys[row]] > 1:
                continue
            else:
                sources = [s for s in derivation.sources.get(cell, ()) if not _stands_above(system, s[0], cell)]
            printed = [sign * amount for source, sign in sources if (amount := amounts[source]) is not None]
            wanted = _rounded(sum(printed), figures.step) if printed else None
            if (name, row, column) in book.unreadable or amounts[cell] != wanted:
                shown = figures.home.sheet.rows[address.row][address.column]
                found.append(f"{address} shows {shown!r}, its sources come to {wanted} 分")
    return found


def relation_results(book: Book, catalogue: Catalogue) -> list[str]:
    """The relations that the sheet 勾稽关系 ends otherwise than the checks.

    A formula takes a text for nothing, where a check reads a number in it or leaves the relation 未核验. The sheet says
    that there are texts, on a line of its own; relations over such cells are the only ones that may end differently.
    """
    (sheet,) = (sheet for sheet in book.workbook.sheets if sheet.name == RELATIONS)
    shown = _results_on(sheet.rows)
    evaluation = evaluate(catalogue, book)
    wanted = results(evaluation)
    texts = {odd for odd in book.odd if odd.oddity.kind in _TEXTS}
    strays = any(finding.severity == "error" for finding in run(stray_row, book))
    fine = AGREED if any(evaluation.vector) else IDLE
    wanted |= {unreadable.id: FAILED if texts else fine, stray_row.id: FAILED if strays else fine}
    assert shown.keys() == wanted.keys()
    excused = _over(texts, evaluation)
    return [
        f"{id}: the sheet says {shown[id]}, the check {end}"
        for id, end in wanted.items()
        if shown[id] != end and id not in excused
    ]


def _over(odd: Iterable[Odd], evaluation: Evaluation) -> set[str]:
    """The relations that look at any of these figures."""
    system = evaluation.system
    cells = [system.cell(one.block.name, one.row, one.column) for one in odd]
    numbers = {number for cell in cells for number, _ in system.touching[cell]}
    numbers |= {number for cell in cells for number in system.guarding.get(cell, ())}
    return {system.constraints[number].relation.id for number in numbers}


def _stands_above(system: System, source: int, cell: int) -> bool:
    """Whether a source stands above the row of the same open table that adds it up."""
    (layout, row, _), (other, other_row, _) = system.place(source), system.place(cell)
    return layout is other and layout.block.kind in (*CODED, "items") and row < other_row


def _rounded(fen: int, step: int) -> int:
    """To the last printed digit, a half away from zero."""
    size = (2 * abs(fen) + step) // (2 * step) * step
    return size if fen >= 0 else -size


def _results_on(rows: Rows) -> dict[str, object]:
    """The results on the sheet 勾稽关系, by the relations' ids."""
    heading = next(number for number, row in enumerate(rows) if "编号" in row)
    id, result = rows[heading].index("编号"), rows[heading].index("结果")
    return {str(row[id]): row[result] for row in rows[heading + 1 :] if row[result] != ""}
