"""What the text cells at the left of a row say: its code, however it was typed, its name and its project."""

import re
from functools import lru_cache
from typing import NamedTuple

from gouji_templates.form import CODED
from gouji_templates.wording import fold

_GLUED = re.compile(r"(\d{7}|\d{5}|\d{3})(?:[-_:.、]?([^\d年].*))?")
_TOTALS = frozenset({"总计", "合计", "总合计", "支出总计", "收入总计"})


class Label(NamedTuple):
    """A row's labels: `code` joined (2011301), `name`, `project`, `text` in all."""

    code: str
    name: str
    project: str
    text: str
    tail: str
    """Code parts without their 类, to be completed from the row above."""
    column: int
    """The label column in which the code begins."""

    @property
    def is_total(self) -> bool:
        """Whether the row is the table's 总计."""
        return not self.code and fold(self.text) in _TOTALS


@lru_cache(maxsize=4096)
def read_label(kind: str, project_column: int | None, cells: tuple[object, ...]) -> Label | None:
    """The label in these cells, or None if they are blank."""
    texts = [_text(cell) for cell in cells]
    if not any(texts):
        return None
    if kind not in CODED and kind != "classes":
        words = [text for text in texts if text]
        return Label("", words[0], "", "".join(words), "", 0)
    parts: list[str] = []
    words = []
    project = ""
    first = -1
    named = _name_column(kind, project_column, len(texts))
    for place, text in enumerate(texts):
        folded = fold(text)
        # A formula whose text was lost, as LibreOffice writes them into an .xls, is a zero.
        if not folded or (parts and not words and folded == "0"):
            continue
        if (
            folded.replace("-", "").replace(".", "").isdigit()
            and not words
            and len(folded) <= 12
            and not (parts and place in (named, project_column))
        ):
            parts += [piece for piece in re.split(r"[-.]", folded) if piece]
            first = place if first < 0 else first
        elif not words and not parts and (glued := _GLUED.fullmatch(folded)):
            parts.append(glued[1])
            first = place
            if glued[2]:
                words.append(_after_code(text, glued[1]))
        elif place == project_column:
            project = text
        else:
            words.append(text.strip())
    code, tail = _join(parts, first)
    name = words[0] if words else ""
    return Label(code, name, project, name if parts else "".join(words) + project, tail, max(first, 0))


def _name_column(kind: str, project_column: int | None, width: int) -> int:
    """The last column but the projects', where no number goes on with a code; -1 where the columns may well be those of
    the levels alone, without any name."""
    places = [place for place in range(width) if place != project_column]
    return places[-1] if kind in CODED and len(places) not in (0, len(CODED[kind])) else -1


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _after_code(text: str, code: str) -> str:
    """The words behind a code glued to them, in their own spelling."""
    wanted = len(code)
    for place, char in enumerate(text):
        if fold(char).isdigit() and wanted:
            wanted -= 1
        elif not wanted:
            return text[place:].lstrip(" \u3000-_:：.．、")
    return ""


def _join(parts: list[str], first: int) -> tuple[str, str]:
    """The code that typed parts make, and what is only its end.

    201 13 1, 201 13 01, 20113 01 and 2011301 are one code: a number cell loses its leading zero, so later parts are
    filled up to two digits. Parts that begin with a 款 (in the second column) wait for the 类 above.
    """
    if not parts:
        return "", ""
    if len(parts[0]) <= 2:
        return "", "".join(part.zfill(2) for part in parts) if first > 0 else "".join(parts)
    head, *rest = parts
    return head + "".join(part.zfill(2) for part in rest), ""


def complete(label: Label, above: str, kind: str) -> str:
    """The row's code, its first parts taken from the row above where the sheet leaves them out (merged cells)."""
    if label.code or not label.tail or not label.column:
        return label.code or label.tail
    lengths = CODED[kind]
    keep = lengths[min(label.column, len(lengths)) - 1]
    return above[:keep] + label.tail if len(above) >= keep else label.tail
