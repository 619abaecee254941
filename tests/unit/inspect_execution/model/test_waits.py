# SPDX-License-Identifier: MIT-0
"""What an execution that still runs waits for, since when, until when, and what happens then."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from inspect_execution.histories.recording import DurableRecord
from inspect_execution.model.execution_view import ExecutionView, build_view
from inspect_execution.model.prices import Prices
from inspect_execution.model.waits.pending_wait import Deadline, PendingWait, WaitKind
from inspect_execution.model.waits.retries import next_retry
from inspect_execution.reading.aws_api import aws_cli

from ..events import (
    DURABLE,
    EXECUTION,
    FAILED,
    STARTED,
    answered,
    at,
    durable_event,
    durable_record,
    entered,
    exited,
    recording,
    scheduled,
    told,
)

NOW = 20
CALLBACK = "invoke.waitForTaskToken"
RETRY = {"ErrorEquals": ["OutOfStock"], "IntervalSeconds": 30, "BackoffRate": 2, "MaxAttempts": 4}


def view(
    *parts: Any,
    states: dict[str, Any],
    durable: list[DurableRecord] | None = None,
    before: dict[int, int] | None = None,
    **given: Any,
) -> ExecutionView:
    """A running execution, read 20 seconds after its start."""
    definition = json.dumps({"StartAt": "A", "States": states, **given})
    events = told(STARTED, *parts, before=before)
    made = recording(events, *(durable or []), status="RUNNING", stopDate=None)
    return build_view(replace(made, definition=definition, read_at=at(NOW)), Prices())


def only(shown: ExecutionView) -> PendingWait:
    [wait] = shown.waits
    return wait


def limited(event: tuple[str, dict[str, Any]], **seconds: int) -> tuple[str, dict[str, Any]]:
    return event[0], {**event[1], **seconds}


@pytest.mark.parametrize(
    ("fields", "text", "until"),
    [
        ({"Seconds": 60}, "{}", at(62)),
        ({"Timestamp": "2026-01-01T00:05:00Z"}, "{}", at(300)),
        ({"SecondsPath": "$.order.pause"}, '{"order": {"pause": 5}}', at(7)),
        ({"Seconds": "{% $states.input.pause %}"}, '{"pause": 90}', at(92)),
        ({"Seconds": "{% $states.input.pause * 2 %}"}, '{"pause": 90}', None),
        ({"SecondsPath": "$.pause", "InputPath": "$.order"}, '{"pause": 90}', None),
        ({"SecondsPath": "$.missing"}, "{}", None),
    ],
)
def test_a_wait_state_ends_when_its_definition_says(
    fields: dict[str, Any], text: str, until: datetime | None
) -> None:
    begun = "WaitStateEntered", {"name": "A", "input": text}
    wait = only(view(begun, states={"A": {"Type": "Wait", **fields, "Next": "B"}}))

    assert (wait.kind, wait.state, wait.since, wait.until) == (
        WaitKind.WAIT_STATE,
        "A",
        at(2),
        until,
    )
    assert wait.then == "Step Functions goes on with B"


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


def test_a_heartbeat_that_came_moves_a_limit_that_no_history_shows() -> None:
    state = {"Type": "Task", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Mend"}]}
    wait = only(
        view(
            entered("A"),
            limited(scheduled(resource=CALLBACK), heartbeatInSeconds=10, timeoutInSeconds=40),
            answered("TaskSubmitted"),
            states={"A": state},
        )
    )

    assert (wait.kind, wait.since) == (WaitKind.TASK_TOKEN, at(4))
    effect = "A fails, and its Catch goes on with Mend"
    assert wait.deadlines == (
        Deadline(at(43), f"the task's time is over: {effect}"),
        Deadline(None, f"10 s after the last heartbeat, which no history shows: {effect}"),
    )


def test_a_callback_whose_durable_execution_has_ended_says_so() -> None:
    record = durable_record(status="FAILED", EndTimestamp=at(9))
    wait = only(
        view(
            entered("A"),
            scheduled(resource=CALLBACK),
            answered("TaskSubmitted", header=DURABLE),
            states={"A": {"Type": "Task"}},
            durable=[record],
        )
    )

    assert (wait.kind, wait.since, wait.until) == (WaitKind.TASK_TOKEN, at(9), None)
    assert wait.then == "its durable execution has ended, failed, without calling back"


def test_a_state_that_will_be_retried_says_when_and_how_often_still() -> None:
    failed_twice = (entered("A"), scheduled(), FAILED, scheduled(), FAILED)
    wait = only(view(*failed_twice, states={"A": {"Type": "Task", "Retry": [RETRY]}}))

    assert (wait.kind, wait.since, wait.until) == (WaitKind.STATE_RETRY, at(6), at(66))
    assert wait.then == "retry 2 of 4, after OutOfStock"


@pytest.mark.parametrize(
    ("retrier", "errors", "shown"),
    [
        ({}, ["E"], None),
        ({"ErrorEquals": ["States.ALL"]}, ["E"], (1, 3, 1)),
        ({"ErrorEquals": ["States.ALL"]}, ["E", "E", "E"], (3, 3, 4)),
        ({"ErrorEquals": ["States.ALL"]}, ["E"] * 4, None),
        ({"ErrorEquals": ["States.ALL"]}, ["States.Runtime"], None),
        ({"ErrorEquals": ["States.TaskFailed"]}, ["States.Timeout"], None),
        ({"ErrorEquals": ["States.TaskFailed"]}, ["F", "E"], (2, 3, 2)),
        ({"ErrorEquals": ["States.Timeout"]}, ["States.HeartbeatTimeout"], (1, 3, 1)),
        ({"ErrorEquals": ["E"]}, ["F", "E"], (1, 3, 1)),
        ({"ErrorEquals": ["E"], "MaxDelaySeconds": 2}, ["E", "E", "E"], (3, 3, 2)),
    ],
)
def test_the_interval_before_a_retry_is_that_of_its_retrier(
    retrier: dict[str, Any], errors: list[str], shown: tuple[int, int, float] | None
) -> None:
    retry = next_retry({"Retry": [retrier]}, errors)

    assert (retry and (retry.number, retry.maximum, retry.seconds)) == shown


def test_a_timeout_inside_a_map_is_followed_to_the_retry_of_the_map() -> None:
    inner = {"StartAt": "B", "States": {"B": {"Type": "Task"}}}
    retry = [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 5}]
    wait = only(
        view(
            entered("A", "Map"),
            ("MapStateStarted", {"length": 1}),
            ("MapIterationStarted", {"name": "A", "index": 0}),
            entered("B"),
            limited(scheduled(), timeoutInSeconds=60),
            states={"A": {"Type": "Map", "ItemProcessor": inner, "Retry": retry}},
        )
    )

    assert (wait.kind, wait.state, wait.awaited) == (WaitKind.TASK, "A [0] / B", "lambda:invoke")
    assert wait.deadlines == (
        Deadline(
            at(66), "the task's time is over: A fails and is retried after 5.0 s: retry 1 of 3"
        ),
    )


def test_a_child_execution_is_named() -> None:
    started = {"resourceType": "states", "resource": "startExecution.sync:2"}
    submitted = {**started, "output": json.dumps({"ExecutionArn": EXECUTION})}
    wait = only(
        view(
            entered("A"),
            ("TaskScheduled", {**started, "parameters": "{}"}),
            ("TaskSubmitted", submitted),
            states={"A": {"Type": "Task"}},
        )
    )

    assert (wait.kind, wait.awaited, wait.since) == (WaitKind.CHILD_EXECUTION, EXECUTION, at(4))


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


def test_all_branches_wait_and_the_longest_wait_is_first() -> None:
    branches = [{"StartAt": name, "States": {name: {"Type": "Wait"}}} for name in ("B", "C")]
    shown = view(
        entered("A", "Parallel"),
        ("ParallelStateStarted", {}),
        entered("B", "Wait"),
        entered("C", "Wait"),
        states={"A": {"Type": "Parallel", "Branches": branches}},
        before={5: 3},
    )
    events = [(wait.state, wait.since) for wait in shown.waits]

    assert events == [("A / B", at(4)), ("A / C", at(5))]


@pytest.mark.parametrize(
    ("given", "aws", "next_"),
    [
        (
            {"redriveStatus": "REDRIVABLE"},
            aws_cli("eu-west-1", None),
            (
                "a redrive repeats what failed: aws --region eu-west-1 stepfunctions "
                f"redrive-execution --execution-arn {EXECUTION}",
            ),
        ),
        (
            {"redriveStatus": "REDRIVABLE"},
            aws_cli("eu-west-1", "http://[::1]:80/a b"),
            (
                "a redrive repeats what failed: aws --region eu-west-1 --endpoint-url "
                "'http://[::1]:80/a b' stepfunctions redrive-execution "
                f"--execution-arn {EXECUTION}",
            ),
        ),
        # Of an endpoint that has ended.
        ({"redriveStatus": "REDRIVABLE"}, "", ()),
        (
            {"redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": "it is too old"},
            "",
            ("it cannot be redriven: it is too old",),
        ),
    ],
)
def test_a_failure_says_where_why_and_whether_it_can_be_redriven(
    given: dict[str, str], aws: str, next_: tuple[str, ...]
) -> None:
    events = told(STARTED, entered("A"), scheduled(), FAILED, ("ExecutionFailed", FAILED[1]))
    failed = {"status": "FAILED", "error": "OutOfStock", "cause": "no widgets left"}
    recorded = replace(recording(events, **failed, **given), aws_cli=aws)
    [summary] = build_view(recorded, Prices()).summaries

    assert (summary.where, summary.why) == ("the state A", "OutOfStock: no widgets left")
    assert summary.next == next_


def test_a_success_has_no_summary() -> None:
    assert build_view(recording(told(STARTED)), Prices()).summaries == ()


def test_between_two_states_the_next_event_is_awaited() -> None:
    wait = only(view(entered("A", "Pass"), exited("A", "Pass"), states={"A": {"Type": "Pass"}}))

    assert (wait.kind, wait.since, wait.place) == (WaitKind.NEXT_EVENT, at(3), "")


def test_a_definition_that_could_not_be_read_says_nothing_of_retries() -> None:
    wait = only(view(entered("A"), limited(scheduled(), timeoutInSeconds=60), states={}))

    effect = "A fails with States.Timeout; the definition is not known"
    assert wait.deadlines == (Deadline(at(63), f"the task's time is over: {effect}"),)
