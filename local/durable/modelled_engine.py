# SPDX-License-Identifier: MIT-0
"""The engine in modelled time: each execution runs by the clock of its family."""

from collections.abc import Callable
from typing import Any

from aws_durable_execution_sdk_python_testing.child_dispatcher import (
    ChildOutcome,
    DispatchResult,
    RunInvocation,
)
from aws_durable_execution_sdk_python_testing.execution import Execution
from aws_durable_execution_sdk_python_testing.model import StartDurableExecutionInput

from ..clocks.clocks import Clocks
from ..clocks.modelled_clock import ModelledClock
from ..patching import DURABLE_TESTING, closing
from .engine import Engine


class ModelledEngine(Engine):
    """Makes an execution's clock the current one wherever the engine schedules for it."""

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

    def _resolve_dispatch(self, execution_arn: str, *args: Any, **kwargs: Any) -> DispatchResult:
        result = super()._resolve_dispatch(execution_arn, *args, **kwargs)
        if isinstance(result, RunInvocation):
            return RunInvocation(_by(self.clocks.of(execution_arn), result.invocation))
        return result

    @closing(
        gap="An execution that has ended keeps its next wake-up.",
        probe="ended_execution_keeps_its_wake_up",
        release=DURABLE_TESTING,
    )
    def _complete_events(self, execution_arn: str) -> None:
        super()._complete_events(execution_arn)
        # For an execution that has ended no time is skipped.
        with self._pending_wakeup_lock:
            wakeup = self._pending_wakeup.pop(execution_arn, None)
        if wakeup is not None:
            wakeup.cancel()


def _by(clock: ModelledClock, invocation: Callable[[], ChildOutcome]) -> Callable[[], ChildOutcome]:
    """The invocation of a function that is not durable, by its caller's clock."""

    def invoke() -> ChildOutcome:
        with clock.current():
            return invocation()

    return invoke
