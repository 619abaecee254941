# SPDX-License-Identifier: MIT-0
"""Fail the task of a durable execution that ended before its handler could send a callback.

EventBridge invokes this function, which is not durable, when a durable execution is FAILED,
TIMED_OUT or STOPPED. It shares no module with the handlers: a module that does not load may be
the reason of the failure. The task token is a credential, and is passed to the call alone.
"""

import functools
import json
import logging
from typing import Any

import boto3  # noqa: TID251 (the clients of the guard)
from botocore.config import Config

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)

ERRORS = {
    "FAILED": "DurableExecution.Failed",
    "TIMED_OUT": "DurableExecution.TimedOut",
    "STOPPED": "DurableExecution.Stopped",
}
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
MAX_CAUSE_CHARACTERS = 32_768


@functools.cache
def client(service: str) -> Any:
    """Make the client of a service once. The function's environment sets its retries."""
    return boto3.client(service, config=Config(connect_timeout=5, read_timeout=10))


def handler(event: dict[str, Any], _context: Any) -> None:
    """Handle a `Durable Execution Status Change` event, which may arrive more than once.

    Most handlers have sent their failure themselves: their task is closed and stays as it is.
    After an error Lambda invokes the function again, as with every asynchronous invocation.
    """
    arn, error = event["detail"]["durableExecutionArn"], ERRORS[event["detail"]["status"]]
    execution = client("lambda").get_durable_execution(
        DurableExecutionArn=arn, IncludeExecutionData=True
    )
    token = task_token(execution.get("InputPayload"))
    if token is None:
        logger.info("%s has no task token: no state machine waits for it", arn)
        return
    answer = send_failure(token, error, cause_of(execution, token))
    logger.info("%s: the failure of %s is %s", error, arn, answer)


def task_token(payload: str | None) -> str | None:
    """Read the task token from the input of the durable execution; None if it has none."""
    event = json.loads(payload or "null")
    token = event.get("TaskToken") if isinstance(event, dict) else None
    return token if isinstance(token, str) and token else None


def cause_of(execution: dict[str, Any], token: str) -> str:
    """Join the durable execution's ARN and its error, within Step Functions' limit."""
    error = execution.get("Error", {})
    reasons = [error[key] for key in ("ErrorType", "ErrorMessage") if error.get(key)]
    cause = ": ".join([execution["DurableExecutionArn"], *reasons])
    return cause.replace(token, "[task token]")[:MAX_CAUSE_CHARACTERS]


def send_failure(token: str, error: str, cause: str) -> str:
    """Fail the task, unless it is closed: return ACCEPTED or CLOSED.

    Raises:
        RuntimeError: the call failed; the message is boto3's, without the token
    """
    step_functions = client("stepfunctions")
    try:
        step_functions.send_task_failure(taskToken=token, error=error, cause=cause)
    except step_functions.exceptions.TaskTimedOut:
        return "CLOSED"
    except Exception as refusal:
        message = f"{type(refusal).__name__}: {refusal}".replace(token, "[task token]")
        raise RuntimeError(message) from None
    return "ACCEPTED"
