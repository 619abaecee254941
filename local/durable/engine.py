# SPDX-License-Identifier: MIT-0
"""AWS's testing SDK as the engine of durable executions, patched, with sandboxes to invoke."""

import json
from collections.abc import Callable
from typing import Any

from aws_durable_execution_sdk_python.execution import DurableExecutionInvocationInput
from aws_durable_execution_sdk_python_testing.execution import Execution
from aws_durable_execution_sdk_python_testing.executor import Executor
from aws_durable_execution_sdk_python_testing.invoker import InvokeResponse, LambdaInvoker
from aws_durable_execution_sdk_python_testing.model import (
    GetDurableExecutionResponse,
    StartDurableExecutionInput,
)

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

    def _fire_due_operations(self, execution_arn: str) -> bool:
        if super()._fire_due_operations(execution_arn):
            self._invoke_execution(execution_arn)
        return False

    def _complete_events(self, execution_arn: str) -> None:
        super()._complete_events(execution_arn)
        self.on_end(self.get_execution_details(execution_arn))


class SandboxInvoker(LambdaInvoker):
    """Invokes handlers in their sandboxes, without a socket in between."""

    def __init__(self, invoke_handler: InvokeHandler, end_late: Callable[[str], None]) -> None:
        super().__init__(lambda_client=None)
        self._invoke_handler = invoke_handler
        self._end_late = end_late

    def invoke(
        self,
        function_name: str,
        input: DurableExecutionInvocationInput,
        *_args: Any,
        **_kwargs: Any,
    ) -> InvokeResponse:
        self._end_late(input.durable_execution_arn)
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
