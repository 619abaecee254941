# SPDX-License-Identifier: MIT-0
"""Cloud assemblies written by hand: small templates, and no CDK."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Resources = dict[str, Any]


def role(service: str, *actions: str, resource: Any = "*") -> Resources:
    """A role of a service, with a policy that allows the actions."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    policy = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [
                {
                    "PolicyName": "inline",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": [policy]},
                }
            ]
            if actions
            else [],
        },
    }


def function(source: str, role_id: str = "FunctionRole", **properties: Any) -> Resources:
    """A Python function with its code in the template."""
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.14",
            "Handler": "index.handler",
            "Code": {"ZipFile": source},
            "Role": {"Fn::GetAtt": [role_id, "Arn"]},
            **properties,
        },
    }


def state_machine(
    definition: Mapping[str, Any], role_id: str = "MachineRole", **properties: Any
) -> Resources:
    """A state machine; its definition may have intrinsic functions in it."""
    return {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "Definition": definition,
            "RoleArn": {"Fn::GetAtt": [role_id, "Arn"]},
            **properties,
        },
    }


def write_assembly(
    directory: Path, templates: Mapping[str, Any], stages: Mapping[str, Mapping[str, Any]] = {}
) -> Path:
    """Write an assembly of these templates, by the names of their stacks, and of its stages.

    A stack depends on those before it.
    """
    directory.mkdir(exist_ok=True, parents=True)
    artifacts: dict[str, Any] = {}
    for name, template in templates.items():
        (directory / f"{name}.template.json").write_text(json.dumps(template))
        (directory / f"{name}.assets.json").write_text('{"files": {}}')
        artifacts[name] = {
            "type": "aws:cloudformation:stack",
            "properties": {"templateFile": f"{name}.template.json"},
            "dependencies": list(artifacts),
        }
    for stage, stacks in stages.items():
        write_assembly(directory / f"assembly-{stage}", stacks)
        artifacts[f"assembly-{stage}"] = {
            "type": "cdk:cloud-assembly",
            "properties": {"directoryName": f"assembly-{stage}"},
        }
    (directory / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return directory


def add_asset(assembly: Path, stack: str, name: str, content: str) -> str:
    """Add a file asset to a stack, and return its object key."""
    (assembly / name).write_text(content)
    manifest = {
        "files": {
            "asset": {
                "source": {"path": name},
                "destinations": {"here": {"objectKey": "0a1b.json"}},
            }
        }
    }
    (assembly / f"{stack}.assets.json").write_text(json.dumps(manifest))
    return "0a1b.json"


def set_environment(assembly: Path, environment: str) -> Path:
    """Bind every stack of an assembly to an environment, such as aws://ACCOUNT/REGION."""
    manifest = json.loads((assembly / "manifest.json").read_text())
    for artifact in manifest["artifacts"].values():
        artifact["environment"] = environment
    (assembly / "manifest.json").write_text(json.dumps(manifest))
    return assembly
