# SPDX-License-Identifier: MIT-0
"""PauseDurableExecution, ResumeDurableExecution and DeleteDurableExecution."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ...support.functions.durable_functions import DurableFunctions

# Each invocation leaves a line: a paused execution leaves none.
ASKS = """
from pathlib import Path
@durable_execution
def handler(event, context):
    with Path(event).open("a") as file:
        file.write("invoked\\n")
    return context.create_callback(name="answer").result()
"""
WORKS = """
import time
from pathlib import Path
def work(go):
    Path(go + ".begun").touch()
    while not Path(go).exists():
        time.sleep(0.01)
    return "worked"
@durable_execution
def handler(event, context):
    first = context.step(lambda _: work(event), name="first")
    return [first, context.step(lambda _: "more", name="second")]
"""


@pytest.fixture(scope="module")
def deployed(functions: DurableFunctions) -> DurableFunctions:
    functions.deploy("asks", ASKS)
    functions.deploy("short", ASKS, execution_timeout=3)
    functions.deploy("works", WORKS)
    return functions


def waiting(deployed: DurableFunctions, mark: Path, function: str = "asks") -> tuple[str, str]:
    """An execution that waits for its callback, and the callback's id."""
    arn = deployed.start(function, str(mark))
    started = deployed.wait_for_event(arn, "CallbackStarted")
    deployed.wait_for_event(arn, "InvocationCompleted")
    return arn, started["CallbackStartedDetails"]["CallbackId"]


