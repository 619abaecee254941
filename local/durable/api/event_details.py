# SPDX-License-Identifier: MIT-0
"""The details of events in a durable execution's history, as Lambda's API names them.

https://docs.aws.amazon.com/lambda/latest/api/API_Event.html
"""

from dataclasses import dataclass
from typing import Any

from aws_durable_execution_sdk_python.lambda_service import (
    ErrorObject,
    Operation,
    OperationAction,
    OperationStatus,
    OperationType,
    OperationUpdate,
)
from aws_durable_execution_sdk_python_testing.model import InvocationCompletedDetails

from ..execution import DurableExecution, FailedInvocation, Pause
from .wire import seconds

EventDetails = dict[str, Any]


@dataclass(frozen=True)
class Data:
    """Whether a history holds what the execution works on, or leaves it out.

    Data that is left out is marked as truncated.
    """

    is_included: bool

    def payload(self, payload: Any) -> EventDetails:
        shown = {} if payload is None or not self.is_included else {"Payload": payload}
        return {**shown, "Truncated": not self.is_included}

    def result(self, payload: str | None) -> EventDetails:
        return {"Result": self.payload(payload)}

    def error(self, error: ErrorObject | None) -> EventDetails:
        return {"Error": self.payload(error.to_dict() if error else None)}


def invocation_details(invocation: InvocationCompletedDetails, data: Data) -> EventDetails:
    """The details of InvocationCompleted."""
    error = invocation.error if isinstance(invocation, FailedInvocation) else None
    return {
        "StartTimestamp": seconds(invocation.start_timestamp),
        "EndTimestamp": seconds(invocation.end_timestamp),
        "RequestId": invocation.request_id,
        **(data.error(error) if error else {}),
    }


def paused_details(pause: Pause, data: Data) -> EventDetails:
    """The details of ExecutionPaused."""
    return {
        "PauseRequestTimestamp": seconds(pause.requested),
        **({} if pause.reason is None else {"Reason": data.payload(pause.reason)}),
        "ExecutionTimeoutPaused": pause.is_timeout_paused,
    }


def resumed_details(pause: Pause, data: Data) -> EventDetails:
    """The details of ExecutionResumed."""
    assert pause.resumed is not None
    reason = pause.resume_reason
    return {
        "ResumeRequestTimestamp": seconds(pause.resumed),
        **({} if reason is None else {"Reason": data.payload(reason)}),
    }


def started_details(
    execution: DurableExecution, operation: Operation, update: OperationUpdate | None, data: Data
) -> EventDetails:
    """The details of an event that begins an operation."""
    if operation.operation_type is OperationType.EXECUTION:
        start = execution.start_input
        payload = start.get_normalized_input()
        return {
            "Input": data.payload(payload),
            "ExecutionTimeout": start.execution_timeout_seconds,
        }
    if update is None:
        return {}
    if operation.operation_type is OperationType.WAIT:
        return _wait_started(operation, update)
    if operation.operation_type is OperationType.CALLBACK:
        return _callback_started(operation, update)
    if operation.operation_type is OperationType.CHAINED_INVOKE:
        return _chained_invoke_started(execution, update, data)
    return {}


def ended_details(
    execution: DurableExecution,
    operation: Operation,
    update: OperationUpdate | None,
    data: Data,
) -> EventDetails:
    """The details of an event that ends an operation, or one attempt of a step."""
    if operation.operation_type is OperationType.EXECUTION:
        result = execution.result
        if operation.status is OperationStatus.SUCCEEDED:
            return data.result(result.result if result else None)
        return data.error(result.error if result else None)
    if update is not None:
        is_failure = update.error is not None or update.action is OperationAction.FAIL
        return data.error(update.error) if is_failure else data.result(update.payload)
    details = operation.callback_details or operation.chained_invoke_details
    if details is None:
        return {}
    if operation.status is OperationStatus.SUCCEEDED:
        return data.result(details.result)
    return data.error(details.error)


def retry_details(attempt: int, update: OperationUpdate) -> EventDetails:
    """Which attempt of a step an event ends, and when the next one is due."""
    details: EventDetails = {"CurrentAttempt": attempt}
    if update.action is OperationAction.RETRY and update.step_options:
        details["NextAttemptDelaySeconds"] = update.step_options.next_attempt_delay_seconds
    return {"RetryDetails": details}


def _wait_started(operation: Operation, update: OperationUpdate) -> EventDetails:
    wait = operation.wait_details
    assert update.wait_options is not None
    assert wait is not None
    assert wait.scheduled_end_timestamp is not None
    return {
        "Duration": update.wait_options.wait_seconds,
        "ScheduledEndTimestamp": seconds(wait.scheduled_end_timestamp),
    }


def _callback_started(operation: Operation, update: OperationUpdate) -> EventDetails:
    assert operation.callback_details is not None
    details: EventDetails = {"CallbackId": operation.callback_details.callback_id}
    options = update.callback_options
    if options and options.timeout_seconds:
        details["Timeout"] = options.timeout_seconds
    if options and options.heartbeat_timeout_seconds:
        details["HeartbeatTimeout"] = options.heartbeat_timeout_seconds
    return details


def _chained_invoke_started(
    execution: DurableExecution, update: OperationUpdate, data: Data
) -> EventDetails:
    options = update.chained_invoke_options
    assert options is not None
    optional = {
        "TenantId": options.tenant_id,
        "ExecutedVersion": execution.executed_versions.get(update.operation_id),
        "DurableExecutionArn": execution.chained_invoke_children.get(update.operation_id),
    }
    return {
        "FunctionName": options.function_name,
        "Input": data.payload(update.payload),
        **{key: value for key, value in optional.items() if value is not None},
    }
