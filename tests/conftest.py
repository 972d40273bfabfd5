"""What several test modules share."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.needs import required
from tests.office import Office, missing


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """One LibreOffice for all tests."""
    required(missing())
    with Office() as running:
        yield running


@pytest.fixture(scope="session")
def offices(office: Office) -> Iterator[list[Office]]:
    """As many as there are processors, for work that can be shared out."""
    with ExitStack() as running:
        yield [office, *(running.enter_context(Office()) for _ in range(1, min(os.cpu_count() or 1, 4)))]
