"""The VBA of xlwings that runs Python from an add-in: the installed package's, changed where it trusts too much.

As it comes, a sheet or a file beside the opened workbook may name the interpreter to run, and Python looks for modules
in the folder of that workbook: whoever hands in a workbook could run what he likes. In our copy only the add-in's own
settings sheet and the user's configuration file count.
"""

from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from gouji_addin.vba_project import Kind, Module

VERSION = "0.37.8"
"""The one version whose text the changes below are made for."""

PROJECT_NAME = "gouji"
"""Names the settings sheet, gouji.conf, and the user's file .gouji\\gouji.conf."""

SETTINGS_SHEET = f"{PROJECT_NAME}.conf"

_INSTALL = f'pip install "xlwings=={VERSION}"'
_REPAIR = f'pip install --force-reinstall "xlwings=={VERSION}"'


class Unfit(Exception):  # noqa: N818
    """The installed xlwings is not the one that the add-in can be built from; Chinese, without the full stop."""


class _Change(NamedTuple):
    """Text that stands once and what takes its place; with `until`, all from the one to before the other."""

    text: str
    becomes: str
    until: str = ""


_CHANGES = (
    _Change('PROJECT_NAME As String = "myaddin"', f'PROJECT_NAME As String = "{PROJECT_NAME}"'),
    _Change(
        "'SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.\n",
        "'SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.\n\n"
        "'Changed by gouji: settings come from the add-in's own sheet and the user's file only, never from the opened\n"
        "'workbook or its folder; sheets named *.py mean nothing; no Python is run that the settings do not name;\n"
        "'what Python wrote when it failed is shown by gouji.\n",
    ),
    # A workbook with a sheet named *.py would end every button with a message about a licence.
    _Change(", uses_embedded_code As Boolean", ""),
    _Change("    ' Check for embedded Python code\n", '    AddExcelDir = "false"\n\n', "    ' The first 5 args are"),
    _Change("    ' PythonCommand with embedded code\n", "", "    ' Call Python platform-dependent\n"),
    # The same again, for functions in cells.
    _Change('AddExcelDir = GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "true")', 'AddExcelDir = "false"'),
    # Python no longer needs the two paths that its list begins with. The command shell sees that list as not quoted:
    # a file named `a^&calc.xlsx` would run what stands behind the ampersand.
    _Change(
        "    #If Mac Then\n        If InStr(ActiveWorkbook.FullName,",
        "",
        "    #If Mac Then\n        PYTHONPATH = AddExcelDir",
    ),
    # Python would import all that xlwings can deal with, for seconds.
    _Change(
        ' -B -c ""import xlwings.utils;xlwings.utils.prepare_sys_path(\\""" & PYTHONPATH & "\\""); " & PythonCommand',
        ' -B -c ""import gouji_addin.start, xlwings.utils;xlwings.utils.prepare_sys_path(\\""" & PYTHONPATH & "\\""); "'
        " & PythonCommand",
    ),
    # It would show what Python wrote as it is, in English where gouji is not even there to say anything itself.
    _Change(
        "    If ExitCode <> 0 Then\n        Call ShowError(LOG_FILE)\n",
        "    If ExitCode <> 0 Then\n        GoujiNotDone ExitCode, ReadFile(LOG_FILE)\n",
    ),
    # A bare name would be looked for in Excel's current folder, which may be the opened workbook's.
    _Change('WScript.Run("cmd.exe /C "', 'WScript.Run(Environ("ComSpec") & " /C "'),
    _Change('GetConfig("INTERPRETER", "python")', 'GetConfig("INTERPRETER", "")'),
    _Change("(sheet -> directory -> user -> default)", "(the add-in's sheet -> user -> default)"),
    # Asked of no sheet in particular, a range may be the active sheet's, as it is in LibreOffice.
    _Change('Range(sht.Range("A1"), lastCell)', 'sht.Range(sht.Range("A1"), lastCell)'),
    _Change("            'Workbook Sheet Config\n", "", "            'Add-in Sheet Config"),
    _Change("    ' Directory Config\n", "", "    ' User Config\n"),
    _Change(
        "Function GetDirectoryConfigFilePath() As String\n",
        "",
        '#If App = "Microsoft Excel" Then\nFunction GetConfigFromSheet(',
    ),
)


def modules(package: Distribution | None = None) -> list[Module]:
    """The modules of xlwings that the add-in holds; `package` in place of the xlwings installed here.

    Raises Unfit if it is missing, of another version, or not the text that is expected of this version.
    """
    package = package or _installed()
    if package.version != VERSION:
        raise Unfit(f"加载项要用 xlwings {VERSION} 制作，这里装的是 {package.version}。请运行 {_INSTALL}")
    return [
        Module("xlwings", _changed(_text(package, "xlwings_custom_addin.bas"))),
        Module("Dictionary", _text(package, "addin/Dictionary.cls"), Kind.CLASS),
    ]


def _installed() -> Distribution:
    try:
        return distribution("xlwings")
    except PackageNotFoundError as error:
        raise Unfit(f"没有装 xlwings，制作加载项要用它。请运行 {_INSTALL}") from error


def _text(package: Distribution, name: str) -> str:
    path = Path(str(package.locate_file(f"xlwings/{name}")))
    try:
        return path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise Unfit(f"xlwings 里的 {name} 读不出来。请运行 {_REPAIR}") from error


def _changed(text: str) -> str:
    for change in _CHANGES:
        start = _place(text, change.text)
        end = _place(text, change.until) if change.until else start + len(change.text)
        if end < start:
            raise _not_expected(change.until)
        text = text[:start] + change.becomes + text[end:]
    return text


def _place(text: str, part: str) -> int:
    """Where the one occurrence of a part begins."""
    if text.count(part) != 1:
        raise _not_expected(part)
    return text.index(part)


def _not_expected(part: str) -> Unfit:
    return Unfit(f"xlwings 的宏不是预期的文本，应当只出现一次的地方不符：{part.strip()!r}。请运行 {_REPAIR}")
