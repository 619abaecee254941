# SPDX-License-Identifier: MIT-0
"""The durable executions in a document, with their invocations and operations."""

from collections.abc import Iterator
from typing import Any

from ..histories.durable_history import DurableExecutionHistory
from ..histories.durable_operations import DurableOperation, StepAttempt
from ..histories.handler_invocations import HandlerInvocation
from ..model.execution_view import ExecutionView
from .values import optional_text, optional_time, seconds_between, status_value, time_value


def durable_values(view: ExecutionView) -> Iterator[dict[str, Any]]:
    """All durable executions, in the order of the tasks that started them."""
    for each in view.durable:
        yield _durable_execution(view, each)


def _durable_execution(view: ExecutionView, execution: DurableExecutionHistory) -> dict[str, Any]:
    return {
        "arn": execution.arn,
        "function": execution.function,
        "version": execution.version,
        "status": status_value(execution.status),
        "started": time_value(execution.started),
        "ended": optional_time(execution.ended),
        "seconds": seconds_between(execution.started, execution.ended or view.now),
        "error": optional_text(execution.error),
        "input": optional_text(execution.input),
        "result": optional_text(execution.result),
        "started_by": [
            {
                "state": view.history.states[each.task.state].name,
                "state_index": each.task.state,
                "attempt": each.task.attempt,
            }
            for each in view.correlations
            if each.arn == execution.arn
        ],
        "invocations": [_invocation(view, each) for each in execution.invocations],
        "operations": [_operation(view, execution, each) for each in execution.operations],
    }


def _invocation(view: ExecutionView, invocation: HandlerInvocation) -> dict[str, Any]:
    return {
        "number": invocation.number,
        "is_replay": invocation.is_replay,
        "is_measured": invocation.is_measured,
        "started": time_value(invocation.started),
        "ended": optional_time(invocation.ended),
        "seconds": seconds_between(invocation.started, invocation.ended or view.now),
        "error": optional_text(invocation.error),
    }


def _operation(
    view: ExecutionView, execution: DurableExecutionHistory, operation: DurableOperation
) -> dict[str, Any]:
    ended = operation.ended or execution.ended
    return {
        "id": operation.id,
        "parent": operation.parent or None,
        "kind": operation.kind,
        "name": operation.name,
        "status": status_value(operation.status),
        "started": time_value(operation.started),
        "ended": optional_time(ended),
        "scheduled_end": optional_time(operation.scheduled_end),
        "seconds": seconds_between(operation.started, ended or view.now),
        "error": optional_text(operation.error),
        "result": optional_text(operation.result),
        "attempts": [_step_attempt(each) for each in operation.attempts],
    }


def _step_attempt(attempt: StepAttempt) -> dict[str, Any]:
    return {
        "number": attempt.number,
        "status": status_value(attempt.status),
        "started": time_value(attempt.started),
        "ended": optional_time(attempt.ended),
        "error": optional_text(attempt.error),
        "next_attempt_after_seconds": attempt.next_attempt_after_seconds or None,
    }
