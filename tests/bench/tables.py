"""How the benchmarks print what they measured."""

from collections.abc import Sequence

from gouji_templates.layout import text_width


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table with its columns aligned, the first to the left and the figures to the right."""
    lines = [list(headings), *[["" if cell is None else str(cell) for cell in row] for row in rows]]
    widths = [max(text_width(line[column]) for line in lines) for column in range(len(headings))]
    print(f"\n{title}")
    for number, line in enumerate(lines):
        cells = []
        for column, (cell, width) in enumerate(zip(line, widths, strict=True)):
            space = " " * (width - text_width(cell))
            cells.append(cell + space if column == 0 else space + cell)
        print("  " + "  ".join(cells).rstrip())
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))


def print_verdict(what: str, bar: str, measured: str, met: bool | None) -> None:
    """A line that sets what was measured against what was promised; None where this run cannot tell."""
    word = "unsure" if met is None else "met" if met else "MISSED"
    print(f"  {word:6}  {what}: bar {bar}, measured {measured}", flush=True)


def print_list(title: str, items: Sequence[str], most: int = 40) -> None:
    """A list under its title, cut short where it is long."""
    print(f"\n{title}{'' if items else ' none'}")
    for item in items[:most]:
        print(f"  {item}")
    if len(items) > most:
        print(f"  and {len(items) - most} more")


def share(part: int, whole: int) -> str:
    """A percentage, nothing of nothing being all of it."""
    return f"{100 * part / whole:.2f} %" if whole else "–"
