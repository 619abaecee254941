# SPDX-License-Identifier: MIT-0
"""The environment variables of a function, from the template to the handler."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.errors import UsageError
from local.functions.variables import MAX_BYTES, variable_problems

from ...support.assemblies.hand_made import function, role, write_assembly
from ...support.stacks.scenario import deployed

CODE = "import os\ndef handler(event, context): return [os.environ[name] for name in event]"


def test_a_variable_that_is_a_number_or_a_boolean_is_text(tmp_path: Path) -> None:
    variables = {"TEXT": "5", "NUMBER": 5, "FRACTION": 0.5, "FLAG": True}
    resources = {
        "FunctionRole": role("lambda.amazonaws.com"),
        "Plain": function(CODE, FunctionName="plain", Environment={"Variables": variables}),
    }
    with deployed(write_assembly(tmp_path, {"Small": {"Resources": resources}})) as scenario:
        answer = scenario.lambda_.invoke(FunctionName="plain", Payload=json.dumps([*variables]))

    assert json.load(answer["Payload"]) == ["5", "5", "0.5", "true"]


def refused(directory: Path, **variables: Any) -> str:
    """The refusal of functions, each of which has these variables."""
    resources = {
        name: function(CODE, Environment={"Variables": each}) for name, each in variables.items()
    }
    resources["FunctionRole"] = role("lambda.amazonaws.com")
    assembly = write_assembly(directory, {"Small": {"Resources": resources}})
    with pytest.raises(UsageError) as raised, deployed(assembly):
        pytest.fail("it was deployed")
    return str(raised.value)


def test_variables_that_lambda_refuses_are_refused_by_the_function(tmp_path: Path) -> None:
    reserved = {"_HANDLER": "h", "AWS_LAMBDA_LOG_LEVEL": "INFO", "AWS_REGION": "r"}
    message = refused(
        tmp_path, Reserved=reserved, Large={"LARGE": "x" * MAX_BYTES}, Named={"-": ""}
    )
    cannot = (
        "Lambda was unable to configure your environment variables because the environment "
        "variables you have provided "
    )
    each = " (AWS::Lambda::Function): the property Environment is refused: "

    assert message.split("\n  ") == [
        "3 refusals:",
        f"Reserved{each}{cannot}contains reserved keys that are currently not supported for "
        "modification. Reserved keys used in this request: AWS_REGION, _HANDLER",
        f"Large{each}{cannot}exceeded the 4KB limit: they have 4108 bytes",
        f"Named{each}the name of the variable - must match [a-zA-Z][a-zA-Z0-9_]+",
    ]


def test_a_variable_whose_value_is_made_at_deployment_is_refused_then(tmp_path: Path) -> None:
    message = refused(tmp_path, Region={"AWS_REGION": {"Fn::GetAtt": ["FunctionRole", "Arn"]}})

    each = " (AWS::Lambda::Function): the property Environment is refused: "
    assert message.startswith(f"Region{each}Lambda was unable to configure")
    assert message.endswith("Reserved keys used in this request: AWS_REGION")


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"AB": None}, "the value of the variable AB must be text, a number or a boolean"),
        ({"AB": ["x"]}, "the value of the variable AB must be text, a number or a boolean"),
        ({"AB": {"a": 1}}, "the value of the variable AB must be text, a number or a boolean"),
        # Known at deployment alone.
        (
            {"AB": {"Fn::Split": [",", "x,y"]}},
            "the value of the variable AB must be text, a number or a boolean",
        ),
        (["x"], "Variables must be an object"),
        (
            {"AB": "a\0b"},
            "the value of the variable AB has a NUL character or a surrogate",
        ),
        (
            {"AB": "\ud800"},
            "the value of the variable AB has a NUL character or a surrogate",
        ),
        ({"A\ud800": ""}, "the name of the variable A\ud800 must match [a-zA-Z][a-zA-Z0-9_]+"),
        (
            {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/wrapper"},
            "the variable AWS_LAMBDA_EXEC_WRAPPER is not supported here",
        ),
    ],
)
def test_what_cannot_be_a_variable_is_refused(tmp_path: Path, variables: Any, problem: str) -> None:
    message = refused(tmp_path, Odd=variables)

    assert message == f"Odd (AWS::Lambda::Function): the property Environment is refused: {problem}"


def test_the_limit_is_that_of_the_variables_in_json() -> None:
    room = MAX_BYTES - len('{"AB":""}')

    assert list(variable_problems({"AB": "ä" * (room // 2) + "x" * (room % 2)})) == []
    assert len(list(variable_problems({"AB": "x" * (room + 1)}))) == 1
