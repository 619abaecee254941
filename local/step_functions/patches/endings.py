# SPDX-License-Identifier: MIT-0
"""Patch of how a task ends from outside: by its time-out."""

from collections.abc import Callable

from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import EvalTimeoutError
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.eval.environment import Environment

from ...patching import wrapping
from ..callback_task import CallbackTask


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
