"""The ribbon's tab as people see it: its groups and buttons with what they say, read from its XML."""

from typing import NamedTuple
from xml.etree import ElementTree

from gouji_addin.ribbon_check import NAMESPACE, RIBBON


class Button(NamedTuple):
    """A button: what it calls, its label, its key tip, the heading of its tip and what the tip explains."""

    tag: str
    label: str
    keytip: str
    screentip: str
    supertip: str


class ButtonGroup(NamedTuple):
    """Buttons that stand together."""

    label: str
    buttons: tuple[Button, ...]


class Tab(NamedTuple):
    """The tab, groups from left to right."""

    label: str
    keytip: str
    groups: tuple[ButtonGroup, ...]


def tab() -> Tab:
    """The one tab of the ribbon."""
    found = next(ElementTree.parse(RIBBON).iter(f"{{{NAMESPACE}}}tab"))
    groups = (
        ButtonGroup(
            group.get("label", ""), tuple(Button(*(one.get(name, "") for name in Button._fields)) for one in group)
        )
        for group in found
    )
    return Tab(found.get("label", ""), found.get("keytip", ""), tuple(groups))
