# SPDX-License-Identifier: MIT-0
"""The durable executions of this endpoint, and the calls of Lambda's API that are about them."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from aws_durable_execution_sdk_python_testing.checkpoint.processor import CheckpointProcessor
from aws_durable_execution_sdk_python_testing.exceptions import (
    AwsApiException,
    InvalidParameterValueException,
    UnknownRouteError,
)
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

from ..clocks.clocks import Clocks, CurrentClock
from ..clocks.threads import Event
from ..environment import environment
from ..functions.function import FunctionVersion
from .engine import Engine, InvokeHandler, SandboxInvoker, StatusChange
from .scheduling import ModelledRegistry, ModelledScheduler

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

    def __init__(self, clocks: Clocks, invoke_handler: InvokeHandler) -> None:
        # Told of every execution that has begun or ended.
        self.on_status_change: StatusChange = lambda _: None
        self._clocks = clocks
        self._ended: dict[str, Event] = {}
        clock = CurrentClock()
        store = InMemoryExecutionStore()
        # Its methods have no types of their own.
        self._scheduler = cast(Scheduler, ModelledScheduler())
        self._registry = ModelledRegistry(store, self._scheduler, clocks)
        processor = CheckpointProcessor(store, self._scheduler, clock=clock)
        self._executor = Engine(
            store=store,
            scheduler=self._scheduler,
            invoker=SandboxInvoker(invoke_handler, clocks),
            checkpoint_processor=processor,
            registry=self._registry,
            clock=clock,
            region=environment().region,
        )
        self._executor.clocks = clocks
        self._executor.on_end = self._on_end
        # The engine's own limit, a handful, is less than there are sandboxes to invoke.
        self._executor._invocation_pool = DaemonThreadPool(
            max_workers=CONCURRENT_INVOCATIONS, thread_name_prefix="durable-invocation"
        )
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
        with self._clocks.of(started.execution_arn).current():
            self.on_status_change(self._executor.get_execution_details(started.execution_arn))
        return started.execution_arn

    def wait(self, arn: str, seconds: float) -> GetDurableExecutionResponse:
        """The execution when it has ended, or as it is when the time is up.

        Who waits here does so for a caller, which holds the clock of its own execution: meanwhile
        that may skip.
        """
        self._ended.setdefault(arn, Event()).wait(seconds)
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

    def _on_end(self, execution: GetDurableExecutionResponse) -> None:
        self.on_status_change(execution)
        self._ended.setdefault(execution.durable_execution_arn, Event()).set()

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


def _stop_body(request: Request) -> bytes:
    """Clients send the error as the whole body; the engine looks for it one level down."""
    return b'{"Error": %s}' % request.body if request.body else b""


def _json_ready(execution: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value.timestamp() if isinstance(value, datetime) else value
        for key, value in execution.items()
    }
