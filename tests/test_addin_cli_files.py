"""gouji-addin status: what is said of the add-in file, wherever Excel loads it from, and of the Python it runs."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gouji_addin import cli, installation, xlam, xlwings_vba
from gouji_addin.computer import Computer
from gouji_addin.interpreter import Packages, packages
from gouji_templates import __version__
from tests import computers
from tests.computers import OFFICE, PYTHON, Keys, bare_python, registered, status

INSTALL = f'请在安装包所在的文件夹运行 "{PYTHON}" -m pip install "gouji-{__version__}-py3-none-any.whl[excel]"'


def on_the_file() -> Iterator[object]:
    """What happens to a file of an installation, and what is said of it."""

    def case(name: str, said: str, what: Callable[[Computer], object]) -> object:
        return pytest.param(what, said, id=name)

    def built(version: str, python: str = PYTHON) -> bytes:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(xlam, "__version__", version)
            return xlam.build({"INTERPRETER_WIN": python})

    yield case("older", "加载项是 0.0.1 版，这里的 gouji 是", lambda on: on.add_in.write_bytes(built("0.0.1")))
    yield case("not ours", "不是 gouji 的加载项", lambda on: on.add_in.write_bytes(b"PK"))
    yield case("removed", "还没有加载 gouji.xlam", lambda on: on.add_in.unlink())
    yield case(
        "downloaded",
        "带着“来自互联网”的标记",
        lambda on: Path(f"{on.add_in}:Zone.Identifier").write_text("[ZoneTransfer]\r\nZoneId=3\r\n"),
    )
    yield case(
        "its Python gone",
        r"设置里的 Python“C:\gone\python.exe”不在了",
        lambda on: on.add_in.write_bytes(built(__version__, r"C:\gone\python.exe")),
    )


@pytest.mark.parametrize(("what", "said"), list(on_the_file()))
def test_what_is_wrong_with_the_file_is_said(
    windows: Computer, what: Callable[[Computer], object], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    # The user's settings name a Python too, so that nothing else is wrong.
    installation.set_up(windows)
    what(windows)

    _, found = status(windows, capsys)

    assert len(found) == 1
    assert said in found[0]


def test_without_an_add_in_the_python_that_is_set_is_looked_at(
    windows: Computer, capsys: pytest.CaptureFixture[str]
) -> None:
    windows.add_in.unlink()

    assert ["还没有加载" in line for line in status(windows, capsys)[1]] == [True]
    installation.set_up(windows)
    assert ["不在了" in line for line in status(windows, capsys)[1]] == [False]
    Path(PYTHON).unlink()
    assert ["不在了" in line for line in status(windows, capsys)[1]] == [False, True]


def test_a_file_of_the_own_network_is_not_downloaded(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    Path(f"{windows.add_in}:Zone.Identifier").write_text("[ZoneTransfer]\r\nZoneId=1\r\n")

    assert status(windows, capsys)[1] == []


@pytest.mark.parametrize(
    ("has", "said"),
    [
        (None, f"用不了 gouji 的加载项，{INSTALL}"),
        (Packages("0.0.1", xlwings_vba.VERSION, True), "里的 gouji 是 0.0.1 版"),
        (Packages(__version__, "0.1", True), f"里的 xlwings 是 0.1，加载项要用 0.37.8，{INSTALL}"),
        (
            Packages(__version__, xlwings_vba.VERSION, False),
            f"里的 xlwings 连不上 Excel（缺 pywin32 或 appscript），{INSTALL}",
        ),
    ],
)
def test_what_is_wrong_with_its_python_is_said(
    windows: Computer, has: Packages | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found = status(windows._replace(packages=lambda _: has), capsys)

    assert len(found) == 1
    assert said in found[0]


def test_a_python_that_vba_cannot_find_is_said(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = status(windows._replace(encoding="cp1252"), capsys)

    assert [f"Excel 的宏认不得 Python 的路径“{PYTHON}”" in line for line in found] == [True]


@pytest.mark.parametrize(
    ("gone", "said"), [("Applications/Microsoft Excel.app", "没有找到 Excel"), (None, "启动不了 Python")]
)
def test_what_macos_lacks_is_said(
    macos: Computer, gone: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if gone:
        (tmp_path / gone).rmdir()
    elif macos.scripts:
        (macos.scripts / installation.SCRIPT).unlink()

    _, found = status(macos, capsys)

    assert len(found) == 1
    assert said in found[0]


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Computer, Path]:
    """A Windows whose Excel loads an add-in from a share that names no Python."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "共享 盘" / "gouji.xlam"
    path.parent.mkdir()
    path.write_bytes(xlam.build({}))
    chosen: Keys = {rf"{OFFICE}\Excel\Options": {"OPEN": '"other.xlam"', "OPEN1": f'/R "{path}"'}}
    return registered(computers.windows(tmp_path), chosen), path


def test_an_add_in_on_a_share_runs_what_the_user_has_set(
    shared: tuple[Computer, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    on, path = shared

    assert "没有设置用哪个 Python" in status(on, capsys)[1][0]
    assert cli.main(["install", "--settings-only"], lambda: on) == 0
    installed, found = status(on, capsys)

    assert found == []
    assert installed[1:] == [
        f"加载项 {path}：{__version__} 版，用 {PYTHON} 运行",
        f"用户设置 {on.settings}：用 {PYTHON} 运行",
    ]


def test_macros_on_a_share_run_only_if_macros_may(
    shared: tuple[Computer, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    on, path = shared
    installation.set_up(on)
    keys: Keys = {
        rf"{OFFICE}\Excel\Options": {"OPEN": f'/R "{path}"'},
        rf"{OFFICE}\Excel\Security": {"VBAWarnings": 4},
    }

    _, found = status(registered(on, keys), capsys)

    assert ["VBAWarnings=4" in line for line in found] == [True]


def test_an_add_in_chosen_by_its_name_lies_in_the_users_folder(
    windows: Computer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    on = registered(windows, {rf"{OFFICE}\Excel\Options": {"OPEN": "gouji.xlam"}})
    copy = tmp_path / "Roaming" / "Microsoft" / "AddIns" / "gouji.xlam"
    copy.parent.mkdir()
    windows.add_in.rename(copy)

    installed, found = status(on, capsys)

    assert (installed[1:], found) == ([f"加载项 {copy}：{__version__} 版，用 {PYTHON} 运行"], [])


def test_two_add_ins_of_one_name_are_one_too_many(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    copy = windows.add_in.parents[1] / "gouji.xlam"
    copy.write_bytes(windows.add_in.read_bytes())

    _, found = status(registered(windows, {rf"{OFFICE}\Excel\Options": {"OPEN": f'"{copy}"'}}), capsys)

    assert ["Excel 要加载 2 个同名的 gouji.xlam" in line for line in found] == [True]


def test_this_python_has_what_the_buttons_need() -> None:
    found = packages(sys.executable)

    assert found == Packages(__version__, xlwings_vba.VERSION, connected=False), "on Linux there is no Excel to talk to"


def test_a_python_without_what_the_buttons_need_has_nothing(tmp_path: Path) -> None:
    assert packages(str(bare_python(tmp_path))) is None
    assert packages(str(tmp_path / "none")) is None


def test_settings_that_cannot_be_read_are_named(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    windows.settings.parent.mkdir(parents=True)
    windows.settings.write_bytes(b"\xff\xff")

    capsys.readouterr()

    assert cli.main(["status"], lambda: windows) == 2

    assert capsys.readouterr().err == f"“{windows.settings}”读不出来，请删去这个文件后再试。\n"
