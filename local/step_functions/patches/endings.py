# SPDX-License-Identifier: MIT-0
"""Patches of how an execution and a task end from outside: stopped, or timed out."""

from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import EvalTimeoutError
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped, ProgramTimedOut

from ...patching import wrapping
from ..callback_task import CallbackTask

_WAITS_ON = "An execution that is stopped or times out goes on waiting for its task."


@wrapping(Environment, "set_stop", gap=_WAITS_ON, probe="ended_execution_waits_for_its_task")
def _set_stop(original: Callable[..., None], self: Environment, *args: Any, **kwargs: Any) -> None:
    _end(HistoryEventType.ExecutionAborted, original, self, *args, **kwargs)


@wrapping(Environment, "set_timed_out", gap=_WAITS_ON, probe="ended_execution_waits_for_its_task")
def _set_timed_out(
    original: Callable[..., None], self: Environment, *args: Any, **kwargs: Any
) -> None:
    _end(HistoryEventType.ExecutionTimedOut, original, self, *args, **kwargs)


def _end(
    event_type: str, original: Callable[..., None], env: Environment, *args: Any, **kwargs: Any
) -> None:
    if env.is_running():
        env.event_manager.last_event_type = event_type
    original(env, *args, **kwargs)
    for endpoint in list(env.callback_pool_manager._pool.values()):
        endpoint.interrupt_all()


@wrapping(
    Environment,
    "set_error",
    gap="The task that a stop interrupts turns the execution from stopped to failed.",
    probe="stopped_execution_may_still_fail",
)
def _set_error(original: Callable[..., None], self: Environment, error: Any) -> None:
    if not isinstance(self._program_state, ProgramStopped | ProgramTimedOut):
        original(self, error)


@wrapping(
    ExecutionState,
    "_evaluate_with_timeout",
    gap="A task that has timed out still takes an answer.",
    probe="closed_task_takes_an_answer",
)
def _evaluate_with_timeout(
    original: Callable[..., None], self: ExecutionState, env: Environment
) -> None:
    try:
        original(self, env)
    except EvalTimeoutError:
        token = env.states.context_object.context_object_data.get("Task", {}).get("Token")
        if token is not None:
            CallbackTask.of(token).interrupt_all()
        raise
