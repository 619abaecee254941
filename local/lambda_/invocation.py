# SPDX-License-Identifier: MIT-0
"""A call of Invoke, and the rules by which Lambda refuses it."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ..durable.chained_invoke import TENANT_REFUSED, refuse_unqualified
from ..functions.function import DurableConfig
from ..functions.lambda_error import LambdaError
from ..functions.sandboxes.log_tail import LOG_TAIL_BYTES
from ..functions.sandboxes.sandbox import InvocationResult

# https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking.html
SYNC_EXECUTION_TIMEOUT_SECONDS = 900
LOG_TYPES = ("None", "Tail")
INVOCATION_TYPES = ("RequestResponse", "Event", "DryRun")
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_MAX_BYTES = {"RequestResponse": 6_291_456, "Event": 1_048_576, "DryRun": 6_291_456}
# https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
MAX_CLIENT_CONTEXT_BYTES = 3583
_EXECUTION_NAME = re.compile(r"[a-zA-Z0-9-_]{1,64}")


@dataclass(frozen=True)
class Invocation:
    """One call of Invoke."""

    function_name: str
    qualifier: str | None
    invocation_type: str
    durable_execution_name: str | None
    payload: str
    # What the caller says about itself: an object.
    client_context: Any = None
    tenant_id: str | None = None
    # "Tail" asks for the end of the log.
    log_type: str = "None"


@dataclass(frozen=True)
class InvokeAnswer:
    """What Invoke returns: HTTP status, headers and payload."""

    status: int
    payload: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def refuse_invalid(invocation: Invocation) -> None:
    """Refuse what Lambda refuses for every function."""
    if invocation.invocation_type not in INVOCATION_TYPES:
        message = f"InvocationType must be one of {', '.join(INVOCATION_TYPES)}"
        raise LambdaError("InvalidParameterValueException", 400, message)
    if invocation.log_type not in LOG_TYPES:
        message = f"LogType must be one of {', '.join(LOG_TYPES)}"
        raise LambdaError("InvalidParameterValueException", 400, message)
    size, limit = len(invocation.payload.encode()), _MAX_BYTES[invocation.invocation_type]
    if size > limit:
        raise LambdaError(
            "RequestTooLargeException",
            413,
            f"{size} byte payload is too large for the {invocation.invocation_type} invocation "
            f"type (limit {limit} bytes)",
        )
    if invocation.tenant_id is not None:
        raise LambdaError("InvalidParameterValueException", 400, TENANT_REFUSED)
    name = invocation.durable_execution_name
    if name is not None and not _EXECUTION_NAME.fullmatch(name):
        message = f"DurableExecutionName must be {_EXECUTION_NAME.pattern}"
        raise LambdaError("InvalidParameterValueException", 400, message)


def parse_client_context(header: str | None) -> Any:
    """The client context of a call, which is JSON in base64; None without one.

    Raises:
        LambdaError: it is longer than 3,583 bytes, no base64, or no JSON object
    """
    if header is None:
        return None
    try:
        context = json.loads(base64.b64decode(header, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        context = None
    if len(header) > MAX_CLIENT_CONTEXT_BYTES or not isinstance(context, dict):
        message = "Client context must be a valid Base64-encoded JSON object."
        raise LambdaError("InvalidRequestContentException", 400, message)
    return context


def parse_payload(body: bytes) -> str:
    """The payload of a call as JSON text.

    Raises:
        LambdaError: it is none
    """
    try:
        payload = body.decode() or "{}"
        json.loads(payload, parse_constant=_refuse_constant)
    except ValueError as error:
        message = f"Could not parse request body into json: {error}"
        raise LambdaError("InvalidRequestContentException", 400, message) from None
    return payload


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def refuse_undurable(invocation: Invocation, qualifier: str | None, durable: DurableConfig) -> None:
    """The ways in which a durable function cannot be invoked."""
    refuse_unqualified(qualifier)
    is_sync = invocation.invocation_type == "RequestResponse"
    if is_sync and durable.execution_timeout_seconds > SYNC_EXECUTION_TIMEOUT_SECONDS:
        raise LambdaError(
            "InvalidParameterValueException",
            400,
            "You cannot synchronously invoke a durable function with an executionTimeout "
            "greater than 15 minutes.",
        )


def log_tail(version: str, result: InvocationResult) -> str:
    """The end of an invocation's log, at most 4 KB, in base64."""
    start = f"START RequestId: {result.request_id} Version: {version}"
    log = "\n".join((start, *result.log, f"END RequestId: {result.request_id}\n"))
    return base64.b64encode(log.encode()[-LOG_TAIL_BYTES:]).decode()
