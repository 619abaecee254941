# SPDX-License-Identifier: MIT-0
"""Answers to callbacks of durable executions: success, failure, heartbeat."""

import binascii
from collections.abc import Callable

from aws_durable_execution_sdk_python.lambda_service import ErrorObject, OperationStatus
from aws_durable_execution_sdk_python_testing.exceptions import (
    IllegalStateException,
    ResourceNotFoundException,
)
from aws_durable_execution_sdk_python_testing.token import CallbackToken

from ..functions.lambda_error import LambdaError
from .engine import Engine

# https://docs.aws.amazon.com/lambda/latest/api/API_SendDurableExecutionCallbackSuccess.html
MAX_RESULT_BYTES = 1_048_576
_CLOSED = "The callback has timed out, or has already been completed."
_UNKNOWN = "Callback does not exist."


class Callbacks:
    """Answers callbacks by their ids, each in the lane of its execution.

    Every call raises:
        LambdaError: the id is none, unknown, or of a callback that is closed
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def succeed(self, callback_id: str, result: bytes) -> None:
        """Complete a callback with a result."""
        if len(result) > MAX_RESULT_BYTES:
            message = f"Result must be at most {MAX_RESULT_BYTES} bytes."
            raise LambdaError("InvalidParameterValueException", 400, message)
        self._complete(
            callback_id,
            lambda: self._engine._complete_callback_success(callback_id, result),
        )

    def fail(self, callback_id: str, error: ErrorObject) -> None:
        """Complete a callback with an error."""
        self._complete(
            callback_id, lambda: self._engine._complete_callback_failure(callback_id, error)
        )

    def heartbeat(self, callback_id: str) -> None:
        """Begin the heartbeat time-out of a callback anew."""
        arn = _execution_arn(callback_id)
        self._in_lane(
            arn,
            callback_id,
            lambda: self._engine._reset_callback_heartbeat_timeout(callback_id, arn),
        )

    def _complete(self, callback_id: str, complete: Callable[[], None]) -> None:
        arn = _execution_arn(callback_id)

        def complete_and_invoke() -> None:
            complete()
            self._engine._invoke_execution(arn)

        self._in_lane(arn, callback_id, complete_and_invoke)

    def _in_lane(self, arn: str, callback_id: str, act: Callable[[], None]) -> None:
        def check_and_act() -> None:
            self._require_open(arn, callback_id)
            act()

        try:
            self._engine.in_lane(arn, check_and_act)
        except ResourceNotFoundException:
            raise LambdaError("ResourceNotFoundException", 404, _UNKNOWN) from None

    def _require_open(self, arn: str, callback_id: str) -> None:
        execution = self._engine.execution(arn)
        try:
            _, operation = execution.find_callback_operation(callback_id)
        except IllegalStateException:
            raise LambdaError("ResourceNotFoundException", 404, _UNKNOWN) from None
        if execution.is_complete or operation.status is not OperationStatus.STARTED:
            raise LambdaError("CallbackTimeoutException", 400, _CLOSED)


def execution_of(callback_id: str) -> str | None:
    """The ARN of the execution that a callback is of; None for what is no id."""
    try:
        return str(CallbackToken.from_str(callback_id).execution_arn)
    except (binascii.Error, ValueError, KeyError, TypeError):
        return None


def _execution_arn(callback_id: str) -> str:
    arn = execution_of(callback_id)
    if arn is None:
        message = "Invalid callback ID."
        raise LambdaError("InvalidParameterValueException", 400, message)
    return arn
