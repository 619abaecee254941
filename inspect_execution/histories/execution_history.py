# SPDX-License-Identifier: MIT-0
"""A Step Functions execution's history as visits of states, each with the attempts of its task."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..status import Status
from .events import StatesEvent, event_details, event_type
from .state_visits import CONTAINERS, VisitEvents, VisitGroups, ends_before_redrives, group_by_visit
from .task_attempts import WORKERS, TaskAttempt, read_attempts

_STATE_TYPES = ("Task", "Pass", "Choice", "Wait", "Map", "Parallel", "Succeed", "Fail")
_PARTS = ("MapIteration", "MapRun", "MapState", "ParallelState", "TaskState", "WaitState")


@dataclass(frozen=True)
class StateVisit:
    """One visit of a state: a loop or a map visits the same state many times."""

    index: int
    name: str
    type: str
    # The index of the visit of the map or parallel state around it, and how many are around it.
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
    # A map or parallel state has retries as well, but no attempts.
    retries: int


@dataclass(frozen=True)
class ExecutionHistory:
    """The history of one execution."""

    states: tuple[StateVisit, ...]
    # The index of the visit that an event belongs to, by the event's id.
    state_of_event: Mapping[int, int]
    # Event types that this module does not know, and how many events have each.
    unknown: Mapping[str, int]
    # The child executions of a distributed map have histories of their own.
    map_runs: int
    # The number of events that belong to no visit.
    unplaced: int

    @property
    def transitions(self) -> int:
        """The state transitions that Step Functions charges for: visits and retries.

        https://aws.amazon.com/step-functions/pricing/
        """
        return len(self.states) + sum(state.retries for state in self.states)


def read_execution_history(events: list[StatesEvent], status: str) -> ExecutionHistory:
    """Read the events of an execution.

    Args:
        status: the execution's status in DescribeExecution's answer
    """
    groups = group_by_visit(events)
    indexes = {id(visit): index for index, visit in enumerate(groups.visits)}
    by_event = {event: indexes[id(visit)] for event, visit in groups.by_event.items()}
    types = [event_type(event) for event in events]
    return ExecutionHistory(
        states=tuple(_state_visits(groups, indexes, status, ends_before_redrives(events))),
        state_of_event=by_event,
        unknown=Counter(kind for kind in types if not _is_known(kind)),
        map_runs=types.count("MapRunStarted"),
        unplaced=sum(
            event["id"] not in by_event
            for event, kind in zip(events, types, strict=True)
            if not kind.startswith("Execution")
        ),
    )


def _is_known(kind: str) -> bool:
    if kind.startswith("Execution") or kind == "EvaluationFailed":
        return True
    for suffix in ("StateEntered", "StateExited"):
        if kind.endswith(suffix):
            return kind.removesuffix(suffix) in _STATE_TYPES
    return kind.startswith((*WORKERS, *_PARTS))


def _state_visits(
    groups: VisitGroups,
    indexes: Mapping[int, int],
    status: str,
    redriven: Sequence[StatesEvent],
) -> Iterable[StateVisit]:
    depths: list[int] = []
    for index, visit in enumerate(groups.visits):
        parent = indexes[id(visit.parent)] if visit.parent else None
        depths.append(0 if parent is None else depths[parent] + 1)
        yield _state_visit(visit, index, parent, depths[-1], status, redriven)


def _state_visit(
    visit: VisitEvents,
    index: int,
    parent: int | None,
    depth: int,
    execution_status: str,
    redriven: Sequence[StatesEvent],
) -> StateVisit:
    end = visit.failed_by or visit.cut_short_by
    # If its parent ended while it was running, it was aborted as if the execution had been.
    until = "ABORTED" if end else execution_status
    unfinished = Status.FAILED if visit.failed_by else Status.of_unfinished(until)
    attempts = tuple(read_attempts(visit, unfinished, end, redriven))
    failure = _failure(visit)
    status = _status(visit, attempts, failure, until)
    details = {"error": event_type(failure), **event_details(failure)} if failure else {}
    first, last = visit.events[0], visit.events[-1]
    starts = sum(event_type(event) == f"{visit.type}StateStarted" for event in visit.events)
    return StateVisit(
        index=index,
        name=visit.name,
        type=visit.type,
        parent=parent,
        depth=depth,
        iteration=visit.iteration,
        entered=first["timestamp"],
        exited=None if status is Status.RUNNING else _exit_time(visit, failure, end),
        status=status,
        error=str(details.get("error", "")),
        cause=str(details.get("cause", "")),
        input=str(first.get("stateEnteredEventDetails", {}).get("input", "")),
        output=str(last.get("stateExitedEventDetails", {}).get("output", "")),
        attempts=attempts,
        retries=max(0, len(attempts) - 1, starts - 1),
    )


def _failure(visit: VisitEvents) -> StatesEvent | None:
    """The state's last failure, unless a success or another attempt followed it.

    Without one, the execution's failure by this state.
    """
    failure: StatesEvent | None = None
    for event in visit.events:
        kind = event_type(event)
        if kind.endswith(("Failed", "TimedOut")) and not kind.startswith("MapIteration"):
            failure = event
        elif kind.endswith(("Succeeded", "Scheduled")):
            failure = None
    return failure or visit.failed_by


def _status(
    visit: VisitEvents, attempts: tuple[TaskAttempt, ...], failure: StatesEvent | None, until: str
) -> Status:
    """The status of a visit.

    Args:
        until: the execution's status, or ABORTED if the visit was cut short
    """
    has_failed = _has_failed(attempts, failure)
    if visit.type == "Fail":
        return Status.FAILED
    if visit.is_left or visit.type == "Succeed":
        return Status.CAUGHT if has_failed else Status.SUCCEEDED
    may_be_retried = until == "RUNNING" and (attempts or visit.type in CONTAINERS)
    if has_failed and may_be_retried:
        return Status.RUNNING
    if has_failed or failure:
        is_timeout = event_type(visit.events[-1]).endswith("TimedOut")
        return Status.TIMED_OUT if is_timeout else Status.FAILED
    return Status.of_unfinished(until)


def _has_failed(attempts: tuple[TaskAttempt, ...], failure: StatesEvent | None) -> bool:
    # The evaluation of a task's output can fail after its last attempt has succeeded.
    if attempts and not (failure and event_type(failure) == "EvaluationFailed"):
        return attempts[-1].has_failed
    return failure is not None


def _exit_time(
    visit: VisitEvents, failure: StatesEvent | None, ended_by: StatesEvent | None
) -> datetime | None:
    """The time when the state was left or failed; None if the execution's end ended it."""
    has_own_end = visit.is_left or visit.type in ("Fail", "Succeed")
    has_own_failure = failure is not None and failure is not visit.failed_by
    end = visit.events[-1] if has_own_end or has_own_failure else ended_by
    return end["timestamp"] if end else None
