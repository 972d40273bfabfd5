"""The commands of the command line, one module each: `add` declares its arguments, `run` does it."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import TypeVar

from gouji_templates.form import DEFAULT_FORM

CLEAN, FINDINGS, FAILED = 0, 1, 2
"""Exit codes: nothing wrong (尾差 and warnings allowed); an error-level finding; something unreadable or bad usage."""

_Each = TypeVar("_Each")

_MOST_NAMED = 20
"""So many lines of a list are printed; the rest are counted."""


def add_form(parser: argparse.ArgumentParser) -> None:
    """Declares which form and which relations a command works with."""
    parser.add_argument("--form", default=DEFAULT_FORM, metavar="FORM", help="表样编号或 .toml 文件")
    parser.add_argument("--relations", default="", metavar="FILE", help="另用一份勾稽关系 .toml 文件")


def fail(*sentences: str) -> int:
    """Says what went wrong, a sentence a line; returns the exit code."""
    sys.stderr.write("".join(f"{sentence.rstrip('。')}。\n" for sentence in sentences))
    return FAILED


def indented(lines: Sequence[str], elsewhere: str = "") -> list[str]:
    """The lines of a list below its heading; of a long one the first, how many more there are, and where they are."""
    shown = lines if len(lines) <= _MOST_NAMED + 1 else lines[:_MOST_NAMED]
    more = [f"… 另有 {len(lines) - len(shown)} 个{elsewhere}"] if len(shown) < len(lines) else []
    return [f"    {line}" for line in (*shown, *more)]


def watched(items: Iterable[_Each], doing: str, total: int | None = None) -> Iterable[_Each]:
    """The items, with a progress bar on the error stream when a person is watching it; `total` where they do not tell
    their number themselves."""
    if not sys.stderr.isatty():
        return items
    from tqdm import tqdm

    return tqdm(items, total=total, unit="个", desc=doing, file=sys.stderr)
