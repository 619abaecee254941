# SPDX-License-Identifier: MIT-0
"""The arguments of the command line, parsed."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import InvalidArgument
from ..model.prices import Prices, parse_prices
from ..reading.execution_arn import ExecutionArn
from ..text import printable
from .page_file import page_path

DESCRIPTION = "Show one timeline of an execution across Step Functions and Lambda."


@dataclass(frozen=True)
class Options:
    """The parsed command line."""

    arn: ExecutionArn
    endpoint_url: str | None
    html: Path | None
    record: Path | None
    follow: bool
    json: bool
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
        record=given.record,
        follow=given.follow,
        json=given.json,
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
        "--record",
        metavar="DIRECTORY",
        type=Path,
        help="also write each of its durable executions to a file for `python -m local replay`",
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON; with --follow, a line for each change"
    )
    parser.add_argument(
        "--follow", action="store_true", help="refresh until the execution has ended"
    )
    parser.add_argument(
        "--prices", metavar="FILE", help="a JSON file with prices that replace the built-in ones"
    )
    return parser


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
