# SPDX-License-Identifier: MIT-0
"""Which errors Retry and Catch apply to, and what an error's cause says."""

import json
from typing import Any

import pytest

from local.step_functions.executions.error_names import error_equals_applies

from ....support.step_functions.machines import LAMBDA, Machines, invoke, one

CAUGHT = {"Type": "Pass", "Result": "caught", "End": True}
END = {"Type": "Pass", "End": True}


def catching(state: dict[str, Any], *names: str) -> dict[str, Any]:
    return one({**state, "Catch": [{"ErrorEquals": list(names), "Next": "Caught"}]}, Caught=CAUGHT)


@pytest.mark.parametrize("name", ["States.ALL", "States.TaskFailed"])
def test_a_path_that_matches_nothing_is_not_caught_by_a_wildcard(
    machines: Machines, name: str
) -> None:
    ended = machines.run(catching(invoke({"x.$": "$.nothing"}), name), {"a": 1})

    assert ended["status"] == "FAILED"
    assert ended["error"] == "States.Runtime"
    assert ended["cause"] == (
        "An error occurred while executing the state 'S' (entered at the event id #2). "
        "The JSONPath '$.nothing' specified for the field 'x.$' could not be found "
        "in the input '{\"a\":1}'"
    )


def test_a_result_over_the_size_limit_is_caught_by_its_own_name_alone(machines: Machines) -> None:
    # Of the input, not of the definition: to parse one as long takes seconds.
    twice, given = invoke({"x.$": "$.x", "y.$": "$.x"}), {"x": "x" * 140_000}
    by_all = machines.run(catching(twice, "States.ALL"), given)
    by_name = machines.run(catching(twice, "States.DataLimitExceeded"), given)

    assert (by_all["status"], by_all["error"]) == ("FAILED", "States.DataLimitExceeded")
    assert by_name["output"] == '"caught"'


@pytest.mark.parametrize(
    ("names", "error", "is_applied"),
    [
        ({"States.ALL"}, "Any", True),
        ({"States.ALL"}, None, True),
        ({"States.ALL"}, "States.Timeout", True),
        ({"States.ALL"}, "States.Runtime", False),
        ({"States.ALL"}, "States.DataLimitExceeded", False),
        ({"States.Runtime"}, "States.Runtime", True),
        ({"States.TaskFailed"}, "Any", True),
        ({"States.TaskFailed"}, "States.Permissions", True),
        ({"States.TaskFailed"}, "States.Timeout", False),
        ({"States.TaskFailed"}, "States.HeartbeatTimeout", False),
        ({"States.TaskFailed"}, "States.Runtime", False),
        ({"States.Timeout"}, "States.HeartbeatTimeout", True),
        ({"States.HeartbeatTimeout"}, "States.HeartbeatTimeout", True),
        ({"States.HeartbeatTimeout"}, "States.Timeout", False),
        ({"Other"}, "Any", False),
    ],
)
def test_error_equals_applies_as_documented(
    names: set[str | None], error: str | None, is_applied: bool
) -> None:
    assert error_equals_applies(names, error) is is_applied


@pytest.mark.parametrize("name", ["States.HeartbeatTimeout", "States.Timeout", "States.ALL"])
def test_a_missing_heartbeat_is_caught_under_either_name(machines: Machines, name: str) -> None:
    waiting = invoke(
        {"token.$": "$$.Task.Token"}, Resource=f"{LAMBDA}.waitForTaskToken", HeartbeatSeconds=1
    )
    execution = machines.start(catching(waiting, name))
    ended = machines.ended(execution)
    [timed_out] = [event for event in machines.events(execution) if event["type"] == "TaskTimedOut"]

    assert ended["output"] == '"caught"'
    assert timed_out["taskTimedOutEventDetails"] == {
        "error": "States.Timeout",
        "resource": "invoke.waitForTaskToken",
        "resourceType": "lambda",
    }


def test_a_task_out_of_time_is_not_caught_as_a_missing_heartbeat(machines: Machines) -> None:
    waiting = invoke(
        {"token.$": "$$.Task.Token"}, Resource=f"{LAMBDA}.waitForTaskToken", TimeoutSeconds=1
    )
    ended = machines.run(catching(waiting, "States.HeartbeatTimeout"))

    assert (ended["status"], ended["error"]) == ("FAILED", "States.Timeout")


FAILS = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "States.Timeout", "Cause": "c"}}}


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Parallel", "Branches": [FAILS], "End": True},
        {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": FAILS, "End": True},
    ],
    ids=["branch", "iteration"],
)
def test_an_error_of_the_service_passes_through(machines: Machines, state: dict[str, Any]) -> None:
    uncaught = machines.run(one(state), {"items": [1]})
    caught = machines.run(catching(state, "States.Timeout"), {"items": [1]})

    assert (uncaught["error"], uncaught["cause"]) == ("States.Timeout", "c")
    assert caught["output"] == '"caught"'


def test_a_retry_counts_in_the_context_object_until_the_task_succeeds(machines: Machines) -> None:
    retried = invoke(
        {"attempt.$": "$$.State.RetryCount", "failures": 2},
        Retry=[{"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 3}],
    )

    assert json.loads(machines.run(one(retried))["output"]) == {"attempt": 2, "failures": 2}


def test_the_cause_of_a_failed_result_names_the_event_that_entered_the_state(
    machines: Machines,
) -> None:
    items = {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": END}}, "End": True}
    ended = machines.run(one({**items, "ResultSelector": {"a.$": "$.nothing"}}), [1])

    assert "the state 'S' (entered at the event id #2). The JSONPath '$.nothing'" in ended["cause"]


def test_a_cause_that_quotes_the_context_object_holds_no_task_token(machines: Machines) -> None:
    waiting = invoke(
        {"token.$": "$$.Task.Token", "x.$": "$$.Task.Nothing"},
        Resource=f"{LAMBDA}.waitForTaskToken",
    )
    execution = machines.start(one(waiting))
    cause = machines.ended(execution)["cause"]

    assert "The JSONPath '$$.Task.Nothing' specified for the field 'x.$' could not be" in cause
    assert '"Task":{"Token":"***"}' in cause
    assert [event["type"] for event in machines.events(execution)][-1] == "ExecutionFailed"
