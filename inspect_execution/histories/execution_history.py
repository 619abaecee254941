# SPDX-License-Identifier: MIT-0
"""Step Functions' events as states and the attempts of their tasks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..status import Status
from .state_visits import ENDS, Event, Visit, chain

_WORKERS = ("Task", "LambdaFunction", "Activity")
_FAILURES = ("Failed", "TimedOut")
_PHASES = ("Scheduled", "Started", "Submitted", "Succeeded", *_FAILURES)
_STATE_TYPES = ("Task", "Pass", "Choice", "Wait", "Map", "Parallel", "Succeed", "Fail")
_PARTS = ("MapIteration", "MapRun", "MapState", "ParallelState", "TaskState", "WaitState")


@dataclass(frozen=True)
class TaskAttempt:
    """A task tried once."""

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

    @property
    def waits_for_callback(self) -> bool:
        return self.resource.endswith(".waitForTaskToken")


@dataclass(frozen=True)
class StateVisit:
    """A state entered once: in a loop or a map, each time is one of its own."""

    index: int
    name: str
    type: str
    parent: int | None
    depth: int
    iteration: int | None
    entered: datetime
    exited: datetime | None
    status: Status
    error: str
    cause: str
    input: str
    output: str
    attempts: tuple[TaskAttempt, ...]
    # Of a map or parallel state, too, which has no attempts.
    retries: int


@dataclass(frozen=True)
class ExecutionHistory:
    """An execution as Step Functions tells it."""

    states: tuple[StateVisit, ...]
    # The index of the state that an event belongs to, by the event's id.
    state_of_event: Mapping[int, int]
    unknown: Mapping[str, int]
    # Distributed maps: their child executions have histories of their own.
    map_runs: int
    # Events of states that no chain of events leads to.
    unplaced: int

    @property
    def transitions(self) -> int:
        """States entered, and tasks tried again: Step Functions charges for both.

        https://aws.amazon.com/step-functions/pricing/
        """
        return len(self.states) + sum(state.retries for state in self.states)


def read_execution_history(events: list[Event], status: str) -> ExecutionHistory:
    """The states of an execution that has the status of DescribeExecution's answer."""
    linked = chain(events)
    indexes = {id(visit): index for index, visit in enumerate(linked.visits)}
    states: list[StateVisit] = []
    for visit in linked.visits:
        parent = indexes[id(visit.parent)] if visit.parent else None
        depth = states[parent].depth + 1 if parent is not None else 0
        states.append(_state(visit, len(states), parent, depth, status))
    unknown = Counter(str(event["type"]) for event in events if not _is_known(str(event["type"])))
    by_event = {event: indexes[id(visit)] for event, visit in linked.by_event.items()}
    map_runs = sum(event["type"] == "MapRunStarted" for event in events)
    told = (event["id"] for event in events if not str(event["type"]).startswith("Execution"))
    unplaced = sum(event not in by_event for event in told)
    return ExecutionHistory(tuple(states), by_event, unknown, map_runs, unplaced)


def _is_known(event_type: str) -> bool:
    if event_type.startswith("Execution") or event_type == "EvaluationFailed":
        return True
    for suffix in ("StateEntered", "StateExited"):
        if event_type.endswith(suffix):
            return event_type.removesuffix(suffix) in _STATE_TYPES
    return event_type.startswith((*_WORKERS, *_PARTS))


def _state(visit: Visit, index: int, parent: int | None, depth: int, status: str) -> StateVisit:
    end = visit.cut_short_by
    # What its map or parallel state ended while it still ran was stopped, as by its execution.
    status = "ABORTED" if end else status
    first, last = visit.events[0], visit.events[-1]
    attempts = tuple(_attempts(visit.events, status, end))
    starts = sum(event["type"] == f"{visit.type}StateStarted" for event in visit.events)
    failure = _failure(visit.events)
    outcome = _outcome(visit, attempts, failure, status)
    # Of what was never left, the end of its execution is the end.
    is_over = visit.is_left or visit.type in ("Fail", "Succeed") or bool(failure)
    exited = last["timestamp"] if is_over else end["timestamp"] if end else None
    return StateVisit(
        index=index,
        name=visit.name,
        type=visit.type,
        parent=parent,
        depth=depth,
        iteration=visit.iteration,
        entered=first["timestamp"],
        exited=None if outcome is Status.RUNNING else exited,
        status=outcome,
        error=str(failure.get("error", "")),
        cause=str(failure.get("cause", "")),
        input=str(first.get("stateEnteredEventDetails", {}).get("input", "")),
        output=str(last.get("stateExitedEventDetails", {}).get("output", "")),
        attempts=attempts,
        retries=max(0, len(attempts) - 1, starts - 1),
    )


