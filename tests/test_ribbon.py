"""The ribbon and its callback, as the text they are kept as."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from gouji_addin.ribbon_check import ICONS, NAMESPACE, RIBBON, callbacks_in, problems, tags_in

MODULE = RIBBON.parents[1] / "vba" / "Gouji.bas"

BUTTON = f"{{{NAMESPACE}}}button"

TAGS = {"validate", "fill", "restore", "compare", "clear_marks", "new_template", "help"}

GOOD = f"""<customUI xmlns="{NAMESPACE}"><ribbon><tabs><tab id="t" label="表" keytip="J1"><group id="g" label="组">
<button id="a" tag="fill" label="甲" size="large" keytip="J" imageMso="FillDown" onAction="GoujiOnAction"
 screentip="短" supertip="长"/>
<button id="b" tag="help" label="乙" keytip="QQ" imageMso="Help" onAction="GoujiOnAction" screentip="短" supertip="长"/>
</group></tab></tabs></ribbon></customUI>"""
"""A ribbon with nothing wrong, for the cases to break."""


def broken() -> Iterator[tuple[str, str, str]]:
    """A piece of the good ribbon, what takes its place, and the problem that makes."""
    yield "</tabs>", "", "not well-formed: mismatched tag: line 5, column 16"
    yield "2009/07", "2006/01", f"not {{{NAMESPACE}}}customUI"
    yield "<customUI", "<x", "not well-formed"
    yield "<ribbon>", "<ribbon><backstage/>", "unknown element backstage"
    yield "<ribbon>", '<ribbon><tabs xmlns=""/>', "unknown element tabs of another namespace"
    yield "<ribbon>", '<ribbon><tabs xmlns="x"/>', "unknown element {x}tabs of another namespace"
    yield "</group>", "<group id='h' label='组'/></group>", "group h: stands in group, not in tab"
    yield "</group>", "字</group>", "group g: holds text"
    yield 'label="组">', 'label="组">字', "group g: holds text"
    yield '<group id="g"', '<group id="a"', "id a stands more than once"
    yield 'size="large"', 'colour="red"', "button a: unknown attribute colour"
    yield 'id="t"', 'id="t" supertip="长"', "tab t: unknown attribute supertip"
    yield 'size="large"', 'Size="large"', "button a: unknown attribute Size"
    yield ' id="g"', "", "group: no id"
    yield ' label="表"', "", "tab t: no label"
    yield ' label="组"', "", "group g: no label"
    for name, value in (("label", "甲"), ("tag", "fill"), ("imageMso", "FillDown")):
        yield f' {name}="{value}"', "", f"button a: no {name}"
    for name, value in (("onAction", "GoujiOnAction"), ("screentip", "短"), ("supertip", "长")):
        yield f' {name}="{value}"', "", f"button a: no {name}"
    yield 'id="a"', 'id="a" idMso="Copy"', "button a: has id and idMso, which exclude each other"
    yield 'size="large"', 'image="x"', "button a: has image and imageMso, which exclude each other"
    yield 'size="large"', 'getImage="GoujiOnAction"', "button a: has imageMso and getImage, which exclude each other"
    yield 'size="large"', 'getLabel="GoujiOnAction"', "button a: has label and getLabel, which exclude each other"
    yield (
        'id="t"',
        'id="t" insertAfterMso="TabData" insertBeforeMso="TabView"',
        "tab t: has insertAfterMso and insertBeforeMso, which exclude each other",
    )
    yield 'label="甲"', 'label=""', "button a: label is empty"
    yield 'label="甲"', f'label="{"甲" * 1025}"', "button a: label has 1025 characters, more than 1024"
    yield 'screentip="短"', f'screentip="{"短" * 1025}"', "button a: screentip has 1025 characters, more than 1024"
    yield 'supertip="长"', f'supertip="{"长" * 1025}"', "button a: supertip has 1025 characters, more than 1024"
    yield 'size="large"', f'description="{"长" * 4097}"', "button a: description has 4097 characters, more than 4096"
    yield 'keytip="J"', 'keytip="JKLM"', "button a: keytip has 4 characters, more than 3"
    yield 'keytip="J"', 'keytip="J K"', "button a: keytip cannot be 'J K'"
    yield 'size="large"', 'size="huge"', "button a: size cannot be 'huge'"
    yield 'size="large"', 'enabled="yes"', "button a: enabled cannot be 'yes'"
    yield "<ribbon>", '<ribbon startFromScratch="no">', "ribbon: startFromScratch cannot be 'no'"
    yield 'id="t"', 'id="1 t"', "tab 1 t: id cannot be '1 t'"
    yield 'size="large"', 'idMso="Cop y"', "button a: idMso cannot be 'Cop y'"
    yield 'onAction="GoujiOnAction"', 'onAction="OnClick"', "button a: onAction names 'OnClick', which is no procedure"
    yield 'size="large"', 'getEnabled="Ready"', "button a: getEnabled names 'Ready', which is no procedure"
    yield "<customUI", '<customUI onLoad="Loaded"', "customUI: onLoad names 'Loaded', which is no procedure"
    yield "<customUI", '<customUI loadImage="Load"', "customUI: loadImage names 'Load', which is no procedure"
    yield 'tag="fill"', 'tag="format"', "button a: tag 'format' is none that the procedure accepts"
    yield '"FillDown"', '"FillUp"', "button a: imageMso 'FillUp' is not in the list of icons"
    yield 'keytip="QQ"', 'keytip="j"', "button b: keytip J is hidden by J of button a"
    yield 'keytip="QQ"', 'keytip="JQ"', "button b: keytip JQ is hidden by J of button a"


@pytest.fixture(scope="module")
def vba() -> str:
    return MODULE.read_text("ascii")


@pytest.fixture(scope="module")
def ribbon() -> ElementTree.Element:
    return ElementTree.fromstring(RIBBON.read_bytes())


def test_the_ribbon_has_no_problem(vba: str) -> None:
    assert problems(RIBBON.read_bytes(), callbacks_in(vba), tags_in(vba)) == []


def test_the_ribbon_that_the_cases_break_has_no_problem() -> None:
    assert problems(GOOD.encode(), {"GoujiOnAction"}, TAGS) == []


@pytest.mark.parametrize(("piece", "instead", "problem"), list(broken()))
def test_what_is_broken_is_found(piece: str, instead: str, problem: str) -> None:
    xml = GOOD.replace(piece, instead, 1)

    found = problems(xml.encode(), {"GoujiOnAction"}, TAGS)

    assert xml != GOOD
    assert any(problem in one for one in found), found


@pytest.mark.parametrize("name", ["label", "screentip", "supertip"])
def test_the_longest_text_allowed_is_no_problem(name: str) -> None:
    xml = re.sub(f'(<button [^>]*{name}=")', lambda found: found[1] + "字" * 1023, GOOD, count=1)

    assert problems(xml.encode(), {"GoujiOnAction"}, TAGS) == []


def test_one_problem_does_not_hide_another() -> None:
    xml = GOOD.replace('"FillDown"', '"FillUp"').replace('"J1"', '"LONG"').replace('tag="help"', 'tag="format"')

    assert len(problems(xml.encode(), {"GoujiOnAction"}, TAGS)) == 3


def test_every_tag_has_one_button_and_every_button_a_tag(vba: str, ribbon: ElementTree.Element) -> None:
    tags = [button.get("tag", "") for button in ribbon.iter(BUTTON)]

    assert sorted(tags) == sorted(TAGS)
    assert tags_in(vba) == TAGS


def test_buttons_differ_in_what_they_show(ribbon: ElementTree.Element) -> None:
    buttons = list(ribbon.iter(BUTTON))

    for name in ("label", "imageMso", "keytip", "screentip", "supertip"):
        assert len({button.get(name) for button in buttons}) == len(buttons), name


def test_a_file_keeps_the_icons_one_to_a_line() -> None:
    lines = RIBBON.with_name("icons.txt").read_text("ascii").splitlines()

    assert lines == sorted(ICONS)
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+", line) for line in lines)


def test_callbacks_are_the_public_procedures_that_take_a_control() -> None:
    declared = """
