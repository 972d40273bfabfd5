"""What a sheet says besides its figures: which table it is, whose it is, and where each row stands."""

import re
from functools import lru_cache
from typing import NamedTuple

from gouji_checks.finding import column_letters
from gouji_checks.headings import RULER_SIGNS, Head, Match, Side
from gouji_checks.labels import Label, complete, read_label
from gouji_checks.source import Rows
from gouji_checks.titles import department_of, unit_of, years_in
from gouji_templates.form import CODED, LEVELS, Block, Table
from gouji_templates.wording import fold

TOTAL = "总计"
UNIT = "单位"
PROJECT = "项目"
ITEM = "行"

_REMARK = re.compile(
    r"(?:附?注|说明)\d*[:.、]|备注|编制部门|编制单位|(?:编制|制表|填表|填报|审核|复核|负责|经办|联系|部门|单位)[^:]{0,5}:"
)
_NUMBERING = re.compile(r"^(?:其中:?|\(?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[).、])+")
_BLANK = frozenset({"", None})


class Row(NamedTuple):
    """A row of a table: `key` is its id or code, `level` 总计, 类, 款, 项, 单位, 项目 or 行, `line` 0-based."""

    key: str
    level: str
    name: str
    project: str
    line: int

    @property
    def title(self) -> str:
        """The row as a reader would call it: 2011301 行政运行."""
        words = self.project or self.name
        return f"{self.key} {words}" if self.key[:1].isdigit() and words else (words or self.key)


class Part(NamedTuple):
    """A block as found on a sheet: its columns, its rows, and the rows that could not be placed."""

    side: Side
    rows: tuple[Row, ...]
    strays: tuple[tuple[int, str], ...]
    keys: tuple[tuple[str, str], ...]
    """Each row's key and level: what the constraints depend on."""
    present: tuple[bool, ...]
    """Which figure columns were found."""


class Body:
    """What stands below a sheet's headings, its figures left out. Sheets with the same headings and labels share one,
    whoever they belong to, so what follows from these alone is worked out once."""

    def __init__(self, sheet: str, parts: tuple[Part, ...], notes: tuple[tuple[int, str], ...]) -> None:
        self.parts = parts
        self.sentences = tuple([(line, text) for line, text in notes if "为空表" in fold(text)])
        """The empty-table sentences among the text rows, with their lines."""
        self.addresses = {part.side.block.name: _addresses(sheet, part) for part in parts}
        """By block the address of every figure cell, row by row."""


class Skeleton:
    """A sheet's table without its figures. Two sheets with the same texts share one."""

    def __init__(self, table: Table, sheet: str, head: Head, body: Body) -> None:
        self.table = table
        self.sheet = sheet
        self.head = head
        self.body = body
        self.parts = body.parts
        self.sentences = body.sentences
        self.addresses = body.addresses
        self.unit = unit_of(head.lines)
        self.department = department_of(head.lines)
        texts = [(line, text) for line, _, text in head.lines] + list(self.sentences)
        self.years = tuple([(line, year) for line, text in texts for year in years_in(text)])
        """The years that titles and sentences speak of, with their lines."""


def _addresses(sheet: str, part: Part) -> list[str]:
    letters = [f"{sheet}!{column_letters(place or 0)}" for place in part.side.columns]
    return [f"{letter}{row.line + 1}" for row in part.rows for letter in letters]


Labels = tuple[tuple[tuple[object, ...], ...], ...]
"""By side and row what stands in the label columns."""

_KNOWN: dict[object, Skeleton] = {}
_BODIES: dict[object, tuple[dict[str, Match], Body]] = {}
_LIMIT = 128


