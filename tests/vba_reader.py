"""vbaProject.bin as others read it: by the words of its specification ([MS-OVBA]), by olefile, by olevba."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from struct import unpack_from

import olefile
from oletools.olevba import VBA_Parser


def decompressed(data: bytes) -> bytes:
    """The reverse of compression, as 2.4.1 of the specification tells it."""
    assert data[0] == 1
    found, at = b"", 1
    while at < len(data):
        (header,) = unpack_from("<H", data, at)
        size = (header & 0xFFF) + 3
        assert header >> 12 & 7 == 3
        assert at + size <= len(data)
        assert len(found) % 4096 == 0
        body = data[at + 2 : at + size]
        found += expanded(body) if header >> 15 else stored(body)
        at += size
    return found


def stored(body: bytes) -> bytes:
    assert len(body) == 4096
    return body


def expanded(body: bytes) -> bytes:
    found, at = bytearray(), 0
    while at < len(body):
        flags = body[at]
        at += 1
        for bit in range(8):
            if at == len(body):
                break
            if not flags >> bit & 1:
                found.append(body[at])
                at += 1
                continue
            (token,) = unpack_from("<H", body, at)
            at += 2
            bits = next(bits for bits in range(4, 13) if 1 << bits >= len(found))
            for _ in range((token & 0xFFFF >> bits) + 3):
                found.append(found[-1 - (token >> 16 - bits)])
    assert len(found) <= 4096
    return bytes(found)


def revealed(hexadecimal: str, identity: str) -> bytes:
    """What 2.4.3.3 of the specification finds in a protection entry of PROJECT."""
    seed, version, key, *rest = bytes.fromhex(hexadecimal)
    assert seed ^ version == 2
    assert seed ^ key == sum(identity.encode()) % 256
    older, newer, plain, found = version, key, seed ^ key, []
    for byte in rest:
        plain = byte ^ (older + plain) % 256
        older, newer = newer, byte
        found.append(plain)
    ignored = (seed & 6) // 2
    (length,) = unpack_from("<I", bytes(found), ignored)
    data = bytes(found[ignored + 4 :])
    assert len(data) == length
    return data


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of the stream `dir`."""
    at = 0
    while at < len(data):
        number, length = unpack_from("<HI", data, at)
        # The version's length leaves out its minor part.
        end = at + 6 + length + (2 if number == 0x09 else 0)
        yield number, data[at + 6 : end]
        at = end
    assert at == len(data)


def streams(data: bytes) -> dict[str, bytes]:
    with olefile.OleFileIO(BytesIO(data), raise_defects=olefile.DEFECT_UNSURE) as found:
        assert found.parsing_issues == []
        return {"/".join(path): found.openstream(path).read() for path in found.listdir()}


def settings(data: bytes) -> Mapping[str, str]:
    lines = streams(data)["PROJECT"].decode("ascii").split("\r\n")
    return dict(line.split("=", 1) for line in lines if "=" in line)


def read_back(data: bytes) -> dict[str, str]:
    """The modules as olevba finds them, by name; its ending tells a class from a standard module."""
    return {name: source for _, _, name, source in VBA_Parser("vbaProject.bin", data=data).extract_macros()}
