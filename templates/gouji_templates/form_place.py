"""Where a form's TOML file is being read: every mistake is named by table and line."""

from collections.abc import Iterator
from typing import Any

from gouji_templates.form import FormError

_KEYS = {
    "form": "id title year unit decimals department_line unit_line info_sheet unit_kinds classes "
    "funding spending other_form table comparison",
    "table": "id title aliases ruler empty block",
    "block": "id rows takes derived total labels columns row",
    "label": "name heading width",
    "column": "name heading width sum derived takes",
    "row": "id label sum derived required takes",
    "funding": "name aliases tags",
    "spending": "name beginnings tags classes item",
    "other_form": "name titles without",
    "comparison": "from_zero notable_rate notable_amount no_growth operating group",
    "operating": "at all part",
    "group": "id title sheet whole line codes",
    "line": "id label at sum",
}
_KNOWN_KEYS = {kind: frozenset(keys.split()) for kind, keys in _KEYS.items()}


class Place:
    """Where in the file the parser stands, so that a mistake can be given a line."""

    def __init__(self, text: str, file: str) -> None:
        self.lines = text.splitlines()
        self.file = file
        self.table = ""
        self.here = 0
        """The line at which the part being read begins, counted from 0."""

    def find(self, mark: str, start: int) -> int | None:
        """The first line with this text from there on."""
        return next((i for i in range(start, len(self.lines)) if mark in self.lines[i]), None)

    def go_to(self, mark: str) -> None:
        """Move on to the next line with this text; stay where there is none."""
        line = self.find(mark, self.here)
        self.here = self.here if line is None else line

    def error(self, message: str, mark: str = "", nth: int = 1) -> FormError:
        """A mistake at the first, second … line with this text from here on; without such a line, here."""
        line: int | None = self.here - 1
        for _ in range(nth):
            line = None if line is None else self.find(mark, line + 1)
        where = f"{self.file} 第{(self.here if line is None else line) + 1}行"
        return FormError(f"{where}{f' {self.table}' if self.table else ''}：{message}")

    def items(self, kind: str, data: Any, key: str, default: Any = None) -> Iterator[Any]:
        """The items of a list, each read at the line where it begins."""
        found = self.take(kind, data, key, list, default)
        back = self.here
        if found:
            self.go_to(f"{key} = [")
        for item in found:
            self.here = min(self.here + 1, len(self.lines) - 1)
            names = [f'{mark} = "{item[mark]}"' for mark in ("id", "name") if isinstance(item, dict) and mark in item]
            self.go_to(names[0] if names else "")
            yield item
        self.here = back

    def take(self, kind: str, data: Any, key: str, expected: type, default: Any = None) -> Any:
        """A value of the right type, or the default; without either, a mistake."""
        if not isinstance(data, dict):
            raise self.error(f"{kind} 应为一组键值")
        for name in data:
            if name not in _KNOWN_KEYS[kind]:
                raise self.error(f"{kind} 中有不认识的键“{name}”", f"{name} =")
        value = data.get(key, default)
        if value is None:
            raise self.error(f"{kind} 缺少“{key}”")
        if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
            raise self.error(f"“{key}”的类型不对：{value!r}", key)
        return value

    def texts(self, kind: str, data: Any, key: str, default: Any = None) -> tuple[str, ...]:
        values = self.take(kind, data, key, list, default)
        if not all(isinstance(value, str) for value in values):
            raise self.error(f"“{key}”应为一组文字", key)
        return tuple(values)
