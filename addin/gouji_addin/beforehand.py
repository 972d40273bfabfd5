"""What a button that changes the workbook does first: it looks whether Excel will let it, and asks before it throws
away what a person wrote on the sheet 校验结果."""

from collections.abc import Sequence

import xlwings as xw

from gouji_addin.conditions import lettered, unshared
from gouji_addin.message import Asking, Declined, ask
from gouji_addin.results import LISTS, NAME
from gouji_addin.sheets import title, without_results
from gouji_checks.source import Sheet, Workbook

_QUESTION = (
    "您在“{sheet}”上写了字，或改了它的表头，继续会把这张表删去。\n\n"
    "点“是”，删去，继续；点“否”，什么也不改。要留着写的字，请点“否”，给这张表改个名，再点按钮。"
)


def ready(book: xw.Book, everything: Workbook, lists: bool = True) -> Workbook:
    """What was handed in, of all that was read; `lists` if the button leaves a list of cells in the workbook.

    Raises Stopped if the workbook can't be changed as it is.
    """
    unshared(book)
    if lists:
        lettered(book.app)
    return without_results(everything)


def may_go(app: Asking, everything: Workbook) -> None:
    """Raises Declined if the person wants to keep what stands on the sheet 校验结果 besides our list."""
    altered = any(sheet.name == NAME and _is_written_on(sheet) for sheet in everything.sheets)
    if altered and ask(app, _QUESTION.format(sheet=NAME), "yes_no") != "yes":
        raise Declined


def _is_written_on(sheet: Sheet) -> bool:
    """Whether anything stands beside our list, below it, or between the lines of its head. What was typed into our own
    cells can't be told.

    No line of ours has but one cell filled, or none in the column that says what it is.
    """
    headings, filled = LISTS[str(title(sheet))]
    width, rows = len(headings), sheet.rows
    top = next((line for line, row in enumerate(rows) if tuple(row[:width]) == headings), None)
    if top is None:
        return True
    head = [cell for row in rows[:top] for cell in row[1:]] + list(rows[top - 1])
    beside = [cell for row in rows[top:] for cell in row[width:]]
    below = [cell for row in rows[top + 1 :] if row[filled] == "" or _count(row) == 1 for cell in row]
    return _count([*head, *beside, *below]) > 0


def _count(cells: Sequence[object]) -> int:
    return sum(cell != "" for cell in cells)
