# SPDX-License-Identifier: MIT-0
"""Tell the state machine of a durable execution that ended where no handler could tell it.

An ordinary function, invoked by EventBridge when a durable execution has FAILED, TIMED_OUT or
was STOPPED. It imports no durable SDK: that the SDK is missing may be what there is to tell.
"""

import functools
import json
import logging
from typing import Any

import boto3

import task_client
from failure import Failure

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)

ERRORS = {
    "FAILED": "DurableExecution.Failed",
    "TIMED_OUT": "DurableExecution.TimedOut",
    "STOPPED": "DurableExecution.Stopped",
}


@functools.cache
def lambda_client() -> Any:
    """The Lambda client of this sandbox."""
    return boto3.client("lambda", config=task_client.CONFIG)


def handler(event: dict[str, Any], _context: Any) -> None:
    """Entry point, for a `Durable Execution Status Change` event, any number of times.

    A task that is closed is left alone: most handlers have reported their failure themselves.
    What raises here is tried again by Lambda, as with every asynchronous invocation.
    """
    arn = event["detail"]["durableExecutionArn"]
    execution = lambda_client().get_durable_execution(DurableExecutionArn=arn)
    token = task_token(execution.get("InputPayload"))
    if token is None:
        logger.info("Nobody waits for %s: it was invoked by hand", arn)
        return
    failure = failure_of(execution).without(token)
    answer = task_client.send("send_task_failure", token, error=failure.name, cause=failure.message)
    logger.info("%s: the failure of %s is %s", failure.name, arn, answer)


def task_token(payload: str | None) -> str | None:
    """The token in the input that the durable execution was started with, if there is one."""
    event = json.loads(payload or "null")
    token = event.get("TaskToken") if isinstance(event, dict) else None
    return token if isinstance(token, str) and token else None


def failure_of(execution: dict[str, Any]) -> Failure:
    """How the durable execution ended, with its ARN and its own error as the cause."""
    error = execution.get("Error", {})
    reasons = [error[key] for key in ("ErrorType", "ErrorMessage") if error.get(key)]
    return Failure(
        name=ERRORS[execution["Status"]],
        message=": ".join([execution["DurableExecutionArn"], *reasons]),
    ).fitted()
