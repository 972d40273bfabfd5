"""What is wrong with a ribbon's XML, found without Excel, which drops a faulty ribbon without a word.

The tables hold what the schema of http://schemas.microsoft.com/office/2009/07/customui allows for the few elements that
a plain tab of buttons needs; on top of it, every button must say what it does and have one of the icons known to exist.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain, permutations
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"

RIBBON = Path(__file__).parent / "ribbon" / "customUI14.xml"

ICONS = frozenset(RIBBON.with_name("icons.txt").read_text("ascii").split())
"""Names of built-in pictures from Microsoft's lists for Excel; a name Excel does not know shows nothing."""


class _Kind(NamedTuple):
    """An element: where it stands, what it may and what it must have."""

    parent: str
    allowed: frozenset[str]
    required: tuple[str, ...] = ()


_NAMED = frozenset({"id", "idQ", "idMso", "tag"})
_PLACED = frozenset({"insertAfterMso", "insertBeforeMso", "insertAfterQ", "insertBeforeQ"})
_SEEN = frozenset({"visible", "getVisible", "label", "getLabel", "keytip", "getKeytip"})
_TOLD = frozenset({"screentip", "getScreentip", "supertip", "getSupertip"})
_PICTURED = frozenset({"image", "imageMso", "getImage"})
_TAB = _NAMED | _PLACED | _SEEN
_GROUP = _TAB | _TOLD | _PICTURED | {"autoScale", "centerVertically"}
_BUTTON = (_TAB | _TOLD | _PICTURED).union(
    ("enabled", "getEnabled", "showLabel", "getShowLabel", "showImage", "getShowImage"),
    ("size", "getSize", "description", "getDescription", "onAction"),
)

_KINDS = {
    "customUI": _Kind("", frozenset({"onLoad", "loadImage"})),
    "ribbon": _Kind("customUI", frozenset({"startFromScratch"})),
    "tabs": _Kind("ribbon", frozenset()),
    "tab": _Kind("tabs", _TAB, ("id", "label")),
    "group": _Kind("tab", _GROUP, ("id", "label")),
    "button": _Kind("group", _BUTTON, ("id", "label", "tag", "onAction", "imageMso", "screentip", "supertip")),
}


def _getter(name: str) -> str:
    """The attribute that names a callback for another attribute's value."""
    return f"get{name[0].upper()}{name[1:]}"


_EXCLUSIVE = (
    ("id", "idQ", "idMso"),
    ("image", "imageMso", "getImage"),
    ("insertAfterMso", "insertBeforeMso", "insertAfterQ", "insertBeforeQ"),
    *((name, _getter(name)) for name in sorted(_BUTTON - _PICTURED) if _getter(name) in _BUTTON),
)

_LONGEST = {"keytip": 3, "description": 4096}
_LONGEST_OTHERWISE = 1024

_BOOLEAN = r"true|false|1|0"
_NAME = r"[^\W\d][\w.-]*"
_FORMS = {
    **dict.fromkeys(("enabled", "visible", "showLabel", "showImage", "autoScale", "centerVertically"), _BOOLEAN),
    "startFromScratch": _BOOLEAN,
    "size": r"normal|large",
    "keytip": r"\S*",
    "id": _NAME,
    "idMso": _NAME,
}

_CALLBACK = re.compile(r"onAction|onLoad|loadImage|get[A-Z]\w*")

_DECLARED = re.compile(r"^[ \t]*(?:Public[ \t]+)?Sub[ \t]+(\w+)\((?:ByVal[ \t]+)?\w+ As IRibbonControl\)", re.M | re.I)
_CASE = re.compile(r'^[ \t]*Case[ \t]+("[^\r\n]*)', re.M | re.I)
_LITERAL = re.compile(r'"([^"]*)"')

_Element = ElementTree.Element


