# SPDX-License-Identifier: MIT-0
"""Success, failure and heartbeat to Step Functions, each a durable step.

The task token is a credential: it is an argument here and nothing else, never part of a log,
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

from failure import Failure, InvalidInput, UndeliveredSuccess

Answer = Literal["ACCEPTED", "CLOSED", "UNANSWERED"]

# 1, 2, 4 … 60 s, each cut by half at the most: 25 pauses, ten minutes or more in all.
MAX_ATTEMPTS = 26
_backoff = create_retry_strategy(
    RetryStrategyConfig(
        max_attempts=MAX_ATTEMPTS,
        initial_delay=Duration.from_seconds(1),
        max_delay=Duration.from_minutes(1),
        jitter_strategy=JitterStrategy.HALF,
    )
)
IS_TRANSIENT = "is_transient"
# Codes that say "later" with a status that says "never". All with "Throttl" in them do, too.
_TRANSIENT_CODES = frozenset(
    {"RequestLimitExceeded", "RequestTimeout", "RequestTimeoutException", "SlowDown"}
)


def is_transient(error: Exception) -> bool:
    """Whether the same call may succeed later: throttled, a server error, or no proper answer."""
    if IS_TRANSIENT in vars(error):
        return bool(vars(error)[IS_TRANSIENT])
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        is_passing_code = code in _TRANSIENT_CODES or "Throttl" in code
        return is_passing_code or status in (408, 429) or status >= 500
    return isinstance(error, ConnectionError | HTTPClientError | ResponseParserError)


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

    def is_open(self) -> bool:
        """Whether the state still waits. The heartbeat that asks also restarts its clock."""
        return self._call("check_still_wanted", "send_task_heartbeat") != "CLOSED"

    def succeed(self, output: Any) -> None:
        """Hand the output to the state machine; nothing durable may come after it.

        Raises:
            StepError: the success was refused for good
            UndeliveredSuccess: it never got through, and the state still waits
        """
        answer = self._call(
            "send_task_success", "send_task_success", "UNANSWERED", output=json.dumps(output)
        )
        if answer == "UNANSWERED":
            self._confirm_unanswered_success()

    def _confirm_unanswered_success(self) -> None:
        """Find out whether one of the unanswered calls has arrived: then the task is closed,
        the work has succeeded, and a failure must not follow.
        """
        answer = self._call("confirm_task_open", "send_task_heartbeat", "UNANSWERED")
        if answer == "ACCEPTED":
            raise UndeliveredSuccess(f"SendTaskSuccess had no answer in {MAX_ATTEMPTS} attempts")
        if answer == "UNANSWERED":
            # Nobody knows. A failure from here might contradict a success on its way: the
            # execution fails, and whoever watches it finds the task closed or open.
            raise Failure("SuccessUnanswered", "Step Functions does not answer").exception()

    def fail(self, failure: Failure) -> None:
        """Tell the state machine why there will be no output."""
        try:
            self._call(
                "send_task_failure",
                "send_task_failure",
                error=failure.name,
                cause=failure.message,
            )
        except StepError as error:
            # The execution fails with its own reason all the same; the state machine learns
            # of it from whoever watches durable executions, or when the heartbeat runs out.
            self.context.logger.error(f"The failure callback was refused: {error}")

    def _call(
        self, step: str, action: str, last_resort: Answer | None = None, **arguments: str
    ) -> Answer:
        """One call to Step Functions as a durable step.

        `TaskTimedOut` means that the task is closed: the state timed out, its execution was
        stopped, or an earlier call of ours closed it whose answer never came.

        Args:
            last_resort: the answer to give when even the last attempt has had none

        Raises:
            StepError: the call was refused for good, or had no answer and no last resort
        """
        token = self.token
        if token is None:
            return "ACCEPTED"

        def send(attempt: StepContext) -> Answer:
            try:
                getattr(client(), action)(taskToken=token, **arguments)
            except client().exceptions.TaskTimedOut:
                return "CLOSED"
            except Exception as error:
                if last_resort and attempt.attempt >= MAX_ATTEMPTS and is_transient(error):
                    return last_resort
                shown = Failure.of(error, secret=token).fitted()
                if shown == Failure.of(error):
                    raise
                raise _shown_instead(error, shown) from None
            return "ACCEPTED"

        return self.context.step(send, name=step, config=StepConfig(retry_strategy=retry_transient))


def _shown_instead(error: Exception, shown: Failure) -> Exception:
    """What is raised for an error that must not be shown as it is, and is retried like it."""
    exception = shown.exception()
    exception.__dict__[IS_TRANSIENT] = is_transient(error)
    return exception
