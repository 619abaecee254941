# SPDX-License-Identifier: MIT-0
"""The values of states: intrinsic functions, paths, timestamps, sizes, and Map over an object."""

import json
from typing import Any

import pytest

from ....support.step_functions.bare_machines import BareMachines

LIMIT = 262_144


@pytest.mark.parametrize(
    ("call", "data", "value"),
    [
        (r"States.Format('It\'s \{{}\}', $.a)", {"a": 1}, "It's {1}"),
        (r"States.Format('\{\"k\":{}\}', $.a)".replace(r"\"", '"'), {"a": None}, '{"k":null}'),
        ("States.Format('{}', $.a)", {"a": "hi é 😀"}, "hi é 😀"),
        ("States.Base64Encode($.a)", {"a": "hi é"}, "aGkgw6k="),
        ("States.Base64Decode('aGkgw6k=')", {}, "hi é"),
        ("States.Hash('é', 'SHA-1')", {}, "bf15be717ac1b080b4f1c456692825891ff5073d"),
        ("States.JsonToString($.a)", {"a": {"b": [1, "é"]}}, '{"b":[1,"é"]}'),
        ("States.StringToJson('')", {}, None),
        ("States.StringToJson($.a)", {"a": '{"b": "\\u00e9"}'}, {"b": "é"}),
        ("States.JsonMerge($.a, $.b, false)", {"a": {"x": 1}, "b": {"x": {}}}, {"x": {}}),
        ("States.StringSplit('a,,b;c', ',;')", {}, ["a", "b", "c"]),
        ("States.Array(1, 'x', null, $.a, States.Array())", {"a": {}}, [1, "x", None, {}, []]),
        ("States.ArrayPartition($.a, 2)", {"a": [1, 2, 3]}, [[1, 2], [3]]),
        ("States.ArrayContains($.a, 1)", {"a": ["1"]}, True),
        ("States.ArrayRange(5, 1, -2)", {}, [5, 3, 1]),
        ("States.ArrayGetItem($.a, 1)", {"a": [1, 2]}, 2),
        ("States.ArrayUnique($.a)", {"a": [1, 1.0, "1", True, [1], [1]]}, [1, "1", True, [1]]),
        ("States.ArrayLength($.a[?(@.b > 1)])", {"a": [{"b": 1}, {"b": 2}]}, 1),
        ("States.MathAdd(1.6, -3)", {}, -1),
        ("States.MathRandom(3, 4)", {}, 3),
        ("States.Format('{} {}', $$.State.Name, $['a,b)'])", {"a,b)": 1}, "A 1"),
    ],
)
def test_an_intrinsic_function_computes_its_value(
    bare_machines: BareMachines, call: str, data: Any, value: Any
) -> None:
    assert bare_machines.computed(call, data) == value


def test_uuids_are_of_version_4_and_differ(bare_machines: BareMachines) -> None:
    first, second = (bare_machines.computed("States.UUID()") for _ in range(2))
    assert (first[14], first != second) == ("4", True)


@pytest.mark.parametrize(
    ("call", "data"),
    [
        ("States.Format('{} {}', 1)", {}),
        ("States.MathAdd($.a, 1)", {"a": "1"}),
        ("States.MathRandom(4, 4)", {}),
        ("States.ArrayRange(1, 1001, 1)", {}),
        ("States.ArrayGetItem($.a, 2)", {"a": [1]}),
        ("States.JsonMerge($.a, $.a, true)", {"a": {}}),
        ("States.Hash('a', 'SHA-2')", {}),
        ("States.Base64Encode($.a)", {"a": "x" * 10_001}),
        ("States.StringToJson('no json')", {}),
        ("States.UUID(1)", {}),
    ],
)
def test_arguments_that_a_function_does_not_take_fail_at_run_time(
    bare_machines: BareMachines, call: str, data: Any
) -> None:
    error, cause = bare_machines.failure({"Type": "Pass", "Parameters": {"x.$": call}}, data)

    name = call[: call.index("(")]
    assert (error, f"Invalid arguments in {name}" in cause) == ("States.Runtime", True), cause


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.a[?(@.b > 5)]", []),
        ("$.a[?(@.b == 1)].b", [1]),
        ("$..c", []),
        ("$.a[*].b", [1, 2]),
        ("$.a[0:1]", [{"b": 1}]),
        ("$.a[-1].b", 2),
        ("$['a'][0]['b']", 1),
    ],
)
def test_a_path_selects_one_value_or_a_list(
    bare_machines: BareMachines, path: str, value: Any
) -> None:
    assert bare_machines.computed(path, {"a": [{"b": 1}, {"b": 2}]}) == value


def test_a_path_to_one_value_that_is_missing_fails_the_state(bare_machines: BareMachines) -> None:
    error, cause = bare_machines.failure({"Type": "Pass", "InputPath": "$.b"}, {"a": 1})

    assert error == "States.Runtime"
    assert "Invalid path '$.b'" in cause


