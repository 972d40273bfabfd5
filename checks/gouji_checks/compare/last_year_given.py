"""Last year's figures for the workbooks that are given out: whose workbook of last year is which, and what it says."""

import os
from collections.abc import Sequence
from pathlib import Path

from gouji_checks.compare.carried import carried, prior_for
from gouji_checks.compare.last_years import in_folder
from gouji_checks.compare.prior import Whose
from gouji_checks.source import Unreadable
from gouji_templates.content import PriorFigure
from gouji_templates.distribute import Department, Priors
from gouji_templates.form import Form
from gouji_templates.wording import fold


def named_from(folder: Path, department: Department, there: str) -> Department:
    """A department whose workbook of last year, named from `there`, is named from the folder of the manifest."""
    if not department.prior:
        return department
    path = os.path.abspath(os.path.join(there, department.prior))
    try:
        return department._replace(prior=Path(os.path.relpath(path, folder)).as_posix())
    except ValueError:
        # On another drive of Windows there is no way from one to the other.
        return department._replace(prior=path)


def found_in(
    workbooks: str, departments: Sequence[Department], folder: Path, form: str, year: int
) -> tuple[list[Department], list[str]]:
    """Departments of which the list names no workbook of last year get the one in the folder of these that is theirs;
    and what is to be said of those without and of files that nobody can read."""
    there, unread = in_folder(os.path.abspath(workbooks), form)
    found: list[Department] = []
    notes = [problem.rstrip("。") for problem in unread]
    for one in departments:
        if one.prior:
            found.append(one)
            continue
        path, why, _ = there.choose(Whose(fold(one.name), fold(one.code), str(year), one.kind))
        notes += [f"{one.name}：{why}，上年预算数留空"] if why else []
        found.append(named_from(folder, one._replace(prior=path), "") if path else one)
    return found, notes


def priors(
    departments: Sequence[Department], path: str, folder: Path, form: Form, year: int
) -> tuple[Priors, list[str], list[str]]:
    """Last year's figures of those departments of the list at this path whose workbook is named, what is wrong with any
    of these, and what is to be said."""
    found: dict[Department, dict[tuple[str, str], PriorFigure]] = {}
    problems: list[str] = []
    notes: list[str] = []
    for one in departments:
        if not one.prior:
            continue
        try:
            prior = prior_for(os.path.normpath(folder / one.prior), form, year, one.name, one.code, one.kind)
        except Unreadable as error:
            problems.append(f"名单“{os.path.basename(path)}”第 {one.row} 行：{str(error).removesuffix('。')}")
            continue
        found[one] = carried(prior, form)
        notes += [f"{one.name}：{note}" for note in prior.notes]
    return found, problems, notes
