"""The macros of a workbook file, run in a LibreOffice of their own."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests import office
from tests.needs import required

_SCRIPT = """\
import json, sys
from office_server import Server, _options, uno
profile, project, macro, calls, *paths = sys.argv[1:]
server = Server("soffice", profile)
try:
    # What is hidden has no view, which Range.End asks for.
    shown = {} if paths[1:] else {"Hidden": True}
    allowed = _options(MacroExecutionMode=4, FilterName="Calc MS Excel 2007 VBA XML", **shown)
    documents = [
        server.desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, () if number else allowed)
        for number, path in enumerate(paths)
    ]
    library = documents[0].BasicLibraries.getByName(project)
    modules = {name: library.getByName(name) for name in library.ElementNames}
    place = f"vnd.sun.star.script:{project}.{macro}?language=Basic&location=document"
    script = documents[0].ScriptProvider.getScript(place)
    answers = [script.invoke(tuple(arguments), (), ())[0] for arguments in json.loads(calls)]
    # LibreOffice crashes when a script outlives its document.
    del script, library
    for document in documents:
        document.close(True)
finally:
    server.stop()
print(json.dumps([modules, answers]))
"""
"""Under the system's Python."""


class Ran(NamedTuple):
    """The sources of a workbook's modules by name, and what its macro returned, call by call."""

    modules: dict[str, str]
    answers: list[object]


def run(path: Path, project: str, macro: str, *calls: Sequence[str], beside: Path | None = None) -> Ran:
    """Calls a macro, named as Module.Procedure, with these arguments, while a workbook `beside` it may be open too."""
    required(office.missing())
    arguments = [str(path.parent), project, macro, json.dumps(calls), str(path), *([str(beside)] if beside else [])]
    found = subprocess.run(
        [office.SYSTEM_PYTHON, "-c", _SCRIPT, *arguments],
        env=os.environ | {"PYTHONPATH": str(Path(office.__file__).parent), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=office.START + office.ANSWER,
        check=False,
        start_new_session=True,
    )
    assert found.returncode == 0, found.stderr
    return Ran(*json.loads(found.stdout))
