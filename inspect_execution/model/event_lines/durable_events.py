# SPDX-License-Identifier: MIT-0
"""Lines about the events of a durable execution: its operations of every kind, and its end.

https://docs.aws.amazon.com/lambda/latest/api/API_Event.html
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ...histories.durable_history import function_and_version
from ...histories.events import (
    DurableEvent,
    durable_error,
    durable_event_details,
    durable_event_type,
)
from ...histories.recording import DurableRecord
from ...text import printable
from ..timelines.timeline import Service
from .event_line import EventLine, reason, shown_seconds, with_reason

_KINDS = {
    "Step": "step",
    "Callback": "callback",
    "ChainedInvoke": "chained invoke",
    "Context": "context",
}
_PHASES = {
    "Started": "started",
    "Succeeded": "succeeded",
    "Failed": "failed",
    "TimedOut": "timed out",
    "Stopped": "stopped",
    "Cancelled": "cancelled",
}
_FAILURES = ("Failed", "TimedOut", "Stopped")
_STATUSES = {"TimedOut": "TIMED_OUT", "Started": "started", "Resumed": "resumed"}


def durable_event_lines(record: DurableRecord, mark: str) -> Iterator[EventLine]:
    """A line for each event except a step's start, which its end follows at once.

    Args:
        mark: says which of several durable executions it is; may be empty
    """
    operations = {str(e["Id"]): e for e in record.events if e.get("Id")}
    counted: Counter[tuple[str, ...]] = Counter()
    for event in record.events:
        kind = durable_event_type(event)
        # A service may insert an event before others of its time, so a position is no identity.
        identity = (record.arn, kind, str(event.get("Id", "")))
        counted[identity] += 1
        text = _text(event, record.arn, operations)
        if text:
            yield EventLine(
                id=(*identity, str(counted[identity])),
                time=event["EventTimestamp"],
                service=Service.LAMBDA,
                text=f"{mark}: {text}" if mark else text,
                is_failure=kind.endswith(_FAILURES) or kind == "InvocationCompleted",
            )


def _text(event: DurableEvent, arn: str, operations: Mapping[str, DurableEvent]) -> str:
    kind, details = durable_event_type(event), durable_event_details(event)
    error = _error(details)
    if kind == "InvocationCompleted":
        return with_reason("invocation failed", error) if error else ""
    phase = next((each for each in _PHASES if kind.endswith(each)), "")
    if kind.startswith("Execution"):
        function = printable(":".join(filter(None, function_and_version(arn))))
        word = kind.removeprefix("Execution")
        return with_reason(f"{function} {_STATUSES.get(word, word.upper())}", error)
    if kind == "StepStarted":
        return ""
    where = _context(event, operations)
    if kind.startswith("Wait") and phase:
        return where + _wait_text(event, details, phase)
    known = _KINDS.get(kind.removesuffix(phase))
    if known is None:
        return where + with_reason(printable(f"{kind} {event.get('Name') or ''}".strip()), error)
    text = f"{where}{_label(event, known)} {_PHASES[phase]}"
    return with_reason(text + _extent(details, phase), error) + _retry(details)


def _wait_text(event: DurableEvent, details: Mapping[str, Any], phase: str) -> str:
    name = printable(str(event.get("Name") or "wait"))
    if phase == "Started":
        return f"{name}: {shown_seconds(details.get('Duration'))} to wait"
    return f"{name}: {'over' if phase == 'Succeeded' else _PHASES[phase]}"


def _context(event: DurableEvent, operations: Mapping[str, DurableEvent]) -> str:
    """The names of the contexts around an operation."""
    names: list[str] = []
    parent = operations.get(str(event.get("ParentId") or ""))
    while parent is not None and len(names) < len(operations):
        if durable_event_type(parent).startswith("Context"):
            names.insert(0, printable(str(parent.get("Name") or "context")))
        parent = operations.get(str(parent.get("ParentId") or ""))
    return "".join(f"{name} / " for name in names)


def _label(event: DurableEvent, kind: str) -> str:
    """The kind of an operation, of a context what it is for, and the operation's name."""
    if kind == "context" and event.get("SubType"):
        words = str(event["SubType"])
        kind = "".join(f" {each.lower()}" if each.isupper() else each for each in words).strip()
    return printable(f"{kind} {event.get('Name') or ''}".rstrip())


def _extent(details: Mapping[str, Any], phase: str) -> str:
    """What an operation that begins waits for."""
    if phase != "Started":
        return ""
    if details.get("FunctionName"):
        return f", of {printable(str(details['FunctionName']))}"
    if details.get("Timeout"):
        return f", waiting at most {shown_seconds(details['Timeout'])}"
    return ""


def _error(details: Mapping[str, Any]) -> str:
    error = details.get("Error")
    payload = error.get("Payload") if isinstance(error, dict) else None
    return reason(None, durable_error(payload))


def _retry(details: Mapping[str, Any]) -> str:
    retry = details.get("RetryDetails")
    if not isinstance(retry, dict):
        return ""
    if retry.get("NextAttemptDelaySeconds"):
        return f", retried in {shown_seconds(retry['NextAttemptDelaySeconds'])}"
    attempt = retry.get("CurrentAttempt")
    return f" at attempt {attempt}" if isinstance(attempt, int) and attempt > 1 else ""
