"""Names of files that Windows, macOS and Linux all take."""

_WIDE = {ord(sign): chr(ord(sign) + 0xFEE0) for sign in '/\\:*?"<>|'}
"""Signs that no file name may hold, and their full-width twins."""

_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", *(f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³")]
)
_MOST_BYTES = 240
"""Of the 255 that Linux allows, with room for the “ (1)” that a browser or a mail program adds."""


def safe(stem: str, ending: str) -> str:
    """The stem with what cannot stand in a file name replaced by full-width twins and cut to fit, then the ending.

    The ending, which follows a dot or a sign that is safe itself, is kept whole.
    """
    stem = stem.translate(_WIDE)
    # Hidden files and Office's own lock files are passed over when folders are searched.
    if stem.startswith((".", "~")):
        stem = chr(ord(stem[0]) + 0xFEE0) + stem[1:]
    # Windows takes CON.anything for the device.
    device, dot, rest = stem.partition(".")
    if dot and device.rstrip().upper() in _DEVICES:
        stem = f"{device}．{rest}"
    while len((stem + ending).encode()) > _MOST_BYTES:
        stem = stem[:-1]
    return stem + ending
