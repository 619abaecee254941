# SPDX-License-Identifier: MIT-0
"""Durable operations: steps with their attempts, waits, callbacks, contexts, chained invokes."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..status import Status
from .events import DurableEvent, durable_error, durable_event_details, durable_event_type

_STEP = "Step"
KINDS = {
    _STEP: "step",
    "Wait": "wait",
    "Callback": "callback",
    "Context": "context",
    "ChainedInvoke": "chained invoke",
}
_STARTED = "Started"
_ENDS = {
    "Succeeded": Status.SUCCEEDED,
    "Failed": Status.FAILED,
    "TimedOut": Status.TIMED_OUT,
    "Stopped": Status.ABORTED,
    "Cancelled": Status.ABORTED,
}
_OPEN_EXECUTION = ("RUNNING", "PAUSING", "PAUSED")
# Lambda invokes no handler while the execution is paused: these need one to go on.
_BY_THE_HANDLER = (_STEP, "Context")
_TYPE = re.compile(f"({'|'.join(KINDS)})({'|'.join((_STARTED, *_ENDS))})")


@dataclass(frozen=True)
class StepAttempt:
    """One try of a step."""

    number: int
    started: datetime
    ended: datetime | None
    status: Status
    error: str
    next_attempt_after_seconds: float


@dataclass(frozen=True)
class DurableOperation:
    """One durable operation, from its first event to its last."""

    id: str
    parent: str
    kind: str
    name: str
    started: datetime
    ended: datetime | None
    scheduled_end: datetime | None
    status: Status
    error: str
    result: str
    attempts: tuple[StepAttempt, ...]
    # The limits of a callback; None without one.
    timeout_seconds: float | None = None
    heartbeat_seconds: float | None = None
    # The durable execution or else the function that a chained invoke invokes.
    invoked: str = ""

    @property
    def due(self) -> datetime | None:
        """When a wait ends, or when a step is tried again; None for anything else."""
        last = self.attempts[-1] if self.attempts else None
        if last is None or last.ended is None:
            return self.scheduled_end
        return last.ended + timedelta(seconds=last.next_attempt_after_seconds)


@dataclass(frozen=True)
class _Phase:
    """One event of an operation."""

    kind: str
    name: str
    event: DurableEvent

    @property
    def time(self) -> datetime:
        time: datetime = self.event["EventTimestamp"]
        return time

    @property
    def details(self) -> dict[str, Any]:
        return durable_event_details(self.event)

    @property
    def retry(self) -> dict[str, Any]:
        retry = self.details.get("RetryDetails")
        return retry if isinstance(retry, dict) else {}

    @property
    def retry_delay_seconds(self) -> float:
        return float(self.retry.get("NextAttemptDelaySeconds") or 0)

    @property
    def error(self) -> str:
        return durable_error((self.details.get("Error") or {}).get("Payload"))


def is_operation_event(event_type: str) -> bool:
    return _TYPE.fullmatch(event_type) is not None


def read_operations(events: list[DurableEvent], status: str) -> list[DurableOperation]:
    """All operations in the order in which they began.

    Args:
        status: the durable execution's status in GetDurableExecution's answer
    """
    by_id: dict[str, list[_Phase]] = {}
    for event in events:
        match = _TYPE.fullmatch(durable_event_type(event))
        if match:
            phase = _Phase(match[1], match[2], event)
            by_id.setdefault(str(event.get("Id", "")), []).append(phase)
    return [_operation(identity, phases, status) for identity, phases in by_id.items()]


def _operation(identity: str, phases: list[_Phase], status: str) -> DurableOperation:
    first, last = phases[0], phases[-1]
    is_step = first.kind == _STEP
    will_be_retried = is_step and bool(last.retry_delay_seconds) and status in _OPEN_EXECUTION
    has_ended = last.name != _STARTED and not will_be_retried
    return DurableOperation(
        id=identity,
        parent=str(first.event.get("ParentId") or ""),
        kind=KINDS[first.kind],
        name=str(first.event.get("Name") or KINDS[first.kind]),
        started=first.time,
        ended=last.time if has_ended else None,
        scheduled_end=first.details.get("ScheduledEndTimestamp"),
        status=_ENDS[last.name] if has_ended else _unfinished(first.kind, status),
        error=last.error,
        result=str((last.details.get("Result") or {}).get("Payload") or ""),
        attempts=tuple(_step_attempts(phases, status)) if is_step else (),
        timeout_seconds=first.details.get("Timeout"),
        heartbeat_seconds=first.details.get("HeartbeatTimeout"),
        invoked=str(
            first.details.get("DurableExecutionArn") or first.details.get("FunctionName") or ""
        ),
    )


def _step_attempts(phases: list[_Phase], status: str) -> list[StepAttempt]:
    attempts: list[StepAttempt] = []
    started: datetime | None = None
    for phase in phases:
        if phase.name == _STARTED:
            started = phase.time
            continue
        # The history need not hold the start of an attempt: then it began when it was due.
        begun = min(started or _due(attempts) or phase.time, phase.time)
        number = phase.retry.get("CurrentAttempt") or len(attempts) + 1
        end = _ENDS[phase.name]
        delay = phase.retry_delay_seconds
        attempts.append(StepAttempt(number, begun, phase.time, end, phase.error, delay))
        started = None
    if started is not None:
        unfinished = StepAttempt(
            len(attempts) + 1, started, None, _unfinished(_STEP, status), "", 0
        )
        attempts.append(unfinished)
    return attempts


def _due(attempts: list[StepAttempt]) -> datetime | None:
    if not attempts or attempts[-1].ended is None:
        return None
    return attempts[-1].ended + timedelta(seconds=attempts[-1].next_attempt_after_seconds)


def _unfinished(kind: str, status: str) -> Status:
    """The status of an operation without an end, by its execution's status."""
    if status not in _OPEN_EXECUTION:
        return Status.ABORTED
    is_paused = status == "PAUSED" and kind in _BY_THE_HANDLER
    return Status.PAUSED if is_paused else Status.RUNNING
