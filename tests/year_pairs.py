"""Two years of a department at random, as typed into the template: zeros, blanks, amounts finer than are printed, new,
vanished and renamed codes, last year's by 款 where 项 are due."""

import random
from collections.abc import Iterator

from gouji_templates import prior_sheet
from gouji_templates.content import INFO, OPERATING, PRIOR, STAFF, UNIT_KIND, VEHICLES, blank
from gouji_templates.form import Block, Form
from gouji_templates.layout import lay_out, line_rows
from gouji_templates.renames import load as renames
from tests.office import Put

CODES = ("2011301", "2011350", "2011399", "2050202", "2080501", "2080505", "2101101", "2130104", "2150805", "2210201")
RENAMED = tuple([(old.ljust(7, "1"), rename.now(old.ljust(7, "1"))) for rename in renames() for old in rename.old])
"""Codes of the year before and those that took them over."""

_OLD, _NEW = zip(*RENAMED, strict=True)

_INFO_TOP, _INFO_VALUE = 2, 1


def edits(form: Form, seed: int) -> list[Put]:
    """What is typed into the blank template."""
    chance = random.Random(seed)
    return [*_info(form, chance), *_tables(form, chance), *_last_year(form, chance)]


def _info(form: Form, chance: random.Random) -> Iterator[Put]:
    kind = chance.choice(("", *form.unit_kinds))
    for field, value in (
        (UNIT_KIND, kind),
        (STAFF[1], chance.choice((None, 0, chance.randrange(1, 400)))),
        (VEHICLES, chance.choice((None, 0, chance.randrange(1, 30)))),
        (OPERATING, chance.choice((None, _amount(chance)))),
    ):
        if value not in ("", None):
            yield Put(form.info_sheet, _INFO_TOP + INFO.index(field), _INFO_VALUE, value)


def _amount(chance: random.Random) -> float:
    """A figure, often zero, and of every size; most as printed, some to the 分, which is where 万元 end."""
    cents = chance.choice((0, chance.randrange(1, 300), chance.randrange(1, 100_000), chance.randrange(1, 10**9)))
    finer = chance.choice((0, 0, 0, 0, 50, 49, chance.randrange(1, 100)))
    return round(cents / 100 + finer / 10_000, 6) if cents < 10**8 else cents / 100


def _tables(form: Form, chance: random.Random) -> Iterator[Put]:
    blocks = {block.name: block for block in form.blocks}
    codes = sorted({*chance.sample(CODES, chance.randrange(0, 8)), *chance.sample(_NEW, chance.randrange(0, 2))})
    # Some still go by what others have given up.
    codes = sorted({*codes, *(chance.sample(_OLD, 1) if chance.random() < 0.2 else ())})
    for name in ("表2", "表3", "表5"):
        yield from _coded(form, blocks[name], codes, chance)
    yield from _coded(form, blocks["表6"], ["30101", "30201"] if chance.random() < 0.8 else [], chance)
    content = blank(form)
    block = blocks["表10"]
    layout = lay_out(next(table for table in form.tables if table.id == "表10"))
    for row, spec in zip(line_rows(layout, content.lines)["表10"], block.rows, strict=True):
        if not spec.sum and chance.random() < 0.7:
            yield Put("表10", row, layout.figure_column(block, 1), _amount(chance))


def _coded(form: Form, block: Block, codes: list[str], chance: random.Random) -> Iterator[Put]:
    """A line for every code and its 类, a figure here and there in the columns that are typed."""
    layout = lay_out(next(table for table in form.tables if table.id == block.table))
    row, left = layout.first_row + 1, layout.lefts[block.name]
    for code in sorted({code[:3] for code in codes} | set(codes)):
        for index, (start, end) in enumerate(((0, 3), (3, 5), (5, 7))):
            if code[start:end]:
                yield Put(block.table, row, left + index, code[start:end])
        for index, column in enumerate(block.columns):
            if len(code) > 3 and not column.sum and not column.derived and chance.random() < 0.6:
                yield Put(block.table, row, layout.figure_column(block, index), _amount(chance))
        row += 1


def _last_year(form: Form, chance: random.Random) -> Iterator[Put]:
    for section in prior_sheet.sections(form, blank(form)):
        unknown = chance.random() < 0.2
        row = section.heading + 1
        if section.group.codes:
            for code in [] if unknown else _last_codes(chance):
                yield Put(PRIOR, row, 0, code)
                columns = (2,) if chance.random() < 0.3 else (3, 4)
                yield from (Put(PRIOR, row, column, _amount(chance)) for column in columns)
                row += 1
            continue
        for _ in section.group.lines:
            if not unknown and chance.random() < 0.7:
                yield Put(PRIOR, row, 2, _amount(chance))
            row += 1


def _last_codes(chance: random.Random) -> list[str]:
    """项, old codes among them, and in some years a 款 or a 类, with 项 below it or without."""
    codes = chance.sample(CODES, chance.randrange(0, 8)) + chance.sample(_OLD, chance.randrange(0, 4))
    if chance.random() < 0.25:
        codes.append(chance.choice(CODES)[: chance.choice((3, 5))])
    return codes
