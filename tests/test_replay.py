"""A click on a button, from the command line that our VBA puts together to the workbook it leaves behind."""

import ast
import shlex
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile

import openpyxl
import pytest

from gouji_addin.results import HEADINGS, NAME
from gouji_addin.ribbon_check import tags_in
from gouji_addin.start import HIDDEN
from samples.faults import faults
from tests.clicks import WORDS, told_by_the_command_line
from tests.run_python import CALLBACKS, command, replay

BOOK = faults()[0].workbook
LOADED = "import sys, xlwings, _xlwindows; sys.modules['xlwings._xlwindows'] = _xlwindows; "
"""xlwings with a _xlwindows.py from the current folder, as it has its own on Windows."""
NAMES = ["部门 预算公开（终稿）[2].xlsx", "Budget (1) 【送审】.xlsx", "a&b^c;d'e.xlsx", "预算.xlsx"]


def rows(path: Path) -> list[list[str]]:
    """The findings on the sheet 校验结果, links by what they show."""
    sheet = openpyxl.load_workbook(path)[NAME]
    lines = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    found = [line for line in lines[lines.index(list(HEADINGS)) + 1 :] if line[1] in WORDS.values()]
    return [[cell.split('"')[-2] if cell.startswith("=HYPERLINK(") else cell for cell in line] for line in found]


@pytest.mark.parametrize("name", NAMES)
def test_a_click_on_check_finds_what_the_command_line_finds(tmp_path: Path, name: str) -> None:
    copyfile(BOOK, tmp_path / name)

    done = replay("validate", tmp_path / name, tmp_path, tmp_path / "后.xlsx")

    assert done[:3] == (0, "", [])
    found = Counter((line[1], line[2], line[3], line[4]) for line in rows(tmp_path / "后.xlsx"))
    assert found == Counter(line[:4] for line in told_by_the_command_line(BOOK))
    assert len(found) > 5


def test_a_click_on_clear_marks_takes_them_away_again(tmp_path: Path) -> None:
    copyfile(BOOK, tmp_path / "预算.xlsx")
    replay("validate", tmp_path / "预算.xlsx", tmp_path, tmp_path / "查 后.xlsx")

    done = replay("clear_marks", tmp_path / "查 后.xlsx", tmp_path, tmp_path / "清后.xlsx")

    assert done[:3] == (0, "", [])
    assert NAME in openpyxl.load_workbook(tmp_path / "查 后.xlsx").sheetnames
    assert openpyxl.load_workbook(tmp_path / "清后.xlsx").sheetnames == openpyxl.load_workbook(BOOK).sheetnames


def test_a_workbook_closed_meanwhile_is_told_and_runpython_shows_nothing(tmp_path: Path) -> None:
    copyfile(BOOK, tmp_path / "预算.xlsx")

    done = replay("validate", tmp_path / "预算.xlsx", tmp_path, name="别的.xlsx")

    assert done[:2] == (0, "")
    assert [text.partition("，")[0] for _, text in done.messages] == ["找不到这个按钮要处理的工作簿"]


@pytest.mark.parametrize("tag", sorted(tags_in(CALLBACKS.read_text("ascii"))))
def test_every_button_runs_its_function_and_nothing_else(tag: str) -> None:
    python, *flags, code = shlex.split(command(tag, "预算 (1).xlsx", "C:/Python 3/python.exe", "x.log"))[:4]

    assert (python, flags) == ("C:/Python 3/python.exe", ["-B", "-c"])
    assert code == (
        'import gouji_addin.start, xlwings.utils;xlwings.utils.prepare_sys_path("false;;;;;;"); '
        f"import gouji_addin.buttons; gouji_addin.buttons.{tag}()"
    )


def xlwings_folder() -> Path:
    spec = find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def imported(code: str, folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, check=True, encoding="utf-8", timeout=60
    ).stdout.strip()


