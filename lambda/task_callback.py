# SPDX-License-Identifier: MIT-0
"""Success, failure and heartbeat to Step Functions, each a durable step.

The task token is a credential: it is an argument here and nothing else, never part of a log,
of a step's result or of an error.
"""

import functools
import json
from dataclasses import dataclass, field
from typing import Any, Literal

import boto3
from aws_durable_execution_sdk_python import DurableContext
from aws_durable_execution_sdk_python.config import Duration, JitterStrategy, StepConfig
from aws_durable_execution_sdk_python.exceptions import StepError
from aws_durable_execution_sdk_python.retries import (
    RetryDecision,
    RetryStrategyConfig,
    create_retry_strategy,
)
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from failure import Failure, InvalidInput

# Limits of SendTaskFailure, in characters:
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
MAX_ERROR_CHARACTERS = 256
MAX_CAUSE_CHARACTERS = 32_768

Answer = Literal["ACCEPTED", "CLOSED"]

# 1, 2, 4 … 60 s, each cut by half at the most: 25 pauses, ten minutes or more in all.
_backoff = create_retry_strategy(
    RetryStrategyConfig(
        max_attempts=26,
        initial_delay=Duration.from_seconds(1),
        max_delay=Duration.from_minutes(1),
        jitter_strategy=JitterStrategy.HALF,
    )
)


def is_transient(error: Exception) -> bool:
    """Whether the same call may succeed later: throttled, a server error, or no answer at all."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status == 429 or status >= 500 or "Throttl" in error.response["Error"]["Code"]
    return isinstance(error, ConnectionError | HTTPClientError)


def retry_transient(error: Exception, attempts_made: int) -> RetryDecision:
    """Retry for at least ten minutes what may pass, and nothing else."""
    return _backoff(error, attempts_made) if is_transient(error) else RetryDecision.no_retry()


@functools.cache
def client() -> Any:
    """The Step Functions client of this sandbox. The durable steps do the long retries."""
    config = Config(
        connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2}
    )
    return boto3.client("stepfunctions", config=config)


@dataclass(frozen=True)
class TaskCallback:
    """The way back to the state that waits; without a task token, to nobody."""

    context: DurableContext
    token: str | None = field(repr=False)

    @classmethod
    def of(cls, event: Any, context: DurableContext) -> "TaskCallback":
        """The callback that an event asks for.

        Raises:
            InvalidInput: there is a TaskToken, but none that could be sent back
        """
        token = event.get("TaskToken") if isinstance(event, dict) else None
        if token is not None and (not isinstance(token, str) or not token):
            raise InvalidInput("TaskToken must be a text that is not empty, got another value")
        return cls(context, token)

    def is_open(self, step: str = "check_still_wanted") -> bool:
        """Whether the state still waits. The heartbeat that asks also restarts its clock."""
        return self._call(step, "send_task_heartbeat") != "CLOSED"

    def succeed(self, output: Any) -> None:
        """Hand the output to the state machine; nothing durable may come after it.

        Raises:
            StepError: the call was refused for good, or is still without an answer after
                all retries, and the task is open: the state machine needs to hear of it
        """
        try:
            self._call("send_task_success", "send_task_success", output=json.dumps(output))
        except StepError:
            # One of the unanswered calls may have arrived: then the task is closed, the work
            # has succeeded, and a failure must not follow.
            if self._may_be_open():
                raise

    def fail(self, failure: Failure) -> None:
        """Tell the state machine why there will be no output."""
        try:
            self._call(
                "send_task_failure",
                "send_task_failure",
                error=failure.name[:MAX_ERROR_CHARACTERS],
                cause=failure.message[:MAX_CAUSE_CHARACTERS],
            )
        except StepError as error:
            # The execution fails with its own reason all the same; the state machine learns
            # of it when the heartbeat runs out.
            self.context.logger.error(f"The failure callback was refused: {error}")

    def _may_be_open(self) -> bool:
        try:
            return self.is_open("check_unconfirmed_success")
        except StepError:
            return True

    def _call(self, step: str, action: str, **arguments: str) -> Answer:
        """One call to Step Functions as a durable step.

        `TaskTimedOut` means that the task is closed: the state timed out, its execution was
        stopped, or an earlier call of ours closed it whose answer never came.
        """
        token = self.token
        if token is None:
            return "ACCEPTED"

        def send(_: object) -> Answer:
            try:
                getattr(client(), action)(taskToken=token, **arguments)
            except client().exceptions.TaskTimedOut:
                return "CLOSED"
            return "ACCEPTED"

        return self.context.step(send, name=step, config=StepConfig(retry_strategy=retry_transient))
