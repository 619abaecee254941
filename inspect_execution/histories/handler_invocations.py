# SPDX-License-Identifier: MIT-0
"""Invocations of a durable execution's handler: when each began and ended.

A history that does not hold these times still shows them: between two invocations nothing but the
service writes events.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from .events import DurableEvent, durable_error, durable_event_details, durable_event_type

_COMPLETED = "InvocationCompleted"
# The service writes these while no handler runs; some of them cause the next invocation.
_BY_THE_SERVICE = (
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
    # False if Lambda gives no times: then they are those of the invocation's events.
    is_measured: bool
    error: str
    # Empty if the invocation has not ended, or if Lambda does not give it.
    request_id: str = ""

    @property
    def is_replay(self) -> bool:
        return self.number > 1


@dataclass(frozen=True)
class _Segment:
    """The events from the end of one invocation to the end of the next."""

    events: list[DurableEvent]
    # None if the invocation has not ended yet, or if there is none.
    completion: DurableEvent | None
    # When something other than these events may have caused the invocation: the execution's
    # start, the invocation before, a retry of a step.
    causes: list[datetime]

    @cached_property
    def work(self) -> list[DurableEvent]:
        """The events that the handler caused."""
        return [e for e in self.events if durable_event_type(e) not in _BY_THE_SERVICE]

    @property
    def started(self) -> datetime:
        """The last time before the handler's first event at which something invoked it."""
        if not self.work:
            return max(self.causes)
        first: datetime = self.work[0]["EventTimestamp"]
        by_service = (e for e in self.events if durable_event_type(e) in _BY_THE_SERVICE)
        causes = (*self.causes, *(event["EventTimestamp"] for event in by_service))
        return max((time for time in causes if time <= first), default=first)


def read_invocations(
    events: list[DurableEvent], started: datetime, is_running: bool
) -> Iterator[HandlerInvocation]:
    """All invocations: those that have ended, and one more if the handler has done work since.

    Args:
        started: when the durable execution began
        is_running: whether a handler may run now
    """
    for number, segment in enumerate(_segments(events, started), start=1):
        if segment.completion is not None:
            yield _completed(number, segment, segment.completion)
        elif segment.work:
            yield _not_completed(number, segment, is_running)


def _segments(events: list[DurableEvent], started: datetime) -> Iterator[_Segment]:
    since: list[DurableEvent] = []
    causes = [started]
    for event in events:
        if durable_event_type(event) != _COMPLETED:
            since.append(event)
            continue
        yield _Segment(since, event, causes)
        causes = [event["EventTimestamp"], *_retry_times(since)]
        since = []
    yield _Segment(since, None, causes)


def _retry_times(events: list[DurableEvent]) -> Iterator[datetime]:
    """When the failed steps of one invocation are due to be retried."""
    for event in events:
        retry = (event.get("StepFailedDetails") or {}).get("RetryDetails") or {}
        if retry.get("NextAttemptDelaySeconds"):
            delay = timedelta(seconds=retry["NextAttemptDelaySeconds"])
            yield event["EventTimestamp"] + delay


def _completed(number: int, segment: _Segment, completion: DurableEvent) -> HandlerInvocation:
    details = durable_event_details(completion)
    error = durable_error((details.get("Error") or {}).get("Payload"))
    request = str(details.get("RequestId") or "")
    start, end = details.get("StartTimestamp"), details.get("EndTimestamp")
    if start and end:
        return HandlerInvocation(number, start, end, True, error, request)
    # Not the completion's time if there is work: it may come after the wait that followed.
    last = segment.work[-1] if segment.work else completion
    ended: datetime = last["EventTimestamp"]
    return HandlerInvocation(number, min(segment.started, ended), ended, False, error, request)


def _not_completed(number: int, segment: _Segment, is_running: bool) -> HandlerInvocation:
    last = segment.work[-1]
    # A handler that waits is suspended, even if the event of its completion is still missing.
    still_runs = is_running and durable_event_type(last) not in _SUSPENDING
    ended = None if still_runs else last["EventTimestamp"]
    return HandlerInvocation(number, segment.started, ended, False, "")
