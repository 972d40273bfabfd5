"""Writing a compound file, the small file system inside a file that Office keeps VBA projects in.

The layout is version 3 of Microsoft's specification MS-CFB; its section is named where a rule needs one. Nothing in it
says when or where it was written, so the same content gives the same bytes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from struct import Struct, pack
from typing import NamedTuple

Tree = Mapping[str, "bytes | Tree"]
"""A storage: its streams as bytes and its inner storages as trees, by name."""

_SECTOR, _MINI_SECTOR = 512, 64
_CUTOFF = 4096
"""Streams shorter than this lie in the mini stream."""

_FAT_SECTORS = 109
"""As many sectors of the allocation table as the header can list."""

_FAT_SECTOR, _END_OF_CHAIN, _FREE = 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF
_NO_ENTRY = 0xFFFFFFFF
_UNUSED, _STORAGE, _STREAM, _ROOT = 0, 1, 2, 5
_RED, _BLACK = 0, 1

_HEADER = Struct("<8s16x5H6x9I")
_ENTRY = Struct("<64sH2B3I36xIQ")
_NAME = re.compile(r"[^\x00/\\:!\x80-\U0010ffff]{1,31}")


class _Links(NamedTuple):
    """An entry's place among its siblings, which form a red-black tree."""

    left: int = _NO_ENTRY
    right: int = _NO_ENTRY
    colour: int = _BLACK


class _Entry(NamedTuple):
    """One entry of the directory; only a stream has data, only a storage has a child."""

    name: str
    kind: int
    data: bytes = b""
    links: _Links = _Links()
    child: int = _NO_ENTRY


