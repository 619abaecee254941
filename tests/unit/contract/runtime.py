# SPDX-License-Identifier: MIT-0
"""Doubles of the durable SDK, of Lambda and of Step Functions, for one event in a world."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, NoReturn

from aws_durable_execution_sdk_python.exceptions import StepError, SuspendExecution
from aws_durable_execution_sdk_python.lambda_service import ErrorObject
from botocore.exceptions import ReadTimeoutError

from ..handlers.step_functions_double import _REAL, refused
from .explorer import Choices, Violation
from .world import OPEN, TOKEN, Execution, Operation

CLOSED_BY = {"send_task_success": "success", "send_task_failure": "failure"}
EVENTS: dict[str, Any] = {
    "valid": {"TaskToken": TOKEN, "minutes_to_wait": 20},
    "invalid": {"TaskToken": TOKEN, "minutes_to_wait": -5},
    "by hand": {"minutes_to_wait": 20},
}
# Made once: to make an exception of boto3 takes longer than the rest of a transition.
CLOSED_TASK = refused("TaskTimedOut")
THROTTLED = refused("ThrottlingException", message=f"Rate exceeded for {TOKEN}")
REFUSED = refused("AccessDeniedException", message=f"no permission for {TOKEN}")
UNANSWERED = ReadTimeoutError(endpoint_url="https://states")
ERRORS = {
    "LOST": UNANSWERED,
    "UNANSWERED": UNANSWERED,
    "THROTTLED": THROTTLED,
    "REFUSED": REFUSED,
    "CLOSED": CLOSED_TASK,
}
TRANSIENT = ("LOST", "UNANSWERED", "THROTTLED")


class Crash(BaseException):
    """The sandbox is gone; Lambda invokes the handler again."""


@dataclass
class StepFunctions:
    """Step Functions for one event: each call may be answered, lost, throttled or refused."""

    task: str
    choices: Choices
    # The execution that calls; None for the guard.
    caller: Execution | None = None
    answer: str = ""
    exceptions: Any = _REAL.exceptions

    def send_task_success(self, **arguments: str) -> None:
        self._change(has_sent=True)
        self._call("send_task_success", arguments)

    def send_task_failure(self, **arguments: str) -> None:
        if self.caller and self.caller.has_succeeded:
            raise Violation("a failure is sent after a success was accepted")
        self._change(has_told=True)
        self._call("send_task_failure", arguments)

    def send_task_heartbeat(self, **arguments: str) -> None:
        self._call("send_task_heartbeat", arguments)

    def _call(self, action: str, arguments: dict[str, str]) -> None:
        if arguments.pop("taskToken", None) != TOKEN:
            raise Violation("a call is sent without the task token")
        keep_secret(arguments)
        is_open = self.task == OPEN
        answers = ("ACCEPTED", "LOST") if is_open else ("CLOSED",)
        self.answer = self.choices.pick((*answers, "THROTTLED", "UNANSWERED", "REFUSED"))
        if self.answer in ("ACCEPTED", "LOST"):
            self._accept(action)
        if self.answer != "ACCEPTED":
            raise ERRORS[self.answer]

    def _accept(self, action: str) -> None:
        if action in CLOSED_BY:
            by = "" if self.caller else " of the guard"
            self.task = CLOSED_BY[action] + by
            if action == "send_task_success":
                self._change(has_succeeded=True)
        elif self.answer == "ACCEPTED":
            self._change(is_wanted=True)

    def _change(self, **changes: Any) -> None:
        if self.caller:
            self.caller = replace(self.caller, **changes)


@dataclass
class Invocation:
    """The durable context of one invocation, which ends after one operation that is new.

    The operations of other executions, and all other events, may come between any two.
    """

    step_functions: StepFunctions
    choices: Choices
    max_attempts: int
    is_suspended: bool = False
    has_crashed: bool = False
    _position: int = 0
    _has_worked: bool = False
    _logged: list[str] = field(default_factory=list)

    @property
    def execution(self) -> Execution:
        assert self.step_functions.caller
        return self.step_functions.caller

    @property
    def has_ended(self) -> bool:
        """Whether the SDK or a crash has ended the invocation, even if the handler still runs."""
        return self.is_suspended or self.has_crashed

    @property
    def execution_context(self) -> Any:
        return SimpleNamespace(durable_execution_arn="arn/durable-execution/name/id")

    @property
    def logger(self) -> Any:
        return SimpleNamespace(warning=keep_secret, error=keep_secret)

    def wait(self, _duration: Any, name: str) -> None:
        self._operation(name, lambda _: None, None)

    def step(self, func: Callable[[Any], Any], name: str, config: Any = None) -> Any:
        return self._operation(name, func, config)

    def _operation(self, name: str, func: Callable[[Any], Any], config: Any) -> Any:
        if self.has_ended:
            raise Violation("a durable operation is begun after the SDK has ended the invocation")
        before = self.execution.operations[self._position : self._position + 1]
        self._position += 1
        if before and before[0].status == "SUCCEEDED":
            return json.loads(before[0].result)
        if before and before[0].status == "FAILED":
            _raise_step_error(*before[0].error)
        if self._has_worked:
            self.suspend()
        self._has_worked = True
        return self._work(name, func, config, before[0].attempts + 1 if before else 1)

    def _work(self, name: str, func: Callable[[Any], Any], config: Any, attempt: int) -> Any:
        """Run a step as the SDK does: its end is recorded unless the sandbox crashes before."""
        self.step_functions.answer = ""
        try:
            result = json.dumps(func(SimpleNamespace(attempt=attempt)))
        except Exception as error:
            if isinstance(error, Violation):
                raise
            retry = config is not None and config.retry_strategy(error, attempt).should_retry
            shown = ErrorObject.from_exception(error)
            named = str(shown.type), str(shown.message)
            self._record(Operation(name, "RETRY" if retry else "FAILED", attempt, error=named))
            if retry:
                self.suspend()
            _raise_step_error(*named)
        self._record(Operation(name, "SUCCEEDED", attempt, result))
        return json.loads(result)

    def _record(self, operation: Operation) -> None:
        if self.choices.pick(("checkpointed", "crash")) == "crash":
            self.has_crashed = True
            raise Crash
        keep_secret(operation)
        answer = self.step_functions.answer
        if operation.status != "SUCCEEDED" and answer == "CLOSED":
            raise Violation("a call fails because the task is closed")
        if operation.status == "RETRY" and answer == "REFUSED":
            raise Violation("a call that was refused for good is tried again")
        if (
            operation.status != "RETRY"
            and answer in TRANSIENT
            and operation.attempts < self.max_attempts
        ):
            raise Violation("a call that may succeed later is not tried again")
        operations = [*self.execution.operations[: self._position - 1], operation.kept()]
        self.step_functions.caller = replace(self.execution, operations=tuple(operations))

    def suspend(self) -> NoReturn:
        self.is_suspended = True
        raise SuspendExecution("until the next event")


def keep_secret(shown: object) -> None:
    """Nothing that is logged, sent beside the token or recorded has the token in it."""
    if TOKEN in str(shown):
        raise Violation("the task token is shown")


def _raise_step_error(error_type: str, message: str) -> NoReturn:
    error = ErrorObject(message=message, type=error_type, data=None, stack_trace=None)
    error.raise_as_operation_error(StepError)
    raise AssertionError
