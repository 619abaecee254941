# SPDX-License-Identifier: MIT-0
"""JSONata for moto's Step Functions: the evaluator, and failures that name their field."""

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

from .mending import mended, unmended

Evaluate = Callable[[Any, Environment], None]


def mend_jsonata() -> None:
    """The evaluator is an empty slot."""
    jsonata._eval_jsonata = _evaluate


def _evaluate(expression: str) -> Any:
    try:
        # Through JSON and back: the library returns lists of a class of its own.
        return json.loads(json.dumps(Jsonata(expression).evaluate(None)))
    except Exception as error:
        raise jsonata.JSONataException("", str(error)) from error


_field_path = threading.local()


def mend_undefined_expressions() -> None:
    """The cause of a failed expression does not say which field it was for.

    The wording for an expression without a value is recorded from the real service.
    """
    for component, name in (
        (parargs.Parargs, lambda _: "Arguments"),
        (outputdecl.Output, lambda _: "Output"),
        (JSONataTemplateBinding, lambda binding: binding.identifier),
    ):
        component._eval_body = _at_field(component._eval_body, name)
    validations._validate_null_output = _refuse_undefined
    StringJSONata._eval_body = _refuse_error(StringJSONata._eval_body)


def _at_field(evaluate: Evaluate, name: Callable[[Any], str]) -> Evaluate:
    evaluate = unmended(evaluate)

    def evaluate_at_field(self: Any, env: Environment) -> None:
        path = vars(_field_path).setdefault("parts", [])
        path.append(name(self))
        try:
            evaluate(self, env)
        finally:
            path.pop()

    return mended(evaluate_at_field, evaluate)


def _refuse_undefined(env: Environment, expression: str, rich_expression: str) -> None:
    if not jsonata.eval_jsonata_expression(f"$exists({rich_expression})"):
        raise _evaluation_failed(env, expression, "returned nothing (undefined).")


def _refuse_error(
    evaluate: Evaluate,
) -> Evaluate:
    evaluate = unmended(evaluate)

    def evaluate_or_fail(self: Any, env: Environment) -> None:
        try:
            evaluate(self, env)
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

    return mended(evaluate_or_fail, evaluate)


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
