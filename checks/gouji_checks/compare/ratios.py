"""Rates of change and shares in percent with two decimals, as printed: exact, halves rounded away from zero."""


def rounded(numerator: int, denominator: int) -> int:
    """The quotient as the nearest whole number, a half away from zero; the denominator is not 0."""
    quotient = (2 * abs(numerator) + abs(denominator)) // (2 * abs(denominator))
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


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
