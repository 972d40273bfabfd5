"""A summary before it is written: who is in it, what was found and where to read the findings again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from gouji_checks.catalogue import entries
from gouji_checks.compare.reading import printable
from gouji_checks.relation import Catalogue
from gouji_checks.single import Options, codes_of
from gouji_checks.summary.choice import UNREADABLE, Choice, Left, Row, by_kind, choose
from gouji_checks.summary.consolidate import Sums
from gouji_checks.summary.figures import Main, ShownFigure, shown, total
from gouji_checks.summary.record import Record
from gouji_checks.summary.spool import Spool
from gouji_checks.summary.tables import Tables, tables


class Rule(NamedTuple):
    """A rule or relation as it is shown beside a finding; no formula for a rule that formulas can't say."""

    title: str
    formula: str


class Overview(NamedTuple):
    """A folder's summary; `rows` has a row for each file, in order, `counts` how many findings and how many
    departments with any, by rule and severity, of the departments that count."""

    catalogue: Catalogue
    rows: Sequence[Row]
    choice: Choice
    tables: Tables | None
    rules: dict[str, Rule]
    counts: dict[tuple[str, str], tuple[int, int]]
    spool: Spool
    unread: tuple[str, ...] = ()
    """A sentence for each workbook in the folder of last year's that can't be read."""

    @property
    def shown(self) -> tuple[ShownFigure, ...]:
        """The figures that are shown for each department."""
        return shown(self.catalogue.form)

    @property
    def readable(self) -> list[Row]:
        """The files that could be checked."""
        return [row for row in self.rows if row.record.status != "unreadable"]

    @property
    def without_last_year(self) -> list[Left]:
        """The files for which no workbook of last year was used, though it was looked for."""
        return [Left(row, *row.record.no_last_year) for row in self.rows if row.record.no_last_year]

    def taken(self, figure: ShownFigure) -> Main:
        """What a figure comes to in the departments that are added up."""
        records = [self.rows[number].record for number in self.choice.taken]
        return total(self.catalogue.form, [record.figures[figure.id] for record in records])

    def findings(self) -> Iterator[tuple[Row, dict[str, Any]]]:
        """Every finding with its file, in the order of the files, read again from the disk."""
        numbers = [number for number, row in enumerate(self.rows) if row.record.errors or row.record.warnings]
        for number, record in zip(numbers, self.spool.read(numbers), strict=True):
            yield from ((self.rows[number], finding) for finding in record.findings)


def survey(
    found: Iterable[tuple[str, Record]],
    options: Options,
    catalogue: Catalogue,
    spool: Spool,
    unread: tuple[str, ...] = (),
    *,
    everything: bool,
) -> Overview:
    """Goes through all records, puts them aside and adds up those that belong together; `unread` says what can't be
    read of last year's. Raises YearError."""
    rows: list[Row] = []
    rules: list[Counter[tuple[str, str]]] = []
    for path, record in found:
        spool.add(record)
        rows.append(Row(printable(path), record._replace(findings=[], parts={}, names={})))
        rules.append(Counter((finding["rule"], finding["severity"]) for finding in record.findings))
    choice = choose(rows, everything=everything)
    broken = [rules[number] for number in choice.counted]
    counts: Counter[tuple[str, str]] = sum(broken, Counter())
    departments = Counter(rule for each in broken for rule in each)
    sums = Sums()
    for record in spool.read(choice.taken):
        sums.add(record)
    codes = codes_of(options.codes)
    year = int(choice.year) if choice.year.isdigit() else catalogue.form.year
    return Overview(
        catalogue,
        rows,
        choice,
        tables(catalogue, codes, sums, year) if choice.taken else None,
        {entry.id: Rule(entry.title, entry.formula) for entry in entries(catalogue)},
        {rule: (number, departments[rule]) for rule, number in counts.items()},
        spool,
        unread,
    )


def unreadable(overview: Overview) -> list[tuple[str, str]]:
    """The files that could not be checked, and why."""
    return [(left.row.file, left.reason) for left in overview.choice.left if left.kind == UNREADABLE]


def uncounted(overview: Overview) -> str:
    """How many workbooks could be checked but count nowhere, by the kind of reason; nothing where there are none."""
    kinds = by_kind(overview.choice.uncounted)
    return "、".join(f"{kind} {len(found)} 个" for kind, found in kinds.items())
