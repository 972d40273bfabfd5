"""A short name for the formulas of the sheets that check, stamped into a workbook so that an edit shows."""

from collections.abc import Iterable
from hashlib import sha256

_LENGTH = 16
_SAME = bytes.maketrans(b"abcdefghijklmnopqrstuvwxyz", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def digest(sheets: Iterable[tuple[str, Iterable[tuple[bytes, bytes, bytes, bytes]]]]) -> str:
    """Of the formulas of these sheets, each as the XML of a worksheet has it: column letters, row number, attributes
    (which do not matter) and text.

    Spaces, quotes around sheet names and capitals, which programs write differently, do not matter.
    """
    found = sha256()
    for name, formulas in sheets:
        text = b"\n".join([b"%b%b=%b" % (letters, row, text) for letters, row, _, text in formulas])
        found.update(name.encode() + b"\n" + text.replace(b"&quot;", b'"').translate(_SAME, b" '"))
    return found.hexdigest()[:_LENGTH]
