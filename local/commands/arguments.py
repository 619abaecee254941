# SPDX-License-Identifier: MIT-0
"""The command line: its commands and their arguments.

A command is imported when it is asked for: none waits for what another one loads.
"""

import argparse
from pathlib import Path
from typing import Protocol

from inspect_execution.errors import InspectError
from inspect_execution.program import ArgumentParser

from ..errors import UsageError
from ..quotas.quotas import UNLIMITED, Quotas, read_quotas
from .deployment_options import DeploymentOptions, deployment_arguments
from .execution_input import parse_input

DEFAULT_PORT = 4566
MAX_PORT = 65_535
DESCRIPTION = "AWS on one machine, for the pattern that would be deployed."


class Command(Protocol):
    """A command with its options."""

    def execute(self) -> int:
        """Carry out the command and return the exit status."""


def parse_arguments(arguments: list[str] | None = None) -> Command:
    """The command that the arguments name.

    Raises:
        WrongArgument: a command or an option is unknown, or lacks its value
        UsageError: the input is no JSON, the page cannot be written, or the quotas are wrong
    """
    options = argument_parser().parse_args(arguments)
    if options.command == "serve":
        from .serve import ServeOptions

        return ServeOptions(
            DeploymentOptions.of(options),
            options.port,
            options.real_time,
            options.watch,
            _quotas(options.quotas),
        )
    if options.command == "deploy":
        from .deploy import DeployOptions

        return DeployOptions(options.assembly, options.endpoint_url)
    if options.command == "replay":
        from .replay import ReplayOptions

        return ReplayOptions(DeploymentOptions.of(options), options.files, options.function)
    execution_input = None if options.input is None else parse_input(options.input)
    html = _page_path(options.html)
    from .run import RunOptions

    return RunOptions(
        execution_input=execution_input,
        deployment=DeploymentOptions.of(options),
        machine=options.machine,
        real_time=options.real_time,
        quiet=options.quiet,
        html=html,
        quotas=_quotas(options.quotas),
    )


def _page_path(text: str | None) -> Path | None:
    """Where the page is to be written, if anywhere.

    Raises:
        UsageError: it cannot be written there
    """
    if text is None:
        return None
    from inspect_execution.command_line.page_file import page_path

    try:
        return page_path(text)
    except InspectError as error:
        raise UsageError(str(error)) from None


def _quotas(path: Path | None) -> Quotas:
    return read_quotas(path) if path else UNLIMITED


def argument_parser() -> ArgumentParser:
    """The parser of the command line."""
    parser = ArgumentParser(prog="python -m local", description=DESCRIPTION)
    commands = parser.add_subparsers(dest="command", required=True)
    assembly = ArgumentParser(add_help=False)
    assembly.add_argument(
        "--assembly", metavar="DIR", type=Path, help="a cloud assembly, instead of this app's"
    )
    endpoint = ArgumentParser(add_help=False)
    endpoint.add_argument(
        "--real-time", action="store_true", help="wait in real time, instead of skipping waits"
    )
    endpoint.add_argument(
        "--quotas",
        metavar="FILE",
        type=Path,
        help="throttle calls and invocations beyond the quotas in this JSON file",
    )
    run_parser = commands.add_parser(
        "run",
        parents=[deployment_arguments(), endpoint],
        help="deploy to this machine and run one execution",
    )
    run_parser.add_argument(
        "--input",
        metavar="FILE|JSON",
        help="the execution's input (default: the README's for this app, {} for another)",
    )
    run_parser.add_argument(
        "--machine", metavar="NAME", help="the state machine to run, if the assembly has several"
    )
    run_parser.add_argument("--quiet", action="store_true", help="print the output alone")
    run_parser.add_argument(
        "--html", metavar="FILE", help="also write a page that shows both sides of the execution"
    )
    serve_parser = commands.add_parser(
        "serve",
        parents=[deployment_arguments(), endpoint],
        help="deploy to this machine and stay up for clients",
    )
    serve_parser.add_argument(
        "--port",
        type=_port,
        default=DEFAULT_PORT,
        help="the port on 127.0.0.1; 0 picks a free one (default: %(default)s)",
    )
    serve_parser.add_argument(
        "--watch", action="store_true", help="deploy again whenever a file of the app changes"
    )
    deploy_parser = commands.add_parser(
        "deploy", parents=[assembly], help="deploy to the running endpoint of `serve`"
    )
    deploy_parser.add_argument(
        "--endpoint-url",
        metavar="URL",
        default=f"http://127.0.0.1:{DEFAULT_PORT}",
        help="the address of that endpoint (default: %(default)s)",
    )
    replay_parser = commands.add_parser(
        "replay",
        parents=[deployment_arguments()],
        help="say whether recorded durable executions can continue with these handlers",
    )
    replay_parser.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", help="a recorded durable execution"
    )
    replay_parser.add_argument(
        "--function",
        metavar="NAME",
        help="replay with this function instead of the recorded one",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {MAX_PORT}, got {text}")
    return int(text)
