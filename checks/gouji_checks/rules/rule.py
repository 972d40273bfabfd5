"""A rule: what formulas cannot say, as a generator of findings with a code."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gouji_checks.finding import Finding

MOST_CELLS = 20
"""So many cells, or lines, are named in a finding; the rest are counted."""


class Rule(NamedTuple):
    """A rule of the catalogue. `check` yields findings for its subject; its docstring is the rule's page, with lines
    好：… and 坏：… that say what passes and what does not and that the tests run."""

    id: str
    title: str
    severity: str
    basis: str
    advice: str
    check: Callable[..., Iterator[Finding]]

    @property
    def page(self) -> str:
        """The rule's explanation, for a budget officer."""
        return (self.check.__doc__ or "").strip()


def rule(
    id: str, title: str, severity: str, basis: str, advice: str
) -> Callable[[Callable[..., Iterator[Finding]]], Rule]:
    """Make a generator a rule; every finding it yields takes the rule's code, severity and advice unless it says
    otherwise."""

    def make(check: Callable[..., Iterator[Finding]]) -> Rule:
        return Rule(id, title, severity, basis, advice, check)

    return make


def found(message: str, *cells: str, stated: str = "", expected: str = "", severity: str = "") -> Finding:
    """A finding whose code and advice the rule adds."""
    return Finding("", severity, cells, message, stated, expected)


def run(rule: Rule, *subject: object) -> list[Finding]:
    """A rule's findings about its subject."""
    return [
        finding._replace(rule=rule.id, severity=finding.severity or rule.severity, advice=rule.advice)
        for finding in rule.check(*subject)
    ]
