# SPDX-License-Identifier: MIT-0
"""A durable function of its own in the account of a deployed stack, to ask Lambda what it does."""

import io
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .patience import Patience
from .stack import Stack

# What a function can be invoked by before it is deleted again.
READY = "published_version_active"
OPEN = ("RUNNING", "PAUSING", "PAUSED")


@dataclass(frozen=True)
class Ended:
    """A durable execution that has ended, and the types of its events."""

    status: str
    result: str | None
    event_types: list[str]

    @property
    def invocations(self) -> int:
        return self.event_types.count("InvocationCompleted")


@dataclass(frozen=True)
class Probe:
    """Version 1 of a function."""

    lambda_: Any
    name: str
    patience: Patience

    def start(self, payload: bytes = b"{}") -> str:
        """Start the durable execution of this function's name and return its ARN."""
        answer = self.lambda_.invoke(
            FunctionName=f"{self.name}:1",
            InvocationType="Event",
            DurableExecutionName=self.name,
            Payload=payload,
        )
        return str(answer["DurableExecutionArn"])

    def exists(self) -> bool:
        """Whether the function is there, or still being deleted."""
        try:
            self.lambda_.get_function_configuration(FunctionName=self.name)
        except self.lambda_.exceptions.ResourceNotFoundException:
            return False
        return True

    def event_types(self, arn: str) -> list[str]:
        pages = self.lambda_.get_paginator("get_durable_execution_history").paginate(
            DurableExecutionArn=arn
        )
        return [event["EventType"] for page in pages for event in page["Events"]]

    def wait_for_event(self, arn: str, event_type: str) -> None:
        self.patience.until(lambda: event_type in self.event_types(arn), f"{event_type} of {arn}")

    def ended(self, arn: str) -> Ended:
        """An execution once it has ended."""
        answers: list[dict[str, Any]] = []

        def has_ended() -> bool:
            answers[:] = [self.lambda_.get_durable_execution(DurableExecutionArn=arn)]
            return answers[0]["Status"] not in OPEN

        self.patience.until(has_ended, f"the end of {arn}")
        return Ended(answers[0]["Status"], answers[0].get("Result"), self.event_types(arn))


@contextmanager
def probe(stack: Stack, code: str, execution_timeout: int, patience: Patience) -> Iterator[Probe]:
    """A function with this code, and with the role and the layers of the order's function.

    It is deleted at the end, with all that runs of it.

    Args:
        execution_timeout: of its durable executions, in seconds
    """
    name = f"{stack.prefix.name('probe')}-{uuid.uuid4().hex[:8]}"
    model = stack.lambda_.get_function_configuration(
        FunctionName=stack.version(stack.async_function)
    )
    stack.lambda_.create_function(
        FunctionName=name,
        Description="Created and deleted by tests/acceptance/test_probes.py",
        Role=model["Role"],
        Runtime=model["Runtime"],
        Architectures=model["Architectures"],
        Layers=[layer["Arn"] for layer in model["Layers"]],
        MemorySize=model["MemorySize"],
        Handler="index.handler",
        Code={"ZipFile": _zipped(code)},
        Timeout=30,
        DurableConfig={"ExecutionTimeout": execution_timeout, "RetentionPeriodInDays": 1},
        Publish=True,
    )
    function = Probe(stack.lambda_, name, patience)
    try:
        stack.lambda_.get_waiter(READY).wait(FunctionName=f"{name}:1")
        yield function
    finally:
        if function.exists():
            _delete(stack.lambda_, name)


def _zipped(code: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("index.py", code)
    return file.getvalue()


def _delete(lambda_: Any, name: str) -> None:
    running = lambda_.list_durable_executions_by_function(
        FunctionName=name, Statuses=["RUNNING", "PAUSED"]
    )
    for each in running["DurableExecutions"]:
        lambda_.stop_durable_execution(DurableExecutionArn=each["DurableExecutionArn"])
    lambda_.delete_function(FunctionName=name)
