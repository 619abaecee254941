# SPDX-License-Identifier: MIT-0
"""Which execution can be redriven, and which requests are repetitions."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from local.step_functions.executions.history import EventContext, History
from local.step_functions.executions.place import Place
from local.step_functions.executions.redrive import Redrives, reason_against

STARTED = datetime(2026, 1, 1, tzinfo=UTC)
STOPPED = STARTED + timedelta(hours=1)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_an_execution_is_redrivable_for_14_days_after_its_end(status: str) -> None:
    def reason(now: datetime) -> str | None:
        return reason_against(status, STARTED, STOPPED, 24_998, now)

    assert reason(STOPPED + 14 * DAY) is None
    assert reason(STOPPED + 14 * DAY + SECOND) == "Execution redrivable period exceeded"


def test_an_execution_needs_room_for_two_events() -> None:
    reason = reason_against("FAILED", STARTED, STOPPED, 24_999, STOPPED)

    assert reason == "Execution history event limit exceeded"


def test_an_execution_is_open_for_a_year_at_most() -> None:
    late = STARTED + 366 * DAY
    reason = reason_against("FAILED", STARTED, late, 5, late)

    assert reason == "Execution has exceeded the max execution time"


@pytest.mark.parametrize("status", ["RUNNING", "SUCCEEDED"])
def test_an_execution_that_runs_or_succeeded_is_not_redrivable(status: str) -> None:
    reason = reason_against(status, STARTED, STOPPED, 5, STOPPED)

    assert reason == f"Execution is {status} and cannot be redriven"


def test_a_token_names_its_redrive_for_15_minutes() -> None:
    redrives = Redrives()
    redrives.add("a", STOPPED)

    assert redrives.date_of("a", STOPPED + timedelta(minutes=15)) == STOPPED
    assert redrives.date_of("a", STOPPED + timedelta(minutes=15, seconds=1)) is None
    assert redrives.date_of(None, STOPPED) is None


def test_the_last_ten_tokens_are_known() -> None:
    redrives = Redrives()
    for number in range(11):
        redrives.add(str(number), STOPPED + number * SECOND)
    now = STOPPED + timedelta(minutes=1)

    assert redrives.date_of("0", now) is None
    assert redrives.date_of("1", now) == STOPPED + SECOND
    assert (redrives.count, redrives.latest) == (11, STOPPED + 10 * SECOND)


def test_a_thread_of_an_earlier_run_records_nothing_after_a_redrive() -> None:
    history, context = History(lambda: STARTED), EventContext(0)
    history.add_event(context, "ExecutionStarted")
    history.add_event(context, "ExecutionAborted")
    redriven = history.redrive(Place(), STOPPED)
    history.add_event(context.inner(), "TaskSucceeded")
    history.add_event(redriven.inner(), "TaskScheduled")

    assert [event["type"] for event in history.get_event_history()] == [
        "ExecutionStarted",
        "ExecutionAborted",
        "ExecutionRedriven",
        "TaskScheduled",
    ]


def test_a_place_between_two_states_keeps_its_variables_however_often_it_is_stopped() -> None:
    place = Place()
    place.store = SimpleNamespace(_inner_scope={"kept": 1})
    place.record("PassStateEntered", 2, 0)
    place.next_state = "Next"
    place.record("PassStateExited", 3, 2)
    # Stopped again before its program has begun.
    again = place.again().again()

    assert again.is_left
    assert (again.next_state, again.events["StateExited"]) == ("Next", 3)
    assert again.variables == {"kept": 1}
    assert again.recall("PassStateEntered") is None
