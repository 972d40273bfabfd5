"""What an .xls says that calamine does not, and whether calamine can be trusted with it."""

from collections.abc import Iterator

from gouji_checks.refusal import DAMAGED, MOST_COLUMNS, MOST_ROWS, PASSWORD, Refusal, beyond, other_kind

_END_OF_CHAIN = 0xFFFFFFFE
_END_OF_SECTION, _BOUND_SHEET, _FILE_PASS, _STRINGS, _DIMENSIONS = 0x0A, 0x85, 0x2F, 0xFC, 0x200
_FORMULA, _SEVERAL_NUMBERS, _BOOLEAN_OR_ERROR = 0x06, 0xBD, 0x205
_SHARED_TEXT, _NUMBER, _TEXT, _SHORT_NUMBER = 0xFD, 0x203, 0x204, 0x27E
_CELLS = {_FORMULA, _SEVERAL_NUMBERS, _BOOLEAN_OR_ERROR, _SHARED_TEXT, _NUMBER, _TEXT, _SHORT_NUMBER}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def legacy(data: bytes) -> tuple[list[dict[tuple[int, int], str]], bool]:
    """The error values of each sheet of an .xls, which calamine does not tell, and whether it has macros.

    Refuses what would have calamine follow a chain of sectors, or allocate, without end.
    """
    from struct import error

    try:
        names, stream = _workbook_stream(data)
        return _legacy_errors(stream), "_VBA_PROJECT_CUR" in names
    except (error, IndexError, ValueError) as fault:
        raise Refusal(DAMAGED) from fault


def _workbook_stream(data: bytes) -> tuple[set[str], bytes]:
    """The names in an OLE container, and its workbook."""
    from struct import unpack, unpack_from

    shift, mini_shift = unpack_from("<HH", data, 30)
    _, _, first, _, _, mini_first, _, difat, difats = counts = unpack_from("<9I", data, 40)
    most = len(data) >> 9
    if shift not in (9, 12) or mini_shift != 6 or max(counts[0], counts[1], counts[6], difats) > most:
        raise Refusal(DAMAGED)

    def numbers(text: bytes) -> tuple[int, ...]:
        return unpack(f"<{len(text) >> 2}I", text[: len(text) & ~3])

    def sector(number: int) -> bytes:
        return data[(number + 1) << shift : (number + 2) << shift]

    def chain(start: int, table: tuple[int, ...]) -> Iterator[int]:
        for _ in range(len(table) + 1):
            if start == _END_OF_CHAIN:
                return
            yield start
            start = table[start]
        raise Refusal(DAMAGED)

    def stream(start: int) -> bytes:
        return b"".join(map(sector, chain(start, fat)))

    homes = list(unpack_from("<109I", data, 76))
    for _ in range(difats + 1):
        if difat >= _END_OF_CHAIN - 2:
            break
        *more, difat = numbers(sector(difat))
        homes += more
    else:
        raise Refusal(DAMAGED)
    fat = numbers(b"".join(sector(home) for home in homes if home <= most))
    listing = stream(first)
    entries: dict[str, tuple[int, int]] = {}
    for at in range(0, len(listing) - 127, 128):
        name = listing[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0]
        entries.setdefault(name, unpack_from("<II", listing, at + 116))
    mini_stream = stream(unpack_from("<I", listing, 116)[0])
    mini_fat = numbers(stream(mini_first))
    if "EncryptedPackage" in entries:
        raise Refusal(PASSWORD)
    start, size = entries.get("Workbook") or entries.get("Book") or (0, 0)
    if not size:
        kinds = {"WordDocument": "Word 文档", "PowerPoint Document": "演示文稿"}
        raise other_kind(next((kind for name, kind in kinds.items() if name in entries), "其他程序的文档"))
    if size > len(data):
        raise Refusal(DAMAGED)
    if size >= 4096:
        return set(entries), stream(start)[:size]
    pieces = [mini_stream[piece << 6 : (piece + 1) << 6] for piece in chain(start, mini_fat)]
    return set(entries), b"".join(pieces)[:size]


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """The kind, place and size of each record of one section."""
    from struct import unpack_from

    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        if kind == _END_OF_SECTION:
            return
        yield kind, at + 4, size
        at += 4 + size


def _legacy_errors(stream: bytes) -> list[dict[tuple[int, int], str]]:
    from struct import unpack_from

    starts = []
    for kind, at, _ in _records(stream, 0):
        if kind == _FILE_PASS:
            raise Refusal(PASSWORD)
        if kind == _BOUND_SHEET:
            starts.append(unpack_from("<I", stream, at)[0])
        elif kind == _STRINGS and not 0 <= unpack_from("<i", stream, at + 4)[0] <= len(stream):
            raise Refusal(DAMAGED)
    sheets = []
    room = len(stream)
    for number, start in enumerate(starts, 1):
        errors = {}
        for kind, at, size in _records(stream, start):
            # Sheets that overlap could be walked for ever.
            room -= size + 4
            if room < 0:
                raise Refusal(DAMAGED)
            if kind == _DIMENSIONS:
                top, bottom, left, right = unpack_from("<IIHH" if size == 14 else "<HHHH", stream, at)
                if not (top <= max(bottom, 1) <= 65536 and left <= max(right, 1) <= 256):
                    raise Refusal(DAMAGED)
            if kind not in _CELLS:
                continue
            row, column = unpack_from("<HH", stream, at)
            if kind == _SEVERAL_NUMBERS:
                column = unpack_from("<H", stream, at + size - 2)[0]
            if row >= MOST_ROWS or column >= MOST_COLUMNS:
                raise Refusal(beyond(f"第 {number} 张工作表", row, column))
            if kind == _BOOLEAN_OR_ERROR and stream[at + 7] == 1:
                errors[row, column] = _ERRORS.get(stream[at + 6], "#N/A")
            elif kind == _FORMULA and stream[at + 6] == 2 and stream[at + 12 : at + 14] == b"\xff\xff":
                errors[row, column] = _ERRORS.get(stream[at + 8], "#N/A")
        sheets.append(errors)
    return sheets
