"""Writing vbaProject.bin, the part of a workbook that holds its VBA, from the modules' source.

The layout is Microsoft's specification MS-OVBA; its section is named where a rule needs one. Only source is written,
no compiled code: an office program compiles when it first runs a module. The same modules give the same bytes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from struct import pack
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from gouji_addin.compound_file import compound_file

_CODE_PAGE = 1252
"""Any would do: sources are ASCII."""

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,30}")
_EXPORT_HEADER = re.compile(r"VERSION [0-9.]+ CLASS\nBEGIN\n(?:.*\n)*?END\n")
_ATTRIBUTE = re.compile(r"Attribute (VB_\w+) = (.*)\n")

_CHUNK = 4096
_SEED = 0x5D
"""Begins what 2.4.3 calls encryption; any number would do."""


class Kind(Enum):
    """What a module is; a document module belongs to the workbook or to a sheet and bears its code name."""

    STANDARD = "standard"
    CLASS = "class"
    WORKBOOK = "workbook"
    SHEET = "sheet"


class Module(NamedTuple):
    """A module: its source as the editor shows it or as it exports it, header and attributes included."""

    name: str
    source: str
    kind: Kind = Kind.STANDARD


class Reference(NamedTuple):
    """A type library the project uses: the name that code calls it by, and its LibidReference (2.1.1.8)."""

    name: str
    library: str


OLE_AUTOMATION = Reference(
    "stdole", r"*\G{00020430-0000-0000-C000-000000000046}#2.0#0#C:\Windows\System32\stdole2.tlb#OLE Automation"
)
OFFICE = Reference(
    "Office",
    r"*\G{2DF8D04C-5BFA-101B-BDE5-00AA0044DE52}#2.0#0#C:\Program Files\Common Files\Microsoft Shared\OFFICE16\MSO.DLL"
    "#Microsoft Office 16.0 Object Library",
)
"""Declares what a ribbon callback is handed; the path is a hint, the library is found by its number."""

_ATTRIBUTES: dict[Kind, dict[str, str]] = {
    Kind.STANDARD: {},
    Kind.CLASS: {
        "VB_Base": '"0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"',
        "VB_GlobalNameSpace": "False",
        "VB_Creatable": "False",
        "VB_PredeclaredId": "False",
        "VB_Exposed": "False",
        "VB_TemplateDerived": "False",
        "VB_Customizable": "False",
    },
    Kind.WORKBOOK: {
        "VB_Base": '"0{00020819-0000-0000-C000-000000000046}"',
        "VB_GlobalNameSpace": "False",
        "VB_Creatable": "False",
        "VB_PredeclaredId": "True",
        "VB_Exposed": "True",
        "VB_TemplateDerived": "False",
        "VB_Customizable": "True",
    },
}
_ATTRIBUTES[Kind.SHEET] = _ATTRIBUTES[Kind.WORKBOOK] | {"VB_Base": '"0{00020820-0000-0000-C000-000000000046}"'}

_TAKEN = {"vba", "excel", "dir"}
"""Two libraries that every project uses, and a stream that modules lie beside."""

_TITLES = {Kind.STANDARD: "Module", Kind.CLASS: "Class"}


def project(name: str, modules: Sequence[Module], references: Sequence[Reference] = ()) -> bytes:
    """The vbaProject.bin of a project with these modules, in their order.

    Raises ValueError where a name or a source cannot stand in a project.
    """
    _refuse(name, modules, references)
    streams = {module.name: compress(text(module).encode("ascii")) for module in modules}
    return compound_file(
        {
            "PROJECT": _settings(name, modules).encode("ascii"),
            "PROJECTwm": _both_names(modules),
            # No compiled code of any version follows (2.3.4.1).
            "VBA": {
                "_VBA_PROJECT": pack("<HHBH", 0x61CC, 0xFFFF, 0, 0),
                "dir": compress(b"".join(_directory(name, modules, references))),
                **streams,
            },
        }
    )


def text(module: Module) -> str:
    """The source as the project holds it: attributes of its kind and its own before the code, lines ended by CRLF."""
    lines = module.source.replace("\r\n", "\n")
    for number, line in enumerate(lines.split("\n"), 1):
        if not line.isascii() or not line.replace("\t", " ").replace("\f", " ").isprintable():
            raise ValueError(f"module {module.name}, line {number}: only ASCII text can be stored: {line!r}")
    if lines and not lines.endswith("\n"):
        lines += "\n"
    header = _EXPORT_HEADER.match(lines)
    at = header.end() if header else 0
    attributes = {"VB_Name": f'"{module.name}"'} | _ATTRIBUTES[module.kind]
    while given := _ATTRIBUTE.match(lines, at):
        attributes[given[1]] = given[2]
        at = given.end()
    if attributes["VB_Name"] != f'"{module.name}"':
        raise ValueError(f"module {module.name} calls itself {attributes['VB_Name']}")
    stated = "".join(f"Attribute {key} = {value}\n" for key, value in attributes.items())
    return (stated + lines[at:]).replace("\n", "\r\n")


def compress(data: bytes) -> bytes:
    """A compressed container (2.4.1): a sign, then a chunk for each 4096 bytes.

    Raises ValueError for the one thing it cannot hold: a last chunk that is not full and does not shrink.
    """
    return b"\x01" + b"".join(_chunk(data[start : start + _CHUNK]) for start in range(0, len(data), _CHUNK))


def _chunk(data: bytes) -> bytes:
    packed = b"".join(_token_groups(data))
    if len(packed) <= _CHUNK:
        return pack("<H", 0xB000 | len(packed) - 1) + packed
    if len(data) < _CHUNK:
        raise ValueError(f"the last {len(data)} bytes do not shrink, and only 4096 can be stored as they are")
    return pack("<H", 0x3000 | _CHUNK - 1) + data


def _token_groups(data: bytes) -> Iterator[bytes]:
    """Groups of eight tokens, each after a byte that says which of them copy."""
    tokens = list(_tokens(data))
    for first in range(0, len(tokens), 8):
        group = tokens[first : first + 8]
        copying = sum((len(token) > 1) << bit for bit, token in enumerate(group))
        yield bytes([copying]) + b"".join(group)


def _tokens(data: bytes) -> Iterator[bytes]:
    """Single bytes, and wherever three or more stood before, where and how many of them (2.4.1.3.19)."""
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(data):
        # The further into the chunk, the more bits go to the distance and the fewer to the length.
        length_bits = 16 - max((at - 1).bit_length(), 4)
        longest = min((1 << length_bits) + 2, len(data) - at)
        length, start = _longest(data, at, longest, seen.get(data[at : at + 3], []))
        yield pack("<H", at - start - 1 << length_bits | length - 3) if length else data[at : at + 1]
        for passed in range(at, at + (length or 1)):
            seen.setdefault(data[passed : passed + 3], []).append(passed)
        at += length or 1


def _longest(data: bytes, at: int, longest: int, starts: list[int]) -> tuple[int, int]:
    """The longest run that repeats one of those beginning alike, and the nearest such; length 0 if there are none."""
    best, where = 0, 0
    for start in reversed(starts):
        length = best
        if data[start : start + length + 1] != data[at : at + length + 1]:
            continue
        while length < longest and data[start + length] == data[at + length]:
            length += 1
        if length > best:
            best, where = length, start
        if best == longest:
            break
    return best, where


def _directory(name: str, modules: Sequence[Module], references: Sequence[Reference]) -> Iterator[bytes]:
    """The records of the stream `dir` (2.3.4.2)."""
    yield _record(0x01, pack("<I", 1))  # made for 32-bit Windows, as every program reads
    yield _record(0x02, pack("<I", 0x409))
    yield _record(0x14, pack("<I", 0x409))
    yield _record(0x03, pack("<H", _CODE_PAGE))
    yield _record(0x04, name.encode("ascii"))
    yield _record(0x05) + _record(0x40)  # description
    yield _record(0x06) + _record(0x3D)  # help file
    yield _record(0x07, pack("<I", 0))
    yield _record(0x08, pack("<I", 0))
    yield pack("<HIIH", 0x09, 4, 1, 0)  # version 1.0, whose length does not count the minor part
    yield _record(0x0C) + _record(0x3C)  # constants
    for reference in references:
        yield _names(0x16, 0x3E, reference.name)
        library = reference.library.encode("ascii")
        yield _record(0x0D, pack("<I", len(library)) + library + bytes(6))
    yield _record(0x0F, pack("<H", len(modules)))
    yield _record(0x13, pack("<H", 0xFFFF))
    for module in modules:
        yield _names(0x19, 0x47, module.name)
        yield _names(0x1A, 0x32, module.name)  # of its stream
        yield _record(0x1C) + _record(0x48)  # description
        yield _record(0x31, pack("<I", 0))  # where in its stream the source begins
        yield _record(0x1E, pack("<I", 0))
        yield _record(0x2C, pack("<H", 0xFFFF))
        yield _record(0x21 if module.kind is Kind.STANDARD else 0x22)
        yield _record(0x2B)
    yield _record(0x10)


def _record(number: int, data: bytes = b"") -> bytes:
    return pack("<HI", number, len(data)) + data


def _names(number: int, wide: int, name: str) -> bytes:
    return _record(number, name.encode("ascii")) + _record(wide, name.encode("utf-16-le"))


def _both_names(modules: Iterable[Module]) -> bytes:
    """The stream PROJECTwm (2.3.3): each name in the code page and in UTF-16."""
    names = (f"{module.name}\0" for module in modules)
    return b"".join(name.encode("ascii") + name.encode("utf-16-le") for name in names) + bytes(2)


def _settings(name: str, modules: Sequence[Module]) -> str:
    """The stream PROJECT (2.3.1); every window closed, nothing protected, no password, the project visible."""
    identity = f"{{{uuid5(NAMESPACE_URL, name)}}}".upper()
    lines = [
        f'ID="{identity}"',
        *(_listed(module) for module in modules),
        f'Name="{name}"',
        'HelpContextID="0"',
        'VersionCompatible32="393222000"',
        f'CMG="{_hidden(bytes(4), identity)}"',
        f'DPB="{_hidden(bytes(1), identity)}"',
        f'GC="{_hidden(bytes([0xFF]), identity)}"',
        "",
        "[Host Extender Info]",
        "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000",
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _listed(module: Module) -> str:
    title = _TITLES.get(module.kind)
    return f"{title}={module.name}" if title else f"Document={module.name}/&H00000000"


def _hidden(data: bytes, identity: str) -> str:
    """Data as 2.4.3.2 hides it, in hexadecimal: every byte mixed with the one before it and those two places back."""
    key = sum(identity.encode("ascii")) & 0xFF
    hidden = [_SEED, _SEED ^ 2, _SEED ^ key]
    before = key
    for byte in bytes((_SEED & 6) // 2) + pack("<I", len(data)) + data:
        hidden.append(byte ^ (hidden[-2] + before & 0xFF))
        before = byte
    return bytes(hidden).hex().upper()


def _refuse(name: str, modules: Sequence[Module], references: Sequence[Reference]) -> None:
    for reference in references:
        if not reference.library.isascii():
            raise ValueError(f"reference {reference.name}: only ASCII text can be stored: {reference.library!r}")
    taken = set(_TAKEN)
    for kind, each in [
        ("project", name),
        *(("reference", reference.name) for reference in references),
        *(("module", module.name) for module in modules),
    ]:
        if not _IDENTIFIER.fullmatch(each):
            raise ValueError(f"{each!r} cannot be the name of a {kind}: a letter, then up to 30 letters, digits or _")
        if each.lower() in taken:
            raise ValueError(f"{each!r} as the name of a {kind}: that name is taken")
        taken.add(each.lower())
