# SPDX-License-Identifier: MIT-0
"""A durable execution's events as operations and invocations."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..status import Status
from .handler_invocations import HandlerInvocation, read_invocations
from .recording import DurableRecord

Event = dict[str, Any]
_ARN = re.compile(r".*:function:([^:/]+):([^/]+)/durable-execution/([^/]+)/.+")
KINDS = {
    "Step": "step",
    "Wait": "wait",
    "Callback": "callback",
    "Context": "context",
    "ChainedInvoke": "chained invoke",
}
_TYPE = re.compile(f"({'|'.join(KINDS)})(Started|Succeeded|Failed|TimedOut|Stopped|Cancelled)")
_EXECUTION = ("Execution", "InvocationCompleted")
_OUTCOMES = {
    "Succeeded": Status.SUCCEEDED,
    "Failed": Status.FAILED,
    "TimedOut": Status.TIMED_OUT,
    "Stopped": Status.ABORTED,
    "Cancelled": Status.ABORTED,
}


@dataclass(frozen=True)
class StepAttempt:
    """A step tried once."""

    number: int
    started: datetime
    ended: datetime | None
    status: Status
    error: str
    next_attempt_after_seconds: float


@dataclass(frozen=True)
class DurableOperation:
    """A durable operation: a step, a wait, a callback, a context or a chained invoke."""

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


@dataclass(frozen=True)
class DurableExecutionHistory:
    """A durable execution as Lambda tells it."""

    arn: str
    function: str
    version: str
    status: Status
    started: datetime
    ended: datetime | None
    input: str
    result: str
    error: str
    operations: tuple[DurableOperation, ...]
    invocations: tuple[HandlerInvocation, ...]
    bytes_written: int
    is_bytes_complete: bool
    unknown: Mapping[str, int]

    @property
    def replays(self) -> int:
        """Invocations after the first: each one replays what is checkpointed."""
        return max(0, len(self.invocations) - 1)


def function_and_version(arn: str) -> tuple[str, str]:
    """The function and the version in a durable execution's ARN."""
    match = _ARN.fullmatch(arn)
    return (match[1], match[2]) if match else (arn, "")


def read_durable_history(record: DurableRecord) -> DurableExecutionHistory | None:
    """The durable execution, or None where nothing is known of it but its ARN."""
    details, events = record.details, record.events
    first = details.get("StartTimestamp") or (events[0]["EventTimestamp"] if events else None)
    if first is None:
        return None
    function, version = function_and_version(record.arn)
    status = str(details.get("Status", "UNKNOWN"))
    counted, is_complete = bytes_written(events)
    unknown = Counter(_type(event) for event in events if not _is_known(_type(event)))
    return DurableExecutionHistory(
        arn=record.arn,
        function=function,
        version=version,
        status=Status.of_status(status),
        started=first,
        ended=details.get("EndTimestamp"),
        input=str(details.get("InputPayload") or ""),
        result=str(details.get("Result") or ""),
        error=error_text(details.get("Error")),
        operations=tuple(_operations(events, status)),
        invocations=tuple(read_invocations(events, first, status == "RUNNING")),
        bytes_written=counted + record.bytes_taken_out,
        is_bytes_complete=is_complete,
        unknown=unknown,
    )


def error_text(error: Any) -> str:
    """An error's type and message in one text."""
    if not isinstance(error, dict):
        return ""
    return ": ".join(str(error[key]) for key in ("ErrorType", "ErrorMessage") if error.get(key))


def durable_event_details(event: Event) -> dict[str, Any]:
    """What an event says beyond its type, name and time."""
    details = event.get(f"{_type(event)}Details")
    return details if isinstance(details, dict) else {}


def _type(event: Event) -> str:
    return str(event.get("EventType", "?"))


def _is_known(event_type: str) -> bool:
    return event_type.startswith(_EXECUTION) or _TYPE.fullmatch(event_type) is not None


def _operations(events: list[Event], status: str) -> list[DurableOperation]:
    by_id: dict[str, list[tuple[str, str, Event]]] = {}
    for event in events:
        match = _TYPE.fullmatch(_type(event))
        if match:
            by_id.setdefault(str(event.get("Id", "")), []).append((match[1], match[2], event))
    return [_operation(identity, phased, status) for identity, phased in by_id.items()]


def _operation(
    identity: str, phased: list[tuple[str, str, Event]], status: str
) -> DurableOperation:
    kind, _, first = phased[0]
    _, phase, last = phased[-1]
    details = durable_event_details(last)
    attempts = tuple(_step_attempts(phased, status)) if kind == "Step" else ()
    will_retry = kind == "Step" and bool(_retry_delay(details)) and status == "RUNNING"
    has_ended = phase != "Started" and not will_retry
    running = Status.RUNNING if status == "RUNNING" else Status.ABORTED
    return DurableOperation(
        id=identity,
        parent=str(first.get("ParentId") or ""),
        kind=KINDS[kind],
        name=str(first.get("Name") or KINDS[kind]),
        started=first["EventTimestamp"],
        ended=last["EventTimestamp"] if has_ended else None,
        scheduled_end=durable_event_details(first).get("ScheduledEndTimestamp"),
        status=_OUTCOMES[phase] if has_ended else running,
        error=_error(details),
        result=str((details.get("Result") or {}).get("Payload") or ""),
        attempts=attempts,
    )


def _step_attempts(phased: list[tuple[str, str, Event]], status: str) -> list[StepAttempt]:
    attempts: list[StepAttempt] = []
    started: datetime | None = None
    for _, phase, event in phased:
        time = event["EventTimestamp"]
        if phase == "Started":
            started = time
            continue
        details = durable_event_details(event)
        number = _retry(details).get("CurrentAttempt") or len(attempts) + 1
        begun = started or _due(attempts) or time
        delay = _retry_delay(details)
        attempts.append(
            StepAttempt(number, min(begun, time), time, _OUTCOMES[phase], _error(details), delay)
        )
        started = None
    if started is not None:
        unended = Status.RUNNING if status == "RUNNING" else Status.ABORTED
        attempts.append(StepAttempt(len(attempts) + 1, started, None, unended, "", 0))
    return attempts


def _due(attempts: list[StepAttempt]) -> datetime | None:
    """When the next attempt was due: the history need not say when it began."""
    if not attempts or attempts[-1].ended is None:
        return None
    return attempts[-1].ended + timedelta(seconds=attempts[-1].next_attempt_after_seconds)


def _retry(details: dict[str, Any]) -> dict[str, Any]:
    retry = details.get("RetryDetails")
    return retry if isinstance(retry, dict) else {}


def _retry_delay(details: dict[str, Any]) -> float:
    return float(_retry(details).get("NextAttemptDelaySeconds") or 0)


def _error(details: dict[str, Any]) -> str:
    return error_text((details.get("Error") or {}).get("Payload"))


def bytes_written(events: list[Event]) -> tuple[int, bool]:
    """The bytes of all payloads in a history, and whether none of them is cut short."""
    total, is_complete = 0, True
    for event in events:
        for part in durable_event_details(event).values():
            if not isinstance(part, dict):
                continue
            payload = part.get("Payload")
            text = payload if isinstance(payload, str) else "".join(_texts(payload))
            total += len(text.encode(errors="surrogatepass"))
            is_complete = is_complete and not part.get("Truncated")
    return total, is_complete


def _texts(error: Any) -> list[str]:
    values = error.values() if isinstance(error, dict) else []
    return [value for value in values if isinstance(value, str)]
