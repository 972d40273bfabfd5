"""A relation's formula as a reader says it: long sums shortened, what needs no saying left out."""

from gouji_checks.formula import EVERY_COLUMN, Formula, Term

_MOST_TERMS = 8
"""A sum of more terms shows its first and its last."""


def words(formula: Formula) -> str:
    """The formula in the catalogue's words, short enough for a cell."""
    sides = [_side(terms) for terms in (formula.left, formula.right)]
    return f"{sides[0]} {formula.operator} {sides[1]}"


def _side(terms: tuple[Term, ...]) -> str:
    if not terms:
        return "0"
    pieces = [("+ " if term.sign > 0 else "- ") + _term(term) for term in terms]
    if len(pieces) > _MOST_TERMS:
        pieces = [*pieces[:2], "+ …", f"{pieces[-1]}（共 {len(terms)} 项）"]
    return " ".join(pieces).removeprefix("+ ")


def _term(term: Term) -> str:
    """A block of one column does not name it."""
    return term.text.removesuffix(f".{EVERY_COLUMN}") if len(term.block.columns) == 1 else term.text
