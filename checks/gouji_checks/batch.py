"""Many files, several processes, constant memory: results come back in the order of the files."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from itertools import islice

from gouji_checks.single import Options, Result, check_file

CHUNK = 16
"""Files handed to a process at a time: enough that handing over costs nothing beside checking."""

WORTH_A_PROCESS = 2 * CHUNK
"""Fewer files than this are done before a second process has started."""


def check_files(paths: Iterable[str], options: Options, jobs: int = 0) -> Iterator[Result]:
    """The result for each file, in order. `jobs` processes; 0 for as many as there are processors."""
    chunks = _chunks(paths)
    first = next(chunks, [])
    second = next(chunks, [])
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1 or len(first) + len(second) < WORTH_A_PROCESS:
        for chunk in (first, second, *chunks):
            yield from _check_chunk(chunk, options)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from _spread(pool, _back([first, second], chunks), options, jobs * 3)


def _spread(pool: Executor, chunks: Iterator[list[str]], options: Options, ahead: int) -> Iterator[Result]:
    """Keep `ahead` chunks under way, so that memory does not grow with the number of files."""
    waiting: deque[tuple[list[str], Future[list[Result]]]] = deque()
    for chunk in islice(chunks, ahead):
        waiting.append((chunk, pool.submit(_check_chunk, chunk, options)))
    while waiting:
        _, done = waiting.popleft()
        results = done.result()
        for chunk in islice(chunks, 1):
            waiting.append((chunk, pool.submit(_check_chunk, chunk, options)))
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
