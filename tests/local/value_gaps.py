# SPDX-License-Identifier: MIT-0
"""The gaps of the plain interpreter in values: intrinsic functions, paths, timestamps, sizes."""

import inspect
import json
import time
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSecondsPath
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore
from moto.stepfunctions.parser.asl.parse import preprocessor
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.asl.utils.json_path import extract_json
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.stepfunctions.parser.quotas import is_within_size_quota

DEADLINE_SECONDS = 10
ROLE = "arn:aws:iam::123456789012:role/r"
SURROGATE_PAIR = '"\\ud83d\\ude00"'


def execution_of(states: dict[str, Any], data: Any) -> Any:
    """An ended execution of a machine whose first state is called A."""
    backend = stepfunctions_parser_backends["123456789012"]["us-east-1"]
    definition = json.dumps({"StartAt": "A", "States": states})
    machine: StateMachine = backend.create_state_machine(
        f"v{time.monotonic_ns()}", definition, ROLE
    )
    arn = backend.start_execution(machine.arn, "e", json.dumps(data)).exec_arn
    deadline = time.monotonic() + DEADLINE_SECONDS
    while (execution := backend.describe_execution(arn)).status == "RUNNING":
        assert time.monotonic() < deadline, f"{arn} does not end"
        time.sleep(0.01)
    return execution


def output_of(state: dict[str, Any], data: Any) -> Any:
    execution = execution_of({"A": {"End": True, **state}}, data)
    return execution.output if execution.status == "SUCCEEDED" else execution.status


def filter_without_a_match_is_an_error() -> bool:
    try:
        extract_json("$.a[?(@.b > 1)]", {"a": [{"b": 1}]})
    except Exception:
        return True
    return False


def path_keeps_its_json_escapes() -> bool:
    state = {"Type": "Pass", "InputPath": '$["a\\"b"]'}
    return bool(output_of(state, {'a"b': 1}) != 1)


def variable_in_a_json_path_state_is_jsonata() -> bool:
    states = {
        "A": {"Type": "Pass", "Assign": {"v": {"w": [1, 2]}}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"x.$": "$v.w[0]"}, "End": True},
    }
    return bool(execution_of(states, {}).output != {"x": 1})


def intrinsic_literal_keeps_its_escapes() -> bool:
    state = {"Type": "Pass", "Parameters": {"x.$": r"States.Format('it\'s {}', 1)"}}
    return bool(output_of(state, {}) != {"x": "it's 1"})


def timestamp_with_an_offset_is_none() -> bool:
    return Timestamp._from_timestamp_string("2026-01-01T00:00:00.5+02:00") is None


CHOICE = {
    "Yes": {"Type": "Pass", "Result": True, "End": True},
    "No": {"Type": "Pass", "Result": False, "End": True},
}


def choice(rule: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"A": {"Type": "Choice", "Choices": [{**rule, "Next": "Yes"}], **fields}, **CHOICE}


def comparison_of_nothing_is_false() -> bool:
    states = choice({"Variable": "$.x", "StringEquals": "x"}, Default="No")
    return bool(execution_of(states, {}).status == "SUCCEEDED")


def choice_without_a_match_raises() -> bool:
    execution = execution_of(choice({"Variable": "$.x", "IsNull": True}), {"x": 1})
    return "next state" not in str(execution.cause)


def rule_of_a_path_assigns_nothing() -> bool:
    rule = {"Variable": "$.x", "NumericEquals": 1, "Assign": {"v.$": "$.x"}}
    states = choice(rule, Default="No")
    states["Yes"] = {"Type": "Pass", "Parameters": {"v.$": "$v"}, "End": True}
    return bool(execution_of(states, {"x": 1}).output != {"v": 1})


def default_overwrites_what_a_rule_assigns() -> bool:
    rule = {"And": [{"Variable": "$.x", "NumericEquals": 1}], "Assign": {"v": 1}}
    states = choice(rule, Default="Yes", Assign={"v": 2})
    states["Yes"] = {"Type": "Pass", "Parameters": {"v.$": "$v"}, "End": True}
    del states["No"]
    return bool(execution_of(states, {"x": 1}).output != {"v": 1})


def result_path_through_a_number_raises() -> bool:
    state = {"A": {"Type": "Pass", "ResultPath": "$.x.y", "End": True}}
    return "ResultPathMatchFailure" not in str(execution_of(state, {"x": 1}).error)


def cause_path_selects_a_number() -> bool:
    execution = execution_of({"A": {"Type": "Fail", "CausePath": "$.x"}}, {"x": 1})
    return bool(execution.error != "States.Runtime")


def timeout_path_selects_nothing_positive() -> bool:
    return "seconds <= 0" in inspect.getsource(TimeoutSecondsPath._eval_seconds) and bool(
        output_of({"Type": "Wait", "SecondsPath": "$.x"}, {"x": False}) == {"x": False}
    )


def wait_compares_with_the_time_of_the_machine() -> bool:
    return "datetime.datetime.now()" in inspect.getsource(Timestamp._get_wait_seconds)


def json_has_spaces() -> bool:
    return bool(to_json_str({"a": [1, "é"]}) != '{"a":[1,"é"]}')


def size_counts_escapes() -> bool:
    return bool(not is_within_size_quota(["é" * 100_000]))


def assigned_text_is_no_json() -> bool:
    store = VariableStore()
    store.set("text", 'a"b')
    return bool(store.get_assigned_variables() != {"text": '"a\\"b"'})


def surrogate_pair_becomes_two_characters() -> bool:
    context = type("Context", (), {"getText": lambda self: SURROGATE_PAIR})()
    return bool(preprocessor.from_string_literal(context) != "😀")


def map_takes_no_object() -> bool:
    item = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    state = {"Type": "Map", "ItemsPath": "$.x", "ItemProcessor": item}
    return bool(output_of(state, {"x": {"a": 1}}) != [{"Key": "a", "Value": 1}])


GAPS: list[Callable[[], bool]] = [
    filter_without_a_match_is_an_error,
    path_keeps_its_json_escapes,
    variable_in_a_json_path_state_is_jsonata,
    intrinsic_literal_keeps_its_escapes,
    timestamp_with_an_offset_is_none,
    comparison_of_nothing_is_false,
    choice_without_a_match_raises,
    rule_of_a_path_assigns_nothing,
    default_overwrites_what_a_rule_assigns,
    result_path_through_a_number_raises,
    cause_path_selects_a_number,
    timeout_path_selects_nothing_positive,
    wait_compares_with_the_time_of_the_machine,
    json_has_spaces,
    size_counts_escapes,
    assigned_text_is_no_json,
    surrogate_pair_becomes_two_characters,
    map_takes_no_object,
]
