# SPDX-License-Identifier: MIT-0
"""Visits of states: which events belong to which visit of which state.

One list holds the events of all branches and iterations in the order of their time. Each event
names the event before it, and the chain of these names tells the branches apart:
https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import Any

from .events import StatesEvent, event_details, event_type

_FAILED = ("StateFailed", "RunFailed")
# Each ends a state, and all states inside it that are still open.
_STATE_ENDS = ("StateExited", "StateAborted", "StateTimedOut", "RunAborted", *_FAILED)
_EXECUTION_ENDS = ("ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
ENDS = _STATE_ENDS + _EXECUTION_ENDS
_CONTAINER_EVENTS = ("MapState", "MapIteration", "MapRun", "ParallelState")
CONTAINERS = ("Map", "Parallel")
_EVALUATION_FAILED, _EXECUTION_FAILED = "EvaluationFailed", "ExecutionFailed"
# How the cause of a failure names the state, if no event of the state's own tells of the failure.
_CAUSE = re.compile(
    r"An error occurred while executing the state '(.+?)' \(entered at the event id #(\d{1,9})\)"
)


@dataclass
class VisitEvents:
    """The events of one visit of a state. Only `group_by_visit` changes them."""

    name: str
    type: str
    events: list[StatesEvent]
    # The map or parallel state that the state is inside, and the number of the map's iteration.
    parent: "VisitEvents | None" = None
    iteration: int | None = None
    is_left: bool = False
    # Those of its events that end the state, or an attempt of it.
    ends: list[StatesEvent] = field(default_factory=list)
    # The end of the execution, where a redrive entered the state again instead of going on.
    stopped_by: StatesEvent | None = None
    # The failure of the execution, if this state or one inside it caused that.
    failed_by: StatesEvent | None = None
    # All such failures: a redrive takes none of these away.
    failures: list[StatesEvent] = field(default_factory=list)

    def append(self, event: StatesEvent) -> None:
        kind = event_type(event)
        self.events.append(event)
        if kind.endswith(ENDS):
            self.ends.append(event)
        self.is_left = self.is_left or kind.endswith("StateExited")
        self.resume()

    def fail(self, event: StatesEvent) -> None:
        """Mark the state that made the execution fail, and the open states around it."""
        for visit in self._with_parents():
            # A state that succeeds or fails by its type ends before the execution does.
            if not visit.is_left and visit.type not in ("Fail", "Succeed"):
                visit.failed_by = event
                visit.failures.append(event)

    def resume(self) -> None:
        """Take the mark away: an event after the execution's failure belongs to a redrive."""
        for visit in self._with_parents():
            visit.failed_by = None

    def _with_parents(self) -> Iterator["VisitEvents"]:
        visit: VisitEvents | None = self
        while visit is not None:
            yield visit
            visit = visit.parent

    @property
    def cut_short_by(self) -> StatesEvent | None:
        """The event that ended the visit before the state was left: its own, or its parent's."""
        if self.is_left:
            return None
        return self.stopped_by or self._own_end() or self._end_of_a_parent()

    def _own_end(self) -> StatesEvent | None:
        last = self.events[-1]
        # A failure does not end the visit yet: Step Functions may retry the state.
        is_end = bool(self.ends) and self.ends[-1] is last and not _is_failure(last)
        return last if is_end else None

    def _end_of_a_parent(self) -> StatesEvent | None:
        entered: int = self.events[0]["id"]
        parents = islice(self._with_parents(), 1, None)
        later = (end for parent in parents for end in parent.ends if end["id"] > entered)
        return next(later, None)


def ends_before_redrives(events: Sequence[StatesEvent]) -> list[StatesEvent]:
    """The ends of the execution's runs, except that of its last."""
    return [
        event
        for event, following in pairwise(events)
        if event_type(following) == "ExecutionRedriven"
        and event_type(event).endswith(_EXECUTION_ENDS)
    ]


@dataclass(frozen=True)
class VisitGroups:
    """All visits in the order in which they began, and the visit of each event, by its id."""

    visits: list[VisitEvents]
    by_event: dict[int, VisitEvents]


@dataclass(frozen=True)
class _Position:
    """The visit and the iteration that an event belongs to."""

    visit: VisitEvents | None = None
    iteration: int | None = None
    # The execution's end before this event: later events belong to a redrive.
    ended_by: StatesEvent | None = None


