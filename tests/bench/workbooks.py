"""Folders of workbooks to measure on: copies of the sample, variants of it that all differ, and some with errors."""

import os
import random
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from gouji_templates import classification, workbook
from gouji_templates.content import Content, Line, line_of
from gouji_templates.form import Block
from samples.build import published
from tests.bench.sample import PATH, Amounts, sample

# Rows that may be added to a sibling without touching a relation that names them. A group keeps two rows or more, as
# a total over a single row would be a copy, in which the rounding of the published figures is an error.
_FUNCTIONAL: tuple[tuple[str, str], ...] = (("2011301", "2011350"), ("2101101", "2101102"))
_ECONOMIC: tuple[tuple[str, ...], ...] = (
    ("30101", "30102", "30103", "30112"),
    ("30201", "30202", "30205", "30206", "30207", "30208", "30211", "30213", "30228", "30229", "30299"),
    ("30301", "30302", "30305", "30309"),
)


@contextmanager
def copies(count: int) -> Iterator[list[str]]:
    """A folder with the sample so many times, removed afterwards."""
    with TemporaryDirectory(prefix="gouji-bench-") as folder:
        paths = [f"{folder}/{number:04d}.xlsx" for number in range(count)]
        for path in paths:
            shutil.copyfile(PATH, path)
        yield paths


@contextmanager
def variants(count: int) -> Iterator[list[str]]:
    """A folder of error-free workbooks of as many departments, each with its own set of rows, removed afterwards."""
    with TemporaryDirectory(prefix="gouji-bench-") as folder, ProcessPoolExecutor() as pool:
        paths = [f"{folder}/{number:04d}.xlsx" for number in range(count)]
        yield list(pool.map(_write_variant, range(count), paths, chunksize=20))


@contextmanager
def linked(paths: Sequence[str]) -> Iterator[str]:
    """A folder with these files only, removed afterwards."""
    with TemporaryDirectory(prefix="gouji-bench-") as folder:
        for path in paths:
            os.link(path, f"{folder}/{os.path.basename(path)}")
        yield folder


@contextmanager
def erroneous(changes: Sequence[Amounts]) -> Iterator[list[str]]:
    """A folder with the sample under each of these changes, removed afterwards."""
    with TemporaryDirectory(prefix="gouji-bench-") as folder:
        paths = [f"{folder}/{number:04d}.xlsx" for number in range(len(changes))]
        for path, amounts in zip(paths, changes, strict=True):
            workbook.write(Path(path), sample().catalogue.form, _with(amounts))
        yield paths


def _write_variant(number: int, path: str) -> str:
    source = random.Random(number)
    form = sample().catalogue.form
    content = published(form)
    lines = dict(content.lines)
    for into, code in _FUNCTIONAL:
        if source.random() < 0.5:
            for table in ("表2", "表3", "表5"):
                lines[table] = _merged(lines[table], code, into)
    for group in _ECONOMIC:
        kept = sorted(source.sample(group, source.randint(2, len(group))))
        for code in group:
            if code not in kept:
                lines["表6"] = _merged(lines["表6"], code, source.choice(kept))
    codes = _other_codes(source)
    for block in form.blocks:
        if block.name in ("表2", "表3", "表5", "表7"):
            lines[block.name] = [_recoded(block, line, codes) for line in lines[block.name]]
    content = content._replace(department=f"{content.department}第{number + 1}所", lines=lines)
    workbook.write(Path(path), form, content)
    return path


def _other_codes(source: random.Random) -> dict[str, str]:
    """Another 款 in the place of 20113, with its 行政运行 and 事业运行, and another 项 in the place of 2150805."""
    known = classification.load("functional")
    general = source.choice(
        [code for code in known if len(code) == 5 and code[:3] == "201" and {f"{code}01", f"{code}50"} <= known.keys()]
    )
    special = source.choice([code for code in known if len(code) == 7 and code[:3] == "215" and code[:5] in known])
    replaced = {f"20113{end}": f"{general}{end}" for end in ("", "01", "50")}
    return {**replaced, "21508": special[:5], "2150805": special}


def _recoded(block: Block, line: Line, codes: dict[str, str]) -> Line:
    """The line under another code, if its own is among these."""
    code = codes.get(_code(line))
    if code is None:
        return line
    project = line.labels[-1] if block.kind == "projects" else ""
    name = classification.load("functional")[code].name
    return line_of(block, name, code, project)._replace(figures=line.figures)


def _merged(lines: list[Line], code: str, into: str) -> list[Line]:
    """The lines without the one of this code, its figures added to another's."""
    gone = next(line for line in lines if _code(line) == code)
    return [
        line._replace(figures=tuple(map(_added, line.figures, gone.figures))) if _code(line) == into else line
        for line in lines
        if line is not gone
    ]


def _code(line: Line) -> str:
    return "".join(label for label in line.labels if label.isdigit())


def _added(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return one if other is None else other if one is None else one + other


def _with(amounts: Amounts) -> Content:
    content = published(sample().catalogue.form)
    lines = {name: list(block) for name, block in content.lines.items()}
    for cell, amount in amounts.items():
        layout, row, column = sample().system.place(cell)
        figures = list(lines[layout.block.name][row].figures)
        figures[column] = None if amount is None else Decimal(amount) / 100
        lines[layout.block.name][row] = lines[layout.block.name][row]._replace(figures=tuple(figures))
    return content._replace(lines=lines)
