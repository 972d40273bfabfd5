"""An executor that does the work itself and remembers it, and runs with records kept between them."""

from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from gouji_checks.single import Options
from gouji_checks.summary.gather import records
from gouji_checks.summary.record import Record
from gouji_checks.summary.store import Store
from gouji_templates.form import DEFAULT_FORM

OPTIONS = Options(DEFAULT_FORM)
Found = list[tuple[str, Record]]


class Counting(Executor):
    """Does everything at once, and remembers which files it was given."""

    def __init__(self) -> None:
        self.files: list[str] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.files += [Path(path).name for path in args[0]]
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def go(files: list[str], store: Store, options: Options = OPTIONS) -> tuple[Found, list[str]]:
    """The records, and the names of the files that were checked for them."""
    counting = Counting()
    try:
        found = list(records(files, options, store, executor=counting))
    finally:
        store.close()
    return found, counting.files


def cut_off(files: list[str], store: Store, after: int, options: Options = OPTIONS) -> None:
    """A run that ends after so many records."""
    running = records(files, options, store, jobs=1)
    try:
        for _ in range(after):
            next(running)
        running.close()
    finally:
        store.close()
