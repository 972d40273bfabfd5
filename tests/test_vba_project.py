"""vbaProject.bin: other programs read back the very sources, and a macro in it runs."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
import xlsxwriter
from openxml_audit import OpenXmlValidator

from gouji_addin.vba_project import OFFICE, OLE_AUTOMATION, Kind, Module, Reference, project, text
from tests import macros, microsoft
from tests.vba_reader import decompressed, read_back, records, revealed, settings, streams

BUTTONS = """\
Option Explicit

Public Function Total(Optional first = 20) As Long
    Dim sum As New Counter
    sum.Add first
    sum.Add 22
    Total = sum.Total
End Function
"""

COUNTER = """\
VERSION 1.0 CLASS
BEGIN
  MultiUse = -1  'True
END
Attribute VB_Name = "Counter"
Attribute VB_Exposed = True
Attribute VB_Description = "Adds up"
Option Explicit
Private sum As Long
Public Sub Add(ByVal number As Long)
Attribute Add.VB_Description = "One more"
    sum = sum + number
End Sub
Public Property Get Total() As Long
    Total = sum
End Property
"""

COUNTER_CODE = COUNTER.split('"Adds up"\n')[1]

MODULES = (
    Module("ThisWorkbook", "", Kind.WORKBOOK),
    Module("Sheet1", "' settings\n", Kind.SHEET),
    Module("Buttons", BUTTONS),
    Module("Counter", COUNTER, Kind.CLASS),
)
REFERENCES = (OLE_AUTOMATION, OFFICE)

STORED = {
    "ThisWorkbook.cls": """\
Attribute VB_Name = "ThisWorkbook"
Attribute VB_Base = "0{00020819-0000-0000-C000-000000000046}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = True
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = True
""",
    "Sheet1.cls": """\
Attribute VB_Name = "Sheet1"
Attribute VB_Base = "0{00020820-0000-0000-C000-000000000046}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = True
Attribute VB_Exposed = True
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = True
' settings
""",
    "Buttons.bas": f'Attribute VB_Name = "Buttons"\n{BUTTONS}',
    "Counter.cls": f"""\
