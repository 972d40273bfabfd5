"""The custom properties of a workbook file."""

import re

_PROPERTY = re.compile(r"<(?:\w+:)?property\s([^<>]*)>\s*<vt:\w+>([^<]*)</vt:")
_NAME = re.compile(r"""\bname\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def read(xml: bytes) -> tuple[tuple[str, str], ...]:
    """Names and values as text, in order; what is no UTF-8 is replaced."""
    found = []
    for attributes, value in _PROPERTY.findall(xml.decode("utf-8", "replace")):
        name = _NAME.search(attributes)
        if name:
            found.append((unescape(name[1] or name[2] or ""), unescape(value)))
    return tuple(found)


def unescape(text: str) -> str:
    """XML text as it was written; html.unescape would cost a start-up import and knows too much."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    number = int(match[1], 16) if match[1] else int(match[2])
    return chr(number) if number < 0x110000 else "�"
