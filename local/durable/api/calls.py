# SPDX-License-Identifier: MIT-0
"""The calls of Lambda's API about durable executions, by the names of their operations."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from aws_durable_execution_sdk_python.lambda_service import ErrorObject
from aws_durable_execution_sdk_python_testing.exceptions import (
    AwsApiException,
    ResourceNotFoundException,
)
from aws_durable_execution_sdk_python_testing.model import CheckpointDurableExecutionRequest

from ..executions import DurableExecutions
from ..pausing import PauseRequest, StateConflict
from .description import description
from .history import Page, history
from .wire import Request, WireAnswer, conflict, invalid_parameter, json_answer, not_found, seconds

# https://docs.aws.amazon.com/lambda/latest/api/API_GetDurableExecution.html
_ARN = re.compile(
    r"arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:function:[a-zA-Z0-9_-]+:"
    r"(\$LATEST(?:\.PUBLISHED)?|[0-9]+)/durable-execution/[a-zA-Z0-9_-]+/[a-zA-Z0-9_-]+"
)
MAX_REASON_CHARACTERS = 1024
_ACCEPTED = WireAnswer(202, b"{}", {"Content-Type": "application/json"})

PathParameters = Mapping[str, str]
CallHandler = Callable[[PathParameters, Request], WireAnswer]


class DurableCalls:
    """Answers the calls about the durable executions of one account and Region."""

    def __init__(self, executions: DurableExecutions) -> None:
        self._executions = executions
        self._calls: dict[str, CallHandler] = {
            "GetDurableExecution": self._get,
            "GetDurableExecutionHistory": self._get_history,
            "GetDurableExecutionState": self._get_state,
            "CheckpointDurableExecution": self._checkpoint,
            "StopDurableExecution": self._stop,
            "PauseDurableExecution": self._pause,
            "ResumeDurableExecution": self._resume,
            "DeleteDurableExecution": self._delete,
            "SendDurableExecutionCallbackSuccess": self._succeed,
            "SendDurableExecutionCallbackFailure": self._fail,
            "SendDurableExecutionCallbackHeartbeat": self._beat,
        }

    def serves(self, operation: str) -> bool:
        """Whether an operation is one of these calls."""
        return operation in self._calls

    def handle(self, operation: str, parameters: PathParameters, request: Request) -> WireAnswer:
        """Answer one call.

        Raises:
            LambdaError: the call is refused
        """
        arn = parameters.get("DurableExecutionArn")
        if arn is not None and not _ARN.fullmatch(arn):
            raise invalid_parameter(f"Invalid durable execution ARN: {arn}")
        try:
            return self._calls[operation](parameters, request)
        except ResourceNotFoundException:
            raise not_found(f"Durable execution not found: {arn}") from None
        except StateConflict as error:
            raise conflict(str(error)) from None
        except AwsApiException as error:
            raise invalid_parameter(str(error)) from None

    def _get(self, parameters: PathParameters, request: Request) -> WireAnswer:
        described = partial(
            description, with_data=request.flag("IncludeExecutionData", default=True)
        )
        return json_answer(self._executions.read(parameters["DurableExecutionArn"], described))

    def _get_history(self, parameters: PathParameters, request: Request) -> WireAnswer:
        told = partial(history, with_data=request.flag("IncludeExecutionData", default=True))
        events = self._executions.read(parameters["DurableExecutionArn"], told)
        page = Page(
            marker=request.parameter("Marker"),
            max_items=request.parameter("MaxItems"),
            is_newest_first=request.flag("ReverseOrder", default=False),
        )
        return json_answer(page.of(events))

    def _get_state(self, parameters: PathParameters, request: Request) -> WireAnswer:
        max_items = request.parameter("MaxItems") or "0"
        if not max_items.isdecimal():
            raise invalid_parameter(f"Invalid MaxItems: {max_items}")
        return json_answer(
            self._executions.state(
                parameters["DurableExecutionArn"],
                request.parameter("CheckpointToken"),
                request.parameter("Marker"),
                int(max_items) or None,
            )
        )

    def _checkpoint(self, parameters: PathParameters, request: Request) -> WireAnswer:
        arn = parameters["DurableExecutionArn"]
        try:
            checkpoint = CheckpointDurableExecutionRequest.from_dict(request.document(), arn)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise invalid_parameter(f"Invalid checkpoint: {error}") from None
        return json_answer(self._executions.checkpoint(arn, checkpoint))

    def _stop(self, parameters: PathParameters, request: Request) -> WireAnswer:
        # Clients send the error as the whole body.
        error = _error(request.document())
        stopped = self._executions.stop(parameters["DurableExecutionArn"], error)
        return json_answer({"StopTimestamp": seconds(stopped)})

    def _pause(self, parameters: PathParameters, request: Request) -> WireAnswer:
        document = request.document()
        is_timeout_paused = document.get("ExecutionTimeoutPaused", True)
        if not isinstance(is_timeout_paused, bool):
            raise invalid_parameter(f"Invalid ExecutionTimeoutPaused: {is_timeout_paused}")
        self._executions.pause(
            parameters["DurableExecutionArn"],
            PauseRequest(_reason(document), is_timeout_paused, document.get("ClientToken")),
        )
        return _ACCEPTED

    def _resume(self, parameters: PathParameters, request: Request) -> WireAnswer:
        document = request.document()
        self._executions.resume(
            parameters["DurableExecutionArn"], _reason(document), document.get("ClientToken")
        )
        return _ACCEPTED

    def _delete(self, parameters: PathParameters, _request: Request) -> WireAnswer:
        deleted = self._executions.delete(parameters["DurableExecutionArn"])
        return json_answer({"DeletionRequestTimestamp": seconds(deleted)}, 202)

    def _succeed(self, parameters: PathParameters, request: Request) -> WireAnswer:
        # Clients send the result as the whole body.
        self._executions.callbacks.succeed(parameters["CallbackId"], request.body)
        return json_answer({})

    def _fail(self, parameters: PathParameters, request: Request) -> WireAnswer:
        error = _error(request.document())
        self._executions.callbacks.fail(parameters["CallbackId"], error or ErrorObject(*[None] * 4))
        return json_answer({})

    def _beat(self, parameters: PathParameters, _request: Request) -> WireAnswer:
        self._executions.callbacks.heartbeat(parameters["CallbackId"])
        return json_answer({})


def _error(document: dict[str, Any]) -> ErrorObject | None:
    return ErrorObject.from_dict(document) if document else None


def _reason(document: dict[str, Any]) -> str | None:
    reason = document.get("Reason")
    if reason is not None and (not isinstance(reason, str) or len(reason) > MAX_REASON_CHARACTERS):
        raise invalid_parameter(f"Reason must be at most {MAX_REASON_CHARACTERS} characters")
    return reason
