"""A complete list of 科目 that the user supplies, as .csv or workbook: two columns, code and name."""

from functools import lru_cache
from itertools import pairwise

from gouji_checks.source import FileSource, Unreadable
from gouji_templates.classification import Codes, Subject
from gouji_templates.system_error import cause
from gouji_templates.wording import fold

_FAMILIES = {"2": "functional", "3": "economic"}


@lru_cache(maxsize=2)
def load(path: str) -> Codes:
    """The official names by classification; a classification that the file covers counts as complete.

    Raises Unreadable if the file can't be opened or holds no code with a name beside it.
    """
    rows = _csv(path) if path.lower().endswith((".csv", ".txt")) else _workbook(path)
    found: dict[str, dict[str, Subject]] = {name: {} for name in _FAMILIES.values()}
    for row in rows:
        texts = [text for cell in row if (text := _text(cell))]
        for code, name in pairwise(texts):
            family = _FAMILIES.get(code[:1])
            if family and code.isdigit() and len(code) in (3, 5, 7) and not name[:1].isdigit():
                found[family][code] = Subject(code, name, "A", "")
                break
    if not any(found.values()):
        raise Unreadable(f"科目表“{path}”里没有读到科目：应有编码（如 2011301）和名称两栏")
    shipped = _shipped()
    for name, subjects in found.items():
        if subjects:
            subjects["*"] = Subject("*", "", "A", "")
        else:
            found[name] = dict(shipped[name])
    return found


def _shipped() -> Codes:
    from gouji_checks.check import known_codes

    return known_codes()


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return fold(str(cell)) if cell is not None else ""


def _workbook(path: str) -> list[list[object]]:
    return [row for sheet in FileSource(path).read().sheets for row in sheet.rows]


def _csv(path: str) -> list[list[object]]:
    import csv

    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise Unreadable(f"科目表“{path}”打不开：{cause(error)}") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [list(row) for row in csv.reader(data.decode(encoding).splitlines())]
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"科目表“{path}”的文字编码不认识，请另存为 UTF-8 的 .csv")
