# SPDX-License-Identifier: MIT-0
"""Patches of failed evaluations: recorded once, and worded once, however deep they are."""

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEventException,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager

from ...patching import wrapping

_PREFIX = "An error occurred while executing the state '"
_DETAILS = "evaluationFailedEventDetails"


def record_evaluation_failure(env: Environment, failure: FailureEventException) -> None:
    """Add the one event of a failed evaluation to the history."""
    details = failure.get_evaluation_failed_event_details()
    causes = _recorded(env.event_manager)
    # A second attempt may fail in the same words.
    causes.discard(details["cause"])
    env.event_manager.add_event(
        context=env.event_history_context,
        event_type=HistoryEventType.EvaluationFailed,
        event_details=EventDetails(**{_DETAILS: details}),
    )
    causes.add(details["cause"])


def _recorded(manager: EventManager) -> set[str]:
    causes: set[str] = vars(manager).setdefault("recorded_evaluation_failures", set())
    return causes


@wrapping(
    EventManager,
    "add_event",
    gap="A failed evaluation is recorded where it fails, and again where its state fails.",
    probe="failed_expression_is_recorded_twice",
)
def _add_event(original: Callable[..., int], self: EventManager, *args: Any, **kwargs: Any) -> int:
    cause = ((kwargs.get("event_details") or {}).get(_DETAILS) or {}).get("cause")
    if cause and any(known.endswith(cause) for known in list(_recorded(self))):
        return int(self._history_event_list[-1]["id"])
    return int(original(self, *args, **kwargs))


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
