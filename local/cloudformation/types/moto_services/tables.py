# SPDX-License-Identifier: MIT-0
"""DynamoDB's resource types: tables, in one Region.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ....environment import environment
from ....errors import LocalError
from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..delete_call import delete_call


def _create_table(resource: Resource, context: StackContext) -> PhysicalResource:
    settings = {
        name: resource.of(name)
        for name in (
            "AttributeDefinitions",
            "BillingMode",
            "GlobalSecondaryIndexes",
            "KeySchema",
            "LocalSecondaryIndexes",
            "ProvisionedThroughput",
        )
        if resource.of(name)
    }
    return _apply(resource, context, {"BillingMode": "PROVISIONED", **settings})


def _create_global_table(resource: Resource, context: StackContext) -> PhysicalResource:
    indexes = [
        {key: index[key] for key in ("IndexName", "KeySchema", "Projection")}
        for index in resource.of("GlobalSecondaryIndexes", [])
    ]
    settings = {
        name: resource.of(name)
        for name in ("AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes")
        if resource.of(name)
    }
    if indexes:
        settings["GlobalSecondaryIndexes"] = indexes
    return _apply(resource, context, {**settings, "BillingMode": "PAY_PER_REQUEST"})


def _apply(
    resource: Resource, context: StackContext, settings: Mapping[str, Any]
) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    dynamodb = context.endpoint.client("dynamodb")
    name = context.name(resource, "TableName")
    stream = resource.of("StreamSpecification")
    if resource.existing is None:
        optional = {"StreamSpecification": {"StreamEnabled": True, **stream}} if stream else {}
        table = dynamodb.create_table(TableName=name, **settings, **optional)["TableDescription"]
    else:
        resource.refuse_replacement(
            "KeySchema", "LocalSecondaryIndexes", "StreamSpecification", "TableName"
        )
        _update_indexes(resource, dynamodb, name, settings)
        table = dynamodb.describe_table(TableName=name)["Table"]
    attributes = {"Arn": table["TableArn"], "TableId": table.get("TableId", name)}
    if "LatestStreamArn" in table:
        attributes["StreamArn"] = table["LatestStreamArn"]
    deleted = delete_call("dynamodb", "delete_table", TableName=name)
    return PhysicalResource(name, attributes, resource.removables(deleted))


def _update_indexes(
    resource: Resource, dynamodb: Any, name: str, settings: Mapping[str, Any]
) -> None:
    """Create and delete indexes; the items and all else of the table stay."""
    before = _by_name(resource.previous)
    wanted = _by_name(resource.properties)
    created = _by_name(settings)
    for index in sorted(before.keys() & wanted.keys()):
        if before[index] != wanted[index]:
            raise LocalError(f"the index {index} cannot change here: give it another name")
    updates: list[Any] = [
        {"Delete": {"IndexName": index}} for index in sorted(before.keys() - wanted.keys())
    ]
    updates += [{"Create": created[index]} for index in sorted(wanted.keys() - before.keys())]
    for update in updates:
        dynamodb.update_table(
            TableName=name,
            AttributeDefinitions=resource.of("AttributeDefinitions"),
            GlobalSecondaryIndexUpdates=[update],
        )


def _by_name(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {index["IndexName"]: index for index in properties.get("GlobalSecondaryIndexes", [])}


def _check_global_table(properties: Mapping[str, Any]) -> Iterable[str]:
    replicas = properties.get("Replicas", [])
    for replica in replicas if isinstance(replicas, list) else []:
        region = replica.get("Region") if isinstance(replica, Mapping) else None
        if isinstance(region, str) and region != environment().region:
            yield f"the property Replicas has the Region {region}, not served here"


_WITHOUT_EFFECT = (
    "ContributorInsightsSpecification DeletionProtectionEnabled PointInTimeRecoverySpecification "
    "SSESpecification TableClass Tags TimeToLiveSpecification WarmThroughput"
)
TYPES = {
    "AWS::DynamoDB::GlobalTable": ResourceType.of(
        _create_global_table,
        "AttributeDefinitions GlobalSecondaryIndexes KeySchema! LocalSecondaryIndexes "
        "StreamSpecification TableName",
        f"{_WITHOUT_EFFECT} BillingMode MultiRegionConsistency Replicas "
        "ReadOnDemandThroughputSettings ReadProvisionedThroughputSettings "
        "WriteOnDemandThroughputSettings WriteProvisionedThroughputSettings",
        check=_check_global_table,
    ),
    "AWS::DynamoDB::Table": ResourceType.of(
        _create_table,
        "AttributeDefinitions BillingMode GlobalSecondaryIndexes KeySchema! "
        "LocalSecondaryIndexes ProvisionedThroughput StreamSpecification TableName",
        f"{_WITHOUT_EFFECT} OnDemandThroughput",
    ),
}
