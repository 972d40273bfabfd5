"""A content without anything that can be worked out, by what the form alone says."""

from gouji_templates.content import Content, Line, is_total, name_index
from gouji_templates.form import CODED, Block, Form


def without_derived(form: Form, content: Content) -> Content:
    """Derived figures blank, every row still there."""
    lines = {
        block.name: [_entered(block, line, content.lines[block.name]) for line in content.lines[block.name]]
        for block in form.blocks
        if block.name in content.lines
    }
    return content._replace(lines=lines)


def leaves_of(form: Form, content: Content) -> Content:
    """Derived figures blank, and of tables with codes only the rows that nothing stands below."""
    lines = without_derived(form, content).lines
    for block in form.blocks:
        if block.kind in CODED and block.name in lines:
            rows = [line for line in lines[block.name] if not is_total(block, line)]
            lines[block.name] = [line for line in rows if not _has_below(block, line, rows) or not code(block, line)]
    return content._replace(lines=lines)


def code(block: Block, line: Line) -> str:
    """The line's code; nothing for a total or a budget unit."""
    return "".join(line.labels[: name_index(block)])


def _entered(block: Block, line: Line, lines: list[Line]) -> Line:
    specs = {spec.label: spec for spec in block.rows}
    spec = specs.get(line.labels[name_index(block)])
    above = block.kind in CODED and _has_below(block, line, lines)
    if is_total(block, line) or block.derived or above or (spec is not None and (spec.sum or spec.derived)):
        return line._replace(figures=(None,) * len(block.columns))
    pairs = zip(block.columns, line.figures, strict=True)
    return line._replace(figures=tuple(None if c.sum or c.derived else figure for c, figure in pairs))


def _has_below(block: Block, line: Line, lines: list[Line]) -> bool:
    own = code(block, line)
    return any(code(block, other) != own and code(block, other).startswith(own) for other in lines)
