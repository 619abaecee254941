# SPDX-License-Identifier: MIT-0
"""Definitions of state machines that are refused with the template, and those that are not."""

from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.assembly import read_assembly
from local.cloudformation.deployed import deployed
from local.cloudformation.templates.draft import Draft
from local.cloudformation.templates.template import Template
from local.cloudformation.types.state_machines import problem_of_draft
from local.errors import UsageError

from ...support.assemblies.hand_made import function, state_machine, write_assembly
from .function_stacks import ECHO, PASS, functions_stack, machine_stack, nested_stack, task

FUNCTION_ARN = {"Fn::GetAtt": ["Echo", "Arn"]}
GLUE = task("arn:aws:states:::glue:startJobRun", Parameters={"JobName": {"Ref": "Echo"}})
DISTRIBUTED = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, **task(FUNCTION_ARN)},
            "End": True,
        }
    },
}
NO_MAP = (
    "the property DefinitionString has, in state Each, the Mode DISTRIBUTED, not supported here: "
    "distributed maps are not served here"
)
NO_GLUE = (
    "the property DefinitionString has, in state T, the Resource "
    "arn:aws:states:::glue:startJobRun, not supported here: "
    "the optimized integration of glue is not served here"
)


def test_definitions_are_refused_in_one_list_with_the_templates(tmp_path: Path) -> None:
    inner = {
        "Parameters": {
            "Size": {"Type": "String", "Default": "large"},
            "Echo": {"Type": "String"},
        },
        "Conditions": {"IsLarge": {"Fn::Equals": [{"Ref": "Size"}, "large"]}},
        "Resources": {
            "Inside": state_machine(GLUE, RoleArn="arn"),
            # What these are shows once the size is known.
            "IfLarge": state_machine({"Fn::If": ["IsLarge", GLUE, PASS]}, RoleArn="arn"),
            "IfSmall": state_machine({"Fn::If": ["IsLarge", PASS, GLUE]}, RoleArn="arn"),
        },
    }
    machines = machine_stack()
    machines["Resources"] |= {
        "Maps": state_machine(DISTRIBUTED),
        "Empty": state_machine({"StartAt": "x"}),
        "Echo": function(ECHO, CodeSigningConfigArn="arn", Role="arn"),
        "Inner": nested_stack(tmp_path / "a", inner, Size={"Ref": "Echo"}, Echo={"Ref": "Echo"}),
    }
    assembly = write_assembly(tmp_path / "a", {"Functions": functions_stack(), "M": machines})
    with pytest.raises(UsageError) as refused, deployed(assembly):
        pytest.fail("it was deployed")

    count, template, *definitions = str(refused.value).splitlines()
    assert count == "4 refusals:"
    assert template == (
        "  Echo (AWS::Lambda::Function): the property CodeSigningConfigArn is not supported here"
    )
    # Resources that do not refer to each other come in any order.
    assert sorted(definitions) == [
        "  Empty (AWS::StepFunctions::StateMachine): the property DefinitionString is refused: "
        "These fields are required: [States] at /",
        "  Inside (AWS::StepFunctions::StateMachine): " + NO_GLUE,
        "  Maps (AWS::StepFunctions::StateMachine): " + NO_MAP,
    ]


INVOKE = "arn:aws:states:::lambda:invoke"
UNQUOTED = '{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": ${N}, "End": true}}}'
WAIT = {"Type": "Wait", "Seconds": FUNCTION_ARN, "End": True}
# With the placeholder the name of the state is longer than a name may be.
NAMED = (
    '{"StartAt": "${Echo.Arn} is called", '
    '"States": {"${Echo.Arn} is called": {"Type": "Pass", "End": true}}}'
)


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({}, None),
        ({"Definition": task(FUNCTION_ARN)}, None),
        ({"Definition": task(INVOKE, Parameters={"FunctionName": {"Ref": "Echo"}})}, None),
        ({"Definition": {"StartAt": "W", "States": {"W": WAIT}}}, None),
        ({"Definition": {"StartAt": {"Ref": "Echo"}, "States": PASS["States"]}}, None),
        ({"Definition": {"StartAt": "P", "States": FUNCTION_ARN}}, None),
        ({"Definition": FUNCTION_ARN}, None),
        ({"Definition": task({"Fn::Sub": "arn:aws:states:::${Echo.Arn}"})}, None),
        ({"Definition": task({"Fn::ImportValue": "other:function"})}, None),
        ({"Definition": task({"Fn::Select": [9, {"Fn::Split": [":", FUNCTION_ARN]}]})}, None),
        ({"DefinitionString": {"Fn::Sub": NAMED}}, None),
        ({"DefinitionString": UNQUOTED, "DefinitionSubstitutions": {"N": FUNCTION_ARN}}, None),
        ({"DefinitionS3Location": {"Key": {"Ref": "Echo"}}}, None),
        ({"DefinitionString": UNQUOTED, "DefinitionSubstitutions": {"N": "30"}}, None),
        ({"DefinitionString": {"Fn::ToJsonString": GLUE}}, NO_GLUE),
        (
            {"Definition": task(FUNCTION_ARN, Next="U")},
            "the property DefinitionString is refused: "
            "There should only be one of the following fields: [Next, End] at /States/T; "
            "Missing 'Next' target: U at /States/T/Next",
        ),
    ],
)
def test_nothing_is_refused_for_a_value_that_is_not_known_yet(
    tmp_path: Path, properties: dict[str, Any], problem: str | None
) -> None:
    template = Template({"Resources": {"Echo": function(ECHO)}}, {"AWS::Region": "us-east-1"})
    [stack] = read_assembly(write_assembly(tmp_path / "a", {"M": template.document})).stacks

    assert problem_of_draft(properties, Draft(template), stack) == problem
