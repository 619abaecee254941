# SPDX-License-Identifier: MIT-0
"""AWS's testing SDK as the engine of durable executions, with sandboxes to invoke."""

import json
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, TypeVar

from aws_durable_execution_sdk_python.execution import DurableExecutionInvocationInput
from aws_durable_execution_sdk_python.lambda_service import ErrorObject
from aws_durable_execution_sdk_python_testing.execution import Execution
from aws_durable_execution_sdk_python_testing.executor import Executor
from aws_durable_execution_sdk_python_testing.invoker import InvokeResponse, LambdaInvoker
from aws_durable_execution_sdk_python_testing.model import GetDurableExecutionResponse
from aws_durable_execution_sdk_python_testing.worker.checkpoint_tasks import CallableTask
from aws_durable_execution_sdk_python_testing.worker.status import InvocationState

from ..clocks.clocks import Clocks
from ..clocks.modelled_clock import now
from ..functions.sandboxes.sandbox import InvocationResult
from ..functions.sandboxes.sandbox_pool import SANDBOXES_PER_VERSION
from ..functions.turns import Turns
from ..patching import DURABLE_TESTING, closing
from .chained_invoke import error_of_payload
from .execution import DurableExecution, FailedInvocation

InvokeHandler = Callable[[str, str], InvocationResult]
T = TypeVar("T")
StatusChange = Callable[[GetDurableExecutionResponse], None]


class Engine(Executor):
    """The engine, with the record that the API shows."""

    # Told of every execution that has begun or ended.
    on_status_change: StatusChange

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._failed: dict[str, FailedInvocation] = {}

    def execution(self, arn: str) -> DurableExecution:
        """An execution by its ARN.

        Raises:
            ResourceNotFoundException: there is none
        """
        execution = self.get_execution(arn)
        assert isinstance(execution, DurableExecution)
        return execution

    def forget(self, arn: str) -> None:
        """Forget an execution that has ended."""
        self._completion_events.pop(arn, None)
        self._failed.pop(arn, None)

    def in_lane(self, arn: str, act: Callable[[], T]) -> T:
        """Act on an execution when nothing else does."""
        self.execution(arn)
        result: T = self._registry.submit(arn, CallableTask(act)).result()
        return result

    def is_invoking(self, arn: str) -> bool:
        """Whether an invocation of the execution's handler goes on."""
        return self._invocation_gate(arn) is InvocationState.INVOKING

    def note_failure(self, arn: str, failure: FailedInvocation) -> None:
        """Keep what is known of an invocation that fails, until the engine reports the failure."""
        self._failed[arn] = failure

    def arm_timeout(self, arn: str, seconds: float) -> None:
        """Let an execution time out after so many seconds of modelled time."""
        timeout = self.execution(arn).start_input.execution_timeout_seconds
        error = timeout_error(timeout)
        self._execution_timeouts[arn] = self._scheduler.call_later(
            lambda: self.on_timed_out(arn, error),
            delay=seconds,
            completion_event=self._completion_events.get(arn),
        )

    def disarm_timeout(self, arn: str) -> None:
        """Let an execution go on for as long as it takes."""
        if timer := self._execution_timeouts.pop(arn, None):
            timer.cancel()

    def _launch_execution(self, execution: Execution, timeout_seconds: int) -> None:
        self.on_status_change(self.get_execution_details(execution.durable_execution_arn))
        super()._launch_execution(execution, timeout_seconds)

    @closing(
        gap="What is due is completed in one task and the handler invoked in another, which the "
        "next wake-up may cancel in between: then the handler is not invoked again.",
        probe="what_is_due_is_completed_without_an_invocation",
        release=DURABLE_TESTING,
    )
    def _fire_due_operations(self, execution_arn: str) -> bool:
        if super()._fire_due_operations(execution_arn):
            self._invoke_execution(execution_arn)
        return False

    def _complete_events(self, execution_arn: str) -> None:
        super()._complete_events(execution_arn)
        self.on_status_change(self.get_execution_details(execution_arn))

    @closing(
        gap="An invocation that fails leaves no record.",
        probe="failed_invocation_leaves_no_record",
        release=DURABLE_TESTING,
    )
    def _retry_after_error(self, execution_arn: str, error: ErrorObject) -> None:
        failure = self._failed.pop(execution_arn, None)
        if failure is not None:
            self.execution(execution_arn).record_failed_invocation(failure)
        super()._retry_after_error(execution_arn, error)

    def _set_invocation_gate(self, arn: str, status: InvocationState) -> None:
        super()._set_invocation_gate(arn, status)
        pause = self.execution(arn).open_pause
        if pause is not None and pause.began is None and status is InvocationState.PRE_INVOKE:
            pause.began = self._clock.now()


class SandboxInvoker(LambdaInvoker):
    """Invokes handlers in their sandboxes, without a socket in between."""

    def __init__(
        self,
        clocks: Clocks,
        invoke_handler: InvokeHandler,
        note_failure: Callable[[str, FailedInvocation], None],
        admitted: Callable[[str], AbstractContextManager[None]],
    ) -> None:
        super().__init__(lambda_client=None)
        self._clocks = clocks
        self._invoke_handler = invoke_handler
        self._note_failure = note_failure
        self._admitted = admitted
        self._turns: defaultdict[str, Turns] = defaultdict(lambda: Turns(SANDBOXES_PER_VERSION))

    def invoke(
        self,
        function_name: str,
        input: DurableExecutionInvocationInput,
        *_args: Any,
        **_kwargs: Any,
    ) -> InvokeResponse:
        arn = input.durable_execution_arn
        with self._clocks.of(arn).current():
            return self._invoke(function_name, input)

    def _invoke(self, function_name: str, input: DurableExecutionInvocationInput) -> InvokeResponse:
        # The one operation that a new execution has is its own start.
        is_new = len(input.initial_execution_state.operations) == 1
        # A call that waits for concurrency of the account holds no turn of the function meanwhile.
        with (
            self._admitted(input.durable_execution_arn),
            self._turns[function_name].taken(is_new=is_new),
        ):
            start = now()
            result = self._invoke_handler(function_name, json.dumps(input.to_json_dict()))
        if result.is_error:
            error = error_of_payload(result.payload)
            failure = self._failure(start, result.request_id, error)
            self._note_failure(input.durable_execution_arn, failure)
            raise _function_error(error)
        return InvokeResponse.from_payload(result.payload.encode(), result.request_id)

    def _failure(self, start: datetime, request_id: str, error: ErrorObject) -> FailedInvocation:
        return FailedInvocation(start, now(), request_id, error)


def timeout_error(seconds: int) -> ErrorObject:
    """The error of an execution that takes longer than its execution timeout."""
    return ErrorObject.from_message(f"Execution timed out after {seconds} seconds.")


def _function_error(error: ErrorObject) -> Exception:
    """An exception that the engine answers as Lambda does a crash: it invokes again.

    It records the qualified name of the exception's class, and for built-in exceptions the name
    alone: passing for a built-in one, the class can carry the function's own error type.
    """
    error_type = type(str(error.type), (Exception,), {"__module__": "builtins"})
    exception: Exception = error_type(error.message)
    return exception
