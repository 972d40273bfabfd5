"""Files that cannot be read: each is refused in one Chinese sentence, and none crashes, hangs or changes."""

import io
import os
import random
import re
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from gouji_checks.source import FileSource, Unreadable


def xlsx() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name in ("表1", "表2"):
        sheet = book.add_worksheet(name)
        for row in range(12):
            sheet.write_row(row, 0, [f"项目{row}", row * 1.25, 2010301 + row])
            sheet.write_formula(row, 3, f"=B{row + 1}+C{row + 1}", None, row * 2.25 + 2010301)
    book.close()
    return buffer.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    for name in ("表1", "表2"):
        sheet = book.add_sheet(name)
        for row in range(40):
            for column, value in enumerate([f"项目{row}", row * 1.25, 2010301 + row, True, xlwt.Formula("1+1")]):
                sheet.write(row, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rezipped(parts: dict[str, bytes], base: bytes | None = None) -> bytes:
    """A package with these parts, in place of the base's or beside them."""
    if base is not None:
        with zipfile.ZipFile(io.BytesIO(base)) as package:
            parts = {name: package.read(name) for name in package.namelist()} | parts
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return buffer.getvalue()


def with_sheet(rows: str) -> bytes:
    """A workbook whose 表1 holds these rows of XML."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'
    return rezipped({"xl/worksheets/sheet1.xml": xml.encode()}, xlsx())


def damaged_part() -> bytes:
    data = xlsx()
    at = data.find(b"xl/worksheets/sheet1.xml") + 200
    return data[:at] + b"\x55\xaa" + data[at + 2 :]


def wrong_checksum() -> bytes:
    data = bytearray(xlsx())
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        at = data.rfind(struct.pack("<I", package.getinfo("xl/worksheets/sheet1.xml").CRC))
    data[at] ^= 1
    return bytes(data)


def understated_part() -> bytes:
    """A sheet of 40 MB that declares 1,000 bytes, and the checksum of those."""
    text = b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'.ljust(40_000_000)
    data = bytearray(rezipped({"xl/worksheets/sheet1.xml": text}, xlsx()))
    old = struct.pack("<I", zlib.crc32(text))
    for _ in range(2):
        at = data.find(old)
        data[at : at + 4] = struct.pack("<I", zlib.crc32(text[:1000]))
        data[at + 8 : at + 12] = struct.pack("<I", 1000)
    return bytes(data)


def renamed_stream(name: str) -> bytes:
    old, new = (text.encode("utf-16-le").ljust(64, b"\0") for text in ("Workbook", name))
    return xls().replace(old, new)


def looping_chain() -> bytes:
    """An .xls whose directory chain comes back to its first sector."""
    data = bytearray(xls())
    table = 512 * (1 + struct.unpack_from("<I", data, 76)[0])
    first = struct.unpack_from("<I", data, 48)[0]
    struct.pack_into("<I", data, table + 4 * first, first)
    return bytes(data)


def panicking() -> bytes:
    """An .xls whose first sheet starts far beyond the end, where Rust panics."""
    data = xls()
    at = data.index(b"\x85\0") + 4
    return data[:at] + b"\xff\xff\xff\x7f" + data[at + 4 :]


SPREADSHEET_XML = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
UTF16 = '<?xml version="1.0"?><worksheet><sheetData/></worksheet>'.encode("utf-16")
ENTITIES = with_sheet('<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>')

REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "empty file": ("空.xlsx", lambda: b"", "为空"),
    "nothing but zeros": ("零.xlsx", lambda: bytes(9000), "全是零"),
    "text": ("文.xlsx", lambda: "科目编码,金额\n201,352.83\n".encode() * 300, "文本文件"),
    "text in gb18030": ("文.xls", lambda: "科目编码,金额\r\n201,352.83\r\n".encode("gb18030"), "文本文件"),
    "PDF": ("预算.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
    "HTML named .xls": ("导出.xls", lambda: "<html><table><td>收入".encode(), "网页"),
    "XML spreadsheet 2003": ("导出.xls", lambda: SPREADSHEET_XML, "XML 电子表格 2003"),
    "image": ("扫描.xlsx", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "图片"),
    "rar": ("预算.xlsx", lambda: b"Rar!\x1a\x07\x01\0", "压缩包"),
    "unknown bytes": ("预算.xlsx", lambda: b"\x07\x01\x00\x99" * 50, "无法识别"),
    "before Excel 97": ("预算.xls", lambda: b"\x09\x08\x08\0\0\x05\x05\0" + bytes(99), "很旧的 Excel"),
    "docx": ("预算.xlsx", lambda: rezipped({"word/document.xml": b"<w/>"}), "Word 文档"),
    "pptx": ("预算.xlsx", lambda: rezipped({"ppt/presentation.xml": b"<p/>"}), "演示文稿"),
    "ods": ("预算.xlsx", lambda: rezipped({"mimetype": b"", "content.xml": b"<o/>"}), ".ods"),
    "xlsb": ("预算.xlsx", lambda: rezipped({"xl/workbook.bin": b""}), ".xlsb"),
    "plain zip": ("预算.xlsx", lambda: rezipped({"预算.xlsx": b""}), "压缩包"),
    "et": ("预算.et", xls, ".et"),
    "owner file": ("~$预算.xlsx", xlsx, "临时文件"),
    "doc": ("预算.xls", lambda: renamed_stream("WordDocument"), "Word 文档"),
    "password, xlsx": ("预算.xlsx", lambda: renamed_stream("EncryptedPackage"), "密码"),
    "password, xls": ("预算.xls", lambda: xls().replace(b"\x5c\0\x70\0", b"\x2f\0\x70\0", 1), "密码"),
    "truncated zip": ("预算.xlsx", lambda: xlsx()[:-2000], "损坏"),
    "damaged part": ("预算.xlsx", damaged_part, "损坏"),
    "wrong checksum": ("预算.xlsx", wrong_checksum, "损坏"),
    "part longer than declared": ("预算.xlsx", understated_part, "损坏"),
    "truncated xls": ("预算.xls", lambda: xls()[:3000], "损坏"),
    "looping xls": ("预算.xls", looping_chain, "损坏"),
    "an .xls that makes Rust panic": ("预算.xls", panicking, "损坏"),
    "bomb": ("预算.xlsx", lambda: rezipped({"xl/media/image1.png": bytes(51_000_000)}, xlsx()), "50 MB"),
    "many parts": ("预算.xlsx", lambda: rezipped({f"customXml/{n}": b"" for n in range(2001)}, xlsx()), "2000 个"),
    "UTF-16 sheet": ("预算.xlsx", lambda: rezipped({"xl/worksheets/sheet1.xml": UTF16}, xlsx()), "损坏"),
    "missing sheet": ("预算.xlsx", lambda: xlsx().replace(b"sheet2.xml", b"sheet9.xml"), "损坏"),
    "entity": ("预算.xlsx", lambda: ENTITIES, "“表1”"),
    "comment in a value": ("预算.xlsx", lambda: with_sheet('<row><c r="A1"><v>1<!-- -->2</v></c></row>'), "注释"),
}


@pytest.mark.parametrize(("name", "make", "reason"), REFUSED.values(), ids=REFUSED)
def test_the_refusal_names_the_file_and_the_reason(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, make: Callable[[], bytes], reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data := make())

    assert reason in refusal(path)
    assert path.read_bytes() == data
    assert capfd.readouterr() == ("", "")


def refusal(path: Path) -> str:
    with pytest.raises(Unreadable) as caught:
        FileSource(str(path)).read()
    text = str(caught.value)
    assert text.startswith(f"{path.name}：")
    assert text.index("。") == len(text) - 1
    assert not re.search("[Ee]rror|Exception|Traceback|line ", text)
    return text


def cell(name: str, value: str = "<v>1</v>", kind: str = "") -> str:
    return f'<c r="{name}"{kind}>{value}</c>'


FAR = {
    "a stray corner": ('<row r="1048576">' + cell("XFD1048576") + "</row>", "XFD1048576"),
    "a stray column": ('<row r="2">' + cell("XFD2") + "</row>", "XFD2"),
    "a stray row": ('<row r="20001">' + cell("A20001") + "</row>", "A20001"),
    "an empty text far away": ('<row r="1048576">' + cell("B1048576", "<v></v>", ' t="str"') + "</row>", "B1048576"),
    "far first, near last": ('<row r="1048576">' + cell("XFD1048576") + '</row><row r="1"/>', "XFD1048576"),
    "a cell outside its row": ('<row r="2">' + cell("XFD1048576") + "</row>", "XFD1048576"),
    "a row far away, its cell without a place": ('<row r="999999"><c><v>1</v></c></row>', "A999999"),
    "cells without a place": ('<row r="2">' + "<c><v>1</v></c>" * 30_000 + "</row>", "SS2"),
    "spaces around =": ('<row r="2"><c r = "XFD1048576"><v>1</v></c></row>', "XFD1048576"),
    "single quotes": ("<row r='2'><c r='XFD1048576'><v>1</v></c></row>", "XFD1048576"),
    "beyond Excel's grid": ('<row r="2">' + cell("ZZZ9999999") + "</row>", "ZZZ9999999"),
    "overflowing row": ('<row r="2">' + cell("A99999999999") + "</row>", "损坏"),
    "overflowing column": ('<row r="2">' + cell("AAAAAAAAAAA1") + "</row>", "损坏"),
    "negative row": ('<row r="-1">' + cell("A-1") + "</row>", "“表1”"),
    "place given twice": ('<row r="2"><c x=\' r="A1"\' r="XFD1048576"><v>1</v></c></row>', "损坏"),
}


@pytest.mark.parametrize(("rows", "words"), FAR.values(), ids=FAR)
def test_a_cell_far_away_is_named_and_never_allocated_for(tmp_path: Path, rows: str, words: str) -> None:
    path = tmp_path / "远.xlsx"
    path.write_bytes(with_sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + rows))

    assert words in refusal(path)


def test_an_xls_filled_beyond_reach_is_refused_before_calamine_allocates(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("表1").write(65535, 255, 1)
    path = tmp_path / "远.xls"
    book.save(str(path))

    assert "IV65536" in refusal(path)


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "夹").mkdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "管")
        assert "不是普通文件" in refusal(tmp_path / "管")

    assert "不存在" in refusal(tmp_path / "无.xlsx")
    assert "不存在" in refusal(tmp_path / "无" / "预算.xlsx")
    assert "文件夹" in refusal(tmp_path / "夹")
    assert "打不开" in refusal(tmp_path / "a\0b.xlsx")
    assert "打不开" in refusal(tmp_path / ("长" * 300))


@pytest.mark.skipif(not hasattr(os, "setuid"), reason="needs POSIX users")
def test_a_file_without_read_permission_is_refused(tmp_path: Path) -> None:
    # As root everything is readable, so a child gives root up; it must have imported what it needs by then.
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o001)
    path = tmp_path / "密.xlsx"
    path.write_bytes(xlsx())
    path.chmod(0)
    child = (
        "import os, pathlib, sys, zipfile, gouji_checks.source as source\n"
        "if os.getuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try: source.FileSource(sys.argv[1]).read()\n"
        "except source.Unreadable as error: print(error)"
    )
    done = run("-c", child, str(path))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("密.xlsx：没有读取权限")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, encoding="utf-8", env=environment, check=False
    )


def test_mutated_files_read_or_are_refused(tmp_path: Path) -> None:
    done = run(__file__, str(tmp_path), "150")

    # An abort would show in the return code, a panic or a warning in what was printed.
    assert (done.returncode, done.stderr) == (0, "")
    assert sum(map(int, re.findall(r"\d+", done.stdout))) == 150


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to eight of them, or stretches of them, changed."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at, other = chance.randrange(len(out)), chance.randrange(len(out))
        size = chance.choice((1, 1, 2, 4, 40))
        token = chance.choice((b"9999999", b"ZZZ", b'"', b">", b"<c>", b"</c>", b"-", b"\xff\xff"))
        over = chance.choice((chance.randbytes(size), b"", b"\0" * size, b"\xff" * size))
        removed, added = chance.choice(((size, over), (0, bytes(out[other : other + size])), (0, token)))
        out[at : at + removed] = added
    return bytes(out)


def fuzz(folder: Path, count: int, seed: int) -> tuple[int, int]:
    """Read mutated workbooks; the numbers read and refused."""
    chance = random.Random(seed)
    new, old = xlsx(), xls()
    with zipfile.ZipFile(io.BytesIO(new)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.startswith("xl/")}
    path, refusals = folder / "预算.xlsx", []
    for turn in range(count):
        name = chance.choice(list(parts))
        whole = mutated((new, old)[turn % 2], chance)
        path.write_bytes(whole if turn % 3 else rezipped({name: mutated(parts[name], chance)}, new))
        start = time.monotonic()
        try:
            FileSource(str(path)).read()
        except Unreadable as error:
            refusals.append(str(error))
        assert time.monotonic() - start < 5
    assert all(text.startswith("预算.xlsx：") for text in refusals)
    return count - len(refusals), len(refusals)


if __name__ == "__main__":
    print(*fuzz(Path(sys.argv[1]), int(sys.argv[2]), seed=int((sys.argv[3:] or ["1"])[0])))
