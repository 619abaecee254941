# SPDX-License-Identifier: MIT-0
"""Patches of failed evaluations: recorded once, and worded once, however deep they are."""

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.catch.catch_outcome import CatchOutcome
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.state_parallel import (
    StateParallel,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventManager

from ....patching import wrapping
from .variables import forget_assigned

_PREFIX = "An error occurred while executing the state '"
_ERROR = "States.QueryEvaluationError"
_NO_PLACE = "States.ResultPathMatchFailure"
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


@wrapping(
    ExecutionState,
    "_construct_error_output_value",
    gap="The error output of a failed evaluation does not name the state.",
    probe="error_output_does_not_name_its_state",
)
def _error_output(
    original: Callable[..., Any], self: ExecutionState, failure_event: FailureEvent
) -> Any:
    if failure_event.error_name is None or failure_event.error_name.error_name != _ERROR:
        return original(failure_event=failure_event)
    return {
        "Error": _ERROR,
        "Cause": FailureEventException(failure_event).get_execution_failed_event_details()["cause"],
    }


@wrapping(
    StateParallel,
    "_eval_state",
    gap="The Catch of a Parallel state does not apply to its Arguments and its ResultPath.",
    probe="catch_does_not_apply_to_the_fields_of_a_parallel_state",
)
@wrapping(
    ExecutionState,
    "_eval_state_output",
    gap="The Catch of a state does not apply to its Output.",
    probe="catch_does_not_apply_to_output",
)
def _caught(original: Callable[..., None], self: ExecutionState, env: Environment) -> None:
    try:
        original(self, env)
    except FailureEventException as failure:
        event = failure.failure_event
        if not _may_be_caught(self, failure):
            raise
        forget_assigned(env.variable_store)
        env.states.set_error_output(self._construct_error_output_value(failure_event=event))
        self._handle_catch(env=env, failure_event=event)
        if env.stack[-1] != CatchOutcome.Caught:
            raise


def _may_be_caught(state: ExecutionState, failure: FailureEventException) -> bool:
    event = failure.failure_event
    # A failure that has been put to the Catch, or that is of the Catch, is past it.
    if not state.catch or hasattr(failure, "put") or event.state_name != state.name:
        return False
    if event.event_type == HistoryEventType.EvaluationFailed:
        return not str(event.event_details[_DETAILS].get("location")).startswith("Catch[")
    return event.error_name is not None and event.error_name.error_name == _NO_PLACE


@wrapping(
    ExecutionState,
    "_terminate_with_event",
    gap="The Catch of a state does not apply to its Output.",
    probe="catch_does_not_apply_to_output",
)
def _terminate(
    original: Callable[..., None], self: ExecutionState, env: Environment, failure_event: Any
) -> None:
    try:
        original(env=env, failure_event=failure_event)
    except FailureEventException as failure:
        failure.put = True
        raise
