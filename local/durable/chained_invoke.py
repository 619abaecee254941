# SPDX-License-Identifier: MIT-0
"""Chained invokes: `context.invoke` to another function, durable or not, by Lambda's rules.

https://docs.aws.amazon.com/lambda/latest/dg/durable-basic-concepts.html
"""

import json
import uuid
from collections.abc import Callable
from functools import partial

from aws_durable_execution_sdk_python.lambda_service import ErrorObject
from aws_durable_execution_sdk_python_testing.child_dispatcher import (
    ChainedInvokeRequest,
    ChildOutcome,
    DispatchResult,
    FunctionTarget,
    KnownOutcome,
    RunInvocation,
    StartChild,
    result_outcome,
)
from aws_durable_execution_sdk_python_testing.model import StartDurableExecutionInput

from ..environment import environment
from ..functions.function import FunctionVersion, function_arn
from ..functions.lambda_error import LambdaError
from ..functions.registry import Functions
from ..functions.sandboxes.sandbox import InvocationResult
from ..iam.caller import AccessDenied, Caller
from .execution import DurableExecution

TENANT_REFUSED = (
    "The invoked function is not enabled with tenancy configuration. "
    "Remove the tenant ID from your request and try again."
)
UNQUALIFIED = "You cannot invoke a durable function using an unqualified ARN."

InvokeVersion = Callable[[FunctionVersion, str], InvocationResult]
FindExecution = Callable[[str], DurableExecution]


def refuse_unqualified(qualifier: str | None) -> None:
    """Refuse to invoke a durable function without a version or an alias.

    Raises:
        LambdaError: there is no qualifier
    """
    if qualifier is None:
        raise LambdaError("InvalidParameterValueException", 400, UNQUALIFIED)


class ChainedInvokes:
    """Decides how each chained invoke goes on: as a child execution, or as one invocation.

    Args:
        invoke: runs a function that is not durable, once
        find_execution: an execution by its ARN
    """

    def __init__(
        self, functions: Functions, invoke: InvokeVersion, find_execution: FindExecution
    ) -> None:
        self._functions = functions
        self._invoke = invoke
        self._find_execution = find_execution

    def preflight(self, target: FunctionTarget) -> ChildOutcome | None:
        """The error of a target that cannot be invoked; the engine asks in a checkpoint."""
        try:
            self._version(target.name, target.qualifier)
        except LambdaError as error:
            return _refused(error.code, str(error))
        return None

    def dispatch(self, request: ChainedInvokeRequest) -> DispatchResult:
        """What a chained invoke comes to, after its checkpoint."""
        parent = self._find_execution(request.parent_execution_arn)
        try:
            version = self._version(request.function_name, request.qualifier)
            if request.tenant_id is not None:
                raise LambdaError("InvalidParameterValueException", 400, TENANT_REFUSED)
            self._require_permission(parent, request)
        except LambdaError as error:
            return KnownOutcome(_refused(error.code, str(error)))
        except AccessDenied as error:
            return KnownOutcome(_refused("AccessDeniedException", str(error)))
        if version.configuration.durable is None:
            parent.executed_versions[request.operation_id] = version.number
            return RunInvocation(partial(self._run, version, request.payload or "{}"))
        return StartChild(_start_input(version, request))

    def _version(self, name: str, qualifier: str | None) -> FunctionVersion:
        version = self._functions.version(name, qualifier)
        if version.configuration.durable is not None:
            refuse_unqualified(qualifier)
        return version

    def _require_permission(self, parent: DurableExecution, request: ChainedInvokeRequest) -> None:
        """The parent function's role needs lambda:InvokeFunction on the target."""
        start = parent.start_input
        caller = self._functions.version(start.function_name, start.function_qualifier)
        suffix = f":{request.qualifier}" if request.qualifier else ""
        Caller("lambda", environment().region, caller.configuration.role_arn or None).require(
            "lambda:InvokeFunction", function_arn(request.function_name) + suffix
        )

    def _run(self, version: FunctionVersion, payload: str) -> ChildOutcome:
        result = self._invoke(version, payload)
        if not result.is_error:
            return result_outcome(result.payload)
        return ChildOutcome(error=error_of_payload(result.payload))


def error_of_payload(payload: str) -> ErrorObject:
    """The error that a function's error payload describes."""
    error = json.loads(payload)
    return ErrorObject(
        message=error["errorMessage"],
        type=error["errorType"],
        data=None,
        stack_trace=error.get("stackTrace") or None,
    )


def _start_input(
    version: FunctionVersion, request: ChainedInvokeRequest
) -> StartDurableExecutionInput:
    durable = version.configuration.durable
    assert durable is not None
    return StartDurableExecutionInput(
        account_id=environment().account,
        function_name=version.name,
        function_qualifier=version.number,
        execution_name=str(uuid.uuid4()),
        execution_timeout_seconds=durable.execution_timeout_seconds,
        execution_retention_period_days=durable.retention_days,
        invocation_id=str(uuid.uuid4()),
        input=request.payload,
    )


def _refused(code: str, message: str) -> ChildOutcome:
    error = ErrorObject(message=message, type=code, data=None, stack_trace=None)
    return ChildOutcome(error=error)
