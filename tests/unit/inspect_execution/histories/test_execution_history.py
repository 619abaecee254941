# SPDX-License-Identifier: MIT-0
"""Step Functions' events become states and attempts."""

import pytest

from inspect_execution.histories.execution_history import read_execution_history
from inspect_execution.status import Status

from ..events import FAILED, STARTED, answered, at, entered, exited, scheduled, told
from .status_lists import statuses


def test_a_task_has_its_attempts_with_their_times_and_errors() -> None:
    events = told(
        STARTED, entered("A"), scheduled(), FAILED, scheduled(), answered(), exited("A")
    )  # fmt: skip
    history = read_execution_history(events, "SUCCEEDED")
    [state] = history.states
    first, second = state.attempts

    assert (state.status, state.entered, state.exited) == (Status.SUCCEEDED, at(2), at(7))
    assert (first.number, first.scheduled, first.ended) == (1, at(3), at(4))
    assert (first.status, first.error, first.cause) == (
        Status.FAILED,
        "OutOfStock",
        "no widgets left",
    )
    assert (second.number, second.status, second.ended) == (2, Status.SUCCEEDED, at(6))
    assert history.transitions == 2


def test_a_task_that_waits_is_submitted_before_it_ends() -> None:
    events = told(
        entered("A"),
        scheduled(resource="invoke.waitForTaskToken"),
        answered("TaskSubmitted"),
        ("TaskTimedOut", {"error": "States.Timeout"}),
        ("ExecutionFailed", {"error": "States.Timeout"}),
    )
    [state] = read_execution_history(events, "FAILED").states
    [attempt] = state.attempts

    assert (state.status, attempt.status) == (Status.TIMED_OUT, Status.TIMED_OUT)
    assert (attempt.submitted, attempt.ended, attempt.error) == (at(3), at(4), "States.Timeout")
    assert attempt.waits_for_callback


def test_a_failure_that_is_caught_is_not_that_of_the_execution() -> None:
    events = told(entered("A"), scheduled(), FAILED, exited("A"), entered("B", "Pass"))

    assert statuses(read_execution_history(events, "RUNNING")) == [
        ("A", Status.CAUGHT),
        ("B", Status.RUNNING),
    ]


def test_a_state_that_never_ended_ended_with_its_execution() -> None:
    events = told(entered("A"), scheduled())

    for execution_status, status in (
        ("RUNNING", Status.RUNNING),
        ("ABORTED", Status.ABORTED),
        ("TIMED_OUT", Status.TIMED_OUT),
    ):
        [state] = read_execution_history(events, execution_status).states
        assert (state.status, state.attempts[0].status) == (status, status)


def test_branches_and_iterations_are_told_apart_by_the_event_before() -> None:
    events = told(
        entered("Both", "Parallel"),
        ("ParallelStateStarted", {}),
        entered("Left", "Pass"),
        entered("Right"),
        scheduled(),
        exited("Left", "Pass"),
        answered(),
        exited("Right"),
        ("ParallelStateSucceeded", {}),
        exited("Both", "Parallel"),
        entered("Each", "Map"),
        ("MapStateStarted", {"length": 2}),
        ("MapIterationStarted", {"name": "Each", "index": 0}),
        ("MapIterationStarted", {"name": "Each", "index": 1}),
        entered("One", "Pass"),
        entered("One", "Pass"),
        exited("One", "Pass"),
        exited("One", "Pass"),
        before={4: 2, 6: 3, 7: 5, 10: 8, 14: 12, 15: 13, 16: 14, 17: 15, 18: 16},
    )
    history = read_execution_history(events, "RUNNING")
    shape = [(s.name, s.parent, s.iteration, s.depth, s.status.value) for s in history.states]

    assert shape == [
        ("Both", None, None, 0, "succeeded"),
        ("Left", 0, None, 1, "succeeded"),
        ("Right", 0, None, 1, "succeeded"),
        ("Each", None, None, 0, "running"),
        ("One", 3, 0, 1, "succeeded"),
        ("One", 3, 1, 1, "succeeded"),
    ]
    assert [state.exited for state in history.states[4:]] == [at(17), at(18)]
    assert len(history.states[2].attempts) == 1


