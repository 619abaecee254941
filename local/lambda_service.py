# SPDX-License-Identifier: MIT-0
"""Lambda: functions and their versions, the rules of Invoke, and sandboxes to run in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from aws_durable_execution_sdk_python_testing.clock import Clock

from .durable_executions import DurableExecutions
from .errors import LocalError
from .function import (
    ACCOUNT,
    LATEST,
    PARTITION,
    REGION,
    FunctionConfiguration,
    FunctionVersion,
    function_arn,
)
from .permissions import access_key
from .sandbox import InvocationResult, LogLine, SandboxPool

# https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking.html
SYNC_EXECUTION_TIMEOUT_SECONDS = 900


class LambdaError(Exception):
    """An error of Lambda's API: its code, HTTP status and message."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Invocation:
    """One call of Invoke."""

    function_name: str
    qualifier: str | None
    invocation_type: str
    durable_execution_name: str | None
    payload: str


@dataclass(frozen=True)
class InvokeAnswer:
    """What Invoke returns: HTTP status, headers and payload."""

    status: int
    payload: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class LambdaService:
    """The functions of one account and region."""

    def __init__(self, clock: Clock, url: str, log: LogLine) -> None:
        self._url = url
        self._functions: dict[str, dict[str, FunctionVersion]] = {}
        self._layers: dict[str, Path] = {}
        self._sandboxes = SandboxPool(environment=self._environment, log=log)
        self.durable_executions = DurableExecutions(clock, self._invoke_handler)

    def publish_layer(self, name: str, directory: Path) -> str:
        """Publish a layer and return the ARN of its version."""
        number = 1 + sum(arn.split(":")[-2] == name for arn in self._layers)
        arn = f"arn:{PARTITION}:lambda:{REGION}:{ACCOUNT}:layer:{name}:{number}"
        self._layers[arn] = directory
        return arn

    def layer(self, arn: str) -> Path:
        """The directory of a layer version.

        Raises:
            LocalError: it was not published here
        """
        if arn not in self._layers:
            raise LocalError(f"the layer {arn} is not of this assembly")
        return self._layers[arn]

    def create_function(self, configuration: FunctionConfiguration) -> FunctionVersion:
        """Create a function, or replace what its $LATEST is. Published versions stay."""
        latest = FunctionVersion(LATEST, configuration)
        self._functions.setdefault(configuration.name, {})[LATEST] = latest
        return latest

    def publish_version(self, name: str) -> FunctionVersion:
        """Publish $LATEST under the next number."""
        versions = self._functions[name]
        number = 1 + sum(version.number != LATEST for version in self.versions(name))
        published = replace(versions[LATEST], number=str(number))
        versions[published.number] = published
        return published

    def create_alias(self, name: str, alias: str, number: str) -> str:
        """Point an alias at a version and return the alias's ARN."""
        self._functions[name][alias] = self._find(name, number)
        return f"{function_arn(name)}:{alias}"

    def invoke(self, invocation: Invocation) -> InvokeAnswer:
        """Run a function, or start a durable execution of it.

        Raises:
            LambdaError: Lambda would refuse this call
        """
        name, qualifier = split(invocation.function_name, invocation.qualifier)
        version = self._find(name, qualifier or LATEST)
        durable = version.configuration.durable
        if durable is None:
            return _answer(
                version, self._sandboxes.invoke(version, invocation.payload, version.arn)
            )
        if qualifier is None:
            raise LambdaError(
                "InvalidParameterValueException",
                400,
                "You cannot invoke a durable function using an unqualified ARN.",
            )
        is_event = invocation.invocation_type == "Event"
        if not is_event and durable.execution_timeout_seconds > SYNC_EXECUTION_TIMEOUT_SECONDS:
            raise LambdaError(
                "InvalidParameterValueException",
                400,
                "You cannot synchronously invoke a durable function with an executionTimeout "
                "greater than 15 minutes.",
            )
        arn = self.durable_executions.start(
            version, invocation.durable_execution_name, invocation.payload
        )
        headers = {
            "X-Amz-Executed-Version": version.number,
            "X-Amz-Durable-Execution-Arn": arn,
        }
        return InvokeAnswer(202, headers=headers) if is_event else self._wait(arn, headers)

    def version(self, function_name: str, qualifier: str | None) -> FunctionVersion:
        """The version that a name and a qualifier stand for; $LATEST without one.

        Raises:
            LambdaError: there is none
        """
        return self._find(*split(function_name, qualifier))

    def versions(self, name: str) -> list[FunctionVersion]:
        """Every version of a function, $LATEST first."""
        self._find(name, LATEST)
        return [
            version
            for qualifier, version in self._functions[name].items()
            if qualifier == version.number
        ]

    def functions(self) -> list[FunctionVersion]:
        """The $LATEST of every function."""
        return [versions[LATEST] for versions in self._functions.values()]

    def close(self) -> None:
        """Stop all executions where they are and end all sandboxes."""
        self.durable_executions.close()
        self._sandboxes.close()

    def _wait(self, arn: str, headers: Mapping[str, str]) -> InvokeAnswer:
        ended = self.durable_executions.wait(arn, SYNC_EXECUTION_TIMEOUT_SECONDS)
        if ended.status == "SUCCEEDED":
            return InvokeAnswer(200, ended.result or "null", headers)
        error = {
            "errorType": (ended.error and ended.error.type) or ended.status,
            "errorMessage": (ended.error and ended.error.message) or "",
        }
        return InvokeAnswer(
            200, json.dumps(error), {**headers, "X-Amz-Function-Error": "Unhandled"}
        )

    def _invoke_handler(self, identifier: str, event: str) -> InvocationResult:
        version = self._find(*split(identifier, None))
        return self._sandboxes.invoke(version, event, version.arn)

    def _find(self, name: str, qualifier: str | None) -> FunctionVersion:
        version = self._functions.get(name, {}).get(qualifier or LATEST)
        if version is None:
            suffix = f":{qualifier}" if qualifier and qualifier != LATEST else ""
            raise LambdaError(
                "ResourceNotFoundException",
                404,
                f"Function not found: {function_arn(name)}{suffix}",
            )
        return version

    def _environment(self, version: FunctionVersion) -> dict[str, str]:
        """The variables a sandbox starts with: Lambda's reserved ones and the function's."""
        configuration = version.configuration
        return {
            **configuration.environment,
            "AWS_ACCESS_KEY_ID": access_key(configuration.role_arn),
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self._url,
            "AWS_EXECUTION_ENV": "AWS_Lambda_python",
            "AWS_LAMBDA_FUNCTION_NAME": version.name,
            "AWS_LAMBDA_FUNCTION_VERSION": version.number,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration.memory_mb),
            "AWS_LAMBDA_LOG_GROUP_NAME": configuration.log_group,
            "LAMBDA_TASK_ROOT": str(configuration.code),
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
        }


def split(function_name: str, qualifier: str | None) -> tuple[str, str | None]:
    """Name and qualifier of a name, a partial or a full ARN, each with or without a qualifier."""
    parts = function_name.split(":")
    if "function" in parts[:-1]:
        parts = parts[parts.index("function") + 1 :]
    return parts[0], qualifier or (parts[1] if len(parts) > 1 else None)


def _answer(version: FunctionVersion, result: InvocationResult) -> InvokeAnswer:
    headers = {"X-Amz-Executed-Version": version.number}
    if result.is_error:
        headers["X-Amz-Function-Error"] = "Unhandled"
    return InvokeAnswer(200, result.payload, headers)
