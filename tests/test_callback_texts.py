"""What the callback of the buttons says, kept in its source as code points: the very sentences."""

import re
from pathlib import Path

from tests.test_xlam import CALLBACKS, STUB, press

_CONSTANT = re.compile(r'^Private Const (\w+) As String = ((?:[ _\n&]*"[0-9A-F ]*")+)$', re.M)

SENTENCES = {
    "TITLE": "预算公开",
    "INCOMPLETE": "加载项不完整，请重新安装。",
    "NO_WORKBOOK": "请先打开一个工作簿（在受保护的视图里，先点“启用编辑”），再点这个按钮。",
    "BAD_NAME": "文件名里不能有等号（=）或百分号（%）。请改名后再试。",
    "NO_PYTHON": "没有设置要用的 Python，或者设置的 Python 已经不在了。请运行 gouji-addin install，再点这个按钮。",
    "FAILED": "没有完成：",
    "NOT_STARTED": (
        "程序没有启动，可能是 gouji 没有装好，或者升级到一半。"
        "请运行 gouji-addin status 看原因；没有这个命令的，请重新安装 gouji。"
    ),
    "FULL_STOP": "。",
}


def sentences() -> dict[str, str]:
    """The constants of the module, by name, as a person reads them."""
    found = _CONSTANT.findall(CALLBACKS.source)
    points = {name: "".join(re.findall(r'"([^"]*)"', texts)).split() for name, texts in found}
    return {name: "".join(chr(int(point, 16)) for point in each) for name, each in points.items()}


def test_every_text_is_the_sentence_that_it_should_be() -> None:
    assert sentences() == SENTENCES
    assert len(SENTENCES) == CALLBACKS.source.count(" As String = ")
    assert all(re.search(rf"\({name}\)", CALLBACKS.source) for name in SENTENCES)


def test_what_stops_a_button_in_vba_is_said(tmp_path: Path) -> None:
    # A message box would wait for somebody.
    shown = CALLBACKS._replace(source=CALLBACKS.source.replace("MsgBox message, vbExclamation,", "Show message & "))
    failing = STUB.replace("passed = PythonCommand\n", 'Err.Raise 1004, "Excel", "broken"\n')

    answers = press(shown, ["validate", "audit"], tmp_path, failing).answers

    assert answers == ["没有完成：broken预算公开", "加载项不完整，请重新安装。预算公开"]
