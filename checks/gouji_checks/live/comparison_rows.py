"""What the comparison sheets show, worked out on the hidden sheet: this year's figures by line, and the codes of both
years in one list."""

from collections.abc import Mapping
from typing import NamedTuple

from gouji_checks.compare.stated import NOT_STATED
from gouji_checks.live.comparison_formulas import PriorNames, as_printed
from gouji_checks.live.comparison_marks import SIGNS
from gouji_checks.live.grid import NUMBER, Area, Grid
from gouji_checks.live.wording import NO_ROW, amount, at, is_code, key_of, keys_of, nested, printed
from gouji_templates import prior_sheet
from gouji_templates.content import OPERATING, UNIT_KIND, Content, name_index
from gouji_templates.form import CODED, Block, ComparedLine, Comparison, Form, Group
from gouji_templates.info_sheet import reference
from gouji_templates.names import FIGURES, name_of
from gouji_templates.per_head import Division, line_at, per_head
from gouji_templates.renames import load as renames
from gouji_templates.wording import quoted

LAST = PriorNames("上年_原码", "上年_码", "上年_类", "上年_数", "上年_缺")

COMPARED_KEYS = "对比_码"
"""The name of the codes of both years, ascending, each 类 above its 项."""

_CODE_ROWS = 50
"""Lines by code that the sheet has room for; most departments have fewer than thirty."""

_MORE_CODES = 25
"""Room beyond the codes that are already there."""


class Sources(NamedTuple):
    """Where the sheets find what they show."""

    now: dict[str, Area]
    """By group the figures of its lines, nothing where none is printed."""
    heads: Area
    """What is divided by heads and vehicles."""
    whole: str
    """The cell with the total of the table by code."""
    crowded: str
    """The cell with the number of codes that the list has no room for."""
    signs: str
    """The cells with what people fill a cell with that is no word."""


def codes_room(form: Form, content: Content) -> int:
    """How many codes the list of both years has room for."""
    group = prior_sheet.by_code(form.comparison) if form.comparison else None
    if group is None or group.codes is None:
        return 0
    name = name_index(group.codes)
    codes = {"".join(line.labels[:name]) for line in content.lines.get(group.codes.name, ())}
    codes.update(prior_sheet.prior_codes(form, content))
    top = CODED[group.codes.kind][0]
    return max(_CODE_ROWS, len(codes | {code[:top] for code in codes}) + _MORE_CODES)


def write_comparison_columns(grid: Grid, form: Form, content: Content, keys: Mapping[str, str], reach: int) -> Sources:
    """Adds the columns; `keys` are the cells of the row by name of keys, `reach` is that of the table by code. The form
    must say what is compared."""
    comparison = form.comparison
    assert comparison is not None
    now = {
        group.id: grid.add_each(f"对比 {group.id}", [_now(form, comparison, line) for line in group.lines])
        for group in comparison.groups
        if group.lines
    }
    heads = grid.add_each("人均", [_divided(form, comparison, one, now) for one in per_head(form)])
    group = prior_sheet.by_code(comparison)
    if group is None or group.codes is None:
        return Sources(now, heads, "", "", _signs(grid))
    block = group.codes
    total = _printed(block, block.total.id, group.columns[0], form.decimals) if block.total else '""'
    whole = grid.add_each("对比 合计", [total])
    _last_year(grid, form, content, group, block)
    crowded = _codes(grid, form, content, block, keys[keys_of(block)], reach)
    return Sources(now, heads, whole.at(1), crowded, _signs(grid))


def _signs(grid: Grid) -> str:
    return grid.add_each("非文字", [quoted(sign) for sign in SIGNS]).there


def _now(form: Form, comparison: Comparison, line: ComparedLine) -> str:
    if line.block is not None:
        return _printed(line.block, line.row, line.column, form.decimals)
    operating = comparison.operating
    kind, own = reference(form, UNIT_KIND), reference(form, OPERATING)
    cases = [
        (_one_of(kind, operating.part), f'IF(ISNUMBER({own}),ROUND({own},{form.decimals}),"")'),
        (f'OR({kind}="",COUNT({name_of(operating.block, FIGURES)})=0)', '""'),
        (_one_of(kind, operating.all), _amount(operating.block, operating.row, operating.column, form.decimals)),
    ]
    return nested(cases, quoted(NOT_STATED))


def _divided(form: Form, comparison: Comparison, one: Division, now: Mapping[str, Area]) -> str:
    """The amount as the comparison shows it: a blank beside other figures of its group is zero."""
    line = line_at(comparison, one)
    if line is None:
        return _printed(one.block, one.row, one.column, form.decimals)
    group, index = line
    return f'IF(COUNT({now[group.id].here})=0,"",N({now[group.id].at(index + 1)}))'


def _one_of(cell: str, texts: tuple[str, ...]) -> str:
    return f"OR({','.join(f'{cell}={quoted(text)}' for text in texts) or 'FALSE'})"


