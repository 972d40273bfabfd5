"""Records put aside on the disk while the files are gone through, to be read again when the sheets are written."""

import pickle
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType

from gouji_checks.summary.record import Record
from gouji_templates.system_error import cause


class SpoolError(Exception):
    """The system's folder for temporary files can't be written to; str() is a Chinese sentence."""


class Spool:
    """Records in the order in which they came; gone when it is closed. Nobody else can write the file. All of it may
    raise SpoolError."""

    def __init__(self) -> None:
        with _told():
            self._file = tempfile.TemporaryFile(prefix="gouji-")  # noqa: SIM115
        self._places: list[int] = []

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What is still to be written nobody needs.
        with suppress(OSError):
            self._file.close()

    def add(self, record: Record) -> None:
        """Puts a record behind the others."""
        with _told():
            self._places.append(self._file.seek(0, 2))
            pickle.dump(record, self._file, pickle.HIGHEST_PROTOCOL)

    def read(self, numbers: Collection[int]) -> Iterator[Record]:
        """The records of these numbers, counted from 0, in the order asked for."""
        for number in numbers:
            with _told():
                self._file.seek(self._places[number])
                record: Record = pickle.load(self._file)
            yield record


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if tempfile.tempdir is None:
            raise SpoolError("没有能写入的临时文件夹，请检查磁盘空间和 TEMP 或 TMPDIR 指的文件夹") from error
        raise SpoolError(f"不能写入临时文件夹“{tempfile.tempdir}”：{cause(error)}") from error
