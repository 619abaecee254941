# SPDX-License-Identifier: MIT-0
"""Attempts of a task: each try, from the event that schedules it to the one that ends it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ..status import Status
from .events import StatesEvent, event_details, event_type
from .state_visits import ENDS, VisitEvents

WORKERS = ("Task", "LambdaFunction", "Activity")
_SUCCEEDED = "Succeeded"
_ENDS = {_SUCCEEDED: Status.SUCCEEDED, "TimedOut": Status.TIMED_OUT, "Failed": Status.FAILED}
_PHASES = ("Scheduled", "Started", "Submitted", *_ENDS)
# An attempt by its phases: the last event of each.
_Phases = dict[str, StatesEvent]


@dataclass(frozen=True)
class TaskAttempt:
    """One try of a task."""

    number: int
    scheduled: datetime
    submitted: datetime | None
    ended: datetime | None
    status: Status
    error: str
    cause: str
    resource: str
    parameters: str
    output: str
    # None without a limit.
    timeout_seconds: float | None = None
    heartbeat_seconds: float | None = None
    # Whether the end of the execution ended it, before a redrive.
    is_stopped: bool = False

    @property
    def waits_for_callback(self) -> bool:
        return self.resource.endswith(".waitForTaskToken")

    @property
    def has_failed(self) -> bool:
        """Whether the attempt failed by itself: a stop from outside is no failure."""
        has_ended = self.ended is not None and not self.is_stopped
        return has_ended and self.status in (Status.FAILED, Status.TIMED_OUT)


def read_attempts(
    visit: VisitEvents,
    unfinished: Status,
    ended_by: StatesEvent | None,
    redriven: Iterable[StatesEvent] = (),
) -> Iterator[TaskAttempt]:
    """The attempts in one visit's events.

    Args:
        unfinished: the status of an attempt without an end of its own
        ended_by: the event that ended the visit, if the state was not left
        redriven: the ends of the execution that a redrive followed, in their order
    """
    attempts = list(_split(visit.events))
    for number, phases in enumerate(attempts, start=1):
        is_last = number == len(attempts)
        last_event = (ended_by or visit.events[-1]) if is_last else None
        attempt = _attempt(number, phases, last_event, unfinished)
        end = _next_end(phases[-1][1], redriven) if attempt.ended is None else None
        yield _stopped(attempt, end, visit.failures) if end else attempt


def _next_end(event: StatesEvent, ends: Iterable[StatesEvent]) -> StatesEvent | None:
    return next((end for end in ends if end["id"] > event["id"]), None)


def _stopped(
    attempt: TaskAttempt, end: StatesEvent, failures: Sequence[StatesEvent]
) -> TaskAttempt:
    """The attempt that was open when the execution ended.

    Args:
        failures: those of the execution that the attempt's state caused
    """
    has_failed = end in failures
    status = Status.TIMED_OUT if event_type(end).endswith("TimedOut") else Status.ABORTED
    return replace(
        attempt,
        ended=end["timestamp"],
        status=Status.FAILED if has_failed else status,
        is_stopped=not has_failed,
    )


def _split(events: Iterable[StatesEvent]) -> Iterator[list[tuple[str, StatesEvent]]]:
    """A task's events with their phases, split before each event that schedules the task."""
    current: list[tuple[str, StatesEvent]] = []
    for event in events:
        phase = _phase(event)
        if phase == "Scheduled" and current:
            yield current
            current = []
        if phase:
            current.append((phase, event))
    if current:
        yield current


def _phase(event: StatesEvent) -> str | None:
    kind = event_type(event)
    for worker in WORKERS:
        rest = kind.removeprefix(worker)
        if rest != kind and not rest.startswith("State"):
            return next((phase for phase in _PHASES if rest.endswith(phase)), None)
    return None


def _attempt(
    number: int,
    events: list[tuple[str, StatesEvent]],
    last_event: StatesEvent | None,
    unfinished: Status,
) -> TaskAttempt:
    phases: _Phases = dict(events)
    first = events[0][1]
    end_phase = next((phase for phase in _ENDS if phase in phases), None)
    end = phases.get(end_phase or "")
    scheduled = event_details(phases.get("Scheduled", first))
    failure = event_details(end) if end and end_phase != _SUCCEEDED else {}
    return TaskAttempt(
        number=number,
        scheduled=first["timestamp"],
        submitted=_time(phases.get("Submitted")),
        ended=_time(end or _as_end(last_event)),
        status=_ENDS[end_phase] if end_phase else unfinished,
        error=str(failure.get("error", "")),
        cause=str(failure.get("cause", "")),
        resource=":".join(
            str(scheduled[key]) for key in ("resourceType", "resource") if key in scheduled
        ),
        parameters=str(scheduled.get("parameters") or scheduled.get("input") or ""),
        output=_output(phases.get("Submitted"), end),
        timeout_seconds=scheduled.get("timeoutInSeconds"),
        heartbeat_seconds=scheduled.get("heartbeatInSeconds"),
    )


def _time(event: StatesEvent | None) -> datetime | None:
    return event["timestamp"] if event else None


def _as_end(event: StatesEvent | None) -> StatesEvent | None:
    return event if event and event_type(event).endswith(ENDS) else None


def _output(submitted: StatesEvent | None, end: StatesEvent | None) -> str:
    """The response of the service that the task calls: a callback's output does not replace it."""
    return str(event_details(submitted or end or {}).get("output", ""))
