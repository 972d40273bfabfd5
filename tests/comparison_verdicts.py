"""What the comparison sheets of a workbook show, held against what the program says of its figures."""

from collections.abc import Iterator

from gouji_checks.book import read_book
from gouji_checks.compare.comparison import Compared, Line, compare
from gouji_checks.compare.per_head import HEADING as PER_HEAD
from gouji_checks.compare.sections import BEFORE, CHANGE, CODE, ITEM, NOW, RATE, REASON, SHARE, Entry, read_sections
from gouji_checks.compare.stated import NOT_STATED
from gouji_checks.source import Workbook
from gouji_templates.content import COMPARISONS
from gouji_templates.form import load

FORM = load()
COLUMNS = (CODE, ITEM, NOW, BEFORE, CHANGE, RATE, SHARE, REASON)


def shown(workbook: Workbook) -> dict[tuple[str, str], Entry]:
    """The lines of both sheets by group and line, found by their headings."""
    found: dict[tuple[str, str], Entry] = {}
    for sheet in workbook.sheets:
        if sheet.name in COMPARISONS:
            listed = read_sections(sheet, FORM, COLUMNS, NOW)
            assert listed is not None, sheet.name
            for entry in listed.entries:
                assert (entry.group.id, entry.id) not in found
                found[entry.group.id, entry.id] = entry
    return found


def disagreements(workbook: Workbook) -> list[str]:
    """Every line, figure, rate and share on which the sheets and the program differ, in words."""
    book = read_book(workbook, FORM)
    entries, compared = shown(workbook), compare(book)
    lines = {(line.group, line.id): line for line in compared.lines}
    wrong = [f"{key}: only on the sheets" for key in entries.keys() - lines.keys() if any(_figures(entries[key]))]
    for key, line in lines.items():
        if key not in entries:
            wrong.append(f"{key}: not on the sheets")
        else:
            wrong += _differences(entries[key], line)
    return wrong + _per_head(workbook, compared)


def _figures(entry: Entry) -> Iterator[object]:
    return (value for heading in (NOW, BEFORE) if (value := entry.cells[heading]) not in ("", 0.0))


def _differences(entry: Entry, line: Line) -> Iterator[str]:
    whole = line.now is not None and line.before is not None
    wanted: dict[str, str] = {
        NOW: line.remark if line.remark == NOT_STATED else _fen(line.now),
        BEFORE: _fen(line.before),
        CHANGE: _fen(line.now - line.before) if line.now is not None and line.before is not None else "",
        RATE: line.rate if whole else "",
        SHARE: line.share if line.now is not None else "",
    }
    for heading, text in wanted.items():
        cell = entry.cells[heading]
        said = cell if isinstance(cell, str) else _fen(round(float(str(cell)) * 1_000_000))
        if heading in (RATE, SHARE) and isinstance(cell, float):
            said = f"{cell:.2f}"
            assert cell == float(said)
        if said != text:
            yield f"{line.group}/{line.id} {heading}: the sheet shows “{said}”, the program “{text}”"


def _fen(amount: int | None) -> str:
    return "" if amount is None else str(amount)


def _per_head(workbook: Workbook, compared: Compared) -> list[str]:
    sheet = next(sheet for sheet in workbook.sheets if sheet.name == COMPARISONS[1])
    at = next(number for number, row in enumerate(sheet.rows) if row[0] == PER_HEAD)
    found = {str(row[1]): row[2] for row in sheet.rows[at + 1 : at + 4]}
    wanted = {one.label: one.value for one in compared.per_head}
    said = {label: f"{value:.2f}" for label, value in found.items() if isinstance(value, float)}
    return [] if said == wanted else [f"per head: the sheet shows {said}, the program {wanted}"]
