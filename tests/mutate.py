"""Random edits of a disclosure workbook as users make them: figures, codes, rows inserted, deleted, copied and moved.

Rows of tables whose rows are known beforehand (表1, 表4, 表10) are neither inserted nor deleted nor moved: the template
protects them.
"""

import random
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from gouji_templates import classification
from gouji_templates.content import name_index
from gouji_templates.form import CODED, Block, Form
from tests.draft import Draft, Line, Place, made
from tests.office import Copy, Delete, Edit, Insert, Move, Put, Type, Values


class Mutation(NamedTuple):
    """One to three changes, told in words, the edits that make them, and which kinds they are of."""

    told: str
    edits: tuple[Edit, ...]
    kinds: tuple[str, ...]


class Change(NamedTuple):
    """One change: what a user would say, and its edits in order."""

    told: str
    edits: list[Edit]


Kind = Callable[[Draft], Change | None]
"""Thinks up a change of one kind, or None where the workbook has nothing to try it on."""


def mutations(form: Form, values: Values, seed: int) -> Iterator[Mutation]:
    """Mutations of a workbook that shows these values, without end; the same for the same seed."""
    chance = random.Random(seed)
    kinds = [kind for kind, weight in KINDS.items() for _ in range(weight)]
    while True:
        draft = Draft(form, values, chance)
        changes: list[Change] = []
        names: list[str] = []
        wanted = chance.choice((1, 1, 1, 2, 2, 3))
        while len(changes) < wanted:
            kind = chance.choice(kinds)
            change = kind(draft)
            if change:
                changes.append(change)
                names.append(kind.__name__)
                for edit in change.edits:
                    made(draft.sheets, edit)
        edits = tuple(edit for change in changes for edit in change.edits)
        yield Mutation("；".join(change.told for change in changes), edits, tuple(names))


def figure_changed(draft: Draft) -> Change | None:
    """An entered figure is typed anew, more often where one stands than where none does."""
    place = draft.chance.choice(draft.places)
    columns = [i for i, column in enumerate(place.block.columns) if not column.sum and not column.derived]
    cells = [(line, i) for line in draft.leaves(place) for i in columns]
    printed = [(line, i) for line, i in cells if draft.amount_at(place, line.row, i)]
    if not cells:
        return None
    line, index = draft.chance.choice(printed if printed and draft.chance.random() < 0.7 else cells)
    return _put(place, line, index, _amount(draft, draft.amount_at(place, line.row, index)))


def derived_overwritten(draft: Draft) -> Change | None:
    """A number is typed over a cell that computes itself: right, slightly wrong or quite wrong."""
    place = draft.chance.choice(draft.places)
    leaves = {line.row for line in draft.leaves(place)}
    cells = [
        (line, i)
        for line in draft.lines(place)
        for i, column in enumerate(place.block.columns)
        if any(line[1:]) and (line.row not in leaves or column.sum or column.derived)
    ]
    if not cells:
        return None
    line, index = draft.chance.choice(cells)
    old = draft.amount_at(place, line.row, index)
    return _put(place, line, index, draft.chance.choice((old, _amount(draft, old))))


def figure_cleared(draft: Draft) -> Change | None:
    """A figure is deleted, entered or computed."""
    place = draft.chance.choice(draft.places)
    cells = [(line, i) for line in draft.lines(place) for i in range(len(place.block.columns))]
    cells = [(line, i) for line, i in cells if draft.amount_at(place, line.row, i)]
    if not cells:
        return None
    return _put(place, *draft.chance.choice(cells), None)


def words_for_a_figure(draft: Draft) -> Change | None:
    """Words stand where a figure is due."""
    place = draft.chance.choice(draft.places)
    leaves = draft.leaves(place)
    if not leaves:
        return None
    line, index = draft.chance.choice(leaves), draft.chance.randrange(len(place.block.columns))
    return _put(place, line, index, draft.chance.choice(("待定", "见附件")))


