"""Which Python status takes a button to run: the very one that xlwings' VBA would find in the same settings."""

import ntpath
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from gouji_addin import installation, interpreter, registry, xlam
from gouji_addin.computer import Computer
from gouji_addin.installation import AddIn, named_interpreter, user_settings
from tests.computers import OFFICE, Keys, registered, status

WIN, MAC, ANY = "INTERPRETER_WIN", "INTERPRETER_MAC", "INTERPRETER"


def user_has(on: Computer, text: str) -> None:
    on.settings.parent.mkdir(parents=True, exist_ok=True)
    on.settings.write_bytes(text.replace("\n", "\r\n").encode(on.encoding))


@pytest.mark.parametrize(
    ("own", "user", "named"),
    [
        pytest.param({WIN: "own", ANY: "old"}, f'"{WIN}","user"\n', "own", id="the add-in's sheet counts first"),
        pytest.param({ANY: "old"}, f'"{WIN}","user"\n', "user", id="the system's setting counts before the old one"),
        pytest.param({ANY: "old"}, f'"{ANY}","user"\n', "old", id="the old one of the sheet before that of the user"),
        pytest.param({MAC: "mac"}, f'"{ANY}","user"\n', "user", id="another system's counts for nothing"),
        pytest.param({}, f'"{WIN}","first"\n"{WIN}","second"\n', "first", id="of two lines the first counts"),
        pytest.param({}, '"Interpreter_Win","user"\n', "user", id="case means nothing"),
        pytest.param({}, f'"{WIN}"\n"PYTHONPATH","x"\n', "", id="none is named"),
    ],
)
def test_the_settings_are_looked_up_in_the_order_of_the_vba(
    windows: Computer, own: dict[str, str], user: str, named: str
) -> None:
    user_has(windows, user)

    assert named_interpreter(windows, AddIn(Path("gouji.xlam"), own)) == named


def test_variables_in_a_setting_mean_what_they_mean_to_windows(
    windows: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os.path, "expandvars", ntpath.expandvars)
    monkeypatch.setenv("LOCALAPPDATA", r"C:\Users\a\AppData\Local")
    user_has(windows, f'"{WIN}","%LOCALAPPDATA%\\Python\\python.exe"\n')

    found = named_interpreter(windows, AddIn(Path("gouji.xlam"), {}))

    assert found == r"C:\Users\a\AppData\Local\Python\python.exe"


def test_what_is_no_line_of_settings_is_passed_over(windows: Computer) -> None:
    user_has(windows, f'\n"alone"\n"{WIN}","C:\\a, b\\python.exe"\n')

    assert user_settings(windows) == {WIN: r"C:\a, b\python.exe"}


def test_of_excels_options_only_those_of_add_ins_name_one(
    windows: Computer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = tmp_path / "chosen" / "gouji.xlam"
    chosen.parent.mkdir()
    chosen.write_bytes(xlam.build({}))
    windows.add_in.unlink()
    others: Keys = {
        rf"{OFFICE}\Excel\Options": {"OpenedLast": str(chosen), "OPEN1x": str(chosen), "REOPEN": str(chosen)}
    }

    assert installation.loaded(registered(windows, others), "16.0") == []
    one: Keys = {rf"{OFFICE}\Excel\Options": {"OPEN12": f'/R "{chosen}"'}}
    assert [add_in.path for add_in in installation.loaded(registered(windows, one), "16.0")] == [chosen]
    assert "还没有加载 gouji.xlam" in status(registered(windows, others), capsys)[1][0]


@pytest.mark.parametrize("path", [r'C:\a"b\python.exe', r'C:\Python\python.exe" & calc & "'])
def test_a_quotation_mark_would_end_the_path_on_the_command_line(path: str) -> None:
    with pytest.raises(interpreter.Unusable, match="不能有百分号或引号"):
        interpreter.setting(path)


def test_each_root_of_the_registry_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def opened(root: str, path: str, *_: object) -> None:
        asked.append((root, path))
        raise FileNotFoundError(2, path)

    roots = {"HKEY_CLASSES_ROOT": "classes", "HKEY_CURRENT_USER": "user", "HKEY_LOCAL_MACHINE": "machine"}
    winreg = SimpleNamespace(**roots, KEY_READ=1, KEY_WOW64_64KEY=2, OpenKey=opened)
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    monkeypatch.setattr(sys, "platform", "win32")

    for root in ("HKCR", "HKCU", "HKLM"):
        assert registry.values(rf"{root}\Software\Gone") == {}
    assert asked == [(root, r"Software\Gone") for root in ("classes", "user", "machine")]
