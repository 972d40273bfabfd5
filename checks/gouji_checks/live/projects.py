"""表7 worked out live: its rows belong to the unit, 类 and 款 above them, for the same codes come again and again."""

from gouji_checks.live.grid import FIRST, NUMBER, Area, Grid
from gouji_checks.live.wording import NO_ROW, TOTAL_KEY, at, is_code, is_total, joined, keys_of, nested, parents_of
from gouji_templates.content import name_index
from gouji_templates.form import CODED, LEVELS, Block
from gouji_templates.names import name_of
from gouji_templates.wording import quoted

KINDS, CODES = "类别", "编码"
"""The names of two more columns: what a row is (总计, 单位, 类, 款, 项, 项目), and its code as a key."""


def write_projects(grid: Grid, block: Block, reach: int) -> dict[str, str]:
    """Adds what each row is, a key of its own (p12: the twelfth row), its key as a project, and its parent. Gives back
    the cell of the row for the names of both keys, and of 类别 and 编码."""
    codes = _codes(grid, block, reach)
    what = _kinds(grid, block, reach, codes)
    kinds = what.cell
    own = grid.add(f"{block.name} 标识", reach, f'IF({kinds}="","","p"&{NUMBER})', keys_of(block, by_row=True)).cell
    alone = f'COUNTIFS({name_of(block, KINDS)},"项目",{name_of(block, CODES)},{codes})=0'
    cases = [
        (f'{kinds}="项目"', codes),
        (f'{kinds}="总计"', quoted(TOTAL_KEY)),
        # A 项 with projects is the sum of them, and must not count again.
        (f'{kinds}="项"', f"IF({alone},{codes},{NO_ROW})"),
    ]
    key = grid.add(f"{block.name} 码", reach, nested(cases, NO_ROW), keys_of(block)).cell
    _parents(grid, block, reach, what, codes)
    return {
        keys_of(block, by_row=True): own,
        keys_of(block): key,
        name_of(block, KINDS): kinds,
        name_of(block, CODES): codes,
    }


def _labels(block: Block) -> tuple[str, str]:
    """The names of the columns with the names of 科目 and of projects."""
    title, project = block.labels[name_index(block) :][:2]
    return name_of(block, title.name), name_of(block, project.name)


def _codes(grid: Grid, block: Block, reach: int) -> str:
    title, project = (at(name, NUMBER) for name in _labels(block))
    levels = [name_of(block, label.name) for label in block.labels[: name_index(block)]]
    raw = grid.add(f"{block.name} 原码", reach, joined([at(level, NUMBER) for level in levels])).cell
    own = f'IF({is_code(raw, CODED[block.kind])},"#"&{raw},"")'
    # Projects of one 项 may leave its code and name to the first of them.
    blank = f'{NUMBER}>1,{raw}="",{title}="",{project}<>""'
    formula = f"IF(AND({blank}),{grid.before},{own})"
    return grid.add(f"{block.name} 编码", reach, formula, name_of(block, CODES)).cell


def _kinds(grid: Grid, block: Block, reach: int, code: str) -> Area:
    title, project = _labels(block)
    here, texts = at(project, NUMBER), f"{at(title, NUMBER)}&{at(project, NUMBER)}"
    lengths = CODED[block.kind]
    # Where no line names a project, the 项 are the projects.
    named = f'OR({here}<>"",COUNTIF(INDEX({project},2):INDEX({project},{reach}),"?*")=0)'
    cases = [
        (f"{NUMBER}=1", '""'),
        (f"AND(LEN({code})={lengths[-1] + 1},{named})", quoted("项目")),
        *((f"LEN({code})={length + 1}", quoted(name)) for length, name in zip(lengths, LEVELS, strict=True)),
        (is_total(at(title, NUMBER)), quoted("总计")),
        (f'{texts}<>""', quoted("单位")),
    ]
    return grid.add(f"{block.name} 类别", reach, nested(cases, '""'), name_of(block, KINDS))


def _parents(grid: Grid, block: Block, reach: int, what: Area, code: str) -> None:
    """A row's parent is the last one above with the nearest shorter code, within its unit; else the unit; else 总计."""
    kinds = what.cell
    rows = f"ROW({what.until})-{FIRST - 1}"
    begins, ends = (f'SUMPRODUCT(MAX(({what.until}="{kind}")*({rows})))' for kind in ("单位", "总计"))
    unit = grid.add(f"{block.name} 所属单位", reach, f"IF({begins}>{ends},{begins},0)").cell
    levels = ",".join(f"{kinds}={quoted(level)}" for level in LEVELS)
    opened = grid.add(f"{block.name} 上级码", reach, f'IF(OR({levels}),{unit}&{code},"")')
    place = f"ROW({opened.above})-ROW({opened.above.split(':')[0]})"

    def last(cut: str) -> str:
        """The last row above with this code in the same unit, 0 if there is none."""
        return f"SUMPRODUCT(MAX(({opened.above}={unit}&{cut})*({place})))"

    total = f'IFERROR("p"&MATCH("总计",{name_of(block, KINDS)},0),"")'
    cases = [(f'OR({kinds}="",{kinds}="总计")', '""'), (f'{kinds}="单位"', total)]
    cuts = [(f'{kinds}="项目"', code), *((f"LEN({code})>{cut}", f"LEFT({code},{cut})") for cut in (6, 4))]
    cases += [(f"IF({wanted},{last(cut)},0)>0", f'"p"&{last(cut)}') for wanted, cut in cuts]
    formula = nested([*cases, (f"{unit}>0", f'"p"&{unit}')], total)
    grid.add(f"{block.name} 上级", reach, formula, parents_of(block))
