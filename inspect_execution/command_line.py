# SPDX-License-Identifier: MIT-0
"""The command line: its arguments, and what the program does with them."""

import argparse
import os
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.live import Live

from .errors import InspectError, InvalidArgument
from .model.execution_view import ExecutionView, build_view
from .model.prices import Prices, parse_prices
from .page.html_page import render_page
from .reading.aws_api import AwsApi
from .reading.execution_arn import ExecutionArn
from .reading.recorder import record_execution
from .terminal.report import PIPE_WIDTH, render_progress, render_report
from .text import printable

DESCRIPTION = "Show one timeline of an execution across Step Functions and Lambda."
FOLLOW_SECONDS = 2.0


@dataclass(frozen=True)
class Options:
    """The parsed command line."""

    arn: ExecutionArn
    endpoint_url: str | None
    html: Path | None
    follow: bool
    prices: Prices


def parse_arguments(arguments: list[str] | None = None) -> Options:
    """Parse the command line. argparse ends the program with status 2 on an unknown option.

    Raises:
        InvalidArgument: the ARN, the region, the endpoint's URL, the page's path or the prices
    """
    given = _parser().parse_args(arguments)
    arn = ExecutionArn.parse(given.execution_arn)
    if given.region and given.region != arn.region:
        raise InvalidArgument(
            f"--region {printable(given.region)}: the execution is in {arn.region}"
        )
    return Options(
        arn=arn,
        endpoint_url=_endpoint_url(given.endpoint_url),
        html=None if given.html is None else page_path(given.html),
        follow=given.follow,
        prices=Prices() if given.prices is None else _prices(given.prices),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m inspect_execution", description=DESCRIPTION)
    parser.add_argument(
        "execution_arn", metavar="EXECUTION_ARN", help="the execution of a standard state machine"
    )
    parser.add_argument(
        "--endpoint-url",
        metavar="URL",
        help="an endpoint instead of AWS, such as that of `python -m local serve`",
    )
    parser.add_argument("--region", help="the execution's region (default: the region in the ARN)")
    parser.add_argument("--html", metavar="FILE", help="also write a page, which needs no network")
    parser.add_argument(
        "--follow", action="store_true", help="refresh until the execution has ended"
    )
    parser.add_argument(
        "--prices", metavar="FILE", help="a JSON file with prices that replace the built-in ones"
    )
    return parser


def page_path(text: str) -> Path:
    """Parse the path of a page.

    Raises:
        InvalidArgument: no file can be written there
    """
    path = Path(text)
    try:
        is_directory, has_parent = path.is_dir(), path.absolute().parent.is_dir()
        place = path if path.exists() else path.absolute().parent
    except (OSError, ValueError) as error:
        raise InvalidArgument(f"--html {printable(text)}: {error}") from None
    if is_directory or not has_parent:
        why = "is a directory" if is_directory else "is in no directory that exists"
        raise InvalidArgument(
            f"--html FILE must be a file's path, and {printable(text) or 'an empty text'} {why}"
        )
    if not os.access(place, os.W_OK):
        raise InvalidArgument(f"--html {printable(text)} cannot be written")
    return path


def _endpoint_url(text: str | None) -> str | None:
    try:
        has_host = text is None or bool(urlsplit(text).hostname)
        is_web = text is None or urlsplit(text).scheme in ("http", "https")
    except ValueError:
        has_host = False
    if not has_host or not is_web:
        raise InvalidArgument(
            f"--endpoint-url must be http://… or https://…, got {printable(str(text))}"
        )
    return text


def _prices(text: str) -> Prices:
    try:
        return parse_prices(Path(text).read_text(), printable(text))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InvalidArgument(f"--prices {printable(text)} cannot be read: {reason}") from None


def execute(options: Options) -> int:
    """Show the execution, and write its page. The exit status does not depend on the execution's.

    Raises:
        InspectError: the execution cannot be read, or the page cannot be written
    """
    api = AwsApi.connect(options.arn.region, options.endpoint_url)
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = PIPE_WIDTH

    def read() -> ExecutionView:
        return build_view(record_execution(api, options.arn), options.prices)

    view = _follow(read, console) if options.follow else read()
    try:
        console.print(render_report(view, console.width), soft_wrap=True)
    finally:
        # Also if the reader has closed the output: the page is a file of its own.
        if options.html:
            write_page(view, options.html)
    if options.html:
        console.print(f"\nThe page is in {printable(str(options.html), 4096)}", markup=False)
    return 0


def _follow(read: Callable[[], ExecutionView], console: Console) -> ExecutionView:
    """Refresh until the execution has ended. A pipe gets the last view alone."""
    view = read()
    live = Live(console=console, auto_refresh=False, transient=True)
    with live if console.is_terminal else nullcontext():
        while view.is_running:
            if console.is_terminal:
                frame = render_progress(view, console.width, console.height)
                live.update(frame, refresh=True)
            time.sleep(FOLLOW_SECONDS)
            view = read()
    return view


def write_page(view: ExecutionView, path: Path) -> None:
    """Write the page of a view.

    Raises:
        InspectError: the file cannot be written
    """
    try:
        path.write_text(render_page(view), encoding="utf-8")
    except OSError as error:
        raise InspectError(f"{printable(str(path))} cannot be written: {error.strerror}") from None
