"""Findings about relations: what each failing one says, and the change that would repair it."""

from gouji_checks.amount import COUNT, show
from gouji_checks.book import Book
from gouji_checks.cells import Layout
from gouji_checks.evaluate import Evaluation, Outcome, all_cells
from gouji_checks.finding import Address, Finding, Suspect
from gouji_checks.skeleton import PROJECT
from gouji_checks.state import Change
from gouji_checks.suspects import Guess, explain, slip
from gouji_checks.system import Cells, Constraint
from gouji_templates import classification

MOST_PARTS = 6
"""A sum of more figures than this is given by their number, not one by one."""


def relation_findings(book: Book, evaluation: Evaluation) -> list[Finding]:
    """One finding for each relation that does not hold exactly: 不符 with its severity, 尾差 as info."""
    naming = _Naming(book, evaluation)
    guesses = explain(evaluation) if any(outcome.failed for outcome in evaluation.outcomes) else []
    by_constraint: dict[int, list[Suspect]] = {}
    for guess in guesses:
        suspects = naming.suspects(guess)
        for index in guess.repairs:
            by_constraint.setdefault(index, []).extend(suspects)
    return [naming.finding(outcome, by_constraint.get(outcome.number, [])) for outcome in evaluation.outcomes]


def implied(book: Book, evaluation: Evaluation) -> dict[str, Suspect]:
    """By address, what a figure that nobody can read should be, where the other figures of its relations say so."""
    system = evaluation.system
    naming = _Naming(book, evaluation)
    cells = {system.cell(*place) for place in book.unreadable}
    shown = {system.cell(odd.block.name, odd.row, odd.column): odd.oddity.shown for odd in book.odd}
    found: dict[str, Suspect] = {}
    for cell in cells:
        amounts = [
            -sign * (system.sums.one(i, evaluation.vector) // COUNT)
            for i, sign in system.touching[cell]
            if system.relation_of[i].formula.operator == "="
            and not any(c % system.size in cells - {cell} for c in all_cells(system.constraints[i]))
        ]
        amounts = [fen for fen in amounts if fen >= 0]
        if amounts:
            value = show(max(amounts, key=amounts.count))
            where = naming.where(cell)
            found[where] = Suspect("cell", where, naming.title(cell), shown.get(cell, ""), value, "按其他数字推算")
    return found


class _Naming:
    """Turns cells into addresses and words."""

    def __init__(self, book: Book, evaluation: Evaluation) -> None:
        self.book = book
        self.evaluation = evaluation
        self.system = evaluation.system
        self._addresses: list[str] = []
        for name, layout in self.system.layouts.items():
            addresses = book.figures[name].home.skeleton.addresses[name]
            self._addresses += addresses
            self._addresses += [""] * (len(layout.keys) * layout.width - len(addresses))
        # Once for each sign, as signed cells count.
        self._addresses *= 2

    def where(self, signed: int) -> str:
        """A cell's address as a text, or nothing for a row that is not there."""
        return self._addresses[signed]

    def fen(self, signed: int) -> int:
        """A signed cell's amount in 分."""
        return self.evaluation.vector[signed] // COUNT

    def title(self, cell: int) -> str:
        """What a cell is, in words: “2011301 行政运行”基本支出."""
        layout, _, column = self.system.place(cell % self.system.size)
        return f"“{self.row_title(cell)}”{layout.block.columns[column].heading[-1]}"

    def row_title(self, cell: int) -> str:
        """The row of a cell in words."""
        layout, row, _ = self.system.place(cell % self.system.size)
        rows = self.book.figures[layout.block.name].part.rows
        if row < len(rows):
            return rows[row].title
        key = layout.keys[row]
        if layout.levels[row] == PROJECT:
            return f"{key} 下的一个项目"
        if key.endswith("**"):
            return f"{key[:-2]} 下的一款"
        return next((spec.label for spec in layout.block.rows if spec.id == key), self._named(layout, key))

    def _named(self, layout: Layout, key: str) -> str:
        """A code with the name that another table, or the official list, gives it."""
        for figures in self.book.figures.values():
            for row in figures.part.rows:
                if row.key == key:
                    return row.title
        subject = classification.load(layout.block.classification).get(key) if layout.block.classification else None
        return f"{key} {subject.name}" if subject else key

    def finding(self, outcome: Outcome, suspects: list[Suspect]) -> Finding:
        """The finding for one constraint that does not hold exactly."""
        constraint = self.system.constraint(outcome.number)
        relation = constraint.relation
        vector, addresses = self.evaluation.vector, self._addresses
        stated = sum([vector[cell] for cell in constraint.left]) // COUNT
        expected = sum([vector[cell] for cell in constraint.right]) // COUNT
        cells = [where for cell in (*constraint.left, *constraint.right) if (where := addresses[cell])]
        severity = relation.severity if outcome.failed else "info"
        return Finding(
            relation.id,
            severity,
            tuple(cells),
            self._message(constraint, outcome, stated, expected),
            show(stated),
            show(expected),
            show(stated - expected),
            show_half(outcome.allowed2),
            relation.advice if outcome.failed else "",
            tuple(suspects) if outcome.failed else (),
        )

    def _message(self, constraint: Constraint, outcome: Outcome, stated: int, expected: int) -> str:
        left = self._sum(constraint.left, stated) or "0"
        right = self._sum(constraint.right, expected) or "0"
        first = constraint.left[0] if constraint.left else constraint.right[0]
        column = "·" + constraint.column if constraint.column else ""
        where = f"（{self.row_title(first)}{column}）" if constraint.key else ""
        relation = constraint.relation
        operator = relation.formula.operator
        word = {"=": "应等于", "≤": "不应大于", "≥": "不应小于"}[operator]
        gap = stated - expected
        direction = f"{'多' if gap > 0 else '少'} {show(abs(gap))}"
        if not outcome.failed:
            allowed = show_half(outcome.allowed2)
            return f"{relation.title}{where}：{left} 与 {right} 相差 {show(abs(gap))}，在尾差允许的 {allowed} 以内"
        return f"{relation.title}{where}：{left} {word} {right}，{direction}"

    def _sum(self, cells: Cells, fen: int) -> str:
        """The figures of one side, one by one or by their number, and what they come to."""
        vector = self.evaluation.vector
        printed = [cell for cell in cells if vector[cell]]
        total = show(fen)
        if not printed:
            return self._blank(cells[0]) if len(cells) == 1 else total if cells else ""
        if printed[0] >= self.system.size and printed[0] != cells[0]:
            # A difference whose first figure is blank: say so, rather than begin with a minus.
            printed = [cells[0], *printed]
        if len(printed) == 1 and printed[0] < self.system.size:
            return f"{self.where(printed[0])} {total}"
        if len(printed) > MOST_PARTS:
            return f"{len(printed)} 个数之和 {total}"
        size = self.system.size
        words = ""
        for cell in printed:
            sign = " - " if cell >= size else " + "
            blank = not self.evaluation.vector[cell]
            figure = self._blank(cell) if blank else f"{self.where(cell)} {show(abs(self.fen(cell)))}"
            words += (sign if words else "0 - " if cell >= size else "") + figure
        return f"{words} = {total}"

    def _blank(self, cell: int) -> str:
        """A cell without a figure, or a row that is not there, in words."""
        where = self.where(cell)
        return f"{where} 空" if where else f"{self.system.place(cell % self.system.size)[0].block.table}（无此行）"

    def suspects(self, guess: Guess) -> list[Suspect]:
        """A guess and its equals in words, the likeliest first."""
        return [self._suspect(change) for change in (guess.change, *guess.alternatives)]

    def _suspect(self, change: Change) -> Suspect:
        before = self.evaluation.vector[change.cell]
        after = dict(change.amounts)[change.cell]
        where = self.where(change.cell)
        title = self.title(change.cell)
        layout, row, _ = self.system.place(change.cell)
        table = layout.block.table
        value = show(after // COUNT) if after else ""
        hint = slip(before // COUNT, after // COUNT)
        if change.kind in ("code", "extra"):
            where = self._label(change.cell)
        if change.kind == "row" or row >= layout.real:
            where = self._gap(change.cell)
            missing = self.row_title(change.cell)
            hint = f"{table}漏列 {missing}" if row in layout.under else f"{table}漏列“{missing}”一行"
        elif change.kind == "extra":
            hint = f"{table}“{self.row_title(change.cell)}”这一行像是多列或重复"
        elif change.kind == "code":
            other = next(cell for cell, packed in change.amounts if packed)
            hint = f"{table}“{self.row_title(change.cell)}”的科目编码应为 {self.row_title(other)}"
            value = self._key(other)
        elif change.kind == "swap":
            where = self._label(change.cell)
            other = next(c for c, _ in change.amounts if self.system.place(c)[1] != row)
            hint = f"{table}“{self.row_title(change.cell)}”与“{self.row_title(other)}”两行的数像是填反了"
        elif change.kind == "column":
            other = next(cell for cell, packed in change.amounts if packed)
            hint = f"像是填错了栏，应填在 {self.where(other)}"
        elif change.kind == "unit":
            hint = f"{table}整张表像是按元填列"
        elif change.kind == "entered":
            hint = "；".join(filter(None, (hint, "由它带出的合计和其他表随之改正")))
        elif not before and after:
            hint = "像是漏填"
        elif before and not after:
            hint = "应为空"
        return Suspect(
            change.kind,
            where,
            title,
            show(before // COUNT) if before else "",
            value,
            hint,
        )

    def _label(self, cell: int) -> str:
        """Where the row of a cell begins: its code, its name."""
        layout, row, _ = self.system.place(cell)
        figures = self.book.figures[layout.block.name]
        return str(Address(figures.home.sheet.name, figures.part.rows[row].line, figures.part.side.start))

    def _key(self, cell: int) -> str:
        layout, row, _ = self.system.place(cell)
        return layout.keys[row]

    def _gap(self, cell: int) -> str:
        """Where a row left out belongs: below the last row with a smaller code."""
        layout, row, _ = self.system.place(cell)
        figures = self.book.figures[layout.block.name]
        parent = self.system.parent.get((layout.block.name, row))
        key = layout.keys[row]
        if row in layout.under and parent is not None:
            above = [r.line for r in figures.part.rows if r.key.startswith(layout.keys[parent])]
        else:
            above = [r.line for r in figures.part.rows if not r.key[:1].isdigit() or r.key < key]
        return str(Address(figures.home.sheet.name, max(above, default=0) + 1, figures.part.side.start))


def show_half(doubled: int) -> str:
    """An allowance given doubled, in 万元: 0.015."""
    text = f"{doubled / 2_000_000:.6f}".rstrip("0")
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(2, '0')}"
