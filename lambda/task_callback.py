# SPDX-License-Identifier: MIT-0
"""The callback to Step Functions: success, failure and heartbeat, each as a durable step.

The task token is a credential. It is passed to the call alone, and never becomes part of a log,
of a step's result or of an error.
"""

import functools
import json
from dataclasses import dataclass, field
from typing import Any, Literal

import boto3  # noqa: TID251 (the client of Step Functions)
from aws_durable_execution_sdk_python import DurableContext, StepContext
from aws_durable_execution_sdk_python.config import Duration, JitterStrategy, StepConfig
from aws_durable_execution_sdk_python.exceptions import StepError
from aws_durable_execution_sdk_python.retries import (
    RetryDecision,
    RetryStrategyConfig,
    create_retry_strategy,
)
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from botocore.parsers import ResponseParserError

from failure import Failure, InvalidInput

Answer = Literal["ACCEPTED", "CLOSED"]

# 1, 2, 4 … 60 s, each cut by half at the most: 25 pauses, ten minutes or more in all.
MAX_ATTEMPTS = 26
BACKOFF = RetryStrategyConfig(
    max_attempts=MAX_ATTEMPTS,
    initial_delay=Duration.from_seconds(1),
    max_delay=Duration.from_minutes(1),
    jitter_strategy=JitterStrategy.HALF,
)
_backoff = create_retry_strategy(BACKOFF)
IS_TRANSIENT = "is_transient"
# Transient errors that have the status of a permanent one. So has each code with "Throttl" in it.
_TRANSIENT_CODES = frozenset(
    {"RequestLimitExceeded", "RequestTimeout", "RequestTimeoutException", "SlowDown"}
)


def is_transient(error: Exception) -> bool:
    """Tell whether the same call may succeed later: a throttle, a server error, or no answer."""
    if IS_TRANSIENT in vars(error):
        return bool(vars(error)[IS_TRANSIENT])
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        is_passing_code = code in _TRANSIENT_CODES or "Throttl" in code
        return is_passing_code or status in (408, 429) or status >= 500
    return isinstance(error, ConnectionError | HTTPClientError | ResponseParserError)


def retry_transient(error: Exception, attempts_made: int) -> RetryDecision:
    """Retry a transient error for at least ten minutes, and no other error."""
    return _backoff(error, attempts_made) if is_transient(error) else RetryDecision.no_retry()


@functools.cache
def client() -> Any:
    """Make the Step Functions client once. The durable steps do the long retries."""
    config = Config(
        connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2}
    )
    return boto3.client("stepfunctions", config=config)


@dataclass(frozen=True)
class TaskCallback:
    """The callback to the task that waits. Without a task token it sends nothing."""

    context: DurableContext
    token: str | None = field(repr=False)

    @classmethod
    def of(cls, event: Any, context: DurableContext) -> "TaskCallback":
        """Read the task token of an event.

        Raises:
            InvalidInput: the TaskToken is not a text, or is empty
        """
        token = event.get("TaskToken") if isinstance(event, dict) else None
        if token is not None and (not isinstance(token, str) or not token):
            raise InvalidInput("TaskToken must be a text that is not empty, got another value")
        return cls(context, token)

    def is_open(self) -> bool:
        """Tell whether the task is open. The call is a heartbeat: it restarts the task's clock."""
        return self._call("check_still_wanted", "send_task_heartbeat") != "CLOSED"

    def succeed(self, output: Any) -> None:
        """Send the output to the state machine. No durable operation may follow.

        Raises:
            StepError: the success was refused or had no answer, and the task is still open
            Exception: the same error, and nobody knows whether the task is open
        """
        try:
            self._call("send_task_success", "send_task_success", output=json.dumps(output))
        except StepError as error:
            if self._is_open_after(error):
                raise

    def _is_open_after(self, error: StepError) -> bool:
        """Ask by a heartbeat whether an attempt has arrived whose answer was lost.

        If so the task is closed and the work has succeeded, and no failure may follow.
        """
        try:
            return self._call("confirm_task_open", "send_task_heartbeat") != "CLOSED"
        except StepError:
            # A failure sent now might contradict a success that has arrived. The handler does not
            # catch this error: the durable execution fails, and the callback guard then finds
            # the task closed or open.
            raise Failure.of(error).exception() from None

    def fail(self, failure: Failure) -> None:
        """Send the failure to the state machine. If that is refused, log the refusal and go on."""
        try:
            self._call(
                "send_task_failure",
                "send_task_failure",
                error=failure.name,
                cause=failure.message,
            )
        except StepError as error:
            # The durable execution still fails with its own error. The state machine learns of
            # it from the callback guard, or when the heartbeat runs out.
            self.context.logger.error(f"The failure callback was refused: {error}")

    def _call(self, step: str, action: str, **arguments: str) -> Answer:
        """Call Step Functions in a durable step.

        `TaskTimedOut` means that the task is closed: the state timed out, its execution was
        stopped, or an earlier attempt closed it and its answer was lost.

        Raises:
            StepError: a permanent error, or no answer at the last attempt
        """
        token = self.token
        if token is None:
            return "ACCEPTED"

        def send(_: StepContext) -> Answer:
            try:
                getattr(client(), action)(taskToken=token, **arguments)
            except client().exceptions.TaskTimedOut:
                return "CLOSED"
            except Exception as error:
                shown = Failure.of(error, secret=token).fitted()
                if shown == Failure.of(error):
                    raise
                raise _shown_instead(error, shown) from None
            return "ACCEPTED"

        return self.context.step(send, name=step, config=StepConfig(retry_strategy=retry_transient))


def _shown_instead(error: Exception, shown: Failure) -> Exception:
    """Make the exception that replaces an error in the record, and is retried as that error is."""
    exception = shown.exception()
    exception.__dict__[IS_TRANSIENT] = is_transient(error)
    return exception
