# SPDX-License-Identifier: MIT-0
"""IAM's resource types for people and for sharing: managed policies, users, groups, access keys.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
"""

import json
from typing import Any

from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..delete_call import delete_call
from .policies import check_inline_policies, check_policy
from .roles import HOLDERS, attach_policy, policies_of_holder

# A policy keeps five versions.
_MAX_VERSIONS = 5


def _create_managed_policy(resource: Resource, context: StackContext) -> PhysicalResource:
    iam = context.endpoint.client("iam")
    name = context.name(resource, "ManagedPolicyName")
    document = json.dumps(resource.of("PolicyDocument"))
    if resource.existing is None:
        path = {"Path": resource.of("Path")} if resource.of("Path") else {}
        arn = iam.create_policy(PolicyName=name, PolicyDocument=document, **path)["Policy"]["Arn"]
    else:
        resource.refuse_replacement("ManagedPolicyName", "Path")
        arn = resource.existing.ref
        if resource.of("PolicyDocument") != resource.previous.get("PolicyDocument"):
            _update_document(iam, arn, document)
    attached = [
        attach_policy(context.endpoint, kind, holder, arn)
        for holders, kind in HOLDERS.items()
        for holder in resource.of(holders, [])
    ]
    own = resource.removables(delete_call("iam", "delete_policy", PolicyArn=arn))
    return PhysicalResource(arn, {"PolicyArn": arn}, (*own, *attached))


def _update_document(iam: Any, arn: str, document: str) -> None:
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    old = [each["VersionId"] for each in versions if not each["IsDefaultVersion"]]
    if len(versions) >= _MAX_VERSIONS:
        iam.delete_policy_version(PolicyArn=arn, VersionId=min(old, key=lambda each: int(each[1:])))
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)


def _create_user(resource: Resource, context: StackContext) -> PhysicalResource:
    iam = context.endpoint.client("iam")
    name = context.name(resource, "UserName")
    if resource.existing is None:
        path = {"Path": resource.of("Path")} if resource.of("Path") else {}
        arn = iam.create_user(UserName=name, **path)["User"]["Arn"]
    else:
        resource.refuse_replacement("Path", "UserName")
        arn = resource.existing.attributes["Arn"]
    policies = policies_of_holder(context.endpoint, "user", name, resource)
    memberships = []
    for group in resource.of("Groups", []):
        iam.add_user_to_group(UserName=name, GroupName=group)
        whose = {"UserName": name, "GroupName": group}
        memberships.append(delete_call("iam", "remove_user_from_group", **whose))
    own = resource.removables(delete_call("iam", "delete_user", UserName=name))
    return PhysicalResource(name, {"Arn": arn}, (*own, *policies, *memberships))


def _create_group(resource: Resource, context: StackContext) -> PhysicalResource:
    iam = context.endpoint.client("iam")
    name = context.name(resource, "GroupName")
    if resource.existing is None:
        path = {"Path": resource.of("Path")} if resource.of("Path") else {}
        arn = iam.create_group(GroupName=name, **path)["Group"]["Arn"]
    else:
        resource.refuse_replacement("GroupName", "Path")
        arn = resource.existing.attributes["Arn"]
    policies = policies_of_holder(context.endpoint, "group", name, resource)
    own = resource.removables(delete_call("iam", "delete_group", GroupName=name))
    return PhysicalResource(name, {"Arn": arn}, (*own, *policies))


def _add_users(resource: Resource, context: StackContext) -> PhysicalResource:
    iam = context.endpoint.client("iam")
    removables = []
    for user in resource.of("Users"):
        whose = {"UserName": user, "GroupName": resource.of("GroupName")}
        iam.add_user_to_group(**whose)
        removables.append(delete_call("iam", "remove_user_from_group", **whose))
    return PhysicalResource(resource.logical_id, removables=tuple(removables))


def _create_access_key(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    resource.refuse_replacement("Serial", "UserName")
    user = resource.of("UserName")
    key = context.endpoint.client("iam").create_access_key(UserName=user)["AccessKey"]
    key_id = key["AccessKeyId"]
    deleted = delete_call("iam", "delete_access_key", UserName=user, AccessKeyId=key_id)
    attributes = {"SecretAccessKey": key["SecretAccessKey"]}
    return PhysicalResource(key_id, attributes, resource.removables(deleted))


_HOLDER = "ManagedPolicyArns Path Policies"
TYPES = {
    "AWS::IAM::AccessKey": ResourceType.of(_create_access_key, "Serial UserName!"),
    "AWS::IAM::Group": ResourceType.of(
        _create_group, f"GroupName {_HOLDER}", check=check_inline_policies
    ),
    "AWS::IAM::ManagedPolicy": ResourceType.of(
        _create_managed_policy,
        "Groups ManagedPolicyName Path PolicyDocument! Roles Users",
        "Description",
        check=check_policy("PolicyDocument"),
    ),
    "AWS::IAM::User": ResourceType.of(
        _create_user,
        f"Groups {_HOLDER} UserName",
        "LoginProfile Tags",
        check=check_inline_policies,
    ),
    "AWS::IAM::UserToGroupAddition": ResourceType.of(_add_users, "GroupName! Users!"),
}
