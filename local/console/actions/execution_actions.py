# SPDX-License-Identifier: MIT-0
"""Actions on an execution of a state machine: stop and redrive."""

from collections.abc import Iterator
from typing import Any

from ...endpoint.endpoint import Endpoint
from ..commands import FAILURE, aws_command
from .action import Action, Field, Given, filled

REDRIVABLE = "REDRIVABLE"


def execution_actions(endpoint: Endpoint, described: dict[str, Any]) -> Iterator[Action]:
    """What can be done to the execution that DescribeExecution describes so."""
    if described["status"] == "RUNNING":
        yield _stop(endpoint, described["executionArn"])
    if described.get("redriveStatus") == REDRIVABLE:
        yield _redrive(endpoint, described["executionArn"])


def _stop(endpoint: Endpoint, arn: str) -> Action:
    def stop(given: Given) -> object:
        return endpoint.client("stepfunctions").stop_execution(executionArn=arn, **filled(**given))

    return Action(
        key="stop",
        label="Stop",
        question="Stop this execution? It ends as aborted, and its open tasks are closed. "
        "Durable executions that it started go on.",
        command=aws_command(
            endpoint, "stepfunctions", "stop-execution", *FAILURE, execution_arn=arn
        ),
        act=stop,
        fields=(Field("error", "Error (may be empty)"), Field("cause", "Cause (may be empty)")),
        is_destructive=True,
    )


def _redrive(endpoint: Endpoint, arn: str) -> Action:
    return Action(
        key="redrive",
        label="Redrive",
        question="Redrive this execution? It goes on from the states that were not successful; "
        "successful ones do not run again.",
        command=aws_command(endpoint, "stepfunctions", "redrive-execution", execution_arn=arn),
        act=lambda _: endpoint.client("stepfunctions").redrive_execution(executionArn=arn),
    )
