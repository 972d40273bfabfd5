"""What tests need of the machine beyond Python's packages."""

import os

import pytest


def required(lack: str) -> None:
    """Ends a test that lacks something: a failure in CI, where nothing may go unseen, elsewhere a skip that says so."""
    if lack and os.environ.get("CI"):
        pytest.fail(lack, pytrace=False)
    if lack:
        pytest.skip(lack)
