"""The command line by which a button of the ribbon starts Python, put together by the text of our VBA itself."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from gouji_addin.ribbon_check import RIBBON
from gouji_addin.xlwings_vba import modules

ROOT = Path(__file__).parents[1]
CALLBACKS = RIBBON.parents[1] / "vba" / "Gouji.bas"

_PART = re.compile(r'"((?:[^"]|"")*)"|([A-Za-z][\w.]*(?:\("\w+"\)|\(\d+\))?)|[&\s]+')


class Replay(NamedTuple):
    """How a replay ended: exit code, what RunPython would show, message boxes, and seconds that Excel took of it."""

    code: int
    shown: str
    messages: list[tuple[str, str]]
    spent: dict[str, float]


def command(button: str, name: str, interpreter: str, log: str) -> str:
    """What the shell gets to run when the button is clicked and a workbook of this name is in front."""
    xlwings = modules()[0].source.replace(" _\n", " ")
    values = {
        "button": button,
        "AddExcelDir": "false",
        **dict.fromkeys(["ActiveFullName", "ThisFullName", "CondaCmd", "DriveCommand"], ""),
        "PythonInterpreter": f'"{interpreter}"',
        "ActiveWorkbook.Name": name,
        "LOG_FILE": log,
        'Environ("ComSpec")': "",
        "Application.Path": "C:\\Program Files\\Microsoft Office",
        "Application.Name": "Microsoft Excel",
        "Application.Hwnd": "132456",
        "Chr(34)": '"',
    }
    code = re.search(r'RunPython (".+)', CALLBACKS.read_text("ascii"))
    paths = re.search(r"#Else\n +PYTHONPATH = (AddExcelDir .+)", xlwings)
    python = re.search(r"RunCommand = (CondaCmd & PythonInterpreter .+)", xlwings)
    whole = re.search(r"WScript\.Run\((.+), +WindowStyle", xlwings)
    assert code
    assert paths
    assert python
    assert whole
    values["PythonCommand"] = evaluated(code[1], values)
    values["PYTHONPATH"] = evaluated(paths[1], values)
    values["RunCommand"] = evaluated(python[1], values)
    return evaluated(whole[1], values).removeprefix(" /C ")


def evaluated(expression: str, values: Mapping[str, str]) -> str:
    """Texts and names joined by ampersands, as VBA joins them; no setting is set."""
    text, place = "", 0
    while place < len(expression):
        part = _PART.match(expression, place)
        if part is None:
            raise NotImplementedError(expression[place:])
        if part[1] is not None:
            text += part[1].replace('""', '"')
        elif part[2]:
            text += "" if part[2].startswith("GetConfig(") else values[part[2]]
        place = part.end()
    return text


def replay(button: str, opened: Path, folder: Path, saved: Path | None = None, name: str = "") -> Replay:
    """Click a button with this workbook open, or one of another name in front that is closed at once.

    `folder` takes what is left behind. The shell is not Windows', but reads the quotes of this line in the same way.
    """
    log, told = folder / "xlwings.log", folder / "told.json"
    told.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "replay"), str(ROOT)]),
        "XDG_STATE_HOME": str(folder),
        "REPLAY_OPEN": str(opened),
        "REPLAY_TOLD": str(told),
        **({"REPLAY_SAVED": str(saved)} if saved else {}),
    }
    line = command(button, name or opened.name, sys.executable, str(log))
    done = subprocess.run(line, shell=True, env=environment, cwd=folder, check=False)
    left = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {"messages": [], "spent": {}}
    messages = [(title, text) for title, text in left["messages"]]
    return Replay(done.returncode, log.read_text(encoding="utf-8"), messages, left["spent"])
