# SPDX-License-Identifier: MIT-0
"""The engine's scheduler and its lanes in modelled time: what is under way holds its clock."""

import inspect
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from aws_durable_execution_sdk_python_testing.scheduler import Event, Scheduler
from aws_durable_execution_sdk_python_testing.stores.base import ExecutionStore
from aws_durable_execution_sdk_python_testing.threads import DaemonThreadPool
from aws_durable_execution_sdk_python_testing.worker.execution_worker import ExecutionWorker
from aws_durable_execution_sdk_python_testing.worker.registry import ExecutionRegistry
from aws_durable_execution_sdk_python_testing.worker.status import InvocationState
from aws_durable_execution_sdk_python_testing.worker.task import (
    ExecutionTask,
    TaskOutcome,
    WorkerContext,
)

from ..clocks.clocks import Clocks
from ..clocks.modelled_clock import ModelledClock, current_clock
from ..clocks.skipping import Timer
from ..patching import DURABLE_TESTING, closing
from .lanes import PooledLane

# A task may wait for one of another execution: there is a thread for each.
MAX_LANE_THREADS = 1000
T = TypeVar("T")


class ModelledScheduler(Scheduler):
    """Counts delays in the modelled time of the execution that the caller works on."""

    @closing(gap="A delay takes real time.", probe="delay_takes_real_time", release=DURABLE_TESTING)
    def call_later(
        self,
        func: Callable[[], Any],
        delay: float = 0,
        count: int | None = 1,
        completion_event: Event | None = None,
    ) -> Future[Any]:
        clock = current_clock()
        if clock is None:
            return super().call_later(func, delay, count, completion_event)

        def call_now() -> Future[Any]:
            with clock.current():
                return super(ModelledScheduler, self).call_later(
                    func, completion_event=completion_event
                )

        if delay > 0:
            # The engine goes on with an execution in coroutines, and lets it time out in functions.
            is_timeout = not inspect.iscoroutinefunction(func)
            return _Later(clock, delay, is_timeout, call_now)
        clock.hold()
        called = call_now()
        called.add_done_callback(lambda _: clock.release())
        return called


class _Later(Future[Any]):
    """A call that a clock will make. Once it is made, it is not cancelled any more."""

    def __init__(
        self,
        clock: ModelledClock,
        delay: float,
        is_timeout: bool,
        call_now: Callable[[], Future[Any]],
    ) -> None:
        super().__init__()
        self._clock = clock
        self._call_now = call_now
        # Only now may the clock skip to the timer.
        with clock.held():
            self._timer: Timer = clock.start(delay, is_timeout, self._call)

    def cancel(self) -> bool:
        self._clock.cancel(self._timer)
        return super().cancel()

    def _call(self) -> None:
        if not self.set_running_or_notify_cancel():
            self._clock.release()
            return
        self._call_now().add_done_callback(self._end)

    def _end(self, _called: Future[Any]) -> None:
        self.set_result(None)
        self._clock.release()


class ModelledRegistry(ExecutionRegistry):
    """Runs the tasks of each execution by its clock, and holds that until they have run."""

    def __init__(self, store: ExecutionStore, scheduler: Scheduler, clocks: Clocks) -> None:
        super().__init__(store, scheduler)
        self._clocks = clocks
        self._pool = DaemonThreadPool(MAX_LANE_THREADS, thread_name_prefix="durable-lane")

    def get_or_create(self, execution_arn: str) -> ExecutionWorker:
        with self._lock:
            if self._shut_down:
                raise RuntimeError("the durable executions are closed")
            if execution_arn not in self._workers:
                lane = PooledLane(self._pool)
                self._workers[execution_arn] = ExecutionWorker(
                    execution_arn, self._store, self._scheduler, self, lane
                )
            return self._workers[execution_arn]

    def shutdown(self) -> None:
        super().shutdown()
        self._pool.shutdown()

    def submit(self, execution_arn: str, task: ExecutionTask[T]) -> Future[T]:
        if not self._clocks.knows(execution_arn):
            # There is no such execution: the task says so.
            return super().submit(execution_arn, task)
        clock = self._clocks.of(execution_arn)
        clock.hold()
        try:
            submitted = super().submit(execution_arn, _ModelledTask(clock, task))
        except BaseException:
            clock.release()
            raise
        submitted.add_done_callback(lambda _: clock.release())
        return submitted


class _ModelledTask(ExecutionTask[T]):
    def __init__(self, clock: ModelledClock, task: ExecutionTask[T]) -> None:
        self._clock = clock
        self._task = task

    def execute(self, status: InvocationState, worker: WorkerContext) -> TaskOutcome[T]:
        with self._clock.current():
            return self._task.execute(status, worker)
