# SPDX-License-Identifier: MIT-0
"""Lambda: functions and their versions, the rules of Invoke, and sandboxes to run in."""

import json
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from .invocation import (
    SYNC_EXECUTION_TIMEOUT_SECONDS,
    Invocation,
    InvokeAnswer,
    LambdaError,
    refuse_undurable,
    refuse_unknown,
    split,
)
from .permissions import access_key
from .sandbox import InvocationResult, LogLine, SandboxPool


class LambdaService:
    """The functions of one account and region."""

    def __init__(self, clock: Clock, url: str, log: LogLine) -> None:
        self._url = url
        self._functions: dict[str, dict[str, FunctionVersion]] = {}
        self._layers: dict[str, Path] = {}
        # Durable executions that were given a name: their ARNs and payloads.
        self._started: dict[tuple[str, str], tuple[str, Any]] = {}
        self._starting = threading.Lock()
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
        refuse_unknown(invocation)
        name, qualifier = split(invocation.function_name, invocation.qualifier)
        version = self._find(name, qualifier or LATEST)
        durable = version.configuration.durable
        if durable is not None:
            refuse_undurable(invocation, qualifier, durable)
        if invocation.invocation_type == "DryRun":
            return InvokeAnswer(204, headers=_headers(version))
        if durable is None:
            return self._invoke_plain(version, invocation)
        return self._invoke_durable(version, invocation)

    def _invoke_plain(self, version: FunctionVersion, invocation: Invocation) -> InvokeAnswer:
        arguments = (version, invocation.payload, version.arn)
        if invocation.invocation_type == "Event":
            threading.Thread(target=self._sandboxes.invoke, args=arguments, daemon=True).start()
            return InvokeAnswer(202)
        result = self._sandboxes.invoke(*arguments)
        headers = _headers(version)
        if result.is_error:
            headers["X-Amz-Function-Error"] = "Unhandled"
        return InvokeAnswer(200, result.payload, headers)

    def _invoke_durable(self, version: FunctionVersion, invocation: Invocation) -> InvokeAnswer:
        arn = self._start_once(version, invocation)
        headers = {**_headers(version), "X-Amz-Durable-Execution-Arn": arn}
        if invocation.invocation_type == "Event":
            return InvokeAnswer(202, headers=headers)
        return self._wait(arn, headers)

    def _start_once(self, version: FunctionVersion, invocation: Invocation) -> str:
        """Start a durable execution; a name that is taken stands for the one that has it.

        https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-idempotency.html
        """
        name = invocation.durable_execution_name
        if name is None:
            return self.durable_executions.start(version, None, invocation.payload)
        payload = json.loads(invocation.payload)
        with self._starting:
            started = self._started.get((version.name, name))
            if started is not None:
                arn, first_payload = started
                if payload != first_payload:
                    raise LambdaError(
                        "DurableExecutionAlreadyStartedException",
                        409,
                        f"Durable execution {name} has already been started with another payload",
                    )
                return arn
            arn = self.durable_executions.start(version, name, invocation.payload)
            self._started[version.name, name] = (arn, payload)
            return arn

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


def _headers(version: FunctionVersion) -> dict[str, str]:
    return {"X-Amz-Executed-Version": version.number}
