# SPDX-License-Identifier: MIT-0
"""An execution as GetDurableExecution and ListDurableExecutionsByFunction show it."""

from typing import Any

from ..execution import DurableExecution
from .wire import seconds


def summary(execution: DurableExecution) -> dict[str, Any]:
    """What a list of executions has of each."""
    end = execution.get_operation_execution_started().end_timestamp
    return {
        "DurableExecutionArn": execution.durable_execution_arn,
        "DurableExecutionName": execution.start_input.execution_name,
        "FunctionArn": execution.durable_execution_arn.split("/durable-execution/")[0],
        "Status": execution.status(),
        "StartTimestamp": seconds(execution.started),
        **({"EndTimestamp": seconds(end)} if end else {}),
        **_key(execution),
    }


def description(execution: DurableExecution, *, with_data: bool) -> dict[str, Any]:
    """All that there is to know of an execution but its history.

    https://docs.aws.amazon.com/lambda/latest/api/API_GetDurableExecution.html

    Args:
        with_data: whether its input, result and error, and the reason of a pause, are part of it
    """
    shown = {
        **{name: value for name, value in summary(execution).items() if name != "KMSKeyArn"},
        "Version": execution.start_input.function_qualifier,
        "ExecutionDataIncluded": with_data,
        "DurableConfig": {
            "RetentionPeriodInDays": execution.start_input.execution_retention_period_days,
            "ExecutionTimeout": execution.start_input.execution_timeout_seconds,
            **_key(execution),
        },
        **_pause(execution, with_data=with_data),
        **(_data(execution) if with_data else {}),
    }
    if not execution.is_complete:
        shown["ExpectedExecutionTimeoutTimestamp"] = seconds(execution.expected_timeout())
    return shown


def _key(execution: DurableExecution) -> dict[str, str]:
    return {"KMSKeyArn": execution.kms_key_arn} if execution.kms_key_arn else {}


def _data(execution: DurableExecution) -> dict[str, Any]:
    outcome = execution.result
    data = {
        "InputPayload": execution.start_input.get_normalized_input(),
        "Result": outcome.result if outcome else None,
        "Error": outcome.error.to_dict() if outcome and outcome.error else None,
    }
    return {key: value for key, value in data.items() if value is not None}


def _pause(execution: DurableExecution, *, with_data: bool) -> dict[str, Any]:
    pause = execution.open_pause
    if pause is None or execution.is_complete:
        return {}
    has_reason = with_data and pause.reason is not None
    return {
        "PauseDetails": {
            "PauseRequestTimestamp": seconds(pause.requested),
            **({"Reason": pause.reason} if has_reason else {}),
            "ExecutionTimeoutPaused": pause.is_timeout_paused,
        }
    }
