# SPDX-License-Identifier: MIT-0
"""Executions that start others: at once, or waiting for their end, as recorded from AWS."""

import json
from typing import Any

import pytest

from ....support.stacks.scenario import wait_until
from ....support.step_functions.integrations import ACTIVITY, CHILD, Integrations, task

FIELDS = {
    "ExecutionArn",
    "Input",
    "InputDetails",
    "Name",
    "Output",
    "OutputDetails",
    "StartDate",
    "StateMachineArn",
    "Status",
    "StopDate",
}
WAITS = {"S": task(ACTIVITY, {"pack": 1})}


def waiting_child(app: Integrations) -> str:
    """The ARN of a machine whose executions wait for a worker that never comes."""
    return app.create(WAITS)


def only_execution(app: Integrations, machine: str) -> str:
    """The ARN of a machine's one execution, once it has begun."""

    def arns() -> list[str]:
        listed = app.step_functions.list_executions(stateMachineArn=machine)["executions"]
        return [each["executionArn"] for each in listed]

    wait_until(lambda: bool(arns()), f"an execution of {machine}")
    [arn] = arns()
    return arn


def wait_for(app: Integrations, arn: str, event_type: str) -> None:
    def types() -> list[str]:
        events = app.step_functions.get_execution_history(executionArn=arn)["events"]
        return [event["type"] for event in events]

    wait_until(lambda: event_type in types(), f"{event_type} in {arn}")


def test_a_child_is_started_once_under_its_name(nested: Integrations) -> None:
    arguments = {"StateMachineArn": CHILD, "Name": "one", "Input": {"a": 1}}
    started = nested.call("states:startExecution", arguments)
    child = nested.ended(started.output["ExecutionArn"])
    again = nested.call("states:startExecution", {**arguments, "Input": {"a": 2}})

    assert started.output["ExecutionArn"] == CHILD.replace("stateMachine", "execution") + ":one"
    # Milliseconds, as AWS's SDK for Java writes a date.
    start = round(child.description["startDate"].timestamp() * 1000)
    assert started.output["StartDate"] == start
    assert child.output == {"given": {"a": 1}, "n": 2}
    error, cause = again.failure
    assert error == "StepFunctions.ExecutionAlreadyExistsException"
    assert cause.startswith(
        f"Execution Already Exists: '{child.description['executionArn']}' (Service: "
        "AWSStepFunctions; Status Code: 400; Error Code: ExecutionAlreadyExists; Request ID: "
    )


@pytest.mark.parametrize(
    ("pattern", "given", "output"),
    [
        ("sync", '{"a":1}', '{"given":{"a":1},"n":2}'),
        ("sync:2", {"a": 1}, {"given": {"a": 1}, "n": 2}),
    ],
)
def test_the_result_of_a_child_that_is_waited_for_is_its_description(
    nested: Integrations, pattern: str, given: Any, output: Any
) -> None:
    arguments = {"StateMachineArn": CHILD, "Input": {"a": 1}}
    ended = nested.call(f"states:startExecution.{pattern}", arguments)

    assert set(ended.output) == FIELDS
    assert (ended.output["Input"], ended.output["Output"]) == (given, output)
    assert (ended.output["Status"], ended.output["StateMachineArn"]) == ("SUCCEEDED", CHILD)
    assert ended.types[2:7] == [
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskStateExited",
    ]
    assert ended.details("TaskSubmitted")["resource"] == f"startExecution.{pattern}"
    assert ended.details("TaskSubmitted")["output"]["ExecutionArn"] == ended.output["ExecutionArn"]


def test_a_child_that_fails_fails_the_task_with_its_description(nested: Integrations) -> None:
    fails = nested.create({"F": {"Type": "Fail", "Error": "Sad", "Cause": "very"}})
    arguments = {"StateMachineArn": fails, "Input": {"a": 1}}
    error, text = nested.call("states:startExecution.sync:2", arguments).failure
    cause = json.loads(text)

    assert error == "States.TaskFailed"
    assert set(cause) == FIELDS - {"Output", "OutputDetails"} | {"Error", "Cause"}
    assert (cause["Status"], cause["Error"], cause["Cause"]) == ("FAILED", "Sad", "very")
    assert cause["Input"] == {"a": 1}


def test_a_child_is_stopped_with_its_parent(nested: Integrations) -> None:
    machine = waiting_child(nested)
    arn = nested.start({"S": task("states:startExecution.sync", {"StateMachineArn": machine})})
    child = only_execution(nested, machine)
    wait_for(nested, arn, "TaskSubmitted")
    nested.step_functions.stop_execution(executionArn=arn, error="Stopped", cause="by hand")

    assert nested.ended(child).types[-1] == "ExecutionAborted"
    parent = nested.ended(arn)
    assert (parent.description["status"], parent.types[-1]) == ("ABORTED", "ExecutionAborted")


def test_a_child_is_stopped_with_its_branch(nested: Integrations) -> None:
    machine = waiting_child(nested)
    start = task("states:startExecution.sync", {"StateMachineArn": machine})
    activity = nested.step_functions.create_activity(name="branch")["activityArn"]
    branches = [
        {"StartAt": "A", "States": {"A": start}},
        {"StartAt": "B", "States": {"B": task(activity, None)}},
    ]
    arn = nested.start({"P": {"Type": "Parallel", "Branches": branches, "End": True}})
    child = only_execution(nested, machine)
    wait_for(nested, arn, "TaskSubmitted")
    token = nested.step_functions.get_activity_task(activityArn=activity)["taskToken"]
    nested.step_functions.send_task_failure(taskToken=token, error="Boom", cause="other branch")

    assert nested.ended(arn).failure == ("Boom", "other branch")
    assert nested.ended(child).description["status"] == "ABORTED"


def test_a_child_is_stopped_when_its_task_times_out(nested: Integrations) -> None:
    machine = waiting_child(nested)
    start = task("states:startExecution.sync:2", {"StateMachineArn": machine}, TimeoutSeconds=1)
    ended = nested.ended(nested.start({"S": start}))

    assert ended.types[-2:] == ["TaskTimedOut", "ExecutionFailed"]
    assert ended.description["error"] == "States.Timeout"
    assert nested.ended(only_execution(nested, machine)).description["status"] == "ABORTED"


def test_an_express_child_cannot_be_waited_for(nested: Integrations) -> None:
    machine = nested.create({"P": {"Type": "Pass", "End": True}}, type="EXPRESS")
    started = nested.call("states:startExecution", {"StateMachineArn": machine})
    waited = nested.call("states:startExecution.sync", {"StateMachineArn": machine})

    assert ":express:" in started.output["ExecutionArn"]
    assert waited.failure[0] == "StepFunctions.InvalidArnException"


def test_the_waits_of_a_child_are_skipped(nested: Integrations) -> None:
    child = nested.create({"W": {"Type": "Wait", "Seconds": 3600, "End": True}})
    output = nested.call("states:startExecution.sync:2", {"StateMachineArn": child}).output

    assert output["StopDate"] - output["StartDate"] in range(3_600_000, 3_660_000)
