# SPDX-License-Identifier: MIT-0
"""Small state machines at an endpoint on this machine, and how their executions end."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cloudformation.deployed import deployed
from local.endpoint.endpoint import Endpoint

from ..assemblies.hand_made import function, role, write_assembly
from ..stacks.scenario import ended_execution

# It answers with its event, fails so many attempts, or is told to fail.
FUNCTION = """
class Again(Exception):
    pass


def handler(event, context):
    if event.get("attempt", 0) < event.get("failures", 0):
        raise Again(f"attempt {event['attempt']}")
    return event
"""
LAMBDA = "arn:aws:states:::lambda:invoke"
ROLE = "arn:aws:iam::123456789012:role/Small-MachineRole"


@dataclass(frozen=True)
class Machines:
    """State machines that a test makes by their definitions.

    Args:
        endpoint: where they run; it has the function `echo`
    """

    endpoint: Endpoint

    @property
    def client(self) -> Any:
        return self.endpoint.client("stepfunctions")

    def create(self, definition: dict[str, Any]) -> str:
        created = self.client.create_state_machine(
            name=f"m-{uuid.uuid4()}", definition=json.dumps(definition), roleArn=ROLE
        )
        return str(created["stateMachineArn"])

    def start(self, definition: dict[str, Any], given: Any = None) -> str:
        """The ARN of a new execution of a new machine."""
        started = self.client.start_execution(
            stateMachineArn=self.create(definition), input=json.dumps(given or {})
        )
        return str(started["executionArn"])

    def run(self, definition: dict[str, Any], given: Any = None) -> dict[str, Any]:
        """What DescribeExecution returns, once an execution has ended."""
        return self.ended(self.start(definition, given))

    def ended(self, execution: str) -> dict[str, Any]:
        return ended_execution(self.client, execution)

    def events(self, execution: str) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("get_execution_history").paginate(executionArn=execution)
        return [event for page in pages for event in page["events"]]

    def chain(self, execution: str) -> list[tuple[int, str, int]]:
        """Each event's id, its type, and the event that it follows."""
        return [
            (event["id"], event["type"], event["previousEventId"])
            for event in self.events(execution)
        ]


@contextmanager
def machines(directory: Path) -> Iterator[Machines]:
    """An endpoint with the function `echo` and a role for machines, while the context lasts."""
    resources = {
        "MachineRole": role("states.amazonaws.com", "lambda:InvokeFunction"),
        "FunctionRole": role("lambda.amazonaws.com"),
        "Echo": function(FUNCTION, FunctionName="echo"),
    }
    assembly = write_assembly(directory / "assembly", {"Small": {"Resources": resources}})
    with deployed(assembly) as deployment:
        yield Machines(deployment.endpoint)


def one(state: dict[str, Any], **others: dict[str, Any]) -> dict[str, Any]:
    """A JSONPath machine that starts with this state, named S."""
    return {"StartAt": "S", "States": {"S": state, **others}}


def invoke(payload: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A JSONPath state that invokes `echo` and takes its answer as output."""
    return {
        "Type": "Task",
        "Resource": LAMBDA,
        "Parameters": {"FunctionName": "echo", "Payload": payload},
        "OutputPath": "$.Payload",
        **({} if "Next" in fields else {"End": True}),
        **fields,
    }


# A state that waits for an answer from outside: unlike a Wait state, that is not skipped.
WAITING = invoke({"token.$": "$$.Task.Token"}, Resource=f"{LAMBDA}.waitForTaskToken")
