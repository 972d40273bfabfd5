"""Errors put into the published sample are detected and the wrong cell is named: the quick form of the bench."""

import pytest

from tests.bench.mutations import run_clean, run_followed, run_several, run_singles, unreached
from tests.bench.sample import sample


def test_sample_as_published_has_no_error() -> None:
    assert run_clean() == []


def test_every_figure_cell_is_reached_by_a_relation() -> None:
    assert unreached() == []
    assert sample().unlisted == ["表8", "表9", "表11"]


def test_one_cell_typed_over_is_detected_and_named() -> None:
    summary = run_singles(step=4)

    assert len(summary.trials) > 400
    assert summary.undetected == []
    assert summary.first_share >= 0.99


def test_an_entered_figure_that_others_follow_is_detected_and_named_as_well_as_arithmetic_allows() -> None:
    summary = run_followed(step=6)

    shown = [trial for trial in summary.trials if trial.detected]
    assert len(shown) > 60
    assert summary.undetected == []
    assert sum(trial.first or trial.twin_first for trial in shown) >= 0.95 * len(shown)


@pytest.mark.parametrize(("count", "times", "least"), [(2, 100, 0.98), (5, 25, 0.9)], ids=["pairs", "fives"])
def test_several_cells_typed_over_are_named_and_nothing_else(count: int, times: int, least: float) -> None:
    run = run_several(count, times)

    assert run.exact >= least * times, run.misses
