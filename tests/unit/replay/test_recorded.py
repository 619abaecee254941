# SPDX-License-Identifier: MIT-0
"""Files of recorded durable executions, and the states that Lambda would have handed over."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.errors import UsageError
from local.replay.recorded import MAX_POINTS, RecordedExecution

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/name/id"


def event(event_type: str, **fields: Any) -> dict[str, Any]:
    details = fields.pop("details", {})
    return {"EventType": event_type, "EventId": 1, f"{event_type}Details": details, **fields}


def payload(key: str, value: Any) -> dict[str, Any]:
    return {key: {"Payload": value, "Truncated": False}}


STARTED = event("ExecutionStarted", Id="id", details=payload("Input", '{"a": 1}'))
BROKEN = payload("Error", {"ErrorType": "E", "ErrorMessage": "no"})


def step(event_type: str, **details: Any) -> dict[str, Any]:
    return event(event_type, Id="1", Name="s", SubType="Step", details=details)


def recorded(*events: dict[str, Any], status: str = "RUNNING") -> RecordedExecution:
    return RecordedExecution("f", ARN, status, [STARTED, *events])


def test_a_step_that_failed_twice_waits_for_its_third_attempt() -> None:
    again = {"RetryDetails": {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 5}}
    attempts = [step("StepStarted"), step("StepFailed", **BROKEN, **again)] * 2
    [failed] = recorded(*attempts).operations()
    [begun] = recorded(*attempts, step("StepStarted")).operations()

    assert (failed["Status"], failed["StepDetails"]["Attempt"]) == ("PENDING", 2)
    assert failed["StepDetails"]["Error"] == {"ErrorType": "E", "ErrorMessage": "no"}
    assert (begun["Status"], begun["StepDetails"]["Attempt"]) == ("STARTED", 2)


def test_every_kind_of_operation_has_its_details() -> None:
    identity = {"Name": "n", "SubType": "Parallel", "ParentId": "0"}
    events = [
        event("WaitStarted", Id="w"),
        event("CallbackStarted", Id="c", details={"CallbackId": "key"}),
        event("CallbackTimedOut", Id="c", details=BROKEN),
        event("ChainedInvokeStarted", Id="i"),
        event("ChainedInvokeSucceeded", Id="i", details=payload("Result", "5")),
        event("ContextStarted", Id="p", **identity),
        event("ContextSucceeded", Id="p", **identity, details=payload("Result", "[]")),
        event("ContextStarted", Id="l", SubType="RunInChildContext"),
        event(
            "ContextSucceeded", Id="l", SubType="RunInChildContext", details=payload("Result", "")
        ),
    ]
    execution, wait, callback, invoke, context, large = recorded(*events).state()

    assert execution["ExecutionDetails"] == {"InputPayload": '{"a": 1}'}
    assert execution["Id"] == "id"
    assert wait["Status"] == "STARTED"
    assert callback["Status"] == "TIMED_OUT"
    assert callback["CallbackDetails"]["CallbackId"] == "key"
    assert invoke["ChainedInvokeDetails"] == {"Result": "5"}
    assert context["ContextDetails"] == {"Result": "[]", "ReplayChildren": False}
    assert (context["Name"], context["ParentId"]) == ("n", "0")
    assert large["ContextDetails"]["ReplayChildren"]


def test_an_invocation_may_begin_after_every_change_and_at_the_end() -> None:
    completed = event("InvocationCompleted")
    changes = [step("StepStarted"), step("StepSucceeded"), completed]

    assert recorded(*changes).points() == [1, 2, 3, 4]


def test_of_a_long_history_the_ends_of_invocations_are_replayed() -> None:
    changes = [step("StepStarted"), step("StepSucceeded")] * MAX_POINTS
    several = [*changes, event("InvocationCompleted"), *changes, event("InvocationCompleted")]
    points = recorded(*several, step("StepStarted")).points()

    half = 2 * MAX_POINTS + 1
    assert points == [1, 1 + half, 1 + 2 * half, 2 + 2 * half]


def document(**changes: Any) -> str:
    execution = {"DurableExecutionArn": ARN, "Status": "RUNNING"}
    whole = {"FunctionName": "f", "Version": "1", "Execution": execution, "Events": [STARTED]}
    return json.dumps({key: item for key, item in {**whole, **changes}.items() if item != "-"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "FILE is no JSON: Expecting property name"),
        ("[]", "FILE is no recorded durable execution: its fields are not those of"),
        (document(FunctionName="-"), "FunctionName is missing"),
        (document(Execution={"Status": "RUNNING"}), "DurableExecutionArn is missing"),
        (document(Events=[]), "its first event must be ExecutionStarted"),
        (document(Events=[STARTED, {}]), "EventType is missing"),
        (document(Events=[STARTED, event("StepStarted")]), "Id is missing"),
        (document(Events=5), "its fields are not those of"),
        (
            document(
                Events=[STARTED, step("StepSucceeded", Result={"Truncated": True}) | {"EventId": 3}]
            ),
            "event 3, StepSucceeded, is without its data",
        ),
    ],
)
def test_a_bad_file_is_refused_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)

    with pytest.raises(UsageError) as refused:
        RecordedExecution.read(path)

    line = str(refused.value).replace(str(path), "FILE")
    assert told in line
    assert "\n" not in line


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.json: No such file or directory"):
        RecordedExecution.read(tmp_path / "nowhere.json")
