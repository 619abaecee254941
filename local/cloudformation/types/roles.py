# SPDX-License-Identifier: MIT-0
"""IAM's resource types: roles and their policies."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...endpoint.endpoint import Endpoint
from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource

# moto's policy engine decides them otherwise than IAM does.
UNSUPPORTED_POLICY_ELEMENTS = ("Condition", "NotPrincipal", "NotResource")


@dataclass(frozen=True)
class RolePolicy:
    """An inline policy of a role."""

    role: str
    policy: str

    def delete(self, endpoint: Endpoint) -> None:
        endpoint.client("iam").delete_role_policy(RoleName=self.role, PolicyName=self.policy)


def policy_problems(name: str, document: Any) -> Iterable[str]:
    """What is not supported of a policy, which may still have references in it."""
    statements = document.get("Statement", []) if isinstance(document, Mapping) else []
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        for element in UNSUPPORTED_POLICY_ELEMENTS:
            if element in statement:
                yield f"the property {name} has {element}, not supported here"


def _check_role(properties: Mapping[str, Any]) -> Iterable[str]:
    for policy in properties.get("Policies", []):
        yield from policy_problems("Policies", policy.get("PolicyDocument", {}))


def _create_role(resource: Resource, context: StackContext) -> PhysicalResource:
    name = context.name(resource, "RoleName")
    iam = context.endpoint.client("iam")
    if resource.existing is not None:
        resource.refuse_change("RoleName", resource.existing.ref, name)
    else:
        trust = json.dumps(resource.of("AssumeRolePolicyDocument"))
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    role = iam.get_role(RoleName=name)["Role"]
    for policy_arn in resource.of("ManagedPolicyArns", []):
        iam.attach_role_policy(RoleName=name, PolicyArn=policy_arn)
    inline = {policy["PolicyName"]: policy for policy in resource.of("Policies", [])}
    for policy_name, policy in inline.items():
        document = json.dumps(policy["PolicyDocument"])
        iam.put_role_policy(RoleName=name, PolicyName=policy_name, PolicyDocument=document)
    removables = tuple(RolePolicy(name, policy_name) for policy_name in inline)
    return PhysicalResource(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]}, removables)


def _check_policy(properties: Mapping[str, Any]) -> Iterable[str]:
    yield from policy_problems("PolicyDocument", properties.get("PolicyDocument", {}))


def _create_policy(resource: Resource, context: StackContext) -> PhysicalResource:
    iam = context.endpoint.client("iam")
    name = resource.of("PolicyName")
    document = json.dumps(resource.of("PolicyDocument"))
    roles = resource.of("Roles", [])
    for role in roles:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
    return PhysicalResource(name, removables=tuple(RolePolicy(role, name) for role in roles))


TYPES = {
    "AWS::IAM::Policy": ResourceType.of(
        _create_policy, "PolicyDocument! PolicyName! Roles", check=_check_policy
    ),
    "AWS::IAM::Role": ResourceType.of(
        _create_role,
        "AssumeRolePolicyDocument! ManagedPolicyArns Policies RoleName",
        "Description MaxSessionDuration Path Tags",
        check=_check_role,
    ),
}
