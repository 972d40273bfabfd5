"""The rules that formulas cannot say, one list for each kind of subject."""

from gouji_checks.rules import codes, figures, info, layout, workbook
from gouji_checks.rules.rule import Rule, run

BOOK_RULES: tuple[Rule, ...] = (*workbook.RULES, *figures.RULES, *info.RULES)
"""Rules over the whole book."""

TEXT_RULES: tuple[Rule, ...] = (*layout.RULES, *codes.RULES)
"""Rules over one sheet's texts: worked out once for every sheet that reads the same."""

__all__ = ["BOOK_RULES", "TEXT_RULES", "Rule", "run"]
