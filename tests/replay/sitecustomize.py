"""Excel for a process that RunPython starts: from a folder on PYTHONPATH, Python imports this before anything else.

REPLAY_OPEN names the workbook that is open. When the process ends, REPLAY_SAVED, if set, is what was made of it, and
REPLAY_TOLD holds the message boxes and what Excel took, in seconds: opening the workbook, and every call that reached
it. Excel is a process of its own, so none of that is the button's.
"""

# What is imported here the button does not import: only what Python has at hand anyway.
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class _Clock:
    """Seconds on the clock and of the processor, from outside Excel until back outside."""

    def __init__(self) -> None:
        self.spent = {"wall": 0.0, "cpu": 0.0}
        self._inside = False

    def timed(self, work: "Callable[..., Any]") -> "Callable[..., Any]":
        def called(*args: object, **options: object) -> object:
            if self._inside:
                return work(*args, **options)
            self._inside = True
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                return work(*args, **options)
            finally:
                self.spent["wall"] += time.perf_counter() - wall
                self.spent["cpu"] += time.process_time() - cpu
                self._inside = False

        return called

    def members(self, kind: type) -> None:
        """Times all that can be called or asked of a class."""
        for name, member in list(vars(kind).items()):
            if isinstance(member, property):
                get, put = (part and self.timed(part) for part in (member.fget, member.fset))
                setattr(kind, name, property(get, put))
            elif isinstance(member, type(_opened)):
                setattr(kind, name, self.timed(member))


class _Starting:
    """An engine that becomes the Excel for tests when first used: by then the button has imported what it needs, so
    that none of it is taken for a part of Excel."""

    name = "openpyxl"
    type = "desktop"

    @property
    def apps(self) -> "Any":
        clock = _Clock()
        return clock.timed(_opened)(clock)


def _opened(clock: _Clock) -> "Any":
    import atexit
    import ctypes
    import gc
    from pathlib import Path

    from tests.excel import Excel

    ours = [module for name, module in sys.modules.items() if name.startswith("tests.excel")]
    for kind in {kind for module in ours for kind in vars(module).values() if isinstance(kind, type)}:
        # What xlwings itself calls.
        if kind.__module__.startswith("tests.") and kind.__base__.__module__ == "xlwings.base_classes":
            clock.members(kind)
    running = Excel()
    book = running.open(Path(os.environ["REPLAY_OPEN"]))
    atexit.register(_tell, running, book, clock)
    # Excel outlives the button, which neither tidies up its memory nor searches it.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(running))
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(book.impl))
    gc.freeze()
    return running.engine.impl.apps


def _tell(running: "Any", book: "Any", clock: _Clock) -> None:
    import json

    with open(os.environ["REPLAY_TOLD"], "w", encoding="utf-8") as file:
        json.dump({"messages": running.messages, "spent": clock.spent}, file, ensure_ascii=False)
    if "REPLAY_SAVED" in os.environ:
        book.impl.content.save(os.environ["REPLAY_SAVED"])


class _Buttons:
    """Makes that engine the active one when the buttons are imported, after xlwings, and finds nothing itself."""

    def find_spec(self, fullname: str, *_: object) -> None:
        if fullname == "gouji_addin.buttons":
            import xlwings as xw

            xw.Engine(impl=_Starting()).activate()


sys.meta_path.insert(0, _Buttons())
