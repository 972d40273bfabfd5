"""Links out of the summary's workbook: to the departments' files and between its sheets."""

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from gouji_templates.styles import NAME, Styles

MOST = 60_000
"""A worksheet holds little more links; further cells stay as they are."""

LONGEST = 30_000
"""Characters of a cell; Excel allows 32,767."""

_ESCAPED = re.compile("%[0-9A-Fa-f]{2}")
"""What would be read as another character, though the file is called so."""

_LOOK: dict[str, Any] = NAME | {"font_color": "#0563C1", "underline": 1}


def address_of(file: str, target: Path) -> str:
    """The link to a file, from the folder of the workbook `target` where there is a way; nothing where a link can't
    say it."""
    path = os.path.abspath(file)
    # There is no way to another drive of Windows.
    with suppress(ValueError):
        path = os.path.relpath(path, target.absolute().parent)
    return "" if "#" in path or _ESCAPED.search(path) or len(path) > 1000 else f"external:{path}"


def link(sheet: Worksheet, styles: Styles, line: int, column: int, address: str, text: str) -> None:
    """Makes a cell lead there; without an address it stays as it is."""
    if address:
        sheet.write_url(line, column, address, styles(_LOOK), text[:LONGEST])
