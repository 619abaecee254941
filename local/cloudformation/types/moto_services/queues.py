# SPDX-License-Identifier: MIT-0
"""SQS's resource types: queues and their policies.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ....environment import environment
from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..access.policies import check_policy
from ..delete_call import delete_call

_ATTRIBUTES = (
    "ContentBasedDeduplication",
    "DelaySeconds",
    "FifoQueue",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "VisibilityTimeout",
)


def _create_queue(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    sqs = context.endpoint.client("sqs")
    is_fifo = str(resource.of("FifoQueue", False)).lower() == "true"
    name = context.name(resource, "QueueName", end=".fifo" if is_fifo else "")
    attributes = {key: _text(resource.of(key)) for key in _ATTRIBUTES if key in resource.properties}
    if resource.existing is None:
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    else:
        resource.refuse_replacement("FifoQueue", "QueueName")
        url = resource.existing.ref
        _update(sqs, url, attributes, resource.previous)
    arn = environment().arn("sqs", name)
    deleted = delete_call("sqs", "delete_queue", QueueUrl=url)
    return PhysicalResource(
        url, {"Arn": arn, "QueueName": name, "QueueUrl": url}, resource.removables(deleted)
    )


# What SQS takes a property for that a template no longer has.
_DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "DelaySeconds": "0",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "RedrivePolicy": "",
    "VisibilityTimeout": "30",
}


def _update(sqs: Any, url: str, attributes: Mapping[str, str], previous: Mapping[str, Any]) -> None:
    removed = {key: value for key, value in _DEFAULTS.items() if key in previous}
    changed = {**removed, **attributes}
    changed.pop("FifoQueue", None)
    # moto takes a policy away that is not given again.
    current = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    if "Policy" in current:
        changed["Policy"] = current["Policy"]
    if changed:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=changed)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _check_queue(properties: Mapping[str, Any]) -> Iterable[str]:
    redrive = properties.get("RedrivePolicy")
    if isinstance(redrive, Mapping) and "deadLetterTargetArn" not in redrive:
        yield "the property RedrivePolicy has no deadLetterTargetArn"


def _create_queue_policy(resource: Resource, context: StackContext) -> PhysicalResource:
    sqs = context.endpoint.client("sqs")
    policy = json.dumps(resource.of("PolicyDocument"))
    for url in resource.of("Queues"):
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    deletions = [
        delete_call("sqs", "set_queue_attributes", QueueUrl=url, Attributes={"Policy": ""})
        for url in resource.of("Queues")
    ]
    return PhysicalResource(resource.logical_id, removables=resource.removables(*deletions))


TYPES = {
    "AWS::SQS::Queue": ResourceType.of(
        _create_queue,
        " ".join((*_ATTRIBUTES, "QueueName")),
        "DeduplicationScope FifoThroughputLimit KmsDataKeyReusePeriodSeconds KmsMasterKeyId "
        "RedriveAllowPolicy SqsManagedSseEnabled Tags",
        check=_check_queue,
    ),
    "AWS::SQS::QueuePolicy": ResourceType.of(
        _create_queue_policy, "PolicyDocument! Queues!", check=check_policy("PolicyDocument")
    ),
}
