"""Packing gouji.xlam, the add-in file: the ribbon, the macros and the settings in one workbook that Excel loads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from xlsxwriter.workbook import Workbook

from gouji_addin import xlwings_vba
from gouji_addin.packing import zipped
from gouji_addin.ribbon_check import RIBBON, callbacks_in, problems, tags_in
from gouji_addin.vba_project import OFFICE, OLE_AUTOMATION, Kind, Module, project
from gouji_templates import __version__

VERSION = "GOUJI VERSION"
"""Among the settings, the version of gouji that the add-in was built by; it tells an add-in of ours from another."""

CALLBACKS = Path(__file__).parent / "vba" / "Gouji.bas"
"""The module whose procedure every button calls."""

_PROJECT = "GoujiAddIn"
_CREATED = datetime(2026, 1, 1)

_TITLE = "预算公开"
_PURPOSE = "部门预算公开表的校验与填报"
"""Excel shows both in its list of add-ins."""

_RIBBON_PART = "customUI/customUI14.xml"
_RIBBON_RELATIONSHIP = (
    '<Relationship Id="customUI" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"'
    f' Target="{_RIBBON_PART}"/></Relationships>'
)
_CHANGES = {
    "[Content_Types].xml": (
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    ),
    "_rels/.rels": ("</Relationships>", _RIBBON_RELATIONSHIP),
}
"""By part what makes an add-in with a ribbon of a workbook with macros."""


def build(settings: Mapping[str, str]) -> bytes:
    """The add-in with these of xlwings' settings, such as INTERPRETER_WIN; the same settings give the same bytes.

    So they do on any system, with any Python; another version of XlsxWriter may write a part otherwise.

    Raises xlwings_vba.Unfit where the xlwings installed here cannot be used.
    """
    callbacks = Module("Gouji", CALLBACKS.read_text("ascii"))
    return packed(callbacks, xlwings_vba.modules(), {**settings, VERSION: __version__}, RIBBON.read_bytes())


def packed(callbacks: Module, others: Sequence[Module], settings: Mapping[str, str], ribbon: bytes) -> bytes:
    """An add-in of a ribbon, the module its buttons call, and other modules.

    Raises ValueError for a ribbon with anything wrong: Excel would leave it out without a word.
    """
    if found := problems(ribbon, callbacks_in(callbacks.source), tags_in(callbacks.source)):
        raise ValueError("\n".join(found))
    macros = [Module("ThisWorkbook", "", Kind.WORKBOOK), Module("Settings", "", Kind.SHEET), callbacks, *others]
    return _add_in(_workbook(project(_PROJECT, macros, (OLE_AUTOMATION, OFFICE)), settings), ribbon)


def _workbook(macros: bytes, settings: Mapping[str, str]) -> BytesIO:
    """The macros and the sheet where xlwings' VBA looks for settings: names in column A, values in column B."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": _TITLE, "comments": _PURPOSE, "created": _CREATED})
        book.add_vba_project(BytesIO(macros), True)
        book.set_vba_name("ThisWorkbook")
        sheet = book.add_worksheet(xlwings_vba.SETTINGS_SHEET)
        sheet.set_vba_name("Settings")
        for row, (name, value) in enumerate(settings.items()):
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, value)
    return file


def _add_in(workbook: BytesIO, ribbon: bytes) -> bytes:
    with ZipFile(workbook) as source:
        parts = [(name, _changed(name, source.read(name))) for name in source.namelist()]
    return zipped([*parts, (_RIBBON_PART, ribbon)])


def _changed(name: str, part: bytes) -> bytes:
    if name not in _CHANGES:
        return part
    before, after = (text.encode() for text in _CHANGES[name])
    if part.count(before) != 1:
        raise ValueError(f"{name} holds {before!r} {part.count(before)} times, not once")
    return part.replace(before, after)
