"""The log file in which a fault of ours, or a refusal of Excel's, is kept for whoever has to find it."""

import os
import sys
import traceback
from datetime import datetime
from pathlib import Path

from gouji_templates import __version__

MOST_BYTES = 500_000
"""A log that has grown beyond this is kept once, as gouji.old.log, and begun anew."""


def log_file() -> Path:
    """Where the log is kept: among the data that this user's programs keep on this machine.

    Raises RuntimeError if the user has no home.
    """
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "gouji" / "gouji.log"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Logs" / "gouji" / "gouji.log"
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "gouji" / "gouji.log"


def record(error: BaseException, button: str, book: str) -> Path | None:
    """Adds an error with its traceback to the log; returns where, or None if it can't be kept."""
    entry = (
        f"{datetime.now():%Y-%m-%d %H:%M:%S} gouji {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n"
        f"button: {button}, workbook: {book}\n{''.join(traceback.format_exception(error))}\n"
    )
    try:
        path = log_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MOST_BYTES:
            path.replace(path.with_name("gouji.old.log"))
        # A file's name may hold what no text can.
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(entry)
    except (OSError, RuntimeError):
        return None
    return path
