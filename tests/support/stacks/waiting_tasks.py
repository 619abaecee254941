# SPDX-License-Identifier: MIT-0
"""Executions that wait for a task whose function sends no callback."""

import json
import uuid
from typing import Any

from .scenario import Scenario, wait_until

# A task whose function sends no callback: it waits until the test ends it.
WAITING: dict[str, Any] = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
    "Arguments": {
        "FunctionName": "sfn-dfn-async-durable-fn:1",
        "InvocationType": "Event",
        "Payload": {"token": "{% $states.context.Task.Token %}", "minutes_to_wait": 1},
    },
    "End": True,
}


def start_waiting(scenario: Scenario, machine: dict[str, Any], **state: Any) -> str:
    """Start an execution of a machine with the waiting state, and wait until it waits."""
    [role] = {
        scenario.step_functions.describe_state_machine(stateMachineArn=arn)["roleArn"]
        for arn in scenario.deployment.state_machine_arns
    }
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "S",
        "States": {"S": {**WAITING, **state}},
        **machine,
    }
    arn = scenario.step_functions.create_state_machine(
        name=f"m-{uuid.uuid4()}", definition=json.dumps(definition), roleArn=role
    )["stateMachineArn"]
    execution = scenario.step_functions.start_execution(stateMachineArn=arn)["executionArn"]
    wait_until(
        lambda: "TaskSubmitted" in event_types(scenario, execution), "the task to be submitted"
    )
    return str(execution)


def event_types(scenario: Scenario, execution: str) -> list[str]:
    history = scenario.step_functions.get_execution_history(executionArn=execution)
    return [event["type"] for event in history["events"]]
