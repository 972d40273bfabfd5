"""xlwings' VBA in our copy: nothing of the opened workbook says what is run, and no other text is taken for it."""

import re
import sys
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
import xlsxwriter

from gouji_addin import xlam, xlwings_vba
from gouji_addin.ribbon_check import RIBBON
from gouji_addin.vba_project import Kind, Module
from tests import macros
from tests.test_xlam import CALLBACKS

XLWINGS = ("xlwings_custom_addin.bas", "addin/Dictionary.cls")

HEAD = """\
Public Const PROJECT_NAME As String = "gouji"

Public Function Asked(ByVal key As String) As String
    Asked = GetConfig(key, "none", "")
End Function

Function ExpandEnvironmentStrings(ByVal s As String)
    ExpandEnvironmentStrings = s
End Function

Function FileExists(ByVal FileSpec As String) As Boolean
    FileExists = False
End Function

Function GetFullName(wb As Object) As String
    GetFullName = ""
End Function

"""
"""What the look-up of settings needs, without Windows: there are no files of settings."""

STORE = """\
Private names As String
Private found As New Collection

Public Sub Add(ByVal key As String, ByVal value As Variant)
    names = names & "|" & key & "|"
    found.Add value, key
End Sub

Public Function Exists(ByVal key As String) As Boolean
    Exists = InStr(names, "|" & key & "|") > 0
End Function

Public Function Item(ByVal key As String) As Variant
    Item = found.Item(key)
End Function
"""
"""Stands in for Windows' dictionary."""

_PROCEDURE = re.compile(r"^(?:Public |Private )?(?:Function|Sub) (\w+)\(.*?^End (?:Function|Sub)$", re.M | re.S)


def package(folder: Path, version: str, before: str = "", after: str = "") -> Distribution:
    """The installed xlwings under another version, one text in its VBA replaced."""
    info = folder / f"xlwings-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: xlwings\nVersion: {version}\n")
    for name in XLWINGS:
        copy = folder / "xlwings" / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(Path(str(distribution("xlwings").locate_file(f"xlwings/{name}"))).read_bytes())
    custom = folder / "xlwings" / XLWINGS[0]
    if before:
        assert before in custom.read_text("ascii")
        custom.write_text(custom.read_text("ascii").replace(before, after), "ascii")
    return Distribution.at(info)


def reached(vba: str, start: str) -> dict[str, str]:
    """The procedures that one can end up in, itself included, by name."""
    procedures = {found[1]: found[0] for found in _PROCEDURE.finditer(vba)}
    names, waiting = set[str](), {start}
    while waiting:
        names |= waiting
        words = {word for name in waiting for word in re.findall(r"\w+", procedures[name])}
        waiting = (words & procedures.keys()) - names
    return {name: procedures[name] for name in names}


def about_workbook(procedure: str) -> list[str]:
    """The lines of it that have to do with the opened workbook."""
    return [line.strip() for line in procedure.splitlines() if re.search(r"Active(Work|Sheet|Full)|Workbooks", line)]


def original() -> str:
    """xlwings' VBA as it is installed."""
    return Path(str(distribution("xlwings").locate_file(f"xlwings/{XLWINGS[0]}"))).read_text("ascii")


def ours() -> str:
    """The same as the add-in holds it."""
    return xlwings_vba.modules()[0].source


def for_windows(vba: str) -> str:
    """What is left for Excel on Windows when VBA's #If are decided; LibreOffice decides them otherwise."""
    lines, kept = [], [True]
    for line in vba.splitlines():
        word = line.strip()
        if word.startswith("#If"):
            kept.append("Mac" not in word)
        elif word.startswith("#Else"):
            kept[-1] = not kept[-1]
        elif word.startswith("#End"):
            kept.pop()
        elif all(kept):
            lines.append(line)
    return "\n".join(lines) + "\n"


def look_up(vba: str) -> Module:
    """The look-up of settings as LibreOffice can run it."""
    procedures = reached(vba, "GetConfig")
    source = "\n\n".join(procedures[name] for name in ("GetConfig", "GetConfigFromSheet", "SheetExists"))
    for before, after in (
        ('CreateObject("Scripting.Dictionary")', "New Store"),
        # Which workbook is the active one changes there by itself.
        ("ActiveWorkbook", 'Workbooks("submitted.xlsx")'),
        ("In Range(", "In sht.Range("),
    ):
        source = source.replace(before, after)
    return Module("LookUp", HEAD + for_windows(source))


@pytest.mark.parametrize(
    ("vba", "named"),
    [pytest.param(original(), "theirs.exe", id="as it comes"), pytest.param(ours(), "own.exe", id="changed")],
)
def test_a_workbook_with_such_a_sheet_does_not_say_which_interpreter_runs(tmp_path: Path, vba: str, named: str) -> None:
    settings = {"INTERPRETER_WIN": "own.exe", "SHOW CONSOLE": "False"}
    modules = look_up(vba), Module("Store", STORE, Kind.CLASS)
    add_in, submitted = tmp_path / "gouji.xlam", tmp_path / "submitted.xlsx"
    add_in.write_bytes(xlam.packed(CALLBACKS, modules, settings, RIBBON.read_bytes()))
    with xlsxwriter.Workbook(submitted) as book:
        sheet = book.add_worksheet(xlwings_vba.SETTINGS_SHEET)
        sheet.write_column("A1", settings)
        sheet.write_column("B1", ["theirs.exe", "True"])

    found = macros.run(add_in, "GoujiAddIn", "LookUp.Asked", ["INTERPRETER_WIN"], beside=submitted)

    assert found.answers == [named]


