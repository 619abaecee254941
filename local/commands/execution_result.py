# SPDX-License-Identifier: MIT-0
"""The end of a state machine's execution: status, and output or error."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..errors import LocalError

if TYPE_CHECKING:
    from ..endpoint.endpoint import Endpoint


@dataclass(frozen=True)
class ExecutionResult:
    """The status of an execution that has ended, its output, error and cause."""

    status: str
    output: str
    error: str
    cause: str

    @classmethod
    def of(cls, description: dict[str, Any]) -> "ExecutionResult":
        return cls(
            status=description["status"],
            output=description.get("output", ""),
            error=description.get("error", ""),
            cause=description.get("cause", ""),
        )


def is_express(endpoint: "Endpoint", machine_arn: str) -> bool:
    """Whether it is an Express state machine, whose executions have no history."""
    described = endpoint.client("stepfunctions").describe_state_machine(stateMachineArn=machine_arn)
    return bool(described["type"] == "EXPRESS")


def run_express(endpoint: "Endpoint", machine_arn: str, given: str) -> ExecutionResult:
    """The result of a new execution of an Express state machine, once it has ended.

    Raises:
        LocalError: StartSyncExecution refuses it
    """
    try:
        return ExecutionResult.of(
            endpoint.client("stepfunctions").start_sync_execution(
                stateMachineArn=machine_arn, input=given
            )
        )
    except ClientError as error:
        raise LocalError(str(error)) from None