def _where(block: Block, row: str, column: int) -> tuple[str, str, str]:
    return keys_of(block), key_of(block, row), name_of(block, block.columns[column].name)


def _amount(block: Block, row: str, column: int, decimals: int) -> str:
    return as_printed(amount(*_where(block, row, column)), decimals)


def _printed(block: Block, row: str, column: int, decimals: int) -> str:
    """A cell of a table, nothing where no figure stands there."""
    return f'IF({printed(*_where(block, row, column))}=0,"",{_amount(block, row, column, decimals)})'


def _last_year(grid: Grid, form: Form, content: Content, group: Group, block: Block) -> None:
    """Last year's rows by code. A code that is gone while the one that took it over is there becomes that one; 类 and
    款 that no 项 divide leave their 类 open."""
    top, *_, leaf = lengths = CODED[block.kind]
    room = prior_sheet.codes_reach(form, content)
    code, figure = (at(name, NUMBER) for name in (prior_sheet.CODES, prior_sheet.figures_name(0, group)))
    own = grid.add("上年 原码", room, nested([(is_code(code, (leaf,)), f'"#"&{code}')], NO_ROW), LAST.own).cell
    amounts = f'IF(ISNUMBER({figure}),ROUND({figure},{form.decimals}),"")'
    printed_one = grid.add("上年 数", room, amounts, LAST.amounts).cell
    pairs = [(old, rename.new) for rename in renames() for old in rename.old]
    before = grid.add_each("改码 旧", [quoted(f"#{old}") for old, _ in pairs]).here
    after = grid.add_each("改码 新", [quoted(f"#{new}") for _, new in pairs]).here
    # Of a whole 款 that became another one the 项 keep their last digits.
    kept = [str(len(old) + 2 if len(old) == len(new) else leaf + 2) for old, new in pairs]
    rest = grid.add_each("改码 起", kept).here
    place = "0"
    for length in sorted({len(old) for old, _ in pairs}):
        place = f"IFERROR(MATCH(LEFT({own},{length + 1}),{before},0),{place})"
    found = grid.add("改码 序", room, place).cell
    new = f"INDEX({after},{found})&MID({own},INDEX({rest},{found}),{leaf})"
    became = grid.add("改码 现", room, f"IF({found}=0,{own},{new})").cell
    taken = f"ISNA(MATCH({own},{keys_of(block)},0)),ISNUMBER(MATCH({became},{keys_of(block)},0))"
    key = grid.add("上年 码", room, f"IF(LEN({own})=1,{own},IF(AND({taken}),{became},{own}))", LAST.keys).cell
    grid.add("上年 类", room, f"IF(LEN({key})=1,{NO_ROW},LEFT({key},{top + 1}))", LAST.classes)
    below = f'SUMPRODUCT((LEFT({LAST.own},LEN({code})+1)="#"&{code})*ISNUMBER({LAST.amounts}))'
    left = f"IF(AND(N({printed_one})<>0,{below}=0),{quoted('#')}&LEFT({code},{top}),{NO_ROW})"
    grid.add("上年 缺", room, nested([(is_code(code, lengths[:-1]), left)], NO_ROW), LAST.open)


def _codes(grid: Grid, form: Form, content: Content, block: Block, key: str, reach: int) -> str:
    """Each code that either year has becomes a number of seven digits, which sort as codes do; 款 are left out."""
    top, _, leaf = CODED[block.kind]
    before = prior_sheet.codes_reach(form, content)
    own = f"OR(LEN({key})={top + 1},LEN({key})={leaf + 1})"
    first = f"MATCH({key},{keys_of(block)},0)={NUMBER}"
    columns = [grid.add("对比 本年", reach, f'IF({own},IF({first},{_number(key, leaf)},""),"")')]
    for heading, names in (("对比 上年项", LAST.keys), ("对比 上年类", LAST.classes)):
        found = at(names, NUMBER)
        fresh = f"AND(MATCH({found},{names},0)={NUMBER},ISNA(MATCH({found},{keys_of(block)},0)))"
        text = f'IF(LEN({found})=1,"",IF({fresh},{_number(found, leaf)},""))'
        columns.append(grid.add(heading, before, text))
    # The three stand side by side; what lies below the shorter ones is blank.
    tallest = max(columns, key=lambda column: column.length)
    corners = columns[0].here.split(":")[0], columns[-1]._replace(length=tallest.length).here.split(":")[1]
    every = ":".join(corners)
    room = codes_room(form, content)
    number = grid.add("对比 序", room, f'IFERROR(SMALL({every},{NUMBER}),"")').cell
    short = f'IF(MID({number},{top + 1},{leaf - top})="{"0" * (leaf - top)}",LEFT({number},{top}),{number})'
    grid.add("对比 码", room, f'IF({number}="",{NO_ROW},"#"&{short})', COMPARED_KEYS)
    return grid.add_each("对比 余", [f"MAX(COUNT({every})-{room},0)"]).at(1)


def _number(key: str, leaf: int) -> str:
    return f'MID({key}&"{"0" * leaf}",2,{leaf})+0'
