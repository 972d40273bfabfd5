"""Chinese wording made comparable: width, brackets, quotes and white space no longer matter."""

from functools import lru_cache

# Full-width ASCII (０, Ａ, （ …) to its half-width twin; white space and quotation marks to nothing.
_FOLD: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD |= dict.fromkeys(map(ord, " \t\r\n\v\f\u3000\u00a0\u200b\u2002\u2003\u2009\ufeff\"'“”‘’「」＂＇"))
_FOLD |= {ord("〔"): ord("("), ord("〕"): ord(")"), ord("【"): ord("("), ord("】"): ord(")")}
_FOLD |= {ord("﹣"): ord("-"), ord("－"): ord("-"), ord("—"): ord("-"), ord("–"): ord("-"), ord("．"): ord(".")}


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text with full-width signs narrowed and brackets, dashes, quotes and spaces made one: for comparing only."""
    return text.translate(_FOLD)


def quoted(text: str) -> str:
    """The text as a spreadsheet's formula holds it."""
    return '"' + text.replace('"', '""') + '"'
