# SPDX-License-Identifier: MIT-0
"""The visits of states in a document, each with the attempts of its task."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..histories.correlation import Correlation
from ..histories.execution_history import StateVisit
from ..histories.task_attempts import TaskAttempt
from ..model.execution_view import ExecutionView
from .values import optional_text, optional_time, seconds_between, status_value, time_value


def state_values(view: ExecutionView) -> Iterator[dict[str, Any]]:
    """All visits, in the order in which they began."""
    correlations = {(each.task.state, each.task.attempt): each for each in view.correlations}
    for state in view.history.states:
        yield _state(view, state, correlations)


def _state(
    view: ExecutionView, state: StateVisit, correlations: Mapping[tuple[int, int], Correlation]
) -> dict[str, Any]:
    exited = state.exited or view.ended
    return {
        "index": state.index,
        "name": state.name,
        "type": state.type,
        "parent": state.parent,
        "iteration": state.iteration,
        "status": status_value(state.status),
        "entered": time_value(state.entered),
        "exited": optional_time(exited),
        "seconds": seconds_between(state.entered, exited or view.now),
        "error": optional_text(state.error),
        "cause": optional_text(state.cause),
        "input": optional_text(state.input),
        "output": optional_text(state.output),
        "retries": state.retries,
        "attempts": [
            _attempt(view, each, correlations.get((state.index, each.number)))
            for each in state.attempts
        ],
    }


def _attempt(
    view: ExecutionView, attempt: TaskAttempt, correlation: Correlation | None
) -> dict[str, Any]:
    ended = attempt.ended or view.ended
    return {
        "number": attempt.number,
        "status": status_value(attempt.status),
        "resource": attempt.resource,
        "waits_for_callback": attempt.waits_for_callback,
        "scheduled": time_value(attempt.scheduled),
        "submitted": optional_time(attempt.submitted),
        "ended": optional_time(ended),
        "seconds": seconds_between(attempt.scheduled, ended or view.now),
        "error": optional_text(attempt.error),
        "cause": optional_text(attempt.cause),
        "durable_execution": correlation.arn if correlation else None,
        "correlation_method": correlation.method.name if correlation else None,
    }
