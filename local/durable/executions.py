# SPDX-License-Identifier: MIT-0
"""The durable executions of this endpoint: from start to deletion, by their ARNs."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from aws_durable_execution_sdk_python.lambda_service import ErrorObject
from aws_durable_execution_sdk_python_testing.checkpoint.processor import CheckpointProcessor
from aws_durable_execution_sdk_python_testing.clock import Clock, SkipClock
from aws_durable_execution_sdk_python_testing.exceptions import (
    InvalidParameterValueException,
    ResourceNotFoundException,
)
from aws_durable_execution_sdk_python_testing.execution import Execution
from aws_durable_execution_sdk_python_testing.model import (
    CheckpointDurableExecutionRequest,
    GetDurableExecutionResponse,
    StartDurableExecutionInput,
)
from aws_durable_execution_sdk_python_testing.scheduler import Scheduler
from aws_durable_execution_sdk_python_testing.stores.memory import InMemoryExecutionStore
from aws_durable_execution_sdk_python_testing.threads import DaemonThreadPool
from aws_durable_execution_sdk_python_testing.worker.registry import ExecutionRegistry

from ..environment import environment
from ..functions.function import FunctionVersion
from ..functions.registry import Functions
from .callbacks import Callbacks
from .chained_invoke import ChainedInvokes, InvokeVersion
from .engine import Engine, SandboxInvoker, StatusChange, timeout_error
from .execution import DurableExecution
from .pausing import PauseRequest, pause, require_ended, resume

# As many as Lambda runs at once by default; all but those in a sandbox wait for their turn.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
CONCURRENT_INVOCATIONS = 1000
_INVALID_TOKEN = "Invalid checkpoint token"


class DurableExecutions:
    """Every durable execution of this endpoint.

    Calls about one execution raise ResourceNotFoundException where there is none of that ARN.

    Args:
        invoke: runs a version's handler, once
    """

    def __init__(self, clock: Clock, functions: Functions, invoke: InvokeVersion) -> None:
        # Told of every execution that has begun or ended.
        self.on_status_change: StatusChange = lambda _: None
        self._clock = clock
        self._functions = functions
        self._invoke = invoke
        self._store = _Store()
        self._scheduler = Scheduler()
        self._registry = ExecutionRegistry(self._store, self._scheduler)
        self._executor = self._engine()
        self.callbacks = Callbacks(self._executor)
        self._scheduler.start()

    def _engine(self) -> Engine:
        processor = CheckpointProcessor(self._store, self._scheduler, clock=self._clock)
        engine = Engine(
            store=self._store,
            scheduler=self._scheduler,
            invoker=SandboxInvoker(
                self._clock, self._invoke_handler, self._end_late, self._note_failure
            ),
            checkpoint_processor=processor,
            registry=self._registry,
            clock=self._clock,
            region=environment().region,
            child_dispatcher=ChainedInvokes(self._functions, self._invoke, self.get),
        )
        engine.on_status_change = lambda execution: self.on_status_change(execution)
        # The engine's own limit, a handful, is less than there are sandboxes to invoke, and those
        # that wait in its queue for one function would stand in the way of another's.
        engine._invocation_pool = DaemonThreadPool(
            max_workers=CONCURRENT_INVOCATIONS, thread_name_prefix="durable-invocation"
        )
        if isinstance(self._clock, SkipClock):
            # The pause between a crash and the next invocation is a wait like any other.
            engine.RETRY_BACKOFF_SECONDS = 0
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
        return str(started.execution_arn)

    def get(self, arn: str) -> DurableExecution:
        """An execution by its ARN."""
        return self._executor.execution(arn)

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
        """The execution when it has ended, or as it is when the time is up."""
        self._executor.wait_until_complete(arn, timeout=seconds)
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
        now = self._clock.now()
        self._executor.in_lane(arn, lambda: pause(self._executor, arn, request, now))

    def resume(self, arn: str, reason: str | None, client_token: str | None) -> None:
        """Resume an execution.

        Raises:
            StateConflict: it is not paused
        """
        now = self._clock.now()
        self._executor.in_lane(arn, lambda: resume(self._executor, arn, reason, client_token, now))

    def delete(self, arn: str) -> datetime:
        """Delete an execution that has ended, and return when.

        Raises:
            StateConflict: it has not ended
        """
        require_ended(self.get(arn))
        self._store.delete(arn)
        return self._clock.now()

    def close(self) -> None:
        """Stop all executions where they are."""
        self._executor.shutdown()
        self._registry.shutdown()
        self._scheduler.stop()

    def _require_token(self, arn: str, token: str | None) -> None:
        """The calls of a running handler know no other error than that of their token."""
        if not self.exists(arn) or token is None:
            raise InvalidParameterValueException(_INVALID_TOKEN)

    def _invoke_handler(self, identifier: str, event: str) -> Any:
        return self._invoke(self._functions.version(identifier), event)

    def _note_failure(self, arn: str, failure: Any) -> None:
        self._executor.note_failure(arn, failure)

    def _end_late(self, arn: str) -> None:
        """End an execution that has waited its time away, instead of another invocation.

        The engine's own timer counts real seconds, and passing over waits takes none. The clock
        is no help: it is shared, and the waits of other executions move it too.
        """
        execution = self.get(arn)
        seconds = execution.start_input.execution_timeout_seconds
        if _waited(execution) > timedelta(seconds=seconds):
            error = timeout_error(seconds)
            self._executor.on_timed_out(arn, error)
            raise TimeoutError(error.message)


class _Store(InMemoryExecutionStore):
    """The engine's store, of which an execution can be deleted."""

    def delete(self, arn: str) -> None:
        with self._lock:
            self._store.pop(arn, None)


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
