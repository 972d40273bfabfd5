"""What the READMEs say of the add-in: every button, every module, one checklist in two languages."""

import re
from pathlib import Path

import pytest

from gouji_addin.ribbon_check import RIBBON
from gouji_addin.ribbon_tab import tab

PACKAGE = RIBBON.parents[1]
ADDIN = PACKAGE.parent / "README.md"
ENGLISH = ADDIN.parents[1] / "README.md"
CHINESE = ENGLISH.with_name("README.zh-CN.md")

_STEP = re.compile(r"^(\d+)\. ", re.M)


@pytest.mark.parametrize("readme", [ENGLISH, CHINESE], ids=lambda path: path.name)
def test_every_button_has_its_line(readme: Path) -> None:
    described = re.findall(r"^\| (\S+) \| .+ \|$", readme.read_text(encoding="utf-8"), re.M)

    labels = [button.label for group in tab().groups for button in group.buttons]
    assert [label for label in described if label in labels] == labels


def test_every_module_of_the_add_in_has_its_place() -> None:
    named = set(re.findall(r"`(\w+)\.py`", ADDIN.read_text(encoding="utf-8")))

    assert named == {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}


def test_the_checklist_is_the_same_in_both_languages() -> None:
    english = ADDIN.read_text(encoding="utf-8").partition("## What was not verified")[2]
    chinese = CHINESE.read_text(encoding="utf-8").partition("### 首次使用清单")[2].partition("\n## ")[0]

    steps = _STEP.findall(english)
    assert steps == _STEP.findall(chinese) == [str(number) for number in range(1, len(steps) + 1)]
    assert len(steps) > 10
