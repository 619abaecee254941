# SPDX-License-Identifier: MIT-0
"""A call of Invoke, and the rules by which Lambda refuses it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from .function import DurableConfig

# https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking.html
SYNC_EXECUTION_TIMEOUT_SECONDS = 900


class LambdaError(Exception):
    """An error of Lambda's API: its code, HTTP status and message."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Invocation:
    """One call of Invoke."""

    function_name: str
    qualifier: str | None
    invocation_type: str
    durable_execution_name: str | None
    payload: str


@dataclass(frozen=True)
class InvokeAnswer:
    """What Invoke returns: HTTP status, headers and payload."""

    status: int
    payload: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def split(function_name: str, qualifier: str | None) -> tuple[str, str | None]:
    """Name and qualifier of a name, a partial or a full ARN, each with or without a qualifier."""
    parts = function_name.split(":")
    if "function" in parts[:-1]:
        parts = parts[parts.index("function") + 1 :]
    return parts[0], qualifier or (parts[1] if len(parts) > 1 else None)


def refuse_broken_payload(payload: str) -> None:
    try:
        json.loads(payload)
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise LambdaError("InvalidRequestContentException", 400, message) from None


def refuse_undurable(invocation: Invocation, qualifier: str | None, durable: DurableConfig) -> None:
    """The ways in which a durable function cannot be invoked."""
    if qualifier is None:
        message = "You cannot invoke a durable function using an unqualified ARN."
        raise LambdaError("InvalidParameterValueException", 400, message)
    is_sync = invocation.invocation_type == "RequestResponse"
    if is_sync and durable.execution_timeout_seconds > SYNC_EXECUTION_TIMEOUT_SECONDS:
        raise LambdaError(
            "InvalidParameterValueException",
            400,
            "You cannot synchronously invoke a durable function with an executionTimeout "
            "greater than 15 minutes.",
        )
