"""Two years of a department at random, as typed into the template: zeros, blanks, new and vanished codes."""

import random
from collections.abc import Iterator

from gouji_templates import prior_sheet
from gouji_templates.content import INFO, OPERATING, PRIOR, STAFF, UNIT_KIND, VEHICLES, blank
from gouji_templates.form import Block, Form
from gouji_templates.layout import lay_out, line_rows
from gouji_templates.renames import load as renames
from tests.office import Put

CODES = ("2011301", "2011350", "2011399", "2050202", "2080501", "2080505", "2101101", "2130104", "2150805", "2210201")
"""None of them was given another code between the years: the sheets do not bring such together, the program does."""

_INFO_TOP, _INFO_VALUE = 2, 1
_CELL = tuple[str, int, int]


def edits(form: Form, seed: int) -> list[Put]:
    """What is typed into the blank template."""
    assert not {code for code in CODES if any(rename.now(code) for rename in renames())}
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
    """A figure as printed; often zero, and of every size."""
    cents = chance.choice((0, chance.randrange(1, 300), chance.randrange(1, 100_000), chance.randrange(1, 10**9)))
    return cents / 100


def _tables(form: Form, chance: random.Random) -> Iterator[Put]:
    blocks = {block.name: block for block in form.blocks}
    codes = sorted(chance.sample(CODES, chance.randrange(0, 8)))
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
            for code in [] if unknown else chance.sample(CODES, chance.randrange(0, 8)):
                yield Put(PRIOR, row, 0, code)
                yield from (Put(PRIOR, row, column, _amount(chance)) for column in (3, 4))
                row += 1
            continue
        for _ in section.group.lines:
            if not unknown and chance.random() < 0.7:
                yield Put(PRIOR, row, 2, _amount(chance))
            row += 1