def compound_file(tree: Tree) -> bytes:
    """The file that holds these storages and streams.

    Raises ValueError for a name that the format does not allow, and for more content than some 7 MB.
    """
    entries = _entries(tree)
    streams = [entry.data for entry in entries]
    small = [data if len(data) < _CUTOFF else b"" for data in streams]
    large = [data if len(data) >= _CUTOFF else b"" for data in streams]
    mini_starts, mini_table = _placement([len(data) for data in small], _MINI_SECTOR)
    mini_fat = _numbers(mini_table)
    mini_stream = b"".join(_padded(data, _MINI_SECTOR) for data in small)
    sizes = [_ENTRY.size * len(entries), len(mini_fat), len(mini_stream), *map(len, large)]
    (directory_start, mini_fat_start, mini_stream_start, *large_starts), table = _placement(sizes, _SECTOR)
    # A sector of the table has 128 places: one for itself, 127 for others.
    fat_sectors = -(-len(table) // (_SECTOR // 4 - 1))
    if fat_sectors > _FAT_SECTORS:
        raise ValueError(f"{sum(map(len, streams))} bytes are too much for one compound file")
    starts = [mini if data else own for mini, own, data in zip(mini_starts, large_starts, small, strict=True)]
    starts[0] = mini_stream_start
    lengths = [len(mini_stream), *map(len, streams[1:])]
    parts = [
        _directory(entries, starts, lengths),
        mini_fat,
        _padded(mini_stream, _SECTOR),
        *(_padded(data, _SECTOR) for data in large),
        _numbers([*table, *[_FAT_SECTOR] * fat_sectors]),
    ]
    fat = range(len(table), len(table) + fat_sectors)
    return _header(fat, directory_start, mini_fat_start, len(mini_fat) // _SECTOR) + b"".join(parts)


def _entries(tree: Tree) -> list[_Entry]:
    """The directory: the root, then storage by storage, siblings next to each other and in order."""
    entries = [_Entry("Root Entry", _ROOT)]
    storages: list[tuple[int, Tree]] = [(0, tree)]
    # The list grows while it is gone through, by the storages inside.
    for parent, storage in storages:
        first = len(entries)
        links = _balanced(first, len(storage))
        for name, link in zip(_ordered(storage), links, strict=True):
            content = storage[name]
            if isinstance(content, bytes):
                entries.append(_Entry(name, _STREAM, content, link))
            else:
                storages.append((len(entries), content))
                entries.append(_Entry(name, _STORAGE, links=link))
        entries[parent] = entries[parent]._replace(child=_middle(first, len(entries)))
    return entries


def _ordered(names: Mapping[str, object]) -> list[str]:
    """The names as the format sorts them: shorter ones first, and without regard to case (2.6.4)."""
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"{name!r} cannot be a name in a compound file: 1 to 31 ASCII characters, none of / \\ : !"
            )
    if len({name.upper() for name in names}) < len(names):
        raise ValueError(f"names in a compound file must differ in more than case: {', '.join(sorted(names))}")
    return sorted(names, key=lambda name: (len(name), name.upper()))


def _balanced(first: int, count: int) -> list[_Links]:
    """The red-black tree of so many siblings, numbered in order from `first`.

    Halving fills every level but the last, so the tree is valid when the last one, if not full, is red.
    """
    full = (count + 1).bit_length() - 1
    return [links for _, links in sorted(_halved(first, first + count, full))]


def _halved(low: int, high: int, black: int) -> Iterator[tuple[int, _Links]]:
    if low < high:
        middle = _middle(low, high)
        yield middle, _Links(_middle(low, middle), _middle(middle + 1, high), _BLACK if black > 0 else _RED)
        yield from _halved(low, middle, black - 1)
        yield from _halved(middle + 1, high, black - 1)


def _middle(low: int, high: int) -> int:
    return (low + high) // 2 if low < high else _NO_ENTRY


def _placement(lengths: Sequence[int], size: int) -> tuple[list[int], list[int]]:
    """Where each piece begins when they lie one after the other in sectors of a size; the table chaining these."""
    starts: list[int] = []
    table: list[int] = []
    for length in lengths:
        start, end = len(table), len(table) + -(-length // size)
        starts.append(start if length else _END_OF_CHAIN)
        table += [*range(start + 1, end), _END_OF_CHAIN] if length else []
    return starts, table


def _directory(entries: Sequence[_Entry], starts: Sequence[int], lengths: Sequence[int]) -> bytes:
    used = [_packed(*fields) for fields in zip(entries, starts, lengths, strict=True)]
    free = _ENTRY.pack(b"", 0, _UNUSED, 0, _NO_ENTRY, _NO_ENTRY, _NO_ENTRY, 0, 0)
    return b"".join(used) + free * (-len(used) % (_SECTOR // _ENTRY.size))


def _packed(entry: _Entry, start: int, length: int) -> bytes:
    name = f"{entry.name}\0".encode("utf-16-le")
    left, right, colour = entry.links
    where = 0 if entry.kind == _STORAGE else start
    return _ENTRY.pack(name, len(name), entry.kind, colour, left, right, entry.child, where, length)


def _header(fat: range, directory: int, mini_fat: int, mini_fat_sectors: int) -> bytes:
    # Version 3 leaves uncounted the sectors of its directory; there is no transaction, and no list of table sectors
    # beyond the one that ends the header.
    directory_sectors = transaction = further_lists = 0
    fixed = _HEADER.pack(
        bytes.fromhex("D0CF11E0A1B11AE1"),
        *(0x3E, 3, 0xFFFE, _SECTOR.bit_length() - 1, _MINI_SECTOR.bit_length() - 1),
        *(directory_sectors, len(fat), directory, transaction),
        *(_CUTOFF, mini_fat, mini_fat_sectors, _END_OF_CHAIN, further_lists),
    )
    return fixed + _numbers(fat, _FAT_SECTORS)


def _numbers(numbers: Sequence[int], multiple: int = _SECTOR // 4) -> bytes:
    """Sector numbers, filled up with free ones to a multiple; by itself, to whole sectors."""
    missing = -len(numbers) % multiple
    return pack(f"<{len(numbers) + missing}I", *numbers, *[_FREE] * missing)


def _padded(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)
