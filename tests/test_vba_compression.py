"""The compression of a VBA project's sources, undone by a reader of our own and held against tokens made by hand."""

from random import Random
from struct import unpack_from

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gouji_addin.vba_project import compress
from tests.vba_reader import decompressed


def noise(length: int) -> bytes:
    return Random(length).randbytes(length)


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=300),
            st.text("ab \r\n", max_size=300).map(str.encode),
            st.builds(lambda part, times: part * times, st.binary(min_size=1, max_size=9), st.integers(1, 3000)),
        ),
        max_size=12,
    ).map(b"".join)
)
@example(b"")
@example(b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa")
@example(b"a" * 4096)
@example(b"a" * 4097)
@example(b"ab" * 8192)
@example(noise(100) + noise(4000)[:3900] + b"x" * 5000 + noise(100))
@example(noise(4096))
@example(noise(8192) + noise(3640))
def test_compressed_data_comes_back(data: bytes) -> None:
    assert decompressed(compress(data)) == data


@pytest.mark.parametrize(
    ("distance", "token"),
    [
        (3, 0x2000),
        (16, 0xF000),
        (17, 0x8000),
        (32, 0xF800),
        (33, 0x8000),
        (64, 0xFC00),
        (65, 0x8000),
        (1024, 0xFFC0),
        (1025, 0x8000),
        (2048, 0xFFE0),
        (2049, 0x8000),
        (4093, 0xFFC0),
    ],
)
def test_a_token_has_more_bits_for_the_distance_the_further_it_is_into_a_chunk(distance: int, token: int) -> None:
    between = (b"0123456789" * 410)[: distance - 3]

    packed = compress(b"abc" + between + b"abc")

    assert unpack_from("<H", packed, len(packed) - 2) == (token,)


@pytest.mark.parametrize(("data", "token"), [(b"abcd-abc+abcd", 0x8001), (b"abc-abc+abc", 0x3000)])
def test_the_longest_run_is_repeated_and_the_nearest_of_equal_ones(data: bytes, token: int) -> None:
    assert unpack_from("<H", compress(data)[-2:]) == (token,)


def test_source_shrinks() -> None:
    source = b"Sub Total(rows)\r\n    Total = rows + 1\r\nEnd Sub\r\n" * 100

    assert len(compress(source)) < len(source) / 5


def test_a_full_chunk_that_does_not_shrink_is_stored() -> None:
    assert compress(noise(4096)) == b"\x01\xff\x3f" + noise(4096)


def test_a_last_chunk_that_does_not_shrink_cannot_be_stored() -> None:
    with pytest.raises(ValueError, match="the last 3641 bytes do not shrink"):
        compress(bytes(4096) + noise(3641))