def test_a_state_reads_variables_by_path(bare_machines: BareMachines) -> None:
    states = {
        "A": {"Type": "Pass", "Assign": {"v": {"w": [1, 2]}}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"x.$": "$v.w[1]"}, "End": True},
    }
    assert bare_machines.run(states)["output"] == '{"x":2}'


NOON = "2026-01-01T12:00:00Z"


@pytest.mark.parametrize(
    ("operator", "value", "is_match"),
    [
        ({"IsTimestamp": True}, "2026-01-01T13:00:00.123456789+01:00", True),
        ({"IsTimestamp": True}, "2026-01-01 13:00:00Z", False),
        ({"IsTimestamp": True}, "2026-01-01t13:00:00z", False),
        ({"IsTimestamp": True}, "2026-02-30T13:00:00Z", False),
        ({"TimestampEquals": NOON}, "2026-01-01T14:00:00.000+02:00", True),
        ({"TimestampLessThan": NOON}, "2026-01-01T13:30:00.5+02:00", True),
        ({"TimestampGreaterThan": NOON}, "2026-01-01T12:00:00.001Z", True),
        ({"TimestampGreaterThanEqualsPath": "$.noon"}, "2026-01-01T12:00:00-00:30", True),
        ({"TimestampEquals": NOON}, "noon", False),
    ],
)
def test_a_choice_compares_timestamps_with_fractions_and_offsets(
    bare_machines: BareMachines, operator: dict[str, Any], value: str, is_match: bool
) -> None:
    rule = {"Variable": "$.t", **operator, "Next": "Yes"}
    states = {
        "A": {"Type": "Choice", "Choices": [rule], "Default": "No"},
        "Yes": {"Type": "Pass", "Result": True, "End": True},
        "No": {"Type": "Pass", "Result": False, "End": True},
    }
    assert bare_machines.run(states, {"t": value, "noon": NOON})["output"] == json.dumps(is_match)


@pytest.mark.parametrize("time", ["2026-01-01T12:00:00.5Z", "2026-01-01T12:00:00+02:00"])
def test_a_wait_takes_timestamps_with_fractions_and_offsets(
    bare_machines: BareMachines, time: str
) -> None:
    assert bare_machines.output({"Type": "Wait", "Timestamp": time}) == {}
    assert bare_machines.output({"Type": "Wait", "TimestampPath": "$.t"}, {"t": time}) == {
        "t": time
    }


def test_a_wait_refuses_a_text_that_is_no_timestamp(bare_machines: BareMachines) -> None:
    error, cause = bare_machines.failure({"Type": "Wait", "TimestampPath": "$.t"}, {"t": "noon"})

    assert error == "States.Runtime"
    assert "ISO-8601 extended offset date-time format string: $.t == noon" in cause


def test_the_limit_of_data_counts_bytes_of_utf_8(bare_machines: BareMachines) -> None:
    # {"abc":"…"} has 10 bytes around the text, and é has 2.
    data = {"x": "é" * ((LIMIT - 10) // 2)}

    fitting = {"Type": "Pass", "Parameters": {"abc.$": "$.x"}}
    assert bare_machines.output(fitting, data) == {"abc": data["x"]}

    error, cause = bare_machines.failure({"Type": "Pass", "Parameters": {"abcd.$": "$.x"}}, data)
    assert error == "States.DataLimitExceeded"
    assert cause.endswith("with a size exceeding the maximum number of bytes service limit.")


def test_outputs_are_compact_and_keep_order_and_characters(bare_machines: BareMachines) -> None:
    described = bare_machines.run({"A": {"Type": "Pass", "End": True}}, {"b": [1, 2.5], "a": "é😀"})

    assert described["output"] == '{"b":[1,2.5],"a":"é😀"}'


@pytest.mark.parametrize(
    "items", [{"ItemsPath": "$.x"}, {"QueryLanguage": "JSONata", "Items": "{% $states.input.x %}"}]
)
def test_a_map_over_an_object_has_an_item_for_each_pair(
    bare_machines: BareMachines, items: dict[str, str]
) -> None:
    processor = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    state = {"Type": "Map", "ItemProcessor": processor, **items}

    assert bare_machines.output(state, {"x": {"a": 1, "b": [2]}}) == [
        {"Key": "a", "Value": 1},
        {"Key": "b", "Value": [2]},
    ]


def test_a_map_over_a_text_fails(bare_machines: BareMachines) -> None:
    processor = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    state = {"Type": "Map", "ItemProcessor": processor, "ItemsPath": "$.x"}

    error, cause = bare_machines.failure(state, {"x": "text"})

    assert error == "States.Runtime"
    assert 'Reference path "$.x" must point to array.' in cause
