"""A workbook that somebody has made their own: notes, pictures, charts, formulas and sheets besides the tables."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import xlsxwriter

from gouji_checks.source import FileSource
from tests.fills import LEAVES, plain

TABLE, OWN = "表5", "我的 表"
NOTED, HIDDEN, LAST = 10, 12, 17
"""Spreadsheet rows of the table (from 1): one with a note and links, a hidden one, the last."""


def furnished(folder: Path) -> Path:
    """The leaves of the published sample in a workbook full of its owner's things."""
    source = FileSource(str(plain(LEAVES, folder / "a.xlsx"))).read()
    path = folder / "我的预算.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for sheet in source.sheets:
            target = book.add_worksheet(sheet.name)
            boxed = book.add_format({"border": 1, "bg_color": "#FFFF00"})
            for line, row in enumerate(sheet.rows):
                for column, cell in enumerate(row):
                    target.write(line, column, cell if cell != "" else None, boxed if line > 6 else None)
            if sheet.name == TABLE:
                _furnish(book, target)
        _write_own(book)
    return path


def _furnish(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
    for row in range(8, LAST + 1):
        sheet.write_formula(row - 1, 8, f"=F{row}*2+$F${LAST}", None, row)
        sheet.write_string(row - 1, 9, f"备忘{row}")
    sheet.set_row(HIDDEN - 1, 33, None, {"hidden": True})
    sheet.write_comment(NOTED - 1, 5, "我的批注", {"author": "甲"})
    sheet.write_url(NOTED - 1, 10, f"internal:'{TABLE}'!F{LAST}", string="看末行")
    sheet.merge_range(NOTED - 1, 11, NOTED, 12, "合并", None)
    sheet.merge_range(LAST + 1, 0, LAST + 1, 6, "注：由办公室填写。", None)
    sheet.conditional_format(7, 4, LAST - 1, 6, {"type": "formula", "criteria": '=$D8="行政运行"', "format": None})
    sheet.conditional_format(7, 7, LAST - 1, 7, {"type": "data_bar", "data_bar_2010": True})
    sheet.add_sparkline(NOTED - 1, 17, {"range": f"{TABLE}!F8:F{LAST}"})
    sheet.data_validation(7, 5, LAST - 1, 6, {"validate": "custom", "value": "=F8>=0"})
    sheet.print_area(0, 0, LAST - 1, 6)
    sheet.repeat_rows(0, 6)
    sheet.set_h_pagebreaks([LAST - 1])
    sheet.autofilter(6, 0, LAST - 1, 6)
    sheet.insert_image(NOTED - 1, 14, "点.png", {"image_data": BytesIO(picture())})
    sheet.insert_textbox(LAST, 14, "形状里的字")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"={TABLE}!$F$8:$F${LAST}"})
    sheet.insert_chart(LAST + 4, 14, chart)
    sheet.add_table(LAST + 5, 8, LAST + 8, 9, {"name": "清单"})
    sheet.ignore_errors({"number_stored_as_text": f"A8:C{LAST}"})
    sheet.protect("", {"insert_rows": True})


def _write_own(book: xlsxwriter.Workbook) -> None:
    book.define_name("我的合计", f"={TABLE}!$F$8:INDEX({TABLE}!$F$8:$F$100,{LAST - 7})")
    sheet = book.add_worksheet(OWN)
    formulas = [
        f"=SUM({TABLE}!F8:F{LAST})",
        f"='{TABLE}'!F{NOTED}",
        f"=INDEX({TABLE}!F:F,9)",
        "=SUM(我的合计)",
        f"=ROW({TABLE}!$F${LAST})",
        f'="F10"&{TABLE}!D{NOTED}',
        f'=SUMIF({TABLE}!$A$8:$A${LAST},"208",{TABLE}!F$8:F${LAST})+A1',
        f"=ROWS({TABLE}!9:{LAST})",
    ]
    for row, formula in enumerate(formulas):
        sheet.write_formula(row, 0, formula, None, 7)
    sheet.data_validation(0, 1, 0, 1, {"validate": "list", "source": f"={TABLE}!$D$8:$D${LAST}"})
    sheet.conditional_format(0, 0, 5, 0, {"type": "formula", "criteria": f"=A1>{TABLE}!$F${NOTED}", "format": None})


def picture() -> bytes:
    """A PNG of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    dot = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dot) + chunk(b"IEND", b"")
