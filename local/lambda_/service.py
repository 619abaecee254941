# SPDX-License-Identifier: MIT-0
"""Lambda: the functions, the rules of Invoke, and sandboxes to run in."""

import contextlib
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from ..clocks.clocks import Clocks
from ..clocks.modelled_clock import now
from ..clocks.threads import Event, Thread
from ..durable.executions import DurableExecutions
from ..environment import environment
from ..functions.function import EventInvokeConfig, FunctionVersion
from ..functions.function_name import parse_function_name
from ..functions.lambda_error import LambdaError
from ..functions.registry import Functions
from ..functions.sandboxes.sandbox import InvocationResult, LogLine
from ..functions.sandboxes.sandbox_pool import SandboxesClosed, SandboxPool
from ..iam.principals import access_key
from ..quotas.limits import Limits
from ..retention import KEPT_EXECUTIONS
from .admission import Admission, EventAgeExceeded
from .asynchronous import AsynchronousEnd, Condition, OnEnd, attempts
from .invocation import (
    SYNC_EXECUTION_TIMEOUT_SECONDS,
    Invocation,
    InvokeAnswer,
    log_tail,
    refuse_invalid,
    refuse_undurable,
)

# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
ASYNC_PAUSES_SECONDS = (60, 120)


class LambdaService:
    """Invokes the functions of one account and region, within its limits."""

    def __init__(self, clocks: Clocks, url: str, log: LogLine, limits: Limits) -> None:
        self._url = url
        self.limits = limits
        self.functions = Functions()
        # Durable executions that were given a name: their ARNs and payloads.
        self._started: dict[str, tuple[str, Any]] = {}
        self._starting = threading.Lock()
        self._clocks = clocks
        self._closing = Event()
        self._admission = Admission(limits, self._closing)
        # Told of the end of each asynchronous invocation of a function that is not durable.
        self.on_asynchronous_end: OnEnd = lambda _: None
        # Told of each durable execution that an asynchronous invocation has started.
        self.on_asynchronous_start: Callable[[str, FunctionVersion], None] = lambda *_: None
        self.sandboxes = SandboxPool(environment=self._environment, log=log)
        self.durable_executions = DurableExecutions(clocks, self.functions, self._invoke_version)
        self.durable_executions.admitted = self._admission.of_durable_execution

    def invoke(self, invocation: Invocation) -> InvokeAnswer:
        """Run a function, or start a durable execution of it.

        Raises:
            LambdaError: Lambda would refuse this call
        """
        refuse_invalid(invocation)
        name, qualifier = parse_function_name(invocation.function_name, invocation.qualifier)
        version = self.functions.version(name, qualifier)
        durable = version.configuration.durable
        if durable is not None:
            refuse_undurable(invocation, qualifier, durable)
        if invocation.invocation_type == "DryRun":
            return InvokeAnswer(204, headers=_headers(version))
        if durable is None:
            return self._invoke_plain(version, invocation, qualifier)
        return self._invoke_durable(version, invocation, qualifier)

    def _invoke_plain(
        self, version: FunctionVersion, invocation: Invocation, qualifier: str | None
    ) -> InvokeAnswer:
        if invocation.invocation_type == "Event":
            config = self.functions.invoke_config(version.name, qualifier)
            with self._clocks.of_starter().current():
                Thread(
                    target=self._invoke_asynchronously,
                    args=(version, invocation.payload, config),
                    daemon=True,
                ).start()
            return InvokeAnswer(202)
        with self._admission.at_once():
            result = self.sandboxes.invoke(
                version, invocation.payload, version.arn, invocation.client_context
            )
        headers = {**_headers(version), "x-amzn-RequestId": result.request_id}
        if result.is_error:
            headers["X-Amz-Function-Error"] = "Unhandled"
        if invocation.log_type == "Tail":
            headers["X-Amz-Log-Result"] = log_tail(version.number, result)
        return InvokeAnswer(200, result.payload, headers)

    def _invoke_asynchronously(
        self, version: FunctionVersion, payload: str, config: EventInvokeConfig
    ) -> None:
        """Invoke, and again after an error, twice by default, and tell of the end."""
        asked = now()
        with contextlib.suppress(SandboxesClosed):
            for count, (pause, exhausted) in enumerate(attempts(config, ASYNC_PAUSES_SECONDS), 1):
                if self._closing.pause(pause):
                    return
                age = (now() - asked).total_seconds()
                try:
                    with self._admission.queued(config.maximum_event_age_seconds - age):
                        result = self.sandboxes.invoke(version, payload, version.arn)
                except EventAgeExceeded:
                    end = AsynchronousEnd.discarded(version, payload, config, count - 1)
                    break
                condition: Condition = exhausted if result.is_error else "Success"
                end = AsynchronousEnd(version, payload, config, result, condition, count)
                if not result.is_error:
                    break
            self.on_asynchronous_end(end)

    def _invoke_durable(
        self, version: FunctionVersion, invocation: Invocation, qualifier: str | None
    ) -> InvokeAnswer:
        arn = self._start_once(version, invocation, qualifier)
        headers = {**_headers(version), "X-Amz-Durable-Execution-Arn": arn}
        if invocation.invocation_type == "Event":
            self.on_asynchronous_start(arn, version)
            return InvokeAnswer(202, headers=headers)
        return self._wait(arn, headers)

    def _start_once(
        self, version: FunctionVersion, invocation: Invocation, qualifier: str | None
    ) -> str:
        """Start a durable execution, or return the one that already has the name.

        https://docs.aws.amazon.com/lambda/latest/dg/durable-execution-idempotency.html
        """
        name = invocation.durable_execution_name
        if name is None:
            return self._start(version, invocation, qualifier, str(uuid.uuid4()))
        payload = json.loads(invocation.payload)
        with self._starting:
            started = self._started.get(name)
            if started is not None and self.durable_executions.exists(started[0]):
                arn, first_payload = started
                if payload != first_payload:
                    raise LambdaError(
                        "DurableExecutionAlreadyStartedException",
                        409,
                        f"Durable execution {name} has already been started with another payload",
                    )
                return arn
            arn = self._start(version, invocation, qualifier, name)
            self._started[name] = (arn, payload)
            if len(self._started) > 2 * KEPT_EXECUTIONS:
                self._forget_names()
            return arn

    def _forget_names(self) -> None:
        """Forget the names of durable executions that are no longer kept."""
        exists = self.durable_executions.exists
        self._started = {name: each for name, each in self._started.items() if exists(each[0])}

    def _start(
        self, version: FunctionVersion, invocation: Invocation, qualifier: str | None, name: str
    ) -> str:
        self.limits.require_start()
        if self.limits.limits_concurrency and invocation.invocation_type == "Event":
            config = self.functions.invoke_config(version.name, qualifier)
            self._admission.expect_event(name, config.maximum_event_age_seconds)
        elif self.limits.limits_concurrency:
            self._admission.reserve(name)
        try:
            return self.durable_executions.start(version, name, invocation.payload)
        except BaseException:
            self._admission.cancel(name)
            raise

    def close(self) -> None:
        """Stop all executions where they are and end all sandboxes."""
        self._closing.set()
        self.durable_executions.close()
        self.sandboxes.close()

    def _wait(self, arn: str, headers: Mapping[str, str]) -> InvokeAnswer:
        ended = self.durable_executions.wait(arn, SYNC_EXECUTION_TIMEOUT_SECONDS)
        if ended.status == "SUCCEEDED":
            return InvokeAnswer(200, ended.result or "null", headers)
        error = {
            "errorType": (ended.error and ended.error.type) or ended.status,
            "errorMessage": (ended.error and ended.error.message) or "",
        }
        return InvokeAnswer(
            200, json.dumps(error), {**headers, "X-Amz-Function-Error": "Unhandled"}
        )

    def _invoke_version(self, version: FunctionVersion, event: str) -> InvocationResult:
        return self.sandboxes.invoke(version, event, version.arn)

    def _environment(self, version: FunctionVersion) -> dict[str, str]:
        """The variables a sandbox starts with: Lambda's reserved ones and the function's."""
        configuration = version.configuration
        return {
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            **configuration.environment,
            "AWS_ACCESS_KEY_ID": access_key(configuration.role_arn),
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": environment().region,
            "AWS_REGION": environment().region,
            "AWS_ENDPOINT_URL": self._url,
            # StartSyncExecution's `sync-`, in front of an address that is no name.
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{configuration.runtime}",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_FUNCTION_NAME": version.name,
            "AWS_LAMBDA_FUNCTION_VERSION": version.number,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration.memory_mb),
            "AWS_LAMBDA_LOG_GROUP_NAME": configuration.log_group,
            "AWS_LAMBDA_LOG_FORMAT": "JSON" if configuration.json_logs else "Text",
            **(
                {"AWS_LAMBDA_LOG_LEVEL": configuration.log_level} if configuration.json_logs else {}
            ),
            "LAMBDA_TASK_ROOT": str(configuration.code),
        }


def _headers(version: FunctionVersion) -> dict[str, str]:
    return {"X-Amz-Executed-Version": version.number}
