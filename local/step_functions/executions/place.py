# SPDX-License-Identifier: MIT-0
"""The progress of each program of an execution, from which a redrive goes on."""

from typing import Any

ENTERED, EXITED, STARTED = "StateEntered", "StateExited", "StateStarted"
# Of an iteration; they hold for all of its states.
_ITERATION = ("MapIterationStarted", "MapIterationSucceeded")
_KINDS = (ENTERED, EXITED, STARTED, *_ITERATION)


class Place:
    """Where one program is: the execution's own, that of a branch, or that of an iteration.

    An execution that is redriven goes on in the states without an Exited event. As recorded from
    the service, the events that such a state has are not recorded again.
    """

    def __init__(self) -> None:
        # Of each kind, the latest event of the state under way, and of its iteration.
        self.events: dict[str, int] = {}
        self.before_entered = 0
        self.entered_time = ""
        self.variables: dict[str, Any] = {}
        self.next_state: str | None = None
        self.has_ended = False
        # The branches or iterations of the state under way.
        self.parts: dict[int, Place] = {}
        # The variables as they are now; nothing before the program has begun.
        self.store: Any = None
        # Whether its state was entered by an earlier run, and has not begun again.
        self.is_resumed = False
        self._earlier: dict[str, int] = {}

    @property
    def is_left(self) -> bool:
        """Whether its last state was exited, and the next one, if any, has not been entered."""
        return EXITED in self.events and (self.has_ended or self.next_state is not None)

    @property
    def is_in_state(self) -> bool:
        """Whether a state is under way."""
        return ENTERED in self.events and EXITED not in self.events

    def record(self, event_type: str, event_id: int, before: int) -> None:
        """Follow an event of the program.

        Args:
            before: the id of the event that it follows
        """
        kind = _kind(event_type)
        if kind == ENTERED:
            self.events = {each: self.events[each] for each in _ITERATION if each in self.events}
            self.before_entered, self.next_state = before, None
        if kind in (ENTERED, STARTED):
            self.parts = {}
        if kind is not None:
            self.events[kind] = event_id

    def recall(self, event_type: str) -> int | None:
        """The id of an event that an earlier run recorded, if it is not to be recorded again."""
        kind = _kind(event_type)
        if kind == ENTERED and ENTERED in self._earlier:
            self.next_state = None
        return self._earlier.pop(kind, None) if kind is not None else None

    def part(self, index: int) -> "Place":
        """The place of a branch or an iteration."""
        return self.parts.setdefault(index, Place())

    def again(self, *, with_all_parts: bool = False) -> "Place":
        """The place from which the next run goes on.

        Args:
            with_all_parts: whether branches and iterations that succeeded run again, too
        """
        place = Place()
        place.events = dict(self.events)
        place.before_entered, place.entered_time = self.before_entered, self.entered_time
        place.next_state, place.has_ended = self.next_state, self.has_ended and self.is_left
        if self.is_left:
            now = self.variables if self.store is None else self.store._inner_scope
            place.variables = dict(now)
        else:
            place.events.pop(EXITED, None)
            place.variables = self.variables
            if with_all_parts:
                place.events.pop(STARTED, None)
            else:
                place.parts = {index: part.again() for index, part in list(self.parts.items())}
        place._earlier = {kind: at for kind, at in place.events.items() if kind != EXITED}
        if self.is_left:
            place._earlier = {kind: at for kind, at in place._earlier.items() if kind in _ITERATION}
        place.is_resumed = ENTERED in place._earlier
        return place


def _kind(event_type: str) -> str | None:
    return next((kind for kind in _KINDS if event_type.endswith(kind)), None)
