# SPDX-License-Identifier: MIT-0
"""RedriveExecution, with histories as recorded from AWS."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ....support.stacks.scenario import wait_until
from ....support.step_functions.bare_machines import refusal
from ....support.step_functions.integrations import ACTIVITY, EXPRESS, Ended, Integrations, task

CONTEXT = {"execution": "{% $states.context.Execution %}", "state": "{% $states.context.State %}"}
WORK = task(ACTIVITY, CONTEXT)
CLOSED = ("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")


def taken(app: Integrations) -> tuple[str, Any]:
    """The token and the input of the activity's next task."""
    answer = app.step_functions.get_activity_task(activityArn=ACTIVITY)
    return answer["taskToken"], json.loads(answer["input"])


def succeed(app: Integrations, token: str, output: Any) -> None:
    app.step_functions.send_task_success(taskToken=token, output=json.dumps(output))


def fail(app: Integrations, token: str) -> None:
    app.step_functions.send_task_failure(taskToken=token, error="Torn", cause="the box")


def redrive(app: Integrations, arn: str, **given: str) -> Any:
    return app.step_functions.redrive_execution(executionArn=arn, **given)["redriveDate"]


def failed(app: Integrations, states: Mapping[str, Any], given: Any = None) -> str:
    """The ARN of an execution whose one task has failed."""
    arn = app.start(states, given)
    fail(app, taken(app)[0])
    app.ended(arn)
    return arn


def chain_from(ended: Ended, first: int) -> list[tuple[int, str, int]]:
    return [
        (event["id"], event["type"], event["previousEventId"])
        for event in ended.events[first - 1 :]
    ]


def test_a_redrive_goes_on_from_the_failed_state(nested: Integrations) -> None:
    retry = [{"ErrorEquals": ["Torn"], "MaxAttempts": 1}]
    states = {
        "Before": {"Type": "Pass", "Assign": {"kept": "{% $now() %}"}, "Next": "Work"},
        "Work": task(
            ACTIVITY, {**CONTEXT, "kept": "{% $kept %}"}, Retry=retry, Output="done", Next="After"
        ),
        "After": {"Type": "Pass", "Output": "{% $kept %}", "End": True},
    }
    client = nested.step_functions
    machine = nested.create(states)
    version = client.publish_state_machine_version(stateMachineArn=machine)
    arn = client.start_execution(stateMachineArn=version["stateMachineVersionArn"], input='{"n":1}')
    arn = arn["executionArn"]
    attempts = []
    for _ in range(2):
        token, first = taken(nested)
        fail(nested, token)
        attempts.append(first)
    before = nested.ended(arn)
    other = {"StartAt": "Other", "States": {"Other": {"Type": "Succeed"}}}
    client.update_state_machine(stateMachineArn=machine, definition=json.dumps(other))

    date = redrive(nested, arn)
    running = client.describe_execution(executionArn=arn)
    for _ in range(2):
        token, again = taken(nested)
        attempts.append(again)
        assert refusal(client.send_task_success, taskToken=token + "x", output="1")
        if len(attempts) == 3:
            fail(nested, token)
    succeed(nested, token, 1)
    after = nested.ended(arn)

    assert before.description["redriveStatus"] == "REDRIVABLE"
    assert "redriveDate" not in before.description
    assert (running["status"], running["redriveCount"], running["redriveDate"]) == (
        "RUNNING",
        1,
        date,
    )
    assert {"stopDate", "error", "cause"}.isdisjoint(running)
    assert running["stateMachineVersionArn"] == version["stateMachineVersionArn"]
    # Retries begin anew; the state has not been entered again.
    assert [each["state"]["RetryCount"] for each in attempts] == [0, 1, 0, 1]
    assert len({each["state"]["EnteredTime"] for each in attempts}) == 1
    assert [each["execution"]["RedriveCount"] for each in attempts] == [0, 0, 1, 1]
    assert "RedriveTime" not in attempts[0]["execution"]
    assert attempts[2]["execution"]["RedriveTime"] == date.isoformat("T", "milliseconds").replace(
        "+00:00", "Z"
    )
    # The variable is as it was, and the next state that of the first definition.
    assert json.loads(after.description["output"]) == attempts[0]["kept"] == attempts[2]["kept"]
    entered = [event["id"] for event in after.events if event["type"] == "TaskStateEntered"]
    assert chain_from(after, len(before.events))[:3] == [
        (len(before.events), "ExecutionFailed", len(before.events) - 1),
        (len(before.events) + 1, "ExecutionRedriven", len(before.events)),
        (len(before.events) + 2, "ActivityScheduled", entered[0]),
    ]
    assert len(entered) == 1
    assert after.details("ExecutionRedriven") == {"redriveCount": 1}
    times = [event["timestamp"] for event in after.events]
    assert times == sorted(times)
    assert times[len(before.events)] == date


