"""The list of what was given out to whom: 发放清单.csv."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from gouji_templates import atomic, csv_file
from gouji_templates.content import CODE, DEPARTMENT, FINGERPRINT, FORM, UNIT_KIND, VERSION
from gouji_templates.system_error import cause

NAME = "发放清单.csv"
FILE = "文件名"
PRIOR = "上年工作簿"
HEADINGS = (CODE, DEPARTMENT, UNIT_KIND, FILE, "年度", FORM, VERSION, FINGERPRINT, PRIOR, "发放时间", "文件摘要")


class ManifestError(ValueError):
    """A manifest that cannot be read; str() is one Chinese sentence without its full stop."""


class Entry(NamedTuple):
    """A workbook that was given out, as one row of the manifest, in the order of its headings; texts as they stand.

    `sent` is a local time, `digest` the SHA-256 of the file in hexadecimal.
    """

    code: str
    name: str
    kind: str
    file: str
    year: str
    form: str
    version: str
    fingerprint: str
    prior: str
    sent: str
    digest: str


def read(path: Path) -> list[Entry]:
    """The entries, in order; raises ManifestError where the file is no manifest. Columns go by their headings."""
    try:
        rows = csv_file.rows(path.read_bytes(), FILE, DEPARTMENT)
    except OSError as error:
        raise ManifestError(f"发放清单“{path}”打不开：{cause(error)}") from error
    except csv_file.NoTextError as error:
        raise ManifestError(f"“{path}”不是发放清单：应为 gouji distribute 生成的 {NAME}") from error
    headings = [cell.strip() for cell in rows[0]] if rows else []
    missing = [heading for heading in HEADINGS if heading not in headings]
    if missing:
        raise ManifestError(f"“{path}”不是发放清单或被改过：第 1 行缺少“{'”“'.join(missing)}”栏")
    places = [headings.index(heading) for heading in HEADINGS]
    entries = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(places):
            raise ManifestError(f"发放清单“{path}”第 {number} 行不完整，请删去这一行，或换用原来的清单")
        entries.append(Entry(*(row[place].strip() for place in places)))
    return entries


def write(path: Path, entries: Iterable[Entry]) -> None:
    """Puts the manifest at this path, whole or not at all."""
    atomic.write(path, csv_file.text(chain([HEADINGS], entries)))
