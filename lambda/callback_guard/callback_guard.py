# SPDX-License-Identifier: MIT-0
"""Tell the state machine of a durable execution that ended where no handler could tell it.

An ordinary function, invoked by EventBridge when a durable execution has FAILED, TIMED_OUT or
was STOPPED. It shares no module with the handlers: that one of theirs does not load may be what
there is to tell. The task token is a credential, and goes nowhere but into the call.
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
    """A client of this sandbox. How often it tries is in the function's environment."""
    return boto3.client(service, config=Config(connect_timeout=5, read_timeout=10))


def handler(event: dict[str, Any], _context: Any) -> None:
    """Entry point, for a `Durable Execution Status Change` event, any number of times.

    A task that is closed is left alone: most handlers have reported their failure themselves.
    What raises here is tried again by Lambda, as with every asynchronous invocation.
    """
    arn, error = event["detail"]["durableExecutionArn"], ERRORS[event["detail"]["status"]]
    execution = client("lambda").get_durable_execution(
        DurableExecutionArn=arn, IncludeExecutionData=True
    )
    token = task_token(execution.get("InputPayload"))
    if token is None:
        logger.info("Nobody waits for %s: it was invoked by hand", arn)
        return
    answer = send_failure(token, error, cause_of(execution, token))
    logger.info("%s: the failure of %s is %s", error, arn, answer)


def task_token(payload: str | None) -> str | None:
    """The token in the input that the durable execution was started with, if there is one."""
    event = json.loads(payload or "null")
    token = event.get("TaskToken") if isinstance(event, dict) else None
    return token if isinstance(token, str) and token else None


def cause_of(execution: dict[str, Any], token: str) -> str:
    """The durable execution's ARN and its own error, within Step Functions' limit."""
    error = execution.get("Error", {})
    reasons = [error[key] for key in ("ErrorType", "ErrorMessage") if error.get(key)]
    cause = ": ".join([execution["DurableExecutionArn"], *reasons])
    return cause.replace(token, "[task token]")[:MAX_CAUSE_CHARACTERS]


def send_failure(token: str, error: str, cause: str) -> str:
    """Fail the task, if it is still open.

    Raises:
        RuntimeError: it could not be told, by what boto3 raises, without the token in it
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
