"""One file checked and put into words, ready to be sent back from another process."""

import os
from collections.abc import Iterator
from typing import NamedTuple

from gouji_checks import report
from gouji_checks.check import check, known_codes
from gouji_checks.relation import load
from gouji_checks.source import FileSource, Unreadable
from gouji_checks.stamps import Stamps, stamps
from gouji_templates.classification import Codes
from gouji_templates.content import OTHER_SHEETS

WORKBOOKS = (".xlsx", ".xlsm", ".xls")


class Options(NamedTuple):
    """How files are checked: the form, the relations, a file of official codes, and text or json."""

    form: str
    relations: str = ""
    codes: str = ""
    format: str = "text"


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
        found = check(FileSource(path, OTHER_SHEETS), load(options.form, options.relations), _codes(options.codes))
    except Unreadable as error:
        name = os.path.basename(path)
        message = f"{name}：{str(error).removeprefix(f'{name}：')}"
        if options.format == "json":
            return Result(path, "unreadable", _json(report.unreadable_json(path, message)), 0, 0)
        return Result(path, "unreadable", f"？ {path}：不能核对，{message.removeprefix(f'{name}：')}\n", 0, 0)
    count = report.counts(found.findings)
    words = _json(report.as_json(path, found)) if options.format == "json" else report.text(path, found)
    return Result(path, report.status(found), words, count["error"], count["warning"], stamps(found.book))


def _codes(file: str) -> Codes:
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
