"""A department with funds, state capital, carry-overs and several units: what the published one does not show."""

import random
from decimal import Decimal
from pathlib import Path

import pytest

from gouji_checks.check import Report, check
from gouji_checks.source import FileSource
from gouji_templates import workbook
from gouji_templates.content import Content
from tests import rich

ERRORS_TRIED = 60


def checked(content: Content, folder: Path) -> Report:
    path = folder / "预算.xlsx"
    workbook.write(path, rich.FORM, content)
    return check(FileSource(str(path)))


@pytest.mark.parametrize("seed", range(12))
def test_consistent_department_has_no_finding_at_all(seed: int, tmp_path: Path) -> None:
    report = checked(rich.content(seed), tmp_path)

    assert report.findings == ()
    assert (report.ledger.rounding, report.ledger.failed, report.ledger.not_checked) == (0, 0, ())
    assert report.ledger.agreed > 800


def test_one_figure_typed_wrong_in_any_table_is_the_one_suspect(tmp_path: Path) -> None:
    chance = random.Random(5)
    base = rich.content(3)
    blocks = [block for block in rich.FORM.blocks if block.name in base.lines]
    # 表1 income has lines that one relation alone reaches, where no program could tell which of them is wrong.
    blocks = [block for block in blocks if block.name != "表1收入"]
    wrong: list[str] = []
    for _ in range(ERRORS_TRIED):
        block = chance.choice(blocks)
        lines = list(base.lines[block.name])
        row = chance.randrange(len(lines))
        column = chance.randrange(len(block.columns))
        figures = list(lines[row].figures)
        true = figures[column]
        figures[column] = (true or Decimal(0)) + Decimal(chance.choice((1, 10, 100)))
        lines[row] = lines[row]._replace(figures=tuple(figures))
        report = checked(base._replace(lines=base.lines | {block.name: lines}), tmp_path)
        suspects = {f.suspects[0] for f in report.findings if f.severity == "error" and f.suspects}
        said = [(s.stated, s.value) for s in suspects]
        if said != [(f"{figures[column]:.2f}", f"{true:.2f}" if true else "")]:
            wrong.append(f"{block.name} {lines[row].labels} {block.columns[column].name}: {said}")

    assert wrong == []
