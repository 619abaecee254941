# SPDX-License-Identifier: MIT-0
"""One execution on this machine: deploy, start, show what happens, print the output."""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import ClientError
from rich.console import Console

from inspect_execution.histories.execution_history import read_execution_history
from inspect_execution.model.event_lines.end_place import end_place
from inspect_execution.model.event_lines.event_line import EventLine
from inspect_execution.model.execution_view import build_view
from inspect_execution.model.prices import Prices
from inspect_execution.reading.execution_arn import ExecutionArn
from inspect_execution.terminal.event_columns import EventColumns

from ..cloudformation.deployment import Deployment
from ..endpoint.endpoint import Endpoint
from ..endpoint.reading import aws_api
from ..errors import LocalError, UsageError
from ..quotas.quotas import UNLIMITED, Quotas
from .deployment_options import DeploymentOptions, example_input
from .execution_progress.follow import ExecutionSource, follow
from .execution_result import ExecutionResult, is_express, run_express
from .page import FAILURE_PAGE, HINT, write_recording, write_view

# Waits are skipped, so what takes longer than this does not end at all.
SKIP_TIME_DEADLINE_SECONDS = 60
REAL_TIME_DEADLINE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class RunOptions:
    """What the command line asks for."""

    execution_input: str | None
    deployment: DeploymentOptions
    machine: str | None
    real_time: bool
    quiet: bool
    html: Path | None = None
    quotas: Quotas = UNLIMITED

    def execute(self) -> int:
        return run(self)


def run(options: RunOptions) -> int:
    """Run one execution and return the exit status: 0 for SUCCEEDED, 1 for any other end.

    Raises:
        LocalError: it could not be run to an end
    """
    console = Console(quiet=options.quiet, highlight=False)
    with _synthesizing(console, options.deployment):
        assembly = options.deployment.read()
    with Endpoint(
        environment=assembly.environment, real_time=options.real_time, quotas=options.quotas
    ) as endpoint:
        with _working(console, "Deploying to this machine"):
            deployment = options.deployment.deploy(assembly, endpoint)
        if deployment.omissions:
            omitted = "; ".join(deployment.omissions)
            console.print(f"Without effect here: {omitted}", markup=False, soft_wrap=True)
        if is_express(endpoint, deployment.state_machine(options.machine)):
            return _run_express(deployment, options, console)
        with _working(console, "Running one execution"):
            source = _execute(deployment, options, console)
    return _report(source, options, console)


def _execute(deployment: Deployment, options: RunOptions, console: Console) -> ExecutionSource:
    endpoint = deployment.endpoint
    arn = _start(deployment, options)
    started = time.monotonic()
    source = ExecutionSource(
        api=aws_api(endpoint),
        arn=ExecutionArn.parse(arn),
        log_groups={} if options.quiet else _log_groups(deployment),
        now=endpoint.clocks.of(arn).now,
        end_handlers=endpoint.lambda_service.sandboxes.close,
    )
    deadline = REAL_TIME_DEADLINE_SECONDS if options.real_time else SKIP_TIME_DEADLINE_SECONDS
    try:
        with _page_written(deployment, arn, options.html):
            _print_lines(follow(source, deadline), console, source)
    except LocalError:
        _explain(source, options, console, "It waits in")
        raise
    console.print(f"\nThe execution took {time.monotonic() - started:.1f} s on this machine.\n")
    return source


def _run_express(deployment: Deployment, options: RunOptions, console: Console) -> int:
    """Run one execution of an Express state machine and print its result: it has no history."""
    machine = deployment.state_machine(options.machine)
    if options.html is not None:
        name = machine.rsplit(":", 1)[-1]
        raise UsageError(
            f"--html: {name} is an Express state machine, whose executions have no history to show"
        )
    given = options.execution_input or example_input(deployment.assembly)
    with _working(console, "Running one execution"):
        result = run_express(deployment.endpoint, machine, given)
    console.print("An execution of an Express state machine has no history: this is its result.\n")
    if result.status == "SUCCEEDED":
        print(json.dumps(json.loads(result.output), indent=2))
        return 0
    print(f"{result.status}: {result.error}: {result.cause}", file=sys.stderr, flush=True)
    return 1


