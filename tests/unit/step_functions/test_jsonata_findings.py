# SPDX-License-Identifier: MIT-0
"""Expressions that the service refuses when a state machine is created."""

import json
from typing import Any

import pytest

from local.errors import LocalError
from local.step_functions.definition import require_definition
from local.step_functions.jsonata import ExpressionFinding, definition_findings

UNSUPPORTED, INVALID = "UNSUPPORTED_JSONATA_EXPRESSION", "INVALID_JSONATA_EXPRESSION"


def machine(state: dict[str, Any], language: str = "JSONata") -> dict[str, Any]:
    return {"QueryLanguage": language, "StartAt": "E", "States": {"E": state}}


def output(expression: str) -> dict[str, Any]:
    text = "{% " + expression + " %}"
    return machine({"Type": "Pass", "Output": {"v": text}, "End": True})


@pytest.mark.parametrize(
    ("expression", "code", "message"),
    [
        ("phone", UNSUPPORTED, "Reference to 'phone' at the top level is not supported."),
        (
            "$map($a, function($x){b})",
            UNSUPPORTED,
            "Reference to 'b' at the top level is not supported.",
        ),
        ("{'k': phone}", UNSUPPORTED, "Reference to 'phone' at the top level is not supported."),
        ("$", UNSUPPORTED, "Reference to '$' at the top level is not supported."),
        ("$$", UNSUPPORTED, "Reference to '$$' is not supported."),
        ("$a[b = $$.c]", UNSUPPORTED, "Reference to '$$' is not supported."),
        ("$states.errorOutput", UNSUPPORTED, "Field '$states.errorOutput' does not exist."),
        ("1 +", INVALID, "Unexpected end of expression"),
        ("$a[1,2)", INVALID, 'Expected "]", got ","'),
        ('"unterminated', INVALID, "String literal must be terminated by a matching quote"),
        ('{"a":}', INVALID, 'The symbol "}" cannot be used as a unary operator'),
        ('$match("a", /abc', INVALID, "No terminating / in regular expression"),
        (
            "/a**/",
            INVALID,
            "Invalid regular expression /a**/: multiple repeat at position 2",
        ),
    ],
)
def test_an_expression_is_refused(expression: str, code: str, message: str) -> None:
    assert definition_findings(output(expression)) == [
        ExpressionFinding("/States/E/Output/v", code, message)
    ]


@pytest.mark.parametrize(
    "expression",
    [
        "$states.input.items[value > 3]^(>price){name: total}",
        "$states.input.($ & b)",
        "[1..3].($ * 2)",
        "$states.input ~> |$|{'a': b}|",
        "($x := 1; $x + 1)",
        "$f(?, 1)",
        "$merge($states.input.*)",
        "$eval('1')",
    ],
)
def test_an_expression_is_accepted(expression: str) -> None:
    assert definition_findings(output(expression)) == []


def test_all_findings_come_at_once_with_the_place_of_each() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Output": ["{% a %}"], "End": True}}}
    choice = {"Type": "Choice", "Choices": [{"Condition": "{% c %}", "Next": "M"}], "Default": "M"}
    caught = {"ErrorEquals": ["E"], "Assign": {"e": "{% $states.errorOutput & d %}"}, "Next": "P"}
    states = {
        "C": choice,
        "M": {"Type": "Map", "ItemProcessor": inner, "Catch": [caught], "Next": "P"},
        "P": {"Type": "Parallel", "Branches": [inner, inner], "Assign": {"states": 1}, "End": True},
    }
    found = definition_findings({"QueryLanguage": "JSONata", "StartAt": "C", "States": states})

    assert [finding.location for finding in found] == [
        "/States/C/Choices[0]/Condition",
        "/States/M/Catch[0]/Assign/e",
        "/States/M/ItemProcessor/States/I/Output[0]",
        "/States/P/Assign/states",
        "/States/P/Branches[0]/States/I/Output[0]",
        "/States/P/Branches[1]/States/I/Output[0]",
    ]


def test_a_state_of_the_other_query_language_has_no_expressions() -> None:
    state = {"Type": "Pass", "Result": "{% phone %}", "End": True}
    assert definition_findings(machine(state, "JSONPath")) == []
    assert len(definition_findings(machine({**state, "QueryLanguage": "JSONata"}, "JSONPath"))) == 1


def test_a_deployment_is_refused_with_place_and_reason() -> None:
    with pytest.raises(LocalError) as raised:
        require_definition(json.dumps(output("phone")))
    assert str(raised.value) == (
        "the property DefinitionString is refused: Reference to "
        "'phone' at the top level is not supported. at /States/E/Output/v"
    )
