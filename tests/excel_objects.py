"""Excel's own objects for a workbook and a range of the Excel for tests: its macros, its links, and what is hidden."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from openpyxl.utils.cell import column_index_from_string
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

_STORED = re.compile(r"'?\[(\d+)\]([^'!]*)'?!")


class Links:
    """The other workbooks that the formulas of one name: in its file by number, in Excel by folder and name."""

    def __init__(self, path: Path, content: Workbook) -> None:
        self.sources = [str(path.parent / link.file_link.Target) for link in content._external_links]  # type: ignore[attr-defined]

    def shown(self, formula: str) -> str:
        """A formula of the file as Excel shows it."""
        return _STORED.sub(lambda match: self._name(self.sources[int(match[1]) - 1], match[2]), formula)

    def stored(self, formula: str) -> str:
        """A formula that Excel shows as its file holds it."""
        for number, source in enumerate(self.sources, 1):
            path = Path(source)
            shown = rf"'{re.escape(f'{path.parent}/')}(?:\[{re.escape(path.name)}\]([^']*)|{re.escape(path.name)})'!"
            formula = re.sub(shown, lambda match, number=number: f"[{number}]{match[1] or ''}!", formula)  # type: ignore[misc]
        return formula

    @staticmethod
    def _name(source: str, sheet: str) -> str:
        path = Path(source)
        return f"'{path.parent}/[{path.name}]{sheet}'!" if sheet else f"'{source}'!"


LETTERS, NUMBERS = 1, -4150
"""What Excel names columns by: xlA1 and xlR1C1."""


class AppObject(NamedTuple):
    """Excel itself."""

    ReferenceStyle: int


class _Sheets(NamedTuple):
    Count: int


class BookObject:
    """A workbook; each question to it is counted."""

    def __init__(self, content: Workbook, links: Links, shared: bool, asked: Callable[[], None]) -> None:
        self._content = content
        self._links = links
        self._asked = asked
        self.MultiUserEditing = shared

    @property
    def ProtectStructure(self) -> bool:  # noqa: N802
        return bool(self._content.security and self._content.security.lockStructure)

    def LinkSources(self, kind: int) -> tuple[str, ...] | None:  # noqa: N802
        """All of ours are to workbooks, which are of kind 1; nothing where there are none."""
        self._asked()
        return tuple(self._links.sources) or None if kind == 1 else None

    @property
    def HasVBProject(self) -> bool:  # noqa: N802
        self._asked()
        archive = self._content.vba_archive
        return archive is not None and "xl/vbaProject.bin" in archive.namelist()

    @property
    def Excel4MacroSheets(self) -> _Sheets:  # noqa: N802
        self._asked()
        archive = self._content.vba_archive
        names = archive.namelist() if archive is not None else []
        return _Sheets(len([name for name in names if name.startswith("xl/macrosheets/")]))

    @property
    def Excel4IntlMacroSheets(self) -> _Sheets:  # noqa: N802
        self._asked()
        return _Sheets(0)


class _Lines:
    """The whole rows or columns of a range, by whether each is hidden."""

    def __init__(self, hidden: list[bool], asked: Callable[[], None]) -> None:
        self._hidden = hidden
        self._asked = asked

    @property
    def Hidden(self) -> bool | None:  # noqa: N802
        """Nothing where they differ."""
        self._asked()
        return self._hidden[0] if len(set(self._hidden)) == 1 else None


class RangeObject:
    """A range of a sheet, its rows and columns counted from 1."""

    def __init__(self, content: Worksheet, rows: range, columns: range, asked: Callable[[], None]) -> None:
        self._content = content
        self._rows, self._columns = rows, columns
        self._asked = asked

    @property
    def EntireRow(self) -> _Lines:  # noqa: N802
        """A row of no height is hidden to Excel."""
        found = self._content.row_dimensions
        hidden = [row in found and (found[row].hidden or found[row].height == 0) for row in self._rows]
        return _Lines(hidden, self._asked)

    @property
    def EntireColumn(self) -> _Lines:  # noqa: N802
        hidden = set(_hidden_columns(self._content))
        return _Lines([column in hidden for column in self._columns], self._asked)


def _hidden_columns(sheet: Worksheet) -> Iterator[int]:
    """What openpyxl read of columns that look alike it keeps under the first of them."""
    for letter, found in sheet.column_dimensions.items():
        if found.hidden or found.width == 0:
            first = column_index_from_string(letter)
            yield from range(first, (found.max or first) + 1)
