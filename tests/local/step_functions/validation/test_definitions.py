# SPDX-License-Identifier: MIT-0
"""What the service refuses in a whole definition, and how its API says so."""

import json

import pytest
from botocore.exceptions import ClientError

from local.step_functions.validation.definition import check_definition

from ....support.step_functions.bare_machines import ROLE, BareMachines
from ....support.step_functions.findings import LAMBDA, PROCESSOR, findings_of, of_state


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


def test_a_name_of_a_state_has_at_most_80_characters() -> None:
    states = {name: {"Type": "Pass", "End": True} for name in ("a" * 80, "b" * 81)}
    assert findings_of(states)[0] == (
        "INVALID_STATE_NAME: State name is longer than 80 characters at /States/" + "b" * 81
    )


def test_a_field_is_given_once() -> None:
    text = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "A": {"Type": "Succeed"}}}'
    assert [str(each) for each in check_definition(text)] == [
        "INVALID_JSON_DESCRIPTION: Duplicate field 'A' at null"
    ]


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
