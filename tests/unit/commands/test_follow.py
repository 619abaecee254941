# SPDX-License-Identifier: MIT-0
"""No wait for an execution is without an end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, repeat

import pytest

from inspect_execution.model.event_lines.event_line import EventLine
from inspect_execution.model.timelines.timeline import Service
from local.commands.execution_progress import follow as following
from local.commands.execution_progress import progress as progressing
from local.commands.execution_progress.follow import Look
from local.commands.execution_progress.progress import DurableStatus, Patience, Progress, Verdict
from local.errors import LocalError

# A hundred times the looks that the deadlines of these tests allow: more are an endless loop.
ENOUGH = 5_000
START = datetime(2026, 1, 1, tzinfo=UTC)
LATE = datetime(2026, 1, 2, tzinfo=UTC)
STARTED = EventLine(("states", "1"), START, Service.STEP_FUNCTIONS, "execution started")
LAST = EventLine(("states", "2"), LATE, Service.STEP_FUNCTIONS, "execution FAILED")
RUNNING = DurableStatus("arn:1", "RUNNING", "")
FAILED = DurableStatus("arn:1", "FAILED", "Error: why")
RETRIED = DurableStatus("arn:2", "RUNNING", "")
ENDED = Progress(is_running=False, waits_for_callback=False, durable_executions=[FAILED])
STUCK = Progress(is_running=True, waits_for_callback=True, durable_executions=[RUNNING])
WAITING = Progress(is_running=True, waits_for_callback=True, durable_executions=[FAILED])
OUTLIVED = Progress(is_running=False, waits_for_callback=False, durable_executions=[RUNNING])


class FakeSource:
    """Shows one progress after the other, and the last one for a long time."""

    def __init__(self, *progress: Progress) -> None:
        self._progress: Iterator[Progress] = chain(progress, repeat(progress[-1], ENOUGH))
        self.looks = 0

    def look(self) -> Look:
        self.looks += 1
        return Look(next(self._progress), [STARTED, LAST], horizon=LATE)

    def last_look(self) -> Look:
        return self.look()


def follow(*progress: Progress, deadline: float = 5) -> list[EventLine]:
    return list(following.follow(FakeSource(*progress), deadline))


@pytest.fixture(autouse=True)
def short_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(progressing, "ONE_SIDE_DEADLINE_SECONDS", 0.2)


def test_it_ends_when_both_sides_have() -> None:
    assert follow(ENDED) == [STARTED, LAST]


def test_a_line_that_may_get_an_older_neighbour_is_held_back() -> None:
    source = FakeSource(STUCK, STUCK, ENDED)
    shown = [(line, source.looks) for line in following.follow(source, 5)]

    # The last look comes after that which shows the end.
    assert shown == [(STARTED, 1), (LAST, 4)]


def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(LocalError, match=r"^the execution did not end within 0\.1 s$"):
        follow(STUCK, deadline=0.1)


def test_a_state_whose_callback_is_lost_is_given_up() -> None:
    with pytest.raises(
        LocalError,
        match=r"cannot send: arn:1 FAILED: Error: why$",
    ):
        follow(WAITING)


def test_all_lines_of_what_is_given_up_are_shown_first() -> None:
    shown: list[EventLine] = []
    with pytest.raises(LocalError):
        shown.extend(following.follow(FakeSource(STUCK), 0.1))

    assert shown == [STARTED, LAST]


def test_a_state_that_will_be_retried_is_not() -> None:
    failed = Progress(is_running=True, waits_for_callback=False, durable_executions=[FAILED])
    again = Progress(is_running=True, waits_for_callback=True, durable_executions=[FAILED, RETRIED])

    assert follow(*[failed] * 40, *[again] * 40, ENDED) == [STARTED, LAST]


def test_a_durable_execution_that_outlives_the_state_machine_is_not_waited_for() -> None:
    assert follow(OUTLIVED) == [STARTED, LAST]


@pytest.mark.parametrize(
    ("progress", "seconds", "verdict"),
    [
        (ENDED, 0, Verdict.ENDED),
        (STUCK, 99, Verdict.GO_ON),
        (STUCK, 101, Verdict.TOO_LATE),
        (WAITING, 0.2, Verdict.GO_ON),
        (WAITING, 0.3, Verdict.CALLBACK_IS_LOST),
        (OUTLIVED, 0.2, Verdict.GO_ON),
        (OUTLIVED, 0.3, Verdict.ENDED),
    ],
)
def test_the_deadlines_decide_by_the_time_since_one_side_ended(
    progress: Progress, seconds: float, verdict: Verdict
) -> None:
    patience = Patience(deadline=100).after(progress, 0).after(progress, seconds)

    assert patience.verdict(progress, seconds) is verdict


def test_the_time_begins_anew_when_the_other_side_goes_on() -> None:
    patience = Patience(deadline=100).after(WAITING, 0).after(STUCK, 0.1).after(WAITING, 0.2)

    assert patience.verdict(WAITING, 0.3) is Verdict.GO_ON
    assert patience.verdict(WAITING, 0.5) is Verdict.CALLBACK_IS_LOST


def test_a_paused_durable_execution_has_not_ended() -> None:
    paused = DurableStatus("arn:1", "PAUSED", "")

    assert not Progress(False, False, [paused]).has_ended
