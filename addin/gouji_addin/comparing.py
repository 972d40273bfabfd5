"""What 对比 does to an open workbook: last year's figures entered where none were typed, and this year set against
them as `gouji compare` does."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

import xlwings as xw

from gouji_addin.beforehand import may_go, ready
from gouji_addin.cells import Cells
from gouji_addin.change import Change
from gouji_addin.compared import Page, pages
from gouji_addin.comparison_notes import Note, explained, notes
from gouji_addin.comparison_sheets import Rows, fill, format_rows
from gouji_addin.comparison_updating import followed, is_live, listed, updated
from gouji_addin.message import Stopped, half_done, tell
from gouji_addin.open_prior import open_prior
from gouji_addin.prior_filling import Entered, entered
from gouji_addin.results import NAME as RESULTS
from gouji_addin.results import Results
from gouji_addin.sheets import add, delete, write
from gouji_addin.source import BookSource
from gouji_addin.writing import Writing
from gouji_checks.book import Book, read_book, refusal_of
from gouji_checks.compare.comparison import Compared, compare
from gouji_checks.compare.prior import Prior, merged, whose
from gouji_checks.compare.prior_sheet import find, from_sheet, lines
from gouji_checks.compare.sections import BEFORE, ITEM, Listed
from gouji_checks.live.comparison_values import values
from gouji_templates.content import COMPARISONS
from gouji_templates.form import load

_FEW = 5
"""So many notes are told in the message box; more are listed on a sheet."""

_OPEN = "同时打开本部门{year}年的公开表（在受保护的视图里的，先点“启用编辑”），再点“对比”"
_NOTHING = f"没有上年数。请在“{{prior}}”中填写，或者{_OPEN}。"
_NOTHING_FOREIGN = f"没有上年数。请{_OPEN}；或者用 gouji compare 本年工作簿 --prior 上年工作簿，在命令行里对比。"


class Work(NamedTuple):
    """What is to be written: cells, and sheets that are not there yet; which rows that were blank have come to hold
    figures, and what is to be said of lines that are gone."""

    changes: tuple[Change, ...]
    new: tuple[Page, ...]
    grown: tuple[Rows, ...]
    gone: tuple[str, ...]


def compare_book(book: xw.Book, when: datetime) -> None:
    """Last year's figures and the comparison, written into the workbook and shown.

    Raises Stopped, with everything as it was, where last year is not known or Excel takes no change.
    """
    everything = BookSource(book).read()
    workbook = ready(book, everything)
    form = load()
    this = read_book(workbook, form)
    if reason := refusal_of(this, form):
        raise Stopped(f"{reason}。")
    cells = Cells(book, workbook)
    typed = from_sheet(this)
    on_sheet = _prior_sheet(this)
    beside = open_prior(book, whose(this), form)
    prior = merged(typed, beside.prior, form)
    if prior is None or not prior.figures:
        raise Stopped(_nothing(this, on_sheet, typed, beside.refused))
    entering = entered(cells, on_sheet, typed, beside.prior, form) if on_sheet and beside.prior else None
    known = _with(this, entering)
    found = compare(known, prior)
    work = _work(cells, known, found, entering)
    said = notes(known, found, work.gone)
    listing = explained(book.name, said, when) if len(said) > _FEW else None
    if listing:
        may_go(book.app, everything)
    _carry_out(book, work, listing)
    _tell(book, entering, beside.prior, said)


def _prior_sheet(this: Book) -> Listed | None:
    """The sheet 上年预算数; raises Stopped for one without its headings, which nothing can be entered on."""
    sheet = find(this)
    found = lines(sheet, this.form) if sheet else None
    if sheet and found is None:
        raise Stopped(f"工作表“{sheet.name}”里没有找到“{ITEM}”“{BEFORE}”两栏。请按模板恢复表头，再点按钮。")
    return found


def _nothing(this: Book, on_sheet: Listed | None, typed: Prior | None, refused: Sequence[str]) -> str:
    """What to do where nothing is known of last year, and why what is open is of no help."""
    year = str(int(this.year) - 1) if this.year.isdigit() else "上"
    sentence = _NOTHING.format(prior=on_sheet.sheet.name, year=year) if on_sheet else _NOTHING_FOREIGN.format(year=year)
    said = [*(f"{note}。" for note in (typed.notes if typed else ())), *refused]
    return "\n".join([sentence, "", *said[:_FEW]]) if said else sentence


def _with(this: Book, entering: Entered | None) -> Book:
    """The workbook as it will be."""
    if entering is None:
        return this
    sheet = entering.sheet
    return this._replace(others=tuple([sheet if one.name == sheet.name else one for one in this.others]))


def _work(cells: Cells, known: Book, found: Compared, entering: Entered | None) -> Work:
    form = known.form
    there = {sheet.name: listed(sheet, form) for sheet in known.others if sheet.name in COMPARISONS}
    typed = {name: one for name, one in there.items() if not is_live(cells, one)}
    changes = list(entering.changes if entering else ())
    if entering and entering.changes:
        shown = values(known).groups
        changes += [
            change for name, one in there.items() if name not in typed for change in followed(cells, one, shown)
        ]
    if len(there) == len(COMPARISONS) and not typed:
        return Work(tuple(changes), (), (), ())
    made = {page.name: page for page in pages(known, found, {name: one.unit(form) for name, one in typed.items()})}
    grown: list[Rows] = []
    gone: list[str] = []
    for name, one in typed.items():
        update = updated(cells, one, made[name], form)
        changes += update.changes
        gone += update.gone
        if update.new_rows:
            grown.append(Rows(name, update.new_rows, one.columns))
    return Work(
        tuple(changes), tuple([made[name] for name in COMPARISONS if name not in there]), tuple(grown), tuple(gone)
    )


def _carry_out(book: xw.Book, work: Work, listing: Results | None) -> None:
    """All of it, or nothing; then the comparison of 三公 is shown."""
    shown = book.sheets.active
    added: list[xw.Sheet] = []
    touched = [*(change.sheet for change in work.changes), *(rows.sheet for rows in work.grown)]
    with Writing(book, touched) as writing:
        try:
            writing.change(work.changes)
            for rows in work.grown:
                format_rows(book.sheets[rows.sheet], rows)
            for page in work.new:
                added.append(add(book, page.name))
                fill(added[-1], page)
            if listing:
                write(book, listing)
        except Exception as error:
            whole = writing.put_back()
            for sheet in reversed(added):
                with suppress(Exception):
                    delete(sheet)
            with suppress(Exception):
                shown.activate()
            if not whole:
                raise half_done(error, "没有对比完。", "请不保存关闭工作簿，再打开。") from error
            raise
    # Another Excel may stand before this one by now, which xlwings takes for a failure.
    with suppress(Exception):
        book.sheets[COMPARISONS[-1]].activate()


def _tell(book: xw.Book, entering: Entered | None, prior: Prior | None, said: Sequence[Note]) -> None:
    """What was entered, and what has to be looked at."""
    told = []
    if entering and entering.lines and prior:
        told.append(f"已从“{prior.file}”填入“{entering.sheet.name}” {entering.lines} 行，来源写在各行。")
    if len(said) > _FEW:
        told.append(f"有 {len(said)} 条需要核对的说明，列在“{RESULTS}”表。")
    else:
        told += [f"· {note.words}。" for note in said]
    if told:
        tell(book.app, "\n".join(told))
