"""Whether a change or a rate that somebody typed can be right: whether any true amounts that print as they do give it.

A printed figure stands for a true one within half a unit of its last digit. The change and the rate each move one way
with each of the two amounts, so over all true amounts they lie between their values at the corners.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from gouji_templates.wording import fold

_NUMBER = re.compile(r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?")


class Printed(NamedTuple):
    """A figure as printed, and half a unit of its last digit: the true one is no farther away."""

    value: Fraction
    half: Fraction

    def meets(self, low: Fraction, high: Fraction) -> bool:
        """Whether the true figure may lie between these."""
        return self.value + self.half >= low and self.value - self.half <= high


def printed(text: str) -> Printed | None:
    """A figure with as many decimals as are written, a percent sign aside; None for what is no figure."""
    found = _NUMBER.fullmatch(fold(text).removesuffix("%"))
    if not found:
        return None
    decimals = len(found[1] or "")
    return Printed(Fraction(found[0].replace(",", "")), Fraction(1, 2 * 10**decimals))


def amount(fen: int, step: int) -> Printed:
    """An amount in 分 whose last printed digit is `step`."""
    return Printed(Fraction(fen), Fraction(step, 2))


def admits_change(now: int, before: int, typed: Printed, step: int) -> bool:
    """Whether amounts in 分 that print as these, their last digit being `step`, can differ by the one typed, in 分."""
    change = Fraction(now - before)
    return typed.meets(change - step, change + step)


def admits_share(part: int, whole: int, typed: Printed, step: int) -> bool:
    """Whether amounts in 分 that print as these, their last digit being `step`, can make up the typed percent."""
    one, all_ = amount(part, step), amount(whole, step)
    low, high = all_.value - all_.half, all_.value + all_.half
    if low * high <= 0:
        return True
    shares = [end / other * 100 for end in (one.value - one.half, one.value + one.half) for other in (low, high)]
    return typed.meets(min(shares), max(shares))


def admits_rate(now: int, before: int, typed: Printed, step: int, from_zero: str = "") -> bool:
    """Whether amounts in 分 that print as these, their last digit being `step`, can have changed by the typed percent.

    Nothing last year is nothing, not something rounded: then the rate is 0 where there is still nothing, and else the
    one by which the form has such growth stated, if any.
    """
    if not before:
        stated = from_zero if now else "0"
        return bool(stated) and typed.meets(Fraction(stated), Fraction(stated))
    this, last = amount(now, step), amount(before, step)
    low, high = last.value - last.half, last.value + last.half
    if low * high <= 0:
        # Finer than anything that is printed: nothing to hold against the rate.
        return True
    ends = [this.value - this.half, this.value + this.half]
    rates = [(one / other - 1) * 100 for one in ends for other in (low, high)]
    return typed.meets(min(rates), max(rates))
