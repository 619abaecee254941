# SPDX-License-Identifier: MIT-0
"""Deliver an order: a durable function that waits two hours and sends the callback."""

import json
from typing import Any

import boto3
from aws_durable_execution_sdk_python import durable_execution
from aws_durable_execution_sdk_python.config import Duration


@durable_execution
def handler(event: Any, context: Any) -> None:
    van = context.step(lambda _: f"van of {event['order_id']}", name="load_van")
    context.wait(Duration.from_hours(2), name="drive")
    context.step(
        lambda _: boto3.client("stepfunctions").send_task_success(
            taskToken=event["TaskToken"], output=json.dumps({"van": van})
        )["ResponseMetadata"]["HTTPStatusCode"],
        name="call_back",
    )
