# SPDX-License-Identifier: MIT-0
"""Which event each event of a history follows."""

from typing import Any

import pytest

from ....support.step_functions.machines import WAITING, Machines, one

END = {"Type": "Pass", "End": True}
INNER = {"StartAt": "I", "States": {"I": END}}
OTHER = {"StartAt": "O", "States": {"O": END}}
UNDEFINED = "{% $states.input.nothing %}"


def jsonata(**state: Any) -> dict[str, Any]:
    """A JSONata machine: a state that succeeds, and one that cannot be evaluated."""
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "First",
        "States": {"First": {"Type": "Pass", "Next": "S"}, "S": {"End": True, **state}},
    }


FIRST = [(1, "ExecutionStarted", 0), (2, "PassStateEntered", 0), (3, "PassStateExited", 2)]


def test_a_failed_evaluation_follows_the_event_before_its_state_was_entered(
    machines: Machines,
) -> None:
    execution = machines.start(jsonata(Type="Pass", Output=UNDEFINED))
    cause = machines.ended(execution)["cause"]

    assert machines.chain(execution) == [
        *FIRST,
        (4, "PassStateEntered", 3),
        (5, "EvaluationFailed", 3),
        (6, "ExecutionFailed", 5),
    ]
    assert "the state 'S' (entered at the event id #4)" in cause


def test_items_that_are_no_array_fail_their_map_state(machines: Machines) -> None:
    machine = jsonata(Type="Map", Items="{% $states.input.nothing %}", ItemProcessor=INNER)
    execution = machines.start(machine)
    machines.ended(execution)

    assert machines.chain(execution) == [
        *FIRST,
        (4, "MapStateEntered", 3),
        (5, "EvaluationFailed", 3),
        (6, "MapStateFailed", 5),
        (7, "ExecutionFailed", 6),
    ]


def test_every_attempt_that_cannot_be_evaluated_is_recorded(machines: Machines) -> None:
    retry = [
        {"ErrorEquals": ["States.QueryEvaluationError"], "IntervalSeconds": 1, "MaxAttempts": 1}
    ]
    machine = jsonata(
        Type="Task",
        Resource="arn:aws:states:::lambda:invoke",
        Arguments={"FunctionName": "echo", "Payload": UNDEFINED},
        Retry=retry,
    )
    execution = machines.start(machine)
    machines.ended(execution)

    assert machines.chain(execution) == [
        *FIRST,
        (4, "TaskStateEntered", 3),
        (5, "EvaluationFailed", 3),
        (6, "EvaluationFailed", 5),
        (7, "ExecutionFailed", 6),
    ]


def test_every_branch_follows_the_start_of_its_parallel_state(machines: Machines) -> None:
    execution = machines.start(one({"Type": "Parallel", "Branches": [INNER, OTHER], "End": True}))
    machines.ended(execution)
    chain = machines.chain(execution)
    entered = [event for event in chain if event[1] == "PassStateEntered"]
    exited = [event for event in chain if event[1] == "PassStateExited"]

    assert chain[:3] == [
        (1, "ExecutionStarted", 0),
        (2, "ParallelStateEntered", 0),
        (3, "ParallelStateStarted", 2),
    ]
    assert [previous for _, _, previous in entered] == [3, 3]
    assert {previous for _, _, previous in exited} == {event for event, _, _ in entered}
    assert chain[-3:] == [
        (8, "ParallelStateSucceeded", 7),
        (9, "ParallelStateExited", 7),
        (10, "ExecutionSucceeded", 9),
    ]


def test_iterations_one_at_a_time_follow_the_last_event_of_the_one_before(
    machines: Machines,
) -> None:
    state = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": INNER, "End": True}
    execution = machines.start(one(state), ["a", "b"])
    machines.ended(execution)

    # As recorded from the service.
    assert machines.chain(execution) == [
        (1, "ExecutionStarted", 0),
        (2, "MapStateEntered", 0),
        (3, "MapStateStarted", 2),
        (4, "MapIterationStarted", 3),
        (5, "PassStateEntered", 4),
        (6, "PassStateExited", 5),
        (7, "MapIterationSucceeded", 6),
        (8, "MapIterationStarted", 6),
        (9, "PassStateEntered", 8),
        (10, "PassStateExited", 9),
        (11, "MapIterationSucceeded", 10),
        (12, "MapStateSucceeded", 11),
        (13, "MapStateExited", 11),
        (14, "ExecutionSucceeded", 13),
    ]


@pytest.mark.parametrize("error", [None, "Stopped"])
def test_a_stop_is_the_last_event_and_follows_none(machines: Machines, error: str | None) -> None:
    execution = machines.start(one(WAITING))
    arguments = {"error": error} if error else {}
    machines.client.stop_execution(executionArn=execution, **arguments)
    ended = machines.client.describe_execution(executionArn=execution)

    assert (ended["status"], ended.get("error")) == ("ABORTED", error)
    assert machines.chain(execution)[-1][1:] == ("ExecutionAborted", 0)
