# SPDX-License-Identifier: MIT-0
"""KMS's resource types: keys and aliases.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
"""

import json
from typing import Any

from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..access.policies import check_policy
from ..delete_call import delete_call

_DEFAULT_PENDING_DAYS = 30


def _create_key(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    kms = context.endpoint.client("kms")
    policy = json.dumps(resource.of("KeyPolicy")) if resource.of("KeyPolicy") else None
    if resource.existing is None:
        names = ("Description", "KeySpec", "KeyUsage", "MultiRegion")
        settings = {name: resource.of(name) for name in names if name in resource.properties}
        settings |= {"Policy": policy} if policy else {}
        key = kms.create_key(**settings)["KeyMetadata"]
        key_id, arn = key["KeyId"], key["Arn"]
    else:
        resource.refuse_replacement("KeySpec", "KeyUsage", "MultiRegion")
        key_id, arn = resource.existing.ref, resource.existing.attributes["Arn"]
        kms.update_key_description(KeyId=key_id, Description=resource.of("Description", ""))
        if policy:
            kms.put_key_policy(KeyId=key_id, PolicyName="default", Policy=policy)
    _switch(resource, kms, key_id)
    days = int(resource.of("PendingWindowInDays", _DEFAULT_PENDING_DAYS))
    deleted = delete_call("kms", "schedule_key_deletion", KeyId=key_id, PendingWindowInDays=days)
    return PhysicalResource(key_id, {"Arn": arn, "KeyId": key_id}, resource.removables(deleted))


def _switch(resource: Resource, kms: Any, key_id: str) -> None:
    if _is_true(resource.of("Enabled", True)):
        kms.enable_key(KeyId=key_id)
    else:
        kms.disable_key(KeyId=key_id)


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def _create_alias(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    kms = context.endpoint.client("kms")
    name = resource.of("AliasName")
    resource.refuse_replacement("AliasName")
    change = kms.create_alias if resource.existing is None else kms.update_alias
    # An ARN of a key names it as well as its id does.
    change(AliasName=name, TargetKeyId=str(resource.of("TargetKeyId")).rsplit("/", 1)[-1])
    deleted = delete_call("kms", "delete_alias", AliasName=name)
    return PhysicalResource(name, removables=resource.removables(deleted))


TYPES = {
    "AWS::KMS::Alias": ResourceType.of(_create_alias, "AliasName! TargetKeyId!"),
    "AWS::KMS::Key": ResourceType.of(
        _create_key,
        "Description Enabled KeyPolicy KeySpec KeyUsage MultiRegion PendingWindowInDays",
        "BypassPolicyLockoutSafetyCheck EnableKeyRotation RotationPeriodInDays Tags",
        check=check_policy("KeyPolicy"),
    ),
}
