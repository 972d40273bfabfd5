"""gouji-addin install and remove on made-up computers: what lies where, and that no more is taken away."""

import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from gouji_addin import cli, computer, installation, registry, xlam, xlwings_vba
from gouji_addin.computer import Computer
from gouji_addin.ribbon_check import RIBBON
from gouji_addin.vba_project import Module
from gouji_templates import __version__
from tests import computers, macros
from tests.computers import PYTHON, left_in
from tests.test_xlam import CALLBACKS
from tests.test_xlwings_vba import ours, reached

READ = """\
Public Function Named(file As String) As String
    Dim value As String
    If GetConfigFromFile(file, "interpreter_win", value) Then
        Named = value
    End If
End Function

"""


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    monkeypatch.chdir(tmp_path)
    return computers.windows(tmp_path)


@pytest.fixture
def macos(tmp_path: Path) -> Computer:
    return computers.macos(tmp_path)


def run(on: Computer, *arguments: str) -> int:
    return cli.main(arguments, lambda: on)


def test_install_puts_an_add_in_for_this_python_where_excel_starts_from(
    windows: Computer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(windows, "install") == 0

    target = tmp_path / "Roaming" / "Microsoft" / "Excel" / "XLSTART" / "gouji.xlam"
    assert installation.carried(target) == {"INTERPRETER_WIN": PYTHON, "GOUJI VERSION": __version__}
    assert target.read_bytes() == xlam.build({"INTERPRETER_WIN": PYTHON})
    assert left_in(tmp_path / "张三") == []
    assert capsys.readouterr().out == (
        f"已装好 {target}，用 {PYTHON} 运行。请重新打开 Excel\n没有发现会挡住它的东西。\n"
    )


def test_a_second_install_replaces_the_first(windows: Computer, tmp_path: Path) -> None:
    run(windows, "install")
    windows.add_in.write_bytes(b"older")

    assert run(windows, "install") == 0

    assert installation.carried(windows.add_in) is not None
    assert left_in(tmp_path / "Roaming") == ["Microsoft/Excel/XLSTART/gouji.xlam"]


def test_install_on_macos_adds_the_script_that_leaves_the_sandbox(macos: Computer, tmp_path: Path) -> None:
    assert run(macos, "install") == 0

    library = tmp_path / "home" / "Library"
    startup = library / "Group Containers/UBF8T346G9.Office/User Content.localized/Startup.localized/Excel"
    script = library / "Application Scripts" / "com.microsoft.Excel" / f"xlwings-{xlwings_vba.VERSION}.applescript"
    assert installation.carried(startup / "gouji.xlam") == {
        "INTERPRETER_MAC": macos.interpreter,
        "GOUJI VERSION": __version__,
    }
    assert script.read_bytes() == Path(str(distribution("xlwings").locate_file(f"xlwings/{script.name}"))).read_bytes()
    assert 'AppleScriptTask("xlwings-" & XLWINGS_VERSION & ".applescript"' in ours()


def test_pythonw_is_not_what_a_button_runs(tmp_path: Path) -> None:
    here = computer.windows(tmp_path, tmp_path, r"C:\Python\pythonw.exe")

    assert here.interpreter == r"C:\Python\python.exe"


@pytest.mark.parametrize("system", ["windows", "macos"])
def test_settings_only_leaves_the_add_in_to_a_share(system: str, request: pytest.FixtureRequest) -> None:
    on: Computer = request.getfixturevalue(system)

    run(on, "install", "--settings-only")

    assert on.settings.read_bytes() == f'"{on.setting}","{on.interpreter}"\r\n'.encode(on.encoding)
    assert not on.add_in.exists()
    assert [path.name for path in (on.scripts.iterdir() if on.scripts else [])] == [installation.SCRIPT] * bool(
        on.scripts
    )


def test_the_files_of_settings_are_those_the_vba_reads(windows: Computer, macos: Computer, tmp_path: Path) -> None:
    looked_up = reached(ours(), "GetConfig")["GetConfigFilePath"]

    assert 'Environ("USERPROFILE") & "\\." & PROJECT_NAME & "\\" & PROJECT_NAME & ".conf"' in looked_up
    assert windows.settings == tmp_path / "张三" / ".gouji" / "gouji.conf"
    assert "~/Library/Containers/com.microsoft.Excel/Data/xlwings.conf" in looked_up
    assert macos.settings == tmp_path / "home/Library/Containers/com.microsoft.Excel/Data/gouji.conf"


def test_the_vba_reads_the_settings_that_are_written(windows: Computer, tmp_path: Path) -> None:
    windows = windows._replace(interpreter=r"C:\Python 3, new\python.exe", encoding="ascii")
    windows.settings.parent.mkdir(parents=True)
    windows.settings.write_bytes(b'"PYTHONPATH","D:\\\\x"\r\n"Interpreter_Win","older"\r\n')
    run(windows, "install", "--settings-only")
    add_in = tmp_path / "reader.xlam"
    reader = Module("Reader", READ + reached(ours(), "GetConfig")["GetConfigFromFile"] + "\n")
    add_in.write_bytes(xlam.packed(CALLBACKS, [reader], {}, RIBBON.read_bytes()))

    found = macros.run(add_in, "GoujiAddIn", "Reader.Named", [str(windows.settings)])

    assert found.answers == [r"C:\Python 3, new\python.exe"]


def test_other_settings_of_the_user_are_kept(windows: Computer) -> None:
    windows.settings.parent.mkdir(parents=True)
    windows.settings.write_bytes(
        '"SHOW CONSOLE","True"\r\n\r\n"interpreter_win","D:\\旧\\python.exe"\r\n'.encode("cp936")
    )

    run(windows, "install", "--settings-only")

    kept = f'"SHOW CONSOLE","True"\r\n"INTERPRETER_WIN","{PYTHON}"\r\n'
    assert windows.settings.read_bytes() == kept.encode("cp936")
    run(windows, "remove")
    assert windows.settings.read_bytes() == b'"SHOW CONSOLE","True"\r\n'


@pytest.mark.parametrize("system", ["windows", "macos"])
def test_remove_takes_away_what_was_put_there_and_nothing_else(
    system: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    on: Computer = request.getfixturevalue(system)
    neighbour = on.add_in.with_name("PERSONAL.XLSB")
    neighbour.parent.mkdir(parents=True)
    neighbour.write_bytes(b"mine")
    run(on, "install")
    run(on, "install", "--settings-only")
    capsys.readouterr()

    assert run(on, "remove") == 0

    assert capsys.readouterr().out == f"已卸载 {on.add_in}\n已卸载 {on.settings}\n"
    assert neighbour.read_bytes() == b"mine"
    assert not on.add_in.exists()
    assert not on.settings.exists()


def test_remove_says_when_there_is_nothing(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(windows, "remove") == 0

    assert capsys.readouterr().out == "没有装过，什么也没有动。\n"


@pytest.mark.parametrize("command", [["install"], ["install", "--settings-only"], ["remove"]])
def test_a_file_that_excel_has_open_stays_as_it_is(
    windows: Computer,
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(windows, "install")
    run(windows, "install", "--settings-only")
    before = {name: (tmp_path / name).read_bytes() for name in left_in(tmp_path)}
    capsys.readouterr()
    unlink = Path.unlink

    def in_use(path: Path, *_: object, **how: bool) -> None:
        if path.name.endswith(".tmp") and how:
            return unlink(path, **how)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", in_use)
    monkeypatch.setattr(Path, "unlink", in_use)

    assert run(windows, *command) == 2

    said = capsys.readouterr().err
    file = windows.settings if "--settings-only" in command else windows.add_in
    doing = "删除" if command == ["remove"] else "写入"
    assert said == f"不能{doing}“{file}”：Excel 正开着它，或者没有权限。请关闭所有 Excel 窗口后再试。\n"
    assert {name: (tmp_path / name).read_bytes() for name in left_in(tmp_path)} == before


def test_another_failure_to_write_is_told_too(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    windows.add_in.parents[1].mkdir(parents=True)
    windows.add_in.parent.write_bytes(b"a file where the folder should be")

    assert run(windows, "install") == 2

    assert capsys.readouterr().err.startswith(f"不能写入“{windows.add_in}”：")


def test_a_python_that_vba_could_not_find_is_refused(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(windows._replace(encoding="cp1252"), "install") == 2

    assert "有 Excel 的宏认不得的字（不在本机的代码页 cp1252 里）" in capsys.readouterr().err
    assert not windows.add_in.exists()


def test_without_the_right_xlwings_nothing_is_written(
    windows: Computer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(xlwings_vba, "VERSION", "9.9")

    assert run(windows, "install") == run(windows, "install", "--settings-only") == 2

    assert capsys.readouterr().err.count("加载项要用 xlwings 9.9 制作") == 2
    assert not windows.add_in.exists()
    assert not windows.settings.exists()


def test_this_computer_is_found_by_its_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    monkeypatch.setenv("HOME", str(tmp_path))

    monkeypatch.setattr(sys, "platform", "win32")
    assert computer.here().add_in == tmp_path / "Roaming" / "Microsoft" / "Excel" / "XLSTART" / "gouji.xlam"
    assert computer.here().registry is registry.values
    monkeypatch.setattr(sys, "platform", "darwin")
    assert computer.here().scripts == tmp_path / "Library" / "Application Scripts" / "com.microsoft.Excel"
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(computer.Elsewhere):
        computer.here()
