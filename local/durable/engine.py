# SPDX-License-Identifier: MIT-0
"""AWS's testing SDK as the engine of durable executions, patched, with sandboxes to invoke."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aws_durable_execution_sdk_python.execution import DurableExecutionInvocationInput
from aws_durable_execution_sdk_python.lambda_service import ErrorObject
from aws_durable_execution_sdk_python_testing.execution import Execution
from aws_durable_execution_sdk_python_testing.executor import Executor
from aws_durable_execution_sdk_python_testing.invoker import InvokeResponse, LambdaInvoker
from aws_durable_execution_sdk_python_testing.model import (
    GetDurableExecutionResponse,
    StartDurableExecutionInput,
)
from aws_durable_execution_sdk_python_testing.token import CallbackToken

from ..clocks.clocks import Clocks
from ..functions.function import function_arn
from ..functions.sandbox import InvocationResult
from ..patching import DURABLE_TESTING, replacing

InvokeHandler = Callable[[str, str], InvocationResult]
StatusChange = Callable[[GetDurableExecutionResponse], None]


@replacing(
    Execution,
    "new",
    gap="The ARNs of durable executions are opaque ids.",
    probe="durable_execution_arn_is_opaque",
    release=DURABLE_TESTING,
)
def _new_execution(input: StartDurableExecutionInput) -> Execution:
    function = f"{function_arn(input.function_name)}:{input.function_qualifier}"
    return Execution(
        f"{function}/durable-execution/{input.execution_name}/{input.invocation_id}", input, []
    )


class Engine(Executor):
    """The engine, where executions could stop for ever.

    It completes what is due in one task and invokes the handler in another, which the next
    wake-up may cancel in between: then nobody invokes the handler any more.
    """

    # Told of every execution that has ended.
    on_end: StatusChange
    clocks: Clocks

    def _create_execution(
        self, input: StartDurableExecutionInput, parent_execution_arn: str | None = None
    ) -> Execution:
        parent = parent_execution_arn
        clock = self.clocks.of(parent) if parent else self.clocks.of_starter()
        with clock.current():
            execution = super()._create_execution(input, parent)
        self.clocks.add(execution.durable_execution_arn, clock)
        return execution

    def _launch_execution(self, execution: Execution, timeout_seconds: int) -> None:
        with self.clocks.of(execution.durable_execution_arn).current():
            super()._launch_execution(execution, timeout_seconds)

    def _invoke_execution(self, execution_arn: str, delay: float = 0) -> None:
        with self.clocks.of(execution_arn).current():
            super()._invoke_execution(execution_arn, delay)

    def _schedule_earliest_pending(self, execution_arn: str) -> None:
        with self.clocks.of(execution_arn).current():
            super()._schedule_earliest_pending(execution_arn)

    def send_callback_success(self, callback_id: str, result: bytes | None = None) -> Any:
        with self._clock_held(callback_id):
            return super().send_callback_success(callback_id, result)

    def send_callback_failure(self, callback_id: str, error: ErrorObject | None = None) -> Any:
        with self._clock_held(callback_id):
            return super().send_callback_failure(callback_id, error)

    @contextmanager
    def _clock_held(self, callback_id: str) -> Iterator[None]:
        """Skip nothing between the answer to a callback and the invocation that it leads to."""
        try:
            clock = self.clocks.of(CallbackToken.from_str(callback_id).execution_arn)
        except (KeyError, ValueError):
            # No callback has this id: the engine says so.
            yield
            return
        with clock.held():
            yield

    def _fire_due_operations(self, execution_arn: str) -> bool:
        if super()._fire_due_operations(execution_arn):
            self._invoke_execution(execution_arn)
        return False

    def _complete_events(self, execution_arn: str) -> None:
        super()._complete_events(execution_arn)
        # Whatever it waited for is no reason to skip any more.
        with self._pending_wakeup_lock:
            wakeup = self._pending_wakeup.pop(execution_arn, None)
        if wakeup is not None:
            wakeup.cancel()
        self.on_end(self.get_execution_details(execution_arn))


class SandboxInvoker(LambdaInvoker):
    """Invokes handlers in their sandboxes, without a socket in between."""

    def __init__(self, invoke_handler: InvokeHandler, clocks: Clocks) -> None:
        super().__init__(lambda_client=None)
        self._invoke_handler = invoke_handler
        self._clocks = clocks

    def invoke(
        self,
        function_name: str,
        input: DurableExecutionInvocationInput,
        *_args: Any,
        **_kwargs: Any,
    ) -> InvokeResponse:
        with self._clocks.of(input.durable_execution_arn).current():
            result = self._invoke_handler(function_name, json.dumps(input.to_json_dict()))
        if result.is_error:
            raise _function_error(result.payload)
        return InvokeResponse.from_payload(result.payload.encode(), result.request_id)


def _function_error(payload: str) -> Exception:
    """What the engine answers as Lambda does a crash: it invokes again, after a pause.

    It records the qualified name of the exception's class, and for built-in exceptions the name
    alone: passing for a built-in one, the class can carry the function's own error type.
    """
    error = json.loads(payload)
    error_type = type(error["errorType"], (Exception,), {"__module__": "builtins"})
    exception: Exception = error_type(error["errorMessage"])
    return exception
