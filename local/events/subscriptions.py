# SPDX-License-Identifier: MIT-0
"""Subscriptions of SNS: the form in which functions and queues receive a message.

https://docs.aws.amazon.com/sns/latest/dg/sns-lambda-as-subscriber.html
https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ..iam.principals import service_key
from .delivery_queue import Delivery, RetryPolicy, Undelivered
from .inputs import compact
from .targets import Message

PRINCIPAL = "sns.amazonaws.com"
# The retries of endpoints that AWS manages: 3 at once, 2 after a second each, 10 after one to
# twenty seconds, 100,000 after twenty.
# https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
MAXIMUM_RETRY_ATTEMPTS = 100_015
DAYS_23_SECONDS = 23 * 86_400
# The names of fields that differ between the two kinds of subscribers.
_LAMBDA_NAMES = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}


def delivery(
    subscription: Any, notification: Mapping[str, Any], group: str | None, deduplication: str | None
) -> Delivery:
    """The delivery of a message to the function or queue of a subscription of moto's.

    Args:
        notification: the message in SNS's JSON form
        group: the message group of a FIFO topic
        deduplication: its deduplication id; None for one that the content gives
    """
    topic = subscription.topic
    key = service_key(PRINCIPAL, topic.arn)
    if subscription.protocol == "lambda":
        message = Message(subscription.endpoint, key, lambda_event(subscription.arn, notification))
    else:
        is_raw = bool(subscription.attributes.get("RawMessageDelivery"))
        options = {}
        if topic.fifo_topic and subscription.endpoint.endswith(".fifo"):
            content = hashlib.sha256(str(notification["Message"]).encode()).hexdigest()
            options["MessageGroupId"] = group or ""
            options["MessageDeduplicationId"] = deduplication or content
        message = Message(
            subscription.endpoint,
            key,
            str(notification["Message"]) if is_raw else json.dumps(notification, indent=2),
            queue_attributes(notification) if is_raw else {},
            options,
        )
    redrive = json.loads(subscription.attributes.get("RedrivePolicy") or "{}")
    queue = redrive.get("deadLetterTargetArn")

    def dead_letter(_: Undelivered) -> Message:
        attributes = queue_attributes(notification)
        return Message(queue, key, message.payload, attributes, message.options)

    policy = RetryPolicy(MAXIMUM_RETRY_ATTEMPTS, DAYS_23_SECONDS, topic_pause_seconds)
    return Delivery(subscription.arn, message, policy, dead_letter if queue else None)


def topic_pause_seconds(retries: int) -> float:
    """The pause before a retry, by the number of retries before it."""
    if retries < 3:
        return 0
    return 1 if retries < 5 else min(2.0 ** min(retries - 5, 10), 20)


def lambda_event(subscription_arn: str, notification: Mapping[str, Any]) -> str:
    """The event of a function that is subscribed."""
    sns = {_LAMBDA_NAMES.get(name, name): value for name, value in notification.items()}
    record = {
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription_arn,
        "Sns": {"Subject": None, "MessageAttributes": {}, **sns},
    }
    return compact({"Records": [record]})


def queue_attributes(notification: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a notification as SendMessage takes them."""
    found = {}
    for name, attribute in notification.get("MessageAttributes", {}).items():
        kind, value = attribute["Type"], attribute["Value"]
        if kind.startswith("Binary"):
            data = value if isinstance(value, bytes) else base64.b64decode(value)
            found[name] = {"DataType": kind, "BinaryValue": data}
        else:
            found[name] = {"DataType": kind, "StringValue": str(value)}
    return found
