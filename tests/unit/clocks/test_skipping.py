# SPDX-License-Identifier: MIT-0
"""The decisions of a modelled clock."""

from datetime import UTC, datetime, timedelta

import pytest

from local.clocks.skipping import Timer, due_timers, skip

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def timer(seconds: float, *, is_timeout: bool = False) -> Timer:
    return Timer(NOW + timedelta(seconds=seconds), is_timeout, lambda: None)


@pytest.mark.parametrize(
    ("timers", "holds", "seconds"),
    [
        # The first of several waits.
        ([timer(600), timer(300)], 0, 300),
        # Something runs: its time is real.
        ([timer(300)], 1, 0),
        # A time-out before the end of a wait is not passed.
        ([timer(5400), timer(3600, is_timeout=True)], 0, 3600),
        ([timer(300), timer(3600, is_timeout=True)], 0, 300),
        # Only a caller outside of the family can answer.
        ([timer(3600, is_timeout=True)], 0, 0),
        ([], 0, 0),
        # Time does not go backwards.
        ([timer(-1)], 0, 0),
        # A handler that waits for two others at once has lent more holds than it has.
        ([timer(300)], -1, 300),
    ],
)
def test_a_clock_skips_to_the_next_timer_when_nothing_runs(
    timers: list[Timer], holds: int, seconds: float
) -> None:
    assert skip(timers, NOW, holds) == timedelta(seconds=seconds)


def test_the_timers_that_are_due_come_in_the_order_of_their_moments() -> None:
    late, early, later = timer(0), timer(-5), timer(0.001)

    assert due_timers([late, early, later], NOW) == [early, late]
