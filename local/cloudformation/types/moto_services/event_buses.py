# SPDX-License-Identifier: MIT-0
"""EventBridge's resource types beside rules: event buses and their policies.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-eventbus.html
"""

import json
from typing import Any

from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..access.policies import check_policy
from ..delete_call import delete_call


def _create_event_bus(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    events = context.endpoint.client("events")
    name = str(resource.of("Name"))
    if resource.existing is None:
        arn = events.create_event_bus(Name=name)["EventBusArn"]
    else:
        resource.refuse_replacement("Name")
        arn = resource.existing.attributes["Arn"]
    deleted = delete_call("events", "delete_event_bus", Name=name)
    return PhysicalResource(name, {"Arn": arn, "Name": name}, resource.removables(deleted))


def _create_bus_policy(resource: Resource, context: StackContext) -> PhysicalResource:
    events = context.endpoint.client("events")
    bus, label = resource.of("EventBusName", "default"), resource.of("StatementId")
    statement: dict[str, Any] = {**resource.of("Statement"), "Sid": label}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    events.put_permission(EventBusName=bus, Policy=json.dumps(document))
    deleted = delete_call("events", "remove_permission", EventBusName=bus, StatementId=label)
    return PhysicalResource(resource.logical_id, removables=resource.removables(deleted))


TYPES = {
    "AWS::Events::EventBus": ResourceType.of(
        _create_event_bus, "Name!", "Description KmsKeyIdentifier LogConfig Tags"
    ),
    "AWS::Events::EventBusPolicy": ResourceType.of(
        _create_bus_policy, "EventBusName Statement! StatementId!", check=check_policy("Statement")
    ),
}
