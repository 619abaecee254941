# SPDX-License-Identifier: MIT-0
"""Which event belongs to which visit of which state.

Events of branches and iterations stand in one list in the order of their time. Each names the
event before it, and that chain tells them apart:
https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]
_FAILED = ("StateFailed", "RunFailed")
# What ends a state, and with it every state that is still in it.
_STATE_ENDS = ("StateExited", "StateAborted", "StateTimedOut", "RunAborted", *_FAILED)
_EXECUTION_ENDS = ("ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
ENDS = _STATE_ENDS + _EXECUTION_ENDS
_CONTAINERS = ("MapState", "MapIteration", "MapRun", "ParallelState")


@dataclass
class Visit:
    """A state entered once, with all of its events. Only this module changes one."""

    name: str
    type: str
    events: list[Event]
    parent: "Visit | None" = None
    iteration: int | None = None
    is_left: bool = False
    # Those of its events that end it, or an attempt of it.
    ends: list[Event] = field(default_factory=list)
    # The execution's end that it had no part in any more once the execution was redriven.
    stopped_by: Event | None = None

    @property
    def cut_short_by(self) -> Event | None:
        """The event that ended it before it was left: its own, or that of a state it is in."""
        if self.is_left:
            return None
        if self.stopped_by:
            return self.stopped_by
        last = self.events[-1]
        # A failure is not the end yet: it may be retried.
        if self.ends and self.ends[-1] is last and not str(last["type"]).endswith(_FAILED):
            return last
        entered: int = self.events[0]["id"]
        outer = self.parent
        while outer is not None:
            after = next((end for end in outer.ends if end["id"] > entered), None)
            if after is not None:
                return after
            outer = outer.parent
        return None


@dataclass
class _Place:
    """Where an event stands: in a visit, and in which iteration of it."""

    visit: Visit | None = None
    iteration: int | None = None
    # The end of the execution since: what comes after it was redriven.
    ended_by: Event | None = None


@dataclass(frozen=True)
class Chain:
    """All visits in the order they were entered, and the visit of each event, by its id."""

    visits: list[Visit]
    by_event: dict[int, Visit]


def chain(events: Iterable[Event]) -> Chain:
    """Follow every event to the visit it belongs to."""
    visits: list[Visit] = []
    places: dict[int, _Place] = {}
    for event in events:
        before = places.get(event.get("previousEventId", 0), _Place())
        place = _place(event, before, visits)
        places[event["id"]] = place
    return Chain(visits, {event: place.visit for event, place in places.items() if place.visit})


def _place(event: Event, before: _Place, visits: list[Visit]) -> _Place:
    event_type = str(event["type"])
    if event_type.endswith("StateEntered"):
        return _Place(_enter(event, event_type, before, visits))
    if event_type.startswith("Execution"):
        ended_by = event if event_type.endswith(_EXECUTION_ENDS) else before.ended_by
        return _Place(before.visit, before.iteration, ended_by)
    visit = before.visit
    iteration = before.iteration
    if event_type.endswith("StateExited"):
        visit = _named(event["stateExitedEventDetails"].get("name"), visit, visits)
    elif event_type.startswith(_CONTAINERS):
        visit = _container(visit, "Map" if event_type.startswith("Map") else "Parallel")
        iteration = _iteration(event, event_type)
    if visit is not None:
        visit.events.append(event)
        if event_type.endswith(ENDS):
            visit.ends.append(event)
        visit.is_left = visit.is_left or event_type.endswith("StateExited")
    return _Place(visit, iteration)


def _enter(event: Event, event_type: str, before: _Place, visits: list[Visit]) -> Visit:
    details = event.get("stateEnteredEventDetails", {})
    visit = Visit(str(details.get("name", "?")), event_type.removesuffix("StateEntered"), [event])
    previous = before.visit
    if previous is not None and previous.is_left:
        visit.parent, visit.iteration = previous.parent, previous.iteration
    elif previous is not None and _is_inside(previous):
        visit.parent, visit.iteration = previous, before.iteration
    elif previous is not None and before.ended_by is not None:
        visit.parent, visit.iteration = previous.parent, previous.iteration
        previous.stopped_by = before.ended_by
    elif previous is not None:
        # Left by a Catch: that leaves no event of its own everywhere.
        visit.parent, visit.iteration = previous.parent, previous.iteration
        previous.is_left = True
    visits.append(visit)
    return visit


def _is_inside(visit: Visit) -> bool:
    has_failed = str(visit.events[-1]["type"]).endswith(_FAILED)
    return visit.type in ("Map", "Parallel") and not has_failed


def _named(name: Any, visit: Visit | None, visits: list[Visit]) -> Visit | None:
    while visit is not None and (visit.name != name or visit.is_left):
        visit = visit.parent
    if visit is not None:
        return visit
    still_in = (each for each in reversed(visits) if each.name == name and not each.is_left)
    return next(still_in, None)


def _container(visit: Visit | None, wanted: str) -> Visit | None:
    """The innermost map or parallel state that a state is in, or is."""
    while visit is not None and (visit.type != wanted or visit.is_left):
        visit = visit.parent
    return visit


def _iteration(event: Event, event_type: str) -> int | None:
    if not event_type.startswith("MapIteration"):
        return None
    details = event.get(f"{event_type[0].lower()}{event_type[1:]}EventDetails") or {}
    index = details.get("index")
    return index if isinstance(index, int) else None
