"""Makes the pictures of addin/pictures from the real ribbon and a real result: python -m tests.pictures.

The ribbon's XML is printed by Chromium, a workbook after 校验 by LibreOffice; neither is a picture of Excel.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from struct import pack
from tempfile import TemporaryDirectory
from zlib import compress, crc32

from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gouji_addin.buttons import validate
from gouji_addin.results import NAME
from gouji_addin.ribbon_tab import ButtonGroup, Tab, tab
from gouji_templates import atomic
from samples.build import SAMPLES
from tests import browser, office
from tests.excel import Excel

PICTURES = SAMPLES.parent / "addin" / "pictures"

FAULTY = SAMPLES / "faulty" / "15-源头数填错.xlsx"
MARKED = "表7"
"""Its table with the figure that was typed wrong."""

_ROUNDED = bytes(value & 0xF8 | value >> 5 for value in range(256))
"""To one of 32 shades, black and white among them."""

_DPI = 100
_MARGIN = 12
"""In pixels, of white around what is shown."""


def main() -> None:
    """Makes all of them anew; exits with a sentence if a program is missing."""
    if lack := browser.missing() or office.missing():
        sys.exit(lack)
    with TemporaryDirectory() as folder:
        for name, pdf, mark in pages(Path(folder)):
            picture = PICTURES / f"{name}.png"
            atomic.write(picture, png(drawn(pdf), mark))
            sys.stdout.write(f"{picture.relative_to(PICTURES.parents[1])} {picture.stat().st_size // 1000} kB\n")


def pages(folder: Path) -> Iterator[tuple[str, Path, str]]:
    """The name of each picture, a PDF with it on its first page, and what tells a stale one."""
    html = ribbon_html(tab())
    yield "ribbon", printed(html, folder), digest(html)
    with office.Office() as running:
        for sheet, name, area in ((NAME, "results", "A1:L19"), (MARKED, "marked", "A1:L15")):
            path = folder / f"{name}.xlsx"
            checked(sheet, area, path)
            yield name, running.pdf(path, folder), ""


def ribbon_html(ribbon: Tab) -> str:
    """The tab as a page: its groups and buttons in order, the first button with its tip open."""
    first = ribbon.groups[0].buttons[0]
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><meta charset="utf-8"><title>{escape(ribbon.label)}</title>
<style>
@page {{ size: 260mm 90mm; margin: 4mm; }}
body {{ margin: 0; color: #222; font: 11pt/1.5 "Noto Sans CJK SC", sans-serif; print-color-adjust: exact; }}
h1 {{ display: inline-block; margin: 0; padding: 0 .8em .2em; border-bottom: 3px solid #555; font-size: 12pt; }}
.groups {{ display: flex; border: 1px solid #bbb; width: max-content; }}
section {{ display: flex; flex-direction: column; justify-content: space-between; border-right: 1px solid #bbb; }}
section:last-child {{ border-right: 0; }}
.buttons {{ display: flex; gap: .3em; padding: .6em .6em .3em; }}
.button {{ padding: .5em .8em; border: 1px solid #ddd; white-space: nowrap; }}
.button.pointed {{ border-color: #555; background: #eee; }}
h2 {{ margin: 0; padding-bottom: .2em; color: #666; font-size: 9pt; font-weight: 400; text-align: center; }}
aside {{ width: 30em; margin: .5em 0 0 .6em; padding: .5em .8em; border: 1px solid #bbb; }}
aside p {{ margin: 0; font-size: 10pt; }}
</style>
<h1>{escape(ribbon.label)}</h1>
<div class="groups">{"".join(_group(group, first.tag) for group in ribbon.groups)}</div>
<aside><b>{escape(first.screentip)}</b><p>{escape(first.supertip)}</p></aside>
</html>
"""


def digest(html: str) -> str:
    """What a picture of this page is marked with."""
    return sha256(html.encode()).hexdigest()


