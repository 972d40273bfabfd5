"""Taking our conditional formats off a range again, and none of its own.

Only Excel's own engine tells what formats there are. The remote one raises NotImplementedError, before anything is
changed: nothing that both engines share could leave the user's formats where they are.
"""

from collections.abc import Iterable
from typing import Protocol

from gouji_addin.results import is_rule


class Format(Protocol):
    """A conditional format, as far as needed here."""

    @property
    def formula(self) -> str | None: ...

    def delete(self) -> None: ...


def ours(formats: Iterable[Format]) -> list[Format]:
    """Those of a range's conditional formats that a 校验 added."""
    return [one for one in formats if is_rule(one.formula)]
