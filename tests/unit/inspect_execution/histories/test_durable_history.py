# SPDX-License-Identifier: MIT-0
"""Lambda's events become operations and invocations."""

from typing import Any

import pytest

from inspect_execution.histories.durable_history import (
    DurableExecutionHistory,
    durable_names,
    read_durable_history,
)
from inspect_execution.histories.recording import DurableRecord
from inspect_execution.status import Status

from ..events import DURABLE, at, durable_event, durable_record

ERROR = {"Payload": {"ErrorType": "OutOfStock", "ErrorMessage": "no widgets left"}}


def read(*events: Any, status: str = "SUCCEEDED", **details: Any) -> DurableExecutionHistory:
    execution = read_durable_history(durable_record(*events, status=status, **details))
    assert execution is not None
    return execution


def failed(seconds: float, attempt: int, delay: int) -> Any:
    retry = {"CurrentAttempt": attempt, "NextAttemptDelaySeconds": delay}
    return durable_event(seconds, "StepFailed", "notify", Error=ERROR, RetryDetails=retry)


def test_a_step_has_its_attempts_and_the_pauses_between_them() -> None:
    execution = read(
        durable_event(1, "StepStarted", "notify"),
        failed(2, 1, 5),
        durable_event(7, "StepStarted", "notify"),
        durable_event(8, "StepSucceeded", "notify", Result={"Payload": '"done"'}),
    )
    [step] = execution.operations

    assert (step.kind, step.name, step.status, step.result) == (
        "step",
        "notify",
        Status.SUCCEEDED,
        '"done"',
    )
    assert [(a.number, a.started, a.ended, a.status) for a in step.attempts] == [
        (1, at(1), at(2), Status.FAILED),
        (2, at(7), at(8), Status.SUCCEEDED),
    ]
    assert step.attempts[0].error == "OutOfStock: no widgets left"


def test_an_attempt_without_a_beginning_began_when_it_was_due() -> None:
    execution = read(
        durable_event(1, "StepStarted", "notify"), failed(2, 1, 5), failed(9, 2, 0), status="FAILED"
    )
    [step] = execution.operations

    assert [attempt.started for attempt in step.attempts] == [at(1), at(7)]
    assert (step.status, step.ended) == (Status.FAILED, at(9))


def test_a_step_that_will_be_tried_again_still_runs() -> None:
    events = (durable_event(1, "StepStarted", "notify"), failed(2, 1, 5))
    [step] = read(*events, status="RUNNING").operations

    assert (step.status, step.ended) == (Status.RUNNING, None)


def test_waits_callbacks_contexts_and_chained_invokes_are_operations() -> None:
    execution = read(
        durable_event(1, "ContextStarted", "group"),
        {**durable_event(2, "WaitStarted", "rest"), "ParentId": "group"},
        durable_event(9, "WaitSucceeded", "rest", Duration=7),
        durable_event(10, "CallbackStarted", "asked", CallbackId="x"),
        durable_event(11, "CallbackTimedOut", "asked", Error=ERROR),
        durable_event(12, "ChainedInvokeStarted", "other", FunctionName="f"),
        status="STOPPED",
    )  # fmt: skip
    told = [(o.kind, o.name, o.parent, o.ended, o.status.value) for o in execution.operations]

    assert told == [
        ("context", "group", "", None, "aborted"),
        ("wait", "rest", "group", at(9), "succeeded"),
        ("callback", "asked", "", at(11), "timed out"),
        ("chained invoke", "other", "", None, "aborted"),
    ]


def test_an_invocation_is_as_long_as_lambda_says() -> None:
    execution = read(
        durable_event(1, "StepSucceeded", "a"),
        durable_event(5, "InvocationCompleted", StartTimestamp=at(0.5), EndTimestamp=at(4)),
    )

    assert [(i.started, i.ended, i.is_measured) for i in execution.invocations] == [
        (at(0.5), at(4), True)
    ]