def test_a_look_up_of_settings_never_comes_to_the_opened_workbook() -> None:
    before, after = reached(original(), "GetConfig"), reached(ours(), "GetConfig")

    assert any(about_workbook(procedure) for procedure in before.values())
    assert [line for procedure in after.values() for line in about_workbook(procedure)] == []
    assert {"GetDirectoryConfigFilePath", "GetFullName"} & after.keys() == set()
    assert {"GetConfigFromSheet", "GetConfigFilePath", "GetConfigFromFile"} <= after.keys()
    assert [found for procedure in after.values() for found in re.findall(r"(?<![.\w])Range\(", procedure)] == []
    assert re.findall(r"GetConfigFromSheet\((\w+)\)", after["GetConfig"]) == ["ThisWorkbook"] * 2


def test_of_the_opened_workbook_only_its_name_reaches_the_command() -> None:
    procedures = reached(ours(), "RunPython")

    assert about_workbook(procedures["ExecuteWindows"]) == [
        '" --wb=" & """" & ActiveWorkbook.Name & """ --from_xl=1" & " --app=" & Chr(34) & _'
    ]
    assert "ActiveWorkbook.FullName" not in procedures["RunPython"]
    assert re.findall(r"^ *ActiveFullName = .*", procedures["RunPython"], re.M) == []
    assert re.findall(r"AddExcelDir = (.*)", ours()) == ['"false"'] * 2


def test_a_sheet_named_like_a_module_means_nothing_to_a_button() -> None:
    assert '".py"' in reached(original(), "RunPython")["RunPython"]
    assert '".py"' not in reached(ours(), "RunPython")["RunPython"]
    assert "embedded" not in reached(ours(), "RunPython")["RunPython"]


def test_no_program_is_looked_for_by_its_bare_name() -> None:
    procedures = reached(ours(), "RunPython")

    assert re.findall(r'GetConfig\("INTERPRETER\w*", "(.*)"\)', procedures["RunPython"]) == ["", "", ""]
    assert 'WScript.Run(Environ("ComSpec") & " /C "' in procedures["ExecuteWindows"]


def test_the_copy_keeps_the_licence_and_says_that_it_is_changed() -> None:
    before, after = original(), ours()

    licence = before[before.index("'xlwings is distributed") : before.index("DAMAGE.")]
    assert licence in after
    assert "'Changed by gouji: " in after
    assert '\nPublic Const PROJECT_NAME As String = "gouji"\n' in after
    assert xlwings_vba.SETTINGS_SHEET == "gouji.conf"


def test_the_version_is_the_one_that_is_installed_with_gouji() -> None:
    declared = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text("utf-8"))

    assert declared["project"]["optional-dependencies"]["excel"] == [f"xlwings=={xlwings_vba.VERSION}"]


def test_an_xlwings_of_that_version_elsewhere_gives_the_same(tmp_path: Path) -> None:
    assert xlwings_vba.modules(package(tmp_path, xlwings_vba.VERSION)) == xlwings_vba.modules()


def test_another_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(xlwings_vba.Unfit, match=r"要用 xlwings 0\.37\.8 制作，这里装的是 0\.37\.9。请运行 pip install"):
        xlwings_vba.modules(package(tmp_path, "0.37.9"))


def test_without_xlwings_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])

    with pytest.raises(xlwings_vba.Unfit, match=r'没有装 xlwings.*pip install "xlwings==0\.37\.8"'):
        xlwings_vba.modules()


@pytest.mark.parametrize("name", XLWINGS)
def test_a_file_that_is_gone_is_named(tmp_path: Path, name: str) -> None:
    found = package(tmp_path, xlwings_vba.VERSION)
    (tmp_path / "xlwings" / name).unlink()

    with pytest.raises(xlwings_vba.Unfit, match=f"{re.escape(name)} 读不出来"):
        xlwings_vba.modules(found)


@pytest.mark.parametrize("times", [0, 2])
@pytest.mark.parametrize(
    "part_of_it",
    [
        'Public Const PROJECT_NAME As String = "myaddin"',
        "'SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.",
        "    ' Check for embedded Python code",
        "    ' PythonCommand with embedded code",
        "    ' Call Python platform-dependent",
        '        interpreter = GetConfig("INTERPRETER", "python")',
        "    #If Mac Then\n        If InStr(ActiveWorkbook.FullName,",
        "    #If Mac Then\n        PYTHONPATH = AddExcelDir",
        '    ExitCode = WScript.Run("cmd.exe /C "',
        "    If ExitCode <> 0 Then\n        Call ShowError(LOG_FILE)\n",
        "(sheet -> directory -> user -> default)",
        'AddExcelDir = GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "true")\n\n    \' The first 6 args',
        ", uses_embedded_code As Boolean",
        "    ' The first 5 args are",
        "Function GetDirectoryConfigFilePath() As String",
        '#If App = "Microsoft Excel" Then\nFunction GetConfigFromSheet(',
        "            'Workbook Sheet Config",
        "            'Add-in Sheet Config",
        'Range(sht.Range("A1"), lastCell)',
        "    ' Directory Config",
        "    ' User Config",
    ],
)
def test_a_text_that_is_not_as_expected_is_refused(tmp_path: Path, part_of_it: str, times: int) -> None:
    changed = package(tmp_path, xlwings_vba.VERSION, part_of_it, "\n".join([part_of_it] * times))

    with pytest.raises(xlwings_vba.Unfit, match="不是预期的文本"):
        xlwings_vba.modules(changed)