def blank_rows_inserted(draft: Draft) -> Change | None:
    """One or two rows are inserted and left blank."""
    place, row = _gap(draft)
    size = draft.chance.choice((1, 1, 2))
    return Change(f"{place.table.id}第 {row + 1} 行前插入 {size} 个空行", [Insert(place.table.id, row, size)])


def row_copied(draft: Draft) -> Change | None:
    """A row is copied and inserted; its code stands there twice, or is changed to a new one with new figures."""
    place, row = _gap(draft)
    lines = [line for line in draft.lines(place) if line.code or line.project]
    if not lines:
        return None
    line = draft.chance.choice(lines)
    told = f"{place.table.id}复制{line.title}，插入到第 {row + 1} 行前"
    copied: Edit = Copy(place.table.id, line.row, 1, row)
    if draft.chance.random() < 0.4:
        return Change(told, [copied])
    filled = _filled(draft, place, row, sums=False)
    return filled and Change(f"{told}，{filled.told}", [copied, *filled.edits])


def row_inserted_and_filled(draft: Draft) -> Change | None:
    """A row is inserted and a new line typed into it, with or without its sums."""
    place, row = _gap(draft)
    filled = _filled(draft, place, row, sums=draft.chance.random() < 0.5)
    return filled and Change(
        f"{place.table.id}第 {row + 1} 行前插入一行，{filled.told}", [Insert(place.table.id, row), *filled.edits]
    )


def open_row_filled(draft: Draft) -> Change | None:
    """A new line is typed into a row that was kept open for it."""
    place = draft.chance.choice([place for place in draft.places if place.growing])
    rows = draft.blank_rows(place)
    if not rows:
        return None
    row = draft.chance.choice(rows)
    filled = _filled(draft, place, row, sums=False)
    return filled and Change(f"{place.table.id}空行第 {row + 1} 行{filled.told}", filled.edits)


def rows_deleted(draft: Draft) -> Change | None:
    """A row or two are deleted, of any level; now and then the total."""
    place = draft.chance.choice([place for place in draft.places if place.growing])
    lines = [line for line in draft.lines(place) if any(line[1:])]
    first = 0 if draft.chance.random() < 0.1 else 1
    if len(lines) <= first:
        return None
    line = draft.chance.choice(lines[first:])
    size = draft.chance.choice((1, 1, 1, 2))
    return Change(f"{place.table.id}删除{line.title}起 {size} 行", [Delete(place.table.id, line.row, size)])


def rows_moved(draft: Draft) -> Change | None:
    """A row or two are cut and inserted elsewhere."""
    place, to = _gap(draft)
    lines = draft.lines(place)[1:]
    size = draft.chance.choice((1, 1, 2))
    lines = [line for line in lines if not line.row <= to <= line.row + size]
    if not lines:
        return None
    line = draft.chance.choice(lines)
    told = f"{place.table.id}{line.title}起 {size} 行移到第 {to + 1} 行前"
    return Change(told, [Move(place.table.id, line.row, size, to)])


def code_changed(draft: Draft) -> Change | None:
    """A row's code becomes that of another row, another official one, one that does not exist, or a shorter one."""
    place = draft.chance.choice([place for place in draft.places if place.block.kind in CODED])
    lines = [line for line in draft.lines(place) if line.code]
    if not lines:
        return None
    line = draft.chance.choice(lines)
    same = [code for code in _codes(place.block) if len(code) == len(line.code)]
    code = draft.chance.choice(
        (
            draft.chance.choice(lines).code,
            draft.chance.choice(same),
            f"{line.code[:-2]}98" if len(line.code) > 3 else "298",
            line.code[:-2] if len(line.code) > 3 else line.code,
        )
    )
    told = f"{place.table.id}{line.title}的编码改为 {code}"
    return Change(told, _typed_code(place, line.row, code)) if code != line.code else None


