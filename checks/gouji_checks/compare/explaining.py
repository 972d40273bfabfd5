"""What counts as a 增减原因, and which lines that changed are explained by others."""

from collections.abc import Collection

from gouji_templates.form import CODED, Group
from gouji_templates.wording import fold

NO_REASON = ("无", "没有", "略")
"""What fills the cell and says nothing."""

STAYED = ("持平", "无变化", "没有变化", "未变化", "无增减", "没有增减", "不变")
"""One of these says that nothing changed, which is in its place where nothing did."""


def explains(reason: str) -> bool:
    """Whether something is said: a dash or 无 fills the cell and gives no reason."""
    return fold(reason) not in NO_REASON and any(map(str.isalpha, reason))


def says_stayed(reason: str) -> bool:
    """Whether this says that a figure has stayed as it was."""
    return any(word in fold(reason) for word in STAYED)


def by_parts(group: Group, id: str, moved: Collection[str]) -> bool:
    """Whether a line adds up others of its group that changed, which explain it; `moved` are all that did."""
    return not set(moved).isdisjoint(_parts(group, id, moved))


def _parts(group: Group, id: str, moved: Collection[str]) -> Collection[str]:
    """The lines that a line adds up, of those that changed at least; the whole is made up of all others."""
    if group.codes:
        top = CODED[group.codes.kind][0]
        return [one for one in moved if len(id) == top and one != id and one.startswith(id)]
    if id == group.whole:
        return [one for one in moved if one != id]
    return next((one.sum for one in group.lines if one.id == id), ())
