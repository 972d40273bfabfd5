"""The record of every file, in order: from an earlier run where it is known, the others as `batch` goes about it."""

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Executor
from functools import partial
from hashlib import sha256
from itertools import chain
from typing import NamedTuple

from gouji_checks.batch import in_order
from gouji_checks.refusal import Refusal
from gouji_checks.single import Options
from gouji_checks.source import contents
from gouji_checks.summary.program import identity
from gouji_checks.summary.record import Record, record_of
from gouji_checks.summary.store import Store


class OtherProgramError(Exception):
    """A worker runs another gouji, or other declarations, than the one that asked it."""


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

    def key_of(path: str) -> str:
        digest = _digest(path)
        return f"{program} {digest}" if digest else ""

    first: list[_Waiting] = []
    for path in left:
        key = key_of(path)
        record = store.get(key) if key else None
        if record is None:
            first.append(_Waiting(path, key, known=False))
            break
        yield path, record
    waiting: deque[_Waiting] = deque()

    def unknown() -> Iterator[str]:
        for each in chain(first, (_look(path, key_of(path), store) for path in left)):
            waiting.append(each)
            if not each.known:
                # A worker may have another working folder.
                yield os.path.abspath(each.path)

    def settled() -> Iterator[tuple[str, Record]]:
        while waiting and waiting[0].known:
            path, key, _ = waiting.popleft()
            # Another run may have let go of it meanwhile.
            yield path, store.get(key) or record_of(path, options)

    work = partial(_make, options=options, program=program)
    for made in in_order(work, unknown(), jobs, executor):
        yield from settled()
        path, key, _ = waiting.popleft()
        # A file that changed on the way is not what its key says.
        if key and key == f"{program} {made.digest}":
            store.put(key, made.record)
        yield path, made.record
    yield from settled()


def _look(path: str, key: str, store: Store) -> _Waiting:
    return _Waiting(path, key, bool(key) and store.get(key) is not None)


def _make(paths: list[str], options: Options, program: str) -> list[_Made]:
    if identity(options) != program:
        raise OtherProgramError
    return [_Made(_digest(path), record_of(path, options)) for path in paths]


def _digest(path: str) -> str:
    """What the file holds, and how its name ends, on which its reading depends; nothing for one not to be read."""
    name = os.path.basename(path)
    try:
        return sha256(contents(path, name)).hexdigest() + os.path.splitext(name)[1].lower()
    except Refusal:
        return ""
