# SPDX-License-Identifier: MIT-0
"""What the service refuses in a definition, with its code, words and location."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.step_functions.validation.definition import check_definition

from ...support.bare_machines import ROLE, BareMachines

LAMBDA = "arn:aws:states:::lambda:invoke"
PROCESSOR = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}


def findings_of(states: dict[str, Any], **fields: Any) -> list[str]:
    machine = {"StartAt": next(iter(states)), "States": states, **fields}
    return [str(finding) for finding in check_definition(json.dumps(machine))]


def of_state(state: dict[str, Any]) -> list[str]:
    """The findings of a machine of one state, which ends unless it says otherwise."""
    return findings_of({"A": {"End": True, **state} if "End" not in state else state})


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


def test_every_transition_needs_a_target() -> None:
    states = {
        "A": {
            "Type": "Task",
            "Resource": LAMBDA,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "X"}],
            "Next": "B",
        },
        "B": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "Y"}],
            "Default": "C",
        },
        "C": {"Type": "Map", "ItemProcessor": PROCESSOR | {"StartAt": "Z"}, "End": True},
    }
    missing = "MISSING_TRANSITION_TARGET: Missing 'Next' target:"
    assert findings_of(states)[:3] == [
        f"{missing} X at /States/A/Catch[0]/Next",
        f"{missing} Y at /States/B/Choices[0]/Next",
        f"{missing} Z at /States/C/ItemProcessor/StartAt",
    ]
    ended = {"A": {"Type": "Pass", "End": True}}
    assert f"{missing} Q at /StartAt" in findings_of(ended, StartAt="Q")


def test_a_machine_needs_an_end_and_a_way_to_every_state() -> None:
    circle = {"A": {"Type": "Pass", "Next": "A"}}
    apart = {"A": {"Type": "Pass", "End": True}, "B": {"Type": "Pass", "End": True}}

    assert findings_of(circle) == ["MISSING_END_STATE: Workflow has no terminal state at null"]
    assert findings_of(apart) == [
        'SCHEMA_VALIDATION_FAILED: State "B" is not reachable. at /States/B'
    ]


def test_a_name_of_a_state_is_used_once_in_a_machine() -> None:
    inner = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    assert of_state({"Type": "Map", "ItemProcessor": inner}) == [
        "DUPLICATE_STATE_NAME: Duplicate State name: A at /States/A/ItemProcessor/States/A"
    ]


def test_variables_have_names_of_their_own() -> None:
    assert of_state({"Type": "Pass", "Assign": {"states.$": "$", "a-b": 1, "c": 2}}) == [
        "RESERVED_VARIABLE_NAME: Cannot assign to reserved variable '$states'. "
        "at /States/A/Assign/states.$",
        "INVALID_VARIABLE_NAME: Invalid variable name 'a-b': the variable name contains invalid "
        "characters. at /States/A/Assign/a-b",
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


def test_creating_a_machine_is_refused_for_all_findings_at_once(
    bare_machines: BareMachines,
) -> None:
    broken = {"StartAt": "A", "States": {"A": {"Type": "Pass", "X": 1, "Next": "B"}}}

    with pytest.raises(ClientError) as refused:
        bare_machines.step_functions.create_state_machine(
            name="broken", definition=json.dumps(broken), roleArn=ROLE
        )

    assert refused.value.response["Error"] == {
        "Code": "InvalidDefinition",
        "Message": "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Field 'X' is not "
        "supported at /States/A, MISSING_TRANSITION_TARGET: Missing 'Next' target: B at "
        "/States/A/Next'",
    }


@pytest.mark.parametrize(
    ("definition", "diagnostics"),
    [
        (json.dumps(PROCESSOR), []),
        (
            "{}",
            [
                {
                    "severity": "ERROR",
                    "code": "SCHEMA_VALIDATION_FAILED",
                    "message": "These fields are required: [States, StartAt]",
                    "location": "/",
                }
            ],
        ),
        (
            "[]",
            [
                {
                    "severity": "ERROR",
                    "code": "SCHEMA_VALIDATION_FAILED",
                    "message": "Definition must be a valid JSON object",
                }
            ],
        ),
        (
            "no json",
            [
                {
                    "severity": "ERROR",
                    "code": "INVALID_JSON_DESCRIPTION",
                    "message": "Unrecognized token 'no': was expecting (JSON String, Number, "
                    "Array, Object or token 'null', 'true' or 'false')\n at "
                    '[Source: (String)"no json"; line: 1, column: 3]',
                    "location": '[Source: (String)"no json"; line: 1, column: 3]',
                }
            ],
        ),
    ],
)
def test_a_definition_is_validated_without_a_machine(
    bare_machines: BareMachines, definition: str, diagnostics: list[dict[str, str]]
) -> None:
    validated = bare_machines.step_functions.validate_state_machine_definition(
        definition=definition
    )

    del validated["ResponseMetadata"]
    assert validated == {
        "result": "FAIL" if diagnostics else "OK",
        "diagnostics": diagnostics,
        "truncated": False,
    }
