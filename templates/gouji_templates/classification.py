"""The codes of 政府收支分类科目 with their official names, and how far each may be trusted."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "classification"
CONFIRMED = frozenset("AB")
"""Read in published documents (A: two independent ones, B: one); everything else may be out of date."""


class Subject(NamedTuple):
    """A 科目: its official name, the confidence of that name, and another name seen in print."""

    code: str
    name: str
    confidence: str
    also: str

    @property
    def confirmed(self) -> bool:
        """Whether a different name in a workbook may be called wrong."""
        return self.confidence in CONFIRMED


Codes = Mapping[str, Mapping[str, Subject]]
"""Official names by classification (functional, economic) and code."""


@lru_cache(maxsize=4)
def load(name: str) -> dict[str, Subject]:
    """The list shipped under this name (functional, economic), by code."""
    # Plain splitting: the files hold no quotes, and csv costs a start-up import that every check would pay.
    lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return {subject.code: subject for subject in map(Subject._make, (line.split(",") for line in lines[1:]))}


def official_name(name: str, code: str) -> str:
    """The official name of a code in the list of this name; nothing for one that is not in it."""
    subject = load(name).get(code)
    return subject.name if subject else ""
