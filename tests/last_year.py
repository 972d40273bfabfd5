"""What the published department had the year before, as a workbook's content holds it."""

import tomllib
from decimal import Decimal
from pathlib import Path

from gouji_templates.content import PriorFigure

ORIGIN = "2025 年公开文本"
_FILE = Path(__file__).with_name("published_comparison.toml")
_BY_CODE = "一般公共预算科目"


def figures() -> dict[tuple[str, str], PriorFigure]:
    """By group and line, or code."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    found = {
        (group, line): PriorFigure((Decimal(text),), ORIGIN)
        for group, lines in data["prior"].items()
        for line, text in lines.items()
    }
    for code, parts in data["codes"].items():
        amounts = tuple(map(Decimal, parts))
        found[_BY_CODE, code] = PriorFigure((sum(amounts, Decimal(0)), *amounts), ORIGIN)
    return found