def problems(xml: bytes, callbacks: Collection[str], tags: Collection[str]) -> list[str]:
    """Everything wrong with the ribbon, a sentence each, given the VBA procedures and the tags these accept."""
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        return [f"not well-formed: {error}"]
    if root.tag != _qualified("customUI"):
        return [f"the root is {root.tag}, not {_qualified('customUI')}"]
    elements = list(root.iter())
    checks: Sequence[Callable[[_Element], Iterator[str]]] = (
        _attribute_problems,
        _value_problems,
        lambda element: _reference_problems(element, callbacks, tags),
    )
    return [
        *_structure_problems(root, ""),
        *(
            f"{_called(element)}: {problem}"
            for element in elements
            if _local(element) in _KINDS
            for check in checks
            for problem in check(element)
        ),
        *_repeated_ids(elements),
        *_keytip_problems(elements),
    ]


def callbacks_in(vba: str) -> frozenset[str]:
    """The public procedures of a module that a button can call."""
    return frozenset(_DECLARED.findall(vba))


def tags_in(vba: str) -> frozenset[str]:
    """The tags that a module accepts: the texts of its Case lines."""
    return frozenset(chain.from_iterable(_LITERAL.findall(line) for line in _CASE.findall(vba)))


def _qualified(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _local(element: _Element) -> str:
    name = element.tag.removeprefix(_qualified(""))
    return name if name != element.tag else f"{name} of another namespace"


def _called(element: _Element) -> str:
    return f"{_local(element)} {element.get('id', '')}".rstrip()


def _structure_problems(element: _Element, parent: str) -> Iterator[str]:
    """Unknown and misplaced elements, and text where none may stand."""
    name = _local(element)
    if name not in _KINDS:
        yield f"unknown element {name}"
    elif _KINDS[name].parent != parent:
        yield f"{_called(element)}: stands in {parent or 'nothing'}, not in {_KINDS[name].parent}"
    texts = (element.text, *(child.tail for child in element))
    if any(text and text.strip() for text in texts):
        yield f"{_called(element)}: holds text"
    for child in element:
        yield from _structure_problems(child, name)


def _attribute_problems(element: _Element) -> Iterator[str]:
    """Attributes unknown, missing, or contradicting each other."""
    kind = _KINDS[_local(element)]
    yield from (f"unknown attribute {name}" for name in sorted(element.attrib.keys() - kind.allowed))
    yield from (f"no {name}" for name in kind.required if name not in element.attrib)
    for names in _EXCLUSIVE:
        both = [name for name in names if name in element.attrib]
        if len(both) > 1:
            yield f"has {' and '.join(both)}, which exclude each other"


def _value_problems(element: _Element) -> Iterator[str]:
    """Values empty, too long or of the wrong form."""
    for name, value in element.items():
        longest = _LONGEST.get(name, _LONGEST_OTHERWISE)
        if not value.strip():
            yield f"{name} is empty"
        elif len(value) > longest:
            yield f"{name} has {len(value)} characters, more than {longest}"
        elif name in _FORMS and not re.fullmatch(_FORMS[name], value):
            yield f"{name} cannot be {value!r}"


def _reference_problems(element: _Element, callbacks: Collection[str], tags: Collection[str]) -> Iterator[str]:
    """Values that name something that does not exist."""
    for name, value in element.items():
        if _CALLBACK.fullmatch(name) and value not in callbacks:
            yield f"{name} names {value!r}, which is no procedure"
        elif name == "tag" and value not in tags:
            yield f"tag {value!r} is none that the procedure accepts"
        elif name == "imageMso" and value not in ICONS:
            yield f"imageMso {value!r} is not in the list of icons"


def _repeated_ids(elements: Sequence[_Element]) -> Iterator[str]:
    ids = [element.get("id", "") for element in elements if "id" in element.attrib]
    yield from (f"id {name} stands more than once" for name in sorted(set(ids)) if ids.count(name) > 1)


def _keytip_problems(elements: Sequence[_Element]) -> Iterator[str]:
    """Key tips that cannot be typed, because another of the same kind is complete before or with them."""
    tipped = [(element, element.get("keytip", "").upper()) for element in elements if element.get("keytip")]
    for (one, shorter), (other, longer) in permutations(tipped, 2):
        if one.tag == other.tag and longer.startswith(shorter):
            yield f"{_called(other)}: keytip {longer} is hidden by {shorter} of {_called(one)}"
