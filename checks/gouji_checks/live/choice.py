"""Which row a line of 勾稽关系 shows: the first that fails, else the first with 尾差, and its two sides."""

from collections.abc import Sequence
from typing import NamedTuple

from gouji_checks.formula import Formula
from gouji_checks.live.grid import Grid
from gouji_checks.live.instances import Strip, guard, in_column, one_result, place_of, roll_up, sides
from gouji_checks.live.rows import SUBJECTS
from gouji_checks.live.wording import RESULTS, TOTAL_KEY, Sides, amount, key_of, keys_of, nested, printed, values_of
from gouji_checks.relation import Relation
from gouji_templates.content import name_index
from gouji_templates.form import Block, Form
from gouji_templates.names import name_of
from gouji_templates.results import FAILED, IDLE, ROUNDING
from gouji_templates.subject_sheet import lookup
from gouji_templates.wording import quoted

_TRIED = 3
"""How many of a relation's figures a link looks for before it goes to the head of the table."""


class Chosen(NamedTuple):
    """A relation of many instances: its strips, and cells that say how it ends and which strip, place and key show
    it."""

    strips: Sequence[Strip]
    result: str
    strip: str
    place: str
    key: str


class LineFormulas(NamedTuple):
    """The formulas of a line; `hidden` is true where there are no two sides to show."""

    result: str
    hidden: str
    sides: Sides
    where: str
    address: str


def write_choices(grid: Grid, relations: Sequence[Relation], strips: dict[str, list[Strip]]) -> dict[str, Chosen]:
    """Adds four columns to the hidden sheet, a row for each relation that has strips."""
    many = [relation.id for relation in relations if relation.id in strips]
    result = grid.add_each("结果", [_result(strips[id]) for id in many])
    strip = grid.add_each("所在区", [_strip(strips[id], result.at(n)) for n, id in enumerate(many, 1)])
    place = grid.add_each("所在行", [_place(strips[id], result.at(n), strip.at(n)) for n, id in enumerate(many, 1)])
    key = grid.add_each("所在码", [_key(strips[id], strip.at(n), place.at(n)) for n, id in enumerate(many, 1)])
    return {
        id: Chosen(strips[id], *(area.at(n) for area in (result, strip, place, key))) for n, id in enumerate(many, 1)
    }


def _place(strips: Sequence[Strip], result: str, strip: str) -> str:
    areas = ",".join(one.outcomes.here for one in strips)
    return f"IF({strip}=0,0,MATCH({result},CHOOSE({strip},{areas}),0))"


def _key(strips: Sequence[Strip], strip: str, place: str) -> str:
    keys = f"CHOOSE({strip},{','.join(one.keys for one in strips)})"
    picked = keys if strips[0].outcomes.length == 1 else f"INDEX({keys},{place})"
    return f'IF({strip}=0,"",{picked})'


def _runs(strips: Sequence[Strip]) -> list[str]:
    """The strips as ranges, those side by side as one."""
    if len({strip.outcomes.length for strip in strips}) == 1:
        first, last = strips[0].outcomes.here, strips[-1].outcomes.here
        return [f"{first.split(':')[0]}:{last.split(':')[1]}"]
    return [strip.outcomes.here for strip in strips]


def count_of(strips: Sequence[Strip], result: str, there: bool = False) -> str:
    """How many instances end so."""
    runs = _runs(strips)
    if there:
        sheet = strips[0].outcomes.there.split("!")[0]
        runs = [f"{sheet}!{run}" for run in runs]
    return "+".join(f"COUNTIF({run},{result})" for run in runs)


def _result(strips: Sequence[Strip]) -> str:
    return nested([(f"{count_of(strips, quoted(result))}>0", quoted(result)) for result in RESULTS], '""')


def _strip(strips: Sequence[Strip], result: str) -> str:
    cases = [(f"COUNTIF({strip.outcomes.here},{result})>0", str(number)) for number, strip in enumerate(strips, 1)]
    return nested([(f"AND({result}<>{quoted(FAILED)},{result}<>{quoted(ROUNDING)})", "0"), *cases], "0")


