"""Compound files: every stream comes back, and an independent reader finds no defect."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from struct import unpack_from
from typing import NamedTuple

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji_addin.compound_file import Tree, compound_file

NONE = 0xFFFFFFFF
FREE_SECTOR = 0xFFFFFFFF
FAT_SECTOR = 0xFFFFFFFD
RED = 0

EDGES = (0, 1, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097, 4608, 20000)
"""Lengths beside those at which a stream takes another sector, or another kind of sector."""

NAMES = st.text("abcXYZ019_ .", min_size=1, max_size=31)
DATA = st.sampled_from(EDGES).map(lambda length: bytes(i * i % 251 for i in range(length)))
TREES = st.recursive(
    st.dictionaries(NAMES, DATA, max_size=12),
    lambda inner: st.dictionaries(NAMES, st.one_of(DATA, inner), max_size=12),
    max_leaves=4,
)


class Node(NamedTuple):
    """An entry of the directory as it stands in the file."""

    name: str
    kind: int
    colour: int
    left: int
    right: int
    child: int
    rest: bytes
    place: bytes


def flat(tree: Tree, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bytes]]:
    for name, content in tree.items():
        if isinstance(content, bytes):
            yield (*above, name), content
        else:
            yield from flat(content, (*above, name))


def opened(data: bytes) -> olefile.OleFileIO:
    """The file in the strictest reading there is: anything doubtful raises."""
    found = olefile.OleFileIO(BytesIO(data), raise_defects=olefile.DEFECT_UNSURE)
    assert found.parsing_issues == []
    return found


def nodes(data: bytes) -> list[Node]:
    """The entries of the directory, which lies in consecutive sectors from the one that the header names."""
    start = 512 * (1 + unpack_from("<I", data, 48)[0])
    count = len(opened(data).direntries)
    found = []
    for at in range(start, start + 128 * count, 128):
        raw, length, kind, colour, left, right, child = unpack_from("<64sHBBIII", data, at)
        name = raw[: length - 2].decode("utf-16-le")
        found.append(Node(name, kind, colour, left, right, child, data[at + 80 : at + 116], data[at + 116 : at + 128]))
    return found


def siblings(entries: list[Node], top: int) -> Iterator[Node]:
    """A storage's entries in the order of their tree."""
    if top != NONE:
        yield from siblings(entries, entries[top].left)
        yield entries[top]
        yield from siblings(entries, entries[top].right)


def black_height(entries: list[Node], top: int) -> int:
    """The black entries on every way down, after making sure that it is the same on all, and no red one follows one."""
    if top == NONE:
        return 0
    node = entries[top]
    below = [entries[i] for i in (node.left, node.right) if i != NONE]
    assert node.colour != RED or all(entry.colour != RED for entry in below)
    left, right = black_height(entries, node.left), black_height(entries, node.right)
    assert left == right
    return left + (node.colour != RED)


def unique(tree: object) -> bool:
    """Whether no storage has two names that differ only in case."""
    return not isinstance(tree, Mapping) or (
        len({name.upper() for name in tree}) == len(tree) and all(map(unique, tree.values()))
    )


@given(TREES.filter(unique))
def test_every_stream_comes_back(tree: Tree) -> None:
    data = compound_file(tree)

    with opened(data) as found:
        expected = dict(flat(tree))
        assert {tuple(path) for path in found.listdir(streams=True, storages=False)} == set(expected)
        for path, content in expected.items():
            assert found.openstream(list(path)).read() == content
    assert len(data) % 512 == 0


@pytest.mark.parametrize("count", [*range(1, 40), 126, 127, 128, 129])
def test_siblings_form_a_red_black_tree_in_order(count: int) -> None:
    names = [("x" * (1 + i % 3)) + str(i) for i in range(count)]

    entries = nodes(compound_file(dict.fromkeys(names, b"")))

    top = entries[0].child
    found = [entry.name for entry in siblings(entries, top)]
    assert found == sorted(names, key=lambda name: (len(name), name.upper()))
    assert entries[top].colour != RED
    assert black_height(entries, top) > 0


def test_case_does_not_count_in_the_order() -> None:
    entries = nodes(compound_file({"dir": b"1", "ABD": b"2", "abc": b"3", "Z": b"4"}))

    assert [entry.name for entry in siblings(entries, entries[0].child)] == ["Z", "abc", "ABD", "dir"]


def test_nothing_says_when_or_by_whom_it_was_written() -> None:
    vba: Tree = {"dir": b"1" * 5000}

    data = compound_file({"VBA": vba, "PROJECT": b"2"})

    # Class, state, created, modified: of every entry.
    assert {entry.rest for entry in nodes(data)} == {bytes(36)}
    assert compound_file({"PROJECT": b"2", "VBA": vba}) == data


def test_a_storage_takes_no_place_of_its_own() -> None:
    storages = {"full": {"stream": b"1"}, "empty": {}}

    places = {entry.name: entry.place for entry in nodes(compound_file(storages))}

    assert places["full"] == places["empty"] == bytes(12)
    assert places["stream"] == bytes(4) + (1).to_bytes(8, "little")


def test_every_sector_belongs_to_something() -> None:
    data = compound_file({"small": b"1" * 100, "large": b"2" * 100_000})
    sectors = len(data) // 512 - 1
    table = [
        number
        for (sector,) in (unpack_from("<I", data, 76 + 4 * i) for i in range(unpack_from("<I", data, 44)[0]))
        for number in unpack_from("<128I", data, 512 * (1 + sector))
    ]

    assert FREE_SECTOR not in table[:sectors]
    assert set(table[sectors:]) == {FREE_SECTOR}
    assert [i for i, number in enumerate(table) if number == FAT_SECTOR] == [
        unpack_from("<I", data, 76 + 4 * i)[0] for i in range(unpack_from("<I", data, 44)[0])
    ]


def test_the_allocation_table_grows_with_the_content() -> None:
    """At 127 sectors of content for each sector of the table, the next one is taken."""
    sizes = [len(compound_file({"large": bytes(512 * count)})) // 512 for count in range(120, 140)]
    steps = [after - before for before, after in pairwise(sizes)]

    assert sorted(steps) == [1] * 18 + [2]
    for count in (125, 126, 127, 128, 252, 253, 254):
        with opened(compound_file({"large": b"x" * 512 * count})) as found:
            assert len(found.openstream("large").read()) == 512 * count


def test_the_largest_that_the_header_can_list() -> None:
    most = 109 * 127 - 1

    with opened(compound_file({"large": b"x" * 512 * most})) as found:
        assert len(found.openstream("large").read()) == 512 * most
    with pytest.raises(ValueError, match="too much"):
        compound_file({"large": b"x" * (512 * most + 1)})


@pytest.mark.parametrize("name", ["", "x" * 32, "a/b", "a\\b", "a:b", "a!b", "模块", "a\0"])
def test_a_name_that_the_format_does_not_allow(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a name"):
        compound_file({"VBA": {name: b""}})


def test_names_that_differ_only_in_case() -> None:
    with pytest.raises(ValueError, match="differ in more than case: Dir, dir"):
        compound_file({"dir": b"", "Dir": b""})
