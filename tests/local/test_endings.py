# SPDX-License-Identifier: MIT-0
"""How executions end that wait for a task: stopped, timed out, or without a heartbeat."""

import json

import pytest

from ..support.stacks.scenario import Scenario, wait_until
from ..support.stacks.waiting_tasks import WAITING, event_types, start_waiting

# A function that ends at once: nothing is left that could wait, and no time is skipped.
ENDS_AT_ONCE = {
    **WAITING["Arguments"],
    "Payload": {"token": "{% $states.context.Task.Token %}", "minutes_to_wait": 0},
}


def token_of(scenario: Scenario, execution: str) -> str:
    history = scenario.step_functions.get_execution_history(executionArn=execution)
    [scheduled] = [event for event in history["events"] if event["type"] == "TaskScheduled"]
    parameters = json.loads(scheduled["taskScheduledEventDetails"]["parameters"])
    return str(parameters["Payload"]["token"])


SUBMITTED = [
    "ExecutionStarted",
    "TaskStateEntered",
    "TaskScheduled",
    "TaskStarted",
    "TaskSubmitted",
]


def assert_closed(scenario: Scenario, execution: str) -> None:
    with pytest.raises(scenario.step_functions.exceptions.TaskTimedOut):
        scenario.step_functions.send_task_success(
            taskToken=token_of(scenario, execution), output="{}"
        )


def test_a_stopped_execution_is_aborted_at_once_and_its_task_closed(scenario: Scenario) -> None:
    execution = start_waiting(scenario, {}, HeartbeatSeconds=3600)
    scenario.step_functions.stop_execution(executionArn=execution, error="Stopped", cause="why")
    ended = scenario.end_of(execution)

    assert (ended["status"], ended["error"], ended["cause"]) == ("ABORTED", "Stopped", "why")
    assert event_types(scenario, execution) == [*SUBMITTED, "ExecutionAborted"]
    assert_closed(scenario, execution)


def test_stopping_what_has_ended_changes_nothing(scenario: Scenario) -> None:
    execution = start_waiting(scenario, {}, HeartbeatSeconds=3600)
    scenario.step_functions.send_task_failure(
        taskToken=token_of(scenario, execution), error="E", cause="c"
    )
    ended = scenario.end_of(execution)
    scenario.step_functions.stop_execution(executionArn=execution, error="Stopped")

    assert (ended["status"], ended["error"]) == ("FAILED", "E")
    assert scenario.end_of(execution) | {"ResponseMetadata": None} == ended | {
        "ResponseMetadata": None
    }


def test_a_heartbeat_that_runs_out_fails_the_execution_as_recorded(scenario: Scenario) -> None:
    execution = start_waiting(scenario, {}, HeartbeatSeconds=1)
    ended = scenario.end_of(execution)

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")
    assert event_types(scenario, execution) == [*SUBMITTED, "TaskTimedOut", "ExecutionFailed"]
    assert_closed(scenario, execution)


def test_a_heartbeat_restarts_the_clock_of_its_task(scenario: Scenario) -> None:
    execution = start_waiting(scenario, {}, HeartbeatSeconds=2, Arguments=ENDS_AT_ONCE)
    token = token_of(scenario, execution)
    for _ in range(3):
        with pytest.raises(AssertionError):
            wait_until(
                lambda: "TaskTimedOut" in event_types(scenario, execution), "nothing", seconds=1.1
            )
        scenario.step_functions.send_task_heartbeat(taskToken=token)
    scenario.step_functions.send_task_success(taskToken=token, output='"alive"')

    assert scenario.end_of(execution)["output"] == '"alive"'


def test_a_task_that_times_out_fails_the_execution(scenario: Scenario) -> None:
    execution = start_waiting(scenario, {}, TimeoutSeconds=1)
    ended = scenario.end_of(execution)

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")
    assert_closed(scenario, execution)


def test_a_machine_that_times_out_is_timed_out_and_its_task_closed(scenario: Scenario) -> None:
    execution = start_waiting(scenario, {"TimeoutSeconds": 1})
    ended = scenario.end_of(execution)

    assert ended["status"] == "TIMED_OUT"
    assert ended["stopDate"] >= ended["startDate"]
    wait_until(lambda: len(event_types(scenario, execution)) > len(SUBMITTED), "the last event")
    assert event_types(scenario, execution) == [*SUBMITTED, "ExecutionTimedOut"]
    assert_closed(scenario, execution)
