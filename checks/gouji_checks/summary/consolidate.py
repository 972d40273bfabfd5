"""All departments' tables in one: entered figures added up by code, everything else worked out from them anew."""

from collections.abc import Iterable, Mapping

from gouji_checks.amount import step
from gouji_checks.complete import complete, to_figure
from gouji_checks.line_keys import code_of
from gouji_checks.relation import Catalogue
from gouji_checks.summary.leaves import OTHER_ITEM, Amounts, Rows, added
from gouji_checks.summary.record import Record
from gouji_templates.classification import Codes
from gouji_templates.content import Content, Line, blank, is_total, line_of, name_index
from gouji_templates.form import CODED, Block, Form

UNIT = "各部门汇总"
"""The one budget unit of the table with projects."""

_PROJECTS = "{}项目汇总"


class Sums:
    """Entered figures added up, department by department."""

    def __init__(self) -> None:
        self.parts: dict[str, Rows] = {}
        self.names: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        self.departments = 0
        self.rounding = 0
        self.errors = 0

    def add(self, record: Record) -> None:
        """Adds a department."""
        for name, rows in record.parts.items():
            sums = self.parts.setdefault(name, {})
            for key, amounts in rows.items():
                sums[key] = added(sums[key], amounts) if key in sums else amounts
        self.names = record.names | self.names
        for field, number in record.counts.items():
            self.counts[field] = self.counts.get(field, 0) + number
        self.departments += 1
        self.rounding += record.rounding
        self.errors += record.errors

    def shift(self, block: str, key: str, column: int, fen: int) -> None:
        """Adds to a single figure."""
        amounts = list(self.parts[block][key])
        amounts[column] = (amounts[column] or 0) + fen
        self.parts[block][key] = amounts

    def round(self, form: Form) -> None:
        """Rounds every figure as the form prints it, for departments that gave theirs in a smaller unit; what that
        takes or gives is 尾差 as well."""
        grain = step(form.unit, form.decimals)
        for rows in self.parts.values():
            for key, amounts in rows.items():
                rounded = [fen if fen is None else (2 * fen + grain) // (2 * grain) * grain for fen in amounts]
                self.rounding += sum(abs((a or 0) - (b or 0)) for a, b in zip(amounts, rounded, strict=True))
                rows[key] = rounded


def consolidated(catalogue: Catalogue, codes: Codes, sums: Sums, department: str, year: int) -> Content:
    """The tables over these sums; a table of no figures at all carries its sentence, where it has one."""
    form = catalogue.form
    filled = {block.table for block in form.blocks if any(_sums(sums.parts.get(block.name, {})))}
    empty = frozenset(table.id for table in form.tables if table.empty and table.id not in filled)
    lines = {
        block.name: _lines(form, block, sums.parts.get(block.name, {}))
        for block in form.blocks
        if block.table not in empty
    }
    content = complete(catalogue, Content(department, year, dict(sums.counts), lines, empty))
    named = {block.name: content.lines[block.name] for block in form.blocks if block.name in content.lines}
    for block in form.blocks:
        if block.kind in CODED and block.name in named:
            names = {code: subject.name for code, subject in codes[block.classification or ""].items()}
            named[block.name] = [_named(block, line, sums.names | names) for line in named[block.name]]
    return content._replace(lines=named)


def _sums(rows: Mapping[str, Amounts]) -> Iterable[int | None]:
    return (amount for amounts in rows.values() for amount in amounts)


def _lines(form: Form, block: Block, rows: Rows) -> list[Line]:
    """The lines that carry the sums; those above them are made by `complete`."""
    if block.kind in CODED:
        lines = [_line(form, block, rows[code], code=code) for code in sorted(rows)]
        return [line_of(block, UNIT), *lines] if block.kind == "projects" and lines else lines
    if block.kind == "items":
        items = sorted(rows, key=lambda name: (name == OTHER_ITEM, name))
        return [_line(form, block, rows[name], name) for name in items]
    ids = {spec.label: spec.id for spec in block.specs}
    nothing: Amounts = [None] * len(block.columns)
    given = [(line, rows.get(ids.get(line.labels[name_index(block)], ""), nothing)) for line in _fixed(form, block)]
    return [_with(form, line, amounts) for line, amounts in given]


def _fixed(form: Form, block: Block) -> list[Line]:
    return blank(form).lines[block.name]


def _line(form: Form, block: Block, amounts: Amounts, name: str = "", code: str = "") -> Line:
    # The project's name follows when the code has one.
    return _with(form, line_of(block, name, code, _PROJECTS if block.kind == "projects" else ""), amounts)


def _with(form: Form, line: Line, amounts: Amounts) -> Line:
    return line._replace(figures=tuple([to_figure(amount, form) for amount in amounts]))


def _named(block: Block, line: Line, names: Mapping[str, str]) -> Line:
    """The line with the name that its code has."""
    code = code_of(block, line)
    if not code or is_total(block, line):
        return line
    name = names.get(code, code)
    project = line.labels[-1].format(name) if block.kind == "projects" else ""
    return line_of(block, name, code, project)._replace(figures=line.figures)
