# SPDX-License-Identifier: MIT-0
"""Which gaps of JSONata the plain libraries still have: see library_gaps.py, which runs these."""

import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from jsonata.functions import Functions
from jsonata.signature import Signature
from jsonata.utils import Utils
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.eval.states import States
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

DEADLINE_SECONDS = 10
ROLE = "arn:aws:iam::123456789012:role/r"
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
    "Output": NOTHING,
    "End": True,
}


def run(**states: dict[str, Any]) -> Any:
    """The ended execution of a machine that starts with state S, in moto's backend."""
    backend = stepfunctions_parser_backends["123456789012"]["us-east-1"]
    definition = json.dumps({"QueryLanguage": "JSONata", "StartAt": "S", "States": states})
    machine = backend.create_state_machine(f"m{time.monotonic_ns()}", definition, ROLE)
    arn = backend.start_execution(machine.arn, "jsonata", "{}").exec_arn
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (execution := backend.describe_execution(arn)).status == "RUNNING":
        assert time.monotonic() < deadline, f"{arn} does not end"
        time.sleep(0.01)
    return execution


def caught(state: dict[str, Any]) -> Any:
    """The ended execution of a state that catches all errors; no expression has a value."""
    jsonata._eval_jsonata = lambda expression: False if expression.startswith("$exists") else None
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "T"}]
    return run(S={**state, "Catch": catch}, T={"Type": "Succeed"})


def missing_result_is_null() -> bool:
    states = States({"Execution": {"Input": {}}})
    states.reset({})
    return states.get_result() is None


def output_sees_what_its_state_assigns() -> bool:
    evaluated: list[str] = []
    jsonata._eval_jsonata = evaluated.append
    run(S={"Type": "Pass", "Assign": {"x": 1}, "Output": NOTHING, "End": True})
    return "$x:=1;" in evaluated[0]


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
    return bool(caught(PARALLEL).status == "FAILED")


def error_output_does_not_name_its_state() -> bool:
    return "executing the state" not in caught(TASK).output["Cause"]


def null_is_no_argument() -> bool:
    return bool(Signature("<x:x>", "f").get_symbol(Utils.NULL_VALUE) == "m")


def transform_loses_null() -> bool:
    return Functions.function_clone({"a": Utils.NULL_VALUE})["a"] is None


GAPS: list[Callable[[], bool]] = [
    missing_result_is_null,
    output_sees_what_its_state_assigns,
    inner_cause_begins_twice,
    catch_does_not_apply_to_output,
    error_output_does_not_name_its_state,
    null_is_no_argument,
    transform_loses_null,
]