def _group(group: ButtonGroup, pointed: str) -> str:
    buttons = "".join(
        f'<div class="button{" pointed" if one.tag == pointed else ""}">{escape(one.label)}</div>'
        for one in group.buttons
    )
    return f'<section><div class="buttons">{buttons}</div><h2>{escape(group.label)}</h2></section>'


def printed(html: str, folder: Path) -> Path:
    """The page as a PDF."""
    source, pdf = folder / "page.html", folder / "page.pdf"
    source.write_text(html, encoding="utf-8")
    with browser.Browser() as running:
        page = running.page()
        page.go(source.as_uri())
        page.pdf(pdf)
    return pdf


def checked(shown: str, area: str, path: Path) -> None:
    """Saves the faulty sample after 校验, the sheet to be shown first, an area of it as wide as a page."""
    excel = Excel()
    book = excel.open(FAULTY)
    validate(book, clock=lambda: datetime(2025, 3, 1, 9, 30))
    content = book.impl.content
    content.move_sheet(shown, -content.sheetnames.index(shown))
    _one_page(content[shown], area)
    if shown == NAME:
        # The fonts here are higher than those that the stand-in for Excel has in mind.
        for row in range(1, content[shown].max_row + 1):
            content[shown].row_dimensions[row].height = 1.2 * (content[shown].row_dimensions[row].height or 14)
    content.save(path)


def _one_page(sheet: Worksheet, area: str) -> None:
    """With the letters of columns and the numbers of rows, which findings name."""
    sheet.print_area = area
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.page_setup.fitToHeight = 0
    sheet.print_options.headings = sheet.print_options.gridLines = True
    sheet.HeaderFooter = HeaderFooter()


def drawn(pdf: Path) -> list[bytes]:
    """The first page of a PDF without its blank margins: rows of pixels, three bytes each."""
    options = ["-r", str(_DPI), "-f", "1", "-l", "1", "-singlefile"]
    pixmap = subprocess.run(["pdftoppm", *options, str(pdf)], check=True, capture_output=True).stdout
    _, size, _, pixels = pixmap.split(b"\n", 3)
    width, height = map(int, size.split())
    rows = [pixels[start : start + 3 * width] for start in range(0, 3 * width * height, 3 * width)]
    return trimmed(rows)


def trimmed(rows: list[bytes]) -> list[bytes]:
    """Rows of pixels without the white around what they show except for a margin."""
    inked = [number for number, row in enumerate(rows) if row.strip(b"\xff")]
    left = min(len(rows[number]) - len(rows[number].lstrip(b"\xff")) for number in inked) // 3
    right = -(-max(len(rows[number].rstrip(b"\xff")) for number in inked) // 3)
    across = slice(3 * max(0, left - _MARGIN), 3 * (right + _MARGIN))
    return [row[across] for row in rows[max(0, inked[0] - _MARGIN) : inked[-1] + 1 + _MARGIN]]


def png(rows: list[bytes], mark: str = "") -> bytes:
    """A picture of few colours, each a little rounded: three bytes a pixel become one, and the file half as large.

    The mark is kept as its comment. Raises ValueError if there are more than 256 colours.
    """
    rounded = [row.translate(_ROUNDED) for row in rows]
    pixels = [[row[place : place + 3] for place in range(0, len(row), 3)] for row in rounded]
    number = {colour: place for place, colour in enumerate(sorted({pixel for row in pixels for pixel in row}))}
    if len(number) > 256:
        raise ValueError(f"{len(number)} colours")
    header = pack(">IIBBBBB", len(pixels[0]), len(pixels), 8, 3, 0, 0, 0)
    data = b"".join(bytes([0, *(number[pixel] for pixel in row)]) for row in pixels)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", b"".join(number)),
        (b"tEXt", b"Comment\0" + mark.encode("ascii")),
        (b"IDAT", compress(data, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(body)) + name + body + pack(">I", crc32(name + body)) for name, body in chunks
    )


if __name__ == "__main__":
    main()
