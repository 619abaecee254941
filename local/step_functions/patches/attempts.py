# SPDX-License-Identifier: MIT-0
"""Patches of a state's start: again in a redrive, and with a new token in a retry."""

from collections.abc import Callable

from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_callback,
)
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField

from ...patching import wrapping
from ..callback_task import CallbackTask
from ..executions.environment import ExecutionEnvironment


@wrapping(
    CommonStateField,
    "_eval_state_input",
    gap="No execution can be redriven: nothing keeps what its states began with.",
    probe="no_execution_is_redriven",
)
def _enter(
    original: Callable[..., None], self: CommonStateField, env: ExecutionEnvironment
) -> None:
    env.note_entry()
    original(self, env)


@wrapping(
    ExecutionState,
    "_evaluate_with_timeout",
    gap="A retry has the token of the attempt before, which is closed: no answer can arrive.",
    probe="retry_has_the_token_of_the_attempt_before",
)
def _attempt(
    original: Callable[..., None], self: ExecutionState, env: ExecutionEnvironment
) -> None:
    context_object = env.states.context_object
    context = context_object.context_object_data
    if (
        isinstance(self, state_task_service_callback.StateTaskServiceCallback)
        and context["State"]["RetryCount"]
        and "Task" in context
    ):
        CallbackTask.of(context["Task"]["Token"]).interrupt_all()
        env.callback_pool_manager.add(context_object.update_task_token())
        context_object.note_state()
    original(self, env)
