# SPDX-License-Identifier: MIT-0
"""The pending waits of a durable execution: one for each of its innermost open operations."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ...histories.durable_history import DurableExecutionHistory
from ...histories.durable_operations import DurableOperation
from ...status import Status
from .pending_wait import Deadline, PendingWait, WaitKind

_GOES_ON = "Lambda invokes the handler, which goes on"
_CALLBACKS = "SendDurableExecutionCallbackSuccess or SendDurableExecutionCallbackFailure ends it"


def durable_waits(execution: DurableExecutionHistory) -> list[PendingWait]:
    """The pending waits of a durable execution; none if it has ended."""
    if execution.status not in (Status.RUNNING, Status.PAUSED):
        return []
    limits = _deadlines(execution)
    if execution.paused is not None:
        return [_resumption(execution, execution.paused, limits)]
    open_operations = [each for each in execution.operations if each.ended is None]
    parents = {each.parent for each in open_operations}
    waits = [
        _operation_wait(execution, each, limits)
        for each in open_operations
        if each.id not in parents
    ]
    return waits or [_between_operations(execution, limits)]


def _deadlines(execution: DurableExecutionHistory) -> tuple[Deadline, ...]:
    # While a pause stops the execution timeout, the time that Lambda gives is not the real one.
    if execution.times_out is None or execution.is_timeout_paused:
        return ()
    return (Deadline(execution.times_out, "the durable execution is TIMED_OUT"),)


def _resumption(
    execution: DurableExecutionHistory, since: datetime, limits: tuple[Deadline, ...]
) -> PendingWait:
    return PendingWait(
        kind=WaitKind.RESUMPTION,
        since=since,
        durable_execution=execution.arn,
        durable_name=execution.name,
        then="ResumeDurableExecution lets Lambda invoke the handler again",
        deadlines=limits,
    )


def _operation_wait(
    execution: DurableExecutionHistory, operation: DurableOperation, limits: tuple[Deadline, ...]
) -> PendingWait:
    kind, since, until, then = _extent(operation)
    return PendingWait(
        kind=kind,
        since=since,
        until=until,
        then=then,
        durable_execution=execution.arn,
        durable_name=execution.name,
        operation=operation.name,
        awaited=operation.invoked,
        deadlines=(*_callback_deadlines(operation), *limits),
    )


def _extent(operation: DurableOperation) -> tuple[WaitKind, datetime, datetime | None, str]:
    """The kind of a wait, since when, until when, and what happens then."""
    started = operation.started
    if operation.kind == "wait":
        return WaitKind.DURABLE_WAIT, started, operation.scheduled_end, _GOES_ON
    if operation.kind == "callback":
        return WaitKind.DURABLE_CALLBACK, started, None, _CALLBACKS
    if operation.kind == "chained invoke":
        return WaitKind.CHAINED_INVOKE, started, None, f"its end: {_GOES_ON}"
    last = operation.attempts[-1] if operation.attempts else None
    if last is None or last.ended is None:
        return WaitKind.RUNNING_INVOCATION, last.started if last else started, None, ""
    attempt = f"attempt {last.number + 1} of the step"
    return WaitKind.STEP_RETRY, last.ended, operation.due, f"Lambda invokes the handler: {attempt}"


def _callback_deadlines(operation: DurableOperation) -> Iterator[Deadline]:
    if operation.timeout_seconds:
        at = operation.started + timedelta(seconds=operation.timeout_seconds)
        yield Deadline(at, "the durable callback times out")
    if operation.heartbeat_seconds:
        yield Deadline(None, _without_heartbeat(operation.heartbeat_seconds))


def _without_heartbeat(seconds: float) -> str:
    return f"the durable callback times out {seconds:g} s after its last heartbeat"


def _between_operations(
    execution: DurableExecutionHistory, limits: tuple[Deadline, ...]
) -> PendingWait:
    """A durable execution without an open operation: its handler runs, or is about to."""
    last = execution.invocations[-1] if execution.invocations else None
    is_running = last is not None and last.ended is None
    has_failed = last is not None and bool(last.error)
    since = execution.started
    if last is not None:
        since = last.started if last.ended is None else last.ended
    return PendingWait(
        kind=WaitKind.RUNNING_INVOCATION if is_running else WaitKind.NEXT_INVOCATION,
        since=since,
        durable_execution=execution.arn,
        durable_name=execution.name,
        then="Lambda invokes a handler that failed again, with backoff" if has_failed else "",
        deadlines=limits,
    )