def _start(deployment: Deployment, options: RunOptions) -> str:
    """Start the execution and return its ARN.

    Raises:
        LocalError: StartExecution refuses it
    """
    try:
        execution = deployment.endpoint.client("stepfunctions").start_execution(
            stateMachineArn=deployment.state_machine(options.machine),
            input=options.execution_input or example_input(deployment.assembly),
        )
    except ClientError as error:
        raise LocalError(str(error)) from None
    return str(execution["executionArn"])


def _log_groups(deployment: Deployment) -> dict[str, str]:
    """The log group of each function that is deployed, and the names of its functions."""
    names: dict[str, dict[str, None]] = {}
    for version in deployment.endpoint.lambda_service.functions.latest():
        names.setdefault(version.configuration.log_group, {})[version.name] = None
    return {group: "/".join(functions) for group, functions in names.items()}


@contextmanager
def _page_written(deployment: Deployment, execution_arn: str, path: Path | None) -> Iterator[None]:
    """Write the page, of an execution that does not end, too: it shows where that hangs."""
    try:
        yield
    except BaseException:
        # The first error is reported, not the one that follows from it.
        with suppress(LocalError):
            _write(deployment, execution_arn, path)
        raise
    _write(deployment, execution_arn, path)


def _write(deployment: Deployment, execution_arn: str, path: Path | None) -> None:
    if path:
        write_view(deployment.endpoint, execution_arn, _log_groups(deployment), path)


def _report(source: ExecutionSource, options: RunOptions, console: Console) -> int:
    """Print the output, or the error with its place, and what to look at next."""
    assert source.recording is not None
    result = ExecutionResult.of(source.recording.execution)
    if result.status == "SUCCEEDED":
        print(json.dumps(json.loads(result.output), indent=2, ensure_ascii=False))
        written = f"The page is in {options.html}" if options.html else HINT
        console.print(f"\n{written}", markup=False, soft_wrap=True)
        return 0
    # Standard output first: in a terminal and in a log both arrive in this order.
    sys.stdout.flush()
    print(f"{result.status}: {result.error}: {result.cause}", file=sys.stderr, flush=True)
    _explain(source, options, console, "It ended in")
    return 1


def _explain(
    source: ExecutionSource, options: RunOptions, console: Console, beginning: str
) -> None:
    """Say where an execution did not go on, and which page shows it."""
    recording = source.recording
    if recording is None or options.quiet:
        return
    history = read_execution_history(recording.events, str(recording.execution["status"]))
    place = end_place(recording, history)
    if place:
        console.print(f"{beginning} {place}.", markup=False, soft_wrap=True)
    for wait in build_view(recording, Prices()).wait_summaries:
        lines = [f"{wait.where} {wait.why}", *(f"  {each}" for each in wait.next)]
        console.print("\n".join(lines), markup=False, soft_wrap=True)
    path = options.html
    if path is None:
        path = Path(os.path.relpath(FAILURE_PAGE))
        try:
            write_recording(recording, path)
        except LocalError:
            return
    console.print(f"This execution as one timeline: {path}", markup=False, soft_wrap=True)


def _print_lines(lines: Iterable[EventLine], console: Console, source: ExecutionSource) -> None:
    """Print lines as they come; a pipe gets each whole, and a terminal wraps it."""
    columns = EventColumns(console.width if console.is_terminal else None)
    console.print(columns.header(), style="bold", soft_wrap=True)
    for line in lines:
        assert source.recording is not None
        row = columns.row(line, source.recording.execution["startDate"])
        style = "red" if line.is_failure else ""
        console.print(row, style=style, markup=False, soft_wrap=True)


def _synthesizing(console: Console, options: DeploymentOptions) -> AbstractContextManager[object]:
    """Show that the app is synthesized, where it is."""
    return nullcontext() if options.assembly else _working(console, "Synthesizing the app")


def _working(console: Console, what: str) -> AbstractContextManager[object]:
    """A spinner in a terminal, one line in a pipe."""
    if console.is_terminal and not console.quiet:
        return console.status(f"{what} …")
    console.print(f"{what} …")
    return nullcontext()
