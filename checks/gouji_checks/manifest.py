"""Who of those that templates were given out to has handed one in."""

import os
from pathlib import Path
from typing import Any, NamedTuple

from gouji_checks.single import Result
from gouji_checks.stamps import Stamps
from gouji_templates.manifest import Entry, read
from gouji_templates.wording import fold


class Stranger(NamedTuple):
    """A file that belongs to nobody on the manifest, and the department it names, if any."""

    file: str
    department: str


class Renamed(NamedTuple):
    """A file whose department is named otherwise than when it was given out."""

    file: str
    department: str
    entry: Entry


class Attendance(NamedTuple):
    """How the files that came back compare with the manifest."""

    expected: int
    not_returned: list[Entry]
    repeated: list[tuple[Entry, list[str]]]
    unknown: list[Stranger]
    renamed: list[Renamed]
    untouched: list[tuple[Entry, str]]
    """Files just as they were given out, which nobody has filled in: they do not count as returned."""


class Roll:
    """The manifest, ticked off file by file."""

    def __init__(self, entries: list[Entry]) -> None:
        self._files: dict[Entry, list[str]] = {entry: [] for entry in entries}
        self._by_name = {fold(entry.name): entry for entry in entries}
        self._by_code = {fold(entry.code): entry for entry in entries if entry.code}
        self._by_file = {entry.file: entry for entry in entries}
        self._unknown: list[Stranger] = []
        self._renamed: list[Renamed] = []
        self._untouched: list[tuple[Entry, str]] = []

    def tick(self, result: Result) -> None:
        """Note whose file this is; one that cannot be read still has its name."""
        now = result.stamps.sheet.department
        entry = self._by_name.get(now) or self._otherwise(result.path, result.stamps)
        if entry is None:
            self._unknown.append(Stranger(result.path, now))
            return
        if _digest(result.path) == entry.digest:
            self._untouched.append((entry, result.path))
            return
        self._files[entry].append(result.path)
        if now and now != fold(entry.name):
            self._renamed.append(Renamed(result.path, now, entry))

    def _otherwise(self, path: str, said: Stamps) -> Entry | None:
        """Whose file it is where the name on its sheets is not on the manifest."""
        return (
            self._by_code.get(said.sheet.code)
            or self._by_name.get(said.file.department)
            or self._by_code.get(said.file.code)
            or self._by_file.get(os.path.basename(path))
        )

    def attendance(self) -> Attendance:
        """What has come back so far."""
        return Attendance(
            len(self._files),
            [entry for entry, files in self._files.items() if not files],
            [(entry, files) for entry, files in self._files.items() if len(files) > 1],
            self._unknown,
            self._renamed,
            self._untouched,
        )


def _digest(path: str) -> str:
    """The SHA-256 of a file; nothing for one that is not to be read."""
    from hashlib import sha256

    try:
        return sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def open_roll(path: str) -> Roll:
    """The roll of a manifest; raises ManifestError where it is none."""
    return Roll(read(Path(path)))


def text(found: Attendance) -> str:
    """For a reviewer: who is missing, then what does not fit."""
    returned = found.expected - len(found.not_returned)
    lines = [f"发放清单：应交 {found.expected} 个部门，已交 {returned} 个，未交 {len(found.not_returned)} 个"]
    groups = {
        "未交": [_who(entry) for entry in found.not_returned],
        "还是发放时的原样，没有填报，不算已交": [f"{_who(entry)}：{file}" for entry, file in found.untouched],
        "交了不止一份，请核对以哪份为准": [f"{_who(entry)}：{'、'.join(files)}" for entry, files in found.repeated],
        "不在清单上": [f"{file}：{name or '没有写部门名称'}" for file, name in found.unknown],
        "部门名称与发放时不同": [
            f"{file}：现为“{name}”，发放时为“{entry.name}”" for file, name, entry in found.renamed
        ],
    }
    for title, items in groups.items():
        if items:
            lines += [f"  {title}（{len(items)}）", *(f"    {item}" for item in items)]
    return "\n".join(lines) + "\n"


def _who(entry: Entry) -> str:
    return f"{entry.code} {entry.name}".strip()


def as_json(found: Attendance) -> dict[str, Any]:
    """The same for the public JSON shape."""
    return {
        "expected": found.expected,
        "not_returned": [_department(entry) for entry in found.not_returned],
        "repeated": [_department(entry) | {"files": files} for entry, files in found.repeated],
        "unknown": [stranger._asdict() for stranger in found.unknown],
        "renamed": [_department(entry) | {"file": file, "now": name} for file, name, entry in found.renamed],
        "untouched": [_department(entry) | {"file": file} for entry, file in found.untouched],
    }


def _department(entry: Entry) -> dict[str, Any]:
    return {"code": entry.code, "department": entry.name}
