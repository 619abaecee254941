# SPDX-License-Identifier: MIT-0
"""EventBridge's default bus: moto's rules and patterns, with the functions of this endpoint."""

import uuid
from datetime import datetime
from typing import Any

from aws_durable_execution_sdk_python_testing.model import GetDurableExecutionResponse
from moto.backends import get_backend

from ..environment import environment
from ..lambda_.service import LambdaService
from .patches import use_invoker

Event = dict[str, Any]


def connect(lambda_service: LambdaService) -> None:
    """Send Lambda's events on durable executions to the functions that rules name."""
    use_invoker(lambda_service.invoke_for)
    lambda_service.durable_executions.on_status_change = publish_status_change


def publish_status_change(execution: GetDurableExecutionResponse) -> None:
    """Send the event that Lambda sends whenever a durable execution begins or ends."""
    event = status_change(execution)
    here = environment()
    bus = get_backend("events")[here.account][here.region].event_buses["default"]
    for rule in list(bus.rules.values()):
        rule.send_to_targets(event)


def status_change(execution: GetDurableExecutionResponse) -> Event:
    """The event, without input, result or error.

    https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html
    """
    detail = {
        "durableExecutionArn": execution.durable_execution_arn,
        "durableExecutionName": execution.durable_execution_name,
        "functionArn": execution.durable_execution_arn.split("/durable-execution/")[0],
        "status": execution.status,
        "startTimestamp": _iso(execution.start_timestamp),
    }
    if execution.end_timestamp:
        detail["endTimestamp"] = _iso(execution.end_timestamp)
    changed = execution.end_timestamp or execution.start_timestamp
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Durable Execution Status Change",
        "source": "aws.lambda",
        "account": environment().account,
        "time": changed.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": environment().region,
        "resources": [],
        "detail": detail,
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
