# SPDX-License-Identifier: MIT-0
"""IAM's resource types for what runs: roles and inline policies.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ....endpoint.endpoint import Endpoint
from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..delete_call import DeleteCall, delete_call
from .policies import check_inline_policies, check_policy

# The properties that name what a policy is of, and the words of IAM's operations for it.
HOLDERS = {"Groups": "group", "Roles": "role", "Users": "user"}


def put_policy(endpoint: Endpoint, kind: str, holder: str, name: str, document: Any) -> DeleteCall:
    """Give an inline policy to a role, user or group, and return its deletion."""
    whose = {f"{kind.title()}Name": holder, "PolicyName": name}
    put = getattr(endpoint.client("iam"), f"put_{kind}_policy")
    put(**whose, PolicyDocument=json.dumps(document))
    return delete_call("iam", f"delete_{kind}_policy", **whose)


def attach_policy(endpoint: Endpoint, kind: str, holder: str, arn: str) -> DeleteCall:
    """Attach a managed policy to a role, user or group, and return its detachment."""
    whose = {f"{kind.title()}Name": holder, "PolicyArn": arn}
    getattr(endpoint.client("iam"), f"attach_{kind}_policy")(**whose)
    return delete_call("iam", f"detach_{kind}_policy", **whose)


def policies_of_holder(
    endpoint: Endpoint, kind: str, holder: str, resource: Resource
) -> tuple[DeleteCall, ...]:
    """Give a role, user or group the policies of its properties, and return their deletions."""
    attached = [
        attach_policy(endpoint, kind, holder, arn) for arn in resource.of("ManagedPolicyArns", [])
    ]
    inline = [
        put_policy(endpoint, kind, holder, policy["PolicyName"], policy["PolicyDocument"])
        for policy in resource.of("Policies", [])
    ]
    return (*attached, *inline)


def _create_role(resource: Resource, context: StackContext) -> PhysicalResource:
    name = context.name(resource, "RoleName")
    iam = context.endpoint.client("iam")
    trust = json.dumps(resource.of("AssumeRolePolicyDocument"))
    boundary = resource.of("PermissionsBoundary")
    if resource.existing is None:
        path = {"Path": resource.of("Path")} if resource.of("Path") else {}
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, **path)
    else:
        resource.refuse_change("RoleName", resource.existing.ref, name)
        resource.refuse_replacement("Path")
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust)
    if boundary:
        iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    elif resource.previous.get("PermissionsBoundary"):
        iam.delete_role_permissions_boundary(RoleName=name)
    role = iam.get_role(RoleName=name)["Role"]
    removables = policies_of_holder(context.endpoint, "role", name, resource)
    return PhysicalResource(name, {"Arn": role["Arn"], "RoleId": role["RoleId"]}, removables)


def _create_policy(resource: Resource, context: StackContext) -> PhysicalResource:
    name, document = resource.of("PolicyName"), resource.of("PolicyDocument")
    removables = tuple(
        put_policy(context.endpoint, kind, holder, name, document)
        for holders, kind in HOLDERS.items()
        for holder in resource.of(holders, [])
    )
    return PhysicalResource(name, removables=removables)


@dataclass(frozen=True)
class _PolicyOf:
    """Creates an inline policy of one role, user or group."""

    kind: str

    def __call__(self, resource: Resource, context: StackContext) -> PhysicalResource:
        holder, name = resource.of(f"{self.kind.title()}Name"), resource.of("PolicyName")
        document = resource.of("PolicyDocument")
        removable = put_policy(context.endpoint, self.kind, holder, name, document)
        return PhysicalResource(name, removables=(removable,))


def _check_role(properties: Mapping[str, Any]) -> Iterable[str]:
    yield from check_inline_policies(properties)
    yield from check_policy("AssumeRolePolicyDocument")(properties)


_OF_ONE = {
    f"AWS::IAM::{kind.title()}Policy": ResourceType.of(
        _PolicyOf(kind),
        f"PolicyDocument! PolicyName! {kind.title()}Name!",
        check=check_policy("PolicyDocument"),
    )
    for kind in HOLDERS.values()
}
TYPES = {
    **_OF_ONE,
    "AWS::IAM::Policy": ResourceType.of(
        _create_policy,
        "Groups PolicyDocument! PolicyName! Roles Users",
        check=check_policy("PolicyDocument"),
    ),
    "AWS::IAM::Role": ResourceType.of(
        _create_role,
        "AssumeRolePolicyDocument! ManagedPolicyArns Path PermissionsBoundary Policies RoleName",
        "Description MaxSessionDuration Tags",
        check=_check_role,
    ),
}
