# SPDX-License-Identifier: MIT-0
"""Patches of JSONata: expressions get values, not text, and failures name their field."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.stepfunctions.parser.api import EvaluationFailedEventDetails, HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.common.string.string_expression import (
    StringJSONata,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.states import States
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor

from ....patching import replacing, wrapping
from ...expression_fields import expression_fields
from ...jsonata import EvaluationError, Expression, NothingReturned, parse_expression
from ...validation.values import COMPUTED_VALUE_CHECKS
from . import variables
from .failures import record_evaluation_failure

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}


@wrapping(
    Preprocessor,
    "visitState_decl",
    gap="An expression does not know which field of its state it is for.",
    probe="failed_expression_does_not_name_its_field",
)
def _visit_state(original: Callable[[Any, Any], Any], self: Preprocessor, ctx: Any) -> Any:
    state = original(self, ctx)
    for expression, location, expected in expression_fields(state):
        expression.location, expression.expected = location, expected
    return state


@replacing(
    jsonata,
    "_eval_jsonata",
    gap="The evaluator of JSONata is an empty slot.",
    probe="jsonata_has_no_evaluator",
)
def _evaluate_text(source: str) -> Any:
    """For what moto still writes as text: a path into a variable in a JSONPath state."""
    try:
        return parse_expression(source).evaluate({})
    except NothingReturned:
        return None
    except EvaluationError as error:
        raise jsonata.JSONataException(error.code or "", error.message) from error


@replacing(
    StringJSONata,
    "_eval_body",
    gap="Variables are pasted into expressions as text.",
    probe="variables_are_pasted_into_expressions",
)
def _evaluate(self: StringJSONata, env: Environment) -> None:
    location = getattr(self, "location", "")
    try:
        expression = parse_expression(self.expression)
        value = expression.evaluate(
            _bindings(expression, env, location),
            # The time that the events of the execution carry.
            millis=(env.event_manager._get_current_timestamp() - _EPOCH) // _MILLISECOND,
        )
    except EvaluationError as error:
        raise _failed(env, location, self.expression, error.predicate) from None
    unexpected = _unexpected(getattr(self, "expected", None), value) or _beyond(location, value)
    if unexpected:
        raise _failed(env, location, self.expression, unexpected)
    env.stack.append(value)


def _bindings(expression: Expression, env: Environment, location: str) -> dict[str, Any]:
    """What the expression mentions, of the variables of the execution and of $states."""
    known = variables.seen_by(env.variable_store, location)
    bindings = {name: known[name] for name in expression.variables & known.keys()}
    if "states" in expression.variables:
        data = env.states._states_data
        bindings["states"] = {field: data[field] for field in data if expression.reads(field)}
    return bindings


def _unexpected(expected: str | None, value: Any) -> str | None:
    """What is wrong with the type of a value: the service's words, recorded for Items."""
    found = _TYPES.get(type(value), "number")
    fits = {"integer": isinstance(value, int) and found == "number"}.get(
        str(expected), expected in (None, found)
    )
    if fits:
        return None
    shown = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return (
        f"returned an unexpected result type. Expected '{expected}', "
        f"but was '{found}' for value: {shown}"
    )


def _beyond(location: str, value: Any) -> str | None:
    """What is wrong with a number that the field would not take in a definition either."""
    check = COMPUTED_VALUE_CHECKS.get(location)
    if check is None or isinstance(value, str) or not (message := check(value)):
        return None
    return f"returned a value that the field does not take: {message}, but was {value}"


def _failed(env: Environment, location: str, source: str, predicate: str) -> FailureEventException:
    """The failure of the state, recorded in its history."""
    error_name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
    cause = f"The JSONata expression '{source}' specified for the field '{location}' {predicate}"
    details = EvaluationFailedEventDetails(
        error=error_name.error_name, cause=cause, location=location
    )
    failure = FailureEventException(
        FailureEvent(
            env=env,
            error_name=error_name,
            event_type=HistoryEventType.EvaluationFailed,
            event_details=EventDetails(evaluationFailedEventDetails=details),
        )
    )
    record_evaluation_failure(env, failure)
    return failure


@replacing(
    States,
    "reset",
    gap="A result that there is not yet is null, not undefined.",
    probe="missing_result_is_null",
)
def _reset(self: States, input_value: Any) -> None:
    self._states_data["input"] = copy.deepcopy(input_value)
    self._states_data.pop("result", None)
    self._states_data.pop("errorOutput", None)
