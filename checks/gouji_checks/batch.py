"""Many files, several processes or any other executor, constant memory: results come back in the order of the files."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import parent_process
from threading import Thread
from typing import TypeVar

from gouji_checks.single import Options, Result, check_file

R = TypeVar("R")

CHUNK = 16
"""Files handed to a process at a time: enough that handing over costs nothing beside checking."""

WORTH_A_PROCESS = 2 * CHUNK
"""Fewer files than this are done before a second process has started."""

MOST_AHEAD = 64
"""Chunks under way on an executor, which does not say how many it works on at a time: a thousand files."""

Work = Callable[[list[str]], list[R]]
"""What is done to a chunk of files, a result for each; another process must be able to import it."""


def check_files(
    paths: Iterable[str], options: Options, jobs: int = 0, executor: Executor | None = None
) -> Iterator[Result]:
    """The result for each file, in order, as `in_order` goes about it."""
    return in_order(partial(_check_chunk, options=options), paths, jobs, executor)


def in_order(work: Work[R], paths: Iterable[str], jobs: int = 0, executor: Executor | None = None) -> Iterator[R]:
    """What `work` makes of each file, in order. `jobs` processes, 0 for as many as there are processors; or, given any
    executor, all of it there."""
    chunks = _chunks(paths)
    if executor is not None:
        yield from _spread(executor, chunks, work, MOST_AHEAD)
        return
    first = next(chunks, [])
    second = next(chunks, [])
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1 or len(first) + len(second) < WORTH_A_PROCESS:
        for chunk in (first, second, *chunks):
            yield from work(chunk)
        return
    with ProcessPoolExecutor(jobs, initializer=_mortal) as pool:
        yield from _spread(pool, _back([first, second], chunks), work, jobs * 3)


def _mortal() -> None:
    """Ends this process with the one that started it: nobody tells workers that it was killed, and they would wait for
    more to do for ever."""
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        # Ends all threads at once; a worker has nothing to put away.
        os._exit(1)


def _spread(pool: Executor, chunks: Iterator[list[str]], work: Work[R], ahead: int) -> Iterator[R]:
    """Keep `ahead` chunks under way, so that memory does not grow with the number of files."""
    waiting: deque[Future[list[R]]] = deque(pool.submit(work, chunk) for chunk in islice(chunks, ahead))
    while waiting:
        results = waiting.popleft().result()
        waiting += [pool.submit(work, chunk) for chunk in islice(chunks, 1)]
        yield from results


def _back(taken: list[list[str]], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield from taken
    yield from rest


def _chunks(paths: Iterable[str]) -> Iterator[list[str]]:
    paths = iter(paths)
    while chunk := list(islice(paths, CHUNK)):
        yield chunk


def _check_chunk(paths: list[str], options: Options) -> list[Result]:
    return [check_file(path, options) for path in paths]
