"""One file checked and put into words, ready to be sent back from another process."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gouji_checks import report
from gouji_checks.check import Report, check, known_codes
from gouji_checks.relation import load
from gouji_checks.source import FileSource, Unreadable
from gouji_checks.stamps import Stamps, stamps
from gouji_templates.classification import Codes
from gouji_templates.content import UNREAD
from gouji_templates.form import FormError

if TYPE_CHECKING:
    from gouji_checks.compare.last_years import LastYears

WORKBOOKS = (".xlsx", ".xlsm", ".xls")


class Options(NamedTuple):
    """How files are checked: the form, the relations, a file of official codes, text or json, and where to look for
    last year's workbooks."""

    form: str
    relations: str = ""
    codes: str = ""
    format: str = "text"
    last_years: "LastYears | None" = None


class Result(NamedTuple):
    """One file's outcome: clean, findings or unreadable, the words to print, how many of each severity, whose it is."""

    path: str
    status: str
    words: str
    errors: int
    warnings: int
    stamps: Stamps = Stamps()


def check_file(path: str, options: Options) -> Result:
    """Check one file; a file that can't be read is a result as well, never an exception."""
    try:
        found = report_on(path, options)
    except Unreadable as error:
        reason = why(path, error)
        if options.format == "json":
            message = f"{os.path.basename(path)}：{reason}"
            return Result(path, "unreadable", _json(report.unreadable_json(path, message)), 0, 0)
        return Result(path, "unreadable", f"？ {path}：不能核对，{reason}\n", 0, 0)
    count = report.counts(found.findings)
    words = _json(report.as_json(path, found)) if options.format == "json" else report.text(path, found)
    return Result(path, report.status(found), words, count["error"], count["warning"], stamps(found.book))


def report_on(path: str, options: Options) -> Report:
    """Everything there is to say of one file; raises Unreadable."""
    source, catalogue = FileSource(path, UNREAD), load(options.form, options.relations)
    return check(source, catalogue, codes_of(options.codes), options.last_years)


def prepare(options: Options) -> None:
    """Loads what every file needs, so that a mistake in it is said once and not for each file: raises FormError or
    FormulaError."""
    load(options.form, options.relations)
    try:
        codes_of(options.codes)
    except Unreadable as error:
        raise FormError(str(error)) from error


def why(path: str, error: Unreadable) -> str:
    """Why a file cannot be read, without its name."""
    # As FileSource writes a name that is not valid UTF-8.
    name = os.path.basename(path).encode("utf-8", "replace").decode()
    return str(error).removeprefix(f"{name}：")


def codes_of(file: str) -> Codes:
    """The official names in this file, or those shipped where there is none."""
    if not file:
        return known_codes()
    from gouji_checks.official import load as load_official

    return load_official(file)


def _json(data: object) -> str:
    import json

    return json.dumps(data, ensure_ascii=False, indent=2)


def workbooks_in(paths: list[str]) -> Iterator[str]:
    """The workbooks that these files and folders name, folders searched to any depth, in order of name.

    A file named by itself is taken as it is; in folders, Office's own lock files (~$…) are no workbooks.
    """
    for path in paths:
        if not os.path.isdir(path):
            yield path
            continue
        for folder, folders, files in os.walk(path):
            folders.sort()
            for name in sorted(files):
                if name.lower().endswith(WORKBOOKS) and not name.startswith(("~$", ".")):
                    yield os.path.join(folder, name)


def empty_folders(paths: list[str]) -> list[str]:
    """A sentence, without its full stop, for each of these folders that holds no workbook."""
    empty = (path for path in paths if os.path.isdir(path) and next(workbooks_in([path]), None) is None)
    return [f"文件夹“{path}”里没有工作簿（{'、'.join(WORKBOOKS)}）" for path in empty]
