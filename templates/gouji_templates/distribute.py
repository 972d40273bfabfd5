"""A workbook for every department of a list, and the manifest of what was given out."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from gouji_templates import __version__, atomic, file_name, manifest
from gouji_templates.content import FINGERPRINT, PriorFigure
from gouji_templates.copies import Copies
from gouji_templates.form import Form
from gouji_templates.manifest import Entry


class Department(NamedTuple):
    """A department of the list; the code and last year's workbook may be empty, `row` counts from 1."""

    name: str
    code: str
    kind: str
    prior: str
    row: int


class Issue(NamedTuple):
    """What is stamped into every workbook of one distribution, and how a workbook is built."""

    form: Form
    year: int
    fingerprint: str
    copies: Copies


class Distribution(NamedTuple):
    """What became of each department's workbook; the manifest holds all but the strangers."""

    written: list[Entry]
    kept: list[Entry]
    """Already there, and left as they are."""
    stale: list[Entry]
    """Those of them that would be made differently today: another kind of unit, version or fingerprint."""
    strangers: list[str]
    """Files of the right name that are not in the manifest, left as they are."""
    others: list[Entry]
    """Given out before to departments that are not on this list."""


Priors = Mapping[Department, Mapping[tuple[str, str], PriorFigure]]
"""Last year's figures of the departments whose workbook of last year was named."""

_NO_PRIORS: Priors = MappingProxyType({})

Progress = Callable[[Sequence[Department]], Iterable[Department]]


def issue(form: Form, year: int, fingerprint: str, build: Callable[..., bytes]) -> Issue:
    """One distribution; `build` makes a workbook from its content."""
    return Issue(form, year, fingerprint, Copies(build, form, year, {FINGERPRINT: fingerprint}))


def file_of(department: Department, year: int) -> str:
    """编码_部门名称_2025年部门预算公开表.xlsx, as safe as a file name must be."""
    stem = "_".join(filter(None, (department.code, department.name)))
    return file_name.safe(stem, f"_{year}年部门预算公开表.xlsx")


def clashes(departments: Iterable[Department], year: int) -> Iterator[tuple[Department, Department]]:
    """Departments whose file would have the name of an earlier one's; Windows and macOS do not tell A from a."""
    taken: dict[str, Department] = {}
    for department in departments:
        key = file_of(department, year).casefold()
        if key in taken:
            yield department, taken[key]
        taken.setdefault(key, department)


def distribute(
    departments: Sequence[Department],
    folder: Path,
    issue: Issue,
    priors: Priors = _NO_PRIORS,
    *,
    force: bool = False,
    progress: Progress = iter,
) -> Distribution:
    """Writes what is not there yet, or with `force` everything, and the manifest.

    Raises ManifestError where the folder's manifest is unreadable or of another year or form, before anything is
    written, and OSError where a file cannot be written; the manifest then tells what has been.
    """
    path = folder / manifest.NAME
    before = _given_out(path, issue)
    entries = dict(before)
    outcome = Distribution([], [], [], [], [])
    try:
        for department in progress(departments):
            _give(department, folder, issue, priors, entries, outcome, force)
    finally:
        if entries != before:
            manifest.write(path, entries.values())
    names = {entry.file for entry in (*outcome.written, *outcome.kept)}
    outcome.others.extend(entry for name, entry in before.items() if name not in names)
    return outcome


def _given_out(path: Path, issue: Issue) -> dict[str, Entry]:
    """The entries of the manifest by file name, none where there is no manifest yet."""
    entries = manifest.read(path) if path.exists() else []
    for entry in entries:
        if (entry.year, entry.form) != (str(issue.year), issue.form.id):
            raise manifest.ManifestError(
                f"文件夹“{path.parent}”里是 {entry.year} 年（表样 {entry.form}）的发放清单，"
                f"不能再放入 {issue.year} 年（表样 {issue.form.id}）的工作簿，请换一个文件夹"
            )
    repeated = [name for name, times in Counter(entry.file for entry in entries).items() if times > 1]
    if repeated:
        raise manifest.ManifestError(f"发放清单“{path}”里“{repeated[0]}”有两行，请删去多余的一行")
    return {entry.file: entry for entry in entries}


def _give(
    department: Department,
    folder: Path,
    issue: Issue,
    priors: Priors,
    entries: dict[str, Entry],
    outcome: Distribution,
    force: bool,
) -> None:
    name = file_of(department, issue.year)
    path = folder / name
    known = entries.get(name)
    there = path.exists()
    if there and known and not force:
        outcome.kept.append(known)
        if known[:8] != _entry(department, issue, name, b"")[:8]:
            outcome.stale.append(known)
        return
    data = issue.copies.make(department.name, department.code, department.kind, priors.get(department))
    entry = _entry(department, issue, name, data)
    if there and not force:
        # A distribution that was cut off had no time to write this one down, or it is somebody's own file.
        if path.read_bytes() != data:
            outcome.strangers.append(name)
            return
        outcome.kept.append(entry)
    else:
        atomic.write(path, data)
        outcome.written.append(entry)
    entries[name] = entry


def _entry(department: Department, issue: Issue, name: str, data: bytes) -> Entry:
    return Entry(
        department.code,
        department.name,
        department.kind,
        name,
        str(issue.year),
        issue.form.id,
        __version__,
        issue.fingerprint,
        department.prior,
        datetime.now().isoformat(" ", "seconds"),
        hashlib.sha256(data).hexdigest(),
    )
