# SPDX-License-Identifier: MIT-0
"""The gaps of moto's queues, topics and buckets: probes for library_gaps, on the plain library."""

import inspect
import json
from collections.abc import Callable
from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket
from moto.sns.models import sns_backends
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


def deletion_loses_a_message() -> bool:
    # The list of messages is made anew, and not under the lock of those that send.
    source = inspect.getsource(Queue.delete_message)
    return "self._messages = new_messages" in source and "_messages_lock" not in source


def visible_message_wakes_nobody() -> bool:
    return "_messages_lock" not in inspect.getsource(SQSBackend.change_message_visibility)


def topic_asks_no_policy_of_a_queue() -> bool:
    queue: Any = queues().create_queue("closed")
    sns = sns_backends[ACCOUNT][REGION]
    topic = sns.create_topic("gaps")
    sns.subscribe(topic.arn, queue.queue_arn, "sqs")
    sns.publish("message", topic.arn)
    return len(queue.messages) == 1


def bucket_policy_denies_whatever_its_conditions() -> bool:
    bucket = FakeBucket("gaps", ACCOUNT, REGION)
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    bucket.policy = json.dumps({"Statement": [statement]}).encode()
    return bool(bucket.get_permission("s3:PutObject", "*") == PermissionResult.DENIED)


GAPS: list[Callable[[], bool]] = [
    fifo_group_is_received_out_of_order,
    deletion_loses_a_message,
    visible_message_wakes_nobody,
    topic_asks_no_policy_of_a_queue,
    bucket_policy_denies_whatever_its_conditions,
]
