# SPDX-License-Identifier: MIT-0
"""The events of one execution, and which event each one follows."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.eval.event.event_manager import (
    EventHistoryContext,
    EventManager,
)

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
    """

    def __init__(self, previous_event_id: int, entered: tuple[int, int] = (0, 0)) -> None:
        super().__init__(previous_event_id)
        self.entered = entered
        self.has_events = False

    def inner(self) -> "EventContext":
        """The context of a thread that this one starts: a task, a branch or an iteration."""
        return EventContext(self.source_event_id, self.entered)


class History(EventManager):
    """The events of one execution. The event of its end is the last: later ones are dropped.

    Args:
        now: the time of the execution
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._get_current_timestamp = now
        # One lock for the decision to add an event and for adding it.
        self._mutex = threading.RLock()

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
            if self.is_closed or self._is_recorded(context, details.get("event_details") or {}):
                return int(self._history_event_list[-1]["id"])
            before = context.source_event_id
            entered, previous = context.entered
            if event_type == HistoryEventType.EvaluationFailed and before == entered:
                context.source_event_id = previous
            context.has_events = True
            added = int(super().add_event(context=context, event_type=event_type, **details))
            if str(event_type).endswith("StateEntered"):
                context.entered = (added, before)
            return added

    def _is_recorded(self, context: EventContext, details: dict[str, Any]) -> bool:
        # moto reports a failed evaluation where it fails and again where its state fails. A second
        # attempt may fail in the same words: it has a new context.
        cause = details.get("evaluationFailedEventDetails", {}).get("cause")
        last: dict[str, Any] = self._history_event_list[-1] if self._history_event_list else {}
        recorded = last.get("evaluationFailedEventDetails", {}).get("cause", "")
        return context.has_events and bool(cause) and str(recorded).endswith(str(cause))