def test_a_map_that_failed_and_was_caught_is_left() -> None:
    events = told(
        entered("Each", "Map"),
        ("MapStateStarted", {"length": 1}),
        ("MapIterationStarted", {"name": "Each", "index": 0}),
        entered("One", "Fail"),
        ("MapIterationFailed", {"name": "Each", "index": 0}),
        ("MapStateFailed", {}),
        exited("Each", "Map"),
        entered("Sorry", "Pass"),
    )
    history = read_execution_history(events, "RUNNING")

    assert statuses(history) == [
        ("Each", Status.CAUGHT),
        ("One", Status.FAILED),
        ("Sorry", Status.RUNNING),
    ]
    assert history.states[2].parent is None


@pytest.mark.parametrize("status", ["RUNNING", "SUCCEEDED"])
@pytest.mark.parametrize("has_event", [True, False])
def test_a_branch_that_another_ones_failure_ended_ended_with_it(
    status: str, has_event: bool
) -> None:
    events = told(
        entered("Both", "Parallel"),
        ("ParallelStateStarted", {}),
        entered("Slow"),
        scheduled(),
        entered("Bad"),
        scheduled(),
        FAILED,
        ("TaskStateAborted" if has_event else "TaskStarted", {}),
        ("ParallelStateFailed", {}),
        exited("Both", "Parallel"),
        entered("Rest", "Wait"),
        before={5: 2, 8: 4, 9: 7},
    )
    slow, bad = read_execution_history(events, status).states[1:3]
    end = at(8 if has_event else 9)

    assert (slow.status, slow.exited) == (Status.ABORTED, end)
    assert (slow.attempts[0].status, slow.attempts[0].ended) == (Status.ABORTED, end)
    assert (bad.status, bad.exited, bad.attempts[0].ended) == (Status.FAILED, at(7), at(7))


def test_a_map_that_was_caught_is_left_even_where_nothing_says_so() -> None:
    events = told(
        entered("Each", "Map"),
        ("MapStateStarted", {"length": 1}),
        ("MapStateFailed", {}),
        entered("Sorry", "Pass"),
    )
    history = read_execution_history(events, "RUNNING")

    assert [(state.name, state.parent) for state in history.states] == [
        ("Each", None),
        ("Sorry", None),
    ]


def test_a_function_named_by_its_arn_is_a_task_like_any_other() -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:plain"
    events = told(
        entered("A"),
        ("LambdaFunctionScheduled", {"resource": arn, "input": "{}"}),
        ("LambdaFunctionStarted", {}),
        ("LambdaFunctionSucceeded", {"output": "1"}),
        exited("A"),
    )
    [state] = read_execution_history(events, "SUCCEEDED").states

    assert [(a.resource, a.ended) for a in state.attempts] == [(arn, at(4))]


def test_what_is_not_known_is_counted_and_does_no_harm() -> None:
    events = told(entered("A", "Pass"), ("SomethingNew", {}), exited("A", "Pass"))
    history = read_execution_history(events, "SUCCEEDED")

    assert history.unknown == {"SomethingNew": 1}
    assert statuses(history) == [("A", Status.SUCCEEDED)]


def test_an_execution_that_was_stopped_before_its_first_state_has_none() -> None:
    history = read_execution_history(told(STARTED, ("ExecutionAborted", {})), "ABORTED")

    assert (history.states, history.transitions) == ((), 0)


def test_the_children_of_a_distributed_map_are_counted_as_runs() -> None:
    events = told(entered("Each", "Map"), ("MapRunStarted", {"mapRunArn": "arn"}))

    assert read_execution_history(events, "RUNNING").map_runs == 1
