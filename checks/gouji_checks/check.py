"""Check a workbook: everything that is wrong with it, and the account of what was checked."""

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from gouji_checks.book import Book, read_book, refusal_of
from gouji_checks.evaluate import Evaluation, evaluate
from gouji_checks.explained import implied, relation_findings
from gouji_checks.finding import Finding, Ledger, Unchecked
from gouji_checks.relation import Catalogue, load
from gouji_checks.rules import BOOK_RULES, TEXT_RULES, run
from gouji_checks.skeleton import Body, Skeleton
from gouji_checks.source import ALTERED, HIDDEN, LINKS, MACROS, UNCALCULATED, Source, Unreadable
from gouji_checks.stamps import is_stamped
from gouji_templates import classification
from gouji_templates.classification import Codes
from gouji_templates.content import COMPARISONS, PRIOR
from gouji_templates.wording import fold

if TYPE_CHECKING:
    # Few workbooks are compared with last year, and what compares them brings much with it.
    from gouji_checks.compare.last_years import LastYears
    from gouji_checks.compare.years import Last

_EXAMINED_BY = {HIDDEN: "B14", UNCALCULATED: "N06", LINKS: "B15", MACROS: "B16", ALTERED: "T05"}
"""Which rule goes unanswered when a source can't look at something."""

_ORDER = {"error": 0, "warning": 1, "info": 2}


class Report(NamedTuple):
    """What a check found in one workbook, and what it was told of last year."""

    book: Book
    findings: tuple[Finding, ...]
    ledger: Ledger
    last: "Last | None" = None

    @property
    def worst(self) -> str:
        """The highest severity found: error, warning, info, or nothing."""
        return min((finding.severity for finding in self.findings), key=_ORDER.__getitem__, default="")


@cache
def known_codes() -> Codes:
    """The official names this program ships."""
    return {name: classification.load(name) for name in ("functional", "economic")}


def check(
    source: Source,
    catalogue: Catalogue | None = None,
    codes: Codes | None = None,
    last_years: "LastYears | None" = None,
) -> Report:
    """Every finding about a workbook, errors first; `last_years` are where to look for last year's.

    Raises Unreadable if the file cannot be opened, holds no table of the form, or is another form; or if the one
    workbook of last year that was named is not that.
    """
    catalogue = catalogue or load()
    book = read_book(source.read(), catalogue.form)
    refusal = refusal_of(book, catalogue.form)
    if refusal:
        raise Unreadable(refusal)
    return check_book(book, catalogue, codes or known_codes(), last_years.of(book) if last_years else None)


def check_book(book: Book, catalogue: Catalogue, codes: Codes, last: "Last | None" = None) -> Report:
    """As `check`, for a workbook already read, with what is known of its last year from elsewhere."""
    evaluation = evaluate(catalogue, book)
    findings: list[Finding] = relation_findings(book, evaluation)
    for rule in BOOK_RULES:
        findings += run(rule, book)
    for home in book.tables.values():
        findings += _text_findings(home.skeleton, codes)
    findings += _template_findings(book, evaluation)
    compared, uncompared = _comparison_findings(book, last)
    findings += compared
    if book.unreadable:
        likely = implied(book, evaluation)
        findings = [
            finding._replace(suspects=(likely[finding.cell],)) if finding.cell in likely else finding
            for finding in findings
        ]
    findings.sort(key=lambda finding: _ORDER[finding.severity])
    ledger = evaluation.ledger
    unexamined = tuple(
        [
            Unchecked(_EXAMINED_BY[what], book.workbook.unseen.format(what), 1)
            for what in book.workbook.unexamined
            # Only a workbook that was given out has formulas to be altered.
            if what != ALTERED or is_stamped(book)
        ]
    )
    ledger = ledger._replace(not_checked=(*ledger.not_checked, *uncompared, *unexamined))
    return Report(book, tuple(findings), ledger, last)


def _template_findings(book: Book, evaluation: Evaluation) -> list[Finding]:
    """What the rules over templates say of a workbook that was given out, nothing of any other."""
    if not is_stamped(book):
        return []
    from gouji_checks.returned import recognise
    from gouji_checks.rules.template import RULES

    returned = recognise(book, evaluation)
    return [finding for rule in RULES for finding in run(rule, returned)]


def _comparison_findings(book: Book, last: "Last | None") -> tuple[list[Finding], tuple[Unchecked, ...]]:
    """What the rules over the comparison with last year say and what they leave open, of a workbook that has one of its
    sheets or whose last year was asked about."""
    if last is None and not any(PRIOR in fold(sheet.name) or sheet.name in COMPARISONS for sheet in book.others):
        return [], ()
    from gouji_checks.compare.years import look
    from gouji_checks.rules.comparison import RULES
    from gouji_checks.rules.comparison_open import not_checked

    years = look(book, last)
    if years is None:
        return [], ()
    return [finding for rule in RULES for finding in run(rule, years)], tuple(not_checked(years))


_TEXTS: dict[int, tuple[Body, Codes, list[Finding]]] = {}
_LIMIT = 128


def _text_findings(skeleton: Skeleton, codes: Codes) -> list[Finding]:
    """What the rules over texts say of a sheet; sheets with the same labels share their body and so this."""
    body = skeleton.body
    known = _TEXTS.get(id(body))
    if known is not None and known[0] is body and known[1] is codes:
        return known[2]
    if len(_TEXTS) >= _LIMIT:
        _TEXTS.clear()
    findings = [finding for rule in TEXT_RULES for finding in run(rule, skeleton, codes)]
    _TEXTS[id(body)] = (body, codes, findings)
    return findings
