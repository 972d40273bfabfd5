"""The instances of every relation worked out live: one column of outcomes for each relation and each of its ranges."""

from collections.abc import Mapping
from typing import NamedTuple

from gouji_checks.formula import Formula, Term
from gouji_checks.live.grid import NUMBER, Area, Grid
from gouji_checks.live.projects import CODES, KINDS
from gouji_checks.live.rows import SUBJECT_PARENTS, SUBJECTS, subjects_room
from gouji_checks.live.wording import (
    TOTAL_KEY,
    Sides,
    amount,
    key_of,
    keys_of,
    parents_of,
    printed,
    signed,
    values_of,
    verdict,
)
from gouji_checks.relation import Catalogue, Relation
from gouji_checks.skeleton import TOTAL
from gouji_templates.form import CODED, LEVELS, Block
from gouji_templates.names import name_of
from gouji_templates.results import UNCHECKED
from gouji_templates.wording import quoted


class Strip(NamedTuple):
    """A relation's outcomes over a run of keys; a relation over every column has one for each, in their order."""

    outcomes: Area
    keys: str
    """The name of the keys, or a key itself where there is only one."""


def lacks_total(block: Block, row: str) -> str:
    """Whether a table lists rows but not this total."""
    keys = keys_of(block)
    rows = f'COUNTIF({keys_of(block, by_row=True)},"p*")' if block.kind == "projects" else f'COUNTIF({keys},"#?*")'
    return f"AND({rows}>0,COUNTIF({keys},{key_of(block, row)})=0)"


def sides(formula: Formula, key: str, when: Formula | None = None) -> Sides:
    """Left, right and the number of printed figures, for the row of this key. What a precondition finds to be zero as
    printed may stand for some money, and counts as well."""
    found, counts = [], []
    for terms in (formula.left, formula.right):
        places = [(term, place_of(formula, term, key)) for term in terms]
        found.append(signed([(term.sign, amount(*place)) for term, place in places]))
        counts += [(1, printed(*place)) for _, place in places]
    own = {term._replace(sign=1) for term in (*formula.left, *formula.right)}
    other = [term for term in (when.left if when else ()) if term._replace(sign=1) not in own]
    rounded = [*counts, *((1, printed(*place_of(formula, term, key))) for term in other)]
    return Sides(found[0], found[1], signed(counts), signed(rounded))


def place_of(formula: Formula, term: Term, key: str) -> tuple[str, str, str]:
    """The keys to search, the key to find, the figures to take."""
    wanted = key if term.row[:1] == "每" else key_of(term.block, term.row)
    return keys_of(term.block, by_row=formula.each == "每行"), wanted, values_of(term)


def guard(when: Formula, key: str) -> str:
    """The precondition for the row of this key."""
    return f"ROUND({sides(when, key).left},6){'=0' if when.operator == '=' else '<>0'}"


def roll_up(block: Block, values: str, key: str) -> Sides:
    """A row, the rows that roll up into it, and how many figures they print; a code left out counts as nothing."""
    keys = keys_of(block, by_row=True)
    own = f"INDEX({values},MATCH({key},{keys},0))"
    count = f"COUNTIF({keys},{key})*ISNUMBER({own})"
    parents = parents_of(block)
    count += f"+{printed(parents, key, values)}"
    return Sides(f"IFERROR(N({own}),0)", amount(parents, key, values), count, count)


def write_instances(
    grid: Grid, catalogue: Catalogue, reaches: Mapping[str, int], cells: Mapping[str, str]
) -> dict[str, list[Strip]]:
    """Adds the outcomes of every relation that speaks of more than one row; by relation's id."""
    writer = _Writer(grid, catalogue, reaches, cells)
    return {relation.id: strips for relation in catalogue.relations if (strips := writer.write(relation))}


