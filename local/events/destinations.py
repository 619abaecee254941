# SPDX-License-Identifier: MIT-0
"""Destinations and dead-letter queues of asynchronous invocations.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from aws_durable_execution_sdk_python_testing.model import GetDurableExecutionResponse

from ..environment import environment
from ..functions.function import FunctionVersion
from ..iam.principals import access_key
from ..lambda_.asynchronous import AsynchronousEnd
from .delivery_queue import Delivery
from .inputs import compact
from .targets import Message

MAX_ERROR_MESSAGE_CHARACTERS = 1024
# Of a durable execution that ended without a result.
FAILED = ("FAILED", "STOPPED", "TIMED_OUT")


def destination_deliveries(end: AsynchronousEnd, ended: datetime) -> Iterator[Delivery]:
    """What is sent when an asynchronous invocation has ended, as the function's role."""
    version, config = end.version, end.config
    is_success = end.condition == "Success"
    destination = config.on_success if is_success else config.on_failure
    if destination:
        yield _delivery(version, destination, invocation_record(end, destination, ended))
    if not is_success and version.configuration.dead_letter_arn:
        error = json.loads(end.result.payload)
        yield _dead_letter(version, end.payload, end.result.request_id, error.get("errorMessage"))


def dead_letter_of_durable(
    version: FunctionVersion, execution: GetDurableExecutionResponse
) -> Delivery | None:
    """The original event of a durable execution that has failed, for its function's queue."""
    if execution.status not in FAILED or not version.configuration.dead_letter_arn:
        return None
    message = execution.error.message if execution.error else execution.status
    payload = execution.input_payload or "{}"
    return _dead_letter(version, payload, execution.durable_execution_arn, message)


def invocation_record(end: AsynchronousEnd, destination: str, ended: datetime) -> str:
    """The record of an invocation; for a bus, in an event."""
    is_success = end.condition == "Success"
    response: dict[str, Any] = {"statusCode": 200, "executedVersion": end.version.number}
    if not is_success:
        response["functionError"] = "Unhandled"
    content = {
        "version": "1.0",
        "timestamp": ended.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": end.result.request_id,
            "functionArn": end.version.arn,
            "condition": end.condition,
            "approximateInvokeCount": end.invoke_count,
        },
        "requestPayload": json.loads(end.payload),
        "responseContext": response,
        "responsePayload": json.loads(end.result.payload),
    }
    if not destination.startswith(f"arn:{environment().partition}:events:"):
        return compact(content)
    kind = "Success" if is_success else "Failure"
    return compact(
        {
            "source": "lambda",
            "detail-type": f"Lambda Function Invocation Result - {kind}",
            "resources": [destination, end.version.arn],
            "detail": content,
        }
    )


def _delivery(
    version: FunctionVersion,
    target_arn: str,
    payload: str,
    attributes: Mapping[str, Any] | None = None,
) -> Delivery:
    key = access_key(version.configuration.role_arn)
    return Delivery(version.arn, Message(target_arn, key, payload, attributes or {}))


def _dead_letter(
    version: FunctionVersion, payload: str, request_id: str, error_message: str | None
) -> Delivery:
    """https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html"""
    shown = (error_message or "")[:MAX_ERROR_MESSAGE_CHARACTERS] or "Unhandled"
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": shown},
    }
    return _delivery(version, str(version.configuration.dead_letter_arn), payload, attributes)
