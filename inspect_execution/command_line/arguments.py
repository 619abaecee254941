# SPDX-License-Identifier: MIT-0
"""The arguments of the command line, parsed."""

import argparse
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..errors import InvalidArgument
from ..model.prices import Prices, parse_prices
from ..program import ArgumentParser
from ..reading.execution_arn import ExecutionArn
from ..reading.finding.durable_arn import DurableArn
from ..reading.finding.machine_name import MachineName
from ..text import printable
from .page_file import page_path

DEFAULT_LIMIT = 20
DESCRIPTION = "Show one timeline of an execution across Step Functions and Lambda."


@dataclass(frozen=True)
class Options:
    """The parsed command line."""

    # With `waiting` or `failed`, a state machine.
    named: ExecutionArn | DurableArn | MachineName
    waiting: bool
    failed: bool
    limit: int
    endpoint_url: str | None
    html: Path | None
    record: Path | None
    follow: bool
    json: bool
    prices: Prices


def parse_arguments(arguments: list[str] | None = None) -> Options:
    """Parse the command line.

    Raises:
        WrongArgument: an option is unknown, or lacks its value
        InvalidArgument: the ARN or the name, the region, the limit, the endpoint's URL, the page's
            path or the prices; or the options exclude each other
    """
    given = argument_parser().parse_args(arguments)
    _require_effect(given)
    limit = DEFAULT_LIMIT if given.limit is None else _limit(given.limit)
    return Options(
        named=_named(given),
        waiting=given.waiting,
        failed=given.failed,
        limit=limit,
        endpoint_url=_endpoint_url(given.endpoint_url),
        html=None if given.html is None else page_path(given.html),
        record=given.record,
        follow=given.follow,
        json=given.json,
        prices=Prices() if given.prices is None else _prices(given.prices),
    )


def argument_parser() -> ArgumentParser:
    """The parser of the command line."""
    parser = ArgumentParser(prog="python -m inspect_execution", description=DESCRIPTION)
    parser.add_argument(
        "named",
        metavar="ARN",
        help="an execution of a standard state machine, or a durable execution; with --failed or "
        "--waiting, a state machine's ARN or name",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--failed", action="store_true", help="show the state machine's latest failed execution"
    )
    which.add_argument(
        "--waiting",
        action="store_true",
        help="list what the state machine's running executions wait for, the longest wait first",
    )
    parser.add_argument(
        "--limit",
        metavar="N",
        help="how many running executions --waiting reads, the oldest first "
        f"(default: {DEFAULT_LIMIT})",
    )
    parser.add_argument(
        "--endpoint-url",
        metavar="URL",
        help="an endpoint instead of AWS, such as that of `python -m local serve`",
    )
    parser.add_argument("--region", help="the Region in which to find the state machine")
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


def _require_effect(given: argparse.Namespace) -> None:
    """Return if every option has an effect beside the others.

    Raises:
        InvalidArgument: one has none
    """
    if not given.waiting:
        if given.limit is not None:
            raise InvalidArgument(
                f"--limit {printable(given.limit)} has an effect with --waiting only"
            )
        return
    for option in ("html", "follow", "record", "prices"):
        if getattr(given, option) not in (None, False):
            raise InvalidArgument(f"--{option} is for one execution, and --waiting lists many")


def _named(given: argparse.Namespace) -> ExecutionArn | DurableArn | MachineName:
    if given.waiting or given.failed:
        return MachineName.parse(given.named, given.region or _default_region())
    named = DurableArn.parse(given.named) or ExecutionArn.parse(given.named)
    if given.region and given.region != named.region:
        raise InvalidArgument(
            f"--region {printable(given.region)}: the execution is in {named.region}"
        )
    return named


def _default_region() -> str | None:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")


def _limit(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        raise InvalidArgument(f"--limit must be a number from 1 to 9999, got {printable(text)}")
    return int(text)


def _endpoint_url(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https")
        is_address = is_web and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise InvalidArgument(
            "--endpoint-url must be http://… or https://…, with a port to 65535 if it has one, "
            f"got {printable(text)}"
        )
    return text


def _prices(text: str) -> Prices:
    try:
        return parse_prices(Path(text).read_text(), printable(text))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InvalidArgument(f"--prices {printable(text)} cannot be read: {reason}") from None
