# SPDX-License-Identifier: MIT-0
"""AWS's API: all calls of this program, which only read, with their pages and their errors."""

import os
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from ..errors import ApiCallFailed, InvalidArgument
from ..text import printable

CONNECT_TIMEOUT_SECONDS = 5
READ_TIMEOUT_SECONDS = 30
PAGE_ITEMS = 1000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE")


def aws_cli(region: str, endpoint_url: str | None) -> str:
    """How a command of the AWS CLI begins that reaches a region of AWS, or an endpoint."""
    endpoint = f" --endpoint-url {shlex.quote(endpoint_url)}" if endpoint_url else ""
    return f"aws --region {region}{endpoint}"


@dataclass(frozen=True)
class AwsApi:
    """Clients of the services, and the address at which errors place them."""

    states: Any
    lambda_: Any
    where: str
    # Of CloudWatch Logs: made only where logs are read.
    logs: Any = None
    # How a command of the AWS CLI begins that reaches the same services; empty if none does.
    aws_cli: str = ""

    @classmethod
    def connect(cls, region: str, endpoint_url: str | None) -> Self:
        """Make the clients for a region of AWS, or for one endpoint. This makes no call.

        Raises:
            InvalidArgument: the endpoint's URL, the region or the AWS configuration is invalid
        """
        where = endpoint_url or f"AWS in {region}"
        arguments: dict[str, Any] = {
            "region_name": region,
            "endpoint_url": endpoint_url,
            "config": Config(
                connect_timeout=CONNECT_TIMEOUT_SECONDS,
                read_timeout=READ_TIMEOUT_SECONDS,
                retries={"mode": "standard", "total_max_attempts": 4},
                max_pool_connections=16,
            ),
        }
        if _needs_no_credentials(endpoint_url):
            arguments |= {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        try:
            states = boto3.client("stepfunctions", **arguments)
            lambda_ = boto3.client("lambda", **arguments)
            logs = boto3.client("logs", **arguments)
        except (BotoCoreError, ValueError) as error:
            raise InvalidArgument(f"{printable(where)}: {printable(str(error))}") from None
        return cls(states, lambda_, where, logs, aws_cli(region, endpoint_url))

    def execution(self, arn: str) -> dict[str, Any]:
        return self._call(self.states, "describe_execution", arn, executionArn=arn)

    def definition(self, arn: str) -> str:
        """The definition that the execution uses: the state machine may have a newer one."""
        answer = self._call(
            self.states, "describe_state_machine_for_execution", arn, executionArn=arn
        )
        return str(answer.get("definition", ""))

    def state_machines(self) -> Iterator[dict[str, Any]]:
        token = ("nextToken", "nextToken")
        for page in self._pages(self.states, "list_state_machines", self.where, token):
            yield from page.get("stateMachines", [])

    def machine_definition(self, arn: str) -> str:
        """The state machine's newest definition."""
        answer = self._call(self.states, "describe_state_machine", arn, stateMachineArn=arn)
        return str(answer.get("definition", ""))

    def executions(self, machine: str, status: str | None = None) -> Iterator[dict[str, Any]]:
        """List the executions of a state machine, the newest first.

        Args:
            status: of those that are listed; None for all
        """
        arguments = {"stateMachineArn": machine, **({"statusFilter": status} if status else {})}
        token = ("nextToken", "nextToken")
        for page in self._pages(self.states, "list_executions", machine, token, **arguments):
            yield from page.get("executions", [])

    def history(self, arn: str) -> list[dict[str, Any]]:
        pages = self._history_pages(arn, maxResults=PAGE_ITEMS)
        return [event for page in pages for event in page.get("events", [])]

    def last_event_id(self, arn: str) -> int:
        """The id of the last event so far; 0 if there is none."""
        newest = next(self._history_pages(arn, maxResults=1, reverseOrder=True))
        return max((int(event["id"]) for event in newest.get("events", [])), default=0)

    def _history_pages(self, arn: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        token = ("nextToken", "nextToken")
        arguments["executionArn"] = arn
        return self._pages(self.states, "get_execution_history", arn, token, **arguments)

    def durable_executions(
        self, function: str, started: tuple[datetime, datetime]
    ) -> Iterator[dict[str, Any]]:
        """List the durable executions of a function that began between two times."""
        pages = self._pages(
            self.lambda_,
            "list_durable_executions_by_function",
            function,
            ("Marker", "NextMarker"),
            FunctionName=function,
            StartedAfter=started[0],
            StartedBefore=started[1],
        )
        for page in pages:
            yield from page.get("DurableExecutions", [])

    def durable_execution(self, arn: str) -> dict[str, Any]:
        return self._call(self.lambda_, "get_durable_execution", arn, DurableExecutionArn=arn)

    def durable_history(self, arn: str) -> list[dict[str, Any]]:
        pages = self._durable_history_pages(arn, IncludeExecutionData=True, MaxItems=PAGE_ITEMS)
        return [event for page in pages for event in page.get("Events", [])]

    def last_durable_event_id(self, arn: str) -> int:
        """The id of the last event so far; 0 if there is none."""
        newest = next(self._durable_history_pages(arn, MaxItems=1, ReverseOrder=True))
        return max((int(event.get("EventId", 0)) for event in newest.get("Events", [])), default=0)

    def _durable_history_pages(self, arn: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        token = ("Marker", "NextMarker")
        arguments["DurableExecutionArn"] = arn
        return self._pages(self.lambda_, "get_durable_execution_history", arn, token, **arguments)

    def log_events(
        self, group: str, since: datetime, until: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """The events of a log group; none if the group does not exist (yet)."""
        arguments: dict[str, Any] = {"startTime": _milliseconds(since)}
        if until is not None:
            arguments["endTime"] = _milliseconds(until)
        token = ("nextToken", "nextToken")
        arguments["logGroupName"] = group
        try:
            for page in self._pages(self.logs, "filter_log_events", group, token, **arguments):
                yield from page.get("events", [])
        except ApiCallFailed as failure:
            if failure.code != "ResourceNotFoundException":
                raise

    def function_configuration(self, function: str) -> dict[str, Any]:
        return self._call(
            self.lambda_, "get_function_configuration", function, FunctionName=function
        )

    def _pages(
        self, client: Any, action: str, about: str, token: tuple[str, str], **arguments: Any
    ) -> Iterator[dict[str, Any]]:
        sent, received = token
        seen: set[str] = set()
        while True:
            page = self._call(client, action, about, **arguments)
            yield page
            following = page.get(received)
            if not following:
                return
            if following in seen:
                raise ApiCallFailed(
                    f"{about}: {_operation_name(action)} repeats a page without end"
                )
            seen.add(following)
            arguments[sent] = following

    def _call(self, client: Any, action: str, about: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(client, action)(**arguments)
        except ClientError as error:
            details = error.response.get("Error", {})
            reason = f"{details.get('Code', 'an error')}: {details.get('Message', '')}".rstrip(": ")
            raise ApiCallFailed(
                f"{_operation_name(action)} of {about}: {printable(reason, 500)}",
                details.get("Code", ""),
            ) from None
        except (BotoCoreError, ResponseParserError, OSError, ValueError) as error:
            reason = printable(" ".join(str(error).split()), 500)
            raise ApiCallFailed(f"{_operation_name(action)} at {self.where}: {reason}") from None
        return answer


def _operation_name(action: str) -> str:
    return "".join(word.capitalize() for word in action.split("_"))


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)


def _needs_no_credentials(endpoint_url: str | None) -> bool:
    """Whether the endpoint is on this machine and the environment holds no credentials for it."""
    if endpoint_url is None or any(os.environ.get(name) for name in _CREDENTIALS):
        return False
    return urlsplit(endpoint_url).hostname in _LOOPBACK
