# SPDX-License-Identifier: MIT-0
"""What is refused at deployment, by logical id, type and property."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.errors import UsageError

from ...support.assemblies.variants import edited
from ...support.stacks.scenario import deployed

Change = Callable[[dict[str, Any]], None]


def first_of(resources: dict[str, Any], resource_type: str) -> dict[str, Any]:
    properties: dict[str, Any] = next(
        resource["Properties"]
        for resource in resources.values()
        if resource["Type"] == resource_type
    )
    return properties


def add_volume(resources: dict[str, Any]) -> None:
    resources["Volume"] = {"Type": "AWS::EC2::Volume"}


def add_signing(resources: dict[str, Any]) -> None:
    first_of(resources, "AWS::Lambda::Function")["CodeSigningConfigArn"] = "arn"


def make_express(resources: dict[str, Any]) -> None:
    first_of(resources, "AWS::StepFunctions::StateMachine")["StateMachineType"] = "EXPRESS"


def runtime(name: str) -> Change:
    def change(resources: dict[str, Any]) -> None:
        first_of(resources, "AWS::Lambda::Function")["Runtime"] = name

    return change


def lose_code(resources: dict[str, Any]) -> None:
    first_of(resources, "AWS::Lambda::Function")["Code"]["S3Key"] = "gone.zip"


def break_definition(resources: dict[str, Any]) -> None:
    machine = first_of(resources, "AWS::StepFunctions::StateMachine")
    machine["DefinitionString"] = "{"


def empty_definition(resources: dict[str, Any]) -> None:
    machine = first_of(resources, "AWS::StepFunctions::StateMachine")
    machine["DefinitionString"] = '{"StartAt": "x"}'


def distribute(resources: dict[str, Any]) -> None:
    inner = {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": True}}}
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    each = {"Type": "Map", "ItemProcessor": {"ProcessorConfig": config, **inner}, "End": True}
    machine = first_of(resources, "AWS::StepFunctions::StateMachine")
    machine["DefinitionString"] = json.dumps({"StartAt": "Each", "States": {"Each": each}})


def start_job(resources: dict[str, Any]) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun", "End": True}
    inner = {"StartAt": "Send", "States": {"Send": task}}
    each = {"Type": "Map", "ItemProcessor": inner, "End": True}
    machine = first_of(resources, "AWS::StepFunctions::StateMachine")
    machine["DefinitionString"] = json.dumps({"StartAt": "Each", "States": {"Each": each}})


def add_condition(resources: dict[str, Any]) -> None:
    statements = first_of(resources, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    statements[0]["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


def lose_handler(resources: dict[str, Any]) -> None:
    del first_of(resources, "AWS::Lambda::Function")["Handler"]


def break_timeout(resources: dict[str, Any]) -> None:
    first_of(resources, "AWS::Lambda::Function")["Timeout"] = "soon"


def lose_type(resources: dict[str, Any]) -> None:
    resources["Nothing"] = {}


def import_value(resources: dict[str, Any]) -> None:
    first_of(resources, "AWS::Lambda::Function")["Role"] = {"Fn::ImportValue": "role"}


def rule(**properties: Any) -> Change:
    def change(resources: dict[str, Any]) -> None:
        first_of(resources, "AWS::Events::Rule").update(properties)

    return change


def permit_an_unknown_function(resources: dict[str, Any]) -> None:
    first_of(resources, "AWS::Lambda::Permission")["FunctionName"] = "nobody"


STACK = "CdkStepfunctionDurableLambdaFunctionStack"
RULE = rf"CallbackGuardRule\w+ \(AWS::Events::Rule\), construct {STACK}/CallbackGuard/Rule: "
CLUSTER = "arn:aws:ecs:us-east-1:123456789012:cluster/c"
FUNCTION = (
    r"AsyncDurableFunction\w+ \(AWS::Lambda::Function\), "
    f"construct {STACK}/AsyncDurableFunction/Function: "
)
MACHINE = rf"StateMachine\w+ \(AWS::StepFunctions::StateMachine\), construct {STACK}/StateMachine: "


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (add_volume, r"Volume \(AWS::EC2::Volume\): this type is not supported here"),
        (add_signing, FUNCTION + "the property CodeSigningConfigArn is not supported here"),
        (
            runtime("nodejs24.x"),
            FUNCTION + r"the property Runtime must be a Python, got nodejs24\.x",
        ),
        (
            runtime("python3.12"),
            FUNCTION + r"the property Runtime of a durable function must be "
            r"python3\.13 or python3\.14, got python3\.12",
        ),
        (lose_code, FUNCTION + r"the assembly has no asset gone\.zip"),
        (import_value, FUNCTION + "no stack of this assembly exports role"),
        (
            break_definition,
            MACHINE + "the property DefinitionString is not JSON: .*",
        ),
        (
            empty_definition,
            MACHINE + r"the property DefinitionString is refused: "
            r"These fields are required: \[States\] at /",
        ),
        (
            distribute,
            MACHINE + "the property DefinitionString has, in state Each, "
            "the Mode DISTRIBUTED, not supported here: "
            "distributed maps are not served here",
        ),
        (
            start_job,
            MACHINE + "the property DefinitionString has, in state Send, "
            "the Resource arn:aws:states:::glue:startJobRun, not supported here: "
            "the optimized integration of glue is not served here",
        ),
        (
            add_condition,
            rf"\w+ \(AWS::IAM::Policy\), construct {STACK}/\S+: "
            "the property PolicyDocument: the condition key aws:PrincipalOrgID is not "
            "supported here",
        ),
        (rule(EventBusName="other"), RULE + ".* Event bus other does not exist."),
        (rule(EventPattern={}), RULE + "the property EventPattern must be an object that .*"),
        (rule(EventPattern="text"), RULE + "the property EventPattern must be an object that .*"),
        (rule(State="OFF"), RULE + "the property State must be ENABLED or DISABLED here, got OFF"),
        (
            rule(Targets=[{"Id": "T", "Arn": CLUSTER, "EcsParameters": {}}]),
            RULE + "the property Targets: EcsParameters is not supported here",
        ),
        (
            rule(Targets=[{"Id": "T", "Arn": CLUSTER}]),
            RULE + f"the property Targets has {CLUSTER}, which is no target here",
        ),
        (
            permit_an_unknown_function,
            rf"\w+ \(AWS::Lambda::Permission\), construct {STACK}/\S+: "
            "Function not found: .*:nobody",
        ),
        (lose_handler, FUNCTION + "the property Handler is missing"),
        (break_timeout, FUNCTION + "the template is broken: ValueError .*"),
        (lose_type, "Nothing: the template is broken: KeyError 'Type'"),
        (
            make_express,
            MACHINE
            + "the property DefinitionString is refused: Express state machine does not support "
            "'.waitForTaskToken' service integration  at "
            "/States/Async Durable Lambda Fn Invoke/Resource",
        ),
    ],
)
def test_what_is_not_supported_is_refused_by_name(
    assembly: Path, tmp_path: Path, change: Change, message: str
) -> None:
    with (
        pytest.raises(UsageError, match=f"^{message}$"),
        deployed(edited(assembly, tmp_path, change)),
    ):
        pytest.fail("it was deployed")
