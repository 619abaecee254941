# SPDX-License-Identifier: MIT-0
"""The gaps of the plain interpreter in values: intrinsic functions, paths, timestamps, sizes."""

import inspect
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.asl.component.common.timeouts.heartbeat import HeartbeatSecondsPath
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSecondsPath
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.seconds_path import (
    SecondsPath,
)
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.timestamp import Timestamp
from moto.stepfunctions.parser.asl.eval.variable_store import VariableStore
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.parser.asl.parse import preprocessor
from moto.stepfunctions.parser.asl.utils import encoding
from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.asl.utils.json_path import extract_json
from moto.stepfunctions.parser.quotas import is_within_size_quota

from . import plain_interpreter

SURROGATE_PAIR = '"\\ud83d\\ude00"'


def execution_of(states: dict[str, Any], data: Any) -> Any:
    """An ended execution of a machine that starts with the first of the states."""
    return plain_interpreter.execution_of(states, json.dumps(data))


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
    path = {"Type": "Pass", "InputPath": '$["a\\"b"]'}
    name = {"Type": "Pass", "Parameters": {'a"b.$': "$"}}
    return bool(output_of(path, {'a"b': 1}) != 1 and output_of(name, 1) != {'a"b': 1})


def variable_in_a_json_path_state_is_jsonata() -> bool:
    states = {
        "A": {"Type": "Pass", "Assign": {"v": {"w": [1, 2]}}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"x.$": "$v.w[0]"}, "End": True},
    }
    return bool(execution_of(states, {}).output != {"x": 1})


def intrinsic_literal_keeps_its_escapes() -> bool:
    return bool(value_of(r"States.Format('it\'s {}', 1)") != "it's 1")


def intrinsic_function_takes_no_null() -> bool:
    return bool(value_of("States.Array(null)") != [None])


def intrinsic_function_decodes_no_utf_8() -> bool:
    return bool(value_of("States.Base64Decode('w6k=')") != "é")


def value_of(call: str) -> Any:
    """What a call of an intrinsic function comes to; nothing if it fails."""
    output = output_of({"Type": "Pass", "Parameters": {"x.$": call}}, {})
    return output.get("x") if isinstance(output, dict) else None


def timestamp_with_an_offset_is_none() -> bool:
    return Timestamp._from_timestamp_string("2026-01-01T00:00:00+02:00") is None


def timestamp_loses_its_fraction() -> bool:
    return bool(Timestamp._from_timestamp_string("2026-01-01T00:00:00.5Z").microsecond == 0)


CHOICE = {
    "Yes": {"Type": "Pass", "Result": True, "End": True},
    "No": {"Type": "Pass", "Result": False, "End": True},
}


def choice(rule: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"A": {"Type": "Choice", "Choices": [{**rule, "Next": "Yes"}], **fields}, **CHOICE}


def comparison_of_nothing_is_false() -> bool:
    return is_met({"Variable": "$.x", "StringEquals": "x"}, {}) is False


def is_met(rule: dict[str, Any], data: Any) -> bool | None:
    """Whether a rule of a Choice state is met; None if the state fails."""
    met: bool | None = execution_of(choice(rule, Default="No"), data).output
    return met


def comparison_knows_no_context_object() -> bool:
    rule = {"Variable": "$.x", "StringEqualsPath": "$$.Execution.Name"}
    return is_met(rule, {"x": "e"}) is not True


def brackets_and_question_marks_are_wildcards() -> bool:
    return all(is_met({"Variable": "$.x", "StringMatches": p}, {"x": "a"}) for p in ("[a]", "?"))


def choice_without_a_match_raises() -> bool:
    execution = execution_of(choice({"Variable": "$.x", "IsNull": True}), {"x": 1})
    return "next state" not in str(execution.cause)


def rule_of_a_path_assigns_nothing() -> bool:
    rule = {"Variable": "$.x", "NumericEquals": 1, "Assign": {"v.$": "$.x"}}
    states = choice(rule, Default="No")
    states["Yes"] = {"Type": "Pass", "Parameters": {"v.$": "$v"}, "End": True}
    return bool(execution_of(states, {"x": 1}).output != {"v": 1})


def rule_assigns_from_the_outcome_of_its_comparison() -> bool:
    rule = {"And": [{"Variable": "$.x", "NumericEquals": 1}], "Assign": {"v.$": "$.x"}}
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


def error_path_selects_a_number() -> bool:
    execution = execution_of({"A": {"Type": "Fail", "ErrorPath": "$.x"}}, {"x": 1})
    return "AttributeError" in execution.cause


def path_selects_any_seconds() -> bool:
    evaluations = (
        (SecondsPath, SecondsPath._get_wait_seconds),
        (TimeoutSecondsPath, TimeoutSecondsPath._eval_seconds),
        (HeartbeatSecondsPath, HeartbeatSecondsPath._eval_seconds),
    )
    return all(
        evaluate(path_type(selecting(value)), SimpleNamespace(stack=[])) is value
        for path_type, evaluate in evaluations
        for value in (10**9, True)
    )


def selecting(value: Any) -> SimpleNamespace:
    """A path that selects a value."""
    return SimpleNamespace(eval=lambda env: env.stack.append(value))


def wait_compares_with_the_time_of_the_machine() -> bool:
    return "datetime.datetime.now()" in inspect.getsource(Timestamp._get_wait_seconds)


def json_has_spaces() -> bool:
    is_plain = encoding.json is json and lambda_eval_utils.json is json
    return is_plain and bool(to_json_str({"a": [1, "é"]}) == '{"a": [1, "\\u00e9"]}')


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
    state = {"Type": "Map", "ItemProcessor": item}
    pairs = [{"Key": "a", "Value": 1}]
    # The evaluator's slot is filled for the purpose: every expression is that object.
    jsonata._eval_jsonata = lambda _: {"a": 1}
    computed = {**state, "QueryLanguage": "JSONata", "Items": "{% $x %}"}
    selected = {**state, "ItemsPath": "$.x"}
    outputs = (output_of(computed, {}), output_of(selected, {"x": {"a": 1}}))
    return all(output != pairs for output in outputs)


GAPS: list[Callable[[], bool]] = [
    filter_without_a_match_is_an_error,
    path_keeps_its_json_escapes,
    variable_in_a_json_path_state_is_jsonata,
    intrinsic_literal_keeps_its_escapes,
    intrinsic_function_takes_no_null,
    intrinsic_function_decodes_no_utf_8,
    timestamp_with_an_offset_is_none,
    timestamp_loses_its_fraction,
    comparison_of_nothing_is_false,
    comparison_knows_no_context_object,
    brackets_and_question_marks_are_wildcards,
    choice_without_a_match_raises,
    rule_of_a_path_assigns_nothing,
    rule_assigns_from_the_outcome_of_its_comparison,
    default_overwrites_what_a_rule_assigns,
    result_path_through_a_number_raises,
    cause_path_selects_a_number,
    error_path_selects_a_number,
    path_selects_any_seconds,
    wait_compares_with_the_time_of_the_machine,
    json_has_spaces,
    size_counts_escapes,
    assigned_text_is_no_json,
    surrogate_pair_becomes_two_characters,
    map_takes_no_object,
]
