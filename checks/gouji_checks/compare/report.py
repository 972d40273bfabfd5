"""A comparison as a table for a reader and as the public JSON shape."""

from collections.abc import Sequence
from typing import Any

from gouji_checks.compare.comparison import Compared, Line
from gouji_checks.compare.per_head import HEADING, UNIT
from gouji_checks.compare.sections import BEFORE, CHANGE, CODE, ITEM, NOW, RATE, REASON, SHARE, part_names
from gouji_checks.compare.stated import NOT_STATED, shown
from gouji_templates import __version__
from gouji_templates.form import CODED, Form, Group
from gouji_templates.layout import text_width

_NONE = "—"
"""What stands where there is no figure."""

_GAP = "  "


def text(file: str, found: Compared, form: Form) -> str:
    """A table for every group, figures aligned, and below them what is to be said of it."""
    head = " ".join(filter(None, (file, found.department, found.year and f"{found.year}年")))
    last = found.prior and found.prior.file and f"（上年工作簿：{found.prior.file}）"
    lines = [f"{head}：与上年对比，单位：{form.unit}{last or ''}"]
    for group in form.comparison.groups if form.comparison else ():
        lines += ["", group.title, *_table(group, _of(found, group), form)]
    if found.per_head:
        rows = [[one.label, one.value, f"{one.basis}（{one.number}）"] for one in found.per_head]
        lines += ["", HEADING, *_aligned(rows, {1})]
    notes = ["", "说明", *(f"  · {note}" for note in found.notes)] if found.notes else []
    return "\n".join([*lines, *notes]) + "\n"


def _of(found: Compared, group: Group) -> list[Line]:
    return [line for line in found.lines if line.group == group.id]


def _table(group: Group, lines: Sequence[Line], form: Form) -> list[str]:
    if not lines:
        return ["  （没有）"]
    heads = [ITEM, NOW, BEFORE, CHANGE, RATE, SHARE, REASON]
    rows = [
        [
            _label(group, line),
            *(shown(amount, form.decimals) or _NONE for amount in (line.now, line.before, line.change)),
            line.rate or _NONE,
            line.share or _NONE,
            line.reason,
        ]
        for line in lines
    ]
    for row, line in zip(rows, lines, strict=True):
        if line.remark == NOT_STATED:
            row[1] = NOT_STATED
    figures = {1, 2, 3, 4, 5}
    if group.codes:
        heads = [CODE, *heads]
        rows = [[line.id, *row] for line, row in zip(lines, rows, strict=True)]
        figures = {place + 1 for place in figures}
    if not any(row[-1] for row in rows):
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    return _aligned([heads, *rows], figures)


def _label(group: Group, line: Line) -> str:
    """Items of a class, and parts of a sum, stand a step in."""
    if group.codes:
        return _GAP * (CODED[group.codes.kind].index(len(line.id)) > 0) + line.label
    parents = {part: one.id for one in group.lines for part in one.sum}
    steps, id = 0, line.id
    while id in parents:
        steps, id = steps + 1, parents[id]
    return _GAP * steps + line.label


def _aligned(rows: Sequence[Sequence[str]], right: set[int]) -> list[str]:
    """Rows of equal length in columns: Chinese signs are two wide, figures stand to the right."""
    widths = [max(map(text_width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            pad = " " * (width - text_width(cell))
            cells.append(pad + cell if place in right else cell + pad)
        lines.append((_GAP + _GAP.join(cells)).rstrip())
    return lines


def as_json(file: str, found: Compared, form: Form) -> dict[str, Any]:
    """The public shape: figures are strings in the form's unit, "" where there is none; cells read 表5!F9."""
    comparison = form.comparison
    prior = found.prior
    return {
        "gouji": __version__,
        "file": file,
        "form": form.id,
        "department": found.department,
        "year": found.year,
        "kind": found.kind,
        "unit": form.unit,
        "policy": {
            "from_zero": comparison.from_zero,
            "no_growth": comparison.no_growth,
            "notable_rate": comparison.notable_rate,
            "notable_amount": comparison.notable_amount,
        }
        if comparison
        else {},
        "groups": [
            {
                "id": group.id,
                "title": group.title,
                "lines": [_line(group, line, form) for line in _of(found, group)],
            }
            for group in (comparison.groups if comparison else ())
        ],
        "per_head": [
            {
                "label": one.label,
                "value": one.value,
                "unit": UNIT,
                "basis": one.basis,
                "amount": shown(one.amount, form.decimals),
                "counted": one.counted,
                "number": one.number,
            }
            for one in found.per_head
        ],
        "notes": list(found.notes),
        "prior": {"file": prior.file, "department": prior.department, "year": prior.year} if prior else None,
    }


def _line(group: Group, line: Line, form: Form) -> dict[str, Any]:
    parts = {
        name: {"now": shown(now, form.decimals), "before": shown(before, form.decimals)}
        for name, (now, before) in zip(part_names(group), line.parts, strict=False)
    }
    return {
        "id": line.id,
        "label": line.label,
        "level": line.level,
        "now": shown(line.now, form.decimals),
        "before": shown(line.before, form.decimals),
        "change": shown(line.change, form.decimals),
        "rate": line.rate,
        "share": line.share,
        **({"parts": parts} if parts else {}),
        "reason": line.reason,
        "cell": line.cell,
        "origin": line.origin,
        "remark": line.remark,
    }
