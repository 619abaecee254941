# SPDX-License-Identifier: MIT-0
"""Templates that name files of the assembly: nested stacks, and definitions of state machines."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.deployed import deployed
from local.errors import UsageError

from ...support.assemblies.hand_made import add_asset, role, state_machine, write_assembly

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
# What the CDK CLI adds to a resource that names a file.
INNER = {"aws:asset:path": "inner.template.json"}
# As CDK writes it.
ASSET_URL = {
    "Fn::Join": [
        "",
        [
            "https://s3.",
            {"Ref": "AWS::Region"},
            ".",
            {"Ref": "AWS::URLSuffix"},
            "/",
            {"Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"},
            "/0a1b.json",
        ],
    ]
}


def nesting(url: Any = "https://s3/inner.json", **metadata: str) -> dict[str, Any]:
    """A stack that gives a nested one a parameter, and takes an output of it."""
    return {
        "Resources": {
            "Inner": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": url, "Parameters": {"Name": "nested"}},
                "Metadata": metadata,
            }
        },
        "Outputs": {"Machine": {"Value": {"Fn::GetAtt": ["Inner", "Outputs.Machine"]}}},
    }


def inner(**resources: Any) -> dict[str, Any]:
    machine = state_machine(PASS, StateMachineName={"Ref": "Name"})
    return {
        "Parameters": {"Name": {"Type": "String"}},
        "Resources": {"MachineRole": role("states.amazonaws.com"), "Machine": machine, **resources},
        "Outputs": {"Machine": {"Value": {"Ref": "Machine"}}},
    }


def test_a_nested_stack_takes_parameters_and_gives_outputs(tmp_path: Path) -> None:
    assembly = write_assembly(tmp_path / "a", {"Outer": nesting(**INNER)})
    (assembly / "inner.template.json").write_text(json.dumps(inner()))
    with deployed(assembly) as deployment:
        outputs, machine = deployment.outputs, deployment.state_machine("nested")

    assert outputs == {"Machine": machine}
    assert machine.endswith(":stateMachine:nested")


def test_a_nested_stack_is_found_by_the_object_key_of_its_template(tmp_path: Path) -> None:
    assembly = write_assembly(tmp_path / "a", {"Outer": nesting(ASSET_URL)})
    add_asset(assembly, "Outer", "inner.nested.template.json", json.dumps(inner()))
    with deployed(assembly) as deployment:
        assert deployment.state_machine("nested").endswith(":stateMachine:nested")


def test_a_nested_stack_without_a_template_is_refused(tmp_path: Path) -> None:
    assembly = write_assembly(tmp_path / "a", {"Outer": nesting(ASSET_URL)})
    with pytest.raises(UsageError) as refused, deployed(assembly):
        pytest.fail("it was deployed")

    assert str(refused.value) == (
        "Inner (AWS::CloudFormation::Stack): "
        "the property TemplateURL names no template of this assembly"
    )


def test_a_definition_in_a_file_asset_is_deployed_with_its_substitutions(tmp_path: Path) -> None:
    location = {"Bucket": {"Fn::Sub": "assets-${AWS::AccountId}"}, "Key": "0a1b.json"}
    machine = state_machine({}, DefinitionS3Location=location, DefinitionSubstitutions={"x": "y"})
    del machine["Properties"]["Definition"]
    resources = {"MachineRole": role("states.amazonaws.com"), "Machine": machine}
    assembly = write_assembly(tmp_path / "a", {"One": {"Resources": resources}})
    passing = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": "${x}", "End": True}}}
    with pytest.raises(UsageError) as refused, deployed(assembly):
        pytest.fail("it was deployed")
    add_asset(assembly, "One", "definition.asl.json", json.dumps(passing))
    with deployed(assembly) as deployment:
        described = deployment.endpoint.client("stepfunctions").describe_state_machine(
            stateMachineArn=deployment.state_machine(None)
        )

    assert str(refused.value) == (
        "Machine (AWS::StepFunctions::StateMachine): the assembly has no asset 0a1b.json"
    )
    assert json.loads(described["definition"])["States"]["P"]["Result"] == "y"


def test_a_refusal_in_a_nested_stack_is_among_the_others(tmp_path: Path) -> None:
    assembly = write_assembly(tmp_path / "a", {"Outer": nesting(**INNER)})
    wall = {"Type": "AWS::WAFv2::WebACL"}
    (assembly / "inner.template.json").write_text(json.dumps(inner(Wall=wall)))
    with pytest.raises(UsageError) as refused, deployed(assembly):
        pytest.fail("it was deployed")

    assert str(refused.value) == "Wall (AWS::WAFv2::WebACL): this type is not supported here"