KINDS: dict[Kind, int] = {
    figure_changed: 10,
    derived_overwritten: 4,
    figure_cleared: 4,
    words_for_a_figure: 2,
    blank_rows_inserted: 3,
    row_copied: 3,
    row_inserted_and_filled: 4,
    open_row_filled: 2,
    rows_deleted: 5,
    rows_moved: 4,
    code_changed: 3,
}
"""Every kind and how often it comes."""


def _put(place: Place, line: Line, index: int, value: float | str | None) -> Change:
    told = f"{place.block.name}{line.title}的{place.block.columns[index].name}"
    told += "清空" if value is None else f"改为 {value}"
    return Change(told, [Put(place.table.id, line.row, place.figure(index), value)])


def _amount(draft: Draft, old: float) -> float:
    """Another amount: a slip of the hand, a rounding, nothing, or anything."""
    fen = round(old * 100)
    anything = draft.chance.randrange(10**7)
    slips = {fen + 1, max(fen - 1, 0), fen + 100, fen * 10, fen // 10, 0, anything // 10**5, anything} - {fen}
    return draft.chance.choice(sorted(slips)) / 100


def _gap(draft: Draft) -> tuple[Place, int]:
    """Where a row may be inserted: anywhere below the total down to right below the last line; in a table without
    lines above or below its sentence."""
    place = draft.chance.choice([place for place in draft.places if place.growing])
    lines = draft.lines(place)
    first = place.layout.first_row
    return place, draft.chance.randint(first + 1, lines[-1].row + 1) if lines else draft.chance.randint(
        first, first + 1
    )


def _filled(draft: Draft, place: Place, row: int, sums: bool) -> Change | None:
    """A new leaf typed into a row: code, name and figures, its sums too if they are wanted."""
    block, chance = place.block, draft.chance
    names = _codes(block)
    have = {line.code for line in draft.lines(place)}
    project = ""
    if block.kind == "items":
        code, name = "", f"结转项目{chance.randrange(1000)}"
    else:
        leaf = [code for code in names if len(code) == CODED[block.kind][-1]]
        near = [code for code in leaf if code[:-2] in have]
        code = chance.choice(near if near and chance.random() < 0.7 else leaf)
        name = names[code]
        project = f"新增项目{chance.randrange(1000)}" if block.kind == "projects" else ""
    edits = _typed_code(place, row, code) if code else []
    texts = [name, project] if project else [name]
    edits += [Type(place.table.id, row, place.label + name_index(block) + i, text) for i, text in enumerate(texts)]
    fen: dict[str, int] = {}
    for column in block.columns:
        if not column.sum and not column.derived and chance.random() < 0.6:
            fen[column.name] = chance.randrange(1, 10**6)

    def amount(name: str) -> int | None:
        parts = next(column.sum for column in block.columns if column.name == name)
        found = [part for part in map(amount, parts) if part is not None]
        return (sum(found) if found else None) if parts else fen.get(name)

    for index, column in enumerate(block.columns):
        value = amount(column.name)
        if value is not None and (sums or not column.sum):
            edits.append(Put(place.table.id, row, place.figure(index), value / 100))
    told = f"填 {code} {project or name}：{'、'.join(f'{name} {value / 100:.2f}' for name, value in fen.items())}"
    return Change(told, edits)


def _typed_code(place: Place, row: int, code: str) -> list[Edit]:
    """The code typed part by part into its columns, the parts that it lacks cleared."""
    levels = (0, *CODED[place.block.kind])
    parts = [code[start:end] for start, end in pairwise(levels)]
    return [
        Type(place.table.id, row, place.label + i, part) if part else Put(place.table.id, row, place.label + i, None)
        for i, part in enumerate(parts)
    ]


@cache
def _names(name: str) -> dict[str, str]:
    return {code: subject.name for code, subject in classification.load(name).items()}


def _codes(block: Block) -> dict[str, str]:
    """The official codes that the block's rows are taken from, with their names."""
    return _names(block.classification) if block.classification else {}
