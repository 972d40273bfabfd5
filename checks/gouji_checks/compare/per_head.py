"""What spending comes to per head and per vehicle (人均, 单车), where the first sheet gives the numbers."""

from collections.abc import Mapping
from typing import NamedTuple

from gouji_checks.book import Book
from gouji_checks.compare.ratios import hundredths, rounded
from gouji_checks.compare.stated import stated_number
from gouji_templates.per_head import line_at, per_head

UNIT = "元"
HEADING = f"人均和单车费用（{UNIT}）"


class PerHead(NamedTuple):
    """A figure per head: `value` in 元 with two decimals, of so many 分 among `number`; `basis` is the division in
    words, `counted` the line of the first sheet with the number."""

    label: str
    value: str
    basis: str
    amount: int
    counted: str
    number: int


def figures(book: Book, amounts: Mapping[tuple[str, str], int | None]) -> tuple[PerHead, ...]:
    """Every such figure whose amount is known and whose number is stated and not zero; `amounts` are the compared ones
    of this year, by group and line."""
    found = []
    for one in per_head(book.form):
        place = line_at(book.form.comparison, one) if book.form.comparison else None
        amount = amounts.get((place[0].id, place[0].lines[place[1]].id)) if place else None
        number = stated_number(book, one.counted)
        if amount is not None and number:
            value = hundredths(rounded(amount, number))
            found.append(PerHead(one.label, value, one.basis, amount, one.counted, number))
    return tuple(found)
