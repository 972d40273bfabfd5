"""How every relation ends for a workbook, one line each: what the sheet 勾稽关系 shows, worked out by the checks."""

from collections.abc import Sequence
from typing import NamedTuple

from gouji_checks.amount import COUNT, show
from gouji_checks.book import Book
from gouji_checks.evaluate import Evaluation, allowance2
from gouji_checks.live.wording import RESULTS
from gouji_checks.system import Constraint
from gouji_templates.results import AGREED, FAILED, IDLE, ROUNDING, UNCHECKED


class RelationLine(NamedTuple):
    """A relation's line; `where`, the amounts (万元) and the address are texts, nothing where none is shown."""

    id: str
    severity: str
    result: str
    where: str = ""
    left: str = ""
    right: str = ""
    difference: str = ""
    allowed: str = ""
    address: str = ""


def results(evaluation: Evaluation) -> dict[str, str]:
    """By relation 不符, 未核验, 尾差, 相符 or 不适用: the gravest of its instances."""
    ends = _ends(evaluation)
    unchecked = {item.rule for item in evaluation.ledger.not_checked}
    found: dict[str, str] = {}
    for relation in evaluation.system.catalogue.relations:
        seen = {result for _, result in ends.get(relation.id, ())} | (
            {UNCHECKED} if relation.id in unchecked else set()
        )
        found[relation.id] = next((result for result in RESULTS if result in seen), IDLE)
    return found


def lines(book: Book, evaluation: Evaluation) -> dict[str, RelationLine]:
    """A line for every relation: its two sides, or those of the first row that fails, else of the first with 尾差."""
    ends = _ends(evaluation)
    found: dict[str, RelationLine] = {}
    for relation in evaluation.system.catalogue.relations:
        instances = ends.get(relation.id, [])
        result = next((r for r in (FAILED, ROUNDING, AGREED) if any(end == r for _, end in instances)), IDLE)
        line = RelationLine(relation.id, relation.severity, result)
        same = [number for number, end in instances if end == result]
        many = relation.formula.each or len(instances) > 1
        if same and many and result == AGREED:
            line = line._replace(where=f"共 {len(same)} 处")
        elif same:
            line = _with_sides(line, book, evaluation, same[0])
            if many:
                more = f"（等 {len(same)} 处）" if len(same) > 1 else ""
                line = line._replace(where=_where(book, evaluation, same[0]) + more)
        found[relation.id] = line
    return found


def headline(lines: Sequence[RelationLine]) -> str:
    """全部相符, or how many relations do not hold."""
    fine = (AGREED, ROUNDING, IDLE)
    wrong = sum(line.severity == "error" and line.result not in fine for line in lines)
    doubtful = sum(line.result not in fine for line in lines) - wrong
    tail = sum(line.result == ROUNDING for line in lines)
    filled = any(line.result != IDLE for line in lines)
    text = f"{wrong} 项不符" if wrong else ("全部相符" if filled else "尚未填写")
    text += f"，另有 {doubtful} 项一般应成立的不符，请核对或说明" if doubtful else ""
    return text + (f"（其中 {tail} 项有四舍五入的尾差）" if tail else "")


def _ends(evaluation: Evaluation) -> dict[str, list[tuple[int, str]]]:
    """By relation its instances that apply, with how each ends."""
    odd = {outcome.number: FAILED if outcome.failed else ROUNDING for outcome in evaluation.outcomes}
    found: dict[str, list[tuple[int, str]]] = {}
    for number, constraint in enumerate(evaluation.system.constraints):
        if number in evaluation.unknown or number in evaluation.inactive:
            continue
        printed = any(evaluation.vector[cell] for cell in (*constraint.left, *constraint.right))
        if printed:
            found.setdefault(constraint.relation.id, []).append((number, odd.get(number, AGREED)))
    return found


def _with_sides(line: RelationLine, book: Book, evaluation: Evaluation, number: int) -> RelationLine:
    constraint = evaluation.system.constraints[number]
    left, right = (_sum(evaluation, cells) for cells in (constraint.left, constraint.right))
    allowed = allowance2(number, evaluation.vector, evaluation.system, evaluation.steps)
    return line._replace(
        left=show(left),
        right=show(right),
        difference=show(left - right),
        allowed=show(allowed // 2, 3),
        address=_address(book, evaluation, constraint),
    )


def _sum(evaluation: Evaluation, cells: tuple[int, ...]) -> int:
    return sum(evaluation.vector[cell] for cell in cells) // COUNT


def _address(book: Book, evaluation: Evaluation, constraint: Constraint) -> str:
    system = evaluation.system
    for cell in (*constraint.left, *constraint.right):
        layout, row, column = system.place(cell % system.size)
        if row < layout.real:
            return str(book.figures[layout.block.name].address(row, column))
    return ""


def _where(book: Book, evaluation: Evaluation, number: int) -> str:
    system = evaluation.system
    constraint = system.constraints[number]
    for cell in (*constraint.left, *constraint.right):
        layout, row, _ = system.place(cell % system.size)
        if row < layout.real:
            place = layout.block.column(constraint.column)
            title = book.figures[layout.block.name].part.rows[row].title
            return title if place is None else f"{title}·{layout.block.columns[place].heading[-1]}"
    return constraint.key
