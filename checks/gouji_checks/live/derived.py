"""The formulas of derived cells: sums across, sums down, roll-ups, and what other tables supply."""

from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name, xl_range, xl_rowcol_to_cell

from gouji_checks.formula import Term
from gouji_checks.live.wording import TOTAL_KEY, amount, key_of, keys_of, parents_of, printed, signed, values_of
from gouji_checks.relation import Catalogue, Relation
from gouji_templates.form import CODED, Block
from gouji_templates.live import Spot
from gouji_templates.wording import quoted


class _Fills(NamedTuple):
    """The relations that define cells: by row and column, by row alone (每栏), by column alone (每行 and the like)."""

    cells: dict[tuple[str, str, int], Relation]
    rows: dict[tuple[str, str], Relation]
    columns: dict[tuple[str, int], list[Relation]]


@lru_cache(maxsize=8)
def _fills(catalogue: Catalogue) -> _Fills:
    found = _Fills({}, {}, {})
    for relation in catalogue.relations:
        if not relation.fills:
            continue
        left = relation.formula.left[0]
        if left.row[:1] == "每":
            if left.column is not None:
                found.columns.setdefault((left.block.name, left.column), []).append(relation)
        elif left.column is None:
            found.rows[left.block.name, left.row] = relation
        else:
            found.cells[left.block.name, left.row, left.column] = relation
    return found


def formula(catalogue: Catalogue, spot: Spot) -> str:
    """The formula of a figure's cell; nothing for one that is entered whatever its row.

    Where a derived row crosses a derived column, the sum across defines the cell. An open row's figure shows the
    roll-up as soon as other rows' codes lie under its own, and nothing before: the formula is there to be typed over.
    """
    block, decimals = spot.block, catalogue.form.decimals
    across = block.columns[spot.column].sum
    if across:
        cells = [(spot.row, spot.left + column) for name in across if (column := block.column(name)) is not None]
        return _sum(cells, decimals)
    fills = _fills(catalogue)
    if spot.id and not _rolls_up(block):
        down = fills.rows.get((block.name, spot.id))
        if down:
            return _sum([(spot.rows[term.row], spot.left + spot.column) for term in down.formula.right], decimals)
        relation = fills.cells.get((block.name, spot.id, spot.column)) or next(
            iter(_by_key(catalogue, spot, spot.id)), None
        )
        return f"={_supplied(spot, relation, key_of(block, spot.id), decimals)}" if relation else ""
    if not _rolls_up(block) or (block.kind == "items" and not spot.id):
        return ""
    key = _own(spot, keys_of(block, by_row=True))
    if spot.id:
        total = quoted(TOTAL_KEY) if block.kind != "projects" else key
        return f"={_roll_up(spot, total, decimals)}"
    supplied = next(iter(_by_key(catalogue, spot, "")), None)
    leaf = _supplied(spot, supplied, key, decimals) if supplied else '""'
    whole = f"IF(COUNTIF({parents_of(block)},{key})=0,{leaf},{_roll_up(spot, key, decimals)})"
    return f'=IF(LEN({key})<2,"",{whole})'


def _rolls_up(block: Block) -> bool:
    return block.kind in CODED or block.kind == "items"


def _by_key(catalogue: Catalogue, spot: Spot, id: str) -> list[Relation]:
    """The relations that supply this column row by row; the total of known rows is no such row."""
    if spot.block.total and id == spot.block.total.id:
        return []
    found = _fills(catalogue).columns.get((spot.block.name, spot.column), [])
    return [relation for relation in found if relation.formula.left[0].column == spot.column]


def _sum(cells: list[tuple[int, int]], decimals: int) -> str:
    """The sum of these cells as printed, nothing where none is; neighbours are written as ranges."""
    areas = ",".join(_areas(cells))
    return f'=IF(COUNT({areas})=0,"",ROUND(SUM({areas}),{decimals}))'


def _areas(cells: list[tuple[int, int]]) -> list[str]:
    """The cells as references, runs along a row or down a column as one."""
    areas: list[str] = []
    for along in (1, 0):
        fixed = 1 - along
        if len({cell[fixed] for cell in cells}) > 1:
            continue
        for _, run in groupby(enumerate(sorted(cells)), key=lambda item: item[1][along] - item[0]):
            found = [cell for _, cell in run]
            first, last = found[0], found[-1]
            areas.append(xl_range(*first, *last) if first != last else xl_rowcol_to_cell(*first))
        return areas
    return [xl_rowcol_to_cell(*cell) for cell in sorted(cells)]


def _supplied(spot: Spot, relation: Relation, key: str, decimals: int) -> str:
    """What the relation's right side comes to, nothing where no figure is printed there."""
    counts, amounts = [], []
    for term in relation.formula.right:
        if term.block is spot.block:
            # A lookup over the cell's own column would go round in a circle.
            assert term.column is not None
            own = xl_rowcol_to_cell(spot.rows[term.row], spot.left + term.column)
            counts.append((1, f"COUNT({own})"))
            amounts.append((term.sign, f"N({own})"))
        else:
            where = (keys_of(term.block), _key(term, key), values_of(term))
            counts.append((1, printed(*where)))
            amounts.append((term.sign, amount(*where)))
    return f'IF({signed(counts)}=0,"",ROUND({signed(amounts)},{decimals}))'


def _key(term: Term, own: str) -> str:
    return own if term.row[:1] == "每" else key_of(term.block, term.row)


def _own(spot: Spot, keys: str) -> str:
    """The key of the row that the formula stands in."""
    return f"INDEX({keys},{_place(spot)})"


def _place(spot: Spot) -> str:
    """Which of the rows that the names reach over this one is, counted from 1."""
    top = xl_rowcol_to_cell(spot.top, spot.left + spot.column, row_abs=True)
    return f"ROW()-ROW({top})+1"


def _roll_up(spot: Spot, key: str, decimals: int) -> str:
    """The sum of the rows below that roll up into this one.

    Only rows below: a sum over the whole column would contain itself. The range begins at ROW()+1 rather than at the
    next cell, so that a row inserted right below this one is inside.
    """
    column = xl_col_to_name(spot.left + spot.column)
    top = xl_rowcol_to_cell(spot.top, spot.left + spot.column, row_abs=True)
    parents = parents_of(spot.block)
    below = f"INDEX({parents},{_place(spot)}+1):INDEX({parents},{spot.reach})"
    values = f"INDEX({column}:{column},ROW()+1):INDEX({column}:{column},ROW({top})+{spot.reach - 1})"
    return f'IF({printed(below, key, values)}=0,"",ROUND({amount(below, key, values)},{decimals}))'
