# SPDX-License-Identifier: MIT-0
"""SNS's resource types: topics, their policies and subscriptions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ...resource import Resource, ResourceType, StackContext
from ...templates.physical_resource import PhysicalResource
from ..access.policies import check_policy
from ..delete_call import delete_call

# The policy of a topic that is given none says nothing of the roles of its account.
_NO_POLICY = json.dumps({"Version": "2008-10-17", "Statement": []})
# Functions and queues get messages here; emails and text messages are not sent.
PROTOCOLS = ("email", "email-json", "lambda", "sms", "sqs")
_SUBSCRIPTION_ATTRIBUTES = (
    "FilterPolicyScope",
    "FilterPolicy",
    "RawMessageDelivery",
    "RedrivePolicy",
)


def _create_topic(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    sns = context.endpoint.client("sns")
    is_fifo = str(resource.of("FifoTopic", False)).lower() == "true"
    name = context.name(resource, "TopicName", end=".fifo" if is_fifo else "")
    attributes = {
        key: str(resource.of(key)).lower() if key != "DisplayName" else str(resource.of(key))
        for key in ("ContentBasedDeduplication", "DisplayName", "FifoTopic")
        if key in resource.properties
    }
    if resource.existing is None:
        arn = sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]
    else:
        resource.refuse_replacement("FifoTopic", "TopicName", "Subscription")
        arn = resource.existing.ref
        attributes.pop("FifoTopic", None)
        for key, value in attributes.items():
            sns.set_topic_attributes(TopicArn=arn, AttributeName=key, AttributeValue=value)
    for subscription in resource.of("Subscription", []):
        sns.subscribe(TopicArn=arn, **subscription)
    deleted = delete_call("sns", "delete_topic", TopicArn=arn)
    return PhysicalResource(arn, {"TopicArn": arn, "TopicName": name}, resource.removables(deleted))


def _check_topic(properties: Mapping[str, Any]) -> Iterable[str]:
    subscriptions = properties.get("Subscription", [])
    for subscription in subscriptions if isinstance(subscriptions, list) else []:
        yield from _protocol_problems("Subscription", subscription.get("Protocol"))


def _check_subscription(properties: Mapping[str, Any]) -> Iterable[str]:
    yield from _protocol_problems("Protocol", properties.get("Protocol"))


def _protocol_problems(name: str, protocol: Any) -> Iterable[str]:
    if isinstance(protocol, str) and protocol not in PROTOCOLS:
        yield f"the property {name} must be one of {', '.join(PROTOCOLS)} here, got {protocol}"


def _create_subscription(resource: Resource, context: StackContext) -> PhysicalResource:
    if resource.is_unchanged and resource.existing is not None:
        return resource.existing
    sns = context.endpoint.client("sns")
    if resource.existing is None:
        arn = sns.subscribe(
            TopicArn=resource.of("TopicArn"),
            Protocol=resource.of("Protocol"),
            Endpoint=resource.of("Endpoint"),
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
    else:
        resource.refuse_replacement("Endpoint", "Protocol", "TopicArn")
        arn = resource.existing.ref
    # The scope comes first: it says how the filter is read.
    for key in _SUBSCRIPTION_ATTRIBUTES:
        if key in resource.properties or key in resource.previous:
            sns.set_subscription_attributes(
                SubscriptionArn=arn, AttributeName=key, AttributeValue=_text(resource.of(key))
            )
    deleted = delete_call("sns", "unsubscribe", SubscriptionArn=arn)
    return PhysicalResource(arn, {"Arn": arn}, resource.removables(deleted))


def _text(value: Any) -> str:
    """An attribute as text; moto takes any text for a true RawMessageDelivery."""
    if isinstance(value, dict):
        return json.dumps(value)
    if value is None or str(value).lower() == "false":
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _create_topic_policy(resource: Resource, context: StackContext) -> PhysicalResource:
    sns = context.endpoint.client("sns")
    policy = json.dumps(resource.of("PolicyDocument"))
    deletions = []
    for arn in resource.of("Topics"):
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
        deletions.append(
            delete_call(
                "sns",
                "set_topic_attributes",
                TopicArn=arn,
                AttributeName="Policy",
                AttributeValue=_NO_POLICY,
            )
        )
    return PhysicalResource(resource.logical_id, removables=resource.removables(*deletions))


TYPES = {
    "AWS::SNS::Subscription": ResourceType.of(
        _create_subscription,
        "Endpoint! FilterPolicy FilterPolicyScope Protocol! RawMessageDelivery RedrivePolicy "
        "TopicArn!",
        "Region",
        check=_check_subscription,
    ),
    "AWS::SNS::Topic": ResourceType.of(
        _create_topic,
        "ContentBasedDeduplication DisplayName FifoTopic Subscription TopicName",
        "ArchivePolicy DataProtectionPolicy DeliveryStatusLogging FifoThroughputScope "
        "KmsMasterKeyId SignatureVersion Tags TracingConfig",
        check=_check_topic,
    ),
    "AWS::SNS::TopicPolicy": ResourceType.of(
        _create_topic_policy, "PolicyDocument! Topics!", check=check_policy("PolicyDocument")
    ),
}
