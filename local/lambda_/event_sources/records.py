# SPDX-License-Identifier: MIT-0
"""Records: what a function gets of messages, and which of them it says have failed.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import Any

from moto.events.models import EventPattern

from ...environment import environment

Received = Mapping[str, Any]
# The system attributes of a record; the rest is of FIFO queues alone.
_ATTRIBUTES = (
    "ApproximateReceiveCount",
    "AWSTraceHeader",
    "SentTimestamp",
    "SequenceNumber",
    "MessageGroupId",
    "SenderId",
    "MessageDeduplicationId",
    "ApproximateFirstReceiveTimestamp",
)


def queue_record(message: Received, queue_arn: str) -> dict[str, Any]:
    """The record of a message that ReceiveMessage has returned."""
    system = message.get("Attributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": {name: system[name] for name in _ATTRIBUTES if name in system},
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": environment().region,
    }


def passes_filters(record: Mapping[str, Any], patterns: Iterable[str]) -> bool:
    """Whether a record passes the filters of its mapping: one of them, if there are any.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
    """
    filters = [EventPattern.load(pattern) for pattern in patterns]
    shown = {**record, "body": _body(record["body"])}
    return not filters or any(each.matches_event(shown) for each in filters)


def failed_ids(response: str, ids: Iterable[str]) -> frozenset[str]:
    """The messages that a function reports as failed: all of them, if its response is no report.

    Args:
        response: the function's result, as JSON text
    """
    everything = frozenset(ids)
    try:
        answer = json.loads(response)
    except ValueError:
        return everything
    if answer is None or answer == {} or answer == "":
        return frozenset()
    failures = answer.get("batchItemFailures", ()) if isinstance(answer, dict) else None
    if failures is None:
        # Both a null list and an answer that is no object.
        return frozenset() if isinstance(answer, dict) else everything
    if not isinstance(failures, list | tuple):
        return everything
    found = {str(each.get("itemIdentifier")) for each in failures if isinstance(each, dict)}
    is_report = found <= everything and all(isinstance(each, dict) for each in failures)
    return frozenset(found) if is_report else everything


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "StringValue" in value:
        found["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        found["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return {
        **found,
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }


def _body(text: str) -> Any:
    """The body as filters see it: an object if it is the JSON of one."""
    try:
        parsed = json.loads(text)
    except ValueError:
        return text
    return parsed if isinstance(parsed, dict) else text