def test_a_client_token_redrives_once(nested: Integrations) -> None:
    client = nested.step_functions
    arn = failed(nested, {"Work": WORK})
    first = redrive(nested, arn, clientToken="a")
    old, _ = taken(nested)

    running = f"Execution {arn} invalid for redrive as: Execution is RUNNING and cannot be redriven"
    assert redrive(nested, arn, clientToken="a") == first
    assert refusal(client.redrive_execution, executionArn=arn, clientToken="b") == (
        "ExecutionNotRedrivable",
        running,
    )
    fail(nested, old)
    nested.ended(arn)
    assert redrive(nested, arn, clientToken="a") == first
    assert nested.ended(arn).description["status"] == "FAILED"
    second = redrive(nested, arn, clientToken="b")
    assert redrive(nested, arn, clientToken="a") == first < second
    assert refusal(client.send_task_success, taskToken=old, output="1") == CLOSED
    succeed(nested, taken(nested)[0], "done")
    ended = nested.ended(arn)
    assert redrive(nested, arn, clientToken="b") == second

    assert ended.output == "done"
    assert ended.description["redriveCount"] == 2
    assert ended.description["redriveStatusReason"] == (
        "Execution is SUCCEEDED and cannot be redriven"
    )
    assert refusal(client.redrive_execution, executionArn=arn)[0] == "ExecutionNotRedrivable"
    [listed] = client.list_executions(stateMachineArn=ended.description["stateMachineArn"])[
        "executions"
    ]
    assert (listed["redriveCount"], listed["redriveDate"]) == (2, second)


def test_the_branches_that_succeeded_are_not_run_again(nested: Integrations) -> None:
    states = {"Good": WORK, "Bad": WORK, "Stopped": WORK}
    branches = [{"StartAt": name, "States": {name: state}} for name, state in states.items()]
    arn = nested.start({"Both": {"Type": "Parallel", "Branches": branches, "End": True}})
    tokens = {}
    for _ in branches:
        token, given = taken(nested)
        tokens[given["state"]["Name"]] = token
    succeed(nested, tokens["Good"], "kept")
    wait_for_exit(nested, arn, "Good")
    fail(nested, tokens["Bad"])
    before = nested.ended(arn)
    redrive(nested, arn)
    client = nested.step_functions
    assert refusal(client.send_task_success, taskToken=tokens["Stopped"], output="1") == CLOSED
    again = {}
    for _ in range(2):
        token, given = taken(nested)
        again[given["state"]["Name"]] = token
    for name in ("Stopped", "Bad"):
        succeed(nested, again[name], name)
        wait_for_exit(nested, arn, name)
    after = nested.ended(arn)

    entered = {
        event["stateEnteredEventDetails"]["name"]: event["id"]
        for event in after.events
        if event["type"] == "TaskStateEntered"
    }
    first = len(before.events)
    chain = chain_from(after, first + 1)
    assert after.output == ["kept", "Bad", "Stopped"]
    assert chain[0] == (first + 1, "ExecutionRedriven", first)
    assert {each[2] for each in chain if each[1] == "ActivityScheduled"} == {
        entered["Bad"],
        entered["Stopped"],
    }
    assert chain[-4:] == [
        (first + 9, "TaskStateExited", first + 8),
        (first + 10, "ParallelStateSucceeded", first + 9),
        (first + 11, "ParallelStateExited", first + 9),
        (first + 12, "ExecutionSucceeded", first + 11),
    ]
    assert after.types.count("ParallelStateStarted") == 1
    assert len(after.types) == first + 12


def wait_for_exit(app: Integrations, arn: str, state: str) -> None:
    def has_left() -> bool:
        events = app.step_functions.get_execution_history(executionArn=arn)["events"]
        return any(
            event.get("stateExitedEventDetails", {}).get("name") == state for event in events
        )

    wait_until(has_left, f"the exit of {state}")


