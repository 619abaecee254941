# SPDX-License-Identifier: MIT-0
"""The events that Lambda sends: of durable executions to rules, of invocations to destinations."""

import uuid
from datetime import UTC, datetime

from aws_durable_execution_sdk_python_testing.model import GetDurableExecutionResponse
from moto.backends import get_backend

from ..environment import environment
from ..functions.function import FunctionVersion
from ..lambda_.asynchronous import AsynchronousEnd
from ..lambda_.service import LambdaService
from .delivery_queue import DeliveryQueue
from .destinations import dead_letter_of_durable, destination_deliveries
from .patches import use_delivery_queue
from .rules import BusEvent


def connect(lambda_service: LambdaService, lane: DeliveryQueue) -> None:
    """Let a lane deliver the events of Lambda, of rules and of topics."""
    use_delivery_queue(lane)
    executions = lambda_service.durable_executions
    asynchronous: dict[str, FunctionVersion] = {}

    def on_status_change(execution: GetDurableExecutionResponse) -> None:
        publish_status_change(execution)
        send_dead_letter(execution)

    def on_asynchronous_start(arn: str, version: FunctionVersion) -> None:
        if version.configuration.dead_letter_arn:
            asynchronous[arn] = version
            # It may have ended before it was noted.
            send_dead_letter(executions.wait(arn, 0))

    def send_dead_letter(execution: GetDurableExecutionResponse) -> None:
        if not execution.end_timestamp:
            return
        version = asynchronous.pop(execution.durable_execution_arn, None)
        letter = dead_letter_of_durable(version, execution) if version else None
        if letter is not None:
            lane.submit(letter)

    def on_asynchronous_end(end: AsynchronousEnd) -> None:
        for delivery in destination_deliveries(end, datetime.now(UTC)):
            lane.submit(delivery)

    executions.on_status_change = on_status_change
    lambda_service.on_asynchronous_start = on_asynchronous_start
    lambda_service.on_asynchronous_end = on_asynchronous_end


def publish_status_change(execution: GetDurableExecutionResponse) -> None:
    """Send the event that Lambda sends whenever a durable execution begins or ends."""
    event = status_change(execution)
    here = environment()
    bus = get_backend("events")[here.account][here.region].event_buses["default"]
    for rule in list(bus.rules.values()):
        rule.send_to_targets(event)


def status_change(execution: GetDurableExecutionResponse) -> BusEvent:
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
