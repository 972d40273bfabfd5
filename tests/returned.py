"""Workbooks as they were given out, and small changes to their files as the rules' pages write them."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from gouji_checks.check import Report, check
from gouji_checks.finding import Address
from gouji_checks.fingerprint import fingerprint
from gouji_checks.live.template import build
from gouji_checks.package import Package
from gouji_checks.relation import load
from gouji_checks.source import FileSource, read_package
from gouji_templates.content import CODE, FINGERPRINT, UNIT_KIND, UNREAD, Content, blank
from gouji_templates.layout import lay_out
from samples.build import published
from tests.edits import FORM as THE_FORM
from tests.edits import row_numbers

CATALOGUE = load()
DEPARTMENT = "某某市发展和改革局"
PROPERTY = '<property[^>]* name="{}"><vt:lpwstr>([^<]*)</vt:lpwstr></property>'


@cache
def blank_copy() -> bytes:
    """A workbook as it is given out, nothing typed yet."""
    return build(CATALOGUE, _stamped(blank(THE_FORM, DEPARTMENT)))


@cache
def filled_copy() -> bytes:
    """The same with the published sample's figures in it, and as many lines as it was given out with."""
    content, empty = published(THE_FORM), blank(THE_FORM)
    lines = {
        name: content.lines.get(name, []) + given_out[len(content.lines.get(name, [])) :]
        for name, given_out in empty.lines.items()
    }
    return build(CATALOGUE, _stamped(content._replace(lines=lines, empty=frozenset())))


def _stamped(content: Content) -> Content:
    return content._replace(
        info=content.info | {CODE: "001", UNIT_KIND: "行政单位", FINGERPRINT: fingerprint(CATALOGUE)}
    )


def report(data: bytes, path: Path) -> Report:
    """What a check says of these bytes as a file at this path, read as the command line reads it."""
    path.write_bytes(data)
    return check(FileSource(str(path), UNREAD), CATALOGUE)


def edited(data: bytes, parts: Mapping[str, Callable[[str], str]], without: tuple[str, ...] = ()) -> bytes:
    """The workbook with the text of some parts changed, and some parts left out."""
    stream = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name not in without:
                new.writestr(name, parts[name](text.decode()).encode() if name in parts else text)
    return stream.getvalue()


def part_of(data: bytes, sheet: str) -> str:
    """The part of a worksheet."""
    return next(each.part for each in Package(data).worksheets if each and each.name == sheet)


def set_cell(data: bytes, sheet: str, cell: str, inner: str, kind: str = "") -> bytes:
    """The workbook with another content in a cell, which keeps its format."""

    def put(xml: str) -> str:
        text, count = re.subn(
            rf'<c r="{cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)', rf'<c r="{cell}"\1{kind}>{inner}</c>', xml, count=1
        )
        assert count == 1, f"{sheet} has no cell {cell}"
        return text

    return edited(data, {part_of(data, sheet): put})


def set_property(data: bytes, name: str, value: str) -> bytes:
    """The workbook with another custom property; without it if the value is empty."""

    def put(xml: str) -> str:
        pattern = PROPERTY.format(name)
        found = re.search(pattern, xml)
        assert found, f"no property {name}"
        return xml.replace(found[0], found[0].replace(f">{found[1]}<", f">{value}<") if value else "")

    return edited(data, {"docProps/custom.xml": put})


def set_info(data: bytes, field: str, value: str) -> bytes:
    """The workbook with another value on a line of its first sheet."""
    rows = next(sheet.rows for sheet in read_package(data).sheets if sheet.name == THE_FORM.info_sheet)
    row = next(number for number, cells in enumerate(rows) if cells[0] == field)
    inner = f"<is><t>{value}</t></is>" if value else ""
    return set_cell(data, THE_FORM.info_sheet, f"B{row + 1}", inner, ' t="inlineStr"')


def without_sheet(data: bytes, sheet: str) -> bytes:
    """The workbook without a sheet, as a spreadsheet program would save it."""
    tag = re.compile(rf'<sheet name="{sheet}" sheetId="\d+"[^>]* r:id="(rId\d+)"/>')

    def drop(xml: str) -> str:
        text, count = tag.subn("", xml)
        assert count == 1
        # Names of areas on the sheet, and those that count sheets by their order, go with it.
        return re.sub(r"<definedNames>.*</definedNames>", "", text)

    return edited(data, {"xl/workbook.xml": drop})


def changed(data: bytes, example: str) -> bytes:
    """The workbook after a change as a rule's page writes it."""
    match = _CHANGE.fullmatch(example)
    assert match, f"not a change: {example}"
    what, where, value = match["what"], match["where"], match["value"] or ""
    if what == "删工作表":
        return without_sheet(data, where)
    if what == "改单元格":
        sheet, cell = where.split("!")
        return set_cell(data, sheet, cell, f"<is><t>{value}</t></is>", ' t="inlineStr"')
    if what == "基本信息":
        return set_info(data, where, value)
    if what == "模板":
        return set_property(set_info(data, where, value), where, value)
    cell = cell_of(where)
    sheet, _, place = cell.partition("!")
    formula, _, result = value.rpartition(" → ")
    return set_cell(data, sheet, place, f"<f>{formula}</f><v>{result}</v>" if what == "改公式" else f"<v>{value}</v>")


def is_change(example: str) -> bool:
    """Whether this is a change, and not a sentence."""
    return bool(_CHANGE.fullmatch(example))


_CHANGE = re.compile(
    r"(?P<what>删工作表|改单元格|基本信息|模板|改成数|改公式) (?P<where>\S+)(?: =(?: (?P<value>.*))?)?"
)


def cell_of(figure: str) -> str:
    """The cell of 表5[总计].基本支出 in the published sample, as 表5!F9."""
    match = re.fullmatch(r"(表\d+)\[(.+)\]\.(.+)", figure)
    assert match
    table = next(table for table in THE_FORM.tables if table.id == match[1])
    block = next(block for block in table.blocks if match[2] in row_numbers(block.name))
    column = block.column(match[3])
    assert column is not None
    return str(Address(table.id, row_numbers(block.name)[match[2]], lay_out(table).figure_column(block, column)))
