"""Beside each line of a coded table: which relations fail there."""

from collections.abc import Mapping, Sequence

from xlsxwriter.utility import xl_rowcol_to_cell

from gouji_checks.book import Book
from gouji_checks.evaluate import Evaluation
from gouji_checks.live.grid import Grid
from gouji_checks.live.instances import Strip
from gouji_checks.live.rows import SUBJECTS
from gouji_checks.live.wording import NO_ROW, keys_of
from gouji_checks.relation import Catalogue
from gouji_templates.form import CODED, Block
from gouji_templates.names import name_of
from gouji_templates.results import FAILED
from gouji_templates.wording import quoted

TIES, FAILS = "✓", "✗ "
_NO_CODE = "✗ 编码"


def write_marks(
    grid: Grid, catalogue: Catalogue, strips: Mapping[str, Sequence[Strip]], cells: Mapping[str, str]
) -> None:
    """Adds for each coded table the relations that fail in its rows, named 表5_标记, in the order of its keys."""
    for block in catalogue.form.blocks:
        if not is_marked(block):
            continue
        keys = SUBJECTS if block.kind == "functional" else keys_of(block, by_row=True)
        about = [
            (relation.id, [strip for strip in strips.get(relation.id, ()) if strip.keys == keys])
            for relation in catalogue.relations
            if any(term.block is block for term in (*relation.formula.left, *relation.formula.right))
        ]
        about = [(id, found) for id, found in about if found]
        parts = [
            f'IF(COUNTIF({found[0].outcomes.cell}:{found[-1].outcomes.cell},{quoted(FAILED)})>0,"{id} ","")'
            for id, found in about
        ]
        text = f'IF(LEN({cells[keys]})<2,"",{"&".join(parts)})'
        grid.add(f"{block.name} 标记", about[0][1][0].outcomes.length, text, name_of(block, "标记"))


def is_marked(block: Block) -> bool:
    """Whether a table's rows are marked: those whose number is not known beforehand."""
    return block.kind in CODED


def mark_formula(block: Block, top: int) -> str:
    """The formula beside this line; nothing for a block without marks."""
    if not is_marked(block):
        return ""
    place = f"ROW()-ROW({xl_rowcol_to_cell(top, 0, row_abs=True, col_abs=True)})+1"
    by_row = block.kind == "projects"
    key = f"INDEX({keys_of(block, by_row)},{place})"
    marks = name_of(block, "标记")
    found = f"INDEX({marks},MATCH({key},{SUBJECTS},0))" if block.kind == "functional" else f"INDEX({marks},{place})"
    first, last = name_of(block, block.columns[0].name), name_of(block, block.columns[-1].name)
    figures = f"COUNT(INDEX({first},{place}):INDEX({last},{place}))"
    stray = f'IF({figures}>0,{quoted(_NO_CODE)},"")'
    shown = f'IF({found}="",IF({figures}>0,{quoted(TIES)},""),{quoted(FAILS)}&TRIM({found}))'
    return f'=IF(OR({key}={NO_ROW},{key}=""),{stray},{shown})'


def marks_of(book: Book, evaluation: Evaluation) -> dict[tuple[str, int], str]:
    """What the marks come to for a workbook, by block and row of the sheet."""
    system = evaluation.system
    failing: dict[tuple[str, int], list[str]] = {}
    for outcome in evaluation.outcomes:
        constraint = system.constraints[outcome.number]
        if not outcome.failed or not constraint.relation.formula.each:
            continue
        cells = (
            constraint.left if constraint.relation.formula.each == "每上级" else (*constraint.left, *constraint.right)
        )
        for cell in cells:
            layout, row, _ = system.place(cell % system.size)
            if row < layout.real:
                ids = failing.setdefault((layout.block.name, row), [])
                ids += [constraint.relation.id] if constraint.relation.id not in ids else []
    found: dict[tuple[str, int], str] = {}
    for name, figures in book.figures.items():
        width = len(figures.part.side.columns)
        for number, line in enumerate(row.line for row in figures.part.rows):
            if (name, number) in failing:
                found[name, line] = FAILS + " ".join(failing[name, number])
            elif any(figures.packed[number * width : (number + 1) * width]):
                found[name, line] = TIES
    return found
