# SPDX-License-Identifier: MIT-0
"""The deployed stack, kept up at one address for any client of AWS."""

import json
import signal
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from aws_durable_execution_sdk_python_testing.clock import Clock, RealClock, SkipClock

from ..cloudformation.assembly import read_stack, synthesize
from ..cloudformation.deployment import Deployment
from ..endpoint.endpoint import Endpoint
from ..endpoint.gateway import DEPLOY_HEADER, DEPLOY_PATH
from ..environment import PROJECT, REGION
from ..errors import UsageError

DEPLOY_DEADLINE_SECONDS = 60


@dataclass(frozen=True)
class ServeOptions:
    """What the command line asks for."""

    assembly: Path | None
    port: int
    real_time: bool


@dataclass(frozen=True)
class DeployOptions:
    """What the command line asks for."""

    assembly: Path | None
    endpoint_url: str


def serve(options: ServeOptions) -> int:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        LocalError: the port is taken, or the assembly cannot be deployed
    """
    stack = read_stack(options.assembly or synthesize(PROJECT / "cdk.out"))
    clock: Clock = RealClock() if options.real_time else SkipClock()
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with Endpoint(clock, options.port) as endpoint:
        deployment = Deployment(stack, endpoint)
        deployment.apply()
        endpoint.gateway.on_deploy = lambda directory: _update(deployment, directory)
        print(_welcome(deployment), flush=True)
        ended.wait()
    print("ended", flush=True)
    return 0


def deploy(options: DeployOptions) -> int:
    """Deploy to an endpoint that is up: new versions, while executions go on on theirs.

    Raises:
        UsageError: nothing answers there, or the assembly cannot be deployed
    """
    directory = options.assembly or synthesize(PROJECT / "cdk.out")
    try:
        request = urllib.request.Request(
            options.endpoint_url.rstrip("/") + DEPLOY_PATH,
            json.dumps({"assembly": str(directory.resolve())}).encode(),
            {"Content-Type": "application/json", DEPLOY_HEADER: "1"},
        )
        with urllib.request.urlopen(request, timeout=DEPLOY_DEADLINE_SECONDS) as answer:
            deployed: dict[str, str] = json.load(answer)
    except urllib.error.HTTPError as error:
        raise UsageError(_refusal(error)) from None
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no endpoint of `python -m local serve` at {options.endpoint_url}: {error}"
        ) from None
    for name, value in deployed.items():
        print(f"{name} = {value}")
    return 0


def _refusal(error: urllib.error.HTTPError) -> str:
    """What the endpoint says of a deployment that it refuses."""
    with error:
        try:
            return str(json.load(error)["message"])
        except (ValueError, LookupError):
            return str(error)


def _update(deployment: Deployment, directory: Path) -> dict[str, Any]:
    deployment.update(read_stack(directory))
    latest = {version.name: version.number for version in deployment.versions}
    return {**deployment.outputs, **{name: f"version {latest[name]}" for name in latest}}


def _welcome(deployment: Deployment) -> str:
    url = deployment.endpoint.url
    aws = f"aws --endpoint-url {url}"
    lines = [f"{deployment.stack.name} is up at {url}"]
    lines += [f"  {name} = {value}" for name, value in deployment.outputs.items()]
    lines += [
        "",
        "Any credentials do:",
        f"  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_REGION={REGION} "
        f"AWS_DEFAULT_REGION={REGION}",
    ]
    for arn in deployment.state_machine_arns:
        lines += [
            f"  {aws} stepfunctions start-execution --state-machine-arn {arn} "
            """--input '{"minutes_to_wait": 20}'""",
            f"  {aws} stepfunctions list-executions --state-machine-arn {arn}",
        ]
    lines += [
        f"  {aws} lambda list-durable-executions-by-function --function-name {version.name}"
        for version in deployment.versions
        if version.configuration.durable
    ]
    return "\n".join([*lines, "", "Ctrl-C ends it."])
