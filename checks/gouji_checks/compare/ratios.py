"""Amounts, rates of change and shares in percent as printed: exact, halves rounded away from zero."""

from gouji_checks.amount import step
from gouji_templates.form import Form

NO_RATE = "—"
"""What stands in place of a rate from zero where none is to be stated."""


def rounded(numerator: int, denominator: int) -> int:
    """The quotient as the nearest whole number, a half away from zero; the denominator is not 0."""
    quotient = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


def as_printed(fen: int, form: Form) -> int:
    """An amount in 分 with as many decimals as the form prints: what a workbook in 元 says more finely than that."""
    last = step(form.unit, form.decimals)
    return rounded(fen, last) * last


def percent(part: int, whole: int) -> str:
    """The part of the whole, as in 13.48; nothing where the whole is zero."""
    return hundredths(rounded(part * 10_000, whole)) if whole else ""


def hundredths(number: int) -> str:
    """So many hundredths with two decimals."""
    whole, rest = divmod(abs(number), 100)
    return f"{'-' if number < 0 else ''}{whole}.{rest:02d}"


def rate(now: int, before: int, from_zero: str) -> str:
    """The change as a part of last year's amount; `from_zero` where that was zero and something has come since."""
    if before:
        return percent(now - before, before)
    if now:
        return from_zero if now > 0 else ""
    return "0.00"


def growth_from_zero(from_zero: str) -> str:
    """How a rate from zero is stated, a sentence without its full stop."""
    said = f"按 {from_zero}% 列示" if from_zero else f"不计算，以“{NO_RATE}”表示"
    return f"上年为零、本年有数的，增长率{said}"
