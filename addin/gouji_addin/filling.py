"""What 填充 does to an open workbook: what `gouji fill` does to a copy of a file, and it can be taken back."""

from contextlib import suppress
from datetime import datetime

import xlwings as xw

from gouji_addin import undo
from gouji_addin.beforehand import may_go, ready
from gouji_addin.filled import Filling, filled, refused_items
from gouji_addin.live_target import LiveTarget, Stages
from gouji_addin.message import Asking, Stopped, ask, half_done, tell
from gouji_addin.results import NAME, Results
from gouji_addin.sheets import write
from gouji_addin.source import BookSource
from gouji_addin.writing import Writing
from gouji_checks.book import refusal_of
from gouji_checks.check import known_codes
from gouji_checks.detail import DetailError
from gouji_checks.fill.making import plan
from gouji_checks.fill.plan import FigureCell
from gouji_checks.fill.request import read_request
from gouji_checks.relation import load

_NAMED = 3
"""So many cells are named in a question; the rest are counted."""

_ONLY_ITEMS = (
    "工作簿里只有“{sheet}”，没有公开表。请先点“新建模板”，把明细粘贴到其中的“预算明细”表，再点“填充”；"
    "或者用 gouji fill 直接生成。"
)


def fill_book(book: xw.Book, when: datetime) -> None:
    """Derived figures, or all that the line items give, written into the workbook and listed.

    Raises Stopped, with everything as it was, where Excel takes no change.
    """
    everything = BookSource(book).read()
    workbook = ready(book, everything)
    catalogue = load()
    try:
        request = read_request(workbook, catalogue, known_codes())
    except DetailError as error:
        may_go(book.app, everything)
        write(book, refused_items(book.name, error.problems, when))
        return
    if request.items and not request.book.tables:
        raise Stopped(_ONLY_ITEMS.format(sheet=request.sheet))
    if reason := refusal_of(request.book, catalogue.form):
        raise Stopped(f"{reason}。")
    target = LiveTarget(book, workbook, catalogue.form)
    made = plan(catalogue, request.book, request.content(catalogue), target)
    kept = _kept(book.app, target.disagreeing(made))
    if kept is None:
        return
    stages = target.stages(made, kept)
    filling = Filling(made, stages, kept, request.sheet)
    if not (stages.changes or kept or made.notes):
        tell(book.app, "没有需要填的。")
        return
    may_go(book.app, everything)
    if stages.changes:
        _carry_out(book, stages, undo.kept(everything), filled(book.name, filling, when))
    else:
        write(book, filled(book.name, filling, when))


def _kept(app: Asking, disagreeing: list[FigureCell]) -> list[FigureCell] | None:
    """Those of the figures typed that are to stay; None where nothing is to be done at all."""
    if not disagreeing:
        return []
    named = "\n".join(
        f"{figure.address}：填的是 {figure.old}，算出的是 {figure.new or '空'}" for figure in disagreeing[:_NAMED]
    )
    more = f"\n……还有 {len(disagreeing) - _NAMED} 格" if len(disagreeing) > _NAMED else ""
    answer = ask(
        app,
        f"有 {len(disagreeing)} 格填好的数与算出的不一致：\n\n{named}{more}\n\n"
        "点“是”，改成算出的数；点“否”，保留这些格，只填其他的；点“取消”，什么也不改。\n\n"
        f"改了的、保留的，都会逐格列在“{NAME}”上。",
        "yes_no_cancel",
    )
    if answer == "cancel":
        return None
    return [] if answer == "yes" else disagreeing


def _carry_out(book: xw.Book, stages: Stages, former: list[undo.UndoLine] | None, listing: Results) -> None:
    """The changes and the list of them, or neither; what was to be undone before is kept if it is neither."""
    shown = book.sheets.active
    touched = [change.sheet for change in stages.changes] + [rows.sheet for rows in stages.inserts]
    with Writing(book, touched) as writing:
        writing.unprotected(rows.sheet for rows in stages.inserts)
        try:
            # First, for whatever happens it says how things were.
            undo.store(book, undo.lines(stages))
            writing.change(stages.early)
            for rows in stages.inserts:
                writing.insert(rows)
            writing.change(stages.late)
            write(book, listing)
        except Exception as error:
            if not writing.put_back():
                raise half_done(error, "没有填完。", "请照办后点“撤销填充”。") from error
            with suppress(Exception):
                undo.store(book, former)
                shown.activate()
            raise
