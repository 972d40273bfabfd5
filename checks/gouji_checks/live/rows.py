"""What each row of a table is, worked out live: its key, and the key of the row that it rolls up into."""

from collections.abc import Mapping

from gouji_checks.live.grid import NUMBER, Grid
from gouji_checks.live.projects import write_projects
from gouji_checks.live.wording import NO_ROW, TOTAL_KEY, at, is_code, is_total, joined, keys_of, nested, parents_of
from gouji_templates.content import name_index
from gouji_templates.form import CODED, Block, Form
from gouji_templates.names import name_of
from gouji_templates.wording import quoted

SUBJECTS = "科目_码"
"""The name of every functional code of the workbook, each once."""

SUBJECT_PARENTS = "科目_上级"
"""The name of the keys of the rows that these roll up into."""

_MORE_SUBJECTS = 20
"""Tables usually list the same codes; the list of all has room for so many more than the longest table."""


def subjects_room(form: Form, reaches: Mapping[str, int]) -> int:
    """How many functional codes the list of all has room for."""
    return max(reaches[block.table] for block in form.blocks if block.kind == "functional") + _MORE_SUBJECTS


def write_rows(grid: Grid, form: Form, reaches: Mapping[str, int]) -> dict[str, str]:
    """Adds the keys and parents of every block's rows, named 表5_码, 表5_上级 and so on. Gives back for each name of
    keys the cell of the row, for formulas of the same sheet."""
    cells: dict[str, str] = {}
    for block in form.blocks:
        if block.kind in CODED and block.kind != "projects":
            cells[keys_of(block)] = _coded_keys(grid, block, reaches[block.table])
        elif block.kind not in CODED:
            formula = _label_key(block)
            cells[keys_of(block)] = grid.add(f"{block.name} 码", reaches[block.table], formula, keys_of(block)).cell
    functional = [block for block in form.blocks if block.kind == "functional"]
    cells[SUBJECTS] = _write_subjects(grid, functional, cells, reaches, subjects_room(form, reaches))
    for block in form.blocks:
        if block.kind == "projects":
            cells |= write_projects(grid, block, reaches[block.table])
        elif block.kind in CODED or block.kind == "items":
            formula = _parent(block, cells[keys_of(block)])
            grid.add(f"{block.name} 上级", reaches[block.table], formula, parents_of(block))
    return cells


def _coded_keys(grid: Grid, block: Block, reach: int) -> str:
    """The levels put together make the code; # keeps a spreadsheet from taking it for a number."""
    levels = [name_of(block, label.name) for label in block.labels[: name_index(block)]]
    title = name_of(block, block.labels[name_index(block)].name)
    code = grid.add(f"{block.name} 编码", reach, joined([at(level, NUMBER) for level in levels])).cell
    cases = [(is_code(code, CODED[block.kind]), f'"#"&{code}'), (is_total(at(title, NUMBER)), quoted(TOTAL_KEY))]
    return grid.add(f"{block.name} 码", reach, nested(cases, NO_ROW), keys_of(block)).cell


def _label_key(block: Block) -> str:
    text = at(name_of(block, block.labels[0].name), NUMBER)
    heading = (f"{NUMBER}=1", NO_ROW)
    if block.kind == "classes":
        return nested([heading, (f"ISNUMBER(LEFT({text},3)+0)", f'"#"&LEFT({text},3)')], f'"#"&{text}')
    if block.kind == "items":
        begins = [f'LEFT({text},{len(word)})="{word}"' for word in ("注", "说明", "备注")]
        note = f'OR(ISNUMBER(SEARCH("为空表",{text})),{",".join(begins)})'
        return nested([heading, (is_total(text), quoted(TOTAL_KEY)), (note, NO_ROW)], f'"#"&{text}')
    return nested([heading], f'"#"&{text}')


def _write_subjects(
    grid: Grid, blocks: list[Block], cells: Mapping[str, str], reaches: Mapping[str, int], room: int
) -> str:
    """Every functional code of the workbook once, in the order in which the tables first show them: each row says
    whether its code is new, those are counted, and the list picks them by number."""
    earlier = "0"
    for place, block in enumerate(blocks):
        keys, reach = keys_of(block), reaches[block.table]
        key = cells[keys]
        new = [f"MATCH({key},{keys},0)={NUMBER}"]
        new += [f"ISNA(MATCH({key},{keys_of(other)},0))" for other in blocks[:place]]
        fresh = grid.add(f"{block.name} 新", reach, f"IF(LEN({key})>1,IF(AND({','.join(new)}),1,0),0)")
        # A count that goes on from the row above would be a chain of hundreds of cells.
        grid.add(f"{block.name} 序", reach, f"{earlier}+SUM({fresh.until})", name_of(block, "序"))
        earlier = f"{earlier}+SUM({fresh.here})"
    text = NO_ROW
    for block in reversed(blocks):
        text = f"IFERROR(INDEX({keys_of(block)},MATCH({NUMBER},{name_of(block, '序')},0)),{text})"
    key = grid.add("科目 码", room, text, SUBJECTS).cell
    grid.add("科目 上级", room, _above(key, SUBJECTS, (8, 6)), SUBJECT_PARENTS)
    return key


def _parent(block: Block, key: str) -> str:
    if block.kind == "functional":
        # A code that another table shows is a row left out here: what it should hold rolls up into it all the same.
        return f'IF(LEN({key})<2,"",INDEX({SUBJECT_PARENTS},MATCH({key},{SUBJECTS},0)))'
    return _above(key, keys_of(block), (6,) if block.kind == "economic" else ())


def _above(key: str, keys: str, lengths: tuple[int, ...]) -> str:
    """The nearest shorter code that is there, else the total; `lengths` are those of keys that may have codes above."""
    text = quoted(TOTAL_KEY)
    for length in lengths:
        shorter = [f"LEFT({key},{cut})" for cut in range(length - 2, 3, -2)]
        cases = [(f"ISNUMBER(MATCH({cut},{keys},0))", cut) for cut in shorter]
        text = f"IF(LEN({key})={length},{nested(cases, quoted(TOTAL_KEY))},{text})"
    return f'IF(OR(LEN({key})<2,{key}={quoted(TOTAL_KEY)}),"",{text})'
