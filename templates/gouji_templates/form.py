"""The declaration of a form: its tables, their blocks, columns and rows."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FORMS = Path(__file__).parent / "forms"
DEFAULT_FORM = "xinjiang-2025"

CODED = {"functional": (3, 5, 7), "economic": (3, 5), "projects": (3, 5, 7)}
"""The code lengths of the levels 类, 款, 项, for the kinds of rows that carry codes."""

LEVELS = ("类", "款", "项")
CODE_LABELS = frozenset(LEVELS)


class FormError(ValueError):
    """A mistake in a form or a catalogue of relations; the message names the file, the table and the line."""


class Label(NamedTuple):
    """A text column to the left of the figures."""

    name: str
    heading: tuple[str, ...]
    width: float


class Column(NamedTuple):
    """A column of figures; `sum` names the columns of the same block that add to it.

    `takes` says which line items (预算明细) count here: those with all of these tags.
    """

    name: str
    heading: tuple[str, ...]
    width: float
    sum: tuple[str, ...]
    derived: bool
    takes: tuple[str, ...] = ()


class RowSpec(NamedTuple):
    """A row known beforehand; `label` is what is printed, `sum` the ids of the rows that add to it.

    `takes` is as for a column.
    """

    id: str
    label: str
    sum: tuple[str, ...]
    derived: bool
    required: bool
    takes: tuple[str, ...] = ()


class Block(NamedTuple):
    """Rows and columns that belong together; 表1 and 表4 hold two side by side, the others one."""

    id: str
    table: str
    kind: str
    labels: tuple[Label, ...]
    columns: tuple[Column, ...]
    rows: tuple[RowSpec, ...]
    total: RowSpec | None
    derived: bool
    name: str
    """表2, or 表1支出 where a table holds two blocks."""
    takes: tuple[str, ...] = ()
    """As for a column, asked of every line item that is to count in the block."""

    @property
    def classification(self) -> str | None:
        """Which list of codes the rows are taken from: functional, economic or none."""
        if self.kind in ("functional", "projects", "classes"):
            return "functional"
        return "economic" if self.kind == "economic" else None

    @property
    def specs(self) -> tuple[RowSpec, ...]:
        """The rows known beforehand, the total last where there is one."""
        return self.rows if self.total is None else (*self.rows, self.total)

    @property
    def required(self) -> frozenset[str]:
        """The ids of the rows that must not be missing: a total always, others where they say so."""
        return frozenset([spec.id for spec in self.specs if spec.required or spec is self.total])

    def column(self, name: str) -> int | None:
        """The position of a column among the block's figures, or None."""
        return next((i for i, column in enumerate(self.columns) if column.name == name), None)


class Table(NamedTuple):
    """One of the disclosure's tables; `empty` is the sentence it carries when it has no figures."""

    id: str
    title: str
    aliases: tuple[str, ...]
    ruler: bool
    empty: str
    blocks: tuple[Block, ...]

    @property
    def depth(self) -> int:
        """How many rows the headings take."""
        labels = [len(label.heading) for block in self.blocks for label in block.labels]
        return max(labels + [len(column.heading) for block in self.blocks for column in block.columns])


class OtherForm(NamedTuple):
    """A form that is handed in by mistake, told apart by its titles."""

    name: str
    titles: tuple[str, ...]
    without: str


class Funding(NamedTuple):
    """A source of money (资金来源) of line items; its name and its `tags` are what columns and rows take."""

    name: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]


class Spending(NamedTuple):
    """A kind of spending (支出类型) of line items, told by how what is written begins.

    `classes` are the 类 of the economic classification it may have; `item` names its row among carried-over money,
    and is blank where that is the project's name.
    """

    name: str
    beginnings: tuple[str, ...]
    tags: tuple[str, ...]
    classes: tuple[str, ...]
    item: str


class ComparedLine(NamedTuple):
    """A figure that is compared with last year's, as a line of its group: the cell of a fixed row, or the total's, in a
    block; `sum` names the lines of the group that add to it.

    Where `block` is None it is the 机关运行经费, which depends on what the department is.
    """

    id: str
    label: str
    block: Block | None
    row: str
    column: int
    sum: tuple[str, ...]


class Group(NamedTuple):
    """Lines that are compared on one sheet under one heading; shares are of the line `whole`, none where it is blank.

    With `codes` the lines are the 类 and 项 of a block, by code: the columns are its total and what adds to it.
    """

    id: str
    title: str
    sheet: str
    whole: str
    lines: tuple[ComparedLine, ...]
    codes: Block | None = None
    columns: tuple[int, ...] = ()


class Operating(NamedTuple):
    """Where 机关运行经费 comes from (机关事务管理条例第二十条): the cell that holds it for the kinds of department in
    `all`, and bounds it for those in `part`, which state it themselves; all others have none."""

    block: Block
    row: str
    column: int
    all: tuple[str, ...]
    part: tuple[str, ...]


class Comparison(NamedTuple):
    """What is compared with last year, and by which rules.

    `from_zero` is the rate in percent, as printed, at which something grows that was zero, blank where none is to be
    stated; a change is notable beyond `notable_rate` percent if it is beyond `notable_amount` (万元) as well.
    `no_growth` names the group that should not grow (只减不增).
    """

    groups: tuple[Group, ...]
    operating: Operating
    from_zero: str
    notable_rate: int
    notable_amount: int
    no_growth: str


class Form(NamedTuple):
    """A year's and a place's set of tables; figures are in `unit` with `decimals` decimals as printed."""

    id: str
    title: str
    year: int
    unit: str
    decimals: int
    department_line: str
    unit_line: str
    info_sheet: str
    unit_kinds: tuple[str, ...]
    tables: tuple[Table, ...]
    blocks: tuple[Block, ...]
    """Every block of every table, in order."""
    other_forms: tuple[OtherForm, ...]
    funding: tuple[Funding, ...] = ()
    spending: tuple[Spending, ...] = ()
    comparison: Comparison | None = None

    # One form is one object, and a key of many caches: comparing the whole declaration would cost more than they save.
    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def table(self, id: str) -> Table | None:
        """The table with this id, or None."""
        return next((table for table in self.tables if table.id == id), None)


def declaration(name: str) -> Path:
    """The file that declares a form: the one shipped under this id, or this .toml file itself."""
    return Path(name) if name.endswith(".toml") else FORMS / f"{name}.toml"


@lru_cache(maxsize=8)
def load(name: str = DEFAULT_FORM) -> Form:
    """The form shipped under this id, or read from this .toml file.

    Raises FormError with the file, the table and the line where the declaration is at fault.
    """
    from gouji_templates.form_file import parse

    path = declaration(name)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FormError(f"找不到表样“{name}”（{path.name}）") from error
    return parse(text, path.name)
