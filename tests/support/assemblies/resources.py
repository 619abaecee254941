# SPDX-License-Identifier: MIT-0
"""The resources of the synthesized template, by type and by name."""

import json
from typing import Any

from local.cloudformation.templates.physical_resource import PhysicalResource
from local.cloudformation.templates.template import Template

TemplateDict = dict[str, Any]
ASYNC, SYNC = "sfn-dfn-async-durable-fn", "sfn-dfn-sync-durable-fn"
GUARD = "sfn-dfn-callback-guard-fn"


def resources(template: TemplateDict, resource_type: str) -> dict[str, Any]:
    return {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == f"AWS::{resource_type}"
    }


def only(template: TemplateDict, resource_type: str) -> tuple[str, dict[str, Any]]:
    [(logical_id, resource)] = resources(template, resource_type).items()
    return logical_id, resource["Properties"]


def function_id(template: TemplateDict, name: str) -> str:
    [logical_id] = [
        logical_id
        for logical_id, function in resources(template, "Lambda::Function").items()
        if function["Properties"]["FunctionName"] == name
    ]
    return logical_id


def arn_of(template: TemplateDict, name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [function_id(template, name), "Arn"]}


def version_id(template: TemplateDict, name: str) -> str:
    versions = [
        logical_id
        for logical_id, version in resources(template, "Lambda::Version").items()
        if version["Properties"]["FunctionName"] == {"Ref": function_id(template, name)}
    ]
    assert len(versions) == 1, f"{name} has no version of its own: it needs .current_version"
    return versions[0]


def definition(template: TemplateDict) -> dict[str, Any]:
    """The state machine's definition, with names in the place of references to functions."""
    _, machine = only(template, "StepFunctions::StateMachine")
    functions = resources(template, "Lambda::Function")
    names = {
        logical_id: each["Properties"]["FunctionName"] for logical_id, each in functions.items()
    }
    identities = {
        logical_id: PhysicalResource(name, {"Arn": f"{name} without a version"})
        for logical_id, name in names.items()
    }
    for logical_id, version in resources(template, "Lambda::Version").items():
        identities[logical_id] = PhysicalResource(
            f"{names[version['Properties']['FunctionName']['Ref']]}:1"
        )
    resolver = Template(template, {"AWS::Partition": "aws"}, identities)
    parsed: dict[str, Any] = json.loads(resolver.resolve(machine["DefinitionString"]))
    return parsed


def statements(template: TemplateDict, role: str) -> list[dict[str, Any]]:
    return [
        statement
        for policy in resources(template, "IAM::Policy").values()
        if {"Ref": role} in policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
