"""gouji.xlam: the same bytes every time, the very sources in it, no fault that another program finds."""

import hashlib
import os
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import olefile
import openpyxl
import pytest
from oletools.olevba import VBA_Parser
from openxml_audit import OpenXmlValidator

from gouji_addin import share, xlam, xlwings_vba
from gouji_addin.ribbon_check import RIBBON, tags_in
from gouji_addin.vba_project import Kind, Module, text
from gouji_templates import __version__
from tests import macros, microsoft
from tests.macros import Ran

SETTINGS = {"INTERPRETER_WIN": r"C:\Program Files\Python\python.exe", "PYTHONPATH": "=1+1"}

CALLBACKS = Module("Gouji", xlam.CALLBACKS.read_text("ascii"))

STUB = """\
Private passed As String

Public Function RunPython(PythonCommand As String)
    passed = PythonCommand
End Function

Public Function GetConfig(configKey As String, Optional default As String = "") As Variant
    GetConfig = IIf(configKey = "INTERPRETER_MAC", "/python", default)
End Function

Public Function StubExists(ByVal path As String) As Boolean
    StubExists = path = "/python"
End Function

Public Sub Show(message As String)
    passed = message
End Sub

Public Function Pressed(pressedTag As String) As String
    Dim control As New Button
    control.Tag = pressedTag
    GoujiOnAction control
    Pressed = passed
End Function
"""
"""Stands in for xlwings' VBA, with which LibreOffice compiles nothing, and for Excel, which hands a button over."""

STUBS = (Module("Stub", STUB), Module("Button", "Public Tag As String\n", Kind.CLASS))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("xlam") / "gouji.xlam"
    path.write_bytes(xlam.build(SETTINGS))
    return path


def part(path: Path, name: str) -> bytes:
    with ZipFile(path) as package:
        return package.read(name)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_gives_the_same_bytes(built: Path, seed: str) -> None:
    again = f"import sys; from gouji_addin.xlam import build; sys.stdout.buffer.write(build({SETTINGS!r}))"
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path), "TZ": f"UTC-{seed}"}

    bytes_again = subprocess.run([sys.executable, "-c", again], capture_output=True, check=True, env=environment).stdout

    assert hashlib.sha256(bytes_again).hexdigest() == hashlib.sha256(built.read_bytes()).hexdigest()


