# SPDX-License-Identifier: MIT-0
"""Patches of callbacks: where they arrive, and which state machine a task token is of."""

from collections.abc import Callable

from moto.stepfunctions.parser.asl.eval.callback import callback
from moto.stepfunctions.parser.asl.eval.states import ContextObject

from ...patching import setting, wrapping
from ..callback_task import CallbackTask

setting(
    callback,
    "CallbackEndpoint",
    CallbackTask,
    gap="A callback that comes early is lost, a late one gets InvalidToken, and a second one "
    "replaces the first.",
    probe="early_answer_wakes_nobody",
)


@wrapping(
    ContextObject,
    "update_task_token",
    gap="Nothing relates a task token to its state machine, which is its resource in a policy.",
    probe="task_token_has_no_state_machine",
)
def _update_task_token(original: Callable[[ContextObject], str], self: ContextObject) -> str:
    token = str(original(self))
    CallbackTask.machine_of[token] = self.context_object_data["StateMachine"]["Id"]
    return token
