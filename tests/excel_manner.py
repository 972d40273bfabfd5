"""How an engine of xlwings gives what a workbook holds: Excel's own, with all its peculiarities, or the remote one."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from openpyxl.cell.cell import Cell, MergedCell

_KNOWN = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
}
"""Excel's errors by number, as far as xlwings knows them."""

_NEWER = {
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}
_NUMBERS = {text: number for number, text in (_KNOWN | _NEWER).items()}
_SCODE = -2146828288
"""What COM adds to the number of an error."""

_LINK = re.compile(r'=HYPERLINK\("(?:[^"]|"")*","((?:[^"]|"")*)"\)')

_MONEY = re.compile(r"[¥￥$€](?!-)|\[\$[^-\]]")


Visibility = Literal["visible", "hidden", "veryHidden"]


class ComError(Exception):
    """As pywin32 raises it: number, text, what Excel says with its own number last, argument."""


class Manner(NamedTuple):
    """How an engine gives a cell's value and a sheet's visibility."""

    name: str
    value: Callable[[object, str, bool], object]
    """Of what openpyxl read, the number format, and whether it is an error."""
    visible: Callable[[str], object]
    """Of what openpyxl calls the state."""
    state: Callable[[int], Visibility]
    """What openpyxl calls the visibility that a sheet is given."""


def _com_value(value: object, number_format: str, error: bool) -> object:
    if error:
        return _SCODE + _NUMBERS[str(value)]
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return round(Decimal(repr(value)), 4) if _MONEY.search(number_format) else float(value)
    return _moment(value)


def _remote_value(value: object, _: str, error: bool) -> object:
    if error:
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return "" if value is None else _moment(value)


def _moment(value: object) -> object:
    """To Excel a time of day is a moment of its day zero, and a date the moment at which it begins."""
    return datetime.datetime.combine(datetime.date(1899, 12, 30), value) if isinstance(value, datetime.time) else value


_STATES: dict[int, Visibility] = {-1: "visible", 1: "visible", 0: "hidden", 2: "veryHidden"}


def _remote_state(value: int) -> Visibility:
    return "visible" if value else "hidden"


COM = Manner(
    "COM", _com_value, {"visible": -1, "hidden": 0, "veryHidden": 2}.__getitem__, lambda value: _STATES[int(value)]
)
REMOTE = Manner("remote", _remote_value, lambda state: state == "visible", _remote_state)


def clean(data: Any, _dates: object, empty: object, _numbers: object, errors: bool) -> list[list[object]]:
    """As xlwings does for Excel: errors become their texts or nothing, newer ones stay numbers."""

    def cleaned(value: object) -> object:
        if value in ("", None):
            return empty
        if isinstance(value, int) and value - _SCODE in _KNOWN:
            return _KNOWN[value - _SCODE] if errors else None
        return value

    return [[cleaned(value) for value in row] for row in data]


def shown(cell: Cell | MergedCell) -> object:
    """What openpyxl read in a cell, or what its formula shows, if that is a link."""
    if cell.data_type != "f":
        return cell.value
    link = _LINK.fullmatch(str(cell.value))
    if link is None:
        raise NotImplementedError(cell.value)
    return link[1].replace('""', '"')