def test_another_zlib_gives_the_same_bytes(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python for Windows has from 3.14 on: it inflates to the same, but deflates to other bytes."""
    wheel = tmp_path / share.WHEEL
    wheel.write_bytes(b"wheel" * 1000)
    bundle = share.bundle(wheel)
    compress: Any = zlib.compressobj
    used = []

    def otherwise(*arguments: int) -> object:
        used.append(arguments)
        return compress(1, *arguments[1:])

    monkeypatch.setattr(zlib, "compressobj", otherwise)

    assert xlam.build(SETTINGS) == built.read_bytes()
    assert share.bundle(wheel) == bundle
    assert used, "XlsxWriter compresses"


def test_the_day_of_the_build_does_not_show(built: Path) -> None:
    today = datetime.now(UTC).date().isoformat()

    assert today not in part(built, "docProps/core.xml").decode()


def test_olevba_reads_back_the_very_sources(built: Path) -> None:
    found = {name: source for _, _, name, source in VBA_Parser(str(built)).extract_macros()}

    xlwings, dictionary = xlwings_vba.modules()
    assert found.keys() == {"ThisWorkbook.cls", "Settings.cls", "Gouji.bas", "xlwings.bas", "Dictionary.cls"}
    assert found["Gouji.bas"] == text(CALLBACKS)
    assert found["xlwings.bas"] == text(xlwings)
    assert found["Dictionary.cls"] == text(dictionary)


def test_olefile_finds_no_defect(built: Path) -> None:
    data = BytesIO(part(built, "xl/vbaProject.bin"))

    with olefile.OleFileIO(data, raise_defects=olefile.DEFECT_UNSURE) as found:
        assert found.parsing_issues == []


def test_the_open_xml_audit_finds_nothing(built: Path) -> None:
    assert OpenXmlValidator().validate(built).errors == []


def test_microsofts_validator_finds_nothing(built: Path) -> None:
    assert microsoft.findings(built) == []


def test_the_ribbon_is_a_part_that_the_package_points_to(built: Path) -> None:
    relations = [dict(each.attrib) for each in ElementTree.fromstring(part(built, "_rels/.rels"))]

    (ribbon,) = [each for each in relations if each["Type"].endswith("/ui/extensibility")]
    assert ribbon["Type"] == "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    assert part(built, ribbon["Target"]) == RIBBON.read_bytes()
    assert len({each["Id"] for each in relations}) == len(relations)


def test_the_package_calls_itself_an_add_in(built: Path) -> None:
    types = ElementTree.fromstring(part(built, "[Content_Types].xml"))

    (workbook,) = [each.get("ContentType") for each in types if each.get("PartName") == "/xl/workbook.xml"]
    assert workbook == "application/vnd.ms-excel.addin.macroEnabled.main+xml"


def test_the_settings_stand_in_their_sheet_as_texts(built: Path, tmp_path: Path) -> None:
    # openpyxl opens no add-in.
    plain = tmp_path / "plain.xlsx"
    with ZipFile(built) as source, ZipFile(plain, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(b"vnd.ms-excel.addin.macroEnabled", b"vnd.ms-excel.sheet.macroEnabled"))

    sheet = openpyxl.load_workbook(plain)["gouji.conf"]

    assert {name.value: value.value for name, value in sheet.iter_rows()} == SETTINGS | {xlam.VERSION: __version__}
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}


def test_a_faulty_ribbon_is_not_packed() -> None:
    faulty = RIBBON.read_bytes().replace(b'tag="validate"', b'tag="audit"')

    with pytest.raises(ValueError, match="goujiValidate: tag 'audit' is none that the procedure accepts"):
        xlam.packed(CALLBACKS, [], {}, faulty)


def press(callbacks: Module, tags: list[str], folder: Path, stub: str = STUB) -> Ran:
    path = folder / "gouji.xlam"
    stubs = STUBS[0]._replace(source=stub), STUBS[1]
    path.write_bytes(xlam.packed(callbacks, stubs, SETTINGS, RIBBON.read_bytes()))
    return pressed_in(path, tags)


def pressed_in(path: Path, tags: list[str]) -> Ran:
    """The modules of an add-in with the stubs, and what its buttons with these tags ask of RunPython."""
    return macros.run(path, "GoujiAddIn", "Stub.Pressed", *([tag] for tag in tags))


def test_libreoffice_lists_the_modules_and_every_button_arrives(tmp_path: Path) -> None:
    tags = sorted(tags_in(CALLBACKS.source))

    modules, commands = press(CALLBACKS, tags, tmp_path)

    assert set(modules) == {"ThisWorkbook", "Settings", "Gouji", "Stub", "Button"}
    assert commands == [f"import gouji_addin.buttons; gouji_addin.buttons.{tag}()" for tag in tags]


def test_libreoffice_runs_no_button_of_a_module_with_a_syntax_error(tmp_path: Path) -> None:
    faulty = Module("Gouji", CALLBACKS.source.replace("    End Select\n", ""))

    assert press(faulty, ["fill"], tmp_path).answers == [""]


@pytest.mark.parametrize(
    ("separator", "setting", "there", "runs"),
    [
        pytest.param("/", "INTERPRETER_MAC", False, True, id="on macOS it is enough that one is named"),
        pytest.param("/", "INTERPRETER_WIN", True, False, id="what is named for Windows is none on macOS"),
        pytest.param("\\", "INTERPRETER_WIN", True, True, id="on Windows one is named and there"),
        pytest.param("\\", "INTERPRETER", True, True, id="named as of old"),
        pytest.param("\\", "INTERPRETER_WIN", False, False, id="on Windows one is named and gone"),
        pytest.param("\\", "NONE", False, False, id="none is named"),
    ],
)
def test_without_a_python_a_button_says_so(
    tmp_path: Path, separator: str, setting: str, there: bool, runs: bool
) -> None:
    source = CALLBACKS.source.replace("Application.PathSeparator", f'"{separator}"')
    # A message box would wait for somebody.
    source = source.replace("MsgBox message,", "Show message ' ")
    # LibreOffice has a function of this name.
    source = source.replace("FileExists(", "StubExists(")
    stub = STUB.replace("INTERPRETER_MAC", setting).replace('= path = "/python"', f'= {there} And path = "/python"')

    (said,) = press(CALLBACKS._replace(source=source), ["validate"], tmp_path, stub).answers

    assert str(said).startswith("import gouji_addin.buttons" if runs else "没有设置要用的 Python")
