"""Codes of the 功能分类 that were given another code between years, and how far that may be trusted."""

from functools import lru_cache
from typing import NamedTuple

from gouji_templates.classification import FOLDER


class Rename(NamedTuple):
    """Old codes whose money now stands under the new one: 项, or whole 款 and 类 whose 项 keep their last digits.

    `confidence` is as in the list of codes, with what it is about: B(新码在用)/E(旧码是否停用).
    """

    old: tuple[str, ...]
    new: str
    confidence: str

    def now(self, code: str) -> str:
        """The code that this one has become; nothing where it is none of the old ones."""
        for old in self.old:
            if code.startswith(old):
                return self.new + code[len(old) :] if len(self.new) == len(old) else self.new
        return ""


@lru_cache(maxsize=1)
def load() -> tuple[Rename, ...]:
    """The entries that say which code became which. The file has others: new names of the same code, codes that came
    or went, and those of which only one side is known."""
    # Plain splitting, as the file holds no quotes.
    lines = (FOLDER / "renames.csv").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines[1:]:
        old, _, new, _, _, confidence = line.split(",")
        codes = tuple(old.split("+"))
        if new.isdigit() and all(code.isdigit() and code != new and len(code) <= len(new) for code in codes):
            found.append(Rename(codes, new, confidence))
    return tuple(found)
