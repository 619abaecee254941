# SPDX-License-Identifier: MIT-0
"""Failures of a state without an attempt: evaluations that fail, and the state that each fails."""

import pytest

from inspect_execution.histories.execution_history import read_execution_history
from inspect_execution.status import Status

from ..events import FAILED, STARTED, answered, at, entered, exited, scheduled, told
from .status_lists import statuses


def test_a_failed_evaluation_fails_its_state() -> None:
    failure = {"error": "States.QueryEvaluationError", "cause": "nothing", "state": "A"}
    [state] = read_execution_history(
        told(entered("A"), ("EvaluationFailed", failure)), "FAILED"
    ).states

    assert (state.status, state.error) == (Status.FAILED, "States.QueryEvaluationError")


def evaluation_failed(state: str, entered_at: int) -> tuple[str, dict[str, str]]:
    cause = f"An error occurred while executing the state '{state}' (entered at the event id #"
    details = {"error": "States.QueryEvaluationError", "cause": f"{cause}{entered_at}). …"}
    return "EvaluationFailed", {**details, "state": state}


@pytest.mark.parametrize("previous", [0, 3, 4])
def test_a_failed_evaluation_is_that_of_the_state_that_it_names(previous: int) -> None:
    """AWS gives 0 as the event before it, or one of the state before."""
    events = told(
        STARTED,
        entered("First", "Pass"),
        exited("First", "Pass"),
        entered("Second", "Pass"),
        evaluation_failed("Second", 4),
        ("ExecutionFailed", {"error": "States.QueryEvaluationError"}),
        before={5: previous},
    )
    history = read_execution_history(events, "FAILED")
    first, second = history.states

    assert (first.status, first.error) == (Status.SUCCEEDED, "")
    assert (second.status, second.error) == (Status.FAILED, "States.QueryEvaluationError")
    assert (second.exited, history.state_of_event[5], history.unplaced) == (at(5), 1, 0)


def test_of_two_visits_the_one_whose_entry_the_failure_names_has_failed() -> None:
    events = told(
        entered("Each", "Map"),
        ("MapStateStarted", {"length": 2}),
        ("MapIterationStarted", {"name": "Each", "index": 0}),
        ("MapIterationStarted", {"name": "Each", "index": 1}),
        entered("One", "Wait"),
        entered("One", "Wait"),
        evaluation_failed("One", 5),
        before={4: 2, 5: 3, 6: 4, 7: 0},
    )
    _, failed, running = read_execution_history(events, "RUNNING").states

    assert [failed.iteration, running.iteration] == [0, 1]
    assert [failed.status, running.status] == [Status.FAILED, Status.RUNNING]


def test_a_failed_evaluation_of_no_open_state_fails_none() -> None:
    events = told(
        entered("A", "Pass"), exited("A", "Pass"), ("EvaluationFailed", {"error": "E"})
    )  # fmt: skip
    history = read_execution_history(events, "FAILED")

    assert (history.states[0].status, history.unplaced) == (Status.SUCCEEDED, 1)


def test_a_task_whose_output_could_not_be_evaluated_has_failed_after_its_success() -> None:
    events = told(entered("A"), scheduled(), answered(), evaluation_failed("A", 1))
    [failed] = read_execution_history(events, "FAILED").states
    [caught, _] = read_execution_history(
        [*events, *told(exited("A"), entered("B", "Pass"), first=5)], "RUNNING"
    ).states

    assert (failed.status, failed.attempts[0].status) == (Status.FAILED, Status.SUCCEEDED)
    assert failed.error == "States.QueryEvaluationError"
    assert caught.status is Status.CAUGHT


RUNTIME = {"error": "States.Runtime", "cause": "Invalid path '$.nope'"}


def test_a_state_that_fails_the_execution_without_an_event_of_its_own_has_failed() -> None:
    events = told(
        entered("First", "Pass"),
        exited("First", "Pass"),
        entered("Second", "Choice"),
        ("ExecutionFailed", RUNTIME),
    )
    first, second = read_execution_history(events, "FAILED").states

    assert (first.status, second.status) == (Status.SUCCEEDED, Status.FAILED)
    assert (second.error, second.cause) == ("States.Runtime", "Invalid path '$.nope'")
    assert (second.exited, first.error) == (at(4), "")


def test_a_branch_that_fails_the_execution_fails_its_state_and_aborts_the_other_branch() -> None:
    cause = "An error occurred while executing the state 'Bad' (entered at the event id #4). …"
    events = told(
        entered("Both", "Parallel"),
        ("ParallelStateStarted", {}),
        entered("Slow", "Wait"),
        entered("Bad"),
        scheduled(),
        ("ExecutionFailed", {"error": "States.Runtime", "cause": cause}),
        before={4: 2, 6: 3},
    )
    history = read_execution_history(events, "FAILED")
    bad = history.states[2]

    assert statuses(history) == [
        ("Both", Status.FAILED),
        ("Slow", Status.ABORTED),
        ("Bad", Status.FAILED),
    ]
    assert (bad.error, bad.exited) == ("States.Runtime", at(6))
    assert (bad.attempts[0].status, bad.attempts[0].ended) == (Status.FAILED, at(6))


def test_a_state_with_a_failure_of_its_own_keeps_it() -> None:
    events = told(entered("A"), scheduled(), FAILED, ("ExecutionFailed", RUNTIME))
    [state] = read_execution_history(events, "FAILED").states

    assert (state.error, state.exited, state.attempts[0].ended) == ("OutOfStock", at(3), at(3))
