# SPDX-License-Identifier: MIT-0
"""The pending waits of a durable execution: its open operation, and a pause before it."""

from typing import Any

import pytest

from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.model.waits.pending_wait import Deadline, PendingWait, WaitKind

from ..events import (
    DURABLE,
    STARTED,
    answered,
    at,
    durable_event,
    durable_record,
    entered,
    recording,
    scheduled,
    told,
)
from .running_views import CALLBACK, limited, only, view


def test_a_durable_wait_is_shown_with_the_limits_around_it() -> None:
    record = durable_record(
        durable_event(5, "WaitStarted", "rest", Duration=600, ScheduledEndTimestamp=at(605)),
        status="RUNNING",
        ExpectedExecutionTimeoutTimestamp=at(3600),
    )
    shown = view(
        entered("A"),
        limited(scheduled(resource=CALLBACK), heartbeatInSeconds=1800),
        answered("TaskSubmitted", header=DURABLE),
        states={"A": {"Type": "Task"}},
        durable=[record],
        TimeoutSeconds=7200,
    )

    assert only(shown) == PendingWait(
        kind=WaitKind.DURABLE_WAIT,
        since=at(5),
        until=at(605),
        state_index=0,
        state="A",
        durable_execution=DURABLE,
        durable_name="work:1",
        operation="rest",
        then="Lambda invokes the handler, which goes on",
        deadlines=(
            Deadline(at(1804), "without a heartbeat: the execution fails with States.Timeout"),
            Deadline(at(3600), "the durable execution is TIMED_OUT"),
            Deadline(at(7200), "the execution is TIMED_OUT"),
        ),
    )
    [summary] = shown.summaries
    assert summary.where == "A / work:1 / rest"
    assert summary.why == (
        "waits for the end of a durable wait, since 0:00:05.000, for 15.0 s, "
        "until 0:10:05.000 (in 9 min 45 s)"
    )
    assert summary.next[1] == (
        "at 0:30:04.000 (in 29 min 44 s) at the latest: "
        "without a heartbeat: the execution fails with States.Timeout"
    )


STEP_RETRY = durable_event(
    9, "StepFailed", "charge", RetryDetails={"CurrentAttempt": 2, "NextAttemptDelaySeconds": 60}
)
CALLBACK_STARTED = durable_event(8, "CallbackStarted", "approval", CallbackId="c", Timeout=90)
INVOKED = durable_event(8, "ChainedInvokeStarted", "print", FunctionName="printer:3")
STEP = durable_event(8, "StepStarted", "charge")
COMPLETED = durable_event(9, "InvocationCompleted", Error={"Payload": {"ErrorType": "Crash"}})


@pytest.mark.parametrize(
    ("events", "kind", "since", "until", "then"),
    [
        ([STEP, STEP_RETRY], "STEP_RETRY", 9, 69, "Lambda invokes the handler: attempt 3 of"),
        ([CALLBACK_STARTED], "DURABLE_CALLBACK", 8, None, "SendDurableExecutionCallbackSuccess"),
        ([INVOKED], "CHAINED_INVOKE", 8, None, "its end: Lambda invokes"),
        ([STEP], "RUNNING_INVOCATION", 8, None, ""),
        ([COMPLETED], "NEXT_INVOCATION", 9, None, "Lambda invokes a handler that failed again"),
        ([], "NEXT_INVOCATION", 0, None, ""),
    ],
)
def test_a_durable_execution_waits_for_its_open_operation(
    events: list[Any], kind: str, since: int, until: int | None, then: str
) -> None:
    wait = only(
        view(
            entered("A"),
            scheduled(),
            answered("TaskSubmitted", header=DURABLE),
            states={"A": {"Type": "Task"}},
            durable=[durable_record(*events, status="RUNNING")],
        )
    )

    assert (wait.kind.name, wait.since, wait.until) == (kind, at(since), until and at(until))
    assert wait.then.startswith(then)
    assert wait.awaited == ("printer:3" if kind == "CHAINED_INVOKE" else "")


def test_a_pause_goes_before_what_is_open_and_stops_the_execution_timeout() -> None:
    record = durable_record(
        durable_event(5, "WaitStarted", "rest", ScheduledEndTimestamp=at(605)),
        status="PAUSED",
        ExpectedExecutionTimeoutTimestamp=at(9_999_999),
        PauseDetails={"PauseRequestTimestamp": at(7), "ExecutionTimeoutPaused": True},
    )
    wait = only(
        view(
            entered("A"),
            scheduled(),
            answered("TaskSubmitted", header=DURABLE),
            states={"A": {"Type": "Task"}},
            durable=[record],
        )
    )

    assert (wait.kind, wait.since, wait.deadlines) == (WaitKind.RESUMPTION, at(7), ())
    assert wait.then == "ResumeDurableExecution lets Lambda invoke the handler again"


def test_a_durable_execution_that_outlives_its_task_is_still_waited_for() -> None:
    record = durable_record(
        durable_event(5, "WaitStarted", "rest", ScheduledEndTimestamp=at(605)), status="RUNNING"
    )
    events = told(
        STARTED,
        entered("A"),
        scheduled(resource=CALLBACK),
        answered("TaskSubmitted", header=DURABLE),
        ("TaskTimedOut", {"error": "States.Timeout"}),
        ("ExecutionFailed", {"error": "States.Timeout"}),
    )
    shown = build_view(recording(events, record, status="FAILED", error="States.Timeout"), Prices())

    assert (only(shown).kind, only(shown).deadlines) == (WaitKind.DURABLE_WAIT, ())
    assert [each.where for each in shown.summaries] == [
        "the state A, in work:1, in the wait rest",
        "A / work:1 / rest",
    ]