def test_the_start_imports_nothing_that_xlwings_does_without_and_hides_nothing_afterwards(tmp_path: Path) -> None:
    for name in HIDDEN:
        (tmp_path / f"{name}.py").write_text("")
    known = f"print(*sorted(set({HIDDEN!r}) & set(sys.modules)))"

    assert imported(f"import sys, gouji_addin.start, xlwings; {known}", tmp_path) == ""
    assert imported(f"import sys, jinja2, gouji_addin.start, xlwings; {known}", tmp_path) == "jinja2"
    everything = ", ".join(HIDDEN)
    assert imported(f"import sys, gouji_addin.start, {everything}; {known}", tmp_path) == " ".join(sorted(HIDDEN))


def test_what_is_hidden_is_all_that_xlwings_can_do_without() -> None:
    """Everything beyond the standard library that it tries to import when it is imported itself, and survives without;
    but pywin32 makes it what it is on Windows."""
    sources = [*xlwings_folder().glob("*.py"), *xlwings_folder().glob("conversion/*.py")]
    statements = [one for path in sources for one in ast.parse(path.read_text(encoding="utf-8")).body]
    optional = [one for one in statements if isinstance(one, ast.Try) and "ImportError" in ast.dump(one.handlers[0])]
    imports = [one for statement in optional for one in statement.body if isinstance(one, ast.Import)]
    tried = {alias.name.partition(".")[0] for one in imports for alias in one.names}
    assert tried - sys.stdlib_module_names - {"pythoncom", "win32api"} <= set(HIDDEN)
    assert {"numpy", "pandas", "matplotlib"} <= tried


REFUSED = """\
import atexit, types

class pywintypes:
    class com_error(Exception):
        hresult = -2147418111

class CDispatch:
    pass

CoClassBaseClass = DispatchBaseClass = CDispatch
tries = []

def refused():
    tries.append(1)
    raise pywintypes.com_error

def called():
    try:
        COMRetryMethodWrapper(refused)()
    except pywintypes.com_error:
        return len(tries)

"""
"""What xlwings' way of calling Excel needs, without Windows, and a call that Excel always refuses."""


def test_windows_gives_up_an_excel_that_never_answers(tmp_path: Path) -> None:
    """The name in xlwings that start.py sets, and what comes of it."""
    source = (xlwings_folder() / "_xlwindows.py").read_text(encoding="utf-8")
    attempts = "\nN_COM_ATTEMPTS = 0  # 0 means try indefinitely\n"
    assert attempts in source
    calling = source[source.index(attempts) : source.index("class ExcelBusyError")]
    (tmp_path / "_xlwindows.py").write_text(REFUSED + calling)

    assert imported(LOADED + "import gouji_addin.start; print(_xlwindows.called())", tmp_path) == "10000"


def test_vba_can_read_what_python_writes_on_windows_in_utf8_mode_too(tmp_path: Path) -> None:
    (tmp_path / "_xlwindows.py").write_text("cleanup = None\n")
    started = "import gouji_addin.start; sys.exit('表5：\\U0001F600。')"
    code = f"import locale; locale.getencoding = lambda: 'cp936'; {LOADED}{started}"

    done = subprocess.run([sys.executable, "-X", "utf8", "-c", code], cwd=tmp_path, capture_output=True, check=False)

    assert (done.returncode, done.stderr.decode("cp936").strip()) == (1, "表5：\\U0001f600。")


def test_windows_ends_no_excel_with_python(tmp_path: Path) -> None:
    """What xlwings registers there, under the name by which start.py takes it back."""
    source = (xlwings_folder() / "_xlwindows.py").read_text(encoding="utf-8")
    assert source.count("@atexit.register") == 1
    assert "\n@atexit.register\ndef cleanup():\n" in source

    windows = "import atexit\n\n\n@atexit.register\ndef cleanup():\n    print('ended')\n"
    (tmp_path / "_xlwindows.py").write_text(windows)
    assert imported(LOADED, tmp_path) == "ended"
    assert imported(LOADED + "import gouji_addin.start", tmp_path) == ""
