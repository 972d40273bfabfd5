"""Which file is a department's workbook of last year: one that is named, or one of a folder or a manifest."""

import os
from collections.abc import Iterable
from functools import cached_property, partial
from typing import NamedTuple

from gouji_checks.batch import in_order
from gouji_checks.book import Book, read_book, refusal_of
from gouji_checks.compare.prior import Whose, whose
from gouji_checks.compare.reading import last_year, printable
from gouji_checks.compare.years import Last
from gouji_checks.single import workbooks_in
from gouji_checks.source import FileSource, Unreadable
from gouji_checks.stamps import stamps
from gouji_templates.content import OTHER_SHEETS
from gouji_templates.form import load
from gouji_templates.manifest import Entry
from gouji_templates.wording import fold

YEARLESS, MISSING, SEVERAL, UNFIT = "没有写明年度", "没有找到", "不止一个", "不能用"
"""The kinds of reasons why a workbook has none of last year."""

_MOST_NAMED = 3
"""So many of the workbooks that are one too many, or of another year, are named; all are counted."""


class LastYear(NamedTuple):
    """A workbook that may be somebody's of last year: whose it is, folded; the year is blank where not yet known."""

    path: str
    department: str
    code: str
    year: str = ""


class Chosen(NamedTuple):
    """The path of a workbook of last year; where it is blank, why there is none, without the full stop, and what kind
    of reason that is."""

    path: str
    why: str = ""
    kind: str = ""


class _Sources(NamedTuple):
    files: tuple[LastYear, ...] = ()
    where: str = ""
    only: str = ""


class LastYears(_Sources):
    """The workbooks to choose from, taken from what `where` says; or the `only` one, for one workbook of this year."""

    def of(self, book: Book) -> Last:
        """Last year of a workbook. Raises Unreadable where the only one is not what was asked for; one of several that
        does not fit leaves last year unknown, as does a choice that is not clear."""
        this = whose(book)
        if self.only:
            return Last(last_year(self.only, this, book.form))
        path, why, kind = self.choose(this)
        try:
            return Last(last_year(path, this, book.form)) if path else Last(None, why, kind)
        except Unreadable as error:
            return Last(None, str(error).rstrip("。"), UNFIT)

    def choose(self, this: Whose) -> Chosen:
        """The one workbook of the department's last year; none of several."""
        if not this.year.isdigit():
            return Chosen("", "没有写明预算年度，不知上年是哪一年", YEARLESS)
        wanted = str(int(this.year) - 1)
        by_code, by_name = self._places
        places = {*by_code.get(this.code, ()), *by_name.get(this.department, ())}
        own = [self.files[place] for place in sorted(places)]
        fitting = [file for file in own if file.year in ("", wanted)]
        if not fitting:
            others = _named([f"{printable(file.path)} 是{file.year}年的" for file in own])
            why = f"{self.where}里没有本部门{wanted}年的工作簿" + (f"（{others}）" if others else "")
            return Chosen("", why, MISSING)
        if len(fitting) > 1:
            names = _named([printable(file.path) for file in fitting])
            why = f"{self.where}里本部门{wanted}年的工作簿不止一个（{names}），没有采用，请只留一个"
            return Chosen("", why, SEVERAL)
        return Chosen(fitting[0].path)

    @cached_property
    def _places(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Which of the files are a department's, by its code and by its name: each of thousands asks."""
        by_code: dict[str, list[int]] = {}
        by_name: dict[str, list[int]] = {}
        for place, file in enumerate(self.files):
            if file.code:
                by_code.setdefault(file.code, []).append(place)
            if file.department:
                by_name.setdefault(file.department, []).append(place)
        return by_code, by_name

    def __reduce__(self) -> tuple[type["LastYears"], tuple[object, ...]]:
        # A worker finds out by itself where the files are.
        return LastYears, (self.files, self.where, self.only)


def _named(files: list[str]) -> str:
    return "、".join(files[:_MOST_NAMED]) + (f" 等 {len(files)} 个" if len(files) > _MOST_NAMED else "")


def in_folder(folder: str, form: str, jobs: int = 0) -> tuple[LastYears, tuple[str, ...]]:
    """The workbooks of a folder, and a sentence for each that can't be read."""
    found = list(in_order(partial(_identified, form=form), workbooks_in([folder]), jobs))
    files = tuple([one for one in found if isinstance(one, LastYear)])
    return LastYears(files, f"文件夹“{printable(folder)}”"), tuple([one for one in found if isinstance(one, str)])


def in_manifest(entries: Iterable[Entry], folder: str) -> LastYears | None:
    """The workbooks that a manifest in this folder names; None where it names none."""
    files = [
        LastYear(os.path.join(folder, entry.prior), fold(entry.name), fold(entry.code))
        for entry in entries
        if entry.prior
    ]
    return LastYears(tuple(files), "发放清单") if files else None


def _identified(paths: list[str], form: str) -> list[LastYear | str]:
    return [_identify(path, form) for path in paths]


def _identify(path: str, form: str) -> LastYear | str:
    """Whose a file is, or what is wrong with it."""
    declared = load(form)
    try:
        book = read_book(FileSource(path, OTHER_SHEETS).read(), declared)
    except Unreadable as error:
        return f"上年工作簿 {error}"
    if refusal := refusal_of(book, declared):
        return f"上年工作簿 {printable(os.path.basename(path))}：{refusal}"
    said = stamps(book)
    return LastYear(path, book.department, said.sheet.code or said.file.code, book.year)
