"""What a cell holds: told from its value and its formula, put into a text, and written again so that it is the same."""

from datetime import date, datetime, time
from typing import NamedTuple

FORMULA = "f"
_NUMBER, _TEXT, _TRUTH, _ERROR = "n", "t", "b", "e"

_DAY_ZERO = datetime(1899, 12, 30)
_DAY = 86_400
_DIGITS = 15
"""Excel writes no more of a number into its formula."""

_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


class Held(NamedTuple):
    """A cell's content: its kind, nothing for a blank cell, and the text of it, a formula with its =."""

    kind: str = ""
    text: str = ""

    @property
    def is_entered(self) -> bool:
        """Whether somebody, or another program, typed it."""
        return self.kind not in ("", FORMULA)

    @property
    def is_formula(self) -> bool:
        return self.kind == FORMULA

    @property
    def is_text(self) -> bool:
        return self.kind == _TEXT

    @property
    def given(self) -> str | float | bool:
        """What to give Excel for it. An apostrophe goes before every text, or Excel would read 00123 as a number."""
        if self.kind == _NUMBER:
            return float(self.text)
        if self.kind == _TRUTH:
            return self.text == "True"
        return f"'{self.text}" if self.kind == _TEXT else self.text

    def coded(self) -> str:
        """A text that says it all."""
        return f"{self.kind}{self.text}"


BLANK = Held()


def decoded(text: str) -> Held:
    """What a coded text says."""
    return Held(text[:1], text[1:])


def number(value: float) -> Held:
    """A number, as Excel holds it."""
    return Held(_NUMBER, repr(float(value)))


def text(value: str) -> Held:
    """A text, whatever it looks like."""
    return Held(_TEXT, value) if value else BLANK


def formula(value: str) -> Held:
    """A formula, given without its =."""
    return Held(FORMULA, f"={value}")


def held(value: object, written: str) -> Held:
    """What a cell holds that has this value, as `source` reads it, and is written so in the formula bar.

    Excel says nothing of the apostrophe before a text that begins with =, but such a text is its own value.
    """
    if written.startswith("=") and written != value:
        return Held(FORMULA, written)
    if isinstance(value, bool):
        return Held(_TRUTH, str(value))
    if isinstance(value, float):
        return number(_exact(value, written))
    if isinstance(value, date | time):
        return number(_serial(value))
    if value in _ERRORS and written == value:
        return Held(_ERROR, str(value))
    return text(str(value))


def _exact(value: float, written: str) -> float:
    """A number in a currency format comes with four decimals as its value, with all of them as its formula."""
    try:
        shown = float(written)
    except ValueError:
        return value
    return value if float(f"{value:.{_DIGITS}g}") == shown else shown


def _serial(moment: date | time) -> float:
    """A date or a time as the number that it is to Excel."""
    if isinstance(moment, time):
        moment = datetime.combine(_DAY_ZERO, moment)
    elif not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    passed = moment.replace(tzinfo=None) - _DAY_ZERO
    return passed.days + (passed.seconds + passed.microseconds / 1e6) / _DAY
