# SPDX-License-Identifier: MIT-0
"""CloudWatch Logs' resource types: log groups, streams, and CDK's custom resource for retention.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Logs.html
"""

from contextlib import suppress

from ...environment import environment
from ..resource import Resource, ResourceType, StackContext
from ..templates.physical_resource import PhysicalResource
from .delete_call import delete_call


def _group_arn(name: str) -> str:
    return environment().arn("logs", f"log-group:{name}:*")


def _create_log_group(resource: Resource, context: StackContext) -> PhysicalResource:
    name = context.name(resource, "LogGroupName")
    if resource.existing is not None:
        resource.refuse_change("LogGroupName", resource.existing.ref, name)
    else:
        context.endpoint.client("logs").create_log_group(logGroupName=name)
    deleted = delete_call("logs", "delete_log_group", logGroupName=name)
    return PhysicalResource(name, {"Arn": _group_arn(name)}, resource.removables(deleted))


def _create_log_stream(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    resource.refuse_replacement("LogGroupName", "LogStreamName")
    name = context.name(resource, "LogStreamName")
    whose = {"logGroupName": resource.of("LogGroupName"), "logStreamName": name}
    context.endpoint.client("logs").create_log_stream(**whose)
    deleted = delete_call("logs", "delete_log_stream", **whose)
    return PhysicalResource(name, removables=resource.removables(deleted))


def _ensure_log_group(resource: Resource, context: StackContext) -> PhysicalResource:
    """The custom resource of CDK's logRetention: it makes the group if there is none."""
    name = resource.of("LogGroupName")
    logs = context.endpoint.client("logs")
    with suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=name)
    attributes = {"LogGroupName": name, "LogGroupArn": _group_arn(name)}
    return PhysicalResource(name, attributes)


def _name_resource(resource: Resource, _context: StackContext) -> PhysicalResource:
    return PhysicalResource(resource.logical_id)


TYPES = {
    "AWS::Logs::LogGroup": ResourceType.of(
        _create_log_group,
        "LogGroupName",
        "DataProtectionPolicy DeletionProtectionEnabled FieldIndexPolicies KmsKeyId LogGroupClass "
        "ResourcePolicyDocument RetentionInDays Tags",
    ),
    "AWS::Logs::LogStream": ResourceType.of(_create_log_stream, "LogGroupName! LogStreamName"),
    # No metric is measured here, and no other service writes logs.
    "AWS::Logs::MetricFilter": ResourceType.of(
        _name_resource,
        "",
        "ApplyOnTransformedLogs EmitSystemFieldDimensions FieldSelectionCriteria FilterName "
        "FilterPattern LogGroupName MetricTransformations",
    ),
    "AWS::Logs::QueryDefinition": ResourceType.of(
        _name_resource, "", "LogGroupNames Name Parameters QueryLanguage QueryString"
    ),
    "AWS::Logs::ResourcePolicy": ResourceType.of(_name_resource, "", "PolicyDocument PolicyName"),
    "Custom::LogRetention": ResourceType.of(
        _ensure_log_group,
        "LogGroupName! ServiceToken",
        "LogGroupRegion RemovalPolicy RetentionInDays SdkRetry",
    ),
}
