# SPDX-License-Identifier: MIT-0
"""Patches of failed evaluations in a history: once, with the id at which their state was entered."""

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import iteration_worker
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import branches_decl
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager

from ...patching import setting, wrapping

_PREFIX = "An error occurred while executing the state '"
_ENTERED = "stateEnteredEventDetails"
_DETAILS = "evaluationFailedEventDetails"


def record_evaluation_failure(env: Environment, failure: FailureEventException) -> None:
    """Add the one event of a failed evaluation.

    If nothing has happened in the state since it was entered, the event follows the one before
    that: the service enters a state and evaluates it in one go (recorded on AWS).
    """
    manager, context = env.event_manager, env.event_history_context
    details = failure.get_evaluation_failed_event_details()
    entered = _entered(manager, context.source_event_id, failure.failure_event.state_name)
    source = context.source_event_id
    if entered is not None and entered["id"] == source:
        context.source_event_id = entered["previousEventId"]
    _recorded(manager).discard(details["cause"])
    manager.add_event(
        context=context,
        event_type=HistoryEventType.EvaluationFailed,
        event_details=EventDetails(evaluationFailedEventDetails=details),
    )
    _recorded(manager).add(details["cause"])


def _recorded(manager: EventManager) -> set[str]:
    causes: set[str] = vars(manager).setdefault("recorded_evaluation_failures", set())
    return causes


def _entered(manager: EventManager, event_id: int, state: str) -> dict[str, Any] | None:
    """The event at which a state was entered: in the chain of an event, else the last of all."""
    events: list[dict[str, Any]] = list(manager._history_event_list)
    by_id = {event["id"]: event for event in events}
    while (event := by_id.get(event_id)) is not None:
        if event.get(_ENTERED, {}).get("name") == state:
            return event
        event_id = event["previousEventId"]
    entered = (event for event in reversed(events) if event.get(_ENTERED, {}).get("name") == state)
    return next(entered, None)


@wrapping(
    EventManager,
    "add_event",
    gap="A failed evaluation inside of a Map state is recorded again for the state.",
    probe="failed_expression_is_recorded_twice",
)
def _add_event(original: Callable[..., int], self: EventManager, *args: Any, **kwargs: Any) -> int:
    cause = ((kwargs.get("event_details") or {}).get(_DETAILS) or {}).get("cause", "")
    if cause and any(known.endswith(cause) for known in _recorded(self)):
        return int(self._history_event_list[-1]["id"])
    return int(original(self, *args, **kwargs))


@wrapping(
    FailureEvent,
    "__init__",
    gap="The cause of a failure names the last event for the one at which its state was entered.",
    probe="cause_names_the_last_event",
)
def _init(original: Callable[..., None], self: FailureEvent, env: Environment, **more: Any) -> None:
    original(self, env, **more)
    entered = _entered(env.event_manager, self.source_event_id, self.state_name)
    if entered is not None:
        self.source_event_id = entered["id"]


@wrapping(
    FailureEventException,
    "get_execution_failed_event_details",
    gap="The cause of a failure inside of a Map or Parallel state gets a second beginning.",
    probe="inner_cause_begins_twice",
)
def _execution_failed(original: Callable[[Any], Any], self: FailureEventException) -> Any:
    details = original(self)
    pair = self.extract_error_cause_pair()
    if details is not None and pair is not None and str(pair[1]).startswith(_PREFIX):
        details["cause"] = pair[1]
    return details


for _module in (iteration_worker, branches_decl):
    setting(
        _module,
        "CustomErrorName",
        ErrorName,
        gap="An error of the service's own inside of a Map or Parallel state becomes another one.",
        probe="inner_error_of_the_service_changes",
    )
