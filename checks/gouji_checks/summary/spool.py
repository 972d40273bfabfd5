"""Records put aside on the disk while the files are gone through, to be read again when the sheets are written."""

import pickle
import tempfile
from collections.abc import Collection, Iterator
from types import TracebackType

from gouji_checks.summary.record import Record


class Spool:
    """Records in the order in which they came; gone when it is closed. Nobody else can write the file."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="gouji-")  # noqa: SIM115
        self._places: list[int] = []

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, record: Record) -> None:
        """Puts a record behind the others."""
        self._places.append(self._file.seek(0, 2))
        pickle.dump(record, self._file, pickle.HIGHEST_PROTOCOL)

    def read(self, numbers: Collection[int]) -> Iterator[Record]:
        """The records of these numbers, counted from 0, in the order asked for."""
        for number in numbers:
            self._file.seek(self._places[number])
            record: Record = pickle.load(self._file)
            yield record
