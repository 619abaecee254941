# SPDX-License-Identifier: MIT-0
"""GetDurableExecutionHistory: what happened in an execution, in the order in which it did.

https://docs.aws.amazon.com/lambda/latest/api/API_GetDurableExecutionHistory.html
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from aws_durable_execution_sdk_python.lambda_service import (
    Operation,
    OperationAction,
    OperationStatus,
    OperationType,
    OperationUpdate,
)

from ..execution import DurableExecution
from .event_details import (
    Data,
    EventDetails,
    ended_details,
    invocation_details,
    paused_details,
    resumed_details,
    retry_details,
    started_details,
)
from .wire import invalid_parameter, seconds

DEFAULT_PAGE_EVENTS = 100
MAX_PAGE_EVENTS = 1000
_TYPES = {
    OperationType.EXECUTION: "Execution",
    OperationType.CONTEXT: "Context",
    OperationType.STEP: "Step",
    OperationType.WAIT: "Wait",
    OperationType.CALLBACK: "Callback",
    OperationType.CHAINED_INVOKE: "ChainedInvoke",
}
_ENDS = {
    OperationStatus.SUCCEEDED: "Succeeded",
    OperationStatus.FAILED: "Failed",
    OperationStatus.TIMED_OUT: "TimedOut",
    OperationStatus.STOPPED: "Stopped",
    OperationStatus.CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class Page:
    """Which part of a history a call asks for, as it came over the wire."""

    marker: str | None
    max_items: str | None
    is_newest_first: bool

    def of(self, events: list[dict[str, Any]]) -> dict[str, Any]:
        """The answer with that part of the events.

        Raises:
            LambdaError: the marker or the number of items is not one
        """
        last = _number("Marker", self.marker)
        if self.is_newest_first:
            # Others may have come since: those before the last one are found by its id.
            events = events[: last - 1 if last else None][::-1]
        else:
            events = events[last:]
        size = _number("MaxItems", self.max_items) or DEFAULT_PAGE_EVENTS
        if size > MAX_PAGE_EVENTS:
            raise invalid_parameter(f"MaxItems must be at most {MAX_PAGE_EVENTS}: {size}")
        answer: dict[str, Any] = {"Events": events[:size]}
        if size < len(events):
            answer["NextMarker"] = str(events[size - 1]["EventId"])
        return answer


def history(execution: DurableExecution, *, with_data: bool) -> list[dict[str, Any]]:
    """Every event of an execution, the oldest first.

    Args:
        with_data: whether payloads, results and errors are part of it
    """
    dispatching = execution.dispatching()
    events = list(_events(execution, Data(with_data)))
    # The sort is stable: what happens in one checkpoint keeps its order.
    events.sort(key=lambda event: event.time)
    # An event never changes: that of a chained invoke, and all that follow it, are shown once it
    # has its version and its execution.
    known = takewhile(lambda event: event.operation_id not in dispatching, events)
    return [event.document(number) for number, event in enumerate(known, 1)]


@dataclass(frozen=True)
class _Event:
    type: str
    time: datetime
    details: EventDetails
    operation: Operation | None = None

    @property
    def operation_id(self) -> str | None:
        return self.operation.operation_id if self.operation else None

    def document(self, number: int) -> dict[str, Any]:
        document: dict[str, Any] = {"EventType": self.type}
        if self.operation:
            identity = {
                "SubType": self.operation.sub_type,
                "Id": self.operation.operation_id,
                "Name": self.operation.name,
                "ParentId": self.operation.parent_id,
            }
            document |= {key: value for key, value in identity.items() if value is not None}
        document |= {"EventId": number, "EventTimestamp": seconds(self.time)}
        return {**document, f"{self.type}Details": self.details}


def _events(execution: DurableExecution, data: Data) -> Iterator[_Event]:
    root = execution.get_operation_execution_started()
    yield _started(execution, root, None, execution.started, data)
    yield from _updates(execution, data)
    for invocation in execution.invocation_completions:
        yield _Event(
            "InvocationCompleted", invocation.end_timestamp, invocation_details(invocation, data)
        )
    yield from _pauses(execution, data)
    yield from _ends_without_update(execution, data)


def _updates(execution: DurableExecution, data: Data) -> Iterator[_Event]:
    """One event for each change that a handler has checkpointed."""
    operations = {each.operation_id: each for each in execution.operations}
    retries: Counter[str] = Counter()
    for update, time in zip(execution.updates, execution.update_timestamps, strict=True):
        operation = operations.get(update.operation_id)
        if operation is None or operation.operation_type is OperationType.EXECUTION:
            continue
        if update.action is OperationAction.START:
            yield _started(execution, operation, update, time, data)
            continue
        attempt = retries[update.operation_id] + 1
        yield _ended_by(execution, operation, update, time, data, attempt)
        retries[update.operation_id] += update.action is OperationAction.RETRY


def _started(
    execution: DurableExecution,
    operation: Operation,
    update: OperationUpdate | None,
    time: datetime,
    data: Data,
) -> _Event:
    details = started_details(execution, operation, update, data)
    return _Event(f"{_TYPES[operation.operation_type]}Started", time, details, operation)


def _ended_by(
    execution: DurableExecution,
    operation: Operation,
    update: OperationUpdate,
    time: datetime,
    data: Data,
    attempt: int,
) -> _Event:
    is_failure = update.error is not None or update.action is OperationAction.FAIL
    end = "Cancelled" if update.action is OperationAction.CANCEL else None
    end = end or ("Failed" if is_failure else "Succeeded")
    details = ended_details(execution, operation, update, data)
    if operation.operation_type is OperationType.STEP:
        details |= retry_details(attempt, update)
    return _Event(f"{_TYPES[operation.operation_type]}{end}", time, details, operation)


def _pauses(execution: DurableExecution, data: Data) -> Iterator[_Event]:
    for pause in execution.pauses:
        if pause.began is None:
            # Resumed before the invocation that went on had reached a checkpoint.
            continue
        yield _Event("ExecutionPaused", pause.began, paused_details(pause, data))
        if pause.resumed is not None:
            yield _Event("ExecutionResumed", pause.resumed, resumed_details(pause, data))


def _ends_without_update(execution: DurableExecution, data: Data) -> Iterator[_Event]:
    """The ends that come from outside of a handler: of waits, callbacks, and the execution."""
    ended = {
        update.operation_id
        for update in execution.updates
        if update.action in (OperationAction.SUCCEED, OperationAction.FAIL, OperationAction.CANCEL)
    }
    for operation in execution.operations:
        is_root = operation.operation_type is OperationType.EXECUTION
        if operation.end_timestamp is None or operation.status not in _ENDS:
            continue
        if operation.operation_id in ended and not is_root:
            continue
        details = ended_details(execution, operation, None, data)
        if operation.operation_type is OperationType.WAIT:
            details = {"Duration": _duration(execution, operation)}
        name = _TYPES[operation.operation_type] + _ENDS[operation.status]
        yield _Event(name, operation.end_timestamp, details, operation)


def _duration(execution: DurableExecution, wait: Operation) -> int:
    """The seconds that a wait was asked for."""
    return next(
        update.wait_options.wait_seconds
        for update in execution.updates
        if update.operation_id == wait.operation_id and update.wait_options
    )


def _number(parameter: str, text: str | None) -> int:
    if text is None:
        return 0
    if not text.isdecimal():
        raise invalid_parameter(f"Invalid {parameter}: {text}")
    return int(text)
