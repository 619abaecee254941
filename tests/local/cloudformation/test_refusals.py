# SPDX-License-Identifier: MIT-0
"""Refusals come all at once, each with its construct; omissions are listed once."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.assembly import read_assembly
from local.cloudformation.deployed import deployed
from local.cloudformation.deployment import Deployment
from local.endpoint.endpoint import Endpoint
from local.errors import UsageError

from ...support.assemblies.hand_made import function, role, state_machine, write_assembly
from .function_stacks import ECHO, functions_stack, nested_stack

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


def refusals_of(assembly: Path) -> list[str]:
    """The lines of the error with which a deployment of the assembly is refused."""
    with pytest.raises(UsageError) as refused, deployed(assembly):
        pytest.fail("it was deployed")
    return str(refused.value).splitlines()


def test_all_refusals_come_at_once_with_the_construct_where_it_is_known(tmp_path: Path) -> None:
    assembly = write_assembly(tmp_path / "a", {"Broken": BROKEN, "Functions": functions_stack()})

    assert refusals_of(assembly) == [
        "4 refusals:",
        "  Wall (AWS::WAFv2::WebACL), construct App/Wall: this type is not supported here",
        "  Disk (AWS::EC2::Volume): this type is not supported here",
        "  Echo (AWS::Lambda::Function): the property CodeSigningConfigArn is not supported here",
        "  Echo (AWS::Lambda::Function): the property Runtime must be a Python, got nodejs24.x",
    ]


def test_conditions_and_mappings_that_are_not_in_the_template_come_in_the_one_list(
    tmp_path: Path,
) -> None:
    queue = {"Type": "AWS::SQS::Queue"}
    chosen = {"Fn::If": ["Chosen", "a", {"Fn::If": ["Known", "b", "c"]}]}
    found_or_not = {"Fn::FindInMap": ["Mapped", "a", "b", {"DefaultValue": "c"}]}
    template = {
        "Conditions": {"Known": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            **WALL["Resources"],
            "First": {**queue, "Condition": "Wanted"},
            "Second": {**queue, "Condition": "Wanted"},
            "Chosen": {**queue, "Properties": {"QueueName": chosen}},
            "Found": {**queue, "Properties": {"QueueName": {"Fn::FindInMap": ["M", "a", "b"]}}},
            "FoundOrNot": {**queue, "Properties": {"QueueName": found_or_not}},
        },
        "Outputs": {"Never": {"Condition": "Told", "Value": "x"}},
    }
    assembly = write_assembly(tmp_path / "a", {"Broken": template})

    count, *found = refusals_of(assembly)
    assert count == "5 refusals:"
    assert sorted(found) == [
        "  Chosen (AWS::SQS::Queue): the condition Chosen is not in the template",
        "  Found (AWS::SQS::Queue): the mapping M is not in the template",
        "  Wall (AWS::WAFv2::WebACL): this type is not supported here",
        "  the output Never: the condition Told is not in the template",
        "  the template: the condition Wanted is not in the template",
    ]


def test_names_that_are_not_in_the_template_come_in_the_one_list(tmp_path: Path) -> None:
    queue = {"Type": "AWS::SQS::Queue"}
    text = {"Fn::Sub": ["${Own}-${Size}-${AWS::Region}-${Gone.Arn}-${!Text}", {"Own": "x"}]}
    template = {
        "Parameters": {"Size": {"Type": "String", "Default": "s"}},
        "Resources": {
            **WALL["Resources"],
            "Named": {**queue, "Properties": {"QueueName": {"Ref": "Nobody"}}},
            "Text": {**queue, "Properties": {"QueueName": text}},
            "Late": {**queue, "DependsOn": ["Named", "Never"]},
            "Unset": {**queue, "Properties": {"QueueName": {"Ref": "AWS::NoValue"}}},
            "Wrong": {**queue, "Properties": {"QueueName": {"Ref": "AWS::Regio"}}},
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Nothing", "Arn"]}}},
    }
    assembly = write_assembly(tmp_path / "a", {"Broken": template})

    missing = "is neither a resource nor a parameter of the template"
    count, *found = refusals_of(assembly)
    assert count == "6 refusals:"
    assert sorted(found) == [
        f"  Late (AWS::SQS::Queue): DependsOn: Never {missing}",
        f"  Named (AWS::SQS::Queue): Nobody {missing}",
        f"  Text (AWS::SQS::Queue): Gone {missing}",
        "  Wall (AWS::WAFv2::WebACL): this type is not supported here",
        "  Wrong (AWS::SQS::Queue): the pseudo parameter AWS::Regio is not known here",
        f"  the output Arn: Nothing {missing}",
    ]


@pytest.mark.parametrize(
    ("outputs", "subject"),
    [([], "Outputs"), ({"O": {"Value": {"Fn::GetAtt": []}}}, "the output O")],
)
def test_broken_outputs_are_refused_in_the_one_list(
    tmp_path: Path, outputs: Any, subject: str
) -> None:
    assembly = write_assembly(tmp_path / "a", {"Broken": {**WALL, "Outputs": outputs}})

    count, wall, broken = refusals_of(assembly)
    assert (count, wall) == (
        "2 refusals:",
        "  Wall (AWS::WAFv2::WebACL): this type is not supported here",
    )
    assert broken.startswith(f"  {subject}: the template is broken: ")


def test_data_that_is_named_like_a_function_mentions_nothing(tmp_path: Path) -> None:
    data = {"Type": "Pass", "Result": {"Ref": "main", "Repository": "r"}, "End": True}
    template = {
        "Parameters": None,
        "Resources": {
            "MachineRole": role("states.amazonaws.com"),
            "Machine": state_machine({"StartAt": "P", "States": {"P": data}}),
        },
    }
    with deployed(write_assembly(tmp_path / "a", {"Data": template})) as deployment:
        assert len(deployment.state_machine_arns) == 1


def test_a_resource_that_is_no_object_is_refused_beside_the_others(tmp_path: Path) -> None:
    loop = ["Name", ["a"], {"Queue${Name}": {"Type": "AWS::SQS::Queue"}}]
    resources = {**WALL["Resources"], "None": None, "Text": "x" * 200, "Fn::ForEach::Queues": loop}
    assembly = write_assembly(tmp_path / "a", {"Broken": {"Resources": resources}})

    must = "a resource must be a JSON object, got"
    count, *found = refusals_of(assembly)
    assert count == "4 refusals:"
    assert sorted(found) == [
        f'  Fn::ForEach::Queues: {must} ["Name", ["a"], '
        '{"Queue${Name}": {"Type": "AWS::SQS::Queue"}}]',
        f"  None: {must} null",
        f'  Text: {must} "{"x" * 99}…',
        "  Wall (AWS::WAFv2::WebACL): this type is not supported here",
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


def test_a_construct_is_named_from_the_metadata_of_an_assembly_without_paths_in_its_templates(
    tmp_path: Path,
) -> None:
    inner = nested_stack(tmp_path / "a", WALL)
    outer = {"Resources": {**WALL["Resources"], "Inner": inner}}
    assembly = write_assembly(tmp_path / "a", {"P": outer})
    (assembly / "P.metadata.json").write_text(json.dumps(METADATA))
    describe(assembly, additionalMetadataFile="P.metadata.json")

    assert refusals_of(assembly) == [
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
