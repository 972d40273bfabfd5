"""The figures of a workbook from which all others follow, row by row, as they are added up over departments."""

from collections.abc import Iterator
from typing import NamedTuple

from gouji_checks.amount import COUNT
from gouji_checks.book import Book, Figures
from gouji_checks.skeleton import PROJECT, TOTAL, Row
from gouji_templates import classification
from gouji_templates.form import CODED, Block, Form
from gouji_templates.wording import fold

OTHER_ITEM = "其他结转结余"
"""The row for carried-over money that departments list under names of their own."""

Amounts = list[int | None]
"""分 for each column of a block, None where blank."""

Rows = dict[str, Amounts]
"""By the code, the id of the row or the name of the item."""


class Leaves(NamedTuple):
    """A department's entered figures by block; `names` are those of codes that the official lists lack, `shallow` the
    rows that cannot be added up with others, because they stop above the last level."""

    parts: dict[str, Rows]
    names: dict[str, str]
    shallow: list[str]


def leaves_of(book: Book) -> Leaves:
    """What is added up of a workbook; figures that nobody can read count as blank."""
    leaves = Leaves({}, {}, [])
    for name, figures in book.figures.items():
        block = figures.part.side.block
        if block.derived:
            continue
        entered = [not (column.sum or column.derived) for column in block.columns]
        rows: Rows = {}
        for key, row, amounts in _rows(figures, book.form):
            kept = [amount if typed else None for amount, typed in zip(amounts, entered, strict=True)]
            # A row without entered figures says nothing that others do not.
            if any(amount is not None for amount in kept):
                if block.kind in CODED and len(key) < CODED[block.kind][-1]:
                    leaves.shallow.append(f"{block.table}“{row.title}”")
                rows[key] = added(rows[key], kept) if key in rows else kept
        if rows:
            leaves.parts[name] = rows
        leaves.names.update(_unlisted(block, figures.part.rows))
    return leaves


def added(one: Amounts, other: Amounts) -> Amounts:
    """The sums; of two blanks a blank."""
    return [b if a is None else a if b is None else a + b for a, b in zip(one, other, strict=True)]


def _rows(figures: Figures, form: Form) -> Iterator[tuple[str, Row, Amounts]]:
    """The rows that others are added up from, by the key under which departments have them in common."""
    part = figures.part
    block = part.side.block
    width = len(block.columns)
    sums = {spec.id for spec in block.specs if spec.sum or spec.derived}
    codes = {row.key for row in part.rows}
    above = {code[:length] for code in codes for length in CODED.get(block.kind, ()) if length < len(code)}
    items = {fold(kind.item): kind.item for kind in form.spending if kind.item}
    for number, row in enumerate(part.rows):
        key = row.key
        if block.kind in CODED:
            leaf = key[:1].isdigit() and (row.level == PROJECT or key not in above)
        elif block.kind == "items":
            leaf = row.level != TOTAL and (block.total is None or key != block.total.id)
            key = items.get(fold(key), OTHER_ITEM)
        else:
            leaf = key not in sums
        if leaf:
            packed = figures.packed[number * width : (number + 1) * width]
            yield key, row, [one // COUNT if one else None for one in packed]


def _unlisted(block: Block, rows: tuple[Row, ...]) -> dict[str, str]:
    if block.kind not in CODED:
        return {}
    known = classification.load(block.classification or "")
    return {row.key: row.name for row in rows if row.key[:1].isdigit() and row.key not in known and row.name}
