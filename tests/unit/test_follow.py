# SPDX-License-Identifier: MIT-0
"""No wait for an execution is without an end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import Any

import pytest

from local.commands import follow as following
from local.commands.timeline import DurableExecution, Moment, Progress, Side
from local.errors import LocalError

# A hundred times what the deadlines of these tests allow: whoever looks as often never ends.
ENOUGH = 5_000
STARTED = Moment(datetime(2026, 1, 1, tzinfo=UTC), Side.STEP_FUNCTIONS, "execution started")
RUNNING = DurableExecution("arn:1", "RUNNING", "")
FAILED = DurableExecution("arn:1", "FAILED", "Error: why")
RETRIED = DurableExecution("arn:2", "RUNNING", "")


class FakeTimeline:
    """Shows one progress after the other, and the last one for a long time."""

    def __init__(self, *progress: Progress) -> None:
        self._progress: Iterator[Progress] = chain(progress, repeat(progress[-1], ENOUGH))
        self._moments = [[STARTED]]

    def progress(self) -> Progress:
        return next(self._progress)

    def new_moments(self) -> list[Moment]:
        return self._moments.pop() if self._moments else []


def follow(*progress: Progress, deadline: float = 5) -> list[Moment]:
    timeline: Any = FakeTimeline(*progress)
    return list(following.follow(timeline, lambda: datetime.now(UTC), deadline))


@pytest.fixture(autouse=True)
def short_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(following, "ONE_SIDE_DEADLINE_SECONDS", 0.2)


def test_it_ends_when_both_sides_have() -> None:
    ended = Progress(is_running=False, waits_for_callback=False, durable_executions=[FAILED])

    assert follow(ended) == [STARTED]


def test_what_takes_too_long_is_given_up() -> None:
    stuck = Progress(is_running=True, waits_for_callback=True, durable_executions=[RUNNING])

    with pytest.raises(LocalError, match=r"^the execution did not end within 0\.1 s$"):
        follow(stuck, deadline=0.1)


def test_a_state_that_nobody_will_call_back_is_given_up() -> None:
    waiting = Progress(is_running=True, waits_for_callback=True, durable_executions=[FAILED])

    with pytest.raises(LocalError, match=r"nobody will call it back: arn:1 FAILED: Error: why$"):
        follow(waiting)


def test_a_state_that_will_be_retried_is_not() -> None:
    failed = Progress(is_running=True, waits_for_callback=False, durable_executions=[FAILED])
    again = Progress(is_running=True, waits_for_callback=True, durable_executions=[FAILED, RETRIED])
    ended = Progress(is_running=False, waits_for_callback=False, durable_executions=[FAILED])

    assert follow(*[failed] * 40, *[again] * 40, ended) == [STARTED]


def test_a_durable_execution_that_outlives_the_state_machine_is_not_waited_for() -> None:
    outlived = Progress(is_running=False, waits_for_callback=False, durable_executions=[RUNNING])

    assert follow(outlived) == [STARTED]
