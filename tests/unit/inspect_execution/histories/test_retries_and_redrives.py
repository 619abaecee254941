# SPDX-License-Identifier: MIT-0
"""States that are entered or begun anew: by a redrive, and by a retry of a map or parallel."""

from typing import Any

import pytest

from inspect_execution.histories.execution_history import read_execution_history
from inspect_execution.json_document.state_values import state_values
from inspect_execution.json_document.values import time_value
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.model.timelines.state_timeline import state_rows
from inspect_execution.status import Status

from ..events import FAILED, STARTED, answered, at, entered, exited, recording, scheduled, told

PARALLEL: tuple[tuple[str, dict[str, Any]], ...] = (
    entered("Both", "Parallel"),
    ("ParallelStateStarted", {}),
    entered("One", "Fail"),
    ("ParallelStateFailed", {}),
)


def test_a_state_that_a_redrive_enters_again_was_not_caught() -> None:
    events = told(
        STARTED,
        entered("A"),
        scheduled(),
        FAILED,
        ("ExecutionFailed", {}),
        ("ExecutionRedriven", {}),
        entered("A"),
        scheduled(),
        answered(),
        exited("A"),
    )
    first, second = read_execution_history(events, "RUNNING").states

    assert (first.status, first.exited, second.status) == (
        Status.FAILED,
        at(4),
        Status.SUCCEEDED,
    )


def test_a_state_that_a_redrive_goes_on_in_runs_until_its_next_end() -> None:
    # As recorded from AWS: no second event enters the state, and its task follows the first.
    parts: tuple[tuple[str, dict[str, Any]], ...] = (
        STARTED,
        entered("A"),
        scheduled(),
        FAILED,
        ("ExecutionFailed", {}),
        ("ExecutionRedriven", {"redriveCount": 1}),
        scheduled(),
        answered(),
        exited("A"),
    )
    running = told(*parts[:7], before={7: 2})
    ended = told(*parts, before={7: 2})
    [begun] = read_execution_history(running, "RUNNING").states
    [left] = read_execution_history(ended, "SUCCEEDED").states

    assert (begun.status, begun.exited, begun.error) == (Status.RUNNING, None, "")
    assert [attempt.status for attempt in begun.attempts] == [Status.FAILED, Status.RUNNING]
    assert (left.status, left.exited, left.retries) == (Status.SUCCEEDED, at(9), 1)


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("ExecutionAborted", Status.ABORTED),
        ("ExecutionTimedOut", Status.TIMED_OUT),
        ("ExecutionFailed", Status.FAILED),
    ],
)
def test_an_attempt_that_waited_ends_with_the_run_before_a_redrive(
    end: str, status: Status
) -> None:
    # As recorded from AWS: a stop and a timeout follow no event, and the state is not left.
    before = {4: 3 if end == "ExecutionFailed" else 0, 6: 2}
    parts: tuple[tuple[str, dict[str, Any]], ...] = (
        STARTED,
        entered("A"),
        scheduled(),
        (end, {"error": "Enough"}),
        ("ExecutionRedriven", {"redriveCount": 1}),
        scheduled(),
        answered(),
        exited("A"),
    )
    view = build_view(recording(told(*parts, before=before)), Prices())
    [state] = view.history.states
    [row] = state_rows(view.history.states, [], view.ended)

    assert [(each.status, each.ended) for each in state.attempts] == [
        (status, at(4)),
        (Status.SUCCEEDED, at(7)),
    ]
    assert (state.status, state.exited) == (Status.SUCCEEDED, at(8))
    assert [(bar.kind, bar.started, bar.ended) for bar in row.bars] == [
        ("attempt 1", at(3), at(4)),
        ("pause", at(4), at(6)),
        ("attempt 2", at(6), at(7)),
    ]
    assert next(state_values(view))["attempts"][0]["ended"] == time_value(at(4))


def test_an_attempt_has_ended_before_the_redrive_schedules_the_next_one() -> None:
    parts: tuple[tuple[str, dict[str, Any]], ...] = (
        STARTED,
        entered("A"),
        scheduled(),
        ("ExecutionTimedOut", {}),
        ("ExecutionRedriven", {"redriveCount": 1}),
    )
    events = told(*parts, before={4: 0})
    [state] = read_execution_history(events, "RUNNING").states

    assert (state.status, state.attempts[0].ended) == (Status.RUNNING, at(4))
    # No retry follows: the task itself has not failed.
    assert not state.attempts[0].has_failed


def test_an_attempt_that_another_branch_stopped_before_a_redrive_was_aborted() -> None:
    events = told(
        STARTED,
        entered("Both", "Parallel"),
        ("ParallelStateStarted", {}),
        entered("One"),
        scheduled(),
        entered("Two"),
        ("ExecutionFailed", {"error": "States.Runtime"}),
        ("ExecutionRedriven", {}),
        scheduled(),
        before={6: 3, 9: 4},
    )
    one = read_execution_history(events, "RUNNING").states[1]

    assert [(each.status, each.ended) for each in one.attempts] == [
        (Status.ABORTED, at(7)),
        (Status.RUNNING, None),
    ]
    assert not one.attempts[0].has_failed


def test_what_was_stopped_before_a_redrive_ended_then() -> None:
    events = told(
        STARTED,
        entered("A"),
        scheduled(),
        ("ExecutionAborted", {}),
        ("ExecutionRedriven", {}),
        entered("A"),
    )
    first, second = read_execution_history(events, "RUNNING").states

    assert (first.status, first.exited, first.attempts[0].ended) == (
        Status.ABORTED,
        at(4),
        at(4),
    )
    assert second.status is Status.RUNNING


def test_a_redrive_takes_the_failure_of_the_execution_from_its_states() -> None:
    failed = [
        entered("Both", "Parallel"),
        ("ParallelStateStarted", {}),
        entered("One"),
        ("ExecutionFailed", {"error": "States.Runtime"}),
    ]
    redriven = [*failed, ("ExecutionRedriven", {}), scheduled()]

    assert [state.status for state in read_execution_history(told(*failed), "FAILED").states] == [
        Status.FAILED,
        Status.FAILED,
    ]
    assert [s.status for s in read_execution_history(told(*redriven), "RUNNING").states] == [
        Status.RUNNING,
        Status.RUNNING,
    ]


def test_a_parallel_state_that_is_to_be_retried_runs() -> None:
    both = read_execution_history(told(*PARALLEL), "RUNNING").states[0]

    assert (both.status, both.exited) == (Status.RUNNING, None)
    assert read_execution_history(told(*PARALLEL), "FAILED").states[0].status is Status.FAILED


def test_a_retry_of_a_parallel_state_is_a_transition() -> None:
    events = told(*PARALLEL, ("ParallelStateStarted", {}), entered("One", "Fail"))
    history = read_execution_history(events, "RUNNING")

    assert [(state.name, state.parent) for state in history.states] == [
        ("Both", None),
        ("One", 0),
        ("One", 0),
    ]
    assert history.transitions == 4


def test_events_of_no_state_are_counted() -> None:
    events = told(STARTED, FAILED, entered("A", "Pass"), exited("A", "Pass"))

    assert "1 event of no known state" in build_view(recording(events), Prices()).omissions
