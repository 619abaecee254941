# SPDX-License-Identifier: MIT-0
"""Assemblies of several stacks: exports, stages, one choice among state machines, refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloudformation.assembly import Assembly, read_assembly
from local.cloudformation.deployed import deployed
from local.cloudformation.deployment import Deployment
from local.cloudformation.templates.draft import Draft
from local.cloudformation.templates.template import Template
from local.cloudformation.types.state_machines import problem_of_draft
from local.endpoint.endpoint import Endpoint
from local.errors import UsageError

from ...support.assemblies.hand_made import (
    function,
    role,
    set_environment,
    state_machine,
    write_assembly,
)
from ...support.stacks.scenario import wait_until

ECHO = "def handler(event, context):\n    return [event]\n"
PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}


def functions_stack() -> dict[str, Any]:
    return {
        "Resources": {
            "FunctionRole": role("lambda.amazonaws.com"),
            "Echo": function(ECHO),
        },
        "Outputs": {
            "Echo": {"Value": {"Fn::GetAtt": ["Echo", "Arn"]}, "Export": {"Name": "functions:echo"}}
        },
    }


def machine_stack() -> dict[str, Any]:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "${Echo}", "Payload.$": "$"},
        "OutputPath": "$.Payload",
        "End": True,
    }
    return {
        "Resources": {
            "MachineRole": role("states.amazonaws.com", "lambda:InvokeFunction"),
            "Machine": state_machine(
                {"StartAt": "T", "States": {"T": task}},
                StateMachineName="calls",
                DefinitionSubstitutions={"Echo": {"Fn::ImportValue": "functions:echo"}},
            ),
            "Other": state_machine(PASS, StateMachineName="passes"),
        }
    }


def test_a_stack_runs_with_what_another_one_exports(tmp_path: Path) -> None:
    assembly = write_assembly(
        tmp_path / "a", {"Functions": functions_stack(), "Machines": machine_stack()}
    )
    with deployed(assembly) as deployment:
        step_functions = deployment.endpoint.client("stepfunctions")
        arn = step_functions.start_execution(
            stateMachineArn=deployment.state_machine("calls"), input='{"a": 1}'
        )["executionArn"]
        waiter_end = ended(step_functions, arn)
        names = [stack["StackName"] for stack in stacks(deployment.endpoint)]

    assert (waiter_end["status"], json.loads(waiter_end["output"])) == ("SUCCEEDED", [{"a": 1}])
    assert names == ["Functions", "Machines"]


def stacks(endpoint: Any) -> list[dict[str, Any]]:
    return list(endpoint.client("cloudformation").describe_stacks()["Stacks"])


def ended(step_functions: Any, arn: str) -> dict[str, Any]:
    described: dict[str, Any] = {}

    def has_ended() -> bool:
        described.update(step_functions.describe_execution(executionArn=arn))
        return str(described["status"]) != "RUNNING"

    wait_until(has_ended, "the end of the execution")
    return described


def test_a_state_machine_is_chosen_by_name_where_there_are_several(tmp_path: Path) -> None:
    with deployed(
        write_assembly(tmp_path / "a", {"F": functions_stack(), "M": machine_stack()})
    ) as deployment:
        chosen = deployment.state_machine("passes")
        with pytest.raises(UsageError) as without_a_name:
            deployment.state_machine(None)
        with pytest.raises(UsageError) as another_name:
            deployment.state_machine("nobody")

    assert chosen.endswith(":stateMachine:passes")
    assert str(without_a_name.value) == (
        "several state machines: choose one with --machine NAME: calls, passes"
    )
    assert str(another_name.value) == (
        "no state machine is called nobody: choose one with --machine NAME: calls, passes"
    )


def test_the_stacks_of_stages_are_deployed_or_one_of_them_is_chosen(tmp_path: Path) -> None:
    assembly = read_assembly(
        write_assembly(tmp_path / "a", {"Root": {}}, {"Prod": {"ProdStack": machine_stack()}})
    )

    assert sorted(stack.name for stack in assembly.stacks) == ["ProdStack", "Root"]
    assert [stack.name for stack in assembly.select("Prod*").stacks] == ["ProdStack"]
    with pytest.raises(UsageError, match=r"^no stack matches Dev\*; .*/a has Root, ProdStack$"):
        assembly.select("Dev*")


BROKEN = {
    "Resources": {
        "Wall": {
            "Type": "AWS::WAFv2::WebACL",
            "Metadata": {"aws:cdk:path": "App/Wall/Resource"},
        },
        "Disk": {"Type": "AWS::EC2::Volume", "Properties": {"Size": {"Fn::Transform": {}}}},
        "FunctionRole": role("lambda.amazonaws.com"),
        "Echo": function(ECHO, CodeSigningConfigArn="arn", Runtime="nodejs24.x"),
    }
}


def test_all_refusals_come_at_once_with_the_construct_where_it_is_known(tmp_path: Path) -> None:
    assembly = write_assembly(tmp_path / "a", {"Broken": BROKEN, "Functions": functions_stack()})
    with pytest.raises(UsageError) as refused, deployed(assembly):
        pytest.fail("it was deployed")

    assert str(refused.value).splitlines() == [
        "4 refusals:",
        "  Wall (AWS::WAFv2::WebACL), construct App/Wall: this type is not supported here",
        "  Disk (AWS::EC2::Volume): this type is not supported here",
        "  Echo (AWS::Lambda::Function): the property CodeSigningConfigArn is not supported here",
        "  Echo (AWS::Lambda::Function): the property Runtime must be a Python, got nodejs24.x",
    ]


WALL = {"Resources": {"Wall": {"Type": "AWS::WAFv2::WebACL"}}}
METADATA = {
    f"/{path}": [
        {"type": "aws:cdk:warning", "data": "old"},
        {"type": "aws:cdk:logicalId", "data": made},
    ]
    for path, made in (
        ("P/A/Wall/Resource", "Wall"),
        ("P/Wall/Resource", "Wall"),
        ("P/A.NestedStack/A.NestedStackResource", "Inner"),
    )
}


def describe(assembly: Path, **fields: Any) -> Path:
    """Add fields to the artifacts of an assembly."""
    manifest = json.loads((assembly / "manifest.json").read_text())
    for artifact in manifest["artifacts"].values():
        artifact.update(fields)
    (assembly / "manifest.json").write_text(json.dumps(manifest))
    return assembly


def nested_stack(assembly: Path, template: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    """A nested stack whose template stands in the folder of an assembly."""
    assembly.mkdir()
    (assembly / "inner.json").write_text(json.dumps(template))
    return {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://s3/inner.json", "Parameters": parameters},
        "Metadata": {"aws:asset:path": "inner.json"},
    }


def test_a_construct_is_named_from_the_metadata_of_an_assembly_without_paths_in_its_templates(
    tmp_path: Path,
) -> None:
    inner = nested_stack(tmp_path / "a", WALL)
    outer = {"Resources": {**WALL["Resources"], "Inner": inner}}
    assembly = write_assembly(tmp_path / "a", {"P": outer})
    (assembly / "P.metadata.json").write_text(json.dumps(METADATA))
    describe(assembly, additionalMetadataFile="P.metadata.json")
    with pytest.raises(UsageError) as refused, deployed(assembly):
        pytest.fail("it was deployed")

    assert str(refused.value).splitlines() == [
        "2 refusals:",
        "  Wall (AWS::WAFv2::WebACL), construct P/Wall: this type is not supported here",
        "  Wall (AWS::WAFv2::WebACL), construct P/A/Wall: this type is not supported here",
    ]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"metadata": METADATA}, "P/Wall/Resource"),
        ({"metadata": ["broken"]}, ""),
        ({"metadata": {"/P/Wall": [{}]}}, ""),
        ({"additionalMetadataFile": "missing.json"}, ""),
        ({"additionalMetadataFile": "broken.json"}, ""),
        ({}, ""),
    ],
)
def test_metadata_stands_in_the_manifest_too_and_may_be_missing_or_broken(
    tmp_path: Path, fields: dict[str, Any], path: str
) -> None:
    assembly = describe(write_assembly(tmp_path / "a", {"P": WALL}), **fields)
    (assembly / "broken.json").write_text("{")

    [stack] = read_assembly(assembly).stacks
    assert stack.construct_path("Wall") == path


def task(resource: Any, **fields: Any) -> dict[str, Any]:
    state = {"Type": "Task", "Resource": resource, "End": True, **fields}
    return {"StartAt": "T", "States": {"T": state}}


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
        "Parameters": {"Size": {"Type": "String", "Default": "large"}},
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
        "Echo": function(ECHO, CodeSigningConfigArn="arn"),
        "Inner": nested_stack(tmp_path / "a", inner, Size={"Ref": "Echo"}),
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


def test_a_stack_runs_in_the_account_and_region_of_its_environment(tmp_path: Path) -> None:
    assembly = write_assembly(tmp_path / "a", {"F": functions_stack(), "M": machine_stack()})
    with deployed(set_environment(assembly, "aws://210987654321/eu-west-1")) as deployment:
        machine = deployment.state_machine("calls")
        step_functions = deployment.endpoint.client("stepfunctions")
        arn = step_functions.start_execution(stateMachineArn=machine, input="{}")["executionArn"]
        end = ended(step_functions, arn)
        [described] = [each for each in stacks(deployment.endpoint) if each["StackName"] == "F"]

    assert machine == "arn:aws:states:eu-west-1:210987654321:stateMachine:calls"
    assert (end["status"], end["output"]) == ("SUCCEEDED", "[{}]")
    assert described["Outputs"][0]["OutputValue"] == (
        "arn:aws:lambda:eu-west-1:210987654321:function:F-Echo"
    )


def test_stacks_of_two_environments_are_told_apart_by_name(tmp_path: Path) -> None:
    one = set_environment(
        write_assembly(tmp_path / "a", {"One": {}}), "aws://210987654321/eu-west-1"
    )
    other = write_assembly(tmp_path / "b", {"Other": {}})
    assembly = Assembly(one, read_assembly(one).stacks + read_assembly(other).stacks)

    with pytest.raises(UsageError) as refused:
        _ = assembly.environment
    assert str(refused.value) == (
        "choose stacks of one account and Region with --stack: "
        "One in 210987654321/eu-west-1, Other in 123456789012/us-east-1"
    )
    assert assembly.select("Other").environment.region == "us-east-1"


def test_a_call_that_is_not_served_is_refused_in_the_protocol_of_its_service(
    tmp_path: Path,
) -> None:
    with deployed(write_assembly(tmp_path / "a", {"One": {}})) as deployment:
        cloudformation = deployment.endpoint.client("cloudformation")
        with pytest.raises(ClientError) as refused:
            cloudformation.list_stack_resources(StackName="One")

    assert refused.value.response["Error"] == {
        "Type": "Sender",
        "Code": "NotImplemented",
        "Message": "ListStackResources is not served on this machine",
    }


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (
            {"ignored": frozenset({"AWS::WAFv2::WebAcl"})},
            "2 refusals:\n  --ignore AWS::WAFv2::WebAcl: no resource has this type; there are "
            "AWS::CloudFormation::Stack, AWS::IAM::Role, AWS::Lambda::Function, AWS::WAFv2::WebACL"
            "\n  Wall (AWS::WAFv2::WebACL): this type is not supported here",
        ),
        (
            {"ignored": frozenset({"AWS::WAFv2::WebACL"}), "parameters": {"Sise": "small"}},
            "--parameters Sise: there is no such parameter; there are Colour, Size",
        ),
    ],
)
def test_a_mistyped_choice_is_refused_with_what_there_is(
    tmp_path: Path, chosen: dict[str, Any], message: str
) -> None:
    inner = nested_stack(tmp_path / "a", {"Resources": {"Wall": {"Type": "AWS::WAFv2::WebACL"}}})
    size = {"Parameters": {"Size": {"Type": "String", "Default": "large"}}}
    colour = {"Parameters": {"Colour": {"Type": "String", "Default": "red"}}}
    templates = {"F": {**functions_stack(), **size}, "N": {"Resources": {"Inner": inner}, **colour}}
    assembly = read_assembly(write_assembly(tmp_path / "a", templates))
    with Endpoint() as endpoint, pytest.raises(UsageError) as refused:
        Deployment(assembly, endpoint, **chosen).apply()

    assert str(refused.value) == message


def test_what_has_no_effect_here_and_what_the_user_leaves_out_is_listed_once(
    tmp_path: Path,
) -> None:
    template = functions_stack()
    template["Resources"]["Echo"]["Properties"] |= {
        "EphemeralStorage": {"Size": 1024},
        "Description": "nobody expects an effect of it",
    }
    template["Resources"]["Wall"] = {"Type": "AWS::WAFv2::WebACL"}
    template["Outputs"]["Wall"] = {"Value": {"Fn::GetAtt": ["Wall", "Arn"]}}
    assembly = read_assembly(write_assembly(tmp_path / "a", {"F": template}))
    with Endpoint() as endpoint:
        deployment = Deployment(assembly, endpoint, ignored=frozenset({"AWS::WAFv2::WebACL"}))
        deployment.apply()

    assert deployment.omissions == [
        "Wall (AWS::WAFv2::WebACL) is ignored, as --ignore asks",
        "AWS::Lambda::Function: EphemeralStorage",
    ]
    assert deployment.outputs["Wall"] == "Wall.Arn"
