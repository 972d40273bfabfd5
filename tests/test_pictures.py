"""The pictures in the READMEs: each is there, small, and of the ribbon as it is."""

import re
from html.parser import HTMLParser
from pathlib import Path
from struct import unpack
from xml.etree import ElementTree
from zlib import decompress

import pytest

from gouji_addin.ribbon_check import NAMESPACE, RIBBON
from gouji_addin.ribbon_tab import tab
from tests.pictures import PICTURES, digest, png, ribbon_html, trimmed

ROOT = PICTURES.parents[1]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "addin" / "README.md"]

_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")

MOST_BYTES = 150_000

WHITE, BLACK, RED = b"\xff\xff\xff", b"\0\0\0", b"\xff\0\0"


def shown(readme: Path) -> list[Path]:
    return [(readme.parent / place).resolve() for place in _PICTURE.findall(readme.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_picture_of_a_readme_is_there(readme: Path) -> None:
    missing = [path for path in shown(readme) if not path.is_file()]

    assert missing == []


def test_every_picture_is_shown_and_small() -> None:
    pictures = set(PICTURES.glob("*.png"))

    assert pictures == {path for readme in READMES for path in shown(readme)}
    assert all(path.stat().st_size <= MOST_BYTES for path in pictures)


def chunks(data: bytes) -> dict[bytes, bytes]:
    """The parts of a PNG by name."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    found, place = {}, 8
    while place < len(data):
        (length,) = unpack(">I", data[place : place + 4])
        found[data[place + 4 : place + 8]] = data[place + 8 : place + 8 + length]
        place += 12 + length
    return found


def test_the_picture_of_the_ribbon_is_of_the_ribbon_as_it_is() -> None:
    comment = chunks((PICTURES / "ribbon.png").read_bytes())[b"tEXt"]

    assert comment == f"Comment\0{digest(ribbon_html(tab()))}".encode(), "stale: python -m tests.pictures"


def test_the_page_of_the_ribbon_holds_every_label_in_order() -> None:
    words: list[str] = []
    reader = HTMLParser()
    reader.handle_data = lambda data: words.append(data.strip())  # type: ignore[method-assign]
    ribbon = next(ElementTree.parse(RIBBON).iter(f"{{{NAMESPACE}}}tab"))

    reader.feed(ribbon_html(tab()).partition("</style>")[2])

    labels = [ribbon.get("label")]
    for group in ribbon:
        labels += [*(button.get("label") for button in group), group.get("label")]
    first = ribbon[0][0]
    assert [word for word in words if word] == [*labels, first.get("screentip"), first.get("supertip")]


def test_a_picture_keeps_its_colours() -> None:
    found = chunks(png([WHITE + BLACK, RED + WHITE], "mark"))

    assert unpack(">II", found[b"IHDR"][:8]) == (2, 2)
    assert found[b"tEXt"] == b"Comment\0mark"
    palette = [found[b"PLTE"][place : place + 3] for place in range(0, len(found[b"PLTE"]), 3)]
    first, second = decompress(found[b"IDAT"])[:3], decompress(found[b"IDAT"])[3:]
    assert [palette[place] for place in (*first[1:], *second[1:])] == [WHITE, BLACK, RED, WHITE]


def test_more_colours_than_a_palette_holds_are_refused() -> None:
    with pytest.raises(ValueError, match="colours"):
        png([bytes(channel for red in range(0, 256, 8) for green in range(0, 256, 8) for channel in (red, green, 0))])


def test_white_around_what_is_shown_goes_but_for_a_margin() -> None:
    blank = WHITE * 100
    rows = [*[blank] * 50, WHITE * 40 + RED * 2 + WHITE * 58, *[blank] * 50]

    found = trimmed(rows)

    assert len(found) == 25
    assert {len(row) for row in found} == {3 * (12 + 2 + 12)}
    assert found[12] == WHITE * 12 + RED * 2 + WHITE * 12
