# SPDX-License-Identifier: MIT-0
"""The history of a durable execution has the events and details that Lambda's model names."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError

from local.durable.api.history import history
from local.durable.execution import DurableExecution, FailedInvocation

from ...support.functions.durable_functions import DurableFunctions
from .handlers import BRANCHES, CALLBACK, CRASH, FAILING, MANY


@pytest.fixture(scope="module")
def deployed(functions: DurableFunctions) -> DurableFunctions:
    functions.deploy("many", MANY)
    functions.deploy("crash", CRASH)
    functions.deploy("failing", FAILING)
    functions.deploy("callback", CALLBACK)
    functions.deploy("branches", BRANCHES)
    return functions


@pytest.fixture(scope="module")
def many(deployed: DurableFunctions) -> str:
    """An execution with nearly every kind of operation, which has ended."""
    arn = deployed.start("many", "input")
    assert deployed.ended(arn)["Status"] == "SUCCEEDED"
    return arn


def unknown_or_missing(value: Any, shape: Any, path: str) -> list[str]:
    """What a part of an event has that the model does not know, and what it lacks."""
    if shape.type_name != "structure":
        return []
    found = [f"{path} has {name}" for name in value if name not in shape.members]
    found += [f"{path} lacks {name}" for name in shape.required_members if name not in value]
    for name in set(value) & set(shape.members):
        found += unknown_or_missing(value[name], shape.members[name], f"{path}.{name}")
    return found


def details(events: list[dict[str, Any]], event_type: str, name: str) -> list[dict[str, Any]]:
    return [
        event[f"{event_type}Details"]
        for event in events
        if event["EventType"] == event_type and event.get("Name") == name
    ]


def without_times(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if key != "EventTimestamp"}


def test_every_event_is_as_the_model_says(deployed: DurableFunctions, many: str) -> None:
    shape = botocore.session.get_session().get_service_model("lambda").shape_for("Event")
    execution = deployed.endpoint.lambda_service.durable_executions.get(many)
    # Not as the client returns them: it drops the fields that its model does not know.
    events = history(execution, with_data=True)
    types = {event["EventType"] for event in events}

    assert [found for each in events for found in unknown_or_missing(each, shape, "")] == []
    assert [event["EventId"] for event in events] == list(range(1, len(events) + 1))
    assert all(event[f"{event['EventType']}Details"] is not None for event in events)
    assert types == {
        "ExecutionStarted",
        "StepStarted",
        "StepFailed",
        "StepSucceeded",
        "WaitStarted",
        "WaitSucceeded",
        "ContextStarted",
        "ContextSucceeded",
        "ContextFailed",
        "InvocationCompleted",
        "ExecutionSucceeded",
    }


def test_the_start_and_the_end_frame_the_history(deployed: DurableFunctions, many: str) -> None:
    events = deployed.events(many)
    first, last = without_times(events[0]), without_times(events[-1])

    assert first == {
        "EventType": "ExecutionStarted",
        "EventId": 1,
        "Id": first["Id"],
        "Name": many.split("/")[-2],
        "ExecutionStartedDetails": {
            "Input": {"Payload": '"input"', "Truncated": False},
            "ExecutionTimeout": 600,
        },
    }
    assert last["ExecutionSucceededDetails"] == {
        "Result": {"Payload": '{"done": "input"}', "Truncated": False}
    }
    assert (last["Id"], events[-2]["EventType"]) == (first["Id"], "InvocationCompleted")


def test_a_step_tells_which_attempt_ended_and_when_the_next_begins(
    deployed: DurableFunctions, many: str
) -> None:
    events = deployed.events(many)
    [failed] = details(events, "StepFailed", "flaky")
    [succeeded] = details(events, "StepSucceeded", "flaky")
    retries = [each["RetryDetails"] for each in details(events, "StepFailed", "failing")]

    assert failed["RetryDetails"]["CurrentAttempt"] == 1
    assert failed["RetryDetails"]["NextAttemptDelaySeconds"] >= 1
    assert failed["Error"]["Payload"]["ErrorMessage"] == "first"
    assert succeeded == {
        "Result": {"Payload": '"ok"', "Truncated": False},
        "RetryDetails": {"CurrentAttempt": 2},
    }
    assert [each["CurrentAttempt"] for each in retries] == [1, 2]
    assert ["NextAttemptDelaySeconds" in each for each in retries] == [True, False]


def test_a_condition_that_is_polled_shows_each_state(deployed: DurableFunctions, many: str) -> None:
    polled = details(deployed.events(many), "StepSucceeded", "poll")

    assert [json.loads(each["Result"]["Payload"]) for each in polled] == [1, 2]
    assert [each["RetryDetails"] for each in polled] == [
        {"CurrentAttempt": 1, "NextAttemptDelaySeconds": 3},
        {"CurrentAttempt": 2},
    ]


def test_waits_and_contexts_have_their_details(deployed: DurableFunctions, many: str) -> None:
    events = deployed.events(many)
    [wait] = [each for each in events if each["EventType"] == "WaitStarted"]
    [inside] = [each for each in events if each.get("Name") == "inside"][:1]
    [child] = [each for each in events if each.get("Name") == "child"][:1]

    assert wait["WaitStartedDetails"]["Duration"] == 7
    assert wait["WaitStartedDetails"]["ScheduledEndTimestamp"] - wait["EventTimestamp"] == (
        timedelta(seconds=7)
    )
    assert details(events, "WaitSucceeded", "pause") == [{"Duration": 7}]
    assert details(events, "ContextSucceeded", "child") == [
        {"Result": {"Payload": "1", "Truncated": False}}
    ]
    assert inside["ParentId"] == child["Id"]
    [broken] = details(events, "ContextFailed", "broken")
    assert broken["Error"]["Payload"]["ErrorMessage"] == "broken"


def test_an_execution_that_fails_ends_after_its_invocation(deployed: DurableFunctions) -> None:
    events = deployed.events(deployed.run("failing")["DurableExecutionArn"])

    assert [event["EventType"] for event in events] == [
        "ExecutionStarted",
        "InvocationCompleted",
        "ExecutionFailed",
    ]
    assert events[2]["ExecutionFailedDetails"]["Error"]["Payload"]["ErrorMessage"] == "no"


def test_an_invocation_that_crashed_is_recorded_with_its_error(
    deployed: DurableFunctions, tmp_path: Path
) -> None:
    ended = deployed.run("crash", {"mark": str(tmp_path / "mark"), "status": 3})
    invocations = [
        event["InvocationCompletedDetails"]
        for event in deployed.events(ended["DurableExecutionArn"])
        if event["EventType"] == "InvocationCompleted"
    ]
    crashed, completed = invocations

    assert crashed["Error"] == {
        "Payload": {
            "ErrorType": "Runtime.ExitError",
            "ErrorMessage": f"RequestId: {crashed['RequestId']} Error: "
            "Runtime exited with error: exit status 3",
        },
        "Truncated": False,
    }
    assert crashed["StartTimestamp"] <= crashed["EndTimestamp"] <= completed["StartTimestamp"]
    assert set(completed) == {"StartTimestamp", "EndTimestamp", "RequestId"}


@pytest.mark.parametrize(
    ("config", "started", "error_type"),
    [
        ({"timeout": 1}, {"Timeout": 1}, "Callback.Timeout"),
        (
            {"timeout": 9, "heartbeat_timeout": 1},
            {"Timeout": 9, "HeartbeatTimeout": 1},
            "Callback.Heartbeat",
        ),
    ],
)
def test_a_callback_that_times_out_says_why(
    deployed: DurableFunctions, config: dict[str, int], started: dict[str, int], error_type: str
) -> None:
    ended = deployed.run("callback", config)
    events = deployed.events(ended["DurableExecutionArn"])
    [begun] = details(events, "CallbackStarted", "answer")
    [timed_out] = details(events, "CallbackTimedOut", "answer")

    assert ended["Status"] == "FAILED"
    assert begun == {"CallbackId": begun["CallbackId"], **started}
    assert timed_out["Error"]["Payload"]["ErrorType"] == error_type


def test_data_is_left_out_on_request(deployed: DurableFunctions, many: str) -> None:
    events = deployed.events(many, IncludeExecutionData=False)
    shown = json.dumps(events, default=str)

    assert events[0]["ExecutionStartedDetails"] == {
        "Input": {"Truncated": True},
        "ExecutionTimeout": 600,
    }
    assert "Payload" not in shown
    assert "input" not in shown
    assert len(events) == len(deployed.events(many))


def test_a_history_has_pages_from_both_ends(deployed: DurableFunctions, many: str) -> None:
    forward = deployed.events(many, PaginationConfig={"PageSize": 4})
    backward = deployed.events(many, PaginationConfig={"PageSize": 5}, ReverseOrder=True)

    assert forward == deployed.events(many)
    assert backward == forward[::-1]
    with pytest.raises(ClientError, match="Invalid Marker: x"):
        deployed.client.get_durable_execution_history(DurableExecutionArn=many, Marker="x")


def test_events_between_pages_move_no_others(deployed: DurableFunctions) -> None:
    arn = deployed.start("callback", {"timeout": 3600})
    deployed.wait_for_event(arn, "CallbackStarted")
    read = partial(deployed.client.get_durable_execution_history, DurableExecutionArn=arn)
    last = read(MaxItems=1, ReverseOrder=True)
    deployed.client.stop_durable_execution(DurableExecutionArn=arn)
    before = read(ReverseOrder=True, Marker=last["NextMarker"])

    [newest] = last["Events"]
    assert [event["EventId"] for event in before["Events"]] == list(
        range(newest["EventId"] - 1, 0, -1)
    )


def test_what_was_read_of_a_history_stays_as_it_was(deployed: DurableFunctions) -> None:
    executions = deployed.endpoint.lambda_service.durable_executions
    for _ in range(5):
        arn = deployed.start("branches")
        read: list[dict[str, Any]] = []
        while not read or read[-1]["EventType"] != "ExecutionSucceeded":
            events = executions.read(arn, partial(history, with_data=True))
            assert events[: len(read)] == read
            assert executions.get(arn).status() != "FAILED"
            read = events


def test_an_execution_that_has_ended_is_read_by_many_at_a_time(
    deployed: DurableFunctions, many: str
) -> None:
    executions = deployed.endpoint.lambda_service.durable_executions
    with ThreadPoolExecutor(32) as threads:
        read = threads.map(lambda _: executions.read(many, DurableExecution.status), range(10_000))

    assert set(read) == {"SUCCEEDED"}


def test_an_invocation_ends_after_what_was_recorded_before_it(
    deployed: DurableFunctions, many: str
) -> None:
    def record(execution: DurableExecution) -> list[datetime]:
        [*_, last] = execution.invocation_completions
        failed = FailedInvocation(last.start_timestamp, last.start_timestamp, "id", None)
        execution.record_failed_invocation(failed)
        execution.record_invocation_completion(last.start_timestamp, last.start_timestamp, "id")
        *earlier, first, second = execution.invocation_completions
        execution.invocation_completions[:] = earlier
        return [each.end_timestamp for each in (last, first, second)]

    engine = deployed.endpoint.lambda_service.durable_executions._executor
    last, first, second = engine.in_lane(many, lambda: record(engine.execution(many)))

    assert last < first < second
