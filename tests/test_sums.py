"""Sums laid out one behind the other: what is added up in one go is what each constraint says by itself."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji_checks.book import Book, read_book
from gouji_checks.evaluate import evaluate
from gouji_checks.relation import load
from gouji_checks.source import MemorySource, Workbook
from gouji_checks.sums import Sums
from tests.edits import the_published

FIGURES = st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=12)


@given(FIGURES, st.data())
def test_every_sum_is_that_of_its_own_cells(vector: list[int], data: st.DataObject) -> None:
    sums = Sums()
    wanted: list[int] = []
    for _ in range(data.draw(st.integers(0, 4))):
        count, each = data.draw(st.integers(0, 4)), data.draw(st.integers(0, 3))
        cell = st.integers(0, len(vector) - 1)
        layers = [data.draw(st.lists(cell, min_size=count, max_size=count)) for _ in range(each)]
        sums.add(layers, count)
        wanted += [sum(vector[layer[place]] for layer in layers) for place in range(count)]

    assert sums.of(vector) == wanted
    assert [sums.one(number, vector) for number in range(len(sums))] == wanted


def _with_rows_shuffled(seed: int) -> Workbook:
    """The sample with rows out of their places, repeated and left out in every table."""
    chance = random.Random(seed)
    sheets = []
    for sheet in the_published().sheets:
        head, rows = sheet.rows[:6], list(sheet.rows[6:])
        if rows and seed:
            chance.shuffle(rows)
            rows = [*rows[chance.randrange(3) :], *chance.choices(rows, k=chance.randrange(3))]
        sheets.append(sheet._replace(rows=[*head, *rows]))
    return the_published()._replace(sheets=sheets)


@pytest.mark.parametrize("seed", range(12))
def test_constraints_say_what_is_added_up(seed: int) -> None:
    catalogue = load()
    book = read_book(MemorySource(_with_rows_shuffled(seed)).read(), catalogue.form)
    evaluation = evaluate(catalogue, book)
    system, vector = evaluation.system, evaluation.vector

    plus = [sum(vector[cell] for cell in constraint.left) for constraint in system.constraints]
    minus = [sum(vector[(cell + system.size) % (2 * system.size)] for cell in c.right) for c in system.constraints]
    assert system.sums.of(vector) == [one + other for one, other in zip(plus, minus, strict=True)]
    assert {cell for c in system.constraints for cell in (*c.left, *c.right)} <= set(range(2 * system.size))
    assert [number for number, c in enumerate(system.constraints) if c.guard] == list(system.guarded)


def _of(department: str) -> Book:
    sheets = [
        sheet._replace(rows=[[cell.replace(_name(), department) if isinstance(cell, str) else cell for cell in row]
                             for row in sheet.rows])
        for sheet in the_published().sheets
    ]  # fmt: skip
    return read_book(the_published()._replace(sheets=sheets), load().form)


def _name() -> str:
    return read_book(the_published(), load().form).department


def test_departments_with_the_same_rows_share_what_follows_from_them() -> None:
    one, other = _of("甲局"), _of("乙局")

    assert (one.department, other.department) == ("甲局", "乙局")
    assert one.tables["表5"].skeleton is not other.tables["表5"].skeleton
    assert one.tables["表5"].skeleton.body is other.tables["表5"].skeleton.body
