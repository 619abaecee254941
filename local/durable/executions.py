# SPDX-License-Identifier: MIT-0
"""The durable executions of this endpoint: from start to deletion, by their ARNs."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any, TypeVar, cast

from aws_durable_execution_sdk_python.lambda_service import ErrorObject
from aws_durable_execution_sdk_python_testing.checkpoint.processor import CheckpointProcessor
from aws_durable_execution_sdk_python_testing.exceptions import (
    InvalidParameterValueException,
    ResourceNotFoundException,
)
from aws_durable_execution_sdk_python_testing.model import (
    CheckpointDurableExecutionRequest,
    GetDurableExecutionResponse,
    StartDurableExecutionInput,
)
from aws_durable_execution_sdk_python_testing.scheduler import Scheduler
from aws_durable_execution_sdk_python_testing.threads import DaemonThreadPool

from ..clocks.clocks import Clocks, CurrentClock
from ..clocks.modelled_clock import now
from ..clocks.threads import Event
from ..environment import environment
from ..functions.function import FunctionVersion
from ..functions.registry import Functions
from ..functions.sandboxes.sandbox import InvocationResult
from .callbacks import Callbacks
from .chained_invoke import ChainedInvokes, InvokeVersion
from .engine import SandboxInvoker, StatusChange
from .execution import DurableExecution
from .modelled_engine import ModelledEngine
from .pausing import PauseRequest, pause_execution, require_ended, resume_execution
from .scheduling import ModelledRegistry, ModelledScheduler
from .store import Store

# As many as Lambda runs at once by default; all but those in a sandbox wait for their turn.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
CONCURRENT_INVOCATIONS = 1000
T = TypeVar("T")
_INVALID_TOKEN = "Invalid checkpoint token"


class DurableExecutions:
    """Every durable execution of this endpoint.

    Calls about one execution raise ResourceNotFoundException where there is none of that ARN.

    Args:
        invoke: runs a version's handler, once
    """

    def __init__(self, clocks: Clocks, functions: Functions, invoke: InvokeVersion) -> None:
        # Told of every execution that has begun or ended.
        self.on_status_change: StatusChange = lambda _: None
        # Runs an invocation of the execution of an ARN, or of a function that it invokes.
        self.admitted: Callable[[str | None], AbstractContextManager[None]] = lambda _: (
            nullcontext()
        )
        self._clocks = clocks
        self._ended: dict[str, Event] = {}
        self._functions = functions
        self._invoke = invoke
        self._store = Store()
        # Its methods have no types of their own.
        self._scheduler = cast(Scheduler, ModelledScheduler())
        self._registry = ModelledRegistry(self._store, self._scheduler, clocks)
        self._executor = self._engine()
        self.callbacks = Callbacks(self._executor)
        self._scheduler.start()

    def _engine(self) -> ModelledEngine:
        clock = CurrentClock()
        processor = CheckpointProcessor(self._store, self._scheduler, clock=clock)
        engine = ModelledEngine(
            store=self._store,
            scheduler=self._scheduler,
            invoker=SandboxInvoker(
                self._clocks, self._invoke_handler, self._note_failure, self._admitted
            ),
            checkpoint_processor=processor,
            registry=self._registry,
            clock=clock,
            region=environment().region,
            child_dispatcher=ChainedInvokes(self._functions, self._invoke_chained, self.get),
        )
        engine.clocks = self._clocks
        engine.on_status_change = self._change_status
        # The engine's own limit, a handful, is less than there are sandboxes to invoke, and those
        # that wait in its queue for one function would stand in the way of another's.
        engine._invocation_pool = DaemonThreadPool(
            max_workers=CONCURRENT_INVOCATIONS, thread_name_prefix="durable-invocation"
        )
        processor.add_execution_observer(engine)
        return engine

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
        arn = str(started.execution_arn)
        self.get(arn).kms_key_arn = durable.kms_key_arn
        for old in self._store.surplus():
            self._forget(old)
        return arn

    def get(self, arn: str) -> DurableExecution:
        """An execution by its ARN."""
        return self._executor.execution(arn)

    def read(self, arn: str, view: Callable[[DurableExecution], T]) -> T:
        """What a function tells of an execution, between two of its changes."""
        execution = self.get(arn)
        if execution.is_complete and self._registry.get(arn) is None:
            # It has left its lane, and changes no more: each call would make a lane of its own, and
            # of many at a time some would find none.
            return view(execution)
        return self._executor.in_lane(arn, lambda: view(execution))

    def exists(self, arn: str) -> bool:
        """Whether an execution is there, and not deleted."""
        try:
            self.get(arn)
        except ResourceNotFoundException:
            return False
        return True

    def of_function(self, name: str) -> list[DurableExecution]:
        """Every execution of a function's versions."""
        return [
            execution
            for execution in self._store.list_all()
            if isinstance(execution, DurableExecution)
            and execution.start_input.function_name == name
        ]

    def wait(self, arn: str, seconds: float) -> GetDurableExecutionResponse:
        """The execution when it has ended, or as it is when the time is up.

        A thread waits here for a caller that holds the clock of its own execution: meanwhile that
        clock may skip.
        """
        self._ended.setdefault(arn, Event()).wait(seconds)
        return self._executor.get_execution_details(arn)

    def state(
        self, arn: str, token: str | None, marker: str | None, max_items: int | None
    ) -> dict[str, Any]:
        """A page of the operations that a handler replays.

        Raises:
            InvalidParameterValueException: the token is not that of the invocation that goes on
        """
        self._require_token(arn, token)
        return dict(self._executor.get_execution_state(arn, token, marker, max_items).to_dict())

    def checkpoint(self, arn: str, checkpoint: CheckpointDurableExecutionRequest) -> dict[str, Any]:
        """Apply what a handler has done, and return what has changed besides.

        Raises:
            InvalidParameterValueException: the token is not that of the invocation that goes on,
                or an update is none that the execution can take
        """
        self._require_token(arn, checkpoint.checkpoint_token)
        return dict(
            self._executor.checkpoint_execution(
                arn, checkpoint.checkpoint_token, checkpoint.updates, checkpoint.client_token
            ).to_dict()
        )

    def stop(self, arn: str, error: ErrorObject | None) -> datetime:
        """Stop an execution, if it has not ended, and return when it ended."""
        stopped: datetime = self._executor.stop_execution(arn, error).stop_timestamp
        return stopped

    def pause(self, arn: str, request: PauseRequest) -> None:
        """Pause an execution.

        Raises:
            StateConflict: it has ended, or is paused
        """
        self._executor.in_lane(arn, lambda: pause_execution(self._executor, arn, request, now()))

    def resume(self, arn: str, reason: str | None, client_token: str | None) -> None:
        """Resume an execution.

        Raises:
            StateConflict: it is not paused
        """
        self._executor.in_lane(
            arn, lambda: resume_execution(self._executor, arn, reason, client_token, now())
        )

    def delete(self, arn: str) -> datetime:
        """Delete an execution that has ended, and return when.

        Raises:
            StateConflict: it has not ended
        """
        require_ended(self.get(arn))
        deleted = self._clocks.of(arn).now()
        self._forget(arn)
        return deleted

    def close(self) -> None:
        """Stop all executions where they are."""
        self._executor.shutdown()
        self._registry.shutdown()
        self._scheduler.stop()

    def _forget(self, arn: str) -> None:
        self._store.delete(arn)
        self._registry.remove(arn)
        self._executor.forget(arn)
        self._ended.pop(arn, None)
        self._clocks.forget(arn)

    def _require_token(self, arn: str, token: str | None) -> None:
        """The calls of a running handler know no other error than that of their token."""
        if not self.exists(arn) or token is None:
            raise InvalidParameterValueException(_INVALID_TOKEN)

    def _change_status(self, execution: GetDurableExecutionResponse) -> None:
        self.on_status_change(execution)
        if execution.end_timestamp is not None:
            self._ended.setdefault(execution.durable_execution_arn, Event()).set()

    def _invoke_handler(self, identifier: str, event: str) -> Any:
        return self._invoke(self._functions.version(identifier), event)

    def _invoke_chained(self, version: FunctionVersion, payload: str) -> InvocationResult:
        with self.admitted(None):
            return self._invoke(version, payload)

    def _admitted(self, arn: str) -> AbstractContextManager[None]:
        return self.admitted(arn)

    def _note_failure(self, arn: str, failure: Any) -> None:
        self._executor.note_failure(arn, failure)