def read_skeleton(table: Table, sheet: str, head: Head, sides: tuple[Side, ...], rows: Rows) -> Skeleton:
    """The skeleton of a sheet already known to hold this table."""
    first = head.first_row
    labels = tuple([tuple([tuple(row[side.start : side.stop]) for row in rows[first:]]) for side in sides])
    # The sides follow from the table and the headings.
    key = (id(table), sheet, head, labels)
    known = _KNOWN.get(key)
    if known is None:
        if len(_KNOWN) >= _LIMIT:
            _KNOWN.clear()
        known = _KNOWN[key] = Skeleton(table, sheet, head, _body(table, sheet, head, sides, labels))
    return known


def _body(table: Table, sheet: str, head: Head, sides: tuple[Side, ...], labels: Labels) -> Body:
    """What stands below the headings; what stands above them decides only what is a title printed again."""
    titles = _titles(table, head)
    # Headings that read the same have the same matches, and those that are kept here stay what they are.
    key = (id(table), sheet, head.first_row, id(head.matches), titles, labels)
    known = _BODIES.get(key)
    if known is None:
        if len(_BODIES) >= _LIMIT:
            _BODIES.clear()
        known = _BODIES[key] = head.matches, _read_body(sheet, head, sides, labels, titles)
    return known[1]


def _read_body(sheet: str, head: Head, sides: tuple[Side, ...], labels: Labels, titles: frozenset[str]) -> Body:
    parts: list[Part] = []
    notes: dict[int, str] = {}
    for found, cells in zip(sides, labels, strict=True):
        headings = [row[found.start : found.stop] for row in head.headings]
        kept = _telling((*headings, *cells))
        side = found._replace(start=found.start + (kept[0] if kept else 0))
        own = [tuple([row[place] for place in kept]) for row in headings]
        printed = {fold(str(cell)) for row in own for cell in row} | titles
        project = _project_column(side.block, own)
        read: list[tuple[int, Label]] = []
        for line, row in enumerate(cells, head.first_row):
            said = _read_line(side.block.kind, project, tuple([row[place] for place in kept]))
            # Titles and headings are printed again on the next page.
            if said is None or said.words <= printed:
                continue
            if said.is_note:
                notes[line] = said.label.text
            else:
                read.append((line, said.label))
        parts.append(_part(side, read))
    return Body(sheet, tuple(parts), tuple(sorted(notes.items())))


class Said(NamedTuple):
    """What the label cells of a row say: the label, its words folded, and whether it is no row of figures."""

    label: Label
    words: frozenset[str]
    is_note: bool


@lru_cache(maxsize=4096)
def _read_line(kind: str, project_column: int | None, cells: tuple[object, ...]) -> Said | None:
    """What label cells say; None where they are blank or a 栏次 row."""
    label = None if RULER_SIGNS.intersection(cells) else read_label(kind, project_column, cells)
    if label is None:
        return None
    words = frozenset([fold(str(cell)) for cell in cells if cell not in _BLANK])
    return Said(label, words, not label.code and not label.tail and _is_note(label.text))


def _telling(rows: tuple[tuple[object, ...], ...]) -> list[int]:
    """Which label columns say something: neither those left blank throughout nor 序号."""
    columns = [set(column) - _BLANK for column in zip(*rows, strict=True)]
    return [place for place, said in enumerate(columns) if said and "序号" not in map(fold, map(str, said))]


def _project_column(block: Block, headings: list[tuple[object, ...]]) -> int | None:
    """Which label column holds the names of projects, where the sheet has one."""
    wanted = fold(block.labels[-1].heading[-1])
    places = [place for row in headings for place, cell in enumerate(row) if fold(str(cell)) == wanted]
    return places[0] if block.kind == "projects" and places else None


def _titles(table: Table, head: Head) -> frozenset[str]:
    """What a sheet prints above its headings, without the department, which is also a row of 表7."""
    titles = tuple(map(fold, (table.title, *table.aliases)))
    lines = [fold(text) for _, _, text in head.lines]
    return frozenset([table.id, *titles, *[line for line in lines if line.endswith(titles)]])