Attribute VB_Name = "Counter"
Attribute VB_Base = "0{{FCFB3D2A-A0FA-1068-A738-08002B3371B5}}"
Attribute VB_GlobalNameSpace = False
Attribute VB_Creatable = False
Attribute VB_PredeclaredId = False
Attribute VB_Exposed = True
Attribute VB_TemplateDerived = False
Attribute VB_Customizable = False
Attribute VB_Description = "Adds up"
{COUNTER_CODE}""",
}


def crlf(source: str) -> str:
    return source.replace("\n", "\r\n")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("vba") / "gouji.xlsm"
    with xlsxwriter.Workbook(path) as book:
        book.add_vba_project(BytesIO(project("Gouji", MODULES, REFERENCES)), True)
        book.set_vba_name("ThisWorkbook")
        book.add_worksheet("设置").set_vba_name("Sheet1")
    return path


def test_olevba_reads_back_the_very_sources() -> None:
    found = read_back(project("Gouji", MODULES, REFERENCES))

    assert found == {name: crlf(source) for name, source in STORED.items()}
    assert list(found.values()) == [text(module) for module in MODULES]


def test_a_source_of_many_chunks_comes_back() -> None:
    words = Random(1)
    source = "".join(f"' {words.randrange(10**6)} {words.choice(BUTTONS.splitlines())}\n" for _ in range(2000))

    found = read_back(project("Gouji", [Module("Long", source)]))

    assert found == {"Long.bas": crlf(f'Attribute VB_Name = "Long"\n{source}')}


@pytest.mark.parametrize("source", ["x", "x\n", "x\r\n"])
def test_every_line_ends_the_same_way(source: str) -> None:
    assert text(Module("M", source)) == 'Attribute VB_Name = "M"\r\nx\r\n'


@pytest.mark.parametrize("kind", [Kind.CLASS, Kind.WORKBOOK, Kind.SHEET])
def test_what_only_an_exported_file_begins_with_is_left_out(kind: Kind) -> None:
    exported = COUNTER.split("Attribute")[0]

    assert text(Module("M", exported + BUTTONS, kind)) == text(Module("M", BUTTONS, kind))


def test_the_parts_stand_where_they_belong() -> None:
    found = streams(project("Gouji", MODULES))

    modules = {f"VBA/{module.name}" for module in MODULES}
    assert set(found) == {"PROJECT", "PROJECTwm", "VBA/dir", "VBA/_VBA_PROJECT"} | modules
    assert found["VBA/_VBA_PROJECT"] == bytes.fromhex("CC61FFFF000000")
    assert decompressed(found["VBA/Buttons"]).decode() == crlf(STORED["Buttons.bas"])
    assert found["PROJECTwm"].startswith(b"ThisWorkbook\0" + "ThisWorkbook\0".encode("utf-16-le") + b"Sheet1\0")
    assert found["PROJECTwm"].endswith(b"Counter\0" + "Counter\0".encode("utf-16-le") + b"\0\0")


def test_the_directory_lists_modules_and_references() -> None:
    own = Reference("Own", r"*\G{00000000-1111-2222-3333-444444444444}#1.2#0##Own")
    found = list(records(decompressed(streams(project("Gouji", MODULES, [*REFERENCES, own]))["VBA/dir"])))

    def of(number: int) -> list[bytes]:
        return [data for other, data in found if other == number]

    assert of(0x04) == [b"Gouji"]
    assert of(0x16) == [b"stdole", b"Office", b"Own"]
    assert [data.decode("utf-16-le") for data in of(0x3E)] == ["stdole", "Office", "Own"]
    assert of(0x0D)[-1] == len(own.library).to_bytes(4, "little") + own.library.encode() + bytes(6)
    assert of(0x0F) == [b"\4\0"]
    assert of(0x1A) == [module.name.encode() for module in MODULES]
    assert of(0x31) == [bytes(4)] * 4
    assert [number for number, _ in found if number in (0x21, 0x22)] == [0x22, 0x22, 0x21, 0x22]
    assert found[-1] == (0x10, b"")


def test_the_project_is_neither_locked_nor_hidden() -> None:
    found = settings(project("Gouji", MODULES))

    identity = found["ID"].strip('"')
    assert revealed(found["CMG"].strip('"'), identity) == bytes(4)
    assert revealed(found["DPB"].strip('"'), identity) == b"\0"
    assert revealed(found["GC"].strip('"'), identity) == b"\xff"
    assert found["Name"] == '"Gouji"'


def test_the_settings_list_each_module_by_its_kind() -> None:
    lines = streams(project("Gouji", MODULES))["PROJECT"].decode("ascii").split("\r\n")

    assert lines[1:5] == [
        "Document=ThisWorkbook/&H00000000",
        "Document=Sheet1/&H00000000",
        "Module=Buttons",
        "Class=Counter",
    ]
    assert lines[-5:] == [*(f"{module.name}=0, 0, 0, 0, C" for module in MODULES), ""]


def test_projects_of_other_names_have_other_identities() -> None:
    assert settings(project("Gouji", []))["ID"] != settings(project("Other", []))["ID"]


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_gives_the_same_bytes(seed: str) -> None:
    build = (
        "import sys; from tests.test_vba_project import *;"
        "sys.stdout.buffer.write(project('Gouji', MODULES, REFERENCES))"
    )
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}

    built = subprocess.run([sys.executable, "-c", build], capture_output=True, check=True, env=environment).stdout

    assert built == project("Gouji", MODULES, REFERENCES)


@pytest.mark.parametrize(
    ("name", "modules", "references", "said"),
    [
        ("勾稽", [], [], "'勾稽' cannot be the name of a project"),
        ("", [], [], "cannot be the name of a project"),
        ("Gouji", [Module("1st", "")], [], "'1st' cannot be the name of a module"),
        ("Gouji", [Module("a b", "")], [], "'a b' cannot be the name of a module"),
        ("Gouji", [Module("M\n", "")], [], "cannot be the name of a module"),
        ("Gouji", [Module("x" * 32, "")], [], "up to 30"),
        ("Gouji", [], [Reference("a-b", "")], "'a-b' cannot be the name of a reference"),
        ("Gouji", [], [Reference("Own", "库")], "reference Own: only ASCII text"),
        ("Gouji", [Module("Main", ""), Module("MAIN", "")], [], "'MAIN' as the name of a module: .* taken"),
        ("Gouji", [Module("gouji", "")], [], "'gouji' as the name of a module: .* taken"),
        ("Gouji", [Module("Office", "")], [OFFICE], "'Office' as the name of a module: .* taken"),
        ("Gouji", [Module("Dir", "")], [], "'Dir' as the name of a module: .* taken"),
        ("Excel", [], [], "'Excel' as the name of a project: .* taken"),
        ("Gouji", [Module("Main", "x = 1\n' 校验\n")], [], "module Main, line 2: only ASCII text"),
        ("Gouji", [Module("Main", "x\0")], [], "module Main, line 1: only ASCII text"),
        ("Gouji", [Module("Main", "x\ry")], [], "module Main, line 1: only ASCII text"),
        ("Gouji", [Module("Main", 'Attribute VB_Name = "Other"\n')], [], 'module Main calls itself "Other"'),
    ],
)
def test_what_cannot_stand_in_a_project_is_refused(
    name: str, modules: list[Module], references: list[Reference], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        project(name, modules, references)


def test_a_workbook_with_the_project_has_no_defect(workbook: Path) -> None:
    assert OpenXmlValidator().validate(workbook).errors == []
    assert read_back(workbook.read_bytes()) == {name: crlf(source) for name, source in STORED.items()}


def test_microsofts_validator_finds_nothing_in_it(workbook: Path) -> None:
    assert microsoft.findings(workbook) == []


def test_libreoffice_lists_the_modules_and_runs_one(workbook: Path) -> None:
    sources, answers = macros.run(workbook, "Gouji", "Buttons.Total", ())

    assert answers == [42]
    assert set(sources) == {module.name for module in MODULES}
    # It adds lines of its own before the code, and shows no attributes.
    assert sources["Buttons"].rstrip().endswith(BUTTONS.rstrip())
    assert "ModuleType=VBAClassModule" in sources["Counter"]
    assert "ModuleType=VBADocumentModule" in sources["Sheet1"]
