# SPDX-License-Identifier: MIT-0
"""When a durable execution's handler was invoked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Event = dict[str, Any]
# What is told without the handler at work; some of it wakes it.
_FROM_OUTSIDE = (
    "WaitSucceeded",
    "CallbackSucceeded",
    "CallbackFailed",
    "CallbackTimedOut",
    "ChainedInvokeSucceeded",
    "ChainedInvokeFailed",
    "ChainedInvokeTimedOut",
    "ChainedInvokeStopped",
    "ExecutionStarted",
    "ExecutionSucceeded",
    "ExecutionFailed",
    "ExecutionTimedOut",
    "ExecutionStopped",
    "ExecutionPaused",
    "ExecutionResumed",
)
_SUSPENDING = ("WaitStarted", "CallbackStarted", "ChainedInvokeStarted", "StepFailed")


@dataclass(frozen=True)
class HandlerInvocation:
    """One invocation of the handler."""

    number: int
    started: datetime
    ended: datetime | None
    # False where the history does not say: then the time is that of the events in between.
    is_measured: bool
    error: str

    @property
    def is_replay(self) -> bool:
        return self.number > 1


def read_invocations(
    events: list[Event], started: datetime, is_running: bool
) -> Iterator[HandlerInvocation]:
    """Every invocation: those that have ended, and the one that has shown itself since."""
    number = 1
    since: list[Event] = []
    wakes = [started]
    for event in events:
        if event.get("EventType") != "InvocationCompleted":
            since.append(event)
            continue
        yield _completed(event, since, wakes, number)
        number += 1
        wakes = [event["EventTimestamp"], *_due_retries(since)]
        since = []
    work = _work(since)
    if work:
        # Whoever waits has suspended, though the word of it may still be on its way.
        still_runs = is_running and work[-1].get("EventType") not in _SUSPENDING
        ended = None if still_runs else work[-1]["EventTimestamp"]
        yield HandlerInvocation(number, _begun(since, wakes), ended, False, "")


def _completed(
    event: Event, since: list[Event], wakes: list[datetime], number: int
) -> HandlerInvocation:
    details = event.get("InvocationCompletedDetails") or {}
    error = (details.get("Error") or {}).get("Payload") or {}
    text = ": ".join(str(error[key]) for key in ("ErrorType", "ErrorMessage") if error.get(key))
    start, end = details.get("StartTimestamp"), details.get("EndTimestamp")
    if start and end:
        return HandlerInvocation(number, start, end, True, text)
    work = _work(since)
    # The event itself may come late: after the wait that the handler suspended for.
    ended = work[-1]["EventTimestamp"] if work else event["EventTimestamp"]
    return HandlerInvocation(number, min(_begun(since, wakes), ended), ended, False, text)


def _begun(since: list[Event], wakes: list[datetime]) -> datetime:
    """The last thing that could have woken the handler before its first work."""
    work = _work(since)
    outside = [e["EventTimestamp"] for e in since if e.get("EventType") in _FROM_OUTSIDE]
    known = [*wakes, *outside]
    if not work:
        return max(wakes)
    first: datetime = work[0]["EventTimestamp"]
    return max((time for time in known if time <= first), default=first)


def _work(events: list[Event]) -> list[Event]:
    return [event for event in events if event.get("EventType") not in _FROM_OUTSIDE]


def _due_retries(events: list[Event]) -> Iterator[datetime]:
    """When the steps that failed are to be tried again."""
    for event in events:
        retry = (event.get("StepFailedDetails") or {}).get("RetryDetails") or {}
        if retry.get("NextAttemptDelaySeconds"):
            delay = timedelta(seconds=retry["NextAttemptDelaySeconds"])
            yield event["EventTimestamp"] + delay
