# SPDX-License-Identifier: MIT-0
"""Cold starts of functions as in Lambda, and the time of their first call."""

import json
import time
import uuid
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from local.endpoint.endpoint import Endpoint
from local.endpoint.interception import operation_of
from local.errors import LocalError
from local.functions.function import FunctionVersion
from local.functions.sandboxes.sandbox import Sandbox
from local.functions.sandboxes.sandbox_process import caching_command, runtime_command, spawning

from .cpu_quota import CpuGroups, joining

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# One input for every handler.
INPUT = {"TaskToken": "token", "minutes_to_wait": 20, "order_id": "order-1"}


@dataclass(frozen=True)
class FirstCall:
    """The first call of a process: which, and how long after the process was started."""

    operation: str
    seconds: float


@dataclass(frozen=True)
class Starter:
    """Starts functions of an endpoint, each time in a new sandbox."""

    endpoint: Endpoint
    groups: CpuGroups | None
    no_bytecode: Path
    # Each call with its time, by the access key of its caller.
    _first_calls: dict[str, tuple[str, float]] = field(default_factory=dict)
    _running: set[Sandbox] = field(default_factory=set)

    def versions(self) -> list[FunctionVersion]:
        return self.endpoint.lambda_service.functions.latest()

    def intercept(self, request: Request, _serve: object) -> "WSGIApplication":
        """The endpoint's interception: a first call is noted, and every call refused."""
        now = time.perf_counter()
        key = request.headers["Authorization"].split("Credential=")[1].split("/")[0]
        self._first_calls.setdefault(key, (operation_of(request), now))
        return Response("{}", 400, {"x-amzn-ErrorType": "InvalidParameterValueException"})

    def start(
        self, version: FunctionVersion, megabytes: int | None, *, bytecode: bool
    ) -> FirstCall:
        """Start a process, with the share of that memory or all there is, up to its first call.

        Raises:
            LocalError: it never called
        """
        key = uuid.uuid4().hex
        environment = dict(self.endpoint.lambda_service.sandboxes.environment(version))
        environment["AWS_ACCESS_KEY_ID"] = key
        command = caching_command() if bytecode else _without_bytecode(self.no_bytecode)
        limit = self.groups.limited(megabytes) if self.groups and megabytes else nullcontext()
        with limit as members:
            command = joining(members, command) if members else command
            started = time.perf_counter()
            sandbox = Sandbox(version, environment, lambda *_: None, spawning(command))
            self._running.add(sandbox)
            try:
                result = sandbox.invoke(first_event(version), version.arn)
            finally:
                self._running.discard(sandbox)
                sandbox.end()
        if key not in self._first_calls:
            raise LocalError(f"{version.name} made no call: {result.payload}")
        operation, called = self._first_calls[key]
        return FirstCall(operation, called - started)

    def abandon(self) -> None:
        """Kill the running sandboxes: at 128 MB their calls take too long to wait for."""
        for sandbox in list(self._running):
            sandbox.kill()


def _without_bytecode(empty: Path) -> list[str]:
    return runtime_command("-B", "-X", f"pycache_prefix={empty}")


def first_event(version: FunctionVersion) -> str:
    """What Lambda hands a function at first: a durable one its input as an operation."""
    # An execution's first operation has the id that its ARN ends with.
    identity = "1"
    arn = f"{version.arn}/durable-execution/cold-start/{identity}"
    if version.configuration.durable is None:
        return json.dumps({"detail": {"durableExecutionArn": arn, "status": "FAILED"}})
    execution = {
        "Id": identity,
        "Type": "EXECUTION",
        "Status": "STARTED",
        "ExecutionDetails": {"InputPayload": json.dumps(INPUT)},
    }
    return json.dumps(
        {
            "DurableExecutionArn": arn,
            "CheckpointToken": "token",
            "InitialExecutionState": {"Operations": [execution], "NextMarker": ""},
        }
    )
