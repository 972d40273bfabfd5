"""The published department's year before: its figures as the text of 2025 implies them, typed or as a workbook."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from gouji_checks.amount import show
from gouji_checks.book import Book, read_book
from gouji_checks.compare.prior import Key, Prior
from gouji_checks.compare.prior_sheet import from_sheet
from gouji_checks.complete import complete
from gouji_checks.relation import load
from gouji_checks.source import MemorySource, Sheet, Workbook
from gouji_templates import workbook
from gouji_templates.content import PRIOR, UNIT_KIND, Content, Line, blank, line_of
from gouji_templates.form import Block
from samples.build import published
from tests.edits import the_published

CATALOGUE = load()
FORM = CATALOGUE.form
FILE = Path(__file__).with_name("published_comparison.toml")
SAID: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
"""What the document of 2025 says: see the file."""

CODES: dict[str, tuple[str, str]] = SAID["codes"]
OUTSIDE = "93.00"
"""单位资金, all of it project money under the first code."""

ROUNDED = {"603.82": "603.81", "595.82": "595.81", "696.82": "696.81"}
"""Totals as last year's printed items add up, and as they were printed."""

Rows = list[list[object]]


def prior_rows() -> Rows:
    """The sheet 上年预算数 as somebody types it, without a template: only what the document implies."""
    assert FORM.comparison is not None
    rows: Rows = [
        [PRIOR, "", "", "", "", ""],
        ["编制部门：", "", "", "上年：2024 年   单位：万元", "", ""],
        ["编码", "项目", "上年预算数", "其中：基本支出", "其中：项目支出", "来源"],
    ]
    for group in sorted(FORM.comparison.groups, key=lambda group: group.codes is not None):
        rows.append([group.title, "", "", "", "", ""])
        if group.codes:
            rows += [[code, "", "", float(basic), float(project), ""] for code, (basic, project) in CODES.items()]
        given = SAID["prior"].get(group.id, {})
        rows += [
            ["", line.label, float(given[line.id]) if line.id in given else "", "", "", ""] for line in group.lines
        ]
    return rows


def row_of(rows: Rows, title: str, item: str = "") -> int:
    """Where a section begins, or in it the line with this name or code, counted from 0."""
    start = next(number for number, row in enumerate(rows) if row[0] == title)
    if not item:
        return start
    return next(number for number, row in enumerate(rows) if number > start and item in (row[0], row[1]))


def with_sheet(rows: Rows, name: str = PRIOR, of: Workbook | None = None) -> Workbook:
    """The published workbook, or the one given, with this sheet."""
    book = of or the_published()
    width = max(map(len, rows))
    full = [[*row, *[""] * (width - len(row))] for row in rows]
    return book._replace(sheets=[*book.sheets, Sheet(name, full)])


def read(book: Workbook) -> Book:
    return read_book(MemorySource(book).read(), FORM)


def sheet_of(rows: Rows, name: str = PRIOR) -> Prior:
    found = from_sheet(read(with_sheet(rows, name)))
    assert found is not None
    return found


def amounts(found: Prior) -> dict[Key, tuple[str, ...]]:
    return {
        key: tuple("" if one is None else show(one) for one in figure.amounts) for key, figure in found.figures.items()
    }


def entered() -> dict[Key, tuple[str, ...]]:
    """What the typed sheet says."""
    return amounts(sheet_of(prior_rows()))


def content() -> Content:
    """Last year's workbook: every figure of the comparison as the document implies it, the rest made to tie."""
    info: dict[str, str | int] = {UNIT_KIND: "行政单位"}
    leaves = Content(published(FORM).department, 2024, info, _leaves(), frozenset({"表8", "表9", "表11"}))
    whole = complete(CATALOGUE, leaves)
    lines = {name: [_printed(line) for line in lines] for name, lines in whole.lines.items()}
    return whole._replace(lines=lines)


def write(path: Path, content: Content) -> Path:
    """The workbook of this content as a file."""
    path.write_bytes(workbook.build(FORM, content))
    return path


def saved(folder: Path, name: str = "上年.xlsx", other: Content | None = None) -> Path:
    return write(folder / name, other or content())


def _printed(line: Line) -> Line:
    figures = [Decimal(ROUNDED.get(f"{one:.2f}", str(one))) if one is not None else None for one in line.figures]
    return line._replace(figures=tuple(figures))


def _leaves() -> dict[str, list[Line]]:
    known = blank(FORM).lines
    lines = {name: list(known[name]) for name in ("表1收入", "表1支出", "表4收入", "表4支出", "表10")}
    pairs = {code: (Decimal(basic), Decimal(project)) for code, (basic, project) in CODES.items()}
    outside = {code: Decimal(OUTSIDE) if code == next(iter(CODES)) else Decimal() for code in CODES}
    lines["表2"] = [
        _row("表2", code, 一般公共预算=sum(pair, Decimal()), 单位资金=outside[code]) for code, pair in pairs.items()
    ]
    lines["表3"] = [
        _row("表3", code, 基本支出=basic, 项目支出=project + outside[code]) for code, (basic, project) in pairs.items()
    ]
    lines["表5"] = [_row("表5", code, 基本支出=basic, 项目支出=project) for code, (basic, project) in pairs.items()]
    given = {id: Decimal(amount) for id, amount in SAID["prior"]["一般公共预算"].items()}
    three = {id: Decimal(amount) for id, amount in SAID["prior"]["三公经费"].items()}
    pension = sum(pairs["2080505"], Decimal())
    lines["表6"] = [
        _row("表6", "30101", 人员经费=given["人员经费"] - pension),
        _row("表6", "30108", 人员经费=pension),
        _row("表6", "30201", 公用经费=given["公用经费"] - three["三公经费合计"]),
        _row("表6", "30217", 公用经费=three["公务接待"]),
        _row("表6", "30231", 公用经费=three["公务用车运行"]),
    ]
    lines["表7"] = [
        line_of(_block("表7"), published(FORM).department),
        _row("表7", "2011399", "食盐专营管理工作", 商品和服务支出=given["一般公共预算项目支出"]),
    ]
    _fill(lines["表1收入"], "表1收入", "其他收入", 预算数=Decimal(OUTSIDE))
    for id in ("公务接待", "公务用车运行"):
        _fill(lines["表10"], "表10", id, 一般公共预算=three[id])
    return lines


def _block(name: str) -> Block:
    return next(block for block in FORM.blocks if block.name == name)


def _figures(block: Block, figures: dict[str, Decimal]) -> tuple[Decimal | None, ...]:
    return tuple([figures.get(column.name) or None for column in block.columns])


def _row(name: str, code: str, project: str = "", **figures: Decimal) -> Line:
    block = _block(name)
    return line_of(block, "", code, project)._replace(figures=_figures(block, figures))


def _fill(lines: list[Line], name: str, id: str, **figures: Decimal) -> None:
    """Puts figures into the row with this id."""
    block = _block(name)
    place = next(number for number, spec in enumerate(block.specs) if spec.id == id)
    lines[place] = lines[place]._replace(figures=_figures(block, figures))