def shown(relation: Relation, chosen: Chosen | None, form: Form) -> LineFormulas:
    """The formulas of a relation's line."""
    return _one(relation, form) if chosen is None else _many(relation, chosen)


def _one(relation: Relation, form: Form) -> LineFormulas:
    formula = relation.formula if relation.formula.left[0].column is not None else in_column(relation.formula, 0)
    both = sides(formula, "", when=relation.when)
    result = one_result(formula, both, form.decimals, quoted(IDLE))
    applies = f"({both.figures})>0"
    if relation.when:
        condition = guard(relation.when, "")
        result = f"IF({condition},{result},{quoted(IDLE)})"
        applies = f"AND({applies},{condition})"
    return LineFormulas(result, f"NOT({applies})", both, '""', _address(formula, ""))


def _many(relation: Relation, chosen: Chosen) -> LineFormulas:
    formula, key = relation.formula, chosen.key
    block = formula.left[0].block
    result = f'IF({chosen.result}="",{quoted(IDLE)},{chosen.result})'
    if formula.left[0].column is None:
        values = f"CHOOSE({chosen.strip},{','.join(name_of(block, column.name) for column in block.columns)})"
        both = roll_up(block, values, key) if formula.each else _in_chosen_column(formula, values)
        address = _cell(block, values, keys_of(block, by_row=True), key)
    else:
        both = sides(formula, key, relation.when)
        address = _address(formula, key)
    return LineFormulas(result, f'{key}=""', both, _where(block, chosen, formula), address)


def _in_chosen_column(formula: Formula, values: str) -> Sides:
    block = formula.left[0].block
    keys = keys_of(block)
    own = key_of(block, formula.left[0].row)
    parts = [key_of(block, term.row) for term in formula.right]
    counts = "+".join(printed(keys, key, values) for key in (own, *parts))
    return Sides(amount(keys, own, values), "+".join(amount(keys, key, values) for key in parts), counts, counts)


def _where(block: Block, chosen: Chosen, formula: Formula) -> str:
    """The row shown, by code and name; how many there are of its kind; how many hold where none fails."""
    key, kind = chosen.key, block.kind
    code = f"MID({key},2,50)"
    if kind == "items" and block.total:
        code = f"IF({key}={quoted(TOTAL_KEY)},{quoted(block.total.label)},{code})"
    if chosen.strips[0].keys == SUBJECTS or kind in ("functional", "economic", "classes"):
        text = f'TRIM({code}&" "&{lookup(block.classification or "functional", code)})'
    elif kind == "projects":
        names = [name_of(block, label.name) for label in block.labels[name_index(block) :]]
        words = '&" "&'.join(f"INDEX({name},{chosen.place})" for name in names)
        text = f"TRIM({words})"
    else:
        text = code
    if formula.left[0].column is None:
        headings = ",".join(quoted(column.heading[-1]) for column in block.columns)
        text = f'{text}&"·"&CHOOSE({chosen.strip},{headings})'
    same = count_of(chosen.strips, chosen.result, there=True)
    every = f'IF({chosen.result}="","","共 "&({same})&" 处")'
    return f'IF({key}="",{every},{text}&IF(({same})>1,"（等 "&({same})&" 处）",""))'


def _address(formula: Formula, key: str) -> str:
    """The first of the relation's cells that is there, as 'sheet'!F9; the head of the first one's column if none is."""
    terms = [*formula.left, *formula.right]
    text = _reference(terms[0].block, f"INDEX({values_of(terms[0])},1)")
    for term in reversed(terms[:_TRIED]):
        keys, wanted, values = place_of(formula, term, key)
        text = f"IFERROR({_found(term.block, values, keys, wanted)},{text})"
    return text


def _cell(block: Block, values: str, keys: str, key: str) -> str:
    head = _reference(block, f"INDEX({name_of(block, block.columns[0].name)},1)")
    return f"IFERROR({_found(block, values, keys, key)},{head})"


def _found(block: Block, values: str, keys: str, key: str) -> str:
    return _reference(block, f"INDEX({values},MATCH({key},{keys},0))")


def _reference(block: Block, cell: str) -> str:
    return f"\"'{block.table}'!\"&ADDRESS(ROW({cell}),COLUMN({cell}),4)"
