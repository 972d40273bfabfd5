"""What each line of a content is: its row's id or code and its level; and the rows above the leaves, made where they
are missing.

Made rows of coded tables always stay; made rows of tables whose rows are known beforehand stay only where they come to
hold a figure.
"""

from collections.abc import Mapping

from gouji_checks.relation import Catalogue
from gouji_checks.skeleton import ITEM, PROJECT, TOTAL, UNIT
from gouji_templates import classification
from gouji_templates.content import Line, is_total, line_of, name_index, total_first
from gouji_templates.form import CODED, LEVELS, Block

Keys = list[tuple[str, str] | None]
"""For each line its row's key and level, None for a blank line."""

Lines = dict[str, list[Line]]


def keys_of(block: Block, lines: list[Line]) -> Keys:
    """The keys and levels of a block's lines, as a reader of the printed table would give them."""
    specs = {row.label: row for row in block.rows}
    # Without any project named, the 项 rows of 表7 are the projects.
    unnamed = block.kind == "projects" and not any(line.labels[-1] for line in lines)
    keys: Keys = []
    for line in lines:
        name = line.labels[name_index(block)]
        if block.total and is_total(block, line):
            keys.append((block.total.id, TOTAL))
        elif code := code_of(block, line):
            level = LEVELS[CODED[block.kind].index(len(code))]
            project = block.kind == "projects" and level == LEVELS[-1] and (unnamed or line.labels[-1])
            keys.append((code, PROJECT if project else level))
        elif name in specs:
            spec = specs[name]
            level = "类" if block.kind == "classes" else ITEM
            keys.append((spec.id, TOTAL if spec.required else level))
        elif name:
            keys.append((name, UNIT if block.kind == "projects" else ITEM))
        else:
            keys.append(None)
    return keys


def code_of(block: Block, line: Line) -> str:
    """The code of a coded table's line; nothing where it has none, or one of no known length."""
    if block.kind not in CODED:
        return ""
    code = "".join(line.labels[: name_index(block)])
    return code if len(code) in CODED[block.kind] else ""


def with_missing(catalogue: Catalogue, lines: Mapping[str, list[Line]]) -> tuple[Lines, dict[str, set[int]]]:
    """The lines with those rows in their places that their figures need, and which lines stay only if they get any."""
    found: Lines = {}
    optional: dict[str, set[int]] = {}
    for block in catalogue.form.blocks:
        given = lines.get(block.name)
        if given is None:
            continue
        optional[block.name] = set()
        if block.kind in ("fixed", "classes"):
            found[block.name], optional[block.name] = _with_known(block, given)
            continue
        if block.kind in CODED:
            given = _with_parents(block, _with_filled(catalogue, block, _named(block, given), lines))
        found[block.name] = _with_total(block, given)
    return found, optional


def _with_known(block: Block, given: list[Line]) -> tuple[list[Line], set[int]]:
    """Every row known beforehand, the missing ones in the form's order, with their numbers."""
    labels = [spec.label for spec in block.specs]
    have = {line.labels[name_index(block)] for line in given}
    rows = list(given)
    for place, label in enumerate(labels):
        if label not in have:
            printed = [line.labels[name_index(block)] for line in rows]
            after = printed.index(labels[place - 1]) + 1 if place else 0
            rows.insert(after, line_of(block, label))
    return rows, {number for number, line in enumerate(rows) if line.labels[name_index(block)] not in have}


def _named(block: Block, given: list[Line]) -> list[Line]:
    """Codes without a name get the official one."""
    names = classification.load(block.classification or "")
    at = name_index(block)
    return [
        line._replace(labels=(*line.labels[:at], names[code].name, *line.labels[at + 1 :]))
        if (code := code_of(block, line)) in names and not line.labels[at]
        else line
        for line in given
    ]


def _with_filled(catalogue: Catalogue, block: Block, given: list[Line], lines: Mapping[str, list[Line]]) -> list[Line]:
    """The rows that another table fills, such as the 项 of 表5 that have nothing but projects."""
    rows = list(given)
    for relation in catalogue.relations:
        formula = relation.formula
        if not relation.fills or formula.left[0].block is not block or formula.each[1:] not in LEVELS:
            continue
        wanted = LEVELS[: len(CODED[block.kind])].index(formula.each[1:])
        for term in formula.right:
            if term.row != formula.each or term.block.kind not in CODED:
                continue
            for line in lines.get(term.block.name, ()):
                code = code_of(term.block, line)
                have = {code_of(block, row) for row in rows}
                if len(code) == CODED[block.kind][wanted] and code not in have and any(line.figures):
                    above = [number for number, row in enumerate(rows, 1) if "" < code_of(block, row) < code]
                    top = bool(rows) and is_total(block, rows[0])
                    rows.insert(max(above, default=int(top)), _official(block, code))
    return rows


def _with_parents(block: Block, given: list[Line]) -> list[Line]:
    """The 类 and 款 that are missing, each before the first row below it; in 表7 unit by unit."""
    rows: list[Line] = []
    for section in _sections(block, given):
        have = {code_of(block, line) for line in section}
        for line in section:
            code = code_of(block, line)
            for length in CODED[block.kind]:
                if length < len(code) and code[:length] not in have:
                    have.add(code[:length])
                    rows.append(_official(block, code[:length]))
            rows.append(line)
    return rows


def _sections(block: Block, given: list[Line]) -> list[list[Line]]:
    sections: list[list[Line]] = [[]]
    for line, key in zip(given, keys_of(block, given), strict=True):
        if key and key[1] == UNIT:
            sections.append([])
        sections[-1].append(line)
    return sections


def official_name(block: Block, line: Line) -> str:
    """The name that the code of a line has in the official list; nothing for a line without a code."""
    code = code_of(block, line)
    return _name_of(block, code) if code else ""


def _official(block: Block, code: str) -> Line:
    return line_of(block, _name_of(block, code), code)


def _name_of(block: Block, code: str) -> str:
    return classification.official_name(block.classification or "", code)


def _with_total(block: Block, given: list[Line]) -> list[Line]:
    lacks = block.total and total_first(block) and not any(is_total(block, line) for line in given)
    if lacks and block.total and any(keys_of(block, given)):
        return [line_of(block, block.total.label), *given]
    return given
