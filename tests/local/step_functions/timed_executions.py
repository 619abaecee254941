# SPDX-License-Identifier: MIT-0
"""Executions of small state machines, and the modelled times of their histories."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ...support.stacks.scenario import ASYNC, Scenario


@dataclass(frozen=True)
class Ended:
    """An execution that has ended: what DescribeExecution tells, and its events."""

    description: dict[str, Any]
    # Task tokens are in them.
    events: list[dict[str, Any]] = field(repr=False)

    @property
    def status(self) -> str:
        return str(self.description["status"])

    @property
    def start(self) -> datetime:
        start = self.description["startDate"]
        assert isinstance(start, datetime)
        return start

    @property
    def seconds(self) -> float:
        """How long the execution took."""
        lasted: float = (self.description["stopDate"] - self.start).total_seconds()
        return lasted

    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    def seconds_of(self, event_type: str) -> list[float]:
        """When the events of that type were, in seconds since the start."""
        return [
            (event["timestamp"] - self.start).total_seconds()
            for event in self.events
            if event["type"] == event_type
        ]

    def is_in_order(self) -> bool:
        times = [event["timestamp"] for event in self.events]
        return times == sorted(times)


def machine(scenario: Scenario, states: dict[str, Any], **top: Any) -> str:
    """A state machine of these states, the first of which starts, with the stack's role."""
    [stack] = scenario.deployment.state_machine_arns
    role = scenario.step_functions.describe_state_machine(stateMachineArn=stack)["roleArn"]
    definition = {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}
    created = scenario.step_functions.create_state_machine(
        name=f"m-{uuid.uuid4()}", definition=json.dumps({**definition, **top}), roleArn=role
    )
    return str(created["stateMachineArn"])


def start(scenario: Scenario, state_machine: str, given: Any = None) -> str:
    started = scenario.step_functions.start_execution(
        stateMachineArn=state_machine, input=json.dumps(given or {})
    )
    return str(started["executionArn"])


def end(scenario: Scenario, execution: str) -> Ended:
    """Wait for the end of an execution."""
    description = scenario.end_of(execution)
    history = scenario.step_functions.get_execution_history(executionArn=execution, maxResults=1000)
    return Ended(description, history["events"])


def run(scenario: Scenario, states: dict[str, Any], given: Any = None, **top: Any) -> Ended:
    return end(scenario, start(scenario, machine(scenario, states, **top), given))


def order(minutes: float, **state: Any) -> dict[str, Any]:
    """A task whose durable execution waits so long and then calls back."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Arguments": {
            "FunctionName": f"{ASYNC}:1",
            "InvocationType": "Event",
            "Payload": {
                "TaskToken": "{% $states.context.Task.Token %}",
                "minutes_to_wait": minutes,
            },
        },
        "End": True,
        **state,
    }
