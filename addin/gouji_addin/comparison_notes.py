"""What is to be looked at in a comparison, for a message box or, where it is much, for the sheet 校验结果."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from gouji_addin.results import COMPARED, COMPARED_HEADINGS, Results, Row, link, listed, made, text_cell
from gouji_checks.book import Book
from gouji_checks.compare.comparison import Compared, from_zero
from gouji_checks.compare.prior import contradiction_note
from gouji_templates.form import LEVELS


class Note(NamedTuple):
    """A sentence without its full stop, of what kind it is, and the cell that it is about, if it is about one."""

    kind: str
    cell: str
    words: str


def notes(book: Book, found: Compared, gone: Sequence[str]) -> list[Note]:
    """What was typed otherwise than last year's workbook has it, reasons whose lines are gone, and the rest; how growth
    from zero is stated stands on the sheets."""
    contradictions = found.prior.contradictions if found.prior else ()
    first = [Note("上年数不一致", one.entered.cell, contradiction_note(one, book.form)) for one in contradictions]
    first += [Note("原因", "", words) for words in gone]
    said = {note.words for note in first}
    if book.form.comparison:
        said.add(from_zero(book.form.comparison, found.lines))
    return [*first, *(Note("说明", "", words) for words in (*found.notes, *_new(book, found)) if words not in said)]


def _new(book: Book, found: Compared) -> list[str]:
    """The codes that last year did not have."""
    prior, comparison = found.prior, book.form.comparison
    if prior is None or comparison is None:
        return []
    coded = {group.id for group in comparison.groups if group.codes} & prior.known
    new = [
        f"{line.id} {line.label}".strip()
        for line in found.lines
        if line.group in coded and line.level == LEVELS[-1] and line.now and line.before == 0 and not line.origin
    ]
    return [f"本年有、上年没有的科目，上年按 0.00 对比：{'、'.join(new)}"] if new else []


def explained(name: str, said: Sequence[Note], when: datetime) -> Results:
    """What the sheet says of the comparison of a workbook of this name."""
    words = (f"对比：{name}", f"结果：{len(said)} 条说明", *made(when))
    head: list[Row] = [[COMPARED]]
    head += [[text_cell(line)] for line in words]
    body: list[Row] = [[text_cell(note.kind), link(note.cell), text_cell(note.words)] for note in said]
    return listed(head, COMPARED_HEADINGS, body, (), ("单元格",), ("说明",))
