"""Whose a workbook says it is, and which template it says it was: on its first sheet and in its file's properties."""

from collections.abc import Mapping
from typing import NamedTuple

from gouji_checks.book import Book
from gouji_templates.content import CODE, DEPARTMENT, FINGERPRINT, FORM, VERSION
from gouji_templates.wording import fold


class Stamp(NamedTuple):
    """What a workbook says of itself, folded; empty where it says nothing."""

    department: str = ""
    code: str = ""
    form: str = ""
    version: str = ""
    fingerprint: str = ""


class Stamps(NamedTuple):
    """What the first sheet says, or for the department any table, and what the file's properties say."""

    sheet: Stamp = Stamp()
    file: Stamp = Stamp()


def stamps(book: Book) -> Stamps:
    """Both stamps of a workbook, empty as far as it has none."""
    sheet, properties = _stamp(book.info), book.workbook.properties
    return Stamps(sheet._replace(department=book.department), _stamp(dict(properties)) if properties else Stamp())


def is_stamped(book: Book) -> bool:
    """Whether the workbook was given out by us, as far as it still says so."""
    return FINGERPRINT in book.info or any(name == FINGERPRINT for name, _ in book.workbook.properties)


def _stamp(values: Mapping[str, object]) -> Stamp:
    return Stamp(*[_text(values.get(field, "")) for field in (DEPARTMENT, CODE, FORM, VERSION, FINGERPRINT)])


def _text(value: object) -> str:
    """A code typed again as a number has no decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return fold(str(value))
