# SPDX-License-Identifier: MIT-0
"""Which gaps of JSONata the plain libraries still have: see library_gaps.py, which runs these."""

import contextlib
import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from jsonata.functions import Functions
from jsonata.jexception import JException
from jsonata.jsonata import Jsonata
from jsonata.signature import Signature
from jsonata.utils import Utils
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.eval.states import States
from moto.stepfunctions.parser.asl.jsonata import jsonata

from .plain_interpreter import execution_of

NOTHING = "{% $x %}"
TASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke",
    "Arguments": {"FunctionName": "f", "Payload": NOTHING},
    "End": True,
}
PARALLEL = {
    "Type": "Parallel",
    "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}],
    "End": True,
}


def run(**states: dict[str, Any]) -> Any:
    """The ended execution of a JSONata machine that starts with the first of the states."""
    return execution_of(states, language="JSONata")


def evaluate_nothing() -> None:
    """Fill the slot of the evaluator for the purpose: no expression has a value."""
    jsonata._eval_jsonata = lambda expression: False if expression.startswith("$exists") else None


def caught(state: dict[str, Any], given: str = "{}", language: str = "JSONata") -> Any:
    """The ended execution of a state that catches all errors; no expression has a value."""
    evaluate_nothing()
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "T"}]
    return execution_of({"S": {**state, "Catch": catch}, "T": {"Type": "Succeed"}}, given, language)


def missing_result_is_null() -> bool:
    states = States({"Execution": {"Input": {}}})
    states.reset({})
    return states.get_result() is None


def output_sees_what_its_state_assigns() -> bool:
    evaluated: list[str] = []
    jsonata._eval_jsonata = evaluated.append
    run(S={"Type": "Pass", "Assign": {"x": 1}, "Output": NOTHING, "End": True})
    return "$x:=1;" in evaluated[0]


def variables_are_pasted_into_expressions() -> bool:
    evaluated: list[str] = []
    jsonata._eval_jsonata = evaluated.append
    output = {"Type": "Pass", "Output": NOTHING, "End": True}
    run(S={"Type": "Pass", "Assign": {"x": 1}, "Next": "T"}, T=output)
    return "$x:=1;" in evaluated[0]


def evaluation_failures() -> list[dict[str, Any]]:
    evaluate_nothing()
    history = run(S=TASK).to_history_output()
    return [
        event["evaluationFailedEventDetails"]
        for event in history["events"]
        if event["type"] == "EvaluationFailed"
    ]


def failed_expression_does_not_name_its_field() -> bool:
    return "'Arguments/Payload'" not in evaluation_failures()[0]["cause"]


def failed_expression_is_recorded_twice() -> bool:
    return len(evaluation_failures()) == 2


def inner_cause_begins_twice() -> bool:
    cause = "An error occurred while executing the state 'A' (entered at the event id #2). No."
    details = {"executionFailedEventDetails": {"error": "States.Runtime", "cause": cause}}
    environment = SimpleNamespace(
        next_state_name="B", event_history_context=SimpleNamespace(source_event_id=1)
    )
    failure = FailureEventException(FailureEvent(environment, None, "ExecutionFailed", details))
    found: str = failure.get_execution_failed_event_details()["cause"]
    return found.count("An error occurred") == 2


def catch_does_not_apply_to_output() -> bool:
    return bool(caught({**PARALLEL, "Output": NOTHING}).status == "FAILED")


def catch_does_not_apply_to_the_fields_of_a_parallel_state() -> bool:
    computed = caught({**PARALLEL, "Arguments": NOTHING})
    placed = caught({**PARALLEL, "ResultPath": "$.x.y"}, '{"x": 1}', "JSONPath")
    return bool(computed.status == placed.status == "FAILED")


def error_output_does_not_name_its_state() -> bool:
    return "executing the state" not in caught(TASK).output["Cause"]


def bound_function_is_renamed() -> bool:
    signature = Signature("<n:n>", "own")
    Jsonata.Frame(None).bind("other", SimpleNamespace(signature=signature))
    return bool(signature.function_name == "other")


def what_cannot_be_called_is_printed() -> bool:
    with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.suppress(JException):
        Jsonata("($x := 1; $x())").evaluate(None)
    return printed.getvalue() != ""


def surrogate_pair_is_two_characters() -> bool:
    return len(Jsonata('"\\ud83d\\ude00"').evaluate(None)) == 2


def error_in_a_condition_loses_its_name() -> bool:
    expression = Jsonata("true and $f()")
    expression.register_lambda("f", lambda: [][0])
    try:
        expression.evaluate(None)
    except JException as error:
        return "Unexpected" in str(error)
    return False


def negation_loses_digits() -> bool:
    return bool(Jsonata("-x").evaluate({"x": 2**53 + 1}) == -(2**53))


def arithmetic_is_that_of_python() -> bool:
    try:
        Jsonata("1 / 0").evaluate(None)
    except ZeroDivisionError:
        return bool(Jsonata("5.5 % 2").evaluate(None) == 1)
    return False


def range_is_larger_than_the_memory_of_the_service() -> bool:
    return Jsonata.evaluate_range_expression(None, 1, 10**7) is not None


def one_includes_true() -> bool:
    return Jsonata("true in [1]").evaluate(None) is True


def null_is_no_argument() -> bool:
    return bool(Signature("<x:x>", "f").get_symbol(Utils.NULL_VALUE) == "m")


def transform_loses_null() -> bool:
    return Functions.function_clone({"a": Utils.NULL_VALUE})["a"] is None


GAPS: list[Callable[[], bool]] = [
    missing_result_is_null,
    output_sees_what_its_state_assigns,
    variables_are_pasted_into_expressions,
    failed_expression_does_not_name_its_field,
    failed_expression_is_recorded_twice,
    inner_cause_begins_twice,
    catch_does_not_apply_to_output,
    catch_does_not_apply_to_the_fields_of_a_parallel_state,
    error_output_does_not_name_its_state,
    bound_function_is_renamed,
    what_cannot_be_called_is_printed,
    surrogate_pair_is_two_characters,
    error_in_a_condition_loses_its_name,
    negation_loses_digits,
    arithmetic_is_that_of_python,
    range_is_larger_than_the_memory_of_the_service,
    one_includes_true,
    null_is_no_argument,
    transform_loses_null,
]
