"""Why a file is not read and what to do about it, in Chinese, and the limits that are refused beyond."""

import re

MOST_BYTES = 50_000_000
MOST_INFLATED = 100_000_000
MOST_IN_A_PART = 50_000_000
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 512

DAMAGED = "文件不完整或已损坏，请重新索取，或用 Excel、WPS 打开修复后另存"
PASSWORD = "文件设有打开密码，请在 Excel 或 WPS 中取消密码后另存"
TOO_BIG = (
    f"文件解压后超过 {MOST_INFLATED // 1_000_000} MB 或其中一部分超过 {MOST_IN_A_PART // 1_000_000} MB，"
    "不像预算表，多半是大片空白格带有格式，请删去表格以外的行和列后另存"
)


class Refusal(Exception):  # noqa: N818
    """Why a file is not read and what to do about it: Chinese, without the file's name and the full stop."""


_OTHERS = {
    "XML 电子表格 2003": rb".*urn:schemas-microsoft-com:office:spreadsheet",
    "网页（HTML）": rb"<!doctype html|mime-version|.*<(?:html|table)\b",
    "PDF 文件": rb"%pdf",
    "图片": rb"\x89png|\xff\xd8\xff|gif8|riff|ii\*\0|mm\0\*",
    "压缩包": rb"pk|rar!|7z\xbc\xaf|\x1f\x8b",
    "RTF 文档": rb"\{\\rtf",
    "XML 文件": rb"<\?xml",
    # Before Excel 97 the records stood in a file of their own, without a container.
    "很旧的 Excel 工作簿": rb"\x09[\0\x02\x04\x08].\0",
    "文本文件（如 CSV）": rb"\xff\xfe|\xfe\xff|[^\0-\x08\x0e-\x1f]*$",
}
_CONVERTIBLE = "XML 电子表格 2003", "网页（HTML）", "很旧的 Excel 工作簿", "文本文件（如 CSV）"


def seems(data: bytes) -> Refusal:
    """The refusal of bytes that are neither a package nor a container, naming what they look like."""
    if not data.strip(b"\0"):
        return Refusal("文件内容为空或全是零，多半是复制、下载中断所致，请重新索取")
    head = data[:4096].removeprefix(b"\xef\xbb\xbf").lower()
    for kind, mark in _OTHERS.items():
        if re.match(mark, head if head[:1] == b"\t" else head.lstrip(), re.DOTALL):
            return other_kind(kind, kind in _CONVERTIBLE)
    return Refusal("内容无法识别，不是 Excel 工作簿或已损坏，请重新索取 .xlsx 或 .xls 文件")


def other_kind(kind: str, convertible: bool = False) -> Refusal:
    advice = "请用 Excel 或 WPS 打开，另存为 .xlsx" if convertible else "请提供 .xlsx 或 .xls 工作簿"
    return Refusal(f"文件其实是{kind}，不是 Excel 工作簿，{advice}")


def beyond(sheet: str, row: int, column: int) -> str:
    """What to say of a sheet filled beyond the area that is read; row and column count from 0."""
    letters = ""
    while column >= 0:
        letters = chr(65 + column % 26) + letters
        column = column // 26 - 1
    return (
        f"{sheet}的内容延伸到 {letters}{row + 1}，超出可检查的 {MOST_ROWS} 行、{MOST_COLUMNS} 列，"
        "多半是误填，请删去表格以外的行和列后另存"
    )