def refused(call: Any, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    error: dict[str, Any] = raised.value.response["Error"]
    return error


def event_types(deployed: DurableFunctions, arn: str) -> list[str]:
    return [event["EventType"] for event in deployed.events(arn)]


def test_a_paused_execution_is_not_invoked_until_it_is_resumed(
    deployed: DurableFunctions, tmp_path: Path
) -> None:
    arn, callback = waiting(deployed, mark := tmp_path / "mark")
    answer = deployed.client.pause_durable_execution(DurableExecutionArn=arn, Reason="to look")
    paused = deployed.get(arn)
    deployed.client.send_durable_execution_callback_success(CallbackId=callback, Result=b"yes")
    deployed.wait_for_event(arn, "CallbackSucceeded")
    invocations = mark.read_text().count("invoked")
    deployed.client.resume_durable_execution(DurableExecutionArn=arn, Reason="looked")

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert paused["Status"] == "PAUSED"
    assert paused["PauseDetails"]["Reason"] == "to look"
    assert paused["PauseDetails"]["ExecutionTimeoutPaused"] is True
    assert paused["ExpectedExecutionTimeoutTimestamp"] - paused["StartTimestamp"] == (
        timedelta(days=366)
    )
    assert invocations == 1
    assert deployed.ended(arn)["Result"] == '"yes"'
    assert event_types(deployed, arn) == [
        "ExecutionStarted",
        "CallbackStarted",
        "InvocationCompleted",
        "ExecutionPaused",
        "CallbackSucceeded",
        "ExecutionResumed",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]
    [resumed] = [each for each in deployed.events(arn) if each["EventType"] == "ExecutionResumed"]
    assert resumed["ExecutionResumedDetails"]["Reason"] == {"Payload": "looked", "Truncated": False}


def test_a_resumed_execution_goes_on_waiting_for_what_has_not_come(
    deployed: DurableFunctions, tmp_path: Path
) -> None:
    arn, callback = waiting(deployed, mark := tmp_path / "mark")
    deployed.client.pause_durable_execution(DurableExecutionArn=arn)
    deployed.client.resume_durable_execution(DurableExecutionArn=arn)
    running = deployed.get(arn)
    deployed.client.send_durable_execution_callback_success(CallbackId=callback, Result=b"1")

    assert running["Status"] == "RUNNING"
    assert "PauseDetails" not in running
    assert deployed.ended(arn)["Result"] == '"1"'
    assert mark.read_text().count("invoked") == 2


def test_an_invocation_that_goes_on_ends_at_its_next_checkpoint(
    deployed: DurableFunctions, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    arn = deployed.start("works", str(go))
    deployed.wait_for_event(arn, "StepStarted")
    deployed.client.pause_durable_execution(DurableExecutionArn=arn)
    pausing = deployed.get(arn)["Status"]
    go.touch()
    deployed.wait_for(arn, "PAUSED")
    paused = event_types(deployed, arn)
    deployed.client.resume_durable_execution(DurableExecutionArn=arn)

    assert pausing == "PAUSING"
    assert paused == [
        "ExecutionStarted",
        "StepStarted",
        "StepSucceeded",
        "InvocationCompleted",
        "ExecutionPaused",
    ]
    assert deployed.ended(arn)["Result"] == '["worked", "more"]'


def test_a_pause_that_is_cancelled_lets_the_invocation_go_on(
    deployed: DurableFunctions, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    arn = deployed.start("works", str(go))
    deployed.wait_for_event(arn, "StepStarted")
    deployed.client.pause_durable_execution(DurableExecutionArn=arn)
    deployed.client.resume_durable_execution(DurableExecutionArn=arn)
    go.touch()

    assert deployed.ended(arn)["Result"] == '["worked", "more"]'
    assert "ExecutionPaused" not in event_types(deployed, arn)
    assert event_types(deployed, arn).count("InvocationCompleted") == 1


def test_a_pause_extends_the_execution_timeout_by_its_own_length(
    deployed: DurableFunctions, tmp_path: Path
) -> None:
    arn, _ = waiting(deployed, tmp_path / "mark")

    def expected_seconds() -> float:
        shown = deployed.get(arn)
        expected = shown["ExpectedExecutionTimeoutTimestamp"] - shown["StartTimestamp"]
        return float(expected.total_seconds())

    deployed.client.pause_durable_execution(DurableExecutionArn=arn, ExecutionTimeoutPaused=False)
    counting = expected_seconds()
    deployed.client.resume_durable_execution(DurableExecutionArn=arn)
    deployed.client.pause_durable_execution(DurableExecutionArn=arn)
    time.sleep(0.2)
    deployed.client.resume_durable_execution(DurableExecutionArn=arn)
    extended = expected_seconds()
    [pause] = [each for each in deployed.events(arn) if each["EventType"] == "ExecutionPaused"][1:]
    [resume] = [each for each in deployed.events(arn) if each["EventType"] == "ExecutionResumed"][
        1:
    ]
    length = (resume["EventTimestamp"] - pause["EventTimestamp"]).total_seconds()

    assert counting == 600
    assert length >= 0.2
    assert extended == pytest.approx(600 + length, abs=0.01)


def test_an_execution_whose_timeout_is_paused_outlives_it(
    deployed: DurableFunctions, tmp_path: Path
) -> None:
    # A sandbox that is warm: to start one takes a part of the three seconds.
    warm = deployed.start("short", str(tmp_path / "warm"))
    deployed.wait_for_event(warm, "InvocationCompleted")
    longer, _ = waiting(deployed, tmp_path / "longer", "short")
    deployed.client.pause_durable_execution(DurableExecutionArn=longer)
    other, _ = waiting(deployed, tmp_path / "other", "short")
    deployed.client.pause_durable_execution(DurableExecutionArn=other, ExecutionTimeoutPaused=False)
    ended = deployed.ended(other)
    paused = deployed.get(longer)["Status"]
    deployed.client.resume_durable_execution(DurableExecutionArn=longer)
    resumed = deployed.get(longer)

    assert (ended["Status"], paused) == ("TIMED_OUT", "PAUSED")
    assert deployed.ended(longer)["Status"] == "TIMED_OUT"
    assert deployed.get(longer)["EndTimestamp"] >= resumed["ExpectedExecutionTimeoutTimestamp"]


def test_what_cannot_be_paused_resumed_or_deleted_is_refused(
    deployed: DurableFunctions, tmp_path: Path
) -> None:
    client = deployed.client
    arn, _ = waiting(deployed, tmp_path / "mark")
    resumed_early = refused(client.resume_durable_execution, DurableExecutionArn=arn)
    deleted_early = refused(client.delete_durable_execution, DurableExecutionArn=arn)
    client.pause_durable_execution(DurableExecutionArn=arn, ClientToken="one")
    client.pause_durable_execution(DurableExecutionArn=arn, ClientToken="one")
    paused_twice = refused(client.pause_durable_execution, DurableExecutionArn=arn)
    client.resume_durable_execution(DurableExecutionArn=arn, ClientToken="two")
    client.resume_durable_execution(DurableExecutionArn=arn, ClientToken="two")
    client.stop_durable_execution(DurableExecutionArn=arn)
    paused_late = refused(client.pause_durable_execution, DurableExecutionArn=arn)

    assert [resumed_early, deleted_early, paused_twice, paused_late] == [
        {"Code": "ResourceConflictException", "Message": message}
        for message in (
            f"Durable execution is RUNNING and cannot be resumed: {arn}",
            f"Durable execution is RUNNING and cannot be deleted: {arn}",
            f"Durable execution is PAUSED and cannot be paused: {arn}",
            f"Durable execution is STOPPED and cannot be paused: {arn}",
        )
    ]


def test_a_paused_execution_can_be_stopped_and_is_listed_as_it_is(
    deployed: DurableFunctions, tmp_path: Path
) -> None:
    arn, _ = waiting(deployed, tmp_path / "mark")
    deployed.client.pause_durable_execution(DurableExecutionArn=arn)
    [listed] = deployed.client.list_durable_executions_by_function(
        FunctionName="asks", Statuses=["PAUSED"]
    )["DurableExecutions"]
    deployed.client.stop_durable_execution(DurableExecutionArn=arn)

    assert (listed["DurableExecutionArn"], listed["Status"]) == (arn, "PAUSED")
    assert deployed.get(arn)["Status"] == "STOPPED"
    assert "PauseDetails" not in deployed.get(arn)


def test_an_execution_that_has_ended_can_be_deleted_and_its_name_used_again(
    deployed: DurableFunctions, tmp_path: Path
) -> None:
    name = {"DurableExecutionName": "once"}
    arn = deployed.start("asks", str(tmp_path / "mark"), **name)
    deployed.client.stop_durable_execution(DurableExecutionArn=arn)
    again = deployed.start("asks", str(tmp_path / "mark"), **name)
    deleted = deployed.client.delete_durable_execution(DurableExecutionArn=arn)
    listed = deployed.client.list_durable_executions_by_function(
        FunctionName="asks", DurableExecutionName="once"
    )["DurableExecutions"]

    assert again == arn
    assert deleted["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert listed == []
    assert refused(deployed.client.get_durable_execution, DurableExecutionArn=arn) == {
        "Code": "ResourceNotFoundException",
        "Message": f"Durable execution not found: {arn}",
    }
    assert deployed.start("asks", str(tmp_path / "mark"), **name) != arn
