# SPDX-License-Identifier: MIT-0
"""The deployed stack, kept up at one address for any client of AWS."""

import queue
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from inspect_execution.histories.recording import WITHHELD
from inspect_execution.model.event_lines.handler_logs import log_text

from ..cloudformation.assembly import read_assembly
from ..cloudformation.deployment import Deployment
from ..console.application import Console
from ..console.site import Site
from ..endpoint.endpoint import Endpoint
from ..endpoint.transport.browser import CONSOLE
from ..quotas.quotas import UNLIMITED, Quotas
from ..step_functions.callback_task import without_tokens
from .deployment_options import DeploymentOptions, example_input


@dataclass(frozen=True)
class ServeOptions:
    """What the command line asks for."""

    deployment: DeploymentOptions
    port: int
    real_time: bool
    watch: bool = False
    quotas: Quotas = UNLIMITED

    def execute(self) -> int:
        return serve(self)


def serve(options: ServeOptions) -> int:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        LocalError: the port is taken, or the assembly cannot be deployed
    """
    assembly = options.deployment.read()
    # Not an Event: the lock of one may be held when a second signal interrupts its handler.
    signals: queue.SimpleQueue[int] = queue.SimpleQueue()

    def end(number: int, _frame: FrameType | None) -> None:
        signals.put(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with Endpoint(
        options.port,
        assembly.environment,
        real_time=options.real_time,
        quotas=options.quotas,
        is_open=False,
    ) as endpoint:
        deployment = options.deployment.deploy(assembly, endpoint)
        endpoint.console = Console(Site(endpoint, lambda: example_input(deployment.assembly)))
        endpoint.gateway.on_deploy = lambda directory: _update(deployment, options, directory)
        endpoint.open()

        def deploy_again() -> str:
            deployment.update(options.deployment.read())
            return f"deployed: {_versions(deployment)}"

        with _printing_logs(endpoint), _watching(options, deploy_again):
            print(_welcome(deployment), flush=True)
            signals.get()
    print("ended", flush=True)
    return 0


@contextmanager
def _printing_logs(endpoint: Endpoint) -> Iterator[None]:
    """Print what handlers print and log, as it comes.

    In a thread of its own: a reader that is slow, or gone, must not block the handlers.
    """
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    endpoint.on_log = lambda version, line: lines.put(log_line(version.name, line))

    def print_lines() -> None:
        with suppress(Exception):
            for line in iter(lines.get, None):
                if line:
                    print(line, flush=True)

    threading.Thread(target=print_lines, name="logs", daemon=True).start()
    try:
        yield
    finally:
        lines.put(None)


def log_line(function: str, message: str) -> str:
    """What a handler prints or logs, with its function's name and without task tokens: empty if
    there is nothing to show.
    """
    text = log_text(without_tokens(message, WITHHELD))
    return f"{function} | {text}" if text else ""


def _update(deployment: Deployment, options: ServeOptions, directory: Path) -> dict[str, Any]:
    deployment.update(read_assembly(directory).select(options.deployment.stack))
    latest = {version.name: f"version {version.number}" for version in deployment.versions}
    return {**deployment.outputs, **latest}


def _versions(deployment: Deployment) -> str:
    latest = {version.name: version.number for version in deployment.versions}
    return ", ".join(f"{name}:{number}" for name, number in latest.items())


def _watching(
    options: ServeOptions, deploy_again: Callable[[], str]
) -> AbstractContextManager[None]:
    if not options.watch:
        return nullcontext()
    # Imported here, so that only `--watch` waits for the import.
    from .watch import watching

    return watching(options.deployment.assembly, deploy_again)


def _welcome(deployment: Deployment) -> str:
    url, region = deployment.endpoint.url, deployment.endpoint.environment.region
    aws = f"aws --endpoint-url {url}"
    verb = "is" if len(deployment.assembly.stacks) == 1 else "are"
    lines = [f"{deployment.assembly.names} {verb} up at {url}"]
    lines += [f"  {name} = {value}" for name, value in deployment.outputs.items()]
    if deployment.omissions:
        lines += ["", f"Without effect here: {'; '.join(deployment.omissions)}"]
    lines += [
        "",
        f"Start and watch executions in a browser: {url}{CONSOLE}",
        "",
        "Any credentials do:",
        "  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local "
        f"AWS_REGION={region} AWS_DEFAULT_REGION={region}",
    ]
    for arn in deployment.state_machine_arns:
        lines += [
            f"  {aws} stepfunctions start-execution --state-machine-arn {arn} "
            f"--input '{example_input(deployment.assembly)}'",
            f"  {aws} stepfunctions list-executions --state-machine-arn {arn}",
        ]
    lines += [
        f"  {aws} lambda list-durable-executions-by-function --function-name {version.name}"
        for version in deployment.versions
        if version.configuration.durable
    ]
    return "\n".join([*lines, "", "Ctrl-C ends it."])
