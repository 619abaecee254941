# SPDX-License-Identifier: MIT-0
"""Executions of every kind of ending, started on an endpoint of this machine."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inspect_execution.histories.recording import Recording
from inspect_execution.model.execution_view import ExecutionView, build_view
from inspect_execution.model.prices import Prices
from inspect_execution.reading.aws_api import AwsApi
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.reading.recorder import record_execution

from ..assemblies.variants import append, asset_with, variant
from .scenario import ASYNC, SYNC, Scenario, deployed
from .waiting_tasks import start_waiting

MARKUP = "<script>document.title = 'taken over'</script>"
# While this file is there, nothing can be delivered.
SOLD_OUT = "sold_out"
DELIVERY = f"""

class OutOfStock(Exception): ...


_notify_customer = notify_customer


def notify_customer(order):
    from pathlib import Path

    if Path(__file__).with_name("{SOLD_OUT}").exists():
        raise OutOfStock("no widgets left")
    return _notify_customer(order)
"""
JSONPATH: dict[str, Any] = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "ResultPath": None,
            "Branches": [
                {
                    "StartAt": "Rest",
                    "States": {"Rest": {"Type": "Wait", "Seconds": 1, "End": True}},
                },
                {
                    "StartAt": "Invoice",
                    "States": {
                        "Invoice": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::lambda:invoke",
                            "Parameters": {
                                "FunctionName": f"{SYNC}:1",
                                "Payload": {"order_id.$": "$.order_id"},
                            },
                            "End": True,
                        }
                    },
                },
            ],
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.numbers",
            "ItemProcessor": {
                "StartAt": "Big?",
                "States": {
                    "Big?": {
                        "Type": "Choice",
                        "Choices": [{"Variable": "$", "NumericGreaterThan": 1, "Next": "Big"}],
                        "Default": "Small",
                    },
                    "Big": {"Type": "Succeed"},
                    "Small": {"Type": "Pass", "End": True},
                },
            },
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}


@dataclass(frozen=True)
class Examples:
    """The ARNs of executions at an endpoint, by how they end."""

    scenario: Scenario
    arns: dict[str, str]

    @property
    def url(self) -> str:
        return self.scenario.deployment.endpoint.url

    def recording(self, name: str) -> Recording:
        reader = AwsApi.connect("us-east-1", self.url)
        return record_execution(reader, ExecutionArn.parse(self.arns[name]), handler_logs=True)

    def view(self, name: str) -> ExecutionView:
        return build_view(self.recording(name), Prices())


@contextmanager
def examples(assembly: Path, directory: Path) -> Iterator[Examples]:
    """An endpoint with one execution of each kind, ended but for the one that waits."""
    changed = variant(assembly, directory)
    append(changed, "orders.py", DELIVERY)
    sold_out = asset_with(changed, "orders.py") / SOLD_OUT
    with deployed(changed) as scenario:
        # One after the other: the second is to find the goods in stock again.
        sold_out.touch()
        arns = {"failure": _ended(scenario, scenario.start({"minutes_to_wait": 20}))}
        sold_out.unlink()
        given = {"minutes_to_wait": 20, "note": MARKUP}
        arns["success"] = _ended(scenario, scenario.start(given))
        arns["jsonpath"] = _ended(scenario, _start_jsonpath(scenario))
        arns["heartbeat"] = _ended(scenario, start_waiting(scenario, {}, HeartbeatSeconds=1))
        arns["running"] = start_waiting(scenario, {})
        for function in (ASYNC, SYNC):
            scenario.ended_durable_executions(function)
        yield Examples(scenario, arns)


def _ended(scenario: Scenario, arn: str) -> str:
    """The execution, once both sides of it have ended."""
    scenario.end_of(arn)
    for function in (ASYNC, SYNC):
        scenario.ended_durable_executions(function)
    return arn


def _start_jsonpath(scenario: Scenario) -> str:
    step_functions = scenario.step_functions
    [role] = {
        step_functions.describe_state_machine(stateMachineArn=arn)["roleArn"]
        for arn in scenario.deployment.state_machine_arns
    }
    machine = step_functions.create_state_machine(
        name=f"jsonpath-{uuid.uuid4()}", definition=json.dumps(JSONPATH), roleArn=role
    )["stateMachineArn"]
    given = json.dumps({"numbers": [1, 2, 3], "order_id": MARKUP})
    started = step_functions.start_execution(stateMachineArn=machine, input=given)
    return str(started["executionArn"])
