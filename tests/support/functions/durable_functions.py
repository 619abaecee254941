# SPDX-License-Identifier: MIT-0
"""Functions made of pieces of code, durable or not, at an endpoint without an assembly."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.endpoint.endpoint import Endpoint
from local.functions.function import (
    DurableConfig,
    FunctionConfiguration,
    FunctionVersion,
    function_arn,
)

from ..stacks.scenario import wait_until

IMPORTS = """
from aws_durable_execution_sdk_python import durable_execution
from aws_durable_execution_sdk_python.config import CallbackConfig, Duration, StepConfig
from aws_durable_execution_sdk_python.retries import RetryStrategyConfig, create_retry_strategy
"""

UNENDED = ("RUNNING", "PAUSING", "PAUSED")


class DurableFunctions:
    """Functions of an endpoint, each with a version 1.

    Args:
        layer: the directory of a layer that has the durable SDK
    """

    def __init__(self, endpoint: Endpoint, directory: Path, layer: Path) -> None:
        self.endpoint = endpoint
        self.client = endpoint.client("lambda")
        self._directory = directory
        self._layer = layer
        self._anything = self.role("anything", {"Effect": "Allow", "Action": "*", "Resource": "*"})

    def deploy(
        self,
        name: str,
        code: str,
        *,
        execution_timeout: int | None = 600,
        timeout_seconds: int = 10,
        role_arn: str | None = None,
        dead_letter_arn: str | None = None,
    ) -> FunctionVersion:
        """Deploy a function; it is durable if it has an execution timeout, in seconds."""
        directory = self._directory / name
        directory.mkdir()
        is_durable = execution_timeout is not None
        (directory / "index.py").write_text((IMPORTS if is_durable else "") + code)
        functions = self.endpoint.lambda_service.functions
        functions.create_function(
            FunctionConfiguration(
                name=name,
                handler="index.handler",
                runtime="python3.14",
                code=directory,
                layers=(self._layer,) if is_durable else (),
                environment={},
                timeout_seconds=timeout_seconds,
                memory_mb=128,
                role_arn=role_arn or self._anything,
                log_group=f"/aws/lambda/{name}",
                json_logs=False,
                durable=None if execution_timeout is None else DurableConfig(execution_timeout, 7),
                dead_letter_arn=dead_letter_arn,
            )
        )
        return functions.publish_version(name)

    def role(self, name: str, *statements: dict[str, Any]) -> str:
        """Create a role that may do what the statements of its policy say, and return its ARN."""
        iam = self.endpoint.client("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        iam.put_role_policy(RoleName=name, PolicyName="policy", PolicyDocument=json.dumps(document))
        return str(role["Arn"])

    def start(self, name: str, event: Any = None, **arguments: Any) -> str:
        """Start a durable execution of version 1 and return its ARN."""
        answer = self.client.invoke(
            FunctionName=f"{name}:1",
            InvocationType="Event",
            Payload=json.dumps(event),
            **arguments,
        )
        return str(answer["DurableExecutionArn"])

    def get(self, arn: str, **arguments: Any) -> dict[str, Any]:
        """An execution without the metadata of the response."""
        answer: dict[str, Any] = self.client.get_durable_execution(
            DurableExecutionArn=arn, **arguments
        )
        del answer["ResponseMetadata"]
        return answer

    def ended(self, arn: str) -> dict[str, Any]:
        """An execution once it has ended."""
        wait_until(lambda: self.get(arn)["Status"] not in UNENDED, f"the end of {arn}", 20)
        return self.get(arn)

    def run(self, name: str, event: Any = None) -> dict[str, Any]:
        """Start a durable execution, and the execution once it has ended."""
        return self.ended(self.start(name, event))

    def wait_for(self, arn: str, *statuses: str) -> None:
        """Wait until an execution has one of the statuses."""
        wait_until(lambda: self.get(arn)["Status"] in statuses, f"{statuses} of {arn}", 20)

    def events(self, arn: str, **arguments: Any) -> list[dict[str, Any]]:
        """The history of an execution."""
        pages = self.client.get_paginator("get_durable_execution_history").paginate(
            DurableExecutionArn=arn, **arguments
        )
        return [event for page in pages for event in page["Events"]]

    def wait_for_event(self, arn: str, event_type: str) -> dict[str, Any]:
        """The first event of a type, once there is one."""

        def found() -> list[dict[str, Any]]:
            return [event for event in self.events(arn) if event["EventType"] == event_type]

        def has_come() -> bool:
            return bool(found()) or self.get(arn)["Status"] not in UNENDED

        wait_until(has_come, f"{event_type} of {arn}", 20)
        assert found(), self.get(arn)
        return found()[0]


@contextmanager
def durable_functions(directory: Path, layer: Path) -> Iterator[DurableFunctions]:
    """An endpoint without functions, for as long as the context lasts."""
    with Endpoint() as endpoint:
        yield DurableFunctions(endpoint, directory, layer)


def arn_of(name: str) -> str:
    """The unqualified ARN of a function."""
    return function_arn(name)