def group_by_visit(events: Iterable[StatesEvent]) -> VisitGroups:
    """Group a history's events by the visit that each belongs to."""
    visits: list[VisitEvents] = []
    positions: dict[int, _Position] = {}
    for event in events:
        before = positions.get(event.get("previousEventId", 0), _Position())
        if event_type(event).endswith("StateEntered"):
            _leave(before)
            visits.append(_entered(event, before))
            visits[-1].resume()
            position = _Position(visits[-1])
        else:
            position = _position(event, before, visits, positions)
            if position.visit and not event_type(event).startswith("Execution"):
                position.visit.append(event)
        if event_type(event) == _EXECUTION_FAILED:
            failed = _failed_visit(event, before, visits, positions)
            if failed is not None:
                failed.fail(event)
        positions[event["id"]] = position
    by_event = {number: each.visit for number, each in positions.items() if each.visit}
    return VisitGroups(visits, by_event)


def _entered(event: StatesEvent, before: _Position) -> VisitEvents:
    """The visit that an event begins: inside the state before it, or beside that state."""
    name = str(event.get("stateEnteredEventDetails", {}).get("name", "?"))
    visit = VisitEvents(name, event_type(event).removesuffix("StateEntered"), [event])
    if before.visit is None:
        return visit
    if _is_inside(before.visit):
        return replace(visit, parent=before.visit, iteration=before.iteration)
    return replace(visit, parent=before.visit.parent, iteration=before.visit.iteration)


def _leave(before: _Position) -> None:
    """Close the state before the one that begins, where no event of its own has closed it."""
    visit = before.visit
    if visit is None or visit.is_left or _is_inside(visit):
        return
    if before.ended_by is not None:
        visit.stopped_by = before.ended_by
    else:
        # By a Catch, which does not always leave an event.
        visit.is_left = True


def _is_inside(visit: VisitEvents) -> bool:
    """Whether a state that begins after the visit's last event is inside the visited state."""
    return visit.type in CONTAINERS and not visit.is_left and not _is_failure(visit.events[-1])


def _is_failure(event: StatesEvent) -> bool:
    return event_type(event).endswith(_FAILED)


def _position(
    event: StatesEvent,
    before: _Position,
    visits: list[VisitEvents],
    positions: Mapping[int, _Position],
) -> _Position:
    """The position of an event that begins no visit."""
    kind = event_type(event)
    if kind.startswith("Execution"):
        return replace(before, ended_by=event) if kind.endswith(_EXECUTION_ENDS) else before
    if kind.endswith("StateExited"):
        name = event["stateExitedEventDetails"].get("name")
        return _Position(_open_visit(name, before.visit, visits), before.iteration)
    if kind == _EVALUATION_FAILED:
        return _Position(_failed_visit(event, before, visits, positions), before.iteration)
    if kind.startswith(_CONTAINER_EVENTS):
        container = "Map" if kind.startswith("Map") else "Parallel"
        return _Position(_innermost(container, before.visit), _iteration(event))
    return _Position(before.visit, before.iteration)


def _failed_visit(
    event: StatesEvent,
    before: _Position,
    visits: list[VisitEvents],
    positions: Mapping[int, _Position],
) -> VisitEvents | None:
    """The open visit of the state that a failure names, or else of the state before the failure.

    The event before a failure can be any: AWS gives 0, or an event of the state before.
    """
    details = event_details(event)
    cause = _CAUSE.match(str(details.get("cause", "")))
    name = details.get("state") or (cause[1] if cause else None)
    entered = positions.get(int(cause[2]), _Position()).visit if cause else None
    if entered is not None and entered.name == name and not entered.is_left:
        return entered
    if name:
        return _open_visit(name, before.visit, visits)
    return before.visit if before.visit and not before.visit.is_left else None


def _open_visit(
    name: Any, visit: VisitEvents | None, visits: list[VisitEvents]
) -> VisitEvents | None:
    """The open visit of a state: this one or one around it, or else the newest of all."""
    while visit is not None and (visit.name != name or visit.is_left):
        visit = visit.parent
    if visit is not None:
        return visit
    still_open = (each for each in reversed(visits) if each.name == name and not each.is_left)
    return next(still_open, None)


def _innermost(container: str, visit: VisitEvents | None) -> VisitEvents | None:
    """The innermost open map or parallel state: the visited state, or one around it."""
    while visit is not None and (visit.type != container or visit.is_left):
        visit = visit.parent
    return visit


def _iteration(event: StatesEvent) -> int | None:
    """The number of the iteration that an event of a map is about, from 0."""
    if not event_type(event).startswith("MapIteration"):
        return None
    index = event_details(event).get("index")
    return index if isinstance(index, int) else None
