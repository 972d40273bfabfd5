"""A workbook file filled: read, planned, and made anew with the plan carried out. The file itself is only read."""

from pathlib import Path
from typing import NamedTuple

from gouji_checks.book import read_book, refusal_of
from gouji_checks.complete import complete
from gouji_checks.detail import Detail
from gouji_checks.fill.items import with_items
from gouji_checks.fill.making import plan
from gouji_checks.fill.plan import Plan
from gouji_checks.fill.request import AS_SAID, DepartmentYear, read_request, tables_of
from gouji_checks.fill.target import FileTarget
from gouji_checks.fill.verdicts import with_verdicts
from gouji_checks.refusal import Refusal
from gouji_checks.relation import Catalogue
from gouji_checks.source import FileSource, Unreadable, read_package
from gouji_templates.classification import Codes


class Filled(NamedTuple):
    """The new file's bytes and what was done; `items` is the sheet of line items that the tables come from, if any,
    `fresh` says that the tables were not there before."""

    data: bytes
    plan: Plan
    items: str
    fresh: bool


def fill_file(path: str, catalogue: Catalogue, codes: Codes, whose: DepartmentYear = AS_SAID) -> Filled:
    """The workbook at this path with its derived figures, or from its line items where it has any.

    Raises Unreadable if the file can't be filled, DetailError with every problem of its line items.
    """
    workbook = FileSource(path).read()
    request = read_request(workbook, catalogue, codes)
    if request.items and not request.book.tables:
        return _fresh(request.items, request.sheet, catalogue, whose)
    if reason := refusal_of(request.book, catalogue.form):
        raise Unreadable(reason)
    data = Path(path).read_bytes()
    if not data.startswith(b"PK"):
        raise Unreadable("旧版 .xls 工作簿不能填，请用 Excel 或 WPS 打开，另存为 .xlsx 再填")
    try:
        target = FileTarget(data, catalogue.form)
        made = plan(catalogue, request.book, request.content(catalogue, whose), target)
        done = target.apply(made)
    except Refusal as refusal:
        raise Unreadable(str(refusal)) from refusal
    made = made._replace(notes=(*made.notes, *done.notes))
    new = with_verdicts(done.data, catalogue) if done.data is not data else data
    return Filled(new, made, request.sheet, fresh=False)


def _fresh(items: Detail, name: str, catalogue: Catalogue, whose: DepartmentYear) -> Filled:
    """A new workbook from line items alone. Its formulas come first; figures that 尾差 makes different from what they
    come to are then written over them."""
    # What writes a template is needed for nothing else.
    from gouji_checks.live.template import build

    content = tables_of(items, catalogue, whose)
    built = build(catalogue, complete(catalogue, content))
    data = with_items(built, read_package(built), items)
    target = FileTarget(data, catalogue.form)
    made = plan(catalogue, read_book(read_package(data), catalogue.form), content, target)
    new = [figure._replace(old="", changed=figure.value is not None) for figure in made.figures]
    done = with_verdicts(target.apply(made).data, catalogue)
    return Filled(done, made._replace(figures=tuple(new)), name, fresh=True)
