# SPDX-License-Identifier: MIT-0
"""What the service refuses in the fields of a definition, with its words and location."""

from typing import Any

import pytest

from ....support.step_functions.findings import LAMBDA, PROCESSOR, findings_of, of_state


@pytest.mark.parametrize(
    ("state", "finding"),
    [
        ({"Type": "Task"}, "These fields are required: [Resource] at /States/A"),
        (
            {"Type": "Task", "Resource": "invoke"},
            "Value is not a valid resource ARN at /States/A/Resource",
        ),
        (
            {"Type": "Task", "Resource": LAMBDA, "HeartbeatSeconds": 9, "TimeoutSeconds": 9},
            "HeartbeatSeconds must be smaller than TimeoutSeconds at /States/A/HeartbeatSeconds",
        ),
        (
            {"Type": "Task", "Resource": LAMBDA, "TimeoutSeconds": 0},
            "Minimum value is 1 at /States/A/TimeoutSeconds",
        ),
        (
            {"Type": "Task", "Resource": LAMBDA, "TimeoutSeconds": "1"},
            "Expected value of type Integer at /States/A/TimeoutSeconds",
        ),
        (
            {"Type": "Pass", "ResultPath": "$v"},
            "Value is not a Reference Path at /States/A/ResultPath",
        ),
        (
            {"Type": "Map", "ItemSelector": "{% 1 %}", "ItemProcessor": PROCESSOR},
            "Expected value of type [OBJECT] at /States/A/ItemSelector",
        ),
        (
            {
                "Type": "Parallel",
                "Branches": [PROCESSOR],
                "Retry": [{"ErrorEquals": ["E", "States.Tired"]}],
            },
            "No error of the service has the name States.Tired at /States/A/Retry[0]/ErrorEquals",
        ),
        ({"Type": "Pass", "Retries": 1}, "Field 'Retries' is not supported at /States/A"),
        (
            {"Type": "Pass", "Output": 1},
            "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the "
            "'JSONata' QueryLanguage at /States/A",
        ),
        (
            {"Type": "Pass", "QueryLanguage": "JSONata", "Parameters": {}},
            "The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for "
            "the 'JSONPath' QueryLanguage at /States/A",
        ),
        (
            {"Type": "Pass", "InputPath": "a"},
            "Value must be a valid JSONPath. at /States/A/InputPath",
        ),
        (
            {"Type": "Pass", "ResultPath": "$.a[*]"},
            "Value is not a Reference Path at /States/A/ResultPath",
        ),
        (
            {"Type": "Pass", "Parameters": {"a": [{"b.$": r"States.Format('\n')"}]}},
            "The value for the field 'b.$' must be a valid JSONPath or a valid intrinsic function "
            "call at /States/A/Parameters/a[0]",
        ),
        (
            {"Type": "Wait", "Timestamp": "noon"},
            "String does not match RFC3339 timestamp at /States/A/Timestamp",
        ),
        (
            {"Type": "Wait", "Seconds": 1, "SecondsPath": "$.s"},
            "There should only be one of the following fields: [SecondsPath, Seconds] at /States/A",
        ),
        (
            {"Type": "Wait"},
            "This object should have only one of the following fields: "
            "[SecondsPath, Seconds, TimestampPath, Timestamp] at /States/A",
        ),
        (
            {"Type": "Map"},
            "This object should have only one of the following fields: [ItemProcessor, Iterator] "
            "at /States/A",
        ),
        (
            {"Type": "Map", "ItemProcessor": PROCESSOR | {"QueryLanguage": "JSONata"}},
            "Field 'QueryLanguage' is not supported at /States/A/ItemProcessor",
        ),
        (
            {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": "1"},
            "JSONata string must start with {% and end with %} at /States/A/Seconds",
        ),
        (
            {"Type": "Pass", "Next": "A"},
            "There should only be one of the following fields: [Next, End] at /States/A",
        ),
        (
            {"Type": "Parallel", "Branches": [PROCESSOR], "Retry": [{"ErrorEquals": []}]},
            "Value cannot be empty at /States/A/Retry[0]/ErrorEquals",
        ),
        (
            {
                "Type": "Parallel",
                "Branches": [PROCESSOR],
                "Retry": [{"ErrorEquals": ["States.ALL", "E"]}],
            },
            "States.ALL must appear alone and at end of list at /States/A/Retry[0]/ErrorEquals[0]",
        ),
        (
            {
                "Type": "Parallel",
                "Branches": [PROCESSOR],
                "Retry": [{"ErrorEquals": ["E"], "JitterStrategy": "HALF"}],
            },
            "Value should be one of the following: [NONE, FULL] at "
            "/States/A/Retry[0]/JitterStrategy",
        ),
    ],
)
def test_a_field_that_the_service_refuses_is_one_finding(
    state: dict[str, Any], finding: str
) -> None:
    assert of_state(state) == [f"SCHEMA_VALIDATION_FAILED: {finding}"]


@pytest.mark.parametrize(
    ("rule", "finding"),
    [
        (
            {"Next": "B"},
            "The object must have only one of the following fields, "
            "[And, Or, Not, Variable, Condition] at /States/A/Choices[0]",
        ),
        (
            {"Variable": "$.a", "IsNull": True},
            "These fields are required: [Next] at /States/A/Choices[0]",
        ),
        (
            {"Not": {"Variable": "$.a", "IsNull": True, "Next": "B"}, "Next": "B"},
            "Field 'Next' is not supported at /States/A/Choices[0]/Not",
        ),
        (
            {"Variable": "a", "IsNull": True, "Next": "B"},
            "Value is not a Reference Path: Reference path didn't start with '$' "
            "at /States/A/Choices[0]/Variable",
        ),
        (
            {"Variable": "$.a", "IsNull": True, "IsString": True, "Next": "B"},
            "There should only be one of the following fields: [IsNull, IsString] "
            "at /States/A/Choices[0]",
        ),
        (
            {"Variable": "$.a", "NumericEquals": "1", "Next": "B"},
            "Expected value of type Number at /States/A/Choices[0]/NumericEquals",
        ),
        (
            {"Variable": "$.a", "IsPresent": "true", "Next": "B"},
            "Expected value of type [BOOLEAN] at /States/A/Choices[0]/IsPresent",
        ),
        (
            {"Condition": "{% true %}", "Next": "B"},
            "The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for "
            "the 'JSONata' QueryLanguage at /States/A/Choices[0]",
        ),
    ],
)
def test_a_choice_rule_that_the_service_refuses_is_one_finding(
    rule: dict[str, Any], finding: str
) -> None:
    states = {"A": {"Type": "Choice", "Choices": [rule], "Default": "B"}, "B": {"Type": "Succeed"}}
    assert findings_of(states) == [f"SCHEMA_VALIDATION_FAILED: {finding}"]


def test_a_choice_needs_rules() -> None:
    states = {"A": {"Type": "Choice", "Choices": [], "Default": "B"}, "B": {"Type": "Succeed"}}
    assert findings_of(states) == [
        "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/A/Choices"
    ]


def test_variables_have_names_of_their_own() -> None:
    assert of_state({"Type": "Pass", "Assign": {"states.$": "$", "a-b": 1, "c": 2}}) == [
        "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. "
        "at /States/A/Assign/states.$",
        "INVALID_VARIABLE_NAME: Invalid variable name 'a-b': the variable name contains invalid "
        "characters. at /States/A/Assign/a-b",
    ]


@pytest.mark.parametrize(
    ("state", "finding"),
    [
        ({"Output": " {% 1 %}"}, "must start with {% and end with %} at /States/A/Output"),
        (
            {"Output": {"v": ["{% 1"]}},
            "must start with {% and end with %} at /States/A/Output/v[0]",
        ),
        (
            {"Output": "{% $states.result %}"},
            "'$states.result' does not exist. at /States/A/Output",
        ),
        ({"Output": "{% $states.x %}"}, "Field '$states.x' does not exist. at /States/A/Output"),
    ],
)
def test_an_expression_is_delimited_and_reads_what_its_place_has(
    state: dict[str, Any], finding: str
) -> None:
    [found] = of_state({"Type": "Pass", "QueryLanguage": "JSONata", **state})
    assert found.endswith(finding)


def test_an_inner_scope_assigns_no_variable_of_an_outer_one() -> None:
    inner = {"B": {"Type": "Pass", "Assign": {"x": 1, "y.$": "$", "z": 1}, "End": True}}
    branch = {"StartAt": "B", "States": inner}
    states = {
        "S": {"Type": "Pass", "Assign": {"x.$": "$"}, "Next": "P"},
        "P": {"Type": "Parallel", "Assign": {"y": 1}, "Branches": [branch], "End": True},
    }
    assert findings_of(states) == [
        f"SCHEMA_VALIDATION_FAILED: Variable '{name}' is assigned in an outer scope, too at "
        f"/States/P/Branches[0]/States/B/Assign/{field}"
        for name, field in (("x", "x"), ("y", "y.$"))
    ]


def test_a_function_of_a_cause_returns_a_text() -> None:
    fail = {"A": {"Type": "Fail", "CausePath": "States.MathAdd(1, 2)"}}
    assert findings_of(fail) == [
        "SCHEMA_VALIDATION_FAILED: Value must be a function that returns a string "
        "at /States/A/CausePath"
    ]


def test_a_definition_without_a_fault_has_no_finding() -> None:
    states = {
        "A": {
            "Type": "Task",
            "Resource": LAMBDA,
            "Parameters": {"a.$": "$$.Task.Token", "b.$": "States.Format('{}', $.x:y[?(@.z)])"},
            "ResultPath": None,
            "Retry": [
                {"ErrorEquals": ["E"], "BackoffRate": 1.5, "IntervalSeconds": 0},
                {"ErrorEquals": ["States.ALL"]},
            ],
            "Next": "B",
        },
        "B": {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": "{% 1 %}", "Next": "C"},
        "C": {"Type": "Fail", "ErrorPath": "States.Format('{}', $.e)", "CausePath": "$.c"},
    }
    assert findings_of(states, Comment="c", Version="1.0", TimeoutSeconds=0) == []
