"""Records kept from one run to the next, by what the workbook holds: one file, safe to share, never in the way."""

import contextlib
import json
import os
import sqlite3
import sys
import zlib
from pathlib import Path
from typing import Protocol

from gouji_checks.summary.figures import Main
from gouji_checks.summary.record import Record

FILE = "汇总.sqlite"
MOST_KEPT = 50_000
"""The oldest records go beyond this number: about a fiftieth of a gigabyte for every thousand with many findings."""

_COMMIT_EVERY = 32
"""Records lost at most when a run is cut off."""

_PATIENCE = 5.0
"""Seconds to wait for another run that is writing."""


class Store(Protocol):
    """Where records are kept by key; whatever is wrong with it, a record is only not found."""

    def get(self, key: str) -> Record | None: ...

    def put(self, key: str, record: Record) -> None: ...

    def close(self) -> None: ...


class Nothing:
    """Keeps no record."""

    def get(self, key: str) -> Record | None:  # noqa: ARG002
        return None

    def put(self, key: str, record: Record) -> None:
        pass

    def close(self) -> None:
        pass


class Kept:
    """Records in a SQLite file; a damaged file is made anew, one that can't be written is done without."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database: sqlite3.Connection | None = None
        self._new: dict[str, bytes] = {}
        """Not yet in the file: it is held for no longer than a few records take, for other runs want it too."""
        self._open()

    def get(self, key: str) -> Record | None:
        """The record with this key, None if there is none or it is damaged."""
        rows = self._run("SELECT record FROM records WHERE key = ?", key)
        data = self._new.get(key) or (rows[0][0] if rows else None)
        try:
            return _unpacked(data) if data else None
        except (zlib.error, ValueError, TypeError):
            return None

    def put(self, key: str, record: Record) -> None:
        """Keeps a record; it is safe on the disk a few records later."""
        self._new[key] = _packed(record)
        if len(self._new) >= _COMMIT_EVERY:
            self._write()

    def close(self) -> None:
        """Puts away what is new and lets go of what is oldest."""
        self._write()
        if self._database is not None:
            self._database.close()
            self._database = None

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path, timeout=_PATIENCE)
            self._database.execute("CREATE TABLE IF NOT EXISTS records (key TEXT UNIQUE NOT NULL, record BLOB)")
        except sqlite3.OperationalError:
            self._give_up()
        except sqlite3.DatabaseError:
            self._rebuild()
        except OSError:
            self._give_up()

    def _run(self, statement: str, *values: object) -> list[tuple[bytes]]:
        """The rows that a statement gives; none where the file is at fault."""
        if self._database is None:
            return []
        try:
            return self._database.execute(statement, values).fetchall()
        except sqlite3.OperationalError:
            self._give_up()
        except sqlite3.DatabaseError:
            self._rebuild()
        return []

    def _write(self) -> None:
        """Puts what is new into the file."""
        for key, data in self._new.items():
            self._run("INSERT OR REPLACE INTO records VALUES (?, ?)", key, data)
        if self._new:
            self._run("DELETE FROM records WHERE rowid <= (SELECT max(rowid) FROM records) - ?", MOST_KEPT)
        self._new.clear()
        if self._database is not None:
            try:
                self._database.commit()
            except sqlite3.Error:
                self._give_up()

    def _rebuild(self) -> None:
        """Begins again with an empty file."""
        self._give_up()
        try:
            self._path.unlink()
        except OSError:
            return
        with contextlib.suppress(sqlite3.Error):
            self._database = sqlite3.connect(self._path, timeout=_PATIENCE)
            self._database.execute("CREATE TABLE records (key TEXT UNIQUE NOT NULL, record BLOB)")

    def _give_up(self) -> None:
        """Goes on without: what is kept saves time, nothing else depends on it."""
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None


def _packed(record: Record) -> bytes:
    return zlib.compress(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def _unpacked(data: bytes) -> Record:
    record = Record(*json.loads(zlib.decompress(data)))
    return record._replace(figures={id: Main(*main) for id, main in record.figures.items()})


def default_folder() -> Path:
    """Where a user's programs keep what they can do without."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "gouji" / "cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "gouji"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "gouji"