class _Writer:
    def __init__(self, grid: Grid, catalogue: Catalogue, reaches: Mapping[str, int], cells: Mapping[str, str]) -> None:
        self.grid = grid
        self.form = catalogue.form
        self.reaches = reaches
        self.cells = cells
        """By name of keys the cell of the row."""
        self.subjects = subjects_room(catalogue.form, reaches)

    def write(self, relation: Relation) -> list[Strip]:
        formula = relation.formula
        if formula.each == "每上级":
            return self._roll_up(relation)
        if formula.each:
            return [self._each(relation, *range_) for range_ in self._ranges(formula)]
        if formula.left[0].column is None and len(formula.left[0].block.columns) > 1:
            return self._every_column(relation)
        return []

    def _each(self, relation: Relation, keys: str, length: int, extra: str) -> Strip:
        key, formula = self.cells[keys], relation.formula
        both = sides(formula, key, relation.when)
        text = verdict(both, formula.operator, self.form.decimals)
        if headless := _headless(formula):
            text = f"IF(AND({key}={quoted(TOTAL_KEY)},{headless}),{quoted(UNCHECKED)},{text})"
        conditions = [extra.format(key=key)] if extra else []
        if relation.when:
            conditions.append(guard(relation.when, key))
        for condition in (*reversed(conditions), _of_level(formula.each, key)):
            text = f'IF({condition},{text},"")'
        return Strip(self.grid.add(relation.id, length, text), keys)

    def _ranges(self, formula: Formula) -> list[tuple[str, int, str]]:
        """The keys a relation runs over, how many, and a condition for those that another range has already."""
        blocks = list(dict.fromkeys(term.block for term in (*formula.left, *formula.right) if term.row == formula.each))
        ranges = []
        if any(block.kind == "functional" for block in blocks):
            ranges.append((SUBJECTS, self.subjects, ""))
        extra = "ISNA(MATCH({key}," + SUBJECTS + ",0))" if ranges else ""
        for block in blocks:
            if block.kind != "functional":
                keys = keys_of(block, by_row=formula.each == "每行")
                ranges.append((keys, self.reaches[block.table], extra))
        return ranges

    def _roll_up(self, relation: Relation) -> list[Strip]:
        block = relation.formula.left[0].block
        keys = SUBJECTS if block.kind == "functional" else keys_of(block, by_row=True)
        length = self.subjects if block.kind == "functional" else self.reaches[block.table]
        whole = f'IF({_has_parts(block, self.cells, self.cells[keys])},{self.cells[keys]},"")'
        key = self.grid.add(f"{relation.id} 行", length, whole).cell
        strips = []
        for column in block.columns:
            both = roll_up(block, name_of(block, column.name), key)
            text = f'IF({key}="","",{verdict(both, "=", self.form.decimals)})'
            strips.append(Strip(self.grid.add(f"{relation.id} {column.name}", length, text), keys))
        return strips

    def _every_column(self, relation: Relation) -> list[Strip]:
        left = relation.formula.left[0]
        strips = []
        for index, column in enumerate(left.block.columns):
            formula = in_column(relation.formula, index)
            text = one_result(formula, sides(formula, ""), self.form.decimals)
            area = self.grid.add(f"{relation.id} {column.name}", 1, text)
            strips.append(Strip(area, key_of(left.block, left.row)))
        return strips


def in_column(formula: Formula, column: int) -> Formula:
    """A relation over every column, taken in one of them."""
    left, right = (tuple(term._replace(column=column) for term in terms) for terms in (formula.left, formula.right))
    return formula._replace(left=left, right=right)


def one_result(formula: Formula, both: Sides, decimals: int, idle: str = '""') -> str:
    """The outcome of a relation of one instance: `idle` without figures."""
    text = verdict(both, formula.operator, decimals, idle)
    missing = [lacks_total(t.block, t.row) for t in (*formula.left, *formula.right) if t.row in t.block.required]
    return f"IF(OR({','.join(dict.fromkeys(missing))}),{quoted(UNCHECKED)},{text})" if missing else text


def _of_level(each: str, key: str) -> str:
    if each == "每行":
        return f"LEN({key})>1"
    return f"LEN({key})={CODED['functional'][LEVELS.index(each[1:])] + 1}"


def _headless(formula: Formula) -> str:
    """Whether one of the tables that a relation over every row speaks of has no total row."""
    if formula.each != "每行":
        return ""
    blocks = dict.fromkeys(
        term.block
        for term in (*formula.left, *formula.right)
        if term.block.kind in CODED and term.block.kind != "projects"
    )
    missing = [lacks_total(block, TOTAL) for block in blocks]
    shown = "+".join(f"COUNTIF({keys_of(block)},{quoted(TOTAL_KEY)})" for block in blocks)
    return f"{shown}>0,OR({','.join(missing)})" if missing else ""


def _has_parts(block: Block, cells: Mapping[str, str], key: str) -> str:
    """Whether other rows should add to this one: rows that are there, or that another table says are missing."""
    own, parents = keys_of(block, by_row=True), parents_of(block)
    total = quoted(TOTAL_KEY)
    if block.kind == "functional":
        listed = f'COUNTIF({own},"#?*")>COUNTIF({own},{total})'
        there = f"OR({key}<>{total},COUNTIF({own},{total})>0)"
        return f"IF(LEN({key})>1,AND({listed},{there},COUNTIF({SUBJECT_PARENTS},{key})>0),FALSE)"
    if block.kind == "projects":
        codes = name_of(block, CODES)
        pattern = f'{cells[codes]}&"??"'
        known = f"COUNTIF({SUBJECTS},{pattern})+COUNTIF({codes},{pattern})>0"
        missing = f'AND({cells[name_of(block, KINDS)]}="款",{known})'
        return f'IF({key}="",FALSE,OR(COUNTIF({parents},{key})>0,{missing}))'
    first = f"MATCH({key},{own},0)={NUMBER}"
    top = f"AND({key}={total},COUNTIF({parents},{total})>0)"
    # A 类 without its 款 has left them out.
    whole = f"OR({top},LEN({key})=4)" if block.kind == "economic" else top
    return f"IF(LEN({key})>1,AND({first},{whole}),FALSE)"