def test_where_lambda_does_not_say_it_is_as_long_as_its_work() -> None:
    execution = read(
        durable_event(1, "StepStarted", "a"),
        durable_event(2, "StepSucceeded", "a"),
        durable_event(2.5, "WaitStarted", "rest"),
        # Passed over, so that the word of the invocation comes after the wait.
        durable_event(900, "WaitSucceeded", "rest"),
        durable_event(901, "InvocationCompleted"),
        durable_event(902, "StepSucceeded", "b"),
        durable_event(903, "InvocationCompleted"),
    )
    first, second = execution.invocations

    assert (first.started, first.ended, first.is_measured) == (at(0), at(2.5), False)
    assert (second.started, second.ended, second.is_replay) == (at(901), at(902), True)
    assert execution.replays == 1


def test_a_retry_begins_an_invocation_when_it_is_due() -> None:
    execution = read(
        durable_event(1, "StepStarted", "notify"),
        failed(2, 1, 5),
        durable_event(2.1, "InvocationCompleted"),
        durable_event(7.2, "StepSucceeded", "notify"),
        durable_event(7.3, "InvocationCompleted"),
    )

    assert [(i.started, i.ended) for i in execution.invocations] == [
        (at(0), at(2)),
        (at(7), at(7.2)),
    ]


def test_an_invocation_that_waits_no_longer_runs() -> None:
    waiting = read(durable_event(1, "WaitStarted", "rest"), status="RUNNING")
    working = read(durable_event(1, "StepStarted", "a"), status="RUNNING")

    assert [i.ended for i in waiting.invocations] == [at(1)]
    assert [i.ended for i in working.invocations] == [None]


@pytest.mark.parametrize("status", ["PAUSING", "PAUSED"])
def test_a_paused_execution_is_shown_as_paused(status: str) -> None:
    assert read(status=status).status is Status.PAUSED


def test_a_pause_stops_what_needs_a_handler_and_no_wait() -> None:
    events = (
        durable_event(1, "StepStarted", "notify"),
        failed(2, 1, 5),
        durable_event(3, "WaitStarted", "rest"),
        durable_event(4, "StepStarted", "cut off"),
    )
    paused, pausing = read(*events, status="PAUSED"), read(*events, status="PAUSING")

    assert [(o.name, o.status, o.ended) for o in paused.operations] == [
        ("notify", Status.PAUSED, None),
        ("rest", Status.RUNNING, None),
        ("cut off", Status.PAUSED, None),
    ]
    assert [o.status for o in pausing.operations] == [Status.RUNNING] * 3
    assert paused.operations[2].attempts[0].status is Status.PAUSED


def test_a_pause_lets_the_running_invocation_end() -> None:
    working = durable_event(1, "StepStarted", "a")

    assert [i.ended for i in read(working, status="PAUSING").invocations] == [None]
    assert [i.ended for i in read(working, status="PAUSED").invocations] == [at(1)]


def test_bytes_are_those_of_every_payload() -> None:
    execution = read(
        durable_event(1, "StepSucceeded", "a", Result={"Payload": "é"}),
        durable_event(2, "StepFailed", "b", Error=ERROR),
    )
    cut = read(durable_event(1, "StepSucceeded", "a", Result={"Truncated": True}))

    assert (execution.bytes_written, execution.is_bytes_complete) == (2 + 10 + 15, True)
    assert (cut.bytes_written, cut.is_bytes_complete) == (0, False)


def test_what_is_not_known_is_counted_and_does_no_harm() -> None:
    assert read(durable_event(1, "SomethingNew")).unknown == {"SomethingNew": 1}


def test_an_execution_without_a_description_has_no_history() -> None:
    assert read_durable_history(DurableRecord(DURABLE, {}, [])) is None


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        # In one millisecond, their ARNs decide.
        (0.0102, 0.0101, ("work:1 #1", "work:1 #2")),
        (0.012, 0.011, ("work:1 #2", "work:1 #1")),
    ],
)
def test_durable_executions_have_the_same_numbers_by_milliseconds_and_by_microseconds(
    first: float, second: float, names: tuple[str, str]
) -> None:
    prefix = DURABLE.rsplit("/durable-execution/", 1)[0] + "/durable-execution/"
    arns = f"{prefix}a/1", f"{prefix}b/1"
    exact = dict(zip(arns, (at(first), at(second)), strict=True))
    told = {arn: at(round(time, 3)) for arn, time in zip(arns, (first, second), strict=True)}

    assert durable_names(exact) == durable_names(told) == dict(zip(arns, names, strict=True))
