"""The commands of the command line, one module each: `add` declares its arguments, `run` does it."""

import argparse
import sys

from gouji_templates.form import DEFAULT_FORM

CLEAN, FINDINGS, FAILED = 0, 1, 2
"""Exit codes: nothing wrong (尾差 and warnings allowed); an error-level finding; something unreadable or bad usage."""


def add_form(parser: argparse.ArgumentParser) -> None:
    """Declares which form and which relations a command works with."""
    parser.add_argument("--form", default=DEFAULT_FORM, metavar="FORM", help="表样编号或 .toml 文件")
    parser.add_argument("--relations", default="", metavar="FILE", help="另用一份勾稽关系 .toml 文件")


def fail(*sentences: str) -> int:
    """Says what went wrong, a sentence a line; returns the exit code."""
    sys.stderr.write("".join(f"{sentence.rstrip('。')}。\n" for sentence in sentences))
    return FAILED
