# SPDX-License-Identifier: MIT-0
"""The events of one execution, and which event each one follows."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import (
    EventHistoryContext,
    EventManager,
)

from ...patching import closing
from .place import ENTERED, Place

CLOSING = frozenset(
    {
        HistoryEventType.ExecutionAborted,
        HistoryEventType.ExecutionFailed,
        HistoryEventType.ExecutionSucceeded,
        HistoryEventType.ExecutionTimedOut,
    }
)


class EventContext(EventHistoryContext):
    """Where one thread of an execution is in the history: its latest event and its state.

    Args:
        previous_event_id: the event that the thread's first event follows
        entered: the ids of the event that entered the thread's state, and of the one before it
        place: where the thread's program is
        run: how often the execution had been redriven when the thread was started
    """

    def __init__(
        self,
        previous_event_id: int,
        entered: tuple[int, int] = (0, 0),
        place: Place | None = None,
        run: int = 0,
    ) -> None:
        super().__init__(previous_event_id)
        self.entered = entered
        self.place = place or Place()
        self.run = run
        self.has_events = False

    def inner(self) -> "EventContext":
        """The context of a thread that this one starts: a task, a branch or an iteration."""
        return EventContext(self.source_event_id, self.entered, self.place, self.run)

    def go_on_after(self, event_id: int) -> None:
        """Let the next event follow one of an earlier run."""
        self.source_event_id = self.last_published_event_id = event_id


class History(EventManager):
    """The events of one execution. The event of its end is the last: later ones are dropped.

    A redrive opens it again, for the threads of the new run alone: those of an earlier one may
    still be about to end.

    Args:
        now: the time of the execution
    """

    @closing(
        gap="Events carry the time of the machine.",
        probe="events_carry_the_time_of_the_machine",
    )
    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._get_current_timestamp = now
        # One lock for the decision to add an event and for adding it.
        self._mutex = threading.RLock()
        self._run = 0

    def __len__(self) -> int:
        return len(self._history_event_list)

    @closing(
        gap="Every page of a history takes a copy of all its events: a second, if it is long.",
        probe="history_is_copied_for_each_page",
    )
    def get_event_history(self) -> list[dict[str, Any]]:
        """All events so far; callers must not change them."""
        with self._mutex:
            return list(self._history_event_list)

    def event(self, event_id: int) -> dict[str, Any]:
        """The event with an id; callers must not change it."""
        event: dict[str, Any] = self._history_event_list[event_id - 1]
        return event

    def redrive(self, place: Place, date: datetime) -> EventContext:
        """Record a redrive, and return the context of the new run, which goes on from a place."""
        with self._mutex:
            self._run += 1
            context = EventContext(len(self), place=place, run=self._run)
            super().add_event(
                context=context,
                event_type=HistoryEventType.ExecutionRedriven,
                timestamp=date,
                event_details=EventDetails(
                    executionRedrivenEventDetails={"redriveCount": self._run}
                ),
            )
            return context

    @property
    def is_closed(self) -> bool:
        """Whether the execution's end is recorded."""
        return bool(self._history_event_list) and self._history_event_list[-1]["type"] in CLOSING

    def add_event(self, context: EventContext, event_type: str, **details: Any) -> int:
        """Record an event after the context's latest one, and return its id.

        A failed evaluation follows the event before its state was entered, as recorded from the
        service, and is recorded once.
        """
        with self._mutex:
            if (
                self.is_closed
                or context.run != self._run
                or self._is_recorded(context, details.get("event_details") or {})
            ):
                return int(self._history_event_list[-1]["id"])
            if (earlier := context.place.recall(event_type)) is not None:
                self._go_on(context, event_type, earlier)
                return earlier
            before = context.source_event_id
            entered, previous = context.entered
            if event_type == HistoryEventType.EvaluationFailed and before == entered:
                context.source_event_id = previous
            context.has_events = True
            added = int(super().add_event(context=context, event_type=event_type, **details))
            if str(event_type).endswith("StateEntered"):
                context.entered = (added, before)
            context.place.record(event_type, added, before)
            return added

    @staticmethod
    def _go_on(context: EventContext, event_type: str, earlier: int) -> None:
        """Go on after an event of an earlier run."""
        if event_type.endswith(ENTERED):
            context.entered = (earlier, context.place.before_entered)
        # As recorded: the failure of a Fail state follows the redrive.
        if event_type != HistoryEventType.FailStateEntered:
            context.go_on_after(earlier)

    def _is_recorded(self, context: EventContext, details: dict[str, Any]) -> bool:
        # moto reports a failed evaluation where it fails and again where its state fails. A second
        # attempt may fail in the same words: it has a new context.
        cause = details.get("evaluationFailedEventDetails", {}).get("cause")
        last: dict[str, Any] = self._history_event_list[-1] if self._history_event_list else {}
        recorded = last.get("evaluationFailedEventDetails", {}).get("cause", "")
        return context.has_events and bool(cause) and str(recorded).endswith(str(cause))
