"""The record of every file, in order: from an earlier run where it is known, the others as `batch` goes about it."""

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor
from functools import cache, partial
from itertools import chain
from typing import NamedTuple

from gouji_checks.batch import in_order
from gouji_checks.single import Options
from gouji_checks.summary.digests import held, last_year
from gouji_checks.summary.program import identity
from gouji_checks.summary.record import Record, record_of
from gouji_checks.summary.store import Store


class OtherProgramError(Exception):
    """A worker runs another gouji, or has other declarations or workbooks of last year, than the one that asked it."""


class _Made(NamedTuple):
    """A record and what the file held when it was read."""

    digest: str
    record: Record


class _Waiting(NamedTuple):
    """A file whose turn has not come; `known` says that the store has it."""

    path: str
    key: str
    known: bool


def records(
    paths: Iterable[str], options: Options, store: Store, jobs: int = 0, executor: Executor | None = None
) -> Generator[tuple[str, Record], None, None]:
    """Each path with its record, in order. What is new is stored as it comes, so that a run cut off can be taken up
    again. Raises OtherProgramError if a worker of the executor is not of one mind with this process."""
    program = identity(options)
    left = iter(paths)

    # The same all through the run.
    looked_for = cache(partial(last_year, options))

    def key_of(path: str) -> str:
        digest = held(path)
        return f"{program} {digest}" if digest else ""

    def stands(record: Record) -> bool:
        """Whether the record's last year is what it was."""
        return not record.last_year or record.last_year == looked_for(*record.last_year[:3])

    def kept(key: str) -> Record | None:
        record = store.get(key) if key else None
        return record if record and stands(record) else None

    first: list[_Waiting] = []
    for path in left:
        key = key_of(path)
        record = kept(key)
        if record is None:
            first.append(_Waiting(path, key, known=False))
            break
        yield path, record
    waiting: deque[_Waiting] = deque()

    def look(path: str) -> _Waiting:
        key = key_of(path)
        return _Waiting(path, key, kept(key) is not None)

    def unknown() -> Iterator[str]:
        for each in chain(first, map(look, left)):
            waiting.append(each)
            if not each.known:
                # A worker may have another working folder.
                yield os.path.abspath(each.path)

    def settled() -> Iterator[tuple[str, Record]]:
        while waiting and waiting[0].known:
            path, key, _ = waiting.popleft()
            # Another run may have let go of it meanwhile.
            yield path, kept(key) or record_of(path, options)

    work = partial(_make, options=options, program=program)
    for made in in_order(work, unknown(), jobs, executor):
        yield from settled()
        path, key, _ = waiting.popleft()
        ours = stands(made.record)
        if executor and not ours:
            raise OtherProgramError
        # A file that changed on the way is not what its key says.
        if ours and key and key == f"{program} {made.digest}":
            store.put(key, made.record)
        yield path, made.record
    yield from settled()


def _make(paths: list[str], options: Options, program: str) -> list[_Made]:
    if identity(options) != program:
        raise OtherProgramError
    return [_Made(held(path), record_of(path, options)) for path in paths]