def test_the_iterations_that_succeeded_are_not_run_again(nested: Integrations) -> None:
    item = {"n": "{% $states.input %}", **CONTEXT}
    processor = {"StartAt": "Item", "States": {"Item": task(ACTIVITY, item)}}
    mapped = {"Type": "Map", "Items": [10, 11, 12], "MaxConcurrency": 1, "End": True}
    arn = nested.start({"Each": {**mapped, "ItemProcessor": processor}})
    succeed(nested, taken(nested)[0], "kept")
    fail(nested, taken(nested)[0])
    before = nested.ended(arn)
    redrive(nested, arn)
    seen = []
    for _ in range(2):
        token, given = taken(nested)
        seen.append(given["n"])
        succeed(nested, token, given["n"])
    after = nested.ended(arn)

    first = len(before.events)
    item_entered = [event["id"] for event in after.events if event["type"] == "TaskStateEntered"]
    assert (seen, after.output) == ([11, 12], ["kept", 11, 12])
    assert chain_from(after, first + 1) == [
        (first + 1, "ExecutionRedriven", first),
        (first + 2, "ActivityScheduled", item_entered[1]),
        (first + 3, "ActivityStarted", first + 2),
        (first + 4, "ActivitySucceeded", first + 3),
        (first + 5, "TaskStateExited", first + 4),
        (first + 6, "MapIterationSucceeded", first + 5),
        (first + 7, "MapIterationStarted", first + 5),
        (first + 8, "TaskStateEntered", first + 7),
        (first + 9, "ActivityScheduled", first + 8),
        (first + 10, "ActivityStarted", first + 9),
        (first + 11, "ActivitySucceeded", first + 10),
        (first + 12, "TaskStateExited", first + 11),
        (first + 13, "MapIterationSucceeded", first + 12),
        (first + 14, "MapStateSucceeded", first + 13),
        (first + 15, "MapStateExited", first + 13),
        (first + 16, "ExecutionSucceeded", first + 15),
    ]


def test_a_stopped_execution_is_redriven_as_often_as_it_is_stopped(nested: Integrations) -> None:
    arn = nested.start({"Work": WORK})
    tokens = []
    for _ in range(2):
        tokens.append(taken(nested)[0])
        nested.step_functions.stop_execution(executionArn=arn, error="Enough")
        assert nested.ended(arn).description["redriveStatus"] == "REDRIVABLE"
        redrive(nested, arn)
    succeed(nested, taken(nested)[0], "done")
    ended = nested.ended(arn)

    for token in tokens:
        heartbeat = nested.step_functions.send_task_heartbeat
        assert refusal(heartbeat, taskToken=token) == CLOSED
    assert ended.output == "done"
    assert ended.types.count("TaskStateEntered") == 1
    aborted = ended.types.index("ExecutionAborted") + 1
    assert chain_from(ended, aborted)[:3] == [
        (aborted, "ExecutionAborted", 0),
        (aborted + 1, "ExecutionRedriven", aborted),
        (aborted + 2, "ActivityScheduled", 2),
    ]


def test_wherever_an_execution_is_stopped_it_goes_on_there(nested: Integrations) -> None:
    item = {
        "A": {"Type": "Wait", "Seconds": 2, "Assign": {"n": "{% $states.input %}"}, "Next": "B"},
        "B": {"Type": "Wait", "Seconds": 3, "Next": "C"},
        "C": {"Type": "Pass", "Output": "{% $n * 10 %}", "End": True},
    }
    mapped = {"Type": "Map", "Items": [1, 2, 3], "MaxConcurrency": 2, "Next": "After"}
    states = {
        "Each": {**mapped, "ItemProcessor": {"StartAt": "A", "States": item}},
        "After": {"Type": "Pass", "End": True},
    }
    machine, client = nested.create(states), nested.step_functions
    for stops in (1, 3, 5):
        arn = client.start_execution(stateMachineArn=machine)["executionArn"]
        redrives = 0
        while redrives < stops:
            client.stop_execution(executionArn=arn)
            if nested.ended(arn).description["status"] == "SUCCEEDED":
                break
            redrive(nested, arn)
            redrives += 1
        ended = nested.ended(arn)
        names = [
            event[f"state{end}EventDetails"]["name"] + end
            for event in ended.events
            for end in ("Entered", "Exited")
            if event["type"].endswith(f"State{end}")
        ]

        assert ended.output == [10, 20, 30]
        assert ended.description["redriveCount"] == redrives
        # Each state is entered and left once, wherever the execution was stopped.
        assert {name: names.count(name) for name in names} == {
            f"{state}{end}": 3 if state in item else 1
            for state in (*item, *states)
            for end in ("Entered", "Exited")
        }


