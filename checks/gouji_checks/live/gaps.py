"""What no relation can see in a live workbook: texts among the figures, and figures in rows without a code."""

from collections.abc import Callable
from typing import NamedTuple

from gouji_checks.live.wording import keys_of, printed
from gouji_templates.form import Block, Form
from gouji_templates.names import FIGURES, name_of
from gouji_templates.wording import quoted


class Gap(NamedTuple):
    """A line of its own on 勾稽关系: it names the tables at fault; `filled` is whether there are any figures yet."""

    id: str
    title: str
    words: str
    where: str
    filled: str


def gaps_of(form: Form) -> tuple[Gap, ...]:
    """The lines, under the numbers that the command line's rules have for the same things."""
    filled = "+".join(f"COUNT({name_of(block, FIGURES)})" for block in form.blocks) + ">0"
    return (
        Gap("N01", "数字栏里没有文字", "数字栏里的文字、错误值不参加核对，应改为数字", _tables(form, _texts), filled),
        Gap("B06", "有数字的行都有编码", "没有编码、编码不全或超出范围的行不参加核对", _tables(form, _outside), filled),
    )


def _tables(form: Form, wrong: Callable[[Block], str]) -> str:
    """The tables of which this is true."""
    found = (
        f"IF({'+'.join(map(wrong, table.blocks))}>0,{quoted(table.id + ' ')},{quoted('')})" for table in form.tables
    )
    return f"TRIM({'&'.join(found)})"


def _texts(block: Block) -> str:
    """How many cells of rows with a key are neither numbers nor blank."""
    keys, any_key = _keyed(block)
    rows = f"{len(block.columns)}*COUNTIF({keys},{any_key})"
    values = [name_of(block, column.name) for column in block.columns]
    known = (f'-{printed(keys, any_key, one)}-COUNTIFS({keys},{any_key},{one},"")' for one in values)
    return rows + "".join(known)


def _outside(block: Block) -> str:
    """How many figures stand in rows that have no key."""
    inside = "".join(f"-{printed(*_keyed(block), name_of(block, column.name))}" for column in block.columns)
    return f"COUNT({name_of(block, FIGURES)}){inside}"


def _keyed(block: Block) -> tuple[str, str]:
    """The keys of a block's rows, and what every one of them looks like."""
    return keys_of(block, by_row=True), '"p*"' if block.kind == "projects" else '"#?*"'
