# SPDX-License-Identifier: MIT-0
"""One execution on this machine: deploy, start, show what happens, print the output."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from botocore.exceptions import ClientError
from rich.console import Console, OverflowMethod

from inspect_execution.text import offset

from ..cloudformation.deployment import Deployment
from ..endpoint.endpoint import Endpoint
from ..errors import LocalError, UsageError
from .deployment_options import DeploymentOptions, example_input
from .execution_result import ExecutionResult
from .follow import follow
from .page import HINT, write_view
from .timeline import Moment, Side, Timeline

# Waits are skipped, so what takes longer than this does not end at all.
SKIP_TIME_DEADLINE_SECONDS = 60
REAL_TIME_DEADLINE_SECONDS = 24 * 3600
LEFT_WIDTH = 48
SHOWN_CHARACTERS = 100


@dataclass(frozen=True)
class RunOptions:
    """What the command line asks for."""

    execution_input: str | None
    deployment: DeploymentOptions
    machine: str | None
    real_time: bool
    quiet: bool
    html: Path | None = None


def run(options: RunOptions) -> int:
    """Run one execution and return the exit status: 0 for SUCCEEDED, 1 for any other end.

    Raises:
        LocalError: it could not be run to an end
    """
    console = Console(quiet=options.quiet, highlight=False)
    with _synthesizing(console, options.deployment):
        assembly = options.deployment.read()
    with Endpoint(environment=assembly.environment, real_time=options.real_time) as endpoint:
        with _working(console, "Deploying to this machine"):
            deployment = options.deployment.deploy(assembly, endpoint)
        if deployment.omissions:
            omitted = "; ".join(deployment.omissions)
            console.print(f"Without effect here: {omitted}", markup=False, soft_wrap=True)
        with _working(console, "Running one execution"):
            outcome = _execute(deployment, options, console)
    status = _report(outcome, console)
    written = f"The page is in {options.html}" if options.html else HINT
    console.print(f"\n{written}", markup=False, soft_wrap=True)
    return status


def parse_input(text: str) -> str:
    """JSON text, or the JSON text in a file of that name.

    Raises:
        UsageError: it is neither
    """
    try:
        if _is_json(text):
            return text
        content = Path(text).read_text()
        json.loads(content, parse_constant=_refuse_constant)
    except (OSError, ValueError, RecursionError) as error:
        shown = text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
        raise UsageError(
            f"--input must be JSON or a file with JSON, got {shown}: {_reason(error)}"
        ) from None
    return content


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        # Every version of Python has other words for it.
        return "nested too deeply"
    return str((error.strerror or error) if isinstance(error, OSError) else error)


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError:
        return False
    return True


def _execute(deployment: Deployment, options: RunOptions, console: Console) -> ExecutionResult:
    state_machine = deployment.state_machine(options.machine)
    execution_input = options.execution_input or example_input(deployment.assembly)
    step_functions = deployment.endpoint.client("stepfunctions")
    started = time.monotonic()
    try:
        execution = step_functions.start_execution(
            stateMachineArn=state_machine, input=execution_input
        )
    except ClientError as error:
        raise LocalError(str(error)) from None
    timeline = Timeline(
        step_functions=step_functions,
        lambda_=deployment.endpoint.client("lambda"),
        execution_arn=execution["executionArn"],
        versions=deployment.versions,
    )
    _print_line(console, "time", Side.STEP_FUNCTIONS.value, Side.DURABLE.value, "bold")
    clock = deployment.endpoint.clocks.of(execution["executionArn"])
    deadline = REAL_TIME_DEADLINE_SECONDS if options.real_time else SKIP_TIME_DEADLINE_SECONDS
    with _page_written(deployment.endpoint, execution["executionArn"], options.html):
        for moment in follow(timeline, clock.now, deadline):
            _print_moment(console, moment, execution["startDate"])
    console.print(f"\nThe execution took {time.monotonic() - started:.1f} s on this machine.")
    return ExecutionResult.of(
        step_functions.describe_execution(executionArn=execution["executionArn"])
    )


@contextmanager
def _page_written(endpoint: Endpoint, execution_arn: str, path: Path | None) -> Iterator[None]:
    """Write the page, of an execution that does not end, too: it shows where that hangs."""
    try:
        yield
    except BaseException:
        # What went wrong first is what is told.
        with suppress(LocalError):
            _write(endpoint, execution_arn, path)
        raise
    _write(endpoint, execution_arn, path)


def _write(endpoint: Endpoint, execution_arn: str, path: Path | None) -> None:
    if path:
        write_view(endpoint, execution_arn, path)


def _report(outcome: ExecutionResult, console: Console) -> int:
    console.print()
    if outcome.status == "SUCCEEDED":
        print(json.dumps(json.loads(outcome.output), indent=2))
        return 0
    print(f"{outcome.status}: {outcome.error}: {outcome.cause}", file=sys.stderr)
    return 1


def _print_moment(console: Console, moment: Moment, start: datetime) -> None:
    is_left = moment.side is Side.STEP_FUNCTIONS
    _print_line(
        console,
        offset(moment.time, start),
        moment.text if is_left else "",
        "" if is_left else moment.text,
        "red" if moment.is_failure else "",
    )


def _print_line(console: Console, when: str, left: str, right: str, style: str) -> None:
    line = f"{when:>12}  {left:<{LEFT_WIDTH}}  {right}".rstrip()
    # A terminal shows one line a moment, cut to its width; a pipe gets all of it.
    overflow: OverflowMethod = "ellipsis" if console.is_terminal else "ignore"
    console.print(
        line, style=style, markup=False, no_wrap=True, overflow=overflow, crop=console.is_terminal
    )


def _synthesizing(console: Console, options: DeploymentOptions) -> AbstractContextManager[object]:
    """Show that the app is synthesized, where it is."""
    return nullcontext() if options.assembly else _working(console, "Synthesizing the app")


def _working(console: Console, what: str) -> AbstractContextManager[object]:
    """A spinner in a terminal, one line in a pipe."""
    if console.is_terminal and not console.quiet:
        return console.status(f"{what} …")
    console.print(f"{what} …")
    return nullcontext()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