def test_the_time_of_the_machine_begins_anew(nested: Integrations) -> None:
    item = {
        "Wait": {"Type": "Wait", "Seconds": 30, "Assign": {"n": "{% $states.input %}"}},
        "Left": {"Type": "Pass", "Output": "{% $n %}", "End": True},
    }
    item["Wait"]["Next"] = "Left"
    processor = {"StartAt": "Wait", "States": item}
    mapped = {"Type": "Map", "Items": [1, 2], "MaxConcurrency": 1, "End": True}
    states = {
        "Each": {**mapped, "ItemProcessor": processor},
        "Once": {"Type": "Pass", "Output": "once", "End": True},
    }
    branches = [{"StartAt": name, "States": {name: state}} for name, state in states.items()]
    both = {"Type": "Parallel", "Branches": branches, "End": True}
    definition = {
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": 50,
        "StartAt": "Both",
        "States": {"Both": both},
    }
    client = nested.step_functions
    machine = nested.create({"S": {"Type": "Succeed"}})
    client.update_state_machine(stateMachineArn=machine, definition=json.dumps(definition))
    arn = client.start_execution(stateMachineArn=machine)["executionArn"]
    before = nested.ended(arn)
    date = redrive(nested, arn)
    after = nested.ended(arn)

    assert before.description["status"] == "TIMED_OUT"
    assert before.details("ExecutionTimedOut") == {"error": "States.Timeout"}
    assert before.events[-1]["previousEventId"] == 0
    # The wait that was cut short is waited for from its beginning.
    assert after.output == [[1, 2], "once"]
    waited = (after.description["stopDate"] - date).total_seconds()
    assert waited == pytest.approx(30, abs=1)
    counts = {kind: after.types.count(kind) for kind in set(after.types)}
    assert counts["WaitStateEntered"] == counts["WaitStateExited"] == 2
    assert counts["MapIterationStarted"] == counts["MapIterationSucceeded"] == 2
    assert counts["PassStateEntered"] == counts["PassStateExited"] == 3
    assert counts["ParallelStateEntered"] == counts["ParallelStateStarted"] == 1
    assert counts["MapStateEntered"] == counts["MapStateStarted"] == 1


def test_a_fail_state_fails_again(nested: Integrations) -> None:
    arn = nested.start({"No": {"Type": "Fail", "Error": "No", "Cause": "never"}})
    nested.ended(arn)
    redrive(nested, arn)
    ended = nested.ended(arn)

    assert ended.failure == ("No", "never")
    assert chain_from(ended, 1) == [
        (1, "ExecutionStarted", 0),
        (2, "FailStateEntered", 0),
        (3, "ExecutionFailed", 2),
        (4, "ExecutionRedriven", 3),
        (5, "ExecutionFailed", 4),
    ]


def test_a_redriven_parent_starts_another_child(nested: Integrations) -> None:
    client = nested.step_functions
    child = nested.create({"No": {"Type": "Fail"}})
    states = {"S": task("states:startExecution.sync:2", {"StateMachineArn": child})}
    arn = nested.start(states)
    assert nested.ended(arn).description["status"] == "FAILED"
    good = {"StartAt": "Yes", "States": {"Yes": {"Type": "Pass", "End": True}}}
    client.update_state_machine(stateMachineArn=child, definition=json.dumps(good))
    redrive(nested, arn)
    ended = nested.ended(arn)

    children = client.list_executions(stateMachineArn=child)["executions"]
    assert [each["status"] for each in children] == ["SUCCEEDED", "FAILED"]
    assert ended.output["ExecutionArn"] == children[0]["executionArn"]
    assert [each["redriveCount"] for each in children] == [0, 0]


def test_a_role_needs_the_permission_to_redrive(nested: Integrations) -> None:
    arn = failed(nested, {"Work": WORK})
    call = ("aws-sdk:sfn:redriveExecution", {"ExecutionArn": arn})
    error, cause = nested.call(*call, role_id="PoorRole").failure
    redriven = nested.call(*call).output
    succeed(nested, taken(nested)[0], "done")

    assert error == "Sfn.SfnException"
    assert f"states:RedriveExecution on resource: {arn}" in cause
    assert redriven["RedriveDate"]
    assert nested.ended(arn).output == "done"


def test_what_cannot_be_redriven_is_refused_by_name(nested: Integrations) -> None:
    client = nested.step_functions
    machine = nested.create({"S": {"Type": "Succeed"}})
    missing = machine.replace(":stateMachine:", ":execution:") + ":none"
    express = EXPRESS.replace(":stateMachine:", ":express:") + ":a:b"

    assert refusal(client.redrive_execution, executionArn=missing) == (
        "ExecutionDoesNotExist",
        f"Execution Does Not Exist: '{missing}'",
    )
    assert refusal(client.redrive_execution, executionArn=express) == (
        "InvalidArn",
        "Invalid Arn: 'Resource type not valid in this context: express'",
    )
    of_machine = "cannot be applied to ListExecutions call with StateMachine ARN"
    assert refusal(client.list_executions, stateMachineArn=machine, redriveFilter="REDRIVEN") == (
        "ValidationException",
        f"RedriveFilter {of_machine}",
    )
    assert refusal(
        client.list_executions, stateMachineArn=machine, statusFilter="PENDING_REDRIVE"
    ) == ("ValidationException", f"PENDING_REDRIVE {of_machine}")
