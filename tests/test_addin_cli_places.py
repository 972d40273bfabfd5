"""gouji-addin status: of the places that may say a thing, the first that says it counts, and none is left out."""

from pathlib import Path

import pytest

from gouji_addin import xlam
from gouji_addin.computer import Computer
from tests.computers import APP_PATH, EXCEL, PYTHON, Keys, registered, status

PLACES = (
    r"HKCU\Software\Policies\Microsoft\Cloud\Office\16.0",
    r"HKCU\Software\Policies\Microsoft\Office\16.0",
    r"HKLM\Software\Policies\Microsoft\Office\16.0",
    r"HKCU\Software\Microsoft\Office\16.0",
    r"HKLM\Software\Microsoft\Office\16.0",
)
"""As Office reads them: cloud policy, group policy for the user and the machine, what the user chose, the set-up."""


@pytest.mark.parametrize("first", range(len(PLACES)), ids=PLACES)
@pytest.mark.parametrize("signed", [0, 1])
def test_the_first_place_that_says_it_counts(
    windows: Computer, first: int, signed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    keys: Keys = {
        rf"{place}\Excel\Security": {"RequireAddinSig": signed if number == first else 1 - signed}
        for number, place in enumerate(PLACES)
        if number >= first
    }

    _, found = status(registered(windows, keys), capsys)

    assert ["只许加载有签名的加载项" in line for line in found] == [True] * signed


@pytest.mark.parametrize("value", [EXCEL, f'"{EXCEL}"'])
def test_an_excel_set_up_for_the_user_alone_is_one(
    windows: Computer, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keys: Keys = {APP_PATH: {}, APP_PATH.replace("HKLM", "HKCU"): {"": value}}

    assert status(registered(windows, keys), capsys)[1] == []


@pytest.mark.parametrize(("zone", "said"), [("0", 0), ("2", 0), ("3", 1), ("4", 1), ("", 0)])
def test_the_internet_and_what_is_worse_are_not_trusted(
    windows: Computer, zone: str, said: int, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(f"{windows.add_in}:Zone.Identifier").write_text(f"[ZoneTransfer]\r\nZoneId={zone}\r\n")

    _, found = status(windows, capsys)

    assert ["带着“来自互联网”的标记" in line for line in found] == [True] * said


@pytest.mark.parametrize("version", ["0.0.1", "99.0.0"])
def test_an_add_in_older_or_newer_than_gouji_is_said(
    windows: Computer, version: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(xlam, "__version__", version)
        windows.add_in.write_bytes(xlam.build({"INTERPRETER_WIN": PYTHON}))

    _, found = status(windows, capsys)

    assert [f"加载项是 {version} 版" in line for line in found] == [True]
