# SPDX-License-Identifier: MIT-0
"""Patches of JSONata: the evaluator, and failures that name their field."""

import json
import threading
from collections.abc import Callable
from typing import Any

from jsonata.jsonata import Jsonata
from moto.stepfunctions.parser.api import EvaluationFailedEventDetails, HistoryEventType
from moto.stepfunctions.parser.asl.component.common import outputdecl, parargs
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
from moto.stepfunctions.parser.asl.component.common.jsonata.jsonata_template_binding import (
    JSONataTemplateBinding,
)
from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.jsonata import jsonata, validations

from ...patching import replacing, wrapping

Evaluate = Callable[[Any, Environment], None]


@replacing(
    jsonata,
    "_eval_jsonata",
    gap="The evaluator of JSONata is an empty slot.",
    probe="jsonata_has_no_evaluator",
)
def _evaluate(expression: str) -> Any:
    try:
        # Through JSON and back: the library returns lists of a class of its own.
        return json.loads(json.dumps(Jsonata(expression).evaluate(None)))
    except Exception as error:
        raise jsonata.JSONataException("", str(error)) from error


_field_path = threading.local()
_FIELDS: list[tuple[type, Callable[[Any], str]]] = [
    (parargs.Parargs, lambda _: "Arguments"),
    (outputdecl.Output, lambda _: "Output"),
    (JSONataTemplateBinding, lambda binding: str(binding.identifier)),
]


def _at_field(component: type, name: Callable[[Any], str]) -> None:
    @wrapping(
        component,
        "_eval_body",
        gap="The cause of a failed expression does not name the field that it was for.",
        probe="failed_expression_does_not_name_its_field",
    )
    def evaluate_at_field(original: Evaluate, self: Any, env: Environment) -> None:
        path = vars(_field_path).setdefault("parts", [])
        path.append(name(self))
        try:
            original(self, env)
        finally:
            path.pop()


for _component, _name in _FIELDS:
    _at_field(_component, _name)


@replacing(
    validations,
    "_validate_null_output",
    gap="An expression without a value has other words than the service's.",
    probe="failed_expression_does_not_name_its_field",
)
def _refuse_undefined(env: Environment, expression: str, rich_expression: str) -> None:
    # The wording is recorded from the real service.
    if not jsonata.eval_jsonata_expression(f"$exists({rich_expression})"):
        raise _evaluation_failed(env, expression, "returned nothing (undefined).")


@wrapping(
    StringJSONata,
    "_eval_body",
    gap="An expression that raises an error leaves no event that says so.",
    probe="failed_expression_does_not_name_its_field",
)
def _evaluate_or_fail(original: Evaluate, self: Any, env: Environment) -> None:
    try:
        original(self, env)
    except jsonata.JSONataException as error:
        failure = _evaluation_failed(
            env, self.expression, f"threw an error during evaluation. {error.details}"
        )
        env.event_manager.add_event(
            context=env.event_history_context,
            event_type=HistoryEventType.EvaluationFailed,
            event_details=EventDetails(
                evaluationFailedEventDetails=failure.get_evaluation_failed_event_details()
            ),
        )
        raise failure from None


def _evaluation_failed(env: Environment, expression: str, what: str) -> FailureEventException:
    error_name = StatesErrorName(typ=StatesErrorNameType.StatesQueryEvaluationError)
    field = "/".join(vars(_field_path).get("parts", []))
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=error_name,
            event_type=HistoryEventType.EvaluationFailed,
            event_details=EventDetails(
                evaluationFailedEventDetails=EvaluationFailedEventDetails(
                    error=error_name.error_name,
                    cause=f"The JSONata expression '{expression}' specified for the field "
                    f"'{field}' {what}",
                )
            ),
        )
    )
