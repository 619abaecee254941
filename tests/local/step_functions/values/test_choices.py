# SPDX-License-Identifier: MIT-0
"""Choice states, results without a place, and values that a path or an expression selects."""

import json
from typing import Any

import pytest

from ....support.step_functions.bare_machines import BareMachines

ONE = {"Variable": "$.v", "NumericEquals": 1}
ASSIGNED = {"Assign": {"x.$": "$.v", "y": "rule"}}
INVALID = "Invalid path '$.w': The choice state's condition path references an invalid value."


def choice(*rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    choices = [{**rule, "Next": "Yes"} for rule in rules]
    return {
        "A": {"Type": "Choice", "Choices": choices, **fields},
        "Yes": {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$": "$y"}, "End": True},
    }


@pytest.mark.parametrize(
    ("rule", "cause"),
    [
        ({"Variable": "$.w", "IsNull": True}, INVALID),
        ({"Not": {"Variable": "$.w", "StringEquals": "x"}}, INVALID),
        ({"Variable": "$.v", "NumericLessThanPath": "$.w"}, INVALID),
        (
            {"Variable": "$.v", "NumericEquals": 2},
            "Failed to transition out of the state. The state does not point to a next state.",
        ),
    ],
)
def test_a_choice_fails_without_a_value_or_a_match(
    bare_machines: BareMachines, rule: dict[str, Any], cause: str
) -> None:
    ended = bare_machines.run(choice(rule), {"v": 1})
    entered = "An error occurred while executing the state 'A' (entered at the event id #2). "
    assert (ended["error"], ended["cause"]) == ("States.Runtime", entered + cause)


@pytest.mark.parametrize("rule", [ONE, {"And": [ONE]}])
def test_a_rule_assigns_and_the_default_to_the_same_state_does_not(
    bare_machines: BareMachines, rule: dict[str, Any]
) -> None:
    states = choice({**rule, **ASSIGNED}, Default="Yes", Assign={"x": 0, "y": "default"})

    assert bare_machines.run(states, {"v": 1})["output"] == '{"x":1,"y":"rule"}'
    assert bare_machines.run(states, {"v": 2})["output"] == '{"x":0,"y":"default"}'


def test_a_comparison_reads_the_context_object_and_variables(bare_machines: BareMachines) -> None:
    late = {"Variable": "$.t", "TimestampLessThanPath": "$$.Execution.StartTime"}
    named = {"Variable": "$$.State.Name", "StringEqualsPath": "$name"}
    states = {
        "S": {"Type": "Pass", "Assign": {"name": "A", "x": 1, "y": 2}, "Next": "A"},
        **choice({"And": [late, named, {"Variable": "$.w", "IsPresent": False}]}),
    }
    assert bare_machines.run(states, {"t": "2020-01-01T00:00:00Z"})["status"] == "SUCCEEDED"


@pytest.mark.parametrize("text", ["null", '{"a": 1}', "$x", "{% 1 %}", "JSONata", "JSONPath"])
def test_a_text_is_a_text_wherever_it_is(bare_machines: BareMachines, text: str) -> None:
    states = {
        "JSONata": {"Type": "Pass", "Comment": text, "Assign": {"v": text}, "Next": "A"},
        "A": {
            "Type": "Choice",
            "Choices": [{"Variable": "$v", "StringEquals": text, "Next": "Yes"}],
        },
        "Yes": {"Type": "Pass", "Parameters": {"v.$": "$v", "text": text}, "End": True},
    }
    output = json.loads(bare_machines.run(states)["output"])
    assert output == {"v": text, "text": text}


@pytest.mark.parametrize("language", ["JSONata", "JSONPath"])
def test_the_name_of_a_field_is_a_name_in_data(bare_machines: BareMachines, language: str) -> None:
    data = {"QueryLanguage": language, "States": {"S": {"QueryLanguage": language}}}
    inner = {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"inner": data}, "End": True}
    states = {
        "A": {"Type": "Pass", "Result": data, "ResultPath": "$.result", "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"all.$": "$", "given": data}, "Next": "C"},
        "C": {
            "Type": "Parallel",
            "Branches": [{"StartAt": "I", "States": {"I": inner}}],
            "ResultSelector": {"branches.$": "$", "selected": data},
            "ResultPath": "$.parallel",
            "End": True,
        },
    }
    assert json.loads(bare_machines.run(states)["output"]) == {
        "all": {"result": data},
        "given": data,
        "parallel": {"branches": [{"inner": data}], "selected": data},
    }


def test_a_result_without_a_place_fails_and_can_be_caught(bare_machines: BareMachines) -> None:
    branch = {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}
    parallel = {"Type": "Parallel", "Branches": [branch], "ResultPath": "$.v.x"}
    caught = {**parallel, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}], "Next": "C"}

    ended = bare_machines.run({"A": caught, "C": {"Type": "Pass", "End": True}}, {"v": 1})
    output = json.loads(ended["output"])
    assert output["Error"] == "States.ResultPathMatchFailure"
    assert output["Cause"] == (
        "An error occurred while executing the state 'A' (entered at the event id #2). "
        'Unable to apply ReferencePath $.v.x to input {"v":1}'
    )
    error, _ = bare_machines.failure(parallel, {"v": 1})
    assert error == "States.ResultPathMatchFailure"


def test_a_cause_is_a_text_that_a_path_or_a_function_selects(bare_machines: BareMachines) -> None:
    def ended(**fail: Any) -> dict[str, Any]:
        return bare_machines.run({"A": {"Type": "Fail", **fail}}, {"v": 1})

    assert ended(CausePath="States.Format('{}', $.v)")["cause"] == "1"
    assert ended(ErrorPath="$.v")["error"] == "States.Runtime"


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({"Type": "Wait", "SecondsPath": "$.many"}, "States.Runtime"),
        ({"Type": "Wait", "SecondsPath": "$.flag"}, "States.Runtime"),
        (
            {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": "{% -1 %}"},
            "States.QueryEvaluationError",
        ),
        (
            {
                "Type": "Map",
                "QueryLanguage": "JSONata",
                "Items": [1],
                "MaxConcurrency": "{% -1 %}",
                "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}},
            },
            "States.QueryEvaluationError",
        ),
    ],
)
def test_a_computed_number_has_the_range_of_its_field(
    bare_machines: BareMachines, state: dict[str, Any], error: str
) -> None:
    assert bare_machines.failure(state, {"many": 100_000_000, "flag": True})[0] == error
