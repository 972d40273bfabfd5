"""What the last 填充 changed, kept on a very hidden sheet so that 撤销填充 can bring it back.

Excel saves the sheet with the workbook. The command line and 校验 pass it over, as they do 校验结果.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple, cast

import xlwings as xw

from gouji_addin.change import Change
from gouji_addin.held import Held, decoded
from gouji_addin.live_target import Stages, Witness
from gouji_addin.message import ask
from gouji_addin.refused import refused
from gouji_addin.sheets import KEPT, add, delete, title
from gouji_checks.source import Workbook
from gouji_templates.content import UNDO

_HEADINGS = ["种类", "工作表", "行", "列", "原为", "填为"]
_CELL, _ROW, _WITNESS = "格", "新行", "行名"

_VERY_HIDDEN = 2
"""Excel's xlSheetVeryHidden: nobody can show it by mistake, or hand it in thinking it a table."""

_QUESTION = (
    "工作簿里还藏着“撤销填充”用的备份，其中有填充以前的数字。要一并删去吗？\n\n"
    "点“是”，删去备份，不能再撤销填充：上报、公开以前请选“是”；点“否”，留着备份。"
)

UndoLine = list[str]


class Undoable(NamedTuple):
    """The cells that were changed, the rows that were put in (sheet and row), and what names the changed rows."""

    changes: tuple[Change, ...]
    new_rows: tuple[tuple[str, int], ...]
    witnesses: tuple[Witness, ...]


def lines(stages: Stages) -> list[UndoLine]:
    """What the sheet is to hold below its first cell; rows and columns count from 1, as in Excel."""
    cells = [_line(_CELL, change.sheet, change.row, change.column, change.old, change.new) for change in stages.changes]
    rows = [_line(_ROW, sheet, row) for sheet, row in stages.new_rows]
    witnesses = [_line(_WITNESS, one.sheet, one.row, one.column, one.holds) for one in stages.witnesses]
    return [_HEADINGS, *cells, *rows, *witnesses]


def _line(kind: str, sheet: str, row: int, column: int = -1, *held: Held) -> UndoLine:
    line = [kind, sheet, str(row + 1), str(column + 1), *(one.coded() for one in held)]
    return [*line, *[""] * (len(_HEADINGS) - len(line))]


def kept(workbook: Workbook) -> list[UndoLine] | None:
    """What the sheet of a workbook holds below its first cell; None where there is none of ours."""
    for sheet in workbook.sheets:
        if sheet.name == UNDO and title(sheet) == KEPT:
            rows = [[str(cell) for cell in row] for row in sheet.rows[1:]]
            return [[*row, *[""] * (len(_HEADINGS) - len(row))] for row in rows]
    return None


def parsed(found: Iterable[UndoLine]) -> Undoable:
    """What these lines say; those that somebody has spoiled are passed over."""
    changes: list[Change] = []
    rows: list[tuple[str, int]] = []
    witnesses: list[Witness] = []
    for kind, sheet, line, place, old, new, *_ in found:
        with suppress(ValueError):
            row, column = int(line) - 1, int(place) - 1
            if kind == _CELL:
                changes.append(Change(sheet, row, column, decoded(old), decoded(new)))
            elif kind == _ROW:
                rows.append((sheet, row))
            elif kind == _WITNESS:
                witnesses.append(Witness(sheet, row, column, decoded(old)))
    return Undoable(tuple(changes), tuple(rows), tuple(witnesses))


def store(book: xw.Book, found: list[UndoLine] | None) -> None:
    """Keep these lines in place of what was kept before; nothing for None."""
    drop(book)
    if found is None:
        return
    shown = book.sheets.active
    sheet = add(book, UNDO)
    try:
        rows = [[KEPT, *[""] * (len(_HEADINGS) - 1)], *found]
        area = sheet.range((1, 1), (len(rows), len(_HEADINGS)))
        area.value = [[f"'{cell}" if cell else "" for cell in row] for row in rows]
        with suppress(Exception):
            shown.activate()
        # xlwings hands on to Excel whatever it is.
        sheet.visible = cast(bool, _VERY_HIDDEN)
    except Exception:
        with suppress(Exception):
            delete(sheet)
        raise


def drop(book: xw.Book) -> None:
    """Keep nothing any longer."""
    if UNDO in [sheet.name for sheet in book.sheets]:
        with refused(f"删不掉“{UNDO}”的备份", book):
            delete(book.sheets[UNDO])


def drop_if_told(book: xw.Book, workbook: Workbook) -> None:
    """Ask whether to keep it any longer; a workbook that is handed in should not hide old figures."""
    if kept(workbook) is not None and ask(book.app, _QUESTION, "yes_no") == "yes":
        drop(book)
