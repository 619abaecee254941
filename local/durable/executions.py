# SPDX-License-Identifier: MIT-0
"""The durable executions of this endpoint, and the calls of Lambda's API that are about them."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aws_durable_execution_sdk_python.lambda_service import ErrorObject
from aws_durable_execution_sdk_python_testing.checkpoint.processor import CheckpointProcessor
from aws_durable_execution_sdk_python_testing.clock import Clock, SkipClock
from aws_durable_execution_sdk_python_testing.exceptions import (
    AwsApiException,
    InvalidParameterValueException,
    UnknownRouteError,
)
from aws_durable_execution_sdk_python_testing.execution import Execution
from aws_durable_execution_sdk_python_testing.model import (
    GetDurableExecutionResponse,
    StartDurableExecutionInput,
)
from aws_durable_execution_sdk_python_testing.scheduler import Scheduler
from aws_durable_execution_sdk_python_testing.stores.memory import InMemoryExecutionStore
from aws_durable_execution_sdk_python_testing.threads import DaemonThreadPool
from aws_durable_execution_sdk_python_testing.web.models import HTTPRequest, HTTPResponse
from aws_durable_execution_sdk_python_testing.web.routes import (
    BytesPayloadRoute,
    StopDurableExecutionRoute,
)
from aws_durable_execution_sdk_python_testing.web.server import WebServer, WebServiceConfig
from aws_durable_execution_sdk_python_testing.worker.registry import ExecutionRegistry

from ..environment import environment
from ..functions.function import FunctionVersion
from .engine import Engine, InvokeHandler, SandboxInvoker, StatusChange

CONCURRENT_INVOCATIONS = 32


@dataclass(frozen=True)
class Request:
    """One call of Lambda's API, as it came over the wire."""

    method: str
    raw_path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes
    headers: dict[str, str]


class DurableExecutions:
    """Every durable execution of this endpoint."""

    def __init__(self, clock: Clock, invoke_handler: InvokeHandler) -> None:
        # Told of every execution that has begun or ended.
        self.on_status_change: StatusChange = lambda _: None
        store = InMemoryExecutionStore()
        self._scheduler = Scheduler()
        self._registry = ExecutionRegistry(store, self._scheduler)
        processor = CheckpointProcessor(store, self._scheduler, clock=clock)
        self._executor = Engine(
            store=store,
            scheduler=self._scheduler,
            invoker=SandboxInvoker(invoke_handler, self._end_late),
            checkpoint_processor=processor,
            registry=self._registry,
            clock=clock,
            region=environment().region,
        )
        self._executor.on_end = lambda execution: self.on_status_change(execution)
        # The engine's own limit, a handful, is less than there are sandboxes to invoke.
        self._executor._invocation_pool = DaemonThreadPool(
            max_workers=CONCURRENT_INVOCATIONS, thread_name_prefix="durable-invocation"
        )
        if isinstance(clock, SkipClock):
            # The pause between a crash and the next invocation is a wait like any other.
            self._executor.RETRY_BACKOFF_SECONDS = 0
        processor.add_execution_observer(self._executor)
        # For its routes alone: requests come in through the endpoint, not through this socket.
        self._web = WebServer(
            WebServiceConfig(host="127.0.0.1", port=0, log_level=logging.CRITICAL), self._executor
        )
        self._web.server_close()
        self._scheduler.start()

    def start(self, version: FunctionVersion, name: str | None, payload: str) -> str:
        """Start an execution of a durable function and return its ARN."""
        durable = version.configuration.durable
        assert durable is not None
        started = self._executor.start_execution(
            StartDurableExecutionInput(
                account_id=environment().account,
                function_name=version.name,
                function_qualifier=version.number,
                execution_name=name or str(uuid.uuid4()),
                execution_timeout_seconds=durable.execution_timeout_seconds,
                execution_retention_period_days=durable.retention_days,
                invocation_id=str(uuid.uuid4()),
                input=payload,
            )
        )
        assert started.execution_arn is not None
        self.on_status_change(self._executor.get_execution_details(started.execution_arn))
        return started.execution_arn

    def _end_late(self, arn: str) -> None:
        """End an execution that has waited its time away, instead of another invocation.

        The engine's own timer counts real seconds, and passing over waits takes none. The clock
        is no help: it is shared, and the waits of other executions move it too.
        """
        execution = self._executor.get_execution(arn)
        seconds = execution.start_input.execution_timeout_seconds
        if _waited(execution) > timedelta(seconds=seconds):
            message = f"Execution timed out after {seconds} seconds."
            self._executor.on_timed_out(arn, ErrorObject.from_message(message))
            raise TimeoutError(message)

    def wait(self, arn: str, seconds: float) -> GetDurableExecutionResponse:
        """The execution when it has ended, or as it is when the time is up."""
        self._executor.wait_until_complete(arn, timeout=seconds)
        return self._executor.get_execution_details(arn)

    def executions(self, function_name: str) -> list[dict[str, Any]]:
        """Every execution of a function's versions, as the API lists them."""
        listed = self._executor.list_executions(function_name=function_name, max_items=1_000_000)
        return [_json_ready(each.to_dict()) for each in listed.durable_executions]

    def handle(self, request: Request) -> Answer:
        """Answer one call of the API for durable executions."""
        try:
            answer = self._route(request)
        except UnknownRouteError as error:
            answer = HTTPResponse.create_error_from_exception(
                InvalidParameterValueException(str(error))
            )
        headers = dict(answer.headers)
        if answer.status_code >= 400:
            headers["x-amzn-ErrorType"] = str(answer.body.get("Type", "ServiceException"))
        return Answer(answer.status_code, answer.body_to_bytes(), headers)

    def close(self) -> None:
        self._executor.shutdown()
        self._registry.shutdown()
        self._scheduler.stop()

    def _route(self, request: Request) -> HTTPResponse:
        route = self._web.router.find_route(request.raw_path, request.method)
        is_raw = isinstance(route, BytesPayloadRoute)
        is_stop = isinstance(route, StopDurableExecutionRoute)
        parse = HTTPRequest.from_raw_bytes if is_raw else HTTPRequest.from_bytes
        try:
            return self._web.endpoint_handlers[type(route)].handle(
                route,
                parse(
                    body_bytes=_stop_body(request) if is_stop else request.body,
                    method=request.method,
                    path=route,
                    headers=request.headers,
                    query_params=request.query,
                ),
            )
        except AwsApiException as error:
            return HTTPResponse.create_error_from_exception(error)


def _waited(execution: Execution) -> timedelta:
    """How long an execution's own waits are, those that have ended and the one that has not."""
    waits = (
        operation.wait_details.scheduled_end_timestamp - operation.start_timestamp
        for operation in execution.operations
        if operation.wait_details
        and operation.wait_details.scheduled_end_timestamp
        and operation.start_timestamp
    )
    return sum(waits, timedelta())


def _stop_body(request: Request) -> bytes:
    """Clients send the error as the whole body; the engine looks for it one level down."""
    return b'{"Error": %s}' % request.body if request.body else b""


def _json_ready(execution: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.timestamp() if isinstance(value, datetime) else value
        for key, value in execution.items()
    }
