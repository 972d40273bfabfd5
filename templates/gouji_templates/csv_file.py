"""Rows of a .csv as people save it: UTF-8 with or without a mark, or the GB18030 of a Chinese Excel."""

import csv
from collections.abc import Iterable
from io import StringIO

ENCODINGS = ("utf-8-sig", "gb18030")
"""In this order: what is no UTF-8 fails to decode as such, whereas nearly everything is some GB18030."""


class NoTextError(ValueError):
    """Bytes that are text in none of the encodings."""


def rows(data: bytes, *wanted: str) -> list[list[str]]:
    """The rows, separated by comma, semicolon or tab; raises NoTextError for bytes that are no text.

    A few short names may be text in either encoding: the one under which the wanted words occur is the right one.
    """
    texts = [text for encoding in ENCODINGS if (text := _decoded(data, encoding)) is not None]
    if not texts:
        raise NoTextError
    text = next((text for text in texts if all(word in text for word in wanted)), texts[0])
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",\t;", key=first.count)
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise NoTextError from error


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def text(rows: Iterable[Iterable[str]]) -> bytes:
    """These rows as a .csv that Excel opens with its Chinese intact."""
    stream = StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode("utf-8-sig")