Public Sub One(control As IRibbonControl)
Sub Two(ByVal control As IRibbonControl)
sub three(control as IRibbonControl)
Private Sub Hidden(control As IRibbonControl)
Public Function Answer(control As IRibbonControl)
Public Sub Other(text As String)
' Public Sub Gone(control As IRibbonControl)
"""

    assert callbacks_in(declared) == {"One", "Two", "three"}


def test_tags_are_the_texts_of_case_lines() -> None:
    assert tags_in('Case "a", "b"\r\nCase Else\n    case "c"\n\' Case "d"\nx = "e"\n') == {"a", "b", "c"}


def test_the_module_declares_the_callback_and_is_named_like_its_file(vba: str) -> None:
    assert callbacks_in(vba) == {"GoujiOnAction"}
    assert vba.startswith(f'Attribute VB_Name = "{MODULE.stem}"\n')
    assert "\nOption Explicit\n" in vba


def test_blocks_of_the_module_are_closed(vba: str) -> None:
    code = re.sub(r"^\s*'.*$", "", vba, flags=re.M)

    for kind in ("Sub", "Function"):
        opened = re.findall(rf"^(?:Public |Private )?{kind} ", code, re.M)
        assert len(opened) == len(re.findall(rf"^End {kind}$", code, re.M)) > 0, kind
    assert len(re.findall(r"^\s*If .* Then$", code, re.M)) == len(re.findall(r"^\s*End If$", code, re.M)) > 0
    assert len(re.findall(r"^\s*Select Case ", code, re.M)) == len(re.findall(r"^\s*End Select$", code, re.M)) > 0
    assert len(re.findall(r"^\s*For ", code, re.M)) == len(re.findall(r"^\s*Next ", code, re.M)) > 0


def test_lines_of_the_module_are_such_as_vba_takes(vba: str) -> None:
    assert max(map(len, vba.split("\n"))) <= 1023
    assert "\t" not in vba
    assert "\r" not in vba
