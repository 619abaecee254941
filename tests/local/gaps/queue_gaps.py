# SPDX-License-Identifier: MIT-0
"""The gaps of moto's queues, topics and buckets: probes for library_gaps, on the plain library."""

import inspect
import json
from collections.abc import Callable
from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket
from moto.sns.models import Subscription, sns_backends
from moto.sqs.models import Queue, SQSBackend, sqs_backends

ACCOUNT, REGION = "123456789012", "us-east-1"


def queues() -> SQSBackend:
    return sqs_backends[ACCOUNT][REGION]


def fifo_group_is_received_out_of_order() -> bool:
    queues().create_queue("gaps.fifo", FifoQueue="true", ContentBasedDeduplication="true")
    for body in ("first", "second"):
        queues().send_message("gaps.fifo", body, group_id="group")
    # Received, and visible again at once.
    assert len(queues().receive_message("gaps.fifo", 2, 0, 0)) == 2
    return bool(queues().receive_message("gaps.fifo", 1, 0, 0)[0].body == "second")


def two_receivers_get_one_message() -> bool:
    return "_messages_lock" not in inspect.getsource(SQSBackend.receive_message)


def deletion_loses_a_message() -> bool:
    # The list of messages is made anew, and not under the lock of those that send.
    source = inspect.getsource(Queue.delete_message)
    return "self._messages = new_messages" in source and "_messages_lock" not in source


def expired_message_ends_the_reception() -> bool:
    queue: Any = queues().create_queue("expired")
    for body in ("first", "second"):
        queues().send_message("expired", body)
    queue._messages[0].sent_timestamp = 0
    return not queues().receive_message("expired", 1, 0, 0)


def visible_message_wakes_no_receiver() -> bool:
    return "_messages_lock" not in inspect.getsource(SQSBackend.change_message_visibility)


def topic_asks_no_policy_of_a_queue() -> bool:
    queue: Any = queues().create_queue("closed")
    sns = sns_backends[ACCOUNT][REGION]
    topic = sns.create_topic("gaps")
    sns.subscribe(topic.arn, queue.queue_arn, "sqs")
    sns.publish("message", topic.arn)
    return len(queue.messages) == 1


def topic_invokes_functions_of_moto() -> bool:
    return "send_sns_message" in inspect.getsource(Subscription.publish)


def bucket_policy_ignores_its_conditions() -> bool:
    return is_denied(
        Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}
    ) and is_denied(Principal={"AWS": "arn:aws:iam::123456789012:role/another"})


def is_denied(**statement: Any) -> bool:
    """Whether a bucket's policy with a Deny denies a request."""
    bucket = FakeBucket("gaps", ACCOUNT, REGION)
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", **statement}
    bucket.policy = json.dumps({"Statement": [deny]}).encode()
    return bool(bucket.get_permission("s3:PutObject", "*") == PermissionResult.DENIED)


GAPS: list[Callable[[], bool]] = [
    fifo_group_is_received_out_of_order,
    two_receivers_get_one_message,
    deletion_loses_a_message,
    expired_message_ends_the_reception,
    visible_message_wakes_no_receiver,
    topic_asks_no_policy_of_a_queue,
    topic_invokes_functions_of_moto,
    bucket_policy_ignores_its_conditions,
]