def _is_note(text: str) -> bool:
    """A remark, or the sentence of an empty table: not a row of figures."""
    folded = fold(text)
    return _REMARK.match(folded) is not None or "为空表" in folded or (len(folded) > 25 and "安排的支出" in folded)


def _part(side: Side, labels: list[tuple[int, Label]]) -> Part:
    kind = side.block.kind
    if kind in CODED:
        rows, strays = _coded(side.block, labels)
    elif kind == "items":
        rows, strays = _items(labels), []
    else:
        rows, strays = _listed(side.block, labels)
    keys = tuple([(row.key, row.level) for row in rows])
    return Part(side, tuple(rows), tuple(strays), keys, tuple([place is not None for place in side.columns]))


def _coded(block: Block, labels: list[tuple[int, Label]]) -> tuple[list[Row], list[tuple[int, str]]]:
    lengths = CODED[block.kind]
    rows: list[Row] = []
    strays: list[tuple[int, str]] = []
    above = ""
    for line, label in labels:
        code = complete(label, above, block.kind)
        if label.project and not (code or label.name) and rows and rows[-1].key == above:
            # Projects of one 项 share its code and name, merged downwards.
            code, label = above, label._replace(name=rows[-1].name)
        if code:
            above = code
            level = LEVELS[lengths.index(len(code))] if len(code) in lengths else ""
            if label.project and level == LEVELS[len(lengths) - 1]:
                level = PROJECT
            if level:
                rows.append(Row(code, level, label.name, label.project, line))
            else:
                strays.append((line, f"{code} {label.name}".strip()))
        elif label.is_total:
            rows.append(Row(TOTAL, TOTAL, label.text, "", line))
            above = ""
        elif block.kind == "projects":
            rows.append(Row(label.text, UNIT, label.text, "", line))
            above = ""
        else:
            strays.append((line, label.text))
    if block.kind == "projects" and not any(row.project for row in rows):
        # A sheet without the 项目名称 column: its 项 rows are the projects.
        rows = [row._replace(level=PROJECT) if row.level == LEVELS[-1] else row for row in rows]
    return rows, strays


def _items(labels: list[tuple[int, Label]]) -> list[Row]:
    return [
        Row("合计", TOTAL, label.text, "", line) if label.is_total else Row(label.text, ITEM, label.text, "", line)
        for line, label in labels
    ]


def _listed(block: Block, labels: list[tuple[int, Label]]) -> tuple[list[Row], list[tuple[int, str]]]:
    """Rows known beforehand, found by their printed label; where a label occurs twice, by their order."""
    specs = block.specs
    exact: dict[str, int] = {}
    bare: dict[str, list[int]] = {}
    for place, spec in enumerate(specs):
        exact.setdefault(fold(spec.label), place)
        bare.setdefault(_bare(spec.label), []).append(place)
        if block.kind == "classes" and spec is not block.total:
            exact[spec.id] = exact[fold(spec.label.removeprefix(spec.id))] = place
    found: dict[int, Row] = {}
    strays: list[tuple[int, str]] = []
    last = -1
    for line, label in labels:
        text = fold(label.code or label.text)
        places = bare.get(_bare(text), [])
        # A label as the form prints it is sure, unless another row reads the same without its numbering.
        if text in exact and (text != _bare(text) or len(places) < 2):
            places = [exact[text]]
        free = [place for place in places if place not in found]
        if not free:
            strays.append((line, f"{label.code} {label.name}".strip() if label.code else label.text))
            continue
        last = next((place for place in free if place > last), free[0])
        spec = specs[last]
        level = TOTAL if spec.required or spec is block.total else ("类" if block.kind == "classes" else ITEM)
        found[last] = Row(spec.id, level, label.name or label.text, "", line)
    # In the order of the sheet, so that a row's place is its line.
    return sorted(found.values(), key=lambda row: row.line), strays


def _bare(label: str) -> str:
    """A label without its numbering and its 其中：, for those who leave them out."""
    return _NUMBERING.sub("", fold(label))
