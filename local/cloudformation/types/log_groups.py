# SPDX-License-Identifier: MIT-0
"""CloudWatch Logs' resource types: log groups."""

from ...environment import environment
from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource


def _create_log_group(resource: Resource, context: StackContext) -> PhysicalResource:
    name = context.name(resource, "LogGroupName")
    if resource.existing is not None:
        resource.refuse_change("LogGroupName", resource.existing.ref, name)
    else:
        context.endpoint.client("logs").create_log_group(logGroupName=name)
    arn = environment().arn("logs", f"log-group:{name}:*")
    return PhysicalResource(name, {"Arn": arn})


TYPES = {
    "AWS::Logs::LogGroup": ResourceType.of(
        _create_log_group, "LogGroupName", "KmsKeyId LogGroupClass RetentionInDays Tags"
    ),
}