def _outcome(
    visit: Visit, attempts: tuple[TaskAttempt, ...], failure: dict[str, Any], status: str
) -> Status:
    types = [str(event["type"]) for event in visit.events]
    last = attempts[-1] if attempts else None
    # An attempt that was ended from outside has not failed.
    has_failed = _has_failed(last) if last else bool(failure)
    if visit.type == "Fail":
        return Status.FAILED
    if visit.is_left or visit.type == "Succeed":
        return Status.CAUGHT if has_failed else Status.SUCCEEDED
    if has_failed and status == "RUNNING" and (attempts or visit.type in ("Map", "Parallel")):
        return Status.RUNNING
    if has_failed or failure:
        timed_out = any(each.endswith("TimedOut") for each in types[-1:])
        return Status.TIMED_OUT if timed_out else Status.FAILED
    if status == "RUNNING":
        return Status.RUNNING
    return Status.TIMED_OUT if status == "TIMED_OUT" else Status.ABORTED


def _has_failed(attempt: TaskAttempt) -> bool:
    has_ended = attempt.ended is not None
    return has_ended and attempt.status in (Status.FAILED, Status.TIMED_OUT)


def _failure(events: Iterable[Event]) -> dict[str, Any]:
    """The last error told of a state, as its event gives it."""
    failure: dict[str, Any] = {}
    for event in events:
        event_type = str(event["type"])
        if event_type.endswith(_FAILURES) and not event_type.startswith("MapIteration"):
            failure = {"error": event_type, **event_details(event)}
        elif event_type.endswith("Succeeded"):
            failure = {}
    return failure


def event_details(event: Event) -> dict[str, Any]:
    """What an event says beyond its type and time."""
    found = (value for key, value in event.items() if key.endswith("EventDetails"))
    details = next(found, None)
    return details if isinstance(details, dict) else {}


def _phase(event: Event) -> str | None:
    event_type = str(event["type"])
    for worker in _WORKERS:
        rest = event_type.removeprefix(worker)
        if rest != event_type and not rest.startswith("State"):
            return next((phase for phase in _PHASES if rest.endswith(phase)), None)
    return None


def _attempts(
    events: list[Event], status: str, cut_short_by: Event | None
) -> Iterable[TaskAttempt]:
    """A task's events, cut before each one that schedules it."""
    number = 0
    current: list[tuple[str, Event]] = []
    for event in events:
        phase = _phase(event)
        if phase == "Scheduled" and current:
            number += 1
            yield _attempt(number, current, None, status)
            current = []
        if phase:
            current.append((phase, event))
    if current:
        yield _attempt(number + 1, current, cut_short_by or events[-1], status)


def _attempt(
    number: int, phased: list[tuple[str, Event]], last: Event | None, status: str
) -> TaskAttempt:
    first = phased[0][1]
    by_phase = dict(phased)
    end_phase = next((p for p in ("Succeeded", "TimedOut", "Failed") if p in by_phase), None)
    scheduled = event_details(by_phase.get("Scheduled", first))
    end = by_phase.get(end_phase or "")
    ended = end or (last if last and str(last["type"]).endswith(ENDS) else None)
    failure = event_details(end) if end and end_phase != "Succeeded" else {}
    answer = event_details(end or by_phase.get("Submitted", {}))
    submitted = by_phase.get("Submitted")
    resource = ":".join(
        str(scheduled[key]) for key in ("resourceType", "resource") if key in scheduled
    )
    return TaskAttempt(
        number=number,
        scheduled=first["timestamp"],
        submitted=submitted["timestamp"] if submitted else None,
        ended=ended["timestamp"] if ended else None,
        status=_attempt_outcome(end_phase, status),
        error=str(failure.get("error", "")),
        cause=str(failure.get("cause", "")),
        resource=resource,
        parameters=str(scheduled.get("parameters") or scheduled.get("input") or ""),
        output=_headers_first(submitted, str(answer.get("output", ""))),
    )


def _headers_first(submitted: Event | None, output: str) -> str:
    """The answer of the service that was called: a callback's output is not it."""
    return str(event_details(submitted).get("output", "")) if submitted else output


def _attempt_outcome(end_phase: str | None, status: str) -> Status:
    if end_phase is None:
        unended = {"RUNNING": Status.RUNNING, "TIMED_OUT": Status.TIMED_OUT}
        return unended.get(status, Status.ABORTED)
    ends = {"Succeeded": Status.SUCCEEDED, "TimedOut": Status.TIMED_OUT}
    return ends.get(end_phase, Status.FAILED)
