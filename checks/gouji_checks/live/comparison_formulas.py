"""The formulas of a comparison line, without their sign: exact where a float is not, for they divide whole numbers."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from gouji_checks.compare.ratios import NO_RATE
from gouji_checks.live.wording import amount, printed
from gouji_templates import prior_sheet
from gouji_templates.form import CODED, Group
from gouji_templates.names import name_of
from gouji_templates.subject_sheet import lookup
from gouji_templates.wording import quoted


class PriorNames(NamedTuple):
    """The names of what the hidden sheet says of last year's figures by code, row by row: the codes as they stand on
    the sheet 上年预算数, by this year's codes, their 类, the amounts as printed, and the 类 that are left open."""

    own: str
    keys: str
    classes: str
    amounts: str
    open: str


def as_printed(text: str, decimals: int) -> str:
    """A sum of figures as the form prints it, a half away from zero; what floats add to it is taken off before."""
    return f"ROUND(ROUND({text},6),{decimals})"


def whole(cell: str, decimals: int) -> str:
    """The figure in units of its last printed digit, which a float holds exactly."""
    return f"ROUND({cell}*{10**decimals},0)"


def change(now: str, before: str) -> str:
    """This year − last, nothing where one of them is not known."""
    return f'IF(COUNT({now},{before})<2,"",ROUND({now}-{before},6))'


def rate(now: str, before: str, from_zero: str, decimals: int) -> str:
    """The change in percent, two decimals, a half away from zero; from zero what the form says."""
    one, two = whole(now, decimals), whole(before, decimals)
    grown = f"{Decimal(from_zero):f}" if from_zero else quoted(NO_RATE)
    risen = f"IF({one}=0,0,{grown})"
    return f'IF(COUNT({now},{before})<2,"",IF({two}=0,{risen},ROUND(({one}-{two})*10000/{two},0)/100))'


def share(part: str, of: str, decimals: int) -> str:
    """The part of the whole in percent, two decimals, nothing where the whole is zero."""
    one, two = whole(part, decimals), whole(of, decimals)
    return f'IF(COUNT({part},{of})<2,"",IF({two}=0,"",ROUND({one}*10000/{two},0)/100))'


def per_head_formula(amount: str, count: str, fen: int) -> str:
    """An amount in 元 for each of so many, two decimals; one unit of the amount is so many 分."""
    each = f"ROUND(ROUND({amount}*{fen},0)/{count},0)/100"
    return f'IF(COUNT({amount},{count})<2,"",IF({count}<=0,"",{each}))'


def line_now(index: int, cells: Sequence[str], every: str) -> str:
    """This year's figure of a line; a blank beside other figures of its group is zero. A group of one line shows what
    there is."""
    return cells[0] if len(cells) == 1 else _known(every, f"N({cells[index]})")


def line_before(cell: str, every: str, decimals: int) -> str:
    """Last year's figure of a line, on the same terms."""
    return _known(every, f"ROUND(N({cell}),{decimals})")


def _known(every: str, text: str) -> str:
    return f'IF(COUNT({every})=0,"",{text})'


def code_name(group: Group, code: str, keys: str) -> str:
    """What this year's table calls a code, else the sheet 上年预算数 beside these keys, else the official list."""
    block = group.codes
    assert block is not None
    name = name_of(block, next(label.name for label in block.labels if label.name not in ("类", "款", "项")))
    own = f'INDEX({name},MATCH("#"&{code},{name_of(block, "码")},0))&""'
    last = f'INDEX({prior_sheet.ITEMS},MATCH("#"&{code},{keys},0))&""'
    return f'IF({code}="","",IFERROR({own},IF(LEN(IFERROR({last},""))>0,{last},{lookup("functional", code)})))'


def code_now(group: Group, code: str, decimals: int) -> str:
    """This year's figure of a code, zero where the table does not have it."""
    block = group.codes
    assert block is not None
    values = name_of(block, block.columns[group.columns[0]].name)
    return f'IF({code}="","",{as_printed(amount(name_of(block, "码"), _key(code), values), decimals)})'


def code_before(group: Group, code: str, last: PriorNames) -> str:
    """Last year's figure of a code, that of a 类 added up from its 项; nothing where last year is not known, for the
    whole group or, beyond the figures of its 项, for a 类 that is left open."""
    assert group.codes is not None
    top = CODED[group.codes.kind][0]
    key, values = _key(code), last.amounts
    of_class, own = (amount(names, key, values) for names in (last.classes, last.keys))
    left_open = f"ISNUMBER(MATCH(LEFT({key},{top + 1}),{last.open},0))"
    bare = f"OR(LEN({code})={top},{printed(last.keys, key, values)}=0)"
    unknown = f'OR({code}="",COUNT({values})=0,AND({left_open},{bare}))'
    return f'IF({unknown},"",ROUND(IF(LEN({code})={top},{of_class},{own}),6))'


def _key(code: str) -> str:
    return f'"#"&{code}'
