"""gouji-addin status: everything that would stop a button is said, and nothing on a computer where all is well."""

import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from gouji_addin import cli, registry, xlwings_vba
from gouji_addin.computer import Computer
from gouji_templates import __version__
from tests.computers import APP_PATH, CURRENT, OFFICE, PYTHON, Keys, registered, status

POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0"
CLOUD = r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0"
DEFENDER = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender"
RULES = r"Windows Defender Exploit Guard\ASR\Rules"

CHILDREN = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
CALLS = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"

TRUSTED = r"Excel\Security\Trusted Locations"


def test_on_windows_all_is_well(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    installed, found = status(windows, capsys)

    assert found == []
    assert installed == [
        f"gouji {__version__}，要用 xlwings {xlwings_vba.VERSION}，Python {PYTHON}",
        f"加载项 {windows.add_in}：{__version__} 版，用 {PYTHON} 运行",
    ]


def test_on_macos_all_is_well(macos: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    installed, found = status(macos, capsys)

    assert found == []
    assert installed[1:] == [f"加载项 {macos.add_in}：{__version__} 版，用 {macos.interpreter} 运行"]


def in_the_registry() -> Iterator[object]:
    """Keys beside those of an Excel that is well, and what they give away."""

    def case(name: str, keys: Keys, said: str) -> object:
        return pytest.param(keys, said, id=name)

    yield case("no Excel", {APP_PATH: {}}, "没有找到 Excel，加载项要用 Microsoft Excel")
    yield case("Excel is gone", {APP_PATH: {"": r"C:\gone\EXCEL.EXE"}}, "没有找到 Excel")
    yield case("no ProgID", {CURRENT: {}}, "Excel 没有登记 Excel.Application")
    yield case("no VBA", {rf"{POLICY}\Common": {"VBAOff": 1}}, "停用了 Office 的 VBA")
    yield case(
        "no VBA on the machine", {r"HKLM\Software\Microsoft\Office\16.0\Common": {"VBAOff": 1}}, "停用了 Office 的 VBA"
    )
    yield case("no add-ins", {rf"{OFFICE}\Excel\Security": {"DisableAllAddins": 1}}, "Excel 停用了所有加载项")
    yield case("signed add-ins", {rf"{POLICY}\Excel\Security": {"requireaddinsig": 1}}, "只许加载有签名的加载项")
    yield case(
        "signed add-ins, chosen", {rf"{OFFICE}\Excel\Security": {"RequireAddinSig": 1}}, "只许加载有签名的加载项"
    )
    yield case("nothing trusted", {rf"{POLICY}\{TRUSTED}": {"AllLocationsDisabled": 1}}, "Excel 停用了所有受信任位置")
    yield case("nothing trusted, chosen", {rf"{OFFICE}\{TRUSTED}": {"AllLocationsDisabled": 1}}, "停用了所有受信任位置")
    yield case("nothing trusted, cloud", {rf"{CLOUD}\{TRUSTED}": {"AllLocationsDisabled": 1}}, "停用了所有受信任位置")
    yield case(
        "only the policy's places",
        {rf"{POLICY}\Common\Security\Trusted Locations": {"Allow User Locations": 0}},
        "单位的策略只认它自己定的受信任位置",
    )
    listed = b"\x01\0\0\0" + "C:\\x\\XLSTART\\Gouji.xlam".encode("utf-16-le")
    yield case("disabled", {rf"{OFFICE}\Excel\Resiliency\DisabledItems": {"1A2B": listed}}, "列入了禁用项目")
    yield case("Defender by policy", {rf"{DEFENDER}\{RULES}": {CHILDREN: "1"}}, "不许 Office 创建子进程")
    yield case("Defender warns", {rf"{DEFENDER}\{RULES}": {CHILDREN.upper(): "6"}}, "不许 Office 创建子进程")
    yield case(
        "Defender by command",
        {rf"HKLM\SOFTWARE\Microsoft\Windows Defender\{RULES}": {CHILDREN: 1}},
        "不许 Office 创建子进程",
    )
    managed = f"01443614-cd74-433a-b99e-2ecdc07bfc25=1|{CALLS.upper()}=1|{CHILDREN}=2"
    yield case(
        "Defender by management", {rf"{DEFENDER}\Policy Manager": {"ASRRules": managed}}, "不许 Office 宏调用 Win32 API"
    )


@pytest.mark.parametrize(("keys", "said"), list(in_the_registry()))
def test_what_the_registry_gives_away_is_said(
    windows: Computer, keys: Keys, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, found = status(registered(windows, keys), capsys)

    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param({rf"{OFFICE}\Excel\Security": {"VBAWarnings": 4}}, id="trusted macros run at any level"),
        pytest.param({rf"{OFFICE}\Excel\Security": {"RequireAddinSig": 0}}, id="unsigned add-ins allowed"),
        pytest.param(
            {rf"{POLICY}\{TRUSTED}": {"AllLocationsDisabled": 0}, rf"{OFFICE}\{TRUSTED}": {"AllLocationsDisabled": 1}},
            id="the policy counts",
        ),
        pytest.param(
            {rf"{OFFICE}\{TRUSTED}": {"AllLocationsDisabled": 1}, rf"{OFFICE}\Excel\Security": {"VBAWarnings": 1}},
            id="all macros run",
        ),
        pytest.param(
            {r"HKCU\Software\Microsoft\Office\15.0\Excel\Security": {"RequireAddinSig": 1}}, id="another Excel"
        ),
        pytest.param({rf"{DEFENDER}\{RULES}": {CHILDREN: "2", CALLS: "0"}}, id="Defender only watches"),
        pytest.param(
            {rf"{OFFICE}\Excel\Resiliency\DisabledItems": {"1": b"x", "2": "gouji.xlam"}}, id="others disabled"
        ),
        pytest.param(
            {rf"{OFFICE}\Excel\Options": {"OPEN": '"D:\\other-gouji.xlam"', "Font": "gouji.xlam"}}, id="others"
        ),
    ],
)
def test_what_stops_nothing_is_not_said(windows: Computer, keys: Keys, capsys: pytest.CaptureFixture[str]) -> None:
    _, found = status(registered(windows, keys), capsys)

    assert found == []


@pytest.mark.parametrize("level", [3, 4])
def test_the_level_of_security_counts_where_nothing_is_trusted(
    windows: Computer, level: int, capsys: pytest.CaptureFixture[str]
) -> None:
    keys: Keys = {
        rf"{POLICY}\{TRUSTED}": {"AllLocationsDisabled": 1},
        rf"{POLICY}\Excel\Security": {"VBAWarnings": level},
    }

    _, found = status(registered(windows, keys), capsys)

    assert [f"VBAWarnings={level}" in line for line in found] == [False, True]


def test_the_number_of_excel_leads_to_its_settings(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    older: Keys = {
        CURRENT: {"": "Excel.Application.15"},
        r"HKCU\Software\Microsoft\Office\15.0\Excel\Security": {"RequireAddinSig": 1},
    }

    _, found = status(registered(windows, older), capsys)

    assert len(found) == 1


def test_install_says_at_once_what_is_in_the_way(windows: Computer, capsys: pytest.CaptureFixture[str]) -> None:
    on = registered(windows, {rf"{POLICY}\Excel\Security": {"RequireAddinSig": 1}})

    assert cli.main(["install"], lambda: on) == 1

    assert "只许加载有签名的加载项" in capsys.readouterr().out


def test_the_registry_is_read_by_key_and_value(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Key:
        def __enter__(self) -> "Key":
            return self

        def __exit__(self, *_: object) -> None: ...

    def opened(root: str, path: str, _: int, access: int) -> Key:
        asked.append((root, path, access))
        if path != r"Software\There":
            raise FileNotFoundError(2, path)
        return Key()

    values = [("", "own", 1), ("VBAWarnings", 4, 4)]
    winreg = SimpleNamespace(
        HKEY_CLASSES_ROOT="classes",
        HKEY_CURRENT_USER="user",
        HKEY_LOCAL_MACHINE="machine",
        KEY_READ=1,
        KEY_WOW64_64KEY=2,
        OpenKey=opened,
        QueryInfoKey=lambda _: (0, len(values), 0),
        EnumValue=lambda _, place: values[place],
    )
    monkeypatch.setitem(sys.modules, "winreg", winreg)
    monkeypatch.setattr(sys, "platform", "win32")

    assert registry.values(r"HKCU\Software\There") == {"": "own", "vbawarnings": 4}
    assert registry.values(r"HKLM\Software\Gone") == {}
    assert asked == [("user", r"Software\There", 3), ("machine", r"Software\Gone", 3)]


def test_without_a_registry_there_are_no_values() -> None:
    assert registry.values(r"HKCU\Software") == {}
