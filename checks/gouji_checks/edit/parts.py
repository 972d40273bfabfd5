"""The parts of a workbook file, to be changed one by one; those that are not keep their bytes."""

import re
from io import BytesIO
from posixpath import dirname, join, normpath, relpath

from gouji_checks.edit.sheet import attributes
from gouji_checks.refusal import DAMAGED, Refusal

_RELATIONSHIP = re.compile(r"<(?:\w+:)?Relationship\s([^>]*?)/?>")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*?)/?>")


class FileParts:
    """An .xlsx or .xlsm that has been read before, so that it is known to be whole."""

    def __init__(self, data: bytes) -> None:
        from zipfile import ZipFile

        with ZipFile(BytesIO(data)) as archive:
            self._infos = [info for info in archive.infolist() if not info.is_dir()]
            self._parts = {info.filename: archive.read(info) for info in self._infos}
        self._spelling = {self._key(name): name for name in self._parts}
        self.workbook = next((part for kind, part in self.related("") if kind == "officeDocument"), "xl/workbook.xml")

    def __contains__(self, part: str) -> bool:
        return self._key(part) in self._spelling

    def names(self) -> list[str]:
        """Every part, in the order of the file."""
        return list(self._parts)

    def text(self, part: str) -> str:
        """A part's XML; raises Refusal where it is not UTF-8, as all programs write it."""
        try:
            return self._parts[self._spelling[self._key(part)]].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Refusal(DAMAGED) from error

    def replace(self, part: str, text: str) -> None:
        """Another XML for a part, or a new part."""
        name = self._spelling.setdefault(self._key(part), part)
        self._parts[name] = text.encode()

    def remove(self, part: str) -> None:
        """Drop a part, with what names it."""
        name = self._spelling.pop(self._key(part))
        del self._parts[name]
        types = self.text("[Content_Types].xml")
        self.replace(
            "[Content_Types].xml", re.sub(rf"<(?:\w+:)?Override\b[^>]*[\"']/{re.escape(name)}[\"'][^>]*>", "", types)
        )
        links = _relations_of(self.workbook)
        target = re.escape(relpath(name, dirname(self.workbook)))
        there = self.text(links)
        self.replace(
            links, re.sub(rf"<(?:\w+:)?Relationship\b[^>]*[\"'](?:{target}|/{re.escape(name)})[\"'][^>]*>", "", there)
        )

    def related(self, part: str) -> list[tuple[str, str]]:
        """The parts that a part leads to (the file itself: ""), each with its kind."""
        return [(kind, target) for _, kind, target in self._relations(part)]

    def sheets(self) -> dict[str, str]:
        """Each worksheet's part, by name."""
        from html import unescape

        by_id = {id: (kind, target) for id, kind, target in self._relations(self.workbook)}
        found: dict[str, str] = {}
        for tag in _SHEET.findall(self.text(self.workbook)):
            named = attributes(tag)
            id = next((value for name, value in named.items() if name.endswith(":id")), "")
            kind, target = by_id.get(id, ("", ""))
            if kind == "worksheet":
                found[unescape(named["name"])] = target
        return found

    def packed(self) -> bytes:
        """The file again, in the order it had; new parts last."""
        from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

        stream = BytesIO()
        dates = {info.filename: info.date_time for info in self._infos}
        with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
            for name, content in self._parts.items():
                info = ZipInfo(name, dates.get(name, (1980, 1, 1, 0, 0, 0)))
                info.compress_type = ZIP_DEFLATED
                archive.writestr(info, content)
        return stream.getvalue()

    def _relations(self, part: str) -> list[tuple[str, str, str]]:
        links = _relations_of(part)
        if links not in self:
            return []
        found: list[tuple[str, str, str]] = []
        for tag in _RELATIONSHIP.findall(self.text(links)):
            named = attributes(tag)
            if named.get("TargetMode") == "External":
                continue
            target = normpath(join(f"/{dirname(part)}", named.get("Target", "").replace("\\", "/"))).lstrip("/")
            found.append((named.get("Id", ""), named.get("Type", "").rpartition("/")[2], target))
        return found

    @staticmethod
    def _key(name: str) -> str:
        """Names differ in case between writers."""
        return name.replace("\\", "/").lstrip("/").lower()


def _relations_of(part: str) -> str:
    folder, slash, file = part.rpartition("/")
    return f"{folder}{slash}_rels/{file}.rels"
